"""What the aligner of translations is fitted and measured on: cases of line-parallel text, with their vectors."""

from __future__ import annotations

import lzma
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from alignment.cases import Languages
from alignment.monotone import MonotoneCase, monotone_case
from samestory import monotone
from samestory.encoders import DIRECT, SentenceEncoder, encoder
from samestory.monotone.weights import Weights
from samestory.records import Matrix

FLORES = {
    "ar": "arb", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "id": "ind", "ms": "zsm", "pt": "por", "zh": "cmn",
}  # fmt: skip
DOMAINS = (
    "diabla", "gunnxx-news", "newstest2009", "newstest2012", "odb", "panl-bppt-int", "panl-bppt-spo", "quran",
    "tatoeba", "ted-iwslt17-devtest", "wesnoth",
)  # fmt: skip
DEVTEST: tuple[Languages, ...] = (("fr", "id"), ("fr", "en"), ("id", "en"), ("de", "fr"), ("zh", "en"))
LENGTHS = (30, 70)  # lines of a training case


Counts = npt.NDArray[np.float64]


class Sided(Protocol):
    """A bead: indexes of either side."""

    @property
    def a(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def b(self) -> tuple[int, ...]: ...  # noqa: D102


class Vectors(NamedTuple):
    """A case and the vectors of either text."""

    case: MonotoneCase
    a: monotone.Text
    b: monotone.Text


def flores_lines(folder: Path, part: str) -> dict[str, list[str]]:
    """Return the lines of FLORES-200 `part`, dev or devtest, by language."""
    return {lang: (folder / f"{part}.{name}").read_text(encoding="utf-8").splitlines() for lang, name in FLORES.items()}


def training_cases(flores: Path, parallel: Path, count: int, rng: random.Random) -> list[Vectors]:
    """Return `count` cases, three in four of them from FLORES-200 dev."""
    lines = flores_lines(flores, "dev")
    domains = {lang: _by_domain(parallel / f"train.{lang}-en.tsv.xz") for lang in ("fr", "id")}
    cases = []
    for n in range(count):
        size = rng.randint(*LENGTHS)
        if n % 4:
            a, b = rng.sample(sorted(lines), 2)
            start = rng.randrange(len(lines[a]) - size)
            texts = lines[a][start : start + size], lines[b][start : start + size]
        else:
            a, b = rng.choice(sorted(domains)), "en"
            pairs = rng.sample(rng.choice(domains[a]), size)
            texts = [source for source, _ in pairs], [english for _, english in pairs]
            if rng.random() < 0.5:
                a, b, texts = b, a, (texts[1], texts[0])
        cases.append(_vectors(_random_case(texts, (a, b), rng), (a, b)))
    return cases


def _random_case(texts: tuple[Sequence[str], Sequence[str]], languages: Languages, rng: random.Random) -> MonotoneCase:
    return monotone_case(
        *texts,
        languages,
        rng.randrange(2**32),
        merge=rng.choice([0.0, 0.15, rng.uniform(0.0, 0.3)]),
        drop=rng.choice([0.0, 0.0, 0.0, rng.uniform(0.0, 0.1), 0.3, 0.3, rng.uniform(0.1, 0.4)]),
        split=rng.choice([0.0, 0.0, rng.uniform(0.0, 0.3), rng.uniform(0.0, 0.5)]),
    )


def _by_domain(path: Path) -> list[list[tuple[str, str]]]:
    domains: dict[str, list[tuple[str, str]]] = {name: [] for name in DOMAINS}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            source, english, name = line.rstrip("\n").split("\t")
            if name in domains:
                domains[name].append((source, english))
    return [pairs for _, pairs in sorted(domains.items()) if len(pairs) >= LENGTHS[1]]


@cache
def _encoder() -> SentenceEncoder:
    return encoder(DIRECT, 2)


def vectors_of(texts: Sequence[str]) -> Matrix:
    """Return the vectors of `texts`."""
    return _encoder().encode(list(texts))


def _vectors(case: MonotoneCase, languages: Languages) -> Vectors:
    direct = _encoder()
    return Vectors(
        case, *(monotone.encoded(side, lang, direct) for side, lang in zip((case.a, case.b), languages, strict=True))
    )


def figures(
    lines: Mapping[str, Sequence[str]], languages: Sequence[Languages], weights: Weights, count: int = 4
) -> str:
    """Return a table of F1 of `weights`, strict and lax, on `count` cases of 150 lines for each two languages."""
    rows = ["| languages | merged .15 | and .3 dropped | cut .4, merged .1 |", "|---|---|---|---|"]
    totals = [np.zeros(5) for _ in SETTINGS]
    for a, b in languages:
        cells = []
        for total, setting in zip(totals, SETTINGS, strict=True):
            counts = np.zeros(5)
            for seed in range(count):
                part = slice(seed * 150, seed * 150 + 150)
                case = _vectors(monotone_case(lines[a][part], lines[b][part], (a, b), seed, **setting), (a, b))
                counts += _counts(case, monotone.align(case.a, case.b, weights))
            np.add(total, counts, out=total)
            cells.append(rated(counts))
        rows.append(f"| {a}-{b} | {' | '.join(cells)} |")
    rows.append(f"| all | {' | '.join(map(rated, totals))} |")
    return "\n".join(rows)


SETTINGS: tuple[dict[str, float], ...] = (
    {"merge": 0.15},
    {"merge": 0.15, "drop": 0.3},
    {"merge": 0.1, "split": 0.4},
)


def _counts(vectors: Vectors, found: Sequence[monotone.Bead]) -> Counts:
    return counted(vectors.case.beads, found)


def counted(gold_beads: Sequence[Sided], found: Sequence[Sided]) -> Counts:
    """Return right, made, wanted, laxly right and laxly found beads; unmatched sentences are left out."""
    gold = {(bead.a, bead.b) for bead in gold_beads if bead.a and bead.b}
    made = {(bead.a, bead.b) for bead in found if bead.a and bead.b}
    links = [{(i, j) for a, b in beads for i in a for j in b} for beads in (gold, made)]
    right = sum(any((i, j) in links[0] for i in a for j in b) for a, b in made)
    hit = sum(any((i, j) in links[1] for i in a for j in b) for a, b in gold)
    return np.array([len(gold & made), len(made), len(gold), right, hit], dtype=np.float64)


def rated(counts: Counts) -> str:
    """Return strict and lax F1 of `counts`."""
    right, made, wanted, lax, hit = counts
    precision, recall = lax / max(made, 1), hit / max(wanted, 1)
    return f"{2 * right / (made + wanted):.3f} / {2 * precision * recall / max(precision + recall, 1e-9):.3f}"
