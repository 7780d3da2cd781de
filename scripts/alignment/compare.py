"""Tables of how well samestory aligns beside the baselines, all on one encoder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from alignment.baselines import gale_church, margin_mining, mutual_nearest, sentalign
from alignment.cases import Languages
from alignment.gold import SHARING, Beads, Gold
from alignment.measure import Made, Rates, measured, pairing_f1, partials, rates, reliability, run
from alignment.monotone import monotone_case
from alignment.monotone_material import DEVTEST, SETTINGS, counted, figures, rated, vectors_of
from alignment.pair_fit import Result
from alignment.synthetic import free_gold, trap_gold
from samestory import monotone, scorer
from samestory.evaluate.plot import plot
from samestory.looks import Readers
from samestory.records import Encoded
from samestory.store import Store

FREE: tuple[Languages, ...] = (("fr", "id"), ("fr", "en"), ("id", "en"))
SEEDS = (0, 1, 2, 3)  # of hard cases: a single one has about 75 beads
GRID = [round(0.3 + 0.02 * n, 2) for n in range(30)]  # cosines that the baselines may be cut at
MARGINS = [round(1.0 + 0.02 * n, 2) for n in range(40)]
_HEADS = "| P | R | F1 | lax P | lax R | lax F1 |"


def gold_table(
    gold: Gold, readers: Readers, second: Mapping[tuple[str, str], Beads], drawing: Path | None = None
) -> str:
    """Return a table on `gold`; the articles are told which belong together for the baselines.

    What a `second` reader marked, who did not see the gold, shows how far readers agree. The reliability of the scores
    is drawn into the file `drawing`, where one is given.
    """
    least = scorer.load().calibration.threshold(0.9)
    made = run(gold, least, readers)
    result = measured(gold, made.beads)
    rows = [
        f"| system {_HEADS}",
        "|---|---:|---:|---:|---:|---:|---:|",
        _row(f"samestory, score {least}", rates(result)),
    ]
    rows.append(_row("mutual nearest, best cut", best_of(gold, GRID, mutual_nearest)))
    rows.append(_row("margin mining, best cut", best_of(gold, MARGINS, margin_mining)))
    marked: Made = {
        articles: [(bead, 1.0) for bead, r in own.items() if r in SHARING] for articles, own in second.items()
    }
    rows.append(_row("a second reader", rates(measured(gold, marked))))
    told = reliability(result.made)
    wide = reliability(measured(gold, run(gold, 0.05, readers).beads).made)
    if drawing is not None:
        plot(wide, drawing)
    rows.append(
        f"\nStories: F1 {pairing_f1(gold, made.together):.3f}. Expected calibration error: {told.lax.ece:.3f} (of the"
        f" exact bead {told.strict.ece:.3f}); of all scores from 0.05: {wide.lax.ece:.3f}."
    )
    relation = partials(gold, made)
    shares = relation.partial.precision, relation.partial.recall, relation.partial.f1
    p, r, f1 = ("-" if share is None else f"{share:.3f}" for share in shares)
    rows.append(
        f"Of {relation.beads} cut as in the gold: {relation.wanted} partial, {relation.told} told partial,"
        f" P {p}, R {r}, F1 {f1}."
    )
    return "\n".join(rows)


def best_of(gold: Gold, cuts: Iterable[float], mine: object) -> Rates:
    """Return the rates of a baseline inside the pairs of articles of `gold`, at its best cut on this very gold."""
    found = []
    for cut in cuts:
        made: Made = {
            (a, b): [
                ((match.a, match.b), 0.5)
                for match in mine(gold.articles[a].direct, gold.articles[b].direct, cut)  # type: ignore[operator]
            ]
            for a, b in gold.beads
        }
        found.append(rates(measured(gold, made)))
    return max(found, key=lambda rate: rate.f1)


def free_table(lines: Mapping[str, Sequence[str]], store: Store, readers: Readers) -> str:
    """Return a table on articles in any order that are not paired beforehand; baselines at their best cut."""
    least = scorer.load().calibration.threshold(0.9)
    rows = ["| languages | case | samestory F1 | articles paired F1 | mutual nearest | margin mining |"]
    rows.append("|---|---|---:|---:|---:|---:|")
    for languages in FREE:
        for hard in (False, True):
            totals, paired, cuts = Result([], []), [], ([], [])  # type: ignore[var-annotated]
            for seed in SEEDS if hard else SEEDS[:1]:
                gold = free_gold(lines, languages, seed, store, hard=hard)
                made = run(gold, least, readers)
                totals += measured(gold, made.beads)
                paired.append(pairing_f1(with_facts(gold), made.together))
                for own, mine, grid in zip(cuts, (mutual_nearest, margin_mining), (GRID, MARGINS), strict=True):
                    own.append([_pool(gold, mine, cut) for cut in grid])
            baselines = [
                max(_f1(np.sum([case[n] for case in own], axis=0)) for n in range(len(own[0]))) for own in cuts
            ]
            cells = [rates(totals).f1, float(np.mean(paired)), *baselines]
            case = "hard" if hard else "easy"
            rows.append(f"| {'-'.join(languages)} | {case} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")
    return "\n".join(rows)


def with_facts(gold: Gold) -> Gold:
    """Return `gold` in which two articles that share no sentence are not of one event: nothing shows it."""
    event = dict(gold.event)
    for (a, b), beads in gold.beads.items():
        if not beads:
            event[a], event[b] = a, b
    return gold._replace(event=event)


def _pool(gold: Gold, mine: object, cut: float) -> tuple[int, int, int]:
    """Return right, made and wanted pairs of a baseline over the sentences of all articles of `gold`."""
    langs = sorted({e.article.lang for e in gold.articles.values()})
    sides = [[e for _, e in sorted(gold.articles.items()) if e.article.lang == lang] for lang in langs]
    places = [[(e.article.id, n) for e in side for n in range(len(e.direct))] for side in sides]
    left, right = (_stacked(side) for side in sides)
    matches = mine(left, right, cut)  # type: ignore[operator]
    true = {((a, x[0]), (b, y[0])) for (a, b), beads in gold.beads.items() for x, y in beads}
    made = {(places[0][m.a[0]], places[1][m.b[0]]) for m in matches}
    return len(made & true), len(made), len(true)


def _stacked(side: Sequence[Encoded]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.concatenate([e.direct for e in side])


def _f1(counts: Sequence[int]) -> float:
    right, made, wanted = counts
    return float(2 * right / max(made + wanted, 1))


def monotone_table(lines: Mapping[str, Sequence[str]]) -> str:
    """Return tables on text in one order: samestory, sentalign at two costs of a skip, and Gale-Church."""
    weights = monotone.load()
    parts = [f"samestory\n\n{figures(lines, DEVTEST, weights)}"]
    for name, skip in (("sentalign, as it comes", 0.2), ("sentalign, a skip cheaper (0.02)", 0.02)):
        try:
            parts.append(f"{name}\n\n{_baseline_table(lines, skip)}")
        except ImportError as error:
            parts.append(f"{name}: not measured, {error}")
    parts.append(f"Gale-Church (NLTK), by length alone\n\n{_baseline_table(lines, None)}")
    return "\n\n".join(parts)


def _baseline_table(lines: Mapping[str, Sequence[str]], skip: float | None) -> str:
    rows = ["| languages | merged .15 | and .3 dropped |", "|---|---|---|"]
    for a, b in DEVTEST[:1] if skip is None else DEVTEST:
        cells = []
        for setting in SETTINGS[:2]:
            counts = np.zeros(5)
            for seed in range(2):
                part = slice(seed * 150, seed * 150 + 150)
                case = monotone_case(lines[a][part], lines[b][part], (a, b), seed, **setting)
                if skip is None:
                    found = gale_church([len(text) for text in case.a], [len(text) for text in case.b])
                else:
                    found = sentalign(case.a, case.b, vectors_of, skip=skip)
                counts += counted(case.beads, found)
            cells.append(rated(counts))
        rows.append(f"| {a}-{b} | {' | '.join(cells)} |")
    return "\n".join(rows)


def trap_table(lines: Mapping[str, Sequence[str]], store: Store, readers: Readers) -> str:
    """Return how many contradictions are accepted beside their true partners, and how many of these are lost."""
    least = scorer.load().calibration.threshold(0.9)
    rows = ["| languages | contradictions | accepted | true partners lost |", "|---|---:|---:|---:|"]
    for languages in FREE:
        gold = trap_gold(lines, languages, 5, 200, store)
        accepted = lost = count = 0
        made = run(gold, least, readers).beads
        for articles, beads in gold.beads.items():
            found = {bead for bead, _ in made.get(articles, [])}
            false = {bead for bead, relation in beads.items() if relation == "divergent"}
            left = 0 if languages[0] < languages[1] else 1
            trapped = {bead[left] for bead in false}
            accepted += len(found & false)
            lost += sum(bead[left] in trapped for bead, r in beads.items() if r == "equivalent" and bead not in found)
            count += len(false)
        rows.append(f"| {'-'.join(languages)} | {count} | {accepted / count:.3f} | {lost / count:.3f} |")
    return "\n".join(rows)


def _row(name: str, rate: Rates) -> str:
    return f"| {name} | {' | '.join(f'{value:.3f}' for value in rate)} |"
