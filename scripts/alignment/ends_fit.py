"""What the third look learns from: the candidates of the gold that it is shown, and where they should end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from alignment.gold import Beads, Gold, Place
from alignment.pair_fit import Floats, Rows, joined, overlap, where
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.free import likely_candidates
from samestory.looks import Look, Readers, end_evidence, has_read
from samestory.spans import Spans


class EndRows(NamedTuple):
    """Evidence of candidates: whether each ends where it should, and of those that do whether one side says more."""

    exact: Rows
    partial: Rows


def end_rows(gold: Gold, collection: Collection, spans: dict[str, Spans], look: Look, readers: Readers) -> EndRows:
    """Return the candidates of every two articles of `gold` with beads that `look` finds likely and `readers` read."""
    parts = []
    for (a, b), beads in sorted(gold.beads.items()):
        found = evidence(collection, spans[a], spans[b])
        raw = look.probability(spans[a], spans[b], found)
        likely = likely_candidates(found, raw)
        found = found.at(likely)
        values = end_evidence(readers, spans[a], spans[b], found, raw[likely])
        sides = [(tuple(left), tuple(right)) for left, right in found.sides(spans[a], spans[b])]
        parts.append(labelled(values, sides, beads, gold.story[a]))
    return all_ends(parts)


def all_ends(parts: Iterable[EndRows]) -> EndRows:
    """Return all rows of the one sort and of the other."""
    return EndRows(*map(joined, zip(*parts, strict=True)))


def labelled(values: Floats, sides: Sequence[tuple[Place, Place]], beads: Beads, story: str) -> EndRows:
    """Return candidates of two articles, `values` of ENDS, as far as the cross-encoder has read both sides.

    What overlaps only what is partial is neither exact nor not.
    """
    relations = np.array([beads.get(side, "") for side in sides], dtype=np.str_)
    neutral = np.array([_touched(side, beads) == {"partial"} for side in sides], dtype=np.bool_)
    told = np.isin(relations, ("equivalent", "partial"))
    stories, nobody = np.full(len(sides), story), np.full(len(sides), None)  # the candidates are not asked again
    return EndRows(
        *(
            where(Rows(values, truth, weight.astype(np.float64), stories, nobody), has_read(values))
            for truth, weight in ((relations == "equivalent", ~neutral), (relations == "partial", told))
        )
    )


def _touched(side: tuple[Place, Place], beads: Beads) -> set[str]:
    return {relation for other, relation in beads.items() if overlap(side, other)}
