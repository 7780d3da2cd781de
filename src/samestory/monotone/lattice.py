"""The lattice of all alignments inside a band: its best path, and the probability of every step.

A step is a bead, or a sentence of either text that is left unmatched. Unmatched sentences between two beads are
taken in one order, so that an alignment is one path: the order that stays nearest to the middle of the band, since any
other could lead out of it where both texts leave many unmatched. It is kept by two rules: right of the middle
none of the first text follows one of the second, left of the middle none of the second follows one of the first.
The probabilities are those of a semi-Markov conditional random field (Sarawagi and Cohen 2004,
https://papers.nips.cc/paper/2648), by the forward-backward algorithm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.monotone.band import Band, Ints
from samestory.monotone.evidence import SHAPES

Floats = npt.NDArray[np.float64]

NEVER = -1e9
_STEPS = [*SHAPES, (1, 0), (0, 1)]  # beads, then an unmatched sentence of the first text, of the second
_REACH = max(a + b for a, b in SHAPES)
_MARGIN = max(max(shape) for shape in SHAPES)
_LENGTHS = np.array([a + b for a, b in _STEPS])
_RIGHT = np.array([b for _, b in _STEPS])
_CHUNK = 512  # diagonals


class Scores(NamedTuple):
    """Log-scores: of the beads that end at each node, (diagonals, shapes, width), and of unmatched sentences.

    `similarity` is that of the 1-1 beads, (diagonals, width).
    """

    beads: npt.NDArray[np.float32]
    unmatched: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]
    similarity: npt.NDArray[np.float32]


class Step(NamedTuple):
    """A step of a path that ends at node (i, j): `a` sentences with `b`, one of which may be 0."""

    i: int
    j: int
    a: int
    b: int


class Marginals(NamedTuple):
    """The probability of every bead, as in `Scores`, of every unmatched sentence, and the log of the partition sum."""

    beads: npt.NDArray[np.float32]
    unmatched: tuple[Floats, Floats]
    log_sum: float


class Lattice:
    """The lattice of `scores` in `band`."""

    def __init__(self, band: Band, scores: Scores) -> None:
        self._band = band
        self._size = band.width
        self._diagonals = len(band.centers)
        self._scores = np.full((self._diagonals + _REACH, len(_STEPS), self._size + 2 * _MARGIN), NEVER, np.float32)
        inner = self._scores[: self._diagonals, :, _MARGIN:-_MARGIN]
        i, j = band.nodes(0, self._diagonals)
        inner[:, : len(SHAPES)] = scores.beads
        inner[:, -2], inner[:, -1] = _at(scores.unmatched[0], i - 1), _at(scores.unmatched[1], j - 1)
        for step, (a, b) in enumerate(_STEPS):
            inner[:, step][~(band.inside(i, j) & band.inside(i - a, j - b))] = NEVER
        self._inner = inner
        self._columns = np.arange(self._size)

    def best(self) -> list[Step]:
        """Return the path of the highest score."""
        table, before = self._table(), self._before()
        choice = np.zeros((self._diagonals, self._size), dtype=np.int8)
        for d in range(1, self._diagonals):
            options = table.take(before[d][:, None] + self._columns) + self._inner[d]
            choice[d] = options.argmax(axis=0)
            self._row(table, d)[:] = options.max(axis=0)
        path = []
        i, j = self._band.rows, self._band.columns
        while i or j:
            a, b = _STEPS[choice[i + j, j - self._band.centers[i + j] + self._band.half]]
            path.append(Step(i, j, a, b))
            i, j = i - a, j - b
        return path[::-1]

    def marginals(self) -> Marginals:
        """Return the probability of every step."""
        before = self._before()
        paths, to_a, to_b = self._forward(before)
        log_sum = float(self._row(paths, self._diagonals - 1)[self._last()])
        onward, after_a, after_b = self._backward()
        beads = np.zeros((self._diagonals, len(SHAPES), self._size), dtype=np.float32)
        unmatched = (np.zeros(self._band.rows), np.zeros(self._band.columns))
        for first in range(1, self._diagonals, _CHUNK):
            part = slice(first, min(first + _CHUNK, self._diagonals))
            ways = paths.take(before[part, :, None] + self._columns) + self._inner[part]
            ways[:, -2] = to_a.take(before[part, -2, None] + self._columns) + self._inner[part, -2] + after_a[part]
            ways[:, -1] = to_b.take(before[part, -1, None] + self._columns) + self._inner[part, -1] + after_b[part]
            ways[:, :-2] += onward[part, None]
            shares = np.exp(np.minimum(ways - log_sum, 0.0))
            beads[part] = shares[:, :-2]
            for values, share, ends in zip(unmatched, (shares[:, -2], shares[:, -1]), self._ends(part), strict=True):
                good = share > 0
                np.add.at(values, ends[good] - 1, share[good])
        return Marginals(beads, unmatched, log_sum)

    def _forward(self, before: Ints) -> tuple[Floats, Floats, Floats]:
        """Return tables of the log-sums over paths to each node.

        All; those that an unmatched sentence of the first text may follow; those that one of the second may follow.
        """
        paths, to_a, to_b = self._table(), self._table(), self._table()
        left, right = self._sides()
        for d in range(1, self._diagonals):
            options = paths.take(before[d][:, None] + self._columns) + self._inner[d]
            options[-2] = to_a.take(before[d, -2] + self._columns) + self._inner[d, -2]
            options[-1] = to_b.take(before[d, -1] + self._columns) + self._inner[d, -1]
            all_, but_a, but_b = _log_sums(options)
            for table in (paths, to_a, to_b):
                self._row(table, d)[:] = all_
            self._row(to_a, d)[right] = but_b[right]
            self._row(to_b, d)[left] = but_a[left]
        return paths, to_a, to_b

    def _backward(self) -> tuple[Floats, Floats, Floats]:
        """Return the log-sums over paths from each node.

        By any step; by those that may follow an unmatched sentence of the first text; by those that may follow one of
        the second.
        """
        width = self._size + 2 * _MARGIN
        onward, after_a, after_b = (np.full((self._diagonals + _REACH, width), NEVER) for _ in range(3))
        for table in (onward, after_a, after_b):
            table[self._diagonals - 1, _MARGIN + self._last()] = 0.0
        centers = np.append(self._band.centers, np.full(_REACH, self._band.columns))
        rows = np.arange(self._diagonals)[:, None] + _LENGTHS
        shift = _MARGIN + _RIGHT - centers[rows] + self._band.centers[:, None]
        nodes, steps = rows * width + shift, (rows * len(_STEPS) + np.arange(len(_STEPS))) * width + shift
        here = slice(_MARGIN, -_MARGIN)
        left, right = self._sides()
        for d in range(self._diagonals - 2, -1, -1):
            ways = self._scores.take(steps[d][:, None] + self._columns)
            options = ways + onward.take(nodes[d][:, None] + self._columns)
            options[-2] = ways[-2] + after_a.take(nodes[d, -2] + self._columns)
            options[-1] = ways[-1] + after_b.take(nodes[d, -1] + self._columns)
            all_, but_a, but_b = _log_sums(options)
            for table in (onward, after_a, after_b):
                table[d, here] = all_
            after_a[d, here][left] = but_b[left]
            after_b[d, here][right] = but_a[right]
        return onward[: self._diagonals, here], after_a[: self._diagonals, here], after_b[: self._diagonals, here]

    def _sides(self) -> tuple[slice, slice]:
        """Return the nodes of a diagonal to the left of its middle, and to the right."""
        return slice(self._band.half), slice(self._band.half + 1, None)

    def _ends(self, part: slice) -> tuple[Ints, Ints]:
        return self._band.nodes(part.start, part.stop)

    def _table(self) -> Floats:
        """Return a table of nodes: rows before the first and columns on either side stand for no node."""
        table = np.full((self._diagonals + _REACH, self._size + 2 * _MARGIN), NEVER)
        table[_REACH, _MARGIN + self._band.half - self._band.centers[0]] = 0.0
        return table

    def _row(self, table: Floats, d: int) -> Floats:
        row: Floats = table[_REACH + d, _MARGIN:-_MARGIN]
        return row

    def _before(self) -> Ints:
        """Return, for each diagonal and step, where in the flat table the nodes begin that the step comes from."""
        centers = np.concatenate([np.zeros(_REACH, dtype=np.int64), self._band.centers])
        rows = np.arange(self._diagonals)[:, None] + _REACH - _LENGTHS
        shift = self._band.centers[:, None] - centers[rows] - _RIGHT
        return np.asarray(rows * (self._size + 2 * _MARGIN) + _MARGIN + shift, dtype=np.int64)

    def _last(self) -> int:
        return int(self._band.columns - self._band.centers[-1] + self._band.half)


def _at(values: npt.NDArray[np.floating], places: Ints) -> npt.NDArray[np.floating]:
    """Return `values` at `places`; what stands for a place outside is not looked at."""
    return values[places.clip(0, len(values) - 1)] if len(values) else np.zeros(places.shape)


def _log_sums(options: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log-sums of all steps; of all but an unmatched sentence of the first text; but one of the second."""
    most = np.maximum.reduce(options[:-2], axis=0)
    beads = most + np.log(np.add.reduce(np.exp(options[:-2] - most), axis=0))
    but_a, but_b = np.logaddexp(beads, options[-1]), np.logaddexp(beads, options[-2])
    return np.logaddexp(but_b, options[-1]), but_a, but_b
