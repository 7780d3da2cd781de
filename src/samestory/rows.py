"""Rows: records as the JSON objects that stand in the files. The keys are the same in every row of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from samestory.letters import join
from samestory.records import Article, Explanation, Group, Pair, Rejection, Sentence, Side, Story, stable_id

Row = dict[str, Any]


def article_row(article: Article) -> Row:
    """Return a row of corpus/<lang>.jsonl."""
    row: Row = msgspec.to_builtins(article)
    del row["blocks"]
    return row


def story_row(story: Story, articles: Mapping[str, Article]) -> Row:
    """Return a row of stories.jsonl."""
    members = [articles[name] for name in story.articles]
    members.sort(key=lambda article: (article.lang, article.path))
    return {
        "story": story.id,
        "score": story.score,
        "languages": list(story.languages),
        "articles": [{"id": a.id, "lang": a.lang, "title": a.title, "date": a.date, "url": a.url} for a in members],
    }


def pair_row(pair: Pair, articles: Mapping[str, Article]) -> Row:
    """Return a row of <a>-<b>.jsonl."""
    sides = dict(zip(pair.languages, pair.sides, strict=True))
    name = "-".join(pair.languages)
    return {
        "id": f"{name}/{stable_id(*(f'{side.article}:{side.sentences}' for side in pair.sides))}",
        "story": pair.story,
        "translation": {lang: text(side, articles[side.article]) for lang, side in sides.items()},
        "english": {lang: english(side, articles[side.article]) for lang, side in sides.items()},
        "score": pair.score,
        "similarity": msgspec.to_builtins(pair.similarity),
        "relation": pair.relation,
        "flags": list(pair.flags),
        "source": {lang: _source(side, articles[side.article]) for lang, side in sides.items()},
    }


def group_row(group: Group, articles: Mapping[str, Article]) -> Row:
    """Return a row of groups.jsonl. Its English is that of its first member that has any, English itself first."""
    sides = sorted(group.sides, key=lambda member: (member[0] != "en", member[0]))
    glosses = (english(side, articles[side.article]) for _, side in sides)
    return {
        "id": group.id,
        "story": group.story,
        "score": group.score,
        "languages": [lang for lang, _ in group.sides],
        "english": next((gloss for gloss in glosses if gloss is not None), None),
        "members": [
            {"lang": lang, "text": text(side, articles[side.article]), **_source(side, articles[side.article])}
            for lang, side in group.sides
        ],
    }


def explanation_row(explanation: Explanation, articles: Mapping[str, Article]) -> Row:
    """Return a row of explained.jsonl: two articles, how likely they report one event, and what speaks for it."""
    return {
        "score": explanation.score,
        "story": explanation.story,
        "articles": [
            {"id": a.id, "path": a.path, "title": a.title} for a in map(articles.get, explanation.articles) if a
        ],
        "base": explanation.base,
        "reasons": {name: {"value": value, "adds": adds} for name, (value, adds) in explanation.reasons.items()},
    }


def rejection_row(rejection: Rejection) -> Row:
    """Return a row of rejected.jsonl."""
    row: Row = msgspec.to_builtins(rejection)
    return row


def text(side: Side, article: Article) -> str:
    """Return the text of `side` in its own language."""
    return join((sentence.text for sentence in _sentences(side, article)), article.lang)


def english(side: Side, article: Article) -> str | None:
    """Return the English of `side`, or None where one of its sentences has none."""
    parts = [sentence.english for sentence in _sentences(side, article)]
    known = [part for part in parts if part is not None]
    return " ".join(known) if len(known) == len(parts) else None


def _sentences(side: Side, article: Article) -> list[Sentence]:
    return [article.sentences[index] for index in side.sentences]


def _source(side: Side, article: Article) -> Row:
    sentences = _sentences(side, article)
    return {
        "article": article.id,
        "sentences": list(side.sentences),
        "start": sentences[0].start,
        "end": sentences[-1].end,
        "title": article.title,
        "date": article.date,
        "url": article.url,
    }
