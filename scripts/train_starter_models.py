#!/usr/bin/env python3
"""Train the starter models, French and Indonesian to English, from parallel text to Argos packages.

    python scripts/train_starter_models.py --data ../shared/mt-data --work out/starter

Steps, each done once (kill it and run it again: it goes on where it was up to ten minutes before):

  1. clean the text; train one SentencePiece vocabulary of 11,999 pieces for the three languages;
  2. joint: one model for both languages, at a constant learning rate;
  3. fr, id: from there a model for each language, cooled down on its own text;
  4. quantise to int8 and pack.

Needs the development install (`make test` makes it), 12 GB of memory and 3 GB of disk. It runs with CUDA,
where a smaller --tokens takes less memory, or on a CPU, which takes weeks for the whole of it. `--minutes`
ends it in time, `--scale 0.001 --tokens 1024` tries it out.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch

from starter.augment import names_of
from starter.corpora import LANGS, dev_pairs, lexicon_pairs, news_pairs, training_pairs
from starter.packing import pack
from starter.training import Machine, Stage, Trainer
from starter.vocabulary import train_vocabulary

JOINT = Stage("joint", steps=6200, rate=2e-3, warm=200, cool=1.0, kept=2, sampled=0.5)
OWN = {
    "id": Stage("id", steps=1500, rate=2e-3, warm=20, cool=0.0, kept=5, sampled=0.3),
    "fr": Stage("fr", steps=1000, rate=2e-3, warm=20, cool=0.0, kept=5, sampled=0.3),
}
JOINT_SHARE, OWN_SHARE = 0.7, 0.15  # of --minutes
VOCABULARY = "sentencepiece.model"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of train.*-en.tsv.xz, lexicon.*-en.tsv.xz, dev*.tsv"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for everything on the way")
    parser.add_argument("--out", type=Path, help="folder for the packages (default: packages/ in --work)")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--tokens", type=int, default=32_768, help="target tokens in a batch (default 32,768)")
    parser.add_argument("--workers", type=int, default=2, help="processes that prepare batches (default 2)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="end in about this time")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the steps to take, to try the recipe out")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    for lang, weights in trained(options).items():
        package = pack(lang, weights, options.work / VOCABULARY, options.out or options.work / "packages")
        print("packed", package)


def trained(options: argparse.Namespace) -> dict[str, Path]:
    """Run steps 1 to 3; return the weights of each language."""
    vocabulary = options.work / VOCABULARY
    text, lexicon = training_pairs(options.data), lexicon_pairs(options.data)
    dev = {lang: dev_pairs(options.data, lang) for lang in LANGS}
    if not vocabulary.exists():
        train_vocabulary(text, vocabulary)
    pairs = [*text, *lexicon, *news_pairs()]
    print(f"{len(pairs)} pairs", flush=True)
    machine = Machine(options.device, options.tokens, options.workers)
    trainer = Trainer(names_of(pairs), vocabulary, options.work, machine)

    def scaled(stage: Stage) -> Stage:
        return stage._replace(steps=max(1, int(stage.steps * options.scale)))

    joint = trainer.train(scaled(JOINT), pairs, dev, minutes=options.minutes * JOINT_SHARE)
    finals = {}
    for lang, stage in OWN.items():
        own, minutes = [pair for pair in pairs if pair.lang == lang], options.minutes * OWN_SHARE
        finals[lang] = trainer.train(scaled(stage), own, {lang: dev[lang]}, start=joint, minutes=minutes)
    return finals


if __name__ == "__main__":
    main()
