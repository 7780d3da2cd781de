"""Vectors of runs of sentences, from those of the sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from samestory.records import Matrix

_TINY = 1e-9
_ROUNDING = 1e-4  # of vectors of length 1 in single precision: less than this is no difference


def sums(vectors: Matrix, widths: npt.NDArray[np.float64], positions: Sequence[range]) -> Matrix:
    """Return the vector of each span, of length 1: a longer sentence counts for more, by the root of its width."""
    weighted = vectors.astype(np.float64) * np.sqrt(widths)[:, None]
    by_size = {size: _windows(weighted, size) for size in {len(span) for span in positions}}
    found = np.array([by_size[len(span)][span.start] for span in positions]).reshape(-1, vectors.shape[1])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), _TINY), dtype=np.float32)


def mean(vectors: Matrix | None) -> Matrix:
    """Return the mean of `vectors`, shape (n, d) -> (d,).

    Of none it is zeros, which as a centre take nothing off: of shape (1,) where `vectors` is None.
    """
    if vectors is None:
        return np.zeros(1, dtype=np.float32)
    return np.asarray(vectors.sum(axis=0, dtype=np.float64) / max(len(vectors), 1), dtype=np.float32)


def beyond(vectors: Matrix, centre: Matrix) -> Matrix:
    """Return what `vectors` have beyond `centre`, shape (n, d): each row of length 1, or zero if that is nothing."""
    left = vectors - centre
    norm = np.linalg.norm(left, axis=1, keepdims=True)
    return np.asarray(np.where(norm > _ROUNDING, left / np.maximum(norm, _TINY), 0.0), dtype=np.float32)


def cosine(a: Matrix, b: Matrix) -> float:
    """Return the cosine of two vectors."""
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), _TINY))


def _windows(rows: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    """Return the sums of every `size` consecutive rows."""
    total = rows[: len(rows) - size + 1].copy()
    for shift in range(1, size):
        total += rows[shift : len(rows) - size + 1 + shift]
    return total
