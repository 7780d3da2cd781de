"""The aligner of two texts in one order: band, evidence, lattice; twice, to learn the habits of the texts first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from samestory.monotone.band import Band, chain, find_band, products
from samestory.monotone.evidence import CHARACTERS, FEATURES, SHAPES, Evidence, Habits, Values, kind
from samestory.monotone.lattice import Lattice, Marginals, Scores
from samestory.monotone.text import Text
from samestory.monotone.weights import Stage, Weights

_CHUNK = 192  # diagonals whose evidence is held at once
_PART = 2000  # diagonals from which the habits of the texts are learnt
_STEP = 500  # diagonals from one part that is looked at to the next
_NEAR = 2  # nodes on either side of the middle of the band that are looked at for it
_LEAST_SPREAD = 0.05  # of similarities, where a text is short
_FEW = 5  # matches, below which the length of the whole texts says more about their ratio


class Bead(NamedTuple):
    """Rows of either text that say the same, one side empty for an unmatched sentence, and the probability of that."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float


def align(a: Text, b: Text, weights: Weights, threads: int = 1) -> list[Bead]:
    """Return the beads and the unmatched sentences of `a` and `b`, in order; the same for any number of `threads`."""
    if not len(a) or not len(b):
        return [Bead((i,), (), 1.0) for i in range(len(a))] + [Bead((), (j,), 1.0) for j in range(len(b))]
    band = find_band(a.vectors[0], b.vectors[0])
    lattice = Lattice(band, score(Evidence(a, b, band, learn(a, b, band, weights), threads), weights.second, threads))
    marginals = lattice.marginals()
    beads = []
    for i, j, rows, columns in lattice.best():
        if rows and columns:
            share = marginals.beads[i + j, SHAPES.index((rows, columns)), j - band.centers[i + j] + band.half]
        else:
            share = marginals.unmatched[0][i - 1] if rows else marginals.unmatched[1][j - 1]
        beads.append(Bead(tuple(range(i - rows, i)), tuple(range(j - columns, j)), float(share)))
    return beads


def learn(a: Text, b: Text, band: Band, weights: Weights) -> Habits:
    """Return the habits of two texts: seen in a first alignment of a part of them."""
    part = telling_part(a, b, band)
    ratio = length_ratio(*part)
    band = find_band(part[0].vectors[0], part[1].vectors[0])
    scores = score(Evidence(*part, band, weights.start(ratio)), weights.first)
    return habits(Lattice(band, scores).marginals(), scores.similarity, band, ratio)


def telling_part(a: Text, b: Text, band: Band) -> tuple[Text, Text]:
    """Return the part of both texts that is most alike along the middle of `band`: the beginning may be in one only."""
    last = len(band.centers) - 1
    if last <= _PART:
        return a, b
    j = band.centers[:, None] + np.arange(-_NEAR, _NEAR + 1)
    i = np.arange(last + 1)[:, None] - j
    there = band.inside(i, j) & (i > 0) & (j > 0)
    similarity = np.zeros(i.shape, dtype=np.float32)
    similarity[there] = products(a.vectors[0], b.vectors[0], i[there] - 1, j[there] - 1)
    sums = similarity.max(axis=1).cumsum(dtype=np.float64)
    starts = np.arange(0, last - _PART + 1, _STEP)
    first = int(starts[np.argmax(sums[starts + _PART] - sums[starts])])
    from_b, to_b = (int(band.centers[d]) for d in (first, first + _PART))
    from_a, to_a = min(first - from_b, len(a) - 1), first + _PART - to_b
    from_b = min(from_b, len(b) - 1)
    return a.part(from_a, max(to_a, from_a + 1)), b.part(from_b, max(to_b, from_b + 1))


def habits(marginals: Marginals, similarity: Values, band: Band, ratio: float) -> Habits:
    """Return the habits that the probabilities of a first alignment show; `similarity` is that of 1-1 beads."""
    beads = marginals.beads.sum(axis=(0, 2), dtype=np.float64)
    single = marginals.beads[:, SHAPES.index((1, 1))].astype(np.float64)
    level = float((single * similarity).sum() / max(single.sum(), 1e-9))
    spread = float(np.sqrt((single * (similarity - level) ** 2).sum() / max(single.sum(), 1e-9)))
    unmatched = sum(float(side.sum()) for side in marginals.unmatched)
    return Habits(
        ratio,
        level,
        max(spread, _LEAST_SPREAD),
        unmatched / (band.rows + band.columns),
        1.0 - float(beads[0]) / max(float(beads.sum()), 1.0),
    )


def score(evidence: Evidence, weights: Stage, threads: int = 1) -> Scores:
    """Return the log-scores of all beads and unmatched sentences in the band of `evidence`."""
    by_kind = np.array(weights.beads, dtype=np.float32)
    by_shape = np.stack([by_kind[kind(*shape)] for shape in SHAPES])
    band = evidence.band
    beads = np.empty((len(band.centers), len(SHAPES), band.width), dtype=np.float32)
    similarity = np.empty((len(band.centers), band.width), dtype=np.float32)

    def fill(first: int) -> None:
        values = evidence.of(first, min(first + _CHUNK, len(beads)))
        beads[first : first + _CHUNK] = np.einsum("dswf,sf->dsw", values, by_shape)
        similarity[first : first + _CHUNK] = values[:, 0, :, FEATURES.index("similarity")]

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(beads), _CHUNK)))
    best = best_similarity(similarity, band)
    bias, by_best, by_share = weights.unmatched
    constant = bias + by_share * evidence.habits.unmatched
    return Scores(beads, (constant + by_best * best[0], constant + by_best * best[1]), similarity)


def best_similarity(similarity: Values, band: Band) -> tuple[Values, Values]:
    """Return the best similarity of each sentence of either text; `similarity` is that of 1-1 beads, as in `Scores`."""
    i, j = band.nodes(0, len(band.centers))
    there = band.inside(i, j) & (i > 0) & (j > 0)
    best = np.zeros(band.rows, dtype=np.float32), np.zeros(band.columns, dtype=np.float32)
    np.maximum.at(best[0], i[there] - 1, similarity[there])
    np.maximum.at(best[1], j[there] - 1, similarity[there])
    return best


def length_ratio(a: Text, b: Text) -> float:
    """Return the log ratio of the lengths of `b` and `a`, in sentences that match."""
    matches = chain(a.vectors[0], b.vectors[0])
    if len(matches) < _FEW:
        return float(np.log(max(b.widths.sum(), 1.0) / max(a.widths.sum(), 1.0)))
    rows, columns = (list(side) for side in zip(*matches, strict=True))
    return float(np.median(np.log((b.widths[columns] + CHARACTERS) / (a.widths[rows] + CHARACTERS))))
