"""What each component of alignment in any order earns: the scorers fitted and used without it, on text left out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from alignment.gold import Gold, own_readers
from alignment.left_out import left_out_readers, left_out_trees, stories_apart
from alignment.measure import rates
from alignment.pair_fit import (
    Result,
    Rows,
    aligned,
    calibrated,
    fit_calibration,
    fit_trees,
    hidden,
    joined,
    pair_rows,
    second_rows,
)
from samestory import free
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.features import CONTEXT, CROSS, FEATURES, LIKELIHOODS, RERANK_FEATURES
from samestory.looks import NO_READERS, FirstLook, Look, Readers, SecondLook
from samestory.scorer import Calibration, Trees
from samestory.select import Candidate, select
from samestory.spans import Spans, all_spans
from samestory.store import Store


def _named(*parts: str) -> frozenset[str]:
    return frozenset(name for name in RERANK_FEATURES if any(part in name for part in parts))


AGREEING = _named("agree")
RIVALS = _named("closest rival")
MIXED = AGREEING | RIVALS | {"similarity", "margin", "lead over rivals", "behind the best"}  # of both similarities
LEVELS = _named("level", "closest of the articles")
SUBJECT = _named("apart from", "similarity of the articles")
WORDS = _named("words")
READ = frozenset((*LIKELIHOODS, *CROSS))
ALL, UNCROSSED, GREEDILY = "all components", "without the cross-encoder", "greedy instead of joint selection"
COMPONENTS: dict[str, frozenset[str]] = {
    ALL: frozenset(),
    "without the direct similarity": MIXED | LEVELS | SUBJECT | _named("direct") | {"behind the best of all"},
    "without English": MIXED | WORDS | READ | _named("english") | {"level of the articles"},
    "without the likelihood of the English": frozenset(LIKELIHOODS),
    UNCROSSED: frozenset(CROSS),
    "without context": frozenset(CONTEXT),
    "without words": WORDS,
    "without margins and rivals": AGREEING | RIVALS | _named("margin", "lead", "behind", "rivals of"),
    "without numbers, names, negation": AGREEING
    | set(FEATURES[16:27])
    | _named("denials", "numbers apart", "names apart"),
    "without levels of articles and build": LEVELS,
    "without what is apart from the subject": SUBJECT,
    "without lengths": frozenset(FEATURES[11:15]),
}


class _Blind(Trees):
    """Trees that do not see some features."""

    def __init__(self, trees: Trees, without: frozenset[str]) -> None:
        super().__init__(trees.model, trees.features)
        self._without = without

    def probability(self, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return super().probability(hidden(evidence, self._without))


def greedy(candidates: Sequence[Candidate]) -> list[int]:
    """Return candidates taken best first, as long as no sentence is taken twice: what joint selection replaces."""
    taken: set[tuple[int, int]] = set()
    chosen = []
    for n in sorted(range(len(candidates)), key=lambda n: (-candidates[n].worth, n)):
        own = {(0, place) for place in candidates[n].a} | {(1, place) for place in candidates[n].b}
        if candidates[n].worth > 0 and taken.isdisjoint(own):
            taken |= own
            chosen.append(n)
    return sorted(chosen)


class Material(NamedTuple):
    """Gold of reports, to fit on and, each story left out, to measure on; and regrouped text for either.

    `cross` is the folder that fit_cross_encoder.py wrote; where it is None, the cross-encoder is in no line.
    """

    reports: Gold
    fitted: Sequence[Gold]
    measured: Sequence[Gold]
    store: Store
    cross: Path | None


class _Build(NamedTuple):
    """Articles that know of one another."""

    gold: Gold
    collection: Collection
    spans: dict[str, Spans]


def ablations(material: Material) -> str:
    """Return a table of rates at 90 % precision, each quarter of the stories by scorers that have not seen it.

    The last column is the F1 of regrouped text at the score that reports ask for, its articles paired beforehand.
    """
    builds = [material.reports, *material.fitted]
    rows = joined([pair_rows(gold, Collection(list(gold.articles.values())), 1.0) for gold in builds])
    folds = stories_apart(rows)
    readers = _readers(folds, material)
    reports, *measured = [_build(gold) for gold in (material.reports, *material.measured)]
    lines = ["| components | F1 | lax P | lax R | lax F1 | regrouped F1 |", "|---|---:|---:|---:|---:|---:|"]
    known = cache(evidence)  # the same in every line
    with patch.object(free, "evidence", known):
        for name, without in components(crossed=material.cross is not None).items():
            with patch.object(free, "select", greedy if name == GREEDILY else select):
                lines.append(_line(name, rows, folds, readers, without, reports, measured))
                print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def components(*, crossed: bool) -> dict[str, frozenset[str]]:
    """Return the lines of the table, and the features that each hides from the trees.

    Unless `crossed`, the cross-encoder is hidden in every line and has none of its own.
    """
    lines = {**COMPONENTS, GREEDILY: frozenset[str]()}
    if crossed:
        return lines
    names = {ALL: f"{ALL} but the cross-encoder"}
    return {names.get(name, name): without | set(CROSS) for name, without in lines.items() if name != UNCROSSED}


def _readers(folds: list[list[str]], material: Material) -> tuple[dict[str, Readers], Readers]:
    """Return, for every story, models that have not seen it, and those that ship."""
    shipped = own_readers(material.store)
    if material.cross is not None:
        return left_out_readers(folds, material.store, material.cross), shipped
    bare = shipped._replace(cross=NO_READERS.cross)
    return {story: bare for held in folds for story in held}, bare


def _build(gold: Gold) -> _Build:
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    return _Build(gold, Collection(list(gold.articles.values())), spans)


def _line(
    name: str,
    rows: Rows,
    folds: list[list[str]],
    readers: tuple[dict[str, Readers], Readers],
    without: frozenset[str],
    seen: _Build,
    measured: Sequence[_Build],
) -> str:
    blind, shipped = readers
    unseen = left_out_trees(rows, folds, FEATURES, without)
    again = second_rows(rows, {story: _Blind(trees, without) for story, trees in unseen.items()}, blind)
    unseen_again = left_out_trees(again, folds, RERANK_FEATURES, without)

    reports, translations = Result([], []), Result([], [])
    story_of = seen.gold.story
    for story in sorted({story_of[a] for a, _ in seen.gold.beads}):
        part = seen._replace(gold=seen.gold.only(name for name, own in story_of.items() if own == story))
        reports += _aligned(part, _looks(unseen[story], unseen_again[story], without, blind[story]))
    all_seen = fit_trees(rows, FEATURES, without), fit_trees(again, RERANK_FEATURES, without)
    for build in measured:
        translations += _aligned(build, _looks(*all_seen, without, shipped))

    curve = fit_calibration(reports.made)
    least = curve.threshold(0.9)
    rate, regrouped = (rates(calibrated(result, curve, least)) for result in (reports, translations))
    cells = (rate.f1, rate.lax_precision, rate.lax_recall, rate.lax_f1, regrouped.f1)
    return f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"


def _looks(first: Trees, second: Trees, without: frozenset[str], readers: Readers) -> Look:
    return SecondLook(FirstLook(_Blind(first, without)), _Blind(second, without), readers)


def _aligned(build: _Build, looks: Look) -> Result:
    return aligned(build.gold, free.FreeOrder(build.collection, looks, Calibration(1.0, 0.0, ()), 0.0), build.spans)
