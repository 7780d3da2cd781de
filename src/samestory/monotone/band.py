"""The band of the search: nodes near a rough path through two texts, found from coarse to fine.

A node (i, j) stands between the first i sentences of one text and the first j of the other. The band is
laid along the diagonals d = i + j, so that a leap of the path in either text stays inside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.records import Matrix

Ints = npt.NDArray[np.int64]
Chain = list[tuple[int, int]]
"""Rows of one text and of the other that match, ascending in both."""

HALF_WIDTH = 10  # nodes on either side of the path
_DENSE = 2000  # blocks of a text up to which every pair of them is looked at
_SAMPLE = 256  # sentences of the other text from which the usual similarity of a sentence is estimated
_NOISE = 2.0  # standard deviations above the usual similarity up to which one says nothing


class Band(NamedTuple):
    """The nodes of diagonal d that have j from `centers[d] - half` to `centers[d] + half`.

    `centers` rises by 0 or 1 from diagonal to diagonal; there are `rows` + `columns` + 1 of them.
    """

    rows: int
    columns: int
    centers: Ints
    half: int = HALF_WIDTH

    @property
    def width(self) -> int:
        """Nodes on a diagonal, those outside both texts included."""
        return 2 * self.half + 1

    def nodes(self, first: int, last: int) -> tuple[Ints, Ints]:
        """Return i and j of the nodes of diagonals `first` to `last` - 1, each of shape (diagonals, width)."""
        j = self.centers[first:last, None] + np.arange(-self.half, self.half + 1)
        return np.arange(first, last)[:, None] - j, j

    def inside(self, i: Ints, j: Ints) -> npt.NDArray[np.bool_]:
        """Return which nodes lie in both texts."""
        return (i >= 0) & (i <= self.rows) & (j >= 0) & (j <= self.columns)


def find_band(a: Matrix, b: Matrix) -> Band:
    """Return the band round the heaviest chain of 1-1 matches of vectors `a`, (n, d), and `b`, (m, d).

    The texts are halved, neighbours summed, until they are short; every finer chain is looked for in the
    band of the coarser one. The last halving is not refined: the band is wide enough for it.
    """
    levels = [(a, b)]
    while max(len(levels[-1][0]), len(levels[-1][1])) > _DENSE:
        levels.append((_halved(levels[-1][0]), _halved(levels[-1][1])))
    band = _band(chain(*levels[-1]), *levels[-1])
    for finer_a, finer_b in reversed(levels[1:-1]):
        band = _band(_chain_in_band(_doubled(band, len(finer_a), len(finer_b)), finer_a, finer_b), finer_a, finer_b)
    return band if len(levels) == 1 else _doubled(band, len(a), len(b))


def usual(a: Matrix, b: Matrix) -> tuple[Matrix, Matrix]:
    """Return mean and standard deviation of the similarity of each row of `a` to rows all over `b`."""
    scores = a @ sample(b).T
    return scores.mean(axis=1), scores.std(axis=1)


def sample(vectors: Matrix) -> Matrix:
    """Return some of the rows, evenly spread: all of them where they are few."""
    return vectors[:: -(-len(vectors) // _SAMPLE)]


def _halved(vectors: Matrix) -> Matrix:
    summed = vectors[0::2].copy()
    summed[: len(vectors) // 2] += vectors[1::2]
    return np.asarray(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _thresholds(a: Matrix, b: Matrix) -> Matrix:
    mean, deviation = usual(a, b)
    return np.asarray(mean + _NOISE * deviation, dtype=np.float32)


def chain(a: Matrix, b: Matrix) -> Chain:
    """Return the heaviest chain of 1-1 matches of vectors `a`, (n, d), and `b`, (m, d), looking at all pairs."""
    usual_ = (_thresholds(a, b)[:, None] + _thresholds(b, a)[None, :]) / 2
    gains = np.maximum(a @ b.T - usual_, 0.0)
    best = np.zeros((len(a) + 1, len(b) + 1))
    for i, row in enumerate(gains):
        np.maximum(best[i, 1:], best[i, :-1] + row, out=best[i + 1, 1:])
        np.maximum.accumulate(best[i + 1], out=best[i + 1])
    matches = []
    i, j = len(a), len(b)
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            matches.append((i, j))
    return matches[::-1]


def _chain_in_band(band: Band, a: Matrix, b: Matrix) -> Chain:
    """Return the heaviest chain of matches whose nodes all lie in `band`."""
    i, j = band.nodes(0, len(band.centers))
    usable = band.inside(i, j) & (i > 0) & (j > 0)
    gains = np.zeros(i.shape, dtype=np.float32)
    rows, columns = i[usable] - 1, j[usable] - 1
    usual_ = (_thresholds(a, b)[rows] + _thresholds(b, a)[columns]) / 2
    gains[usable] = np.maximum(products(a, b, rows, columns) - usual_, 0.0)

    gains[gains <= 0.0] = -np.inf
    steps = np.diff(band.centers, prepend=0).tolist()
    size = band.width
    outside = ~band.inside(i, j)
    best = np.full((len(i) + 1, size + 2), -np.inf)  # a margin on either side, and a row before the first
    best[1, 1 + band.half - band.centers[0]] = 0.0
    choice = np.zeros((len(i), size), dtype=np.int8)
    for d in range(1, len(i)):
        step, leap = steps[d], steps[d] + steps[d - 1]
        skip_a, skip_b = best[d, 1 + step : 1 + step + size], best[d, step : step + size]
        match = best[d - 1, leap : leap + size] + gains[d]
        skip = np.maximum(skip_a, skip_b)
        matched = match > skip
        choice[d] = np.where(matched, 2, skip_b > skip_a)
        row = best[d + 1, 1:-1]
        np.maximum(match, skip, out=row)
        row[outside[d]] = -np.inf
    matches = []
    d, j_ = band.rows + band.columns, band.columns
    while d:
        taken = choice[d, j_ - band.centers[d] + band.half]
        if taken == 2:
            matches.append((d - j_ - 1, j_ - 1))
        j_ -= int(taken > 0)
        d -= 2 if taken == 2 else 1
    return matches[::-1]


def products(a: Matrix, b: Matrix, rows: Ints, columns: Ints) -> Matrix:
    """Return the similarity of each of `rows` to the one of `columns` beside it, a few thousand at a time."""
    out = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), 4096):
        part = slice(start, start + 4096)
        out[part] = np.einsum("kd,kd->k", a[rows[part]], b[columns[part]])
    return out


def _band(matches: Chain, a: Matrix, b: Matrix) -> Band:
    """Return the band round `matches`: along the straight line between one match and the next."""
    n, m = len(a), len(b)
    nodes = [(0, 0), *(node for i, j in matches for node in ((i, j), (i + 1, j + 1))), (n, m)]
    diagonals, columns = zip(*sorted({i + j: j for i, j in nodes}.items()), strict=True)
    centers = np.floor(np.interp(np.arange(n + m + 1), diagonals, columns) + 1e-6).astype(np.int64)
    return Band(n, m, centers)


def _doubled(band: Band, rows: int, columns: int) -> Band:
    """Return `band` on texts twice as long, `rows` and `columns`."""
    diagonals = np.arange(rows + columns + 1)
    half = np.minimum(diagonals // 2, len(band.centers) - 1)
    centers = band.centers[half] + band.centers[np.minimum((diagonals + 1) // 2, len(band.centers) - 1)]
    centers = np.clip(centers, np.maximum(diagonals - rows, 0), np.minimum(diagonals, columns))
    return Band(rows, columns, centers)
