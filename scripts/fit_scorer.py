#!/usr/bin/env python3
"""Fit the scorers of src/samestory/data and print how they do on stories left out.

It writes pair.txt, rerank.txt, story.txt and scorer.json; run scripts/fit_ends.py behind it.

Material: the gold made by hand in tests/gold/development, reserve and ends, and articles regrouped from FLORES-200 dev,
which stays outside the project, with contradictions among them. The cross-encoder has learnt from development: of that
the second look sees only what the cross-encoder cannot read, and only that is measured. The gold of the sample set is
not seen: it measures (samestory evaluate tests/gold aligned). Run it from the root of the repository, behind
scripts/fit_cross_encoder.py (about 40 minutes on 2 cores, half an hour more without --cache, which keeps what was
translated, told and encoded). To --work it writes the trees that have not seen each quarter of the stories, from which
fit_ends.py learns:

    python scripts/fit_scorer.py --flores ../shared/dev/flores200 --cache out/scorer/store.sqlite
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from alignment.gold import Gold, own_readers, read_reports
from alignment.left_out import left_out_trees, read_looks, stories_apart, write_trees
from alignment.measure import rates, reliability
from alignment.monotone_material import flores_lines
from alignment.pair_fit import (
    DIVERGENT,
    Outcome,
    Result,
    Rows,
    aligned,
    calibrated,
    fit_calibration,
    fit_trees,
    joined,
    not_learnt,
    pair_rows,
    second_rows,
)
from alignment.story_fit import (
    fit_story,
    separation,
    small_builds,
    story_rows,
    thinned,
    undated,
    without_counterparts,
)
from alignment.synthetic import free_gold, learnt_traps
from samestory.collection import Collection
from samestory.evaluate.calibration import Calibration as Reliability
from samestory.evaluate.plot import check, plot
from samestory.features import FEATURES, RERANK_FEATURES
from samestory.files import replace
from samestory.free import FreeOrder
from samestory.judge import STORY_FEATURES
from samestory.looks import Look
from samestory.scorer import Calibration, Scorers, Trees
from samestory.spans import all_spans
from samestory.store import Store

GOLD = ("development", "reserve", "ends")
LANGUAGES = (("fr", "id"), ("fr", "en"), ("id", "en"), ("de", "fr"), ("zh", "en"), ("es", "id"))
TRAPS = (("fr", "en"), ("id", "en"), ("fr", "id"), ("de", "fr"), ("zh", "en"))
SEEDS = (0, 1, 2, 3)  # of hard cases, one of easy ones
CALIBRATED = Calibration(1.0, 0.0, ())  # as the trees have it
REPORTS = 0.5  # weight of a candidate of reports in each of the three builds that they are seen in
HARD, EASY, TRAP = 1.0, 0.3, 1.2  # of one of regrouped text: translations, not reports
TRAP_DIVERGENT = 0.4  # times that, of a contradiction: less than of its true partner, which is not to be lost for it
REGROUPED_STORY = 0.5
TRANSLATED = 2  # translations of one another that stand beside the reports of a mixed build
PROCESSES = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=Path("tests/gold"))
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--out", type=Path, default=Path("src/samestory/data"))
    parser.add_argument("--work", type=Path, default=Path("out/scorer"))
    parser.add_argument("--cache", type=Path, help="file that keeps translations, vectors and answers between runs")
    parser.add_argument("--plot", type=Path, help="file to draw the scores of left-out stories against the truth into")
    options = parser.parse_args()
    if options.plot is not None:
        check(options.plot)
    with tempfile.TemporaryDirectory() as folder, Store(options.cache or Path(folder) / "store.sqlite") as store:
        development, reserve, ends = (read_reports(options.gold / name, store) for name in GOLD)
        unread = reserve.beside(ends)
        readers = own_readers(store)
        lines = flores_lines(options.flores, "dev")
        hard = [free_gold(lines, pair, seed, store, hard=True) for seed in SEEDS for pair in LANGUAGES]
        easy = [free_gold(lines, pair, 0, store, hard=False) for pair in LANGUAGES]
        traps = learnt_traps(lines, TRAPS, store)
        with threadpool_limits(1):
            rows = joined(
                [
                    of_reports(development.beside(unread), easy),
                    regrouped(hard, HARD),
                    regrouped(easy, EASY),
                    regrouped(traps, TRAP, TRAP_DIVERGENT),
                ]
            )
            folds = stories_apart(rows)
            unseen = left_out_trees(rows, folds, FEATURES)
            again = second_rows(not_learnt(rows, development), unseen, readers)
            unseen_again = left_out_trees(again, folds, RERANK_FEATURES)
            write_trees(options.work, folds, unseen, unseen_again)
            _, looks = read_looks(options.work, readers)
            calibration = left_out(development.lacking_english().beside(unread), looks, options.plot)
            story = stories(development, [*hard[: len(LANGUAGES)], *easy[:2]], unseen)
    first, second = fit_trees(rows), fit_trees(again, RERANK_FEATURES)
    scorers = Scorers(FEATURES, RERANK_FEATURES, STORY_FEATURES, calibration)
    made = {"pair.txt": first.model, "rerank.txt": second.model, "story.txt": story.model}
    made["scorer.json"] = msgspec.json.format(msgspec.json.encode(scorers), indent=1).decode() + "\n"
    for name, text in made.items():
        replace(options.out / name, text.encode())
    print(f"written: {', '.join(str(options.out / name) for name in made)}")


def of_reports(gold: Gold, easy: list[Gold]) -> Rows:
    """Return the candidates of the gold, seen as one build, as a build of each story, and beside translations."""
    rng = random.Random(3)
    translated = [(part.articles[a], part.articles[b]) for part in easy for a, b in part.beads]
    parts = [pair_rows(gold, Collection(list(gold.articles.values())), REPORTS)]
    for story in gold.aligned_stories():
        part = gold.of_story(story)
        articles = list(part.articles.values())
        spoken = {e.article.lang for e in articles}
        fitting = [pair for pair in translated if spoken.issuperset(e.article.lang for e in pair)]
        beside = [e for pair in rng.sample(fitting, TRANSLATED) for e in pair]
        parts += [pair_rows(part, Collection(build), REPORTS) for build in (articles, articles + beside)]
    return joined(parts)


def regrouped(builds: list[Gold], weight: float, divergent: float = DIVERGENT) -> Rows:
    """Return the candidates of regrouped text."""
    return joined([pair_rows(part, Collection(list(part.articles.values())), weight, divergent) for part in builds])


def left_out(gold: Gold, looks: Mapping[str, Look], drawing: Path | None) -> Calibration:
    """Align each story by scorers that have not seen it; print a table and return what their scores are worth."""
    collection = Collection(list(gold.articles.values()))
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    by_story: list[Result] = []
    by_languages: dict[str, Result] = {}
    for story in gold.aligned_stories():
        total = Result([], [])
        for pair in sorted(gold.of_story(story).beads):
            part = gold.only(pair)
            result = aligned(part, FreeOrder(collection, looks[story], CALIBRATED, 0.0), spans)
            by_languages[languages(part)] = by_languages.get(languages(part), Result([], [])) + result
            total += result
        by_story.append(total)
    every = sum(by_story, Result([], []))
    calibration = fit_calibration(*(result.made for result in by_languages.values()))
    least = calibration.threshold(0.9)
    found = by_the_other_half(by_story)
    print(f"expected calibration error, each half of the stories by the other: {found.lax.ece or 0.0:.3f}")
    if drawing is not None:
        plot(found, drawing)
    print(f"calibration: slope {calibration.slope}, offset {calibration.offset}; 90 % precision from {least}\n")
    heads = ["languages", "pairs made", "exactly right", "overlapping a right one", "right ones"]
    print(f"| {' | '.join([*heads, 'F1', 'lax P', 'lax R', 'lax F1'])} |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, result in [*sorted(by_languages.items()), ("all", every)]:
        print(row(name, result, calibration, least), flush=True)
    return calibration


def languages(gold: Gold) -> str:
    """Return the languages of two articles; those that have no English, together."""
    if gold.lacking_english().beads:
        return "with one that has no English"
    return "-".join(sorted(e.article.lang for e in gold.articles.values()))


def by_the_other_half(by_story: list[Result]) -> Reliability:
    """Return how well scores fit the truth when each half of the stories is calibrated by the other."""
    outcomes: list[Outcome] = []
    for fold in (0, 1):
        curve = fit_calibration([o for result in by_story[1 - fold :: 2] for o in result.made])
        held = [o for result in by_story[fold::2] for o in result.made]
        scores = curve.apply(np.array([o.score for o in held]))
        outcomes += [o._replace(score=score) for o, score in zip(held, scores.tolist(), strict=True)]
    return reliability(outcomes)


def row(name: str, result: Result, calibration: Calibration, least: float) -> str:
    """Return a row of the table: the beads that score at least that."""
    kept = calibrated(result, calibration, least)
    rate, made = rates(kept), [o for o in kept.made if not o.neutral]
    counts = [len(made), sum(o.strict for o in made), sum(o.lax for o in made), result.wanted]
    cells = [f"{x:.2f}" for x in (rate.f1, rate.lax_precision, rate.lax_recall, rate.lax_f1)]
    return f"| {name} | {' | '.join([*map(str, counts), *cells])} |"


def stories(gold: Gold, shuffled: list[Gold], unseen: dict[str, Trees]) -> Trees:
    """Return the scorer of stories, and print how it does on what it was fitted on."""
    bare = undated(gold)
    views = {"gold, half of it without dates": undated(gold, 0.5), "thinned to half": thinned(bare, 0, 0.5)}
    views["gold, look-alikes without counterparts"] = without_counterparts(bare)
    views |= {f"build {n}": part for n, part in enumerate(small_builds(bare))}
    views |= {f"regrouped {n}": part for n, part in enumerate(shuffled)}
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
