"""What a third report says of two others: where both say what one of its sentences says, they say the same.

As in translation by way of a pivot language, what is hard to tell of two texts may be easy to tell of either and a
third (Cohn and Lapata 2007, https://aclanthology.org/P07-1092/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from samestory.features import PIVOTS
from samestory.spans import Sides

Values = npt.NDArray[np.float64]
Links = Mapping[range, Mapping[range, float]]
"""How likely it is that spans of one article are aligned with spans of another."""


def links(sides: Iterable[Sides], probability: Values) -> Links:
    """Return candidate beads, and how likely each is, as links from the spans of the first article."""
    out: dict[range, dict[range, float]] = {}
    for (a, b), likely in zip(sides, probability.tolist(), strict=True):
        out.setdefault(a, {})[b] = likely
    return out


def turned(other: Links) -> Links:
    """Return the same links from the spans of the second article."""
    out: dict[range, dict[range, float]] = {}
    for a, told in other.items():
        for b, likely in told.items():
            out.setdefault(b, {})[a] = likely
    return out


def through(sides: Sequence[Sides], thirds: Iterable[tuple[Links, Links]]) -> Values:
    """Return what third reports say of n candidate beads, shape (n, len(PIVOTS)); NaN where there is none.

    Each of the `thirds` is the links of the first article and of the second with a third. Told is how likely its
    likeliest span is for both sides, for the one, and for the other; each the greatest over all third reports.
    """
    out = np.full((len(sides), len(PIVOTS)), np.nan)
    for first, second in thirds:
        for n, (a, b) in enumerate(sides):
            one, other = first.get(a, {}), second.get(b, {})
            both = max((likely * other[span] for span, likely in one.items() if span in other), default=0.0)
            either = sorted((max(told.values(), default=0.0) for told in (one, other)), reverse=True)
            out[n] = np.fmax(out[n], (both, *either))
    return out
