#!/usr/bin/env python3
"""Measure translation packages: BLEU and chrF, names and numbers kept, speed, memory and size.

    python scripts/evaluate_translation.py --flores ../shared/dev/flores200 --data ../shared/mt-data

Prints the tables of docs/STARTER_MODELS.md. By default it measures the starter packages as they are
shipped, through samestory's own translate stage; `--packages` names a folder of others.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from samestory.argos import STARTER_PACKAGES, Package, packages_in
from samestory.records import Article, Sentence
from samestory.store import Store
from samestory.translate import translate
from samestory.translator import Options
from starter.corpora import DEV_FILES

FLORES_NAMES = {"fr": "fra", "id": "ind"}
TIMED = 500  # sentences, of the first test set

_WORD = re.compile(r"\b[^\W\d_][\w-]+\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class TestSet(NamedTuple):
    """Sentences of a language and their English by people."""

    name: str
    lang: str
    sources: list[str]
    references: list[str]


class Kept(NamedTuple):
    """How many words that stand unchanged in the reference stand in the output too."""

    kept: int
    of: int

    def __str__(self) -> str:
        return f"{self.kept / max(self.of, 1):.1%} of {self.of}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flores", type=Path, help="folder of FLORES-200: dev.* and devtest.*")
    parser.add_argument("--data", type=Path, help="folder of dev.fr-en.tsv, dev-extra.fr-en.tsv and dev.id-en.tsv")
    parser.add_argument("--packages", type=Path, default=STARTER_PACKAGES, help="folder of Argos packages")
    parser.add_argument("--beam", type=int, default=Options().beam_size)
    options = parser.parse_args()
    packages: dict[str, Package] = {}
    for package in packages_in(options.packages):  # the highest version first
        if package.lang in FLORES_NAMES:
            packages.setdefault(package.lang, package)
    for package in packages.values():
        megabytes = sum(file.stat().st_size for file in package.path.rglob("*") if file.is_file()) / 1e6
        print(f"{package.signature}: {megabytes:.1f} MB")
    sets = [test for lang in packages for test in test_sets(lang, options.flores, options.data)]
    print("\n| test set | sentences | BLEU | chrF | names kept | numbers kept |\n|---|---:|---:|---:|---:|---:|")
    bleu, chrf = BLEU(), CHRF()
    for test in sets:
        english = translated(packages[test.lang], test.sources, options.beam)
        scores = [metric.corpus_score(english, [test.references]).score for metric in (bleu, chrf)]
        kept = [str(survivors(words, test, english)) for words in (names, _NUMBER.findall)]
        cells = (f"{test.lang} {test.name}", str(len(english)), f"{scores[0]:.1f}", f"{scores[1]:.1f}", *kept)
        print("|", " | ".join(cells), "|", flush=True)
    if sets:
        print(f"\nBLEU {bleu.get_signature()}\nchrF {chrf.get_signature()}\nbeam {options.beam}, int8\n")
    speed_table(packages, sets)


def test_sets(lang: str, flores: Path | None, data: Path | None) -> Iterator[TestSet]:
    """Yield what the two folders hold for `lang`: FLORES devtest and dev, and each corpus of the dev files."""
    if flores:
        for part in ("devtest", "dev"):
            sides = (flores / f"{part}.{name}" for name in (FLORES_NAMES[lang], "eng"))
            yield TestSet(f"FLORES-200 {part}", lang, *(side.read_text("utf-8").splitlines() for side in sides))
    if data:
        rows = [line.split("\t") for name in DEV_FILES[lang] for line in (data / name).read_text("utf-8").splitlines()]
        if lang == "id":
            yield TestSet("dev.id-en", lang, [row[0] for row in rows], [row[1] for row in rows])
            return
        for corpus in sorted({row[2] for row in rows}):
            own = [row for row in rows if row[2] == corpus]
            yield TestSet(corpus, lang, [row[0] for row in own], [row[1] for row in own])


def translated(package: Package, texts: Sequence[str], beam: int) -> list[str]:
    """Return the English of `texts` as a build makes it."""
    made = tuple(Sentence(n, text, 0, 0, "body") for n, text in enumerate(texts))
    article = Article("a-0", package.lang, "", None, None, None, "", "", "", (), made)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "cache.sqlite") as store:
        (done,) = translate([article], {package.lang: package}, store, Options(beam_size=beam))
    return [sentence.english or "" for sentence in done.sentences]


def names(text: str) -> list[str]:
    """Return the words of two letters or more that begin with a capital."""
    return [word for word in _WORD.findall(text) if word[0].isupper()]


def survivors(words: Callable[[str], list[str]], test: TestSet, english: Sequence[str]) -> Kept:
    """Count the `words` that stand unchanged in source and reference, and those of them also in the output."""
    kept = of = 0
    for source, reference, output in zip(test.sources, test.references, english, strict=True):
        wanted = set(words(source)) & set(words(reference))
        kept += len(wanted & set(words(output)))
        of += len(wanted)
    return Kept(kept, of)


def speed_table(packages: dict[str, Package], sets: Sequence[TestSet]) -> None:
    """Print speed and memory, each measured in a process of its own."""
    print(f"| {os.cpu_count()} cores | beam | sentences/s | peak memory, MB |\n|---|---:|---:|---:|")
    for lang, package in packages.items():
        texts = next((test.sources[:TIMED] for test in sets if test.lang == lang), [])
        if not texts:
            continue
        for beam in (1, 2):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                seconds, megabytes = pool.apply(timed, (package.path, texts, beam))
            print(f"| {lang} | {beam} | {len(texts) / seconds:.0f} | {megabytes:.0f} |", flush=True)


def timed(path: Path, texts: Sequence[str], beam: int) -> tuple[float, float]:
    """Return the seconds to translate `texts`, loading included, and the most memory (MB) of this process."""
    (package,) = packages_in(path)
    began = time.perf_counter()
    translated(package, texts, beam)
    seconds = time.perf_counter() - began
    # Not ru_maxrss: a child begins with the peak of its parent.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return seconds, int(found[1]) / 1000 if found else float("nan")


if __name__ == "__main__":
    main()
