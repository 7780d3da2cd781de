"""Stories: which articles report the same event, not merely the same topic."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from samestory.records import Couple, Encoded, Explanation, Progress, Story, stable_id

_JUDGED_IN_FULL = 200  # articles that hang together; in a greater tangle what was no candidate counts as unlike
_STORY_SCORE = 0.85  # mean probability at which articles are one story: a wrong story makes only wrong pairs

Link = tuple[int, int]


class StoryJudge(Protocol):
    """Anything that says how likely two articles report the same event."""

    def scores(self, couples: Sequence[Couple], progress: Progress = ...) -> list[float]:
        """Return, for each two articles, the probability that they report the same event, given all `couples`."""
        ...


class ExplainingJudge(StoryJudge, Protocol):
    """A judge that can say why."""

    @property
    def base(self) -> float:
        """The log-odds that what reasons add is measured from."""
        ...

    def reasons(self, couples: Sequence[Couple]) -> list[dict[str, tuple[float, float]]]:
        """Return, for each two articles, the value of each piece of evidence and what it adds to the log-odds."""
        ...


def stories(
    articles: Sequence[Encoded],
    judge: StoryJudge,
    candidates: Callable[[Sequence[Encoded]], list[Link]],
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Story]:
    """Yield the stories that two or more of `articles` report, in order of their ids.

    Only `candidates`, pairs of places among the articles, are judged first, then those that a third article puts
    together. Articles are joined by average linkage over the judge's probabilities, so that a chain of look-alikes
    does not become one story: a newcomer must fit its members on the whole.
    """
    articles = sorted(articles, key=lambda e: e.article.id)  # ties fall the same way for any order given
    judged = candidates(articles)
    links = dict(zip(judged, judge.scores(_couples(articles, judged), progress), strict=True))
    tangles = _components([link for link, score in links.items() if score >= _STORY_SCORE])
    further = [
        link
        for members in tangles
        if len(members) <= _JUDGED_IN_FULL
        for link in itertools.combinations(members, 2)
        if link not in links
    ]
    if further:  # beside the others still: what is shared says little where more is shared with a third
        scores = judge.scores(
            _couples(articles, [*judged, *further]), lambda done, total: progress(max(done, len(judged)), total)
        )
        links |= dict(zip(further, scores[len(judged) :], strict=True))
    found = []
    for members in tangles:
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
    couples = _couples(articles, candidates(articles))
    rows = []
    for (a, b), score, reasons in zip(couples, judge.scores(couples), judge.reasons(couples), strict=True):
        names = (a.article.id, b.article.id)
        ids = [story_of.get(name) for name in names]
        story = ids[0] if ids[0] == ids[1] else None
        rows.append(Explanation(names, round(score, 3), story, round(judge.base, 3), reasons))
    yield from sorted(rows, key=lambda row: (-row.score, row.articles))


def _couples(articles: Sequence[Encoded], links: Sequence[Link]) -> list[Couple]:
    return [(articles[a], articles[b]) for a, b in links]


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
