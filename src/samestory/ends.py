"""Where a bead ends: a likely candidate beside the likeliest ones with a sentence less and with a sentence more.

That two sentences share a fact is easier to tell than whether the next one still belongs to it. What a sentence adds is
told by comparison: what both sides have in common with it and without it, and whether it has a counterpart elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from samestory.evidence import Evidence
from samestory.features import COMPARED, COMPARED_EVIDENCE, ENDS
from samestory.scorer import log_odds
from samestory.spans import Sides

_DIGITS = 9  # as of the evidence

Values = npt.NDArray[np.float64]


def ends(sides: Sequence[Sides], probability: Values, cross: Values, found: Evidence, pivoted: Values) -> Values:
    """Return the evidence of where n candidates end, shape (n, len(ENDS)).

    Candidate k aligns the sentences `sides[k][0]` with `sides[k][1]`, with that `probability` at second look and with
    what the cross-encoder says of it, shape (n, len(CROSS)); `found` is the evidence of these candidates, `pivoted`
    what third reports say of them, shape (n, len(PIVOTS)). Only they are compared. NaN where there is nothing to
    compare with, where the cross-encoder has not read, and where there is no third report.
    """
    own = np.column_stack([log_odds(probability), cross, *map(found.column, COMPARED_EVIDENCE), pivoted])
    place = {both: k for k, both in enumerate(sides)}
    rank = np.nan_to_num(own, nan=-np.inf).tolist()  # by log-odds first; of equals, not by which article is the first
    told = _Counterparts(sides, probability)
    out = np.full((len(sides), len(ENDS)), np.nan)
    width = len(COMPARED)
    for k, both in enumerate(sides):
        out[k, :width] = own[k]
        shorter, longer = list(_shorter(both)), [other for other in _longer(both) if other in place]
        for n, others in ((1, shorter), (2, longer)):
            known = [place[other] for other in others if other in place]
            if known:
                likeliest = max(known, key=rank.__getitem__)
                out[k, n * width : (n + 1) * width] = own[likeliest] - own[k]
        out[k, 3 * width : 3 * width + 2] = max(map(len, both)), min(map(len, both))
        out[k, 3 * width + 2] = max((told.elsewhere(both, other) for other in shorter), default=np.nan)
        out[k, 3 * width + 3] = min((told.elsewhere(other, both) for other in longer), default=np.nan)
    return out.round(_DIGITS)


def _shorter(sides: Sides) -> Iterator[Sides]:
    """Yield the beads without the first or the last sentence of a side."""
    a, b = sides
    if len(a) > 1:
        yield a[1:], b
        yield a[:-1], b
    if len(b) > 1:
        yield a, b[1:]
        yield a, b[:-1]


def _longer(sides: Sides) -> Iterator[Sides]:
    """Yield the beads with the sentence before or behind a side, whether or not there are such candidates."""
    a, b = sides
    yield range(a.start - 1, a.stop), b
    yield range(a.start, a.stop + 1), b
    yield a, range(b.start - 1, b.stop)
    yield a, range(b.start, b.stop + 1)


class _Counterparts:
    """How likely it is that a sentence has its counterpart elsewhere."""

    def __init__(self, sides: Sequence[Sides], probability: Values) -> None:
        self._of: tuple[dict[int, list[tuple[float, range]]], ...] = ({}, {})
        for (a, b), likely in zip(sides, probability.tolist(), strict=True):
            for n, own, other in ((0, a, b), (1, b, a)):
                for sentence in own:
                    self._of[n].setdefault(sentence, []).append((likely, other))

    def elsewhere(self, longer: Sides, shorter: Sides) -> float:
        """Return how likely the sentence that `shorter` lacks is told elsewhere than in the other side of `longer`."""
        n = 0 if longer[0] != shorter[0] else 1
        (sentence,) = set(longer[n]) - set(shorter[n])
        held = longer[1 - n]
        beads = self._of[n].get(sentence, [])
        return max(
            (likely for likely, other in beads if other.stop <= held.start or other.start >= held.stop), default=0.0
        )
