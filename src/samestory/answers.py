"""What models say of two texts, asked once and kept in the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from samestory.store import Store

_DIGITS = 3  # those of float32 that neither the batch nor the kind of processor changes
_CHUNK = 256  # what a killed build loses at most

Texts = Sequence[tuple[str, str]]
Values = npt.NDArray[np.float64]


def answers(
    store: Store, model: str, options: str, texts: Texts, columns: int, ask: Callable[[Texts], Values]
) -> Values:
    """Return what `model` says of each of n `texts`, shape (n, columns): as kept under `options`, or when asked.

    `ask` returns the same of some of them. NaN is an answer too.
    """
    known = store.answers(model, options, texts)
    ordered = sorted(set(texts), key=lambda both: (len(both[0]) + len(both[1]), both))
    for start in range(0, len(ordered), _CHUNK):  # of all, so that a run after a kill makes the same batches
        missing = [both for both in ordered[start : start + _CHUNK] if both not in known]
        if missing:
            told = dict(zip(missing, ask(missing).round(_DIGITS), strict=True))
            store.add_answers(model, options, told)
            known |= told
    return np.array([known[both] for both in texts], dtype=np.float64).reshape(len(texts), columns)
