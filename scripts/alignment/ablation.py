"""What each component of alignment in any order earns: the scorers fitted and used without it, on text left out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

import samestory.reports
from alignment.ends_fit import learnt, two_by_two
from alignment.gold import Build, Gold, build, own_readers
from alignment.left_out import left_out_trees, stories_apart
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
from samestory.features import CONTEXT, CROSS, ENDS, FEATURES, LIKELIHOODS, PIVOTS, RERANK_FEATURES
from samestory.looks import FirstLook, Look, Readers, SecondLook, ThirdLook
from samestory.scorer import Calibration, Trees
from samestory.select import Candidate, select
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
ALL, NO_THIRD, GREEDILY = "all components", "without the third look", "greedy instead of joint selection"
COMPONENTS: dict[str, frozenset[str]] = {
    ALL: frozenset(),
    "without the direct similarity": MIXED | LEVELS | SUBJECT | _named("direct") | {"behind the best of all"},
    "without English": MIXED | WORDS | READ | _named("english") | {"level of the articles"},
    "without the likelihood of the English": frozenset(LIKELIHOODS),
    "without the cross-encoder": frozenset(CROSS),
    "without context": frozenset(CONTEXT) | {name for name in ENDS if "elsewhere" in name},
    "without third reports": frozenset(PIVOTS),
    "without words": WORDS,
    "without margins and rivals": AGREEING | RIVALS | _named("margin", "lead", "behind", "rivals of"),
    "without numbers, names, negation": AGREEING
    | set(FEATURES[16:27])
    | _named("denials", "numbers apart", "names apart"),
    "without levels of articles and build": LEVELS,
    "without what is apart from the subject": SUBJECT,
    "without lengths": frozenset(FEATURES[11:15]) | {f"sentences of the {side} side" for side in ("longer", "shorter")},
    GREEDILY: frozenset(),
}


class _Blind(Trees):
    """Trees that do not see some features."""

    def __init__(self, trees: Trees, without: frozenset[str]) -> None:
        super().__init__(trees.model, trees.features)
        self._without = without

    def probability(self, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return super().probability(hidden(evidence, self.features, self._without))


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

    The cross-encoder has seen none of it.
    """

    reports: Gold
    fitted: Sequence[Gold]
    measured: Sequence[Gold]
    store: Store


class _Seen(NamedTuple):
    """What a line of the table is fitted and measured on; the reports of each story by its name."""

    rows: Rows
    folds: list[list[str]]
    reports: dict[str, Build]
    ends: list[Build]
    measured: list[Build]
    readers: Readers


def ablations(material: Material) -> str:
    """Return a table of rates where 90 % of all beads are right.

    Each quarter of the stories is scored by what has not seen it. The last column is the F1 of regrouped text at the
    score that reports ask for, its articles paired beforehand.
    """
    rows = joined(
        [
            pair_rows(gold, Collection(list(gold.articles.values())), 1.0)
            for gold in (material.reports, *material.fitted)
        ]
    )
    every = build(material.reports)
    reports = {
        story: every._replace(gold=every.gold.of_story(story)) for story in sorted(set(every.gold.story.values()))
    }
    # with third reports and without; and regrouped text
    ends = [every, *two_by_two(material.reports), *map(build, material.fitted)]
    measured = [build(gold) for gold in material.measured]
    seen = _Seen(rows, stories_apart(rows), reports, ends, measured, own_readers(material.store))
    lines = ["| components | F1 | lax P | lax R | lax F1 | regrouped F1 |", "|---|---:|---:|---:|---:|---:|"]
    known = cache(evidence)  # the same in every line
    with patch.object(samestory.reports, "evidence", known):
        for name, without in COMPONENTS.items():
            with patch.object(free, "select", greedy if name == GREEDILY else select):
                lines += _lines(name, without, seen)
                print("\n".join(lines[-2 if name == ALL else -1 :]), file=sys.stderr, flush=True)
    return "\n".join(lines)


def _lines(name: str, without: frozenset[str], seen: _Seen) -> list[str]:
    """Return the line of a component; where all are there, that without the third look too."""
    unseen = left_out_trees(seen.rows, seen.folds, FEATURES, without)
    blind = {story: _Blind(trees, without) for story, trees in unseen.items()}
    again = second_rows(seen.rows, blind, seen.readers)
    unseen_again = left_out_trees(again, seen.folds, RERANK_FEATURES, without)
    second = {
        story: SecondLook(FirstLook(blind[story]), _Blind(unseen_again[story], without), seen.readers)
        for story in unseen
    }
    ends = learnt(seen.ends, second.__getitem__, seen.readers)
    unseen_ends = [left_out_trees(rows, seen.folds, ENDS, without) for rows in ends]

    def third(look: Look, exact: Trees, partial: Trees) -> Look:
        return ThirdLook(look, _Blind(exact, without), _Blind(partial, without), seen.readers)

    every: Look = SecondLook(
        FirstLook(_Blind(fit_trees(seen.rows, FEATURES, without), without)),
        _Blind(fit_trees(again, RERANK_FEATURES, without), without),
        seen.readers,
    )
    third_of = {story: third(second[story], *(trees[story] for trees in unseen_ends)) for story in unseen}
    lines = [_line(name, seen, third_of, third(every, *(fit_trees(rows, ENDS, without) for rows in ends)))]
    return [*lines, _line(NO_THIRD, seen, second, every)] if name == ALL else lines


def _line(name: str, seen: _Seen, looks: Mapping[str, Look], every: Look) -> str:
    """Return what comes of reports, each story by its own of the `looks`, and of regrouped text by that of `every`."""
    reports, translations = Result([], []), Result([], [])
    for story, part in seen.reports.items():
        reports += _aligned(part, looks[story])
    for regrouped in seen.measured:
        translations += _aligned(regrouped, every)
    curve = fit_calibration(reports.made)
    least = curve.threshold(0.9)
    rate, other = (rates(calibrated(result, curve, least)) for result in (reports, translations))
    cells = [f"{share:.3f}" for share in (rate.f1, rate.lax_precision, rate.lax_recall, rate.lax_f1)]
    cells.append(f"{other.f1:.3f}" if seen.measured else "-")
    return f"| {name} | {' | '.join(cells)} |"


def _aligned(seen: Build, look: Look) -> Result:
    return aligned(seen.gold, free.FreeOrder(seen.collection, look, Calibration(1.0, 0.0, ()), 0.0), seen.spans)
