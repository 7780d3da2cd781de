"""The similarities of the spans of two articles: cosines on the originals and on the English, and how far these excel.

What is usual for a span is the mean of its nearest neighbours in the collection, as in the margin of Artetxe and
Schwenk 2019 (https://aclanthology.org/P19-1309).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.spans import Spans

_CLOSEST = 3  # matches that show how close two articles are

# English cosines lie higher than direct ones for the same closeness. This line takes the one to the
# other's scale: on English sentence pairs the 95th and 99.5th percentiles of both met.
_ENGLISH_SLOPE, _ENGLISH_OFFSET = 0.886, -0.022

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Similarities(NamedTuple):
    """Of all spans of one article with all of the other: cosines, what is usual for either side, what exceeds it."""

    direct: Values
    direct_hub: Values
    english: Values
    english_hub: Values
    known: Values
    both: Values
    margin: Values


def similarities(collection: Collection, a: Spans, b: Spans) -> Similarities:
    """Return the similarities of all spans of `a` with all of `b`; 0 on the English where a side has none."""
    direct = (a.direct @ b.direct.T).astype(np.float64)
    direct_hub = (collection.hub(a, b.lang, "direct")[:, None] + collection.hub(b, a.lang, "direct")) / 2
    nothing = np.zeros_like(direct)
    if a.english is None or b.english is None:
        return Similarities(direct, direct_hub, nothing, nothing, nothing, direct, direct - direct_hub)
    known = np.outer(a.english.any(axis=1), b.english.any(axis=1)).astype(np.float64)
    english = (a.english @ b.english.T).astype(np.float64) * known
    english_hub = (collection.hub(a, b.lang, "english")[:, None] + collection.hub(b, a.lang, "english")) / 2 * known
    similarity = np.where(known > 0, both(direct, english), direct)
    one, other = direct - direct_hub, english - english_hub
    margin = np.where(known > 0, np.maximum(one, (one + other) / 2), one)
    return Similarities(direct, direct_hub, english, english_hub, known, similarity, margin)


def closeness(similarity: Values) -> float:
    """Return how close the closest sentences of two articles are: a match far below is suspect in near translations."""
    if not similarity.size:
        return 0.0
    mutual = (similarity == similarity.max(axis=1, keepdims=True)) & (similarity == similarity.max(axis=0))
    return float(np.sort(similarity[mutual])[-_CLOSEST:].mean())


def gain(similarity: Values, a: Spans, b: Spans, rows: Places, columns: Places) -> Values:
    """Return what a bead has over the best bead that lacks its first or last sentence; 0 for a bead of 1-1."""
    long_a, long_b = a.sizes[rows] > 1, b.sizes[columns] > 1
    best = np.full(len(rows), -np.inf)
    for part in a.parts:
        best = np.where(long_a, np.maximum(best, similarity[part[rows], columns]), best)
    for part in b.parts:
        best = np.where(long_b, np.maximum(best, similarity[rows, part[columns]]), best)
    return np.where(np.isfinite(best), similarity[rows, columns] - best, 0.0)


def both(direct: Values, english: Values) -> Values:
    """Return the similarity that the two cosines show together: a poor translation sinks no match."""
    return np.maximum(direct, (direct + _ENGLISH_SLOPE * english + _ENGLISH_OFFSET) / 2)
