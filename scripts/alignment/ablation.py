"""What each component of the alignment of reports earns: the scorer fitted and used without it, on stories left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from alignment.gold import Gold
from alignment.measure import rates
from alignment.pair_fit import Result, Rows, aligned, calibrated, fit_calibration, fit_trees, hidden, pair_rows, where
from samestory import free
from samestory.collection import Collection
from samestory.features import FEATURES
from samestory.scorer import Calibration, Trees
from samestory.select import Candidate, select
from samestory.spans import all_spans


def _named(*parts: str) -> frozenset[str]:
    return frozenset(name for name in FEATURES if any(part in name for part in parts))


AGREEING = _named("agree")
RIVALS = _named("closest rival")
MIXED = AGREEING | RIVALS | {"similarity", "margin", "lead over rivals", "behind the best"}  # of both similarities
LEVELS = _named("level", "closest of the articles")
SUBJECT = _named("apart from", "similarity of the articles")
WORDS = _named("words")
COMPONENTS: dict[str, frozenset[str]] = {
    "all components": frozenset(),
    "without the direct similarity": MIXED | LEVELS | SUBJECT | _named("direct") | {"behind the best of all"},
    "without English": MIXED | WORDS | _named("english") | {"level of the articles"},
    "without words": WORDS,
    "without margins and rivals": AGREEING | RIVALS | _named("margin", "lead", "behind"),
    "without numbers, names, negation": AGREEING
    | set(FEATURES[16:27])
    | _named("denials", "numbers apart", "names apart"),
    "without levels of articles and build": LEVELS,
    "without what is apart from the subject": SUBJECT,
    "without lengths": frozenset(FEATURES[11:15]),
}
FOLDS = 4
Select = Callable[[Sequence[Candidate]], list[int]]


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


def ablations(gold: Gold) -> str:
    """Return a table of rates at 90 % precision, each quarter of the stories by trees that have not seen it."""
    collection = Collection(list(gold.articles.values()))
    rows = pair_rows(gold, collection, 1.0)
    lines = ["| components | F1 | lax P | lax R | lax F1 |", "|---|---:|---:|---:|---:|"]
    for name, without in COMPONENTS.items():
        lines.append(_line(name, _measured(gold, collection, rows, without, select)))
    lines.append(_line("greedy instead of joint selection", _measured(gold, collection, rows, frozenset(), greedy)))
    return "\n".join(lines)


def _measured(gold: Gold, collection: Collection, rows: Rows, without: frozenset[str], selecting: Select) -> Result:
    stories = sorted({gold.story[a] for a, _ in gold.beads})
    total = Result([], [])
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    with patch.object(free, "select", selecting):
        for fold in range(FOLDS):
            held = set(stories[fold::FOLDS])
            kept = where(rows, ~np.isin(rows.story, sorted(held)))
            trees = _Blind(fit_trees(kept, without), without)
            part = gold.only(name for name, story in gold.story.items() if story in held)
            total += aligned(part, free.FreeOrder(collection, trees, Calibration(1.0, 0.0, ()), 0.0), spans)
    return total


def _line(name: str, result: Result) -> str:
    curve = fit_calibration(result.made)
    least = curve.threshold(0.9)
    rate = rates(calibrated(result, curve, least))
    cells = (rate.f1, rate.lax_precision, rate.lax_recall, rate.lax_f1)
    return f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"
