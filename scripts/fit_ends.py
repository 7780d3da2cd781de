#!/usr/bin/env python3
"""Fit the third look, which tells where a bead ends and whether one side says more, and print what it is worth.

It writes exact.txt, partial.txt and ends.json, the features of both. It learns from the gold in tests/gold/ends and
reserve, which the cross-encoder has not seen, and from articles regrouped from FLORES-200 dev, which stays outside the
project, some with contradictions among them. What the first two looks say of each story is said by the trees in --work
that have not seen it. Run it from the root of the repository, behind scripts/fit_scorer.py (about 10 minutes on 2 cores
with the --cache of that):

    python scripts/fit_ends.py --flores ../shared/dev/flores200 --cache out/scorer/store.sqlite
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec
from threadpoolctl import threadpool_limits

from alignment.compare import FREE
from alignment.ends_fit import builds_of, learnt
from alignment.gold import SHARING, Build, build, own_readers, read_reports
from alignment.left_out import left_out_trees, read_looks
from alignment.measure import rates
from alignment.monotone_material import flores_lines
from alignment.pair_fit import Result, compared, fit_trees, together
from alignment.synthetic import free_gold, learnt_traps
from samestory import scorer
from samestory.evaluate.measure import relations_of
from samestory.features import ENDS
from samestory.files import replace
from samestory.free import FreeOrder
from samestory.looks import Look, Readers, ThirdLook
from samestory.scorer import EndScorers, Trees
from samestory.store import Store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=Path("tests/gold"))
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--out", type=Path, default=Path("src/samestory/data"))
    parser.add_argument("--work", type=Path, default=Path("out/scorer"))
    parser.add_argument("--cache", type=Path, help="file that keeps translations, vectors and answers between runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store(options.cache or Path(folder) / "store.sqlite") as store:
        readers = own_readers(store)
        folds, second = read_looks(options.work, readers)
        ends, reserve = (read_reports(options.gold / name, store) for name in ("ends", "reserve"))
        lines = flores_lines(options.flores, "dev")
        regrouped = [free_gold(lines, pair, 0, store, hard=True) for pair in FREE]
        regrouped += learnt_traps(lines, FREE, store)
        with threadpool_limits(1):
            builds = builds_of(ends)
            gold = chain(*builds.values(), *builds_of(reserve).values())
            rows = learnt([*gold, *map(build, regrouped)], second.__getitem__, readers)
            unseen = [left_out_trees(part, folds, ENDS) for part in rows]
            print(table(builds, second, readers, *unseen))
        exact, partial = (fit_trees(part, ENDS) for part in rows)
    made = {"exact.txt": exact.model, "partial.txt": partial.model}
    made["ends.json"] = msgspec.json.format(msgspec.json.encode(EndScorers(ENDS)), indent=1).decode() + "\n"
    for name, text in made.items():
        replace(options.out / name, text.encode())
    print(f"written: {', '.join(str(options.out / name) for name in made)}")


def table(
    builds: Mapping[str, Sequence[Build]],
    second: Mapping[str, Look],
    readers: Readers,
    exact: Mapping[str, Trees],
    partial: Mapping[str, Trees],
) -> str:
    """Return a table of stories left out, at the default score: in one build of all, each by itself, two by two."""
    looks = {story: ThirdLook(second[story], exact[story], partial[story], readers) for story in exact}
    rows = ["| builds | look | F1 | lax P | lax R | lax F1 | partial P | partial R | partial F1 |"]
    rows.append("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, parts in builds.items():
        rows.append(_row(f"{name} | second", parts, second.__getitem__))
        rows.append(_row(f"{name} | third", parts, looks.__getitem__))
    return "\n".join(rows)


def _row(name: str, builds: Sequence[Build], look: Callable[[str], Look]) -> str:
    calibration = scorer.load().calibration
    total, told = Result([], []), []
    for gold, collection, spans in builds:
        for story in gold.aligned_stories():
            free = FreeOrder(collection, look(story), calibration, calibration.threshold(0.9))
            for reports, a, b in together(gold.of_story(story), spans, free.reports):
                beads = gold.beads[a, b]
                found = {(tuple(x.a), tuple(x.b)): x for x in free.find(spans[a], spans[b], reports).beads}
                total += compared([(place, bead.score) for place, bead in found.items()], beads)
                known = [(bead, beads.get(place)) for place, bead in found.items()]
                told += [(bead.equivalent is False, r == "partial") for bead, r in known if r in SHARING]
    rate, partial = rates(total), relations_of(told).partial
    cells = [f"{share:.3f}" for share in (rate.f1, rate.lax_precision, rate.lax_recall, rate.lax_f1)]
    shares = (partial.precision, partial.recall, partial.f1)  # none are called partial where nothing tells
    cells += ["-" if partial.precision is None or share is None else f"{share:.3f}" for share in shares]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
