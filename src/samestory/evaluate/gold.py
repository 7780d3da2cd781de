"""Gold made by hand: which articles tell one story, which sentences an article has, which of them say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

from samestory.errors import UsageError
from samestory.evaluate.lines import read_lines
from samestory.records import CONTENT_ROLES

GoldRelation: TypeAlias = Literal["equivalent", "partial", "divergent"]

_CURE = "a folder of gold holds stories.jsonl, sentences.jsonl and pairs.jsonl, as in docs/GUIDE.md"


class GoldStory(msgspec.Struct, frozen=True):
    """A row of stories.jsonl: articles, by path, of one story; where `story` is None, of none."""

    story: str | None
    articles: tuple[str, ...]


class GoldArticle(msgspec.Struct, frozen=True):
    """A row of sentences.jsonl: role and text of each sentence, in the order of the document."""

    path: str
    lang: str
    sentences: tuple[tuple[str, str], ...]

    @property
    def content(self) -> tuple[int, ...]:
        """The places of the sentences that may be paired."""
        return tuple(n for n, (role, _) in enumerate(self.sentences) if role in CONTENT_ROLES)


class GoldSide(msgspec.Struct, frozen=True):
    """One side of a pair: sentences of the article at `path`, by their texts."""

    path: str
    sentences: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class GoldPair(msgspec.Struct, frozen=True):
    """A row of pairs.jsonl."""

    relation: GoldRelation
    a: GoldSide
    b: GoldSide


class Gold(msgspec.Struct, frozen=True):
    """The three files of a folder of gold; articles by path."""

    stories: tuple[GoldStory, ...]
    articles: dict[str, GoldArticle]
    pairs: tuple[GoldPair, ...]

    @property
    def story_of(self) -> dict[str, str]:
        """The story of each article that is in one."""
        return {path: row.story for row in self.stories if row.story is not None for path in row.articles}


def read_gold(folder: Path) -> Gold:
    """Return the gold in `folder`. Raises UsageError where a file is missing or damaged, or fits no other."""
    stories = read_lines(folder / "stories.jsonl", GoldStory, _CURE)
    articles = {row.path: row for row in read_lines(folder / "sentences.jsonl", GoldArticle, _CURE)}
    pairs = read_lines(folder / "pairs.jsonl", GoldPair, _CURE)
    for number, pair in enumerate(pairs, 1):
        for side in (pair.a, pair.b):
            texts = {text for _, text in articles[side.path].sentences} if side.path in articles else set()
            unknown = [text for text in side.sentences if text not in texts]
            if unknown:
                where = f"{folder / 'pairs.jsonl'}, pair {number}"
                raise UsageError(f"{where}: sentences.jsonl has no {unknown[0]!r} in {side.path}: {_CURE}")
    return Gold(tuple(stories), articles, tuple(pairs))


def places(article: GoldArticle, texts: tuple[str, ...]) -> tuple[int, ...]:
    """Return where `texts` stand among the sentences of `article`: in a row if they do so anywhere."""
    content = article.content
    for first in range(len(content) - len(texts) + 1):
        row = content[first : first + len(texts)]
        if tuple(article.sentences[n][1] for n in row) == texts:
            return row
    order = (*content, *range(len(article.sentences)))
    return tuple(next(n for n in order if article.sentences[n][1] == text) for text in texts)
