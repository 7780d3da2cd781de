"""Examples for the cross-encoder: two English texts, and what is true of them.

The files they are kept in between the steps of training are gzipped JSON Lines.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

LABELS = ("one fact", "overlap", "contradiction")
"""What is asked of two texts: whether they report the same fact, share one, contradict one another in one."""

Truth = tuple[float, float, float]

_FALSE = 3, 2  # of these, beside each translation and beside each English sentence
_MARGIN = 25  # letters at least on either side of a cut
_CLAUSE = re.compile(r"(?<=[,;:—–])\s+")


class Example(NamedTuple):
    """Two texts, the answers (1 yes, 0 no), and how much each counts."""

    a: str
    b: str
    truth: Truth
    weight: Truth


class Parallel(NamedTuple):
    """An English sentence, the machine translation of its counterpart, and English that contradicts it in one thing."""

    english: str
    translation: str
    contradictions: list[str]


def write(path: Path, rows: Iterable[NamedTuple]) -> None:
    """Write rows to `path`; the same rows give the same bytes."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_examples(path: Path) -> list[Example]:
    """Return the examples in `path`."""
    return [Example(a, b, tuple(truth), tuple(weight)) for a, b, truth, weight in _rows(path)]


def read_parallel(path: Path) -> list[Parallel]:
    """Return the parallel sentences in `path`."""
    return [Parallel(*row) for row in _rows(path)]


def of_parallel(
    sentences: Sequence[Parallel], near: Sequence[Sequence[int]], near_translation: Sequence[Sequence[int]], seed: int
) -> list[Example]:
    """Return examples made of parallel sentences.

    `near` are the English sentences nearest to each translation, by index, `near_translation` the translations nearest
    to each English sentence; neither names the sentence's own. A sentence stands beside its translation; beside its
    neighbours; beside what contradicts it; beside its translation and a neighbour more; beside its translation in
    two sentences; and beside one of these.
    """
    rng = random.Random(seed)
    examples = []
    for n, (english, translation, contradictions) in enumerate(sentences):
        others = [sentences[k].english for k in near[n]]
        other_translations = [sentences[k].translation for k in near_translation[n]]
        examples.append(_same(translation, english))
        examples += [_apart(translation, other) for other in rng.sample(others, _FALSE[0])]
        examples += [_apart(other, english) for other in rng.sample(other_translations, _FALSE[1])]
        examples += [Example(translation, false, (0, 0, 1), (1, 0, 1)) for false in contradictions]
        examples.append(_more(translation, _shuffled([english, rng.choice(others)], rng)))
        examples.append(_more(english, _shuffled([translation, rng.choice(other_translations)], rng)))
        for whole, text in ((translation, english), (english, translation)):
            halves = _cut(text)
            if halves is not None:
                examples += [_same(whole, " ".join(halves)), _more(whole, rng.choice(halves))]
    return examples


def _same(a: str, b: str) -> Example:
    return Example(a, b, (1, 1, 0), (1, 1, 1))


def _apart(a: str, b: str) -> Example:
    return Example(a, b, (0, 0, 0), (1, 1, 0))


def _more(a: str, b: str) -> Example:
    """Return texts of which one says more."""
    return Example(a, b, (0, 1, 0), (1, 1, 0))


def _shuffled(texts: list[str], rng: random.Random) -> str:
    rng.shuffle(texts)
    return " ".join(texts)


def _cut(text: str) -> tuple[str, str] | None:
    """Return `text` as two sentences, cut at the clause mark nearest to its middle; None where it has none."""
    cuts = [match.end() for match in _CLAUSE.finditer(text) if _MARGIN < match.end() < len(text) - _MARGIN]
    if not cuts:
        return None
    cut = min(cuts, key=lambda place: abs(place - len(text) / 2))
    first, second = text[:cut].rstrip(" ,;:—–"), text[cut:]
    return f"{first}.", second[:1].upper() + second[1:]


def _rows(path: Path) -> Iterable[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
