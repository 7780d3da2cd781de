"""A small build and gold for it, both made by hand, so that every figure can be counted on the fingers.

The other tests of the evaluation take them from here; those below are of reading them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from by_hand import Line, article
from samestory.config import DEFAULTS
from samestory.evaluate import Evaluation, evaluate
from samestory.evaluate.gold import GoldArticle, places, read_gold
from samestory.evaluate.made import read_made
from samestory.manifest import Models
from samestory.records import Article, Pair, Relation, Side, Similarity, Story
from samestory.write import Result, write

EN = ["The ferry stopped.", "It was noon.", "All are safe.", "Two ships came.", "The sea was calm.", "Fares will rise."]
FR = ["Le bac en panne.", "Il etait midi.", "Tous sont saufs.", "Deux navires.", "La mer calme.", "Les prix montent."]
ID = ["Feri mogok.", "Saat itu siang.", "Semua selamat.", "Dua kapal datang.", "Laut tenang.", "Tarif naik."]

ARTICLES = {
    "e": article("e", "en", EN),
    "f": article("f", "fr", [Line(text, english=f"EN {text}") for text in FR]),
    "i": article("i", "id", ID),
}

Made = tuple[str, Sequence[int], str, Sequence[int], float]
"""An article and sentences of it, another and its sentences, and the score."""
Wanted = tuple[str, str, Sequence[str], str, Sequence[str]]
"""A relation, a path and its sentences, another and its sentences."""


def write_build(
    folder: Path,
    made: Sequence[Made],
    articles: Mapping[str, Article] = ARTICLES,
    stories: Sequence[str] = ("efi",),
    partial: Collection[int] = (),
) -> Path:
    """Write a build to corpus/ and aligned/ in `folder`; returns aligned/.

    A story is the names of its articles. `partial` are the places, among those made, of the beads told to be so.
    """
    told = [
        Story(f"s-{names}", tuple(names), tuple(sorted({articles[n].lang for n in names})), 1.0) for names in stories
    ]
    pairs = []
    for n, (a, left, b, right, score) in enumerate(made):
        relation: Relation = "partial" if n in partial else "equivalent"
        story = next((s.id for s in told if {a, b} <= set(s.articles)), told[0].id)
        sides = (Side(a, tuple(left)), Side(b, tuple(right)))
        languages = (articles[a].lang, articles[b].lang)
        pairs.append(Pair(story, languages, sides, score, Similarity(0.5, None, 1.0), relation))
    models = Models("direct", "english", "scorer", "cross", "monotone", {}, {})
    result = Result(list(articles.values()), told, pairs, [], [])
    write(result, folder / "corpus", folder / "aligned", DEFAULTS, models, "")
    return folder / "aligned"


def write_gold(
    folder: Path,
    pairs: Sequence[Wanted] = (),
    sentences: Mapping[str, Sequence[str]] | None = None,
    stories: Mapping[str | None, Sequence[str]] | None = None,
) -> Path:
    """Write gold to `folder`; unless given, its sentences and its one story are those of ARTICLES."""
    texts = sentences or {f"{name}.txt": [s.text for s in a.sentences] for name, a in ARTICLES.items()}
    langs = {"e": "en", "f": "fr", "i": "id"}
    told = stories if stories is not None else {"ferry": list(texts)}
    folder.mkdir(parents=True, exist_ok=True)
    _lines(folder / "stories.jsonl", [{"story": story, "articles": paths} for story, paths in told.items()])
    _lines(
        folder / "sentences.jsonl",
        [
            {"path": path, "lang": langs[path[0]], "sentences": [["body", text] for text in own]}
            for path, own in texts.items()
        ],
    )
    _lines(
        folder / "pairs.jsonl",
        [
            {"languages": [], "relation": r, "a": {"path": p, "sentences": s}, "b": {"path": q, "sentences": t}}
            for r, p, s, q, t in pairs
        ],
    )
    return folder


def of(
    folder: Path,
    made: Sequence[Made],
    wanted: Sequence[Wanted],
    sentences: Mapping[str, Sequence[str]] | None = None,
    errors: int = 5,
    partial: Collection[int] = (),
) -> Evaluation:
    """Return the evaluation of beads made against those wanted."""
    aligned = write_build(folder, made, partial=partial)
    return evaluate(write_gold(folder / "gold", wanted, sentences), aligned, errors=errors)


def same(relation: str, *numbers: int) -> Wanted:
    """A gold bead of the sentences of `numbers` in the English and in the French article."""
    return relation, "e.txt", [EN[n] for n in numbers], "f.txt", [FR[n] for n in numbers]


def bead(left: Sequence[int], right: Sequence[int], score: float = 0.9) -> Made:
    """A made bead of sentences of the English and of the French article."""
    return "e", left, "f", right, score


def _lines(path: Path, rows: Sequence[Any]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_gold_is_read_as_it_was_written(tmp_path: Path) -> None:
    stories: dict[str | None, list[str]] = {"ferry": ["e.txt", "f.txt"], None: ["i.txt"]}
    gold = read_gold(write_gold(tmp_path, [same("partial", 1, 2)], stories=stories))
    assert gold.story_of == {"e.txt": "ferry", "f.txt": "ferry"}
    assert [text for _, text in gold.articles["f.txt"].sentences] == FR
    (pair,) = gold.pairs
    assert (pair.relation, pair.a.path, pair.b.sentences) == ("partial", "e.txt", tuple(FR[1:3]))


def test_a_build_is_read_as_it_was_written(tmp_path: Path) -> None:
    aligned = write_build(tmp_path, [bead([1, 2], [1], 0.7), ("e", [0], "i", [0], 0.6)])
    made = read_made(aligned, tmp_path / "corpus")
    assert made.articles == ARTICLES
    assert set(made.stories[0]) == set("efi")
    assert [(pair.score, pair.source["en"].sentences) for pair in made.pairs] == [(0.7, (1, 2)), (0.6, (0,))]


def test_texts_that_occur_twice_are_taken_where_they_stand_in_a_row() -> None:
    rows = [
        ("title", "Yes."),
        ("furniture", "No."),
        ("body", "No."),
        ("body", "Why?"),
        ("body", "Yes."),
        ("body", "No."),
    ]
    article = GoldArticle("a.txt", "en", tuple(rows))
    assert places(article, ("Yes.", "No.")) == (0, 2)
    assert places(article, ("Why?", "Yes.", "No.")) == (3, 4, 5)
    assert places(article, ("No.", "Yes.")) == (2, 0)
