"""A text to be aligned in its order: the vectors of its spans, and the lengths of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from samestory.letters import join, width
from samestory.records import Matrix
from samestory.vectors import sums

LONGEST = 4  # sentences on one side of a bead
_CHUNK = 4096  # spans encoded at once


class Encoder(Protocol):
    """Anything that turns texts into vectors of length 1."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of n texts, shape (n, d)."""
        ...


class Text(NamedTuple):
    """Spans of one text: `vectors` (LONGEST, n, d), where [k, i] is that of sentences i to i + k, and `widths` (n,).

    Rows are of length 1; where a span would run over the end they are not looked at.
    """

    vectors: Matrix
    widths: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.widths)

    def part(self, first: int, last: int) -> Text:
        """Return sentences `first` to `last` - 1."""
        return Text(self.vectors[:, first:last], self.widths[first:last])


def summed(vectors: Matrix, widths: npt.NDArray[np.float64]) -> Text:
    """Return a text of which only the vectors of single sentences, (n, d), are known: a span's is their sum."""
    n = len(vectors)
    out = np.zeros((LONGEST, n, vectors.shape[1]), dtype=np.float32)
    for size in range(1, min(LONGEST, n) + 1):
        out[size - 1, : n - size + 1] = sums(vectors, widths, [range(i, i + size) for i in range(n - size + 1)])
    return Text(out, widths)


def encoded(lines: Sequence[str], lang: str, direct: Encoder) -> Text:
    """Return the text of `lines`, each span of up to LONGEST lines encoded as one."""
    spans = [
        (size, start, join(lines[start : start + size + 1], lang))
        for size in range(LONGEST)
        for start in range(len(lines) - size)
    ]
    vectors: Matrix | None = None
    for first in range(0, len(spans), _CHUNK):
        part = spans[first : first + _CHUNK]
        made = direct.encode([text for _, _, text in part])
        if vectors is None:
            vectors = np.zeros((LONGEST, len(lines), made.shape[1]), dtype=np.float32)
        vectors[[size for size, _, _ in part], [start for _, start, _ in part]] = made
    widths = np.array([width(line) or 1 for line in lines], dtype=np.float64)
    return Text(np.zeros((LONGEST, 0, 0), np.float32) if vectors is None else vectors, widths)
