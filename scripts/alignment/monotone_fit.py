"""Fitting the lattice of translations: conditional maximum likelihood of the right alignments, by L-BFGS."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from alignment.monotone_material import Vectors
from samestory.monotone.aligner import best_similarity, habits, length_ratio
from samestory.monotone.band import Band, find_band
from samestory.monotone.evidence import FEATURES, KINDS, SHAPES, Evidence, Habits, Values, kind
from samestory.monotone.lattice import Lattice, Scores
from samestory.monotone.text import LONGEST
from samestory.monotone.weights import Stage

Floats = npt.NDArray[np.float64]

_RIDGE = 0.05
_ROUNDS = 100
_KINDS = np.array([kind(*shape) for shape in SHAPES])
_BEADS = len(KINDS) * len(FEATURES)
_PROCESSES = 2


class Example(NamedTuple):
    """The evidence of a case, and the sum of that of its right alignment; None where the band does not hold that."""

    band: Band
    habits: Habits
    evidence: Values
    best: tuple[Values, Values]
    right: Floats | None


def prepare(vectors: Vectors, start: tuple[float, float, float, float]) -> Example:
    """Return the evidence of a case of which nothing is known but its lengths."""
    return _example(vectors, Habits(length_ratio(vectors.a, vectors.b), *start))


def readied(vectors: Vectors, example: Example, first: Stage) -> Example:
    """Return the evidence of a case whose habits were learnt with the weights of a `first` alignment."""
    marginals = Lattice(example.band, _scores(_flat(first), example)).marginals()
    return _example(vectors, habits(marginals, example.evidence[:, 0, :, 1], example.band, example.habits.ratio))


def _example(vectors: Vectors, known: Habits) -> Example:
    band = find_band(vectors.a.vectors[0], vectors.b.vectors[0])
    evidence = Evidence(vectors.a, vectors.b, band, known).of(0, len(band.centers))
    best = best_similarity(evidence[:, 0, :, FEATURES.index("similarity")], band)
    return Example(band, known, evidence, best, _right(vectors, band, evidence, best, known))


def _right(vectors: Vectors, band: Band, evidence: Values, best: tuple[Values, Values], known: Habits) -> Floats | None:
    total = np.zeros(_BEADS + 3)
    beads = total[:_BEADS].reshape(len(KINDS), len(FEATURES))
    for a, b in vectors.case.beads:
        if a and b:
            i, j = a[-1] + 1, b[-1] + 1
            place = j - band.centers[i + j] + band.half
            if max(len(a), len(b)) > LONGEST or not 0 <= place < band.width:
                return None
            beads[kind(len(a), len(b))] += evidence[i + j, SHAPES.index((len(a), len(b))), place]
        else:
            for side, rows in zip(best, (a, b), strict=True):
                for row in rows:
                    total[_BEADS:] += [1.0, side[row], known.unmatched]
    return total


def _scores(weights: Floats, example: Example) -> Scores:
    by_shape = weights[:_BEADS].reshape(len(KINDS), -1)[_KINDS].astype(np.float32)
    bias, by_best, by_share = weights[_BEADS:]
    constant = bias + by_share * example.habits.unmatched
    return Scores(
        np.einsum("dswf,sf->dsw", example.evidence, by_shape, optimize=True),
        (constant + by_best * example.best[0], constant + by_best * example.best[1]),
        example.evidence[:, 0, :, FEATURES.index("similarity")],
    )


def _loss(weights: Floats, example: Example) -> tuple[float, Floats]:
    """Return the negative log-likelihood of the right alignment, and its gradient."""
    assert example.right is not None
    marginals = Lattice(example.band, _scores(weights, example)).marginals()
    expected = np.zeros(_BEADS + 3)
    by_shape = np.einsum("dsw,dswf->sf", marginals.beads, example.evidence, optimize=True)
    np.add.at(expected[:_BEADS].reshape(len(KINDS), -1), _KINDS, by_shape)
    alone = float(sum(side.sum() for side in marginals.unmatched))
    best = float(sum((side * found).sum() for side, found in zip(marginals.unmatched, example.best, strict=True)))
    expected[_BEADS:] = alone, best, alone * example.habits.unmatched
    return marginals.log_sum - float(weights @ example.right), expected - example.right


_EXAMPLES: list[Example] = []


def _losses(work: tuple[Floats, range]) -> tuple[float, Floats]:
    weights, part = work
    losses, gradients = zip(*(_loss(weights, _EXAMPLES[n]) for n in part), strict=True)
    return sum(losses), np.sum(gradients, axis=0)


def fit(examples: Sequence[Example], start: Stage | None = None) -> Stage:
    """Return the weights under which the right alignments of `examples` are likeliest."""
    _EXAMPLES[:] = [example for example in examples if example.right is not None]
    scale = _scale(_EXAMPLES)
    parts = [range(n, len(_EXAMPLES), _PROCESSES) for n in range(_PROCESSES)]
    with get_context("fork").Pool(_PROCESSES) as pool:  # the examples are shared, not sent

        def loss(scaled: Floats) -> tuple[float, Floats]:
            results = pool.map(_losses, [(scaled / scale, part) for part in parts])
            value = sum(part for part, _ in results) + _RIDGE * float(scaled @ scaled)
            return value, sum(gradient for _, gradient in results) / scale + 2 * _RIDGE * scaled

        begin = np.zeros(_BEADS + 3) if start is None else _flat(start) * scale
        best = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS, "maxcor": 20})
    print(f"{len(_EXAMPLES)} of {len(examples)} cases, loss {best.fun:.1f} after {best.nit} rounds", flush=True)
    return _stage(best.x / scale)


def _scale(examples: Sequence[Example]) -> Floats:
    """Return the root mean square of each feature, so that the ridge weighs all alike."""
    scale = np.ones((len(KINDS), len(FEATURES)))
    for number in range(len(KINDS)):
        rows = np.concatenate([e.evidence[:, number == _KINDS].reshape(-1, len(FEATURES)) for e in examples[:40]])
        rows = rows[rows[:, 0] > 0]
        scale[number, 1:] = np.sqrt((rows[:, 1:] ** 2).mean(axis=0)) + 1e-3
    return np.append(scale.ravel(), [1.0, 0.5, 0.2])


def _flat(stage: Stage) -> Floats:
    return np.append(np.array(stage.beads).ravel(), stage.unmatched)


def _stage(weights: Floats) -> Stage:
    rows = weights[:_BEADS].reshape(len(KINDS), -1).tolist()
    bias, best, share = weights[_BEADS:].tolist()
    return Stage(tuple(map(tuple, rows)), (bias, best, share))
