"""The evidence for beads of two texts that follow one order: what a lattice of them is scored by.

For every node of a band and every shape, the bead that ends there. Similarities are cosines of the vectors of
whole spans, as Vecalign takes them; against them stand what is usual for either span, what the bead gains over
a shorter one, over two smaller ones side by side, and how the lengths agree (Gale and Church 1993,
https://aclanthology.org/J93-1004).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.monotone.band import Band, Ints, sample
from samestory.monotone.text import LONGEST, Text
from samestory.records import Matrix

SHAPES = [(a, b) for a in range(1, LONGEST + 1) for b in range(1, LONGEST + 1)]
KINDS = ("1-1", "1-2", "1-3", "1-4", "2-2", "n-m")
"""Shapes that are weighed alike; 2-1 goes with 1-2, and so on."""
FEATURES = (
    "bias",
    "similarity",
    "similarity squared",
    "nearest",
    "usual",
    "loss to a shorter bead",
    "gain over a shorter bead",
    "gain over two beads",
    "length difference",
    "length difference squared",
    "unmatched share",
    "share of long beads",
    "similarity x unmatched share",
    "similarity against the text's",
    "square of that",
    "length difference x unmatched share",
)
_NEIGHBOURS = 4  # as in ratio margins
CHARACTERS = 5.0  # added to both lengths: a letter more says little in a short sentence
_CAP = 0.5  # of a squared length difference, log scale

Values = npt.NDArray[np.float32]


class Habits(NamedTuple):
    """What two texts as a whole do.

    Log ratio of lengths b/a, mean and standard deviation of the similarity of 1-1 beads, share of sentences
    that are unmatched, share of beads that are not 1-1.
    """

    ratio: float
    level: float
    spread: float
    unmatched: float
    long: float


@cache
def kind(a: int, b: int) -> int:
    """Return which of KINDS shape `a`-`b` is of."""
    if min(a, b) == 1:
        return max(a, b) - 1
    return 4 if a == b == 2 else 5


class Evidence:
    """The evidence for the beads of `a` and `b` in `band`."""

    def __init__(self, a: Text, b: Text, band: Band, habits: Habits, threads: int = 1) -> None:
        self._texts = (a, b)
        self.band = band
        self.habits = habits
        self._ends = tuple(np.concatenate([[0.0], t.widths.cumsum()]) for t in (a, b))
        with ThreadPoolExecutor(threads) as pool:
            self._nearest, self._usual = zip(*pool.map(_neighbourhood, (a, b), (b, a)), strict=True)

    def of(self, first: int, last: int) -> Values:
        """Return the evidence for beads that end on diagonals `first` to `last` - 1.

        Shape (diagonals, shapes, width, features); what is no bead is all zero.
        """
        i, j = self.band.nodes(first, last)
        similar = _Similar(*self._texts, i, j)
        out = np.zeros((len(i), len(SHAPES), self.band.width, len(FEATURES)), dtype=np.float32)
        for shape, (a, b) in enumerate(SHAPES):
            there = self.band.inside(i - a, j - b) & self.band.inside(i, j)
            self._fill(out[:, shape], similar, i, j, a, b)
            out[:, shape] *= there[:, :, None]
        return out

    def _fill(self, out: Values, similar: _Similar, i: Ints, j: Ints, a: int, b: int) -> None:
        s = similar(a, b, a, b)
        start_i, start_j = (i - a).clip(0, len(self._texts[0]) - 1), (j - b).clip(0, len(self._texts[1]) - 1)
        difference = self._length_difference(i, j, a, b)
        out[..., 0] = 1.0
        out[..., 1] = s
        out[..., 2] = s * s
        out[..., 3] = (self._nearest[0][a - 1][start_i] + self._nearest[1][b - 1][start_j]) / 2
        out[..., 4] = (self._usual[0][a - 1][start_i] + self._usual[1][b - 1][start_j]) / 2
        if a + b > 2:
            gain = s - np.maximum.reduce(list(_shorter(similar, a, b)))
            np.minimum(gain, 0.0, out=out[..., 5])
            np.maximum(gain, 0.0, out=out[..., 6])
        if a > 1 and b > 1:
            out[..., 7] = s - np.maximum.reduce(list(_halves(similar, a, b)))
        out[..., 8] = difference
        out[..., 9] = np.minimum(difference, _CAP) ** 2
        out[..., 10] = self.habits.unmatched
        out[..., 11] = self.habits.long
        out[..., 12] = s * self.habits.unmatched
        out[..., 13] = (s - self.habits.level) / self.habits.spread
        out[..., 14] = np.minimum(out[..., 13], 0.0) ** 2
        out[..., 15] = difference * self.habits.unmatched

    def _length_difference(self, i: Ints, j: Ints, a: int, b: int) -> Values:
        lengths: list[npt.NDArray[np.float64]] = []
        for ends, last, size in zip(self._ends, (i, j), (a, b), strict=True):
            most = len(ends) - 1
            lengths.append(ends[last.clip(0, most)] - ends[(last - size).clip(0, most)] + CHARACTERS)
        return np.asarray(np.abs(np.log(lengths[1] / lengths[0]) - self.habits.ratio), dtype=np.float32)


class _Similar:
    """Similarities of spans near the ends (i, j): products of all that lie about, looked up."""

    def __init__(self, a: Text, b: Text, i: Ints, j: Ints) -> None:
        left, first_row, self._rows = _around(a, i)
        right, first_column, self._columns = _around(b, j)
        self._products = (left @ right.T).ravel()
        self._place = (i - first_row) * (LONGEST * self._columns) + j - first_column
        self._known: dict[tuple[int, int, int, int], Values] = {}

    def __call__(self, a: int, b: int, back_a: int, back_b: int) -> Values:
        """Return the similarity of `a` sentences that begin `back_a` before i to `b` that begin `back_b` before j."""
        key = (a, b, back_a, back_b)
        if key not in self._known:
            shift = ((a - 1) * self._rows - back_a) * LONGEST * self._columns + (b - 1) * self._columns - back_b
            self._known[key] = self._products.take(self._place + shift, mode="clip")
        return self._known[key]


def _around(text: Text, ends: Ints) -> tuple[Matrix, int, int]:
    """Return the vectors of the spans that begin near `ends`, the first of these places, and how many there are.

    Zero rows stand for what would lie outside the text.
    """
    first, last = int(ends.min()) - LONGEST, int(ends.max())
    places = np.arange(first, last)
    vectors = text.vectors[:, places.clip(0, len(text) - 1)]
    vectors[:, (places < 0) | (places >= len(text))] = 0.0
    return vectors.reshape(-1, vectors.shape[2]), first, len(places)


def _shorter(similar: _Similar, a: int, b: int) -> Sequence[Values]:
    """Return the similarities of the bead without its first, or its last, sentence on the longer sides."""
    out = []
    if a > 1:
        out += [similar(a - 1, b, a, b), similar(a - 1, b, a - 1, b)]
    if b > 1:
        out += [similar(a, b - 1, a, b), similar(a, b - 1, a, b - 1)]
    return out


def _halves(similar: _Similar, a: int, b: int) -> Sequence[Values]:
    """Return the mean similarities of every two beads that make up bead `a`-`b`."""
    half = np.float32(0.5)
    return [
        (similar(x, y, a, b) + similar(a - x, b - y, a - x, b - y)) * half for x in range(1, a) for y in range(1, b)
    ]


def _neighbourhood(text: Text, other: Text) -> tuple[Values, Values]:
    """Return the mean similarity of each span to its nearest sentences of `other`, and to any, each (LONGEST, n)."""
    sentences = sample(other.vectors[0])
    k = min(_NEIGHBOURS, len(sentences))
    nearest, usual = np.empty(text.vectors.shape[:2], np.float32), np.empty(text.vectors.shape[:2], np.float32)
    for size, vectors in enumerate(text.vectors):
        scores = vectors @ sentences.T
        usual[size] = scores.mean(axis=1)
        scores.partition(scores.shape[1] - k, axis=1)
        nearest[size] = np.sort(scores[:, -k:], axis=1).mean(axis=1)
    return nearest, usual
