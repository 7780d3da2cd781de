"""Stories: which articles report the same event, not merely the same topic."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from samestory.records import Encoded, Explanation, Story, stable_id

_JUDGED_IN_FULL = 200  # articles that hang together; in a greater tangle what was no candidate counts as unlike
_STORY_SCORE = 0.85  # mean probability at which articles are one story: a wrong story makes only wrong pairs

Link = tuple[int, int]


class StoryJudge(Protocol):
    """Anything that says how likely two articles report the same event."""

    def score(self, a: Encoded, b: Encoded) -> float:
        """Return the probability that `a` and `b` report the same event."""
        ...


class ExplainingJudge(StoryJudge, Protocol):
    """A judge that can say why."""

    def reasons(self, a: Encoded, b: Encoded) -> dict[str, tuple[float, float]]:
        """Return the value of each piece of evidence and what it adds to the log-odds."""
        ...


def stories(
    articles: Sequence[Encoded],
    judge: StoryJudge,
    candidates: Callable[[Sequence[Encoded]], list[Link]],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Story]:
    """Yield the stories that two or more of `articles` report, in order of their ids.

    Only `candidates`, pairs of places among the articles, are judged first. Articles are joined by average linkage
    over the judge's probabilities, so that a chain of look-alikes does not become one story: a newcomer must fit its
    members on the whole.
    """
    articles = sorted(articles, key=lambda e: e.article.id)  # ties fall the same way for any order given
    links: dict[Link, float] = {}
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


def explained(
    articles: Sequence[Encoded],
    judge: ExplainingJudge,
    found: Sequence[Story],
    candidates: Callable[[Sequence[Encoded]], list[Link]],
) -> Iterator[Explanation]:
    """Yield the reasons for every judgement on two candidates, the likeliest first."""
    story_of = {name: story.id for story in found for name in story.articles}
    articles = sorted(articles, key=lambda e: e.article.id)
    rows = []
    for one, other in candidates(articles):
        a, b = articles[one], articles[other]
        names = (a.article.id, b.article.id)
        ids = [story_of.get(name) for name in names]
        story = ids[0] if ids[0] == ids[1] else None
        rows.append(Explanation(names, round(judge.score(a, b), 3), story, judge.reasons(a, b)))
    yield from sorted(rows, key=lambda row: (-row.score, row.articles))


def _components(links: Sequence[Link]) -> list[list[int]]:
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


def _clusters(members: list[int], links: dict[Link, float]) -> Iterator[list[int]]:
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
