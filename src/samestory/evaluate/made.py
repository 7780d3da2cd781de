"""What a build made, read back from its two folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from samestory import manifest
from samestory.errors import UsageError
from samestory.evaluate.lines import read_lines
from samestory.records import Article, Relation

_CURE = "run samestory build again"
_OTHER = "name the corpus folder of this build with --corpus, or run samestory build again"


class Source(msgspec.Struct, frozen=True):
    """Where a side of a pair stands."""

    article: str
    sentences: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]


class MadePair(msgspec.Struct, frozen=True):
    """What is wanted of a row of <a>-<b>.jsonl."""

    id: str
    score: Annotated[float, msgspec.Meta(ge=0, le=1)]
    relation: Relation
    translation: dict[str, str]
    english: dict[str, str | None]
    source: dict[str, Source]


class Made(msgspec.Struct, frozen=True):
    """A build: its signature, its articles by id, the ids of the articles of each story, and its pairs."""

    signature: str
    articles: dict[str, Article]
    stories: tuple[tuple[str, ...], ...]
    pairs: tuple[MadePair, ...]


class _Member(msgspec.Struct, frozen=True):
    id: str


class _Story(msgspec.Struct, frozen=True):
    articles: tuple[_Member, ...]


def read_made(aligned: Path, corpus: Path) -> Made:
    """Return the build in the folders `aligned` and `corpus`. Raises UsageError where it is not whole."""
    record = manifest.read(aligned)
    if record is None:
        missing = aligned / manifest.MANIFEST
        raise UsageError(
            f"{missing} is missing or of another version: run samestory build, or name its --aligned folder"
        )
    articles = {article.id: article for name in record.corpus for article in read_lines(corpus / name, Article, _OTHER)}
    stories = [
        tuple(member.id for member in story.articles) for story in read_lines(aligned / "stories.jsonl", _Story, _CURE)
    ]
    unknown = sorted({name for story in stories for name in story} - articles.keys())
    if unknown:
        raise UsageError(f"{corpus} has no article {unknown[0]}, which {aligned / 'stories.jsonl'} names: {_OTHER}")
    pairs = []
    for name in record.counts.pairs:
        path = aligned / f"{name}.jsonl"
        rows = read_lines(path, MadePair, _CURE)
        for row in rows:
            _check(row, articles, path, corpus)
        pairs += rows
    return Made(record.signature, articles, tuple(stories), tuple(pairs))


def _check(row: MadePair, articles: Mapping[str, Article], path: Path, corpus: Path) -> None:
    """Raise UsageError where `row` is not of two languages, or not made of what is in `articles`."""
    if not len(row.source) == 2 == len(row.source.keys() & row.translation.keys() & row.english.keys()):
        raise UsageError(f"{path}: {row.id} has not the same two languages in all its fields: {_CURE}")
    for source in row.source.values():
        length = len(articles[source.article].sentences) if source.article in articles else 0
        if not 0 <= min(source.sentences) <= max(source.sentences) < length:
            raise UsageError(f"{corpus} has not the sentences of {source.article} that {row.id} is made of: {_OTHER}")
