"""The rivals of a candidate bead: what else either of its sides could be aligned with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from samestory.spans import Spans

LOWEST = -2.0  # below any margin
_NEAR = 0.1  # of similarity: a rival further off is none

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Rivals:
    """The closest rival of each candidate bead: one of its sides with a sentence outside the other.

    `similarity` has shape (spans, spans); the candidates are at `rows` and `columns` of it. `closest` is the
    similarity of the rival of each, 0 where there is none.
    """

    def __init__(self, similarity: Values, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
        self._rows, self._columns = rows, columns
        (of_a, column), (of_b, row) = _best(similarity, b), _best(similarity.T, a)
        self._of_a, self._of_b = of_a[rows, columns], of_b[columns, rows]
        self._column, self._row = column[rows, columns], row[columns, rows]
        self.closest: Values = np.maximum(self._of_a, self._of_b)
        self._near = (self.closest > 0) & (self.closest > similarity[rows, columns] - _NEAR)

    def against(self, of_all: Values) -> Values:
        """Return what each candidate has of `of_all`, shape (spans, spans), over its rival.

        That is 0 where no rival is near, or where either is not known (NaN). Of two that are equally close, it is the
        mean.
        """
        own = of_all[self._rows, self._columns]
        one, other = own - of_all[self._rows, self._column], own - of_all[self._row, self._columns]
        nearer = np.sign(self._of_a - self._of_b)
        told = np.choose(nearer.astype(np.int64) + 1, [other, (one + other) / 2, one])
        return np.where(self._near & np.isfinite(told), told, 0.0)


def behind(margin: Values, rivals: Values) -> Values:
    """Return how far each pair of spans lies behind the best of `rivals` of either; nothing where it is ahead."""
    best = [rivals.max(axis=axis, keepdims=True, initial=LOWEST) for axis in (1, 0)]
    return np.asarray(np.minimum(margin - best[0], 0.0) + np.minimum(margin - best[1], 0.0))


def _best(similarity: Values, b: Spans) -> tuple[Values, Places]:
    """Return, for each row with each span of `b`, its best similarity to a sentence outside that span, and which."""
    single = similarity[:, : b.sentences]  # single sentences come first
    before, after = _running(single), _running(single[:, ::-1])
    ends = b.starts + b.sizes
    values = np.stack([before[0][:, b.starts], after[0][:, b.sentences - ends]])
    places = np.stack([before[1][:, b.starts], b.sentences - 1 - after[1][:, b.sentences - ends]])
    later = values[1] > values[0]
    best, place = np.where(later, values[1], values[0]), np.where(later, places[1], places[0])
    for column, others in b.others_of_repeated.items():  # a sentence said twice is no rival of its own
        best[:, column] = single[:, others].max(axis=1, initial=0.0)
        if others:
            place[:, column] = np.array(others)[single[:, others].argmax(axis=1)]
    return best, place


def _running(single: Values) -> tuple[Values, Places]:
    """Return the greatest of the first n values of each row, and its place, for n from 0; 0, -1 where all are less."""
    values = np.maximum.accumulate(np.hstack([np.zeros((len(single), 1)), single]), axis=1)
    rises = np.hstack([np.zeros((len(single), 1), dtype=np.bool_), values[:, 1:] > values[:, :-1]])
    places = np.maximum.accumulate(np.where(rises, np.arange(values.shape[1]), 0), axis=1)
    return values, places - 1
