"""The lattice of alignments, held against all alignments of tiny texts written out one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest

from samestory.monotone.band import Band
from samestory.monotone.evidence import SHAPES
from samestory.monotone.lattice import Lattice, Marginals, Scores, Step

STEPS = [*SHAPES, (1, 0), (0, 1)]

Alignment = frozenset[Step]
"""What is said to belong together; the order in which unmatched sentences are taken is no part of it."""


class Made(NamedTuple):
    band: Band
    scores: Scores

    def bead(self, step: Step) -> tuple[int, int, int]:
        return (
            step.i + step.j,
            SHAPES.index((step.a, step.b)),
            step.j - self.band.centers[step.i + step.j] + (self.band.half),
        )

    def of(self, step: Step) -> float:
        if step.a and step.b:
            return float(self.scores.beads[self.bead(step)])
        return float(self.scores.unmatched[0][step.i - 1] if step.a else self.scores.unmatched[1][step.j - 1])


def centers(rows: int, columns: int) -> np.ndarray:
    """The straight line through both texts."""
    return np.arange(rows + columns + 1) * columns // (rows + columns)


def made(rows: int, columns: int, seed: int = 0, half: int = 10, middle: np.ndarray | None = None) -> Made:
    """Scores drawn at random, what is no bead included: the lattice must not look at that."""
    draw = np.random.default_rng(seed)
    band = Band(rows, columns, centers(rows, columns) if middle is None else middle, half)
    beads = draw.normal(size=(rows + columns + 1, len(SHAPES), band.width)).astype(np.float32)
    unmatched = draw.normal(size=rows), draw.normal(size=columns)
    return Made(band, Scores(beads, unmatched, beads[:, 0]))


def paths(band: Band, i: int = 0, j: int = 0) -> Iterator[tuple[Step, ...]]:
    """Every way from node (i, j) to the end over nodes of the band, in any order of unmatched sentences."""
    if (i, j) == (band.rows, band.columns):
        yield ()
        return
    for a, b in STEPS:
        x, y = i + a, j + b
        if x <= band.rows and y <= band.columns and abs(y - band.centers[x + y]) <= band.half:
            yield from ((Step(x, y, a, b), *rest) for rest in paths(band, x, y))


def shape(step: Step) -> Step:
    """The step without the place where the other text stood when a sentence was left unmatched."""
    return step if step.a and step.b else step._replace(**{"j" if step.a else "i": -1})


def alignments(known: Made) -> dict[Alignment, float]:
    """Every alignment that has a path in the band, and its score."""
    return {frozenset(map(shape, path)): sum(map(known.of, path)) for path in paths(known.band)}


def by_hand(known: Made) -> Marginals:
    """Sums over all alignments."""
    all_ = alignments(known)
    log_sum = float(np.logaddexp.reduce(list(all_.values())))
    beads = np.zeros(known.scores.beads.shape)
    unmatched = np.zeros(known.band.rows), np.zeros(known.band.columns)
    for alignment, score in all_.items():
        for step in alignment:
            share = np.exp(score - log_sum)
            if step.a and step.b:
                beads[known.bead(step)] += share
            elif step.a:
                unmatched[0][step.i - 1] += share
            else:
                unmatched[1][step.j - 1] += share
    return Marginals(beads, unmatched, log_sum)


def compare(known: Made) -> None:
    found, wanted = Lattice(*known).marginals(), by_hand(known)
    assert found.log_sum == pytest.approx(wanted.log_sum, abs=1e-5)
    np.testing.assert_allclose(found.beads, wanted.beads, atol=1e-5)
    for one, other in zip(found.unmatched, wanted.unmatched, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


SIZES = [(1, 1), (3, 3), (1, 4), (4, 1), (2, 5), (5, 2), (4, 4), (5, 4)]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_probabilities_are_those_of_all_alignments_written_out(rows: int, columns: int, seed: int) -> None:
    compare(made(rows, columns, seed))


@pytest.mark.parametrize(("rows", "columns"), SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_the_best_path_is_the_best_of_all_alignments(rows: int, columns: int, seed: int) -> None:
    known = made(rows, columns, seed)
    every = alignments(known)
    found = Lattice(*known).best()
    assert frozenset(map(shape, found)) == max(every, key=every.__getitem__)


@pytest.mark.parametrize("half", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_a_narrow_band_admits_every_alignment_that_has_a_path_in_it(half: int, seed: int) -> None:
    rows, columns = [(4, 4), (5, 3), (3, 5), (4, 5)][seed]
    rises = np.random.default_rng(seed).permutation([0] * rows + [1] * columns)
    known = made(rows, columns, seed, half, np.concatenate([[0], rises.cumsum()]))
    compare(known)
    every = alignments(known)
    assert frozenset(map(shape, Lattice(*known).best())) == max(every, key=every.__getitem__)


def shares(known: Made, found: Marginals) -> tuple[np.ndarray, np.ndarray]:
    """The probability that each sentence of either text is somewhere: in a bead, or unmatched."""
    i, j = known.band.nodes(0, len(known.band.centers))
    totals = found.unmatched[0].copy(), found.unmatched[1].copy()
    for number, (a, b) in enumerate(SHAPES):
        there = found.beads[:, number] > 0
        for total, ends, size in ((totals[0], i, a), (totals[1], j, b)):
            for back in range(1, size + 1):
                np.add.at(total, ends[there] - back, found.beads[:, number][there])
    return totals


@pytest.mark.parametrize(("rows", "columns"), [(6, 6), (40, 25), (3, 60), (60, 1), (700, 650)])
def test_each_sentence_is_somewhere(rows: int, columns: int) -> None:
    known = made(rows, columns, 5)
    for total in shares(known, Lattice(*known).marginals()):
        np.testing.assert_allclose(total, 1.0, atol=1e-4)


@pytest.mark.parametrize(("rows", "columns"), [(6, 6), (40, 25), (3, 60), (60, 1), (700, 650)])
def test_the_best_path_takes_each_sentence_once_and_in_order(rows: int, columns: int) -> None:
    at = (0, 0)
    for step in Lattice(*made(rows, columns, 5)).best():
        at = (at[0] + step.a, at[1] + step.b)
        assert (step.i, step.j) == at
        assert (step.a, step.b) in STEPS
    assert at == (rows, columns)


def test_what_is_certain_has_probability_one() -> None:
    known = made(5, 5)
    known.scores.beads[:] = -100.0
    known.scores.beads[:, 0] = 100.0
    for side in known.scores.unmatched:
        side[:] = -100.0
    found = Lattice(*known).marginals()
    assert found.log_sum == pytest.approx(500.0)
    assert [found.beads[2 * n, 0, n - known.band.centers[2 * n] + known.band.half] for n in range(1, 6)] == [1.0] * 5
    assert Lattice(*known).best() == [Step(n, n, 1, 1) for n in range(1, 6)]


def test_many_unmatched_sentences_of_both_texts_at_one_place_stay_in_the_band() -> None:
    around, alone = 5, 40  # in either order, one text after the other, 40 sentences lead out of the band
    known = made(around + alone, around + alone)
    known.scores.beads[:] = -50.0
    for n in range(1, around + 1):
        known.scores.beads[known.bead(Step(n, n, 1, 1))] = 50.0
    for side in known.scores.unmatched:
        side[:] = 0.0
    found = Lattice(*known).marginals()
    assert found.log_sum == pytest.approx(250.0)
    for side in found.unmatched:
        np.testing.assert_allclose(side, [0.0] * around + [1.0] * alone, atol=1e-6)


def test_the_lattice_is_the_same_read_backwards() -> None:
    known = made(6, 6, 3)
    turned = Made(known.band, Scores(np.full_like(known.scores.beads, np.nan), tuple(
        side[::-1].copy() for side in known.scores.unmatched), known.scores.similarity))  # fmt: skip
    for i in range(7):
        for j in range(7):
            for a, b in SHAPES:
                if i >= a and j >= b:
                    turned.scores.beads[turned.bead(Step(6 - i + a, 6 - j + b, a, b))] = known.of(Step(i, j, a, b))
    one, other = Lattice(*known).marginals(), Lattice(*turned).marginals()
    assert one.log_sum == pytest.approx(other.log_sum)
    np.testing.assert_allclose(one.unmatched[0], other.unmatched[0][::-1], atol=1e-6)
