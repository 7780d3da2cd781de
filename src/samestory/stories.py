"""Stories: which articles report the same event, not merely the same topic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from samestory.evidence import FEATURES, Collection, Spans, spans
from samestory.records import Encoded, Story, stable_id
from samestory.scorer import Logistic

STORY_FEATURES = (
    "facts in common",
    "share of the shorter article",
    "best match of a sentence",
    "title similarity",
    "share of names",
    "share of numbers",
)
_CANDIDATES = 20  # articles nearest to an article that are judged; all of them where there are no more
_JUDGED_IN_FULL = 200  # articles that hang together; in a greater tangle what was no candidate counts as unlike
_STORY_SCORE = 0.6  # mean probability at which articles are one story: a wrong story makes only wrong pairs


class StoryJudge(Protocol):
    """Anything that says how likely two articles report the same event."""

    def score(self, a: Encoded, b: Encoded) -> float:
        """Return the probability that `a` and `b` report the same event."""
        ...


def stories(
    articles: Sequence[Encoded], judge: StoryJudge, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Iterator[Story]:
    """Yield the stories that two or more of `articles` report, in order of their ids.

    Articles are joined by average linkage over the judge's probabilities, so that a chain of
    look-alikes does not become one story: a newcomer must fit its members on the whole.
    """
    articles = sorted(articles, key=lambda e: e.article.id)  # ties fall the same way for any order given
    links: dict[tuple[int, int], float] = {}
    judged = candidates(articles)
    for a, b in judged:
        links[a, b] = judge.score(articles[a], articles[b])
        progress(len(links), len(judged))
    found = []
    for members in _components([link for link, score in links.items() if score >= _STORY_SCORE]):
        for a, b in itertools.combinations(members, 2) if len(members) <= _JUDGED_IN_FULL else ():
            if (a, b) not in links:
                links[a, b] = judge.score(articles[a], articles[b])
        for cluster in _clusters(members, links):
            scores = [links.get(link, 0.0) for link in itertools.combinations(cluster, 2)]
            ids = sorted(articles[n].article.id for n in cluster)
            languages = sorted({articles[n].article.lang for n in cluster})
            found.append(Story(f"s-{stable_id(*ids)}", tuple(ids), tuple(languages), round(float(np.mean(scores)), 3)))
    yield from sorted(found, key=lambda story: story.id)


def candidates(articles: Sequence[Encoded]) -> list[tuple[int, int]]:
    """Return the pairs of articles worth judging: each with those nearest to it by mean vector."""
    if not articles:
        return []
    means = np.stack([e.direct.mean(axis=0) for e in articles])
    means -= means.mean(axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    pairs: set[tuple[int, int]] = set()
    for a, mean in enumerate(means):
        nearest = np.argsort(-(means @ mean), kind="stable")[: _CANDIDATES + 1]
        pairs.update((min(a, int(b)), max(a, int(b))) for b in nearest if b != a)
    return sorted(pairs)


def _components(links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the connected components of the graph of `links`, each in ascending order."""
    parent = {n: n for link in links for n in link}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for a, b in links:
        parent[root(a)] = root(b)
    members: dict[int, list[int]] = {}
    for n in sorted(parent):
        members.setdefault(root(n), []).append(n)
    return sorted(members.values())


def _clusters(members: list[int], links: dict[tuple[int, int], float]) -> Iterator[list[int]]:
    """Yield the clusters of two or more among connected `members`."""
    distances = np.ones((len(members), len(members)))
    np.fill_diagonal(distances, 0.0)
    for a, b in itertools.combinations(range(len(members)), 2):
        distances[a, b] = distances[b, a] = 1.0 - links.get((members[a], members[b]), 0.0)
    labels = fcluster(linkage(squareform(distances), "average"), 1.0 - _STORY_SCORE, "distance")
    for label in sorted(set(labels)):
        cluster = [member for member, own in zip(members, labels, strict=True) if own == label]
        if len(cluster) > 1:
            yield cluster


class SharedFacts:
    """Judges two articles by the sentences, names and numbers that they share."""

    def __init__(self, collection: Collection, pair: Logistic, story: Logistic) -> None:
        self._collection = collection
        self._pair = pair.expect(FEATURES)
        self._story = story.expect(STORY_FEATURES)
        self._spans: dict[str, Spans] = {}

    def score(self, a: Encoded, b: Encoded) -> float:
        """Return the probability that `a` and `b` report the same event."""
        return float(self._story.probability(self.evidence(a, b)))

    def evidence(self, a: Encoded, b: Encoded) -> npt.NDArray[np.float64]:
        """Return the evidence that `a` and `b` report one event, shape (len(STORY_FEATURES),)."""
        left, right = self._single(a), self._single(b)
        sentence_evidence = self._collection.features(left, right)
        scores = self._pair.probability(sentence_evidence)
        similarity = sentence_evidence[:, :, FEATURES.index("similarity")]
        mutual = scores * (scores == scores.max(axis=1, keepdims=True)) * (scores == scores.max(axis=0, keepdims=True))
        facts_in_common = float(mutual[mutual >= 0.5].sum())  # a vote counts when it is more likely right than wrong
        return np.array(
            [
                np.log1p(facts_in_common),
                facts_in_common / min(scores.shape),
                (similarity.max(axis=1).mean() + similarity.max(axis=0).mean()) / 2,
                similarity[0, 0],
                self._overlap(frozenset[str]().union(*(f.names for f in left.facts)),
                              frozenset[str]().union(*(f.names for f in right.facts))),
                self._overlap(frozenset[str]().union(*(f.numbers for f in left.facts)),
                              frozenset[str]().union(*(f.numbers for f in right.facts))),
            ]
        )  # fmt: skip

    def _single(self, encoded: Encoded) -> Spans:
        name = encoded.article.id
        if name not in self._spans:
            self._spans[name] = spans(encoded, longest=1)
        return self._spans[name]

    def _overlap(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the share, by surprise, of the terms of the poorer side that the other side has too."""
        weight = self._collection.surprise
        least = min(math.fsum(map(weight, a)), math.fsum(map(weight, b)))
        return math.fsum(map(weight, a & b)) / least if least else 0.0
