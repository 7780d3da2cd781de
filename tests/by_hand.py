"""Records made by hand: vectors point along axes, so that every cosine is known and no model is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from samestory.records import Article, Encoded, Matrix, Mt, Role, Sentence

WIDTH = 16


def axis(n: int) -> Matrix:
    return np.eye(WIDTH, dtype=np.float32)[n]


def near(n: int, cosine: float, other: int) -> Matrix:
    """The vector at `cosine` to axis `n`; what is left of it lies along axis `other`."""
    return np.asarray(cosine * axis(n) + np.sqrt(1 - cosine**2) * axis(other), dtype=np.float32)


def between(*axes: int) -> Matrix:
    """The vector at the same angle to all of `axes`: that of a sentence that says all of it at once."""
    return np.asarray(sum(axis(n) for n in axes) / np.sqrt(len(axes)), dtype=np.float32)


class Line(NamedTuple):
    text: str
    vector: Matrix | None = None
    role: Role = "body"
    english: str | None = None
    english_vector: Matrix | None = None
    mt_flags: tuple[str, ...] = ()


def article(name: str, lang: str, lines: Sequence[Line | str]) -> Article:
    """An article of one line a sentence, the raw text of which holds two spaces for each one."""
    sentences, text = [], ""
    for index, line in enumerate(lines):
        one = line if isinstance(line, Line) else Line(line)
        raw = one.text.replace(" ", "  ")
        mt = Mt("model", -0.5, one.mt_flags) if one.mt_flags else None
        sentences.append(Sentence(index, one.text, len(text), len(text) + len(raw), one.role, one.english, mt))
        text += raw + "\n\n"
    return Article(
        name, lang, f"Title of {name}", None, None, None, f"{name}.txt", "0" * 64, text, (), tuple(sentences)
    )


def encoded(name: str, lang: str, *lines: Line) -> Encoded:
    content = [line for line in lines if line.role in ("title", "body")]
    rows = [np.zeros(WIDTH, np.float32) if line.english_vector is None else line.english_vector for line in content]
    english = np.stack(rows) if any(line.english_vector is not None for line in content) else None
    return Encoded(article(name, lang, lines), np.stack([line.vector for line in content]), english)


def scattered(name: str, lang: str, seed: int, length: int = 8) -> Encoded:
    """An article of `length` sentences with vectors drawn at random, in one half-space as real ones are."""
    vectors = np.abs(np.random.default_rng(seed).normal(size=(length, WIDTH)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return encoded(name, lang, *(Line(f"sentence {n} of {name}.", v.astype(np.float32)) for n, v in enumerate(vectors)))
