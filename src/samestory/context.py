"""The context of a candidate bead: how likely, at first look, others are that share sentences with it or are near."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from samestory.features import CONTEXT
from samestory.incidence import incidence

_NEAR = 2  # sentences away, on both sides
_AT_A_TIME = 1000  # candidates: bounds memory where an article repeats itself
_DIGITS = 9  # what follows depends on the order of a sum, and so on which article is the first

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def context(a: Sequence[range], b: Sequence[range], probability: Values) -> Values:
    """Return the context of n candidates, shape (n, len(CONTEXT)).

    Candidate k aligns the sentences `a[k]` of one article with `b[k]` of the other. Of those that share sentences with
    it on both sides: the greatest probability of one it holds, of one that holds it, and of another. Of its rivals,
    which share sentences on one side only: the sum of their probabilities, on the side where it is less and on the
    other. Of pairs of single sentences at most two sentences away on both sides: the greatest probability.
    """
    out = np.zeros((len(probability), len(CONTEXT)))
    if len(probability):
        sides = _Side(a), _Side(b)
        for start in range(0, len(probability), _AT_A_TIME):
            part = slice(start, start + _AT_A_TIME)
            _fill(out[part], start, sides, probability)
    return out.round(_DIGITS)


def _fill(out: Values, start: int, sides: tuple[_Side, _Side], probability: Values) -> None:
    """Fill in the context of the candidates from `start` on, shape (some, len(CONTEXT))."""
    a, b = (side.beside(slice(start, start + len(out))) for side in sides)
    rows, columns = a.touching.multiply(b.touching).nonzero()
    within, around = (
        np.logical_and.reduce([side.within(*places) for side in sides])
        for places in ((columns, rows + start), (rows + start, columns))
    )
    others = rows + start != columns
    for n, kind in enumerate((within & others, around & others, ~(within | around))):
        np.maximum.at(out[:, n], rows[kind], probability[columns[kind]])
    on_both = np.bincount(rows, probability[columns], len(out))
    rivals = np.sort([side.touching @ probability - on_both for side in (a, b)], axis=0)
    out[:, 3:5] = np.maximum(rivals.T, 0.0)
    rows, columns = a.near.multiply(b.near).nonzero()
    single = (sides[0].sizes[columns] == 1) & (sides[1].sizes[columns] == 1)
    np.maximum.at(out[:, 5], rows[single], probability[columns[single]])


class _Beside(NamedTuple):
    """Of some candidates and all, whether they share a sentence on one side, or else almost do; shape (some, all)."""

    touching: csr_array
    near: csr_array


class _Side:
    """One side of the candidates."""

    def __init__(self, spans: Sequence[range]) -> None:
        width = max(span.stop for span in spans) + _NEAR
        self._starts = np.array([span.start for span in spans], dtype=np.int64)
        self._stops = np.array([span.stop for span in spans], dtype=np.int64)
        self._own = incidence(spans, width)
        self._wide = incidence([range(max(span.start - _NEAR, 0), span.stop + _NEAR) for span in spans], width)
        self.sizes: Places = self._stops - self._starts

    def beside(self, part: slice) -> _Beside:
        """Return what lies beside the candidates of `part`."""
        touching = (self._own[part] @ self._own.T) > 0
        return _Beside(touching, ((self._wide[part] @ self._own.T) > 0) > touching)

    def within(self, inner: Places, outer: Places) -> npt.NDArray[np.bool_]:
        """Return whether the spans at `inner` lie within those at `outer`."""
        return np.asarray(
            (self._starts[inner] >= self._starts[outer]) & (self._stops[inner] <= self._stops[outer]), dtype=np.bool_
        )
