"""What two articles have in common of terms, such as numbers, names or words: by how much these say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from samestory.incidence import incidence

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Terms:
    """The terms of each span of two articles, weighed by what they say.

    `shared`, shape (spans, spans), is what the terms both have say together; `a` and `b` what those of each span say.
    """

    def __init__(
        self, weight: Callable[[str], float], a: Sequence[frozenset[str]], b: Sequence[frozenset[str]]
    ) -> None:
        terms = sorted(frozenset[str]().union(*a, *b))
        weights = np.array([weight(term) for term in terms])
        column = {term: n for n, term in enumerate(terms)}
        left, right = (incidence([[column[term] for term in own] for own in side], len(terms)) for side in (a, b))
        self.shared: Values = np.asarray(((left * weights) @ right.T).toarray())
        self.a: Values = left @ weights
        self.b: Values = right @ weights

    def alone(self, rows: Places, columns: Places) -> tuple[Values, Values]:
        """Return what the terms say that only the one, and only the other, of two spans has."""
        shared = self.shared[rows, columns]
        return np.maximum(self.a[rows] - shared, 0.0), np.maximum(self.b[columns] - shared, 0.0)

    def apart(self) -> Values:
        """Return what the terms say that one of two spans has alone, shape (spans, spans)."""
        return np.maximum(self.a[:, None] + self.b - 2 * self.shared, 0.0)

    def overlap(self) -> Values:
        """Return twice what is shared over what there is (Dice), shape (spans, spans); 0 where there is nothing."""
        every = self.a[:, None] + self.b
        return np.divide(2 * self.shared, every, out=np.zeros_like(every), where=every > 0)
