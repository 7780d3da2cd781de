"""Alignment of independent reports: facts in any order, some on one side only.

Beads of shape 1-1, 1-n, n-1 and 2-2 are scored and then chosen together, each sentence in one at most, by how likely
they end just there. What is uncertain is often only that: the score of a chosen bead is the probability that its sides
report the same fact, in the sentences chosen or in some of them and their neighbours. What two articles have in common
with a third of their story tells where their beads end, too. Where numbers contradict, a bead is no candidate; where
names or negation seem to, it is for the scorer to judge, since free wording differs in both. A bead that would have
been chosen but for a contradiction is told of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.align import Bead
from samestory.collection import Collection
from samestory.evidence import Evidence
from samestory.features import FEATURES, MISMATCHES
from samestory.incidence import incidence
from samestory.looks import Look
from samestory.reports import Reports, likely_candidates
from samestory.scorer import Calibration
from samestory.select import Candidate, select
from samestory.spans import Sides, Spans

_WORTHLESS = 0.1  # probability, before calibration, below which a bead is not worth the sentences it takes
_SUREST = 1.0 - 1e-6  # keeps logarithms finite
_PARTIAL = 0.3  # probability that one side says more: cut there, about as many beads are called partial as are
_UNLIKELY = 0.03  # probability below which a bead adds nothing to those that share sentences with it

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Found(NamedTuple):
    """Beads of two articles in the order of the first: those that agree, and those that would but for a contradiction.

    `reasons` are the flags of each of the `divergent`.
    """

    beads: list[Bead]
    divergent: list[Bead]
    reasons: list[tuple[str, ...]]


class FreeOrder:
    """Aligns two articles of a story, keeping what scores `min_score` or more."""

    def __init__(self, collection: Collection, look: Look, calibration: Calibration, min_score: float) -> None:
        self._collection = collection
        self._look = look
        self._calibration = calibration
        self._min_score = min_score

    def reports(self, articles: Sequence[Spans]) -> Reports:
        """Return the articles of a story, to be aligned two by two."""
        return Reports(self._collection, self._look, articles)

    def find(self, a: Spans, b: Spans, reports: Reports | None = None) -> Found:
        """Return the beads of `a` and `b`, two of the `reports` of a story, or all that there are of it."""
        reports = reports or self.reports([a, b])
        found, raw = reports.scored(a, b)
        likely = likely_candidates(found, raw)
        told = found.at(likely)
        settled = self._look.settled(a, b, told, raw[likely], reports.pivoted(a, b, told.sides(a, b)))
        exact = np.where(np.isnan(settled.exact), raw[likely], settled.exact)
        beads = self._choose(a, b, found, likely, raw[likely], exact)
        taken = {("a", p) for n in beads for p in a.positions[found.rows[n]]}
        taken |= {("b", p) for n in beads for p in b.positions[found.columns[n]]}
        agreeing = self._if_agreeing(a, b, found, taken)
        possible = np.flatnonzero(agreeing > _UNLIKELY)
        divergent = self._choose(a, b, found, possible, agreeing[possible], agreeing[possible])
        partial = dict(zip(likely.tolist(), settled.partial.tolist(), strict=True))
        return Found(
            [_bead(a, b, found, n, score, _equivalent(partial[n])) for n, score in beads.items()],
            [_bead(a, b, found, n, score) for n, score in divergent.items()],
            [tuple(flag for name, flag in MISMATCHES.items() if found.column(name)[n] > 0) for n in divergent],
        )

    def _if_agreeing(self, a: Spans, b: Spans, found: Evidence, taken: set[tuple[str, int]]) -> Values:
        """Return what contradicting candidates outside `taken` would score if they did not; 0 for all others.

        Models that read the texts would see the contradiction: they are not asked.
        """
        out = np.zeros(len(found.rows))
        mismatches = [FEATURES.index(name) for name in MISMATCHES]
        free = [
            n
            for n in np.flatnonzero(found.values[:, mismatches].any(axis=1))
            if taken.isdisjoint(("a", p) for p in a.positions[found.rows[n]])
            and taken.isdisjoint(("b", p) for p in b.positions[found.columns[n]])
        ]
        if free:
            values = found.values.copy()
            values[np.array(free)[:, None], mismatches] = 0.0
            out[free] = self._look.unread(a, b, found._replace(values=values))[free]
        return out

    def _choose(
        self, a: Spans, b: Spans, found: Evidence, likely: Places, chances: Values, exact: Values
    ) -> dict[int, float]:
        """Return which of the `likely` candidates are chosen, in the order of `a`, and their scores.

        How likely they are `exact` tells which are chosen; the `chances` of the second look, what these score.
        """
        sides = found.at(likely).sides(a, b)
        chosen = select([Candidate(*side, worth - _WORTHLESS) for side, worth in zip(sides, exact, strict=True)])
        scores = self._calibration.apply(_together(sides, chances)[chosen])
        kept = [(k, float(score)) for k, score in zip(chosen, scores, strict=True) if score >= self._min_score]
        return {int(likely[k]): score for k, score in sorted(kept, key=lambda pair: sides[pair[0]][0].start)}


def _together(sides: Sequence[Sides], probability: Values) -> Values:
    """Return, for each candidate, the probability that it or one that shares a sentence with it on both sides is true.

    Reckoned as if they were independent, which is for the calibration to make good.
    """
    if not sides:
        return np.zeros(0)
    used = [incidence([side[n] for side in sides], max(side[n].stop for side in sides)) for n in (0, 1)]
    shared = ((used[0] @ used[0].T) > 0).multiply((used[1] @ used[1].T) > 0)
    return np.asarray(-np.expm1(shared @ np.log1p(-np.minimum(probability, _SUREST))))


def _equivalent(partial: float) -> bool | None:
    """Return whether neither side tells more; None where that was not told."""
    return None if math.isnan(partial) else partial < _PARTIAL


def _bead(a: Spans, b: Spans, found: Evidence, n: int, score: float, equivalent: bool | None = None) -> Bead:
    return Bead(a.positions[found.rows[n]], b.positions[found.columns[n]], score, equivalent)


def in_order(beads: Sequence[Bead]) -> float:
    """Return the share of `beads`, sorted by `a`, in the longest run of them that is in the order of `b` too."""
    tails: list[int] = []
    for bead in sorted(beads, key=lambda bead: bead.a.start):
        place = int(np.searchsorted(tails, bead.b.start))
        tails[place : place + 1] = [bead.b.start]
    return len(tails) / len(beads) if beads else 0.0
