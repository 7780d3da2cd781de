"""Articles made by hand, aligned in any order."""

from __future__ import annotations

from by_hand import AS_IT_IS, by_similarity
from samestory.align import Bead
from samestory.collection import Collection
from samestory.free import Found, FreeOrder
from samestory.looks import FirstLook
from samestory.records import Encoded
from samestory.scorer import Calibration, Trees
from samestory.spans import all_spans

Shape = tuple[tuple[int, ...], tuple[int, ...]]


def found(
    a: Encoded,
    b: Encoded,
    min_score: float = 0.5,
    trees: Trees | None = None,
    calibration: Calibration = AS_IT_IS,
) -> Found:
    aligner = FreeOrder(Collection([a, b]), FirstLook(trees or by_similarity()), calibration, min_score)
    return aligner.find(all_spans(a), all_spans(b))


def shapes(beads: list[Bead]) -> list[Shape]:
    return [(tuple(bead.a), tuple(bead.b)) for bead in beads]
