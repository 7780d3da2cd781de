"""Whether a score is the probability it claims to be, and what a threshold on it would cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

import msgspec

from samestory.evaluate.measure import Judged, Score, Sought, score

BINS = 10
_EDGES = [n / BINS for n in range(1, BINS)]


class Bin(msgspec.Struct, frozen=True):
    """The made beads that score from `low` to below `high` (the last bin holds 1): how many, and the shares right."""

    low: float
    high: float
    count: int
    mean_score: float | None
    right_strict: float | None
    right_lax: float | None


class Fit(msgspec.Struct, frozen=True):
    """How well the scores fit the truth; None where there are none.

    `ece` is the expected calibration error: the distance of mean score and share right, over the bins by their
    counts. `brier` is the mean square of the distance of a score from 1 (right) or 0.
    """

    ece: float | None
    brier: float | None


class Calibration(msgspec.Struct, frozen=True):
    """The scores of all made beads but the neutral, in bins of equal width, and how well they fit."""

    bins: tuple[Bin, ...]
    strict: Fit
    lax: Fit


class Scored(NamedTuple):
    """The score of a made bead, and whether it is right."""

    score: float
    strict: bool
    lax: bool


class Point(msgspec.Struct, frozen=True):
    """What would be made, without the neutral, and how right it would be, with `threshold` as least score."""

    threshold: float
    made: int
    strict: Score
    lax: Score


def calibration(judged: Sequence[Judged]) -> Calibration:
    """Return the calibration of the scores of `judged`."""
    return calibration_of([Scored(j.bead.score, j.strict, j.lax) for j in judged if not j.neutral])


def calibration_of(scored: Sequence[Scored]) -> Calibration:
    """Return the calibration of the scores of beads."""
    bins: list[list[Scored]] = [[] for _ in range(BINS)]
    for bead in scored:
        bins[bisect_right(_EDGES, bead.score)].append(bead)
    strict = [[(bead.score, bead.strict) for bead in held] for held in bins]
    lax = [[(bead.score, bead.lax) for bead in held] for held in bins]
    table = tuple(
        Bin(n / BINS, (n + 1) / BINS, len(held), _mean([b.score for b in held]), _share(strict[n]), _share(lax[n]))
        for n, held in enumerate(bins)
    )
    return Calibration(table, _fit(strict), _fit(lax))


def curve(judged: Sequence[Judged], sought: Sequence[Sought]) -> tuple[Point, ...]:
    """Return precision and recall at the thresholds 0.1 to 0.9."""
    return tuple(_point(threshold, judged, sought) for threshold in _EDGES)


def _point(threshold: float, judged: Sequence[Judged], sought: Sequence[Sought]) -> Point:
    kept = [j for j in judged if not j.neutral and j.bead.score >= threshold]
    wanted = [s for s in sought if s.bead.relation == "equivalent"]
    strict, lax = (
        sum(any(bead.score >= threshold for bead in found) for found in each)
        for each in ([s.strict for s in wanted], [s.lax for s in wanted])
    )
    return Point(
        threshold,
        len(kept),
        score(sum(j.strict for j in kept), len(kept), strict, len(wanted)),
        score(sum(j.lax for j in kept), len(kept), lax, len(wanted)),
    )


def _fit(bins: Sequence[Sequence[tuple[float, bool]]]) -> Fit:
    every = [one for held in bins for one in held]
    if not every:
        return Fit(None, None)
    gaps = (abs(fsum(score for score, _ in held) - sum(right for _, right in held)) for held in bins)
    return Fit(fsum(gaps) / len(every), fsum((score - right) ** 2 for score, right in every) / len(every))


def _mean(scores: Sequence[float]) -> float | None:
    return fsum(scores) / len(scores) if scores else None


def _share(held: Sequence[tuple[float, bool]]) -> float | None:
    return sum(right for _, right in held) / len(held) if held else None
