"""What the third look learns from: the candidates of the gold that it is shown, and where they should end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from alignment.gold import Beads, Gold, Place
from alignment.pair_fit import Candidate, Floats, Rows, as_objects, joined, overlap
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.free import likely_candidates
from samestory.looks import Look, Readers, end_evidence
from samestory.spans import Spans


class EndRows(NamedTuple):
    """Evidence of candidates: whether each ends where it should, and of those that do whether one side says more."""

    exact: Rows
    partial: Rows


def end_rows(gold: Gold, collection: Collection, spans: dict[str, Spans], look: Look, readers: Readers) -> EndRows:
    """Return the candidates of every two articles of `gold` with beads that `look` finds likely."""
    parts = []
    for (a, b), beads in sorted(gold.beads.items()):
        found = evidence(collection, spans[a], spans[b])
        raw = look.probability(spans[a], spans[b], found)
        likely = likely_candidates(found, raw)
        found = found.at(likely)
        values = end_evidence(readers, spans[a], spans[b], found, raw[likely])
        places = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
        sides = [(tuple(spans[a].positions[row]), tuple(spans[b].positions[column])) for row, column in places]
        candidates = [Candidate(spans[a], row, spans[b], column) for row, column in places]
        parts.append(_labelled(values, sides, beads, candidates, gold.story[a]))
    return EndRows(*map(joined, zip(*parts, strict=True)))


def _labelled(
    values: Floats, sides: Sequence[tuple[Place, Place]], beads: Beads, candidates: Sequence[Candidate], story: str
) -> EndRows:
    """Return candidates of two articles. What is or overlaps only what is partial is neither exact nor not."""
    relations = np.array([beads.get(side, "") for side in sides], dtype=np.str_)
    touched = [{relation for other, relation in beads.items() if overlap(side, other)} for side in sides]
    neutral = (relations == "partial") | np.array([found == {"partial"} for found in touched], dtype=np.bool_)
    told = np.isin(relations, ("equivalent", "partial"))
    own, stories = as_objects(candidates), np.full(len(sides), story)
    return EndRows(
        Rows(values, relations == "equivalent", (~neutral).astype(np.float64), stories, own),
        Rows(values, relations == "partial", told.astype(np.float64), stories, own),
    )
