#!/usr/bin/env python3
"""Fit the scorers of src/samestory/data (pair.txt, story.txt, scorer.json) and print how they do on stories left out.

Material: the gold made by hand in tests/gold/development and articles regrouped from FLORES-200 dev, which stays
outside the project, with contradictions among them. The gold of the sample set is not seen: it measures
(samestory evaluate tests/gold aligned). Run it from the root of the repository (about 15 minutes on 2 cores, 5 more
without --cache, which keeps what was translated and encoded):

    python scripts/fit_scorer.py --flores ../shared/dev/flores200
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from alignment.gold import Gold, read_development
from alignment.measure import calibration_error
from alignment.monotone_material import flores_lines
from alignment.pair_fit import Result, Rows, aligned, fit_calibration, fit_trees, joined, pair_rows, where
from alignment.story_fit import (
    fit_story,
    separation,
    small_builds,
    story_rows,
    thinned,
    undated,
    without_counterparts,
)
from alignment.synthetic import free_gold, trap_gold
from samestory.collection import Collection
from samestory.evidence import FEATURES
from samestory.files import replace
from samestory.free import FreeOrder
from samestory.judge import STORY_FEATURES
from samestory.scorer import Calibration, Scorers, Trees
from samestory.spans import all_spans
from samestory.store import Store

LANGUAGES = (("fr", "id"), ("fr", "en"), ("id", "en"), ("de", "fr"), ("zh", "en"), ("es", "id"))
TRAPS = (("fr", "en"), ("id", "en"), ("fr", "id"))
CALIBRATED = Calibration(1.0, 0.0, ())  # as the trees have it
REGROUPED = 0.1  # weight of a candidate of regrouped text: translations, not reports
REGROUPED_STORY = 0.5
FOLDS = 8
PROCESSES = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=Path("tests/gold"))
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--out", type=Path, default=Path("src/samestory/data"))
    parser.add_argument("--cache", type=Path, help="file that keeps translations and vectors between runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store(options.cache or Path(folder) / "store.sqlite") as store:
        gold = read_development(options.gold / "development", store)
        lines = flores_lines(options.flores, "dev")
        free = [free_gold(lines, pair, 0, store, hard=hard) for hard in (True, False) for pair in LANGUAGES]
        traps = [trap_gold(lines, pair, 1, 200, store) for pair in TRAPS]
    with threadpool_limits(1):
        rows, others = material(gold, [*free, *traps])
        unseen = left_out_trees(gold, rows, others)
        calibration = left_out(gold, unseen)
        story = stories(gold, free, unseen)
        trees = fit_trees(joined([rows, others]))
    replace(options.out / "pair.txt", trees.model.encode())
    replace(options.out / "story.txt", story.model.encode())
    scorers = Scorers(FEATURES, STORY_FEATURES, calibration)
    replace(options.out / "scorer.json", msgspec.json.format(msgspec.json.encode(scorers), indent=1) + b"\n")
    print(f"written: {', '.join(str(options.out / name) for name in ('pair.txt', 'story.txt', 'scorer.json'))}")


def material(gold: Gold, synthetic: list[Gold]) -> tuple[Rows, Rows]:
    """Return the candidates of the gold, seen as one build and as a build of each story, and of regrouped text."""
    parts = [pair_rows(gold, Collection(list(gold.articles.values())), 0.5)]
    for story in aligned_stories(gold):
        part = gold.only(name for name, own in gold.story.items() if own == story)
        parts.append(pair_rows(part, Collection(list(part.articles.values())), 0.5))
    others = [pair_rows(part, Collection(list(part.articles.values())), REGROUPED) for part in synthetic]
    return joined(parts), joined(others)


def aligned_stories(gold: Gold) -> list[str]:
    """Return the stories of which two articles are aligned."""
    return sorted({gold.story[a] for a, _ in gold.beads})


def left_out_trees(gold: Gold, rows: Rows, others: Rows) -> dict[str, Trees]:
    """Return trees for every story, regrouped ones too, that have not seen it: it is left out with some others."""
    unseen: dict[str, Trees] = {}
    folds = [aligned_stories(gold)[n::FOLDS] for n in range(FOLDS)]
    regrouped = sorted(set(others.story.tolist()))
    for n, stories in enumerate(folds):
        held = [*stories, *regrouped[n::FOLDS]]
        parts = [where(part, ~np.isin(part.story, held)) for part in (rows, others)]
        unseen |= dict.fromkeys(held, fit_trees(joined(parts)))
    return unseen


def left_out(gold: Gold, unseen: dict[str, Trees]) -> Calibration:
    """Align each story by trees that have not seen it; print a table and return what their scores are worth."""
    collection = Collection(list(gold.articles.values()))
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    total, tables = Result([], 0, 0), []
    for story in aligned_stories(gold):
        part = gold.only(name for name, own in gold.story.items() if own == story)
        result = aligned(part, FreeOrder(collection, unseen[story], CALIBRATED, 0.0), spans)
        tables.append((story, result))
        total += result
    calibration = fit_calibration(total.made)
    least = calibration.threshold(0.9)
    print(f"expected calibration error, each half of the stories by the other: {crossed(tables):.3f}")
    print(f"calibration: slope {calibration.slope}, offset {calibration.offset}; 90 % precision from {least}\n")
    heads = ["story left out", "pairs made", "exactly right", "overlapping a right one", "right ones"]
    print(f"| {' | '.join([*heads, 'F1', 'lax P', 'lax R', 'lax F1'])} |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for story, result in [*tables, ("all", total)]:
        print(row(story, result, calibration, least), flush=True)
    return calibration


def crossed(tables: list[tuple[str, Result]]) -> float:
    """Return the expected calibration error when each half of the stories is calibrated by the other."""
    outcomes = []
    for fold in (0, 1):
        curve = fit_calibration([o for _, result in tables[1 - fold :: 2] for o in result.made])
        held = [o for _, result in tables[fold::2] for o in result.made]
        scores = curve.apply(np.array([o.score for o in held]))
        outcomes += [o._replace(score=float(score)) for o, score in zip(held, scores, strict=True)]
    return calibration_error(outcomes, lambda o: o.lax)


def row(name: str, result: Result, calibration: Calibration, least: float) -> str:
    """Return a row of the table: the beads that score at least that."""
    scores = calibration.apply(np.array([o.score for o in result.made]))
    made = [o for o, score in zip(result.made, scores, strict=True) if score >= least and not o.neutral]
    strict, lax = sum(o.strict for o in made), sum(o.lax for o in made)
    precision, recall = lax / max(len(made), 1), min(lax / result.wanted, 1.0)
    f1 = 2 * strict / (len(made) + result.wanted)
    cells = [f1, precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)]
    return f"| {name} | {len(made)} | {strict} | {lax} | {result.wanted} | {' | '.join(f'{x:.2f}' for x in cells)} |"


def stories(gold: Gold, free: list[Gold], unseen: dict[str, Trees]) -> Trees:
    """Return the scorer of stories, and print how it does on what it was fitted on."""
    bare = undated(gold)
    views = {"gold, half of it without dates": undated(gold, 0.5), "thinned to half": thinned(bare, 0, 0.5)}
    views["gold, look-alikes without counterparts"] = without_counterparts(bare)
    views |= {f"build {n}": part for n, part in enumerate(small_builds(bare))}
    views |= {f"regrouped {n}": part for n, part in enumerate(free[: len(LANGUAGES) + 2])}
    weights = [REGROUPED_STORY if name.startswith("regrouped") else 1.0 for name in views]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        parts = dict(zip(views, pool.map(story_rows, views.values(), repeat(unseen), weights), strict=True))
    story = fit_story(joined(list(parts.values())))
    print()
    for name, rows in parts.items():
        if name.startswith("build") or not rows.truth.any():
            continue
        one, two = separation(story, rows)
        print(f"stories, {name}: {one:.4f} of one story, {two:.4f} of two taken for that")
    return story


if __name__ == "__main__":
    main()
