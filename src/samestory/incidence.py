"""Which places each of some sets holds, as a sparse matrix: a long article has many of both."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from scipy.sparse import csr_array


def incidence(sets: Sequence[Collection[int]], width: int) -> csr_array:
    """Return a matrix of shape (len(sets), width), 1 where the set of a row holds the place of a column."""
    columns = np.fromiter((place for own in sets for place in sorted(own)), dtype=np.int64)
    ends = np.cumsum([0, *map(len, sets)])
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(sets), width))
