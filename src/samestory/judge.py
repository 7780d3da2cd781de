"""The judge of stories: whether two articles report the same event, by what they share and what they dispute.

Articles are judged together, not two by two: what two of them share says little where one of them shares more with
a third. The evidence is weighed by gradient-boosted trees, in which a feature whose meaning says so can only
speak for, or only against, one story.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import FEATURES, MISMATCHES
from samestory.records import Couple, Encoded, Progress
from samestory.scorer import Trees
from samestory.spans import Spans, all_spans

OWN_FEATURES = (
    "facts in common",
    "share of the shorter article",
    "facts nearest of all",
    "share of these",
    "surest fact",
    "second fact",
    "third fact",
    "closest match",
    "second match",
    "odds of the facts",
    "best match of a sentence",
    "title similarity",
    "share of names",
    "share of numbers",
    "names apart",
    "numbers apart",
    "share of matches that contradict",
    "days apart",
    "same language",
    "length of the shorter article",
)
STORY_FEATURES = (*OWN_FEATURES, "behind the best article", "ahead of the next article")
AGAINST = frozenset({"names apart", "numbers apart", "share of matches that contradict", "days apart"})
"""What can only speak against one story."""
EITHER = frozenset({"same language", "length of the shorter article"})
"""What may speak for or against it."""

_MATCH = 0.3  # probability at which a mutual best match counts as a fact in common
_FINITE = 0.999  # the surest a single fact can be
_EQUAL = 1e-5  # between similarities that differ in their last bits alone
_LONG_AGO = 30  # days beyond which more days say nothing more
_BY_LEVEL = 3.0  # what similarity on the whole counts for, beside the facts, in what two articles share

Values = npt.NDArray[np.float64]


class SharedFacts:
    """Judges articles by the facts, names and numbers that they share.

    `trees` score pairs of sentences, `story_trees` pairs of articles.
    """

    def __init__(self, collection: Collection, trees: Trees, story_trees: Trees) -> None:
        self._collection = collection
        self._trees = trees.expect(FEATURES)
        self._story_trees = story_trees.expect(STORY_FEATURES)
        self._spans: dict[str, Spans] = {}
        self._known: dict[tuple[str, str], Values] = {}

    def scores(self, couples: Sequence[Couple], progress: Progress = lambda _done, _total: None) -> list[float]:
        """Return, for each two articles, the probability that they report the same event, given all `couples`."""
        return [float(score) for score in self._story_trees.probability(self.evidence(couples, progress))]

    @property
    def base(self) -> float:
        """The mean log-odds over what the trees were fitted on, which the shares are measured from."""
        return self._story_trees.base

    def reasons(self, couples: Sequence[Couple]) -> list[dict[str, tuple[float, float]]]:
        """Return, for each two articles, the value of each feature and what it adds to the log-odds.

        Shares are Shapley values (Lundberg and others 2020, https://doi.org/10.1038/s42256-019-0138-9).
        """
        values = self.evidence(couples)
        return [
            {
                name: (round(float(value), 3) + 0.0, round(float(share), 3) + 0.0)  # no -0.0
                for name, value, share in zip(STORY_FEATURES, row, added, strict=True)
            }
            for row, added in zip(values, self._story_trees.contributions(values), strict=True)
        ]

    def evidence(self, couples: Sequence[Couple], progress: Progress = lambda _done, _total: None) -> Values:
        """Return the evidence that two articles report one event, shape (len(couples), len(STORY_FEATURES))."""
        own = np.zeros((len(couples), len(OWN_FEATURES)))
        for n, (a, b) in enumerate(couples):
            own[n] = self.shared(a, b)
            progress(n + 1, len(couples))
        return beside_others(couples, own)

    def shared(self, a: Encoded, b: Encoded) -> Values:
        """Return the evidence of two articles on their own, shape (len(OWN_FEATURES),)."""
        key = (a.article.id, b.article.id)
        if key not in self._known:
            self._known[key] = self._compared(self._single(a), self._single(b))
        return self._known[key]

    def _compared(self, a: Spans, b: Spans) -> Values:
        found = evidence(self._collection, a, b)
        scores, similarity = np.zeros((2, a.sentences, b.sentences))
        scores[found.rows, found.columns] = self._trees.probability(found.values)
        similarity[found.rows, found.columns] = found.column("similarity")
        mutual = (scores == scores.max(axis=1, keepdims=True)) & (scores == scores.max(axis=0, keepdims=True))
        nearest = mutual & self._nearest(a, b)
        common, surest = (scores[at & (scores >= _MATCH)].sum() for at in (mutual, nearest))
        shorter = min(a.sentences, b.sentences)
        return np.array(
            [
                math.log1p(common),
                common / shorter,
                math.log1p(surest),
                surest / shorter,
                *_greatest(scores[nearest], 3),
                *_greatest(similarity[nearest], 2),
                _odds(scores[nearest]),
                (similarity.max(axis=1).mean() + similarity.max(axis=0).mean()) / 2,
                similarity[0, 0] if a.titles[0] and b.titles[0] else 0.0,
                self._overlap(_all(a, "names"), _all(b, "names")),
                self._overlap(_all(a, "numbers"), _all(b, "numbers")),
                self._apart(_all(a, "names"), _all(b, "names")),
                self._apart(_all(a, "numbers"), _all(b, "numbers")),
                _disputed(found, mutual, similarity),
                _days_apart(a.encoded.article.date, b.encoded.article.date) / _LONG_AGO,
                float(a.lang == b.lang),
                math.log(shorter),
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


def beside_others(couples: Sequence[Couple], own: Values) -> Values:
    """Return `own`, the evidence of each two articles on their own, with what the other `couples` say of it.

    How far two articles lie behind what either shares at best with one in the other's language, and how far ahead of
    the next: a report has one counterpart, or several alike; a look-alike is second to the true one.
    """
    shared = own[:, OWN_FEATURES.index("odds of the facts")]
    shared = (shared + _BY_LEVEL * own[:, OWN_FEATURES.index("best match of a sentence")]).tolist()
    sides = [
        ((a.article.id, b.article.lang, b.article.id), (b.article.id, a.article.lang, a.article.id)) for a, b in couples
    ]
    rivals: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for value, both in zip(shared, sides, strict=True):
        for name, lang, other in both:
            rivals.setdefault((name, lang), []).append((value, other))
    for told in rivals.values():
        told.sort(reverse=True)
    out = np.zeros((len(couples), 2))
    for n, (value, both) in enumerate(zip(shared, sides, strict=True)):
        told_of = [(rivals[name, lang], other) for name, lang, other in both]
        out[n, 0] = min(value - told[0][0] for told, _ in told_of)
        out[n, 1] = min(value - next((v for v, rival in told[:2] if rival != other), value) for told, other in told_of)
    return np.hstack([own, out])


def _greatest(values: Values, count: int) -> Iterator[float]:
    """Yield the greatest `count` of `values`, greatest first; 0 for those there are not."""
    ordered = sorted(values.tolist(), reverse=True)
    yield from (*ordered[:count], *([0.0] * (count - len(ordered))))


def _odds(probabilities: Values) -> float:
    """Return the sum of the log-odds of what is likelier than not."""
    likely = np.minimum(probabilities[probabilities > 0.5], _FINITE)
    return float(np.log(likely / (1.0 - likely)).sum())


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
