"""What the cross-encoder learns from: parallel news, translated by machine, and the candidates of gold."""

from __future__ import annotations

import lzma
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from alignment.contradictions import Kind, contradict, shared_names
from alignment.gold import Beads, Gold, Place, plain_article
from alignment.pair_fit import DIVERGENT, label, overlap
from cross.examples import Example, Parallel, Truth
from samestory import argos, scorer
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.features import FEATURES
from samestory.looks import LEAST
from samestory.scorer import Trees
from samestory.spans import Spans, all_spans
from samestory.store import Store
from samestory.translate import translate

NEWS = {
    "fr": {f"newstest{year}" for year in range(2009, 2014)} | {"news-test2008", "newssyscomb2009"},
    "id": {"panl-bppt-int", "panl-bppt-eco", "panl-bppt-spo", "gunnxx-news"},
}
SENTENCES = 12_000  # of each language
_WORDS = range(5, 61)  # of a sentence
_KINDS: tuple[Kind, ...] = ("number", "name", "negation")


def parallel(folder: Path, store: Store, count: int = SENTENCES) -> list[Parallel]:
    """Return English sentences of news, their counterparts translated by machine, and contradictions made of them.

    `folder` holds train.fr-en.tsv.xz and train.id-en.tsv.xz: a sentence, its English, and the name of the corpus.
    """
    rng = random.Random(5)
    found = []
    for lang in NEWS:
        rows = sorted(set(_news(folder, lang)))
        rows = rng.sample(rows, min(count, len(rows)))
        names = shared_names([(english, text) for text, english in rows], "en")
        for (text, english), translation in zip(
            rows, _translations(lang, [text for text, _ in rows], store), strict=True
        ):
            if translation is not None:
                made = [contradict(kind, english, text, "en", names, rng) for kind in _KINDS]
                found.append(Parallel(english, translation, [false for false in made if false is not None]))
    return found


def of_reports(gold: Gold) -> list[Example]:
    """Return the candidates of the gold that the first look finds likely at all, where both sides have English."""
    collection = Collection(list(gold.articles.values()))
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    trees, found = scorer.load_trees().expect(FEATURES), {}
    for (a, b), beads in sorted(gold.beads.items()):
        for example in _candidates(collection, (spans[a], spans[b]), beads, trees):
            found[example.a, example.b] = example
    return list(found.values())


def _news(folder: Path, lang: str) -> Iterator[tuple[str, str]]:
    with lzma.open(folder / f"train.{lang}-en.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text, english, corpus = line.rstrip("\n").split("\t")
            if corpus in NEWS[lang] and len(text.split()) in _WORDS and len(english.split()) in _WORDS:
                yield text, english


def _translations(lang: str, texts: Sequence[str], store: Store) -> list[str | None]:
    article = plain_article("parallel", lang, [("body", text) for text in texts], None)
    (translated,) = translate([article], argos.find_packages(), store)
    return [sentence.trusted_english for sentence in translated.sentences]


def _candidates(collection: Collection, sides: tuple[Spans, Spans], beads: Beads, trees: Trees) -> Iterator[Example]:
    a, b = sides
    found = evidence(collection, a, b)
    likely = trees.probability(found.values) >= LEAST
    for row, column in zip(found.rows[likely].tolist(), found.columns[likely].tolist(), strict=True):
        english = a.english_text(row), b.english_text(column)
        if english[0] is not None and english[1] is not None:
            bead = tuple(a.positions[row]), tuple(b.positions[column])
            yield Example(english[0], english[1], *_answers(bead, beads))


def _answers(bead: tuple[Place, Place], beads: Beads) -> tuple[Truth, Truth]:
    """Return what is true of a candidate and how much each answer counts."""
    one, weight, _ = label(beads, bead, DIVERGENT)
    relation = beads.get(bead)
    touched = {other for place, other in beads.items() if overlap(bead, place)}
    overlaps = bool(touched & {"equivalent", "partial"})
    truth = float(one), float(overlaps), float(relation == "divergent")
    return truth, (weight, 1.0 if overlaps or not touched else 0.0, float(relation in {"equivalent", "divergent"}))
