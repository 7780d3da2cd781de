#!/usr/bin/env python3
"""Measure alignment beside what else there is, and print the tables of docs/BENCHMARKS.md.

On the gold of the sample set and on held-out reports, neither of which the scorers have seen; on articles regrouped
from FLORES-200 devtest, to be paired and aligned in any order; on the same text in order, lines merged and dropped; on
literary translations; on contradictions; on long texts; and, with --ablate, on the gold of ends and regrouped text with
each component taken away. FLORES-200 is not part of the project; without it, and without PyPI's sentalign, those tables
say so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits

from alignment import long_texts
from alignment.ablation import Material, ablations
from alignment.compare import FREE, SEEDS, free_table, gold_table, monotone_table, trap_table
from alignment.gold import Gold, own_readers, read_reports, read_sample, read_second
from alignment.literary import literary_table
from alignment.monotone_material import flores_lines
from alignment.synthetic import free_gold
from samestory.evaluate.plot import check
from samestory.store import Store, default_cache

PARTS = ["gold", "reports", "free", "monotone", "literary", "traps", "long"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=Path("tests/gold"))
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--ablate", action="store_true", help="also fit the scorers without each component")
    parser.add_argument("--plot", type=Path, help="file to draw the scores of held-out reports against the truth into")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    if options.plot is not None:
        check(options.plot)
    wanted = options.only or PARTS
    if options.plot is not None and "reports" not in wanted:
        parser.error("--plot draws the part reports: name that too")
    default_cache().parent.mkdir(parents=True, exist_ok=True)
    with Store(default_cache()) as store, threadpool_limits(1):
        sample, readers = read_sample(options.gold, store), own_readers(store)
        gold, second = options.gold, options.gold / "second_reader"
        parts: dict[str, Callable[[], str]] = {
            "gold": lambda: gold_table(sample, readers, read_second(second / "sample.json")),
            "reports": lambda: gold_table(
                read_reports(gold / "held_out", store), readers, read_second(second / "held_out.json"), options.plot
            ),
        }
        if options.flores.is_dir():
            lines = flores_lines(options.flores, "devtest")
            parts["free"] = lambda: free_table(lines, store, readers)
            parts["monotone"] = lambda: monotone_table(lines)
            parts["traps"] = lambda: trap_table(lines, store, readers)
        parts["literary"] = lambda: literary_table(options.gold / "bitext")
        parts["long"] = long_texts.table
        for name in wanted:
            print(f"## {name}\n")
            print(parts[name]() if name in parts else f"{options.flores} is not there: not measured")
            print(flush=True)
        if options.ablate:
            print(f"## components\n\n{ablations(_material(options, store))}")


def _material(options: argparse.Namespace, store: Store) -> Material:
    """Return what the components are measured on: regrouped text too, where FLORES-200 is there."""
    parts: dict[str, list[Gold]] = {"dev": [], "devtest": []}
    if options.flores.is_dir():
        for (name, part), seeds in zip(parts.items(), (SEEDS[:1], SEEDS[:2]), strict=True):
            lines = flores_lines(options.flores, name)
            part += [free_gold(lines, languages, seed, store, hard=True) for seed in seeds for languages in FREE]
    return Material(read_reports(options.gold / "ends", store), parts["dev"], parts["devtest"], store)


if __name__ == "__main__":
    main()
