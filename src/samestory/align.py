"""Align: which sentences of the articles of a story report the same fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
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


class Aligner(Protocol):
    """Anything that finds the pairs between two articles of one story."""

    def pairs(self, story: str, a: Encoded, b: Encoded) -> Iterator[Pair]:
        """Yield the pairs of `a` and `b`, whose languages are in alphabetical order."""
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
    work = [(story.id, a, b) for story in stories for a, b in _across_languages(story, encoded)]
    for done, (story_id, a, b) in enumerate(work, 1):
        yield from aligner.pairs(story_id, a, b)
        progress(done, len(work))


def _across_languages(story: Story, encoded: Mapping[str, Encoded]) -> Iterator[tuple[Encoded, Encoded]]:
    members = sorted((encoded[name] for name in story.articles), key=lambda e: (e.article.lang, e.article.id))
    return ((a, b) for a, b in itertools.combinations(members, 2) if a.article.lang != b.article.lang)
