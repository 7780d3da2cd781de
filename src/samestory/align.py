"""Align: which sentences of the articles of a story report the same fact."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, TypeAlias

from samestory.records import Encoded, Pair, Progress, Story

Order: TypeAlias = Literal["auto", "free", "monotone"]
"""The order of facts in two articles: any, the same in both, or to be found out."""


class Bead(NamedTuple):
    """Consecutive content sentences of either article that report one fact, and the probability of that.

    `equivalent` is whether neither side tells more than that fact; None where no model has told.
    """

    a: range
    b: range
    score: float
    equivalent: bool | None = None


FindPairs: TypeAlias = Callable[[Encoded, Encoded], Iterator[Pair]]
"""Yields the pairs of two articles, whose languages are in alphabetical order."""


class Aligner(Protocol):
    """Anything that finds the pairs between two articles of one story."""

    def among(self, story: str, articles: Sequence[Encoded]) -> FindPairs:
        """Return what finds the pairs of any two of the `articles` of a `story`."""
        ...


def align(
    stories: Iterable[Story],
    encoded: Mapping[str, Encoded],
    aligner: Aligner,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Pair]:
    """Yield the pairs of every two articles of each story that are in different languages.

    `progress` is called with the number of pairs of articles done and the number to do.
    """
    members = {story.id: _members(story, encoded) for story in stories}
    work = {name: _across_languages(own) for name, own in members.items()}
    done, total = 0, sum(map(len, work.values()))
    for name, couples in work.items():
        if couples:
            pairs = aligner.among(name, members[name])
        for a, b in couples:
            yield from pairs(a, b)
            done += 1
            progress(done, total)


def _members(story: Story, encoded: Mapping[str, Encoded]) -> list[Encoded]:
    return sorted((encoded[name] for name in story.articles), key=lambda e: (e.article.lang, e.article.id))


def _across_languages(members: Sequence[Encoded]) -> list[tuple[Encoded, Encoded]]:
    return [(a, b) for a, b in itertools.combinations(members, 2) if a.article.lang != b.article.lang]
