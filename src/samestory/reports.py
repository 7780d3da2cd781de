"""The reports of one story as they are aligned two by two: what scores what, and what a third one says of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import MISMATCHES
from samestory.looks import Look
from samestory.pivots import Links, links, through, turned
from samestory.spans import Sides, Spans

_UNLIKELY = 0.03  # probability below which a bead adds nothing to those that share sentences with it
_THIRDS = 4  # third reports that are asked, lest time grow with the cube of their number
_KEPT = 300  # pairs of articles whose evidence is kept for when they are aligned; that of others is found anew

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Reports:
    """The `articles` of one story, scored by a `look`."""

    def __init__(self, collection: Collection, look: Look, articles: Sequence[Spans]) -> None:
        self._collection = collection
        self._look = look
        self._read = [spans for spans in articles if spans.english is not None]  # of others too little is likely
        self.scored = lru_cache(_KEPT)(self._scored)
        self._links = cache(self._linked)

    def pivoted(self, a: Spans, b: Spans, sides: Sequence[Sides]) -> Values:
        """Return what third reports say of candidates of `a` and `b`, shape (len(sides), len(PIVOTS)).

        Asked are reports in a third language, those nearest to both articles.
        """
        others = [c for c in self._read if c.lang not in {a.lang, b.lang}]
        others.sort(key=lambda c: (-round(float(c.mean @ (a.mean + b.mean)), 5), c.id))
        return through(sides, [(self._links(a, c), self._links(b, c)) for c in others[:_THIRDS]])

    def _scored(self, a: Spans, b: Spans) -> tuple[Evidence, Values]:
        """Return the candidates of `a` and `b` that are likely at all, or contradict, and how likely each is."""
        found = evidence(self._collection, a, b)
        raw = self._look.probability(a, b, found)
        contradict = np.any([found.column(name) > 0 for name in MISMATCHES], axis=0)
        kept = np.flatnonzero((raw > 0) | contradict)
        return found.at(kept), raw[kept]

    def _linked(self, a: Spans, b: Spans) -> Links:
        if (b.lang, b.id) < (a.lang, a.id):
            return turned(self._links(b, a))
        found, raw = self.scored(a, b)
        likely = likely_candidates(found, raw)
        return links(found.at(likely).sides(a, b), raw[likely])


def likely_candidates(found: Evidence, probability: Values) -> Places:
    """Return the places of the candidates among which is chosen: the likely ones whose numbers do not contradict."""
    numbers = found.column("number mismatch") > 0
    return np.flatnonzero(np.where(numbers, 0.0, probability) > _UNLIKELY)
