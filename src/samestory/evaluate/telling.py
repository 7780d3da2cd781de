"""Which articles tell one story: precision, recall and F1 over pairs of articles."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from samestory.evaluate.gold import Gold
from samestory.evaluate.made import Made
from samestory.evaluate.measure import Score, score


class StoryFigures(msgspec.Struct, frozen=True):
    """Pairs of articles of one story: those made, those wanted, and how far they are the same."""

    made: int
    wanted: int
    pairs: Score


class StoryBreakdown(msgspec.Struct, frozen=True):
    """Figures of all pairs of articles, and by language pair (an article may pair with one of its own language)."""

    total: StoryFigures
    by_languages: dict[str, StoryFigures]


_Pairs = set[tuple[str, str]]


def story_figures(gold: Gold, made: Made) -> StoryBreakdown:
    """Return how far the stories of `made` are those of `gold`. Articles that the gold does not list are left out."""
    listed = {path for story in gold.stories for path in story.articles}
    wanted = _pairs(story.articles for story in gold.stories if story.story is not None)
    told = ((made.articles[name].path for name in story) for story in made.stories)
    found = _pairs([path for path in story if path in listed] for story in told)
    lang_of = {article.path: article.lang for article in made.articles.values()}
    lang_of |= {article.path: article.lang for article in gold.articles.values()}

    def languages(pair: tuple[str, str]) -> str:
        return "-".join(sorted(lang_of.get(path, "?") for path in pair))

    names = sorted({languages(pair) for pair in wanted | found})
    by_languages = {
        name: _figures({p for p in found if languages(p) == name}, {p for p in wanted if languages(p) == name})
        for name in names
    }
    return StoryBreakdown(_figures(found, wanted), by_languages)


def _pairs(stories: Iterable[Iterable[str]]) -> _Pairs:
    return {two for story in stories for two in itertools.combinations(sorted(set(story)), 2)}


def _figures(made: _Pairs, wanted: _Pairs) -> StoryFigures:
    right = len(made & wanted)
    return StoryFigures(len(made), len(wanted), score(right, len(made), right, len(wanted)))
