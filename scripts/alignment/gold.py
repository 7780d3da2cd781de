"""Gold made by hand: the articles, translated and encoded, the event of each, and the beads of each two articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from samestory import argos
from samestory.collection import Collection
from samestory.encode import encode
from samestory.encoders import DIRECT, ENGLISH, encoder
from samestory.looks import Readers
from samestory.readers import readers
from samestory.records import Article, Encoded, Role, Sentence
from samestory.spans import Spans, all_spans
from samestory.store import Store
from samestory.translate import translate
from samestory.translator import Options

Place = tuple[int, ...]
Beads = dict[tuple[Place, Place], str]
"""Positions among the content sentences of two articles, and their relation."""
SHARING = ("equivalent", "partial")
"""The relations of beads that share a fact and do not contradict."""


class Gold(NamedTuple):
    """Articles by name, the event each reports, the story each was written for, and the beads of two articles."""

    articles: dict[str, Encoded]
    event: dict[str, str]
    story: dict[str, str]
    beads: dict[tuple[str, str], Beads]

    def only(self, names: Iterable[str]) -> Gold:
        """Return the gold of some articles."""
        kept = set(names)
        return Gold(
            {name: e for name, e in self.articles.items() if name in kept},
            {name: event for name, event in self.event.items() if name in kept},
            {name: story for name, story in self.story.items() if name in kept},
            {pair: beads for pair, beads in self.beads.items() if kept.issuperset(pair)},
        )

    def lacking_english(self) -> Gold:
        """Return the same articles, with the beads of only those pairs of which an article has no English."""
        english = {name for name, e in self.articles.items() if e.english is not None}
        return self._replace(beads={pair: beads for pair, beads in self.beads.items() if not english.issuperset(pair)})

    def beside(self, other: Gold) -> Gold:
        """Return both, which have no article in common."""
        return Gold(
            self.articles | other.articles, self.event | other.event, self.story | other.story, self.beads | other.beads
        )

    def of_story(self, story: str) -> Gold:
        """Return the gold of the articles written for one story."""
        return self.only(name for name, own in self.story.items() if own == story)

    def aligned_stories(self) -> list[str]:
        """Return the stories of which two articles are aligned."""
        return sorted({self.story[a] for a, _ in self.beads})

    def reports(self, name: str) -> list[str]:
        """Return the names of all reports of the event that the article of that name reports."""
        return sorted(other for other, event in self.event.items() if event == self.event[name])


class Build(NamedTuple):
    """Articles that know of one another, and the spans of each."""

    gold: Gold
    collection: Collection
    spans: dict[str, Spans]


def build(gold: Gold) -> Build:
    """Return all articles of `gold` as one build."""
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    return Build(gold, Collection(list(gold.articles.values())), spans)


def read_reports(folder: Path, store: Store) -> Gold:
    """Return the gold of reports in a folder of tests/gold, such as held_out: one file a story."""
    stories = [msgspec.json.decode(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    articles = [
        plain_article(row["name"], row["lang"], _roles(row["sentences"]), row.get("date"))
        for story in stories
        for row in story["articles"]
    ]
    return Gold(
        processed(articles, store),
        {row["name"]: row["event"] for story in stories for row in story["articles"]},
        {row["name"]: story["story"] for story in stories for row in story["articles"]},
        _beads(pair for story in stories for pair in story["pairs"]),
    )


def read_second(path: Path) -> dict[tuple[str, str], Beads]:
    """Return what a second reader marked, a file of tests/gold/second_reader."""
    return _beads(msgspec.json.decode(path.read_bytes())["pairs"])


def read_sample(folder: Path, store: Store) -> Gold:
    """Return the gold of the sample set: tests/gold."""
    articles = [
        plain_article(row["path"], row["lang"], row["sentences"], None) for row in _rows(folder / "sentences.jsonl")
    ]
    encoded = processed(articles, store)
    event = {path: row["story"] or path for row in _rows(folder / "stories.jsonl") for path in row["articles"]}
    beads: dict[tuple[str, str], Beads] = {}
    for row in _rows(folder / "pairs.jsonl"):
        a, b = row["a"], row["b"]
        key = _positions(encoded[a["path"]], a["sentences"]), _positions(encoded[b["path"]], b["sentences"])
        beads.setdefault((a["path"], b["path"]), {})[key] = row["relation"]
    return Gold(encoded, event, event, beads)


def plain_article(name: str, lang: str, sentences: Sequence[tuple[Role, str]], date: str | None) -> Article:
    """Return an article of `sentences`, each with its role, one behind the other."""
    made, start = [], 0
    for index, (role, text) in enumerate(sentences):
        made.append(Sentence(index, text, start, start + len(text), role))
        start += len(text) + 1
    text = "\n".join(text for _, text in sentences)
    return Article(name, lang, sentences[0][1], date, None, None, name, "", text, (), tuple(made))


def processed(articles: Sequence[Article], store: Store) -> dict[str, Encoded]:
    """Return `articles` by name, translated by the packages at hand, and encoded."""
    translated = list(translate(articles, argos.find_packages(), store, Options(), lambda _done, _total: None))
    return {e.article.id: e for e in encode(translated, encoder(DIRECT, 2), encoder(ENGLISH, 2), store)}


def own_readers(store: Store) -> Readers:
    """Return the models that read both sides, by the packages at hand."""
    return readers(argos.find_packages(), store)


def _beads(pairs: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Beads]:
    return {
        (pair["a"], pair["b"]): {(tuple(a), tuple(b)): relation for a, b, relation in pair["beads"]} for pair in pairs
    }


def _roles(sentences: Sequence[str]) -> list[tuple[Role, str]]:
    return [("title" if n == 0 else "body", text) for n, text in enumerate(sentences)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]


def _positions(encoded: Encoded, texts: Sequence[str]) -> Place:
    content = [sentence.text for sentence in encoded.article.content]
    return tuple(content.index(text) for text in texts)
