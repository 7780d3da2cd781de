"""Vectors of runs of sentences, from those of the sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from samestory.records import Matrix


def sums(vectors: Matrix, widths: npt.NDArray[np.float64], positions: Sequence[range]) -> Matrix:
    """Return the vector of each span, of length 1: a longer sentence counts for more, by the root of its width."""
    weighted = vectors.astype(np.float64) * np.sqrt(widths)[:, None]
    by_size = {size: _windows(weighted, size) for size in {len(span) for span in positions}}
    found = np.array([by_size[len(span)][span.start] for span in positions]).reshape(-1, vectors.shape[1])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _windows(rows: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    """Return the sums of every `size` consecutive rows."""
    total = rows[: len(rows) - size + 1].copy()
    for shift in range(1, size):
        total += rows[shift : len(rows) - size + 1 + shift]
    return total
