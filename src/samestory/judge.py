"""The judge of stories: whether two articles report the same event, by what they share and what they dispute."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.evidence import FEATURES, MISMATCHES, Evidence, evidence
from samestory.records import Encoded
from samestory.scorer import Calibration, Logistic, Trees
from samestory.spans import Spans, all_spans

STORY_FEATURES = (
    "facts in common",
    "share of the shorter article",
    "facts nearest of all",
    "share of these",
    "best match of a sentence",
    "title similarity",
    "share of names",
    "share of numbers",
    "names apart",
    "numbers apart",
    "share of matches that contradict",
    "days apart",
    "same language",
)
AGAINST = frozenset({"names apart", "numbers apart", "share of matches that contradict", "days apart"})
"""What can only speak against one story."""

_MATCH = 0.8  # probability at which a mutual best match counts as a fact in common
_EQUAL = 1e-5  # between similarities that differ in their last bits alone
_LONG_AGO = 30  # days beyond which more days say nothing more

Values = npt.NDArray[np.float64]


class SharedFacts:
    """Judges two articles by the facts, names and numbers that they share."""

    def __init__(self, collection: Collection, trees: Trees, calibration: Calibration, story: Logistic) -> None:
        self._collection = collection
        self._trees = trees.expect(FEATURES)
        self._calibration = calibration
        self._story = story.expect(STORY_FEATURES)
        self._spans: dict[str, Spans] = {}

    def score(self, a: Encoded, b: Encoded) -> float:
        """Return the probability that `a` and `b` report the same event."""
        return float(self._story.probability(self.evidence(a, b)))

    def reasons(self, a: Encoded, b: Encoded) -> dict[str, tuple[float, float]]:
        """Return each feature's value and what it adds to the log-odds that `a` and `b` report the same event."""
        values = self.evidence(a, b)
        added = values * np.array(self._story.weights)
        return {
            name: (round(float(value), 3) + 0.0, round(float(share), 3) + 0.0)  # no -0.0
            for name, value, share in zip(STORY_FEATURES, values, added, strict=True)
        }

    def evidence(self, a: Encoded, b: Encoded) -> Values:
        """Return the evidence that `a` and `b` report one event, shape (len(STORY_FEATURES),)."""
        left, right = self._single(a), self._single(b)
        found = evidence(self._collection, left, right)
        shape = (left.sentences, right.sentences)
        scores = np.zeros(shape)
        scores[found.rows, found.columns] = self._calibration.apply(self._trees.probability(found.values))
        similarity = np.zeros(shape)
        similarity[found.rows, found.columns] = found.column("similarity")
        mutual = (scores == scores.max(axis=1, keepdims=True)) & (scores == scores.max(axis=0, keepdims=True))
        facts_in_common = float(scores[mutual & (scores >= _MATCH)].sum())
        nearest_of_all = float(scores[mutual & (scores >= _MATCH) & self._nearest(left, right)].sum())
        return np.array(
            [
                math.log1p(facts_in_common),
                facts_in_common / min(shape),
                math.log1p(nearest_of_all),
                nearest_of_all / min(shape),
                (similarity.max(axis=1).mean() + similarity.max(axis=0).mean()) / 2,
                similarity[0, 0],
                self._overlap(_all(left, "names"), _all(right, "names")),
                self._overlap(_all(left, "numbers"), _all(right, "numbers")),
                self._apart(_all(left, "names"), _all(right, "names")),
                self._apart(_all(left, "numbers"), _all(right, "numbers")),
                _disputed(found, mutual, similarity),
                _days_apart(a.article.date, b.article.date) / _LONG_AGO,
                float(left.lang == right.lang),
            ]
        )

    def _nearest(self, a: Spans, b: Spans) -> npt.NDArray[np.bool_]:
        """Return which sentences are each other's nearest among all articles of the other's language."""
        direct = a.direct @ b.direct.T
        least = np.maximum.outer(
            self._collection.nearest(a, b.lang) - _EQUAL, self._collection.nearest(b, a.lang) - _EQUAL
        )
        return np.asarray(direct >= least)

    def _single(self, encoded: Encoded) -> Spans:
        name = encoded.article.id
        if name not in self._spans:
            self._spans[name] = all_spans(encoded, longest=1)
        return self._spans[name]

    def _overlap(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the share, by surprise, of the terms of the poorer side that the other side has too."""
        weight = self._collection.surprise
        least = min(math.fsum(map(weight, a)), math.fsum(map(weight, b)))
        return math.fsum(map(weight, a & b)) / least if least else 0.0

    def _apart(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return how much, by surprise, the side with fewer terms of its own has alone, as a logarithm."""
        weight = self._collection.surprise
        return math.log1p(min(math.fsum(map(weight, a - b)), math.fsum(map(weight, b - a))))


def _all(spans: Spans, kind: str) -> frozenset[str]:
    return frozenset[str]().union(*(getattr(found, kind) for found in spans.facts))


def _disputed(found: Evidence, mutual: npt.NDArray[np.bool_], similarity: Values) -> float:
    """Return the share of the close mutual matches whose numbers or names contradict."""
    usual = np.median(np.concatenate([similarity.max(axis=1), similarity.max(axis=0)]))  # the same from either side
    close = mutual[found.rows, found.columns] & (similarity[found.rows, found.columns] >= usual)
    if not close.any():
        return 0.0
    against = np.maximum.reduce([found.column(name)[close] for name in _disputes()])
    return float(against.mean())


def _disputes() -> Iterator[str]:
    return (name for name in MISMATCHES if name != "negation mismatch")


def _days_apart(a: str | None, b: str | None) -> float:
    """Return the days between two dates, at most _LONG_AGO; 0 where one is not known."""
    if a is None or b is None:
        return 0.0
    try:
        days = abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)
    except ValueError:
        return 0.0
    return float(min(days, _LONG_AGO))
