"""Measuring the whole way: articles in, stories and beads out, against gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from alignment.gold import SHARING, Beads, Gold, Place
from alignment.pair_fit import Outcome, Result, compared
from samestory import looks, monotone, scorer
from samestory.align import align
from samestory.collection import Collection
from samestory.evaluate.calibration import Calibration, Scored, calibration_of
from samestory.evaluate.measure import Relations, relations_of
from samestory.free import FreeOrder
from samestory.judge import SharedFacts
from samestory.looks import Readers
from samestory.neighbours import candidates
from samestory.pairing import Pairing
from samestory.records import Pair, Story
from samestory.stories import stories

Made = dict[tuple[str, str], list[tuple[tuple[Place, Place], float]]]
"""Beads and scores by the two articles they are of."""


class Run(NamedTuple):
    """What a system made of some articles: the pairs of articles it put together, beads, and those called partial."""

    together: set[tuple[str, str]]
    beads: Made
    partial: Made


def run(gold: Gold, min_score: float, readers: Readers) -> Run:
    """Return the stories and pairs that samestory finds among the articles of `gold`, with the scorers it ships."""
    encoded = [gold.articles[name] for name in sorted(gold.articles)]
    collection = Collection(encoded)
    judge = SharedFacts(collection, scorer.load_trees(), scorer.load_story_trees())
    found = list(stories(encoded, judge, candidates))
    free = FreeOrder(collection, looks.load(readers), scorer.load().calibration, min_score)
    pairing = Pairing(collection, free, monotone.load(), min_score)
    pairs = list(align(found, gold.articles, pairing))
    partial = [pair for pair in pairs if pair.relation == "partial"]
    return Run(across(gold, found), by_articles(gold, pairs), by_articles(gold, partial))


def across(gold: Gold, found: Iterable[Story]) -> set[tuple[str, str]]:
    """Return the pairs of articles of `found` stories that are in different languages."""
    lang = {name: e.article.lang for name, e in gold.articles.items()}
    return {(a, b) for story in found for a in story.articles for b in story.articles if lang[a] < lang[b]}


def by_articles(gold: Gold, pairs: Iterable[Pair]) -> Made:
    """Return pairs as beads of positions among content sentences."""
    place = {
        name: {sentence.index: n for n, sentence in enumerate(e.article.content)} for name, e in gold.articles.items()
    }
    made: Made = {}
    for pair in pairs:
        a, b = pair.sides
        bead = tuple(place[a.article][n] for n in a.sentences), tuple(place[b.article][n] for n in b.sentences)
        made.setdefault((a.article, b.article), []).append((bead, pair.score))
    return made


def partials(gold: Gold, made: Run) -> Relations:
    """Return how far the beads that are cut as in the gold are called partial where they are so there."""
    called = {(articles, bead) for articles, beads in made.partial.items() for bead, _ in beads}
    known = []
    for articles, beads in made.beads.items():
        for bead, _ in beads:
            relation = gold.beads.get(articles, {}).get(bead)
            if relation in SHARING:
                known.append(((articles, bead) in called, relation == "partial"))
    return relations_of(known)


def measured(gold: Gold, made: Made) -> Result:
    """Return how `made` compares with the gold beads of all articles; beads between unrelated articles are wrong."""
    total = Result([], [])
    for articles in sorted(gold.beads.keys() | made.keys()):
        beads: Beads = gold.beads.get(articles, {})
        total += compared(made.get(articles, []), beads)
    return total


class Rates(NamedTuple):
    """Strict and lax precision, recall and F1."""

    precision: float
    recall: float
    f1: float
    lax_precision: float
    lax_recall: float
    lax_f1: float


def rates(result: Result) -> Rates:
    """Return the rates of a result; beads that count neither way are left out."""
    counted = [outcome for outcome in result.made if not outcome.neutral]
    made, wanted = max(len(counted), 1), max(result.wanted, 1)
    strict, lax = (sum(right) / made for right in ([o.strict for o in counted], [o.lax for o in counted]))
    recall = sum(hit > 0 for hit in result.hits) / wanted
    found = sum(o.strict for o in counted) / wanted
    return Rates(strict, found, _f1(strict, found), lax, recall, _f1(lax, recall))


def pairing_f1(gold: Gold, together: set[tuple[str, str]]) -> float:
    """Return F1 of the pairs of articles put together, among those in different languages."""
    lang = {name: e.article.lang for name, e in gold.articles.items()}
    names = sorted(gold.articles)
    true = {(a, b) for a in names for b in names if lang[a] < lang[b] and gold.event[a] == gold.event[b]}
    return 2 * len(true & together) / max(len(true) + len(together), 1)


def reliability(outcomes: Sequence[Outcome]) -> Calibration:
    """Return how well the scores of outcomes fit the truth; those that count neither way are left out."""
    return calibration_of([Scored(o.score, o.strict, o.lax) for o in outcomes if not o.neutral])


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
