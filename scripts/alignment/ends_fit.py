"""What the third look learns from: the candidates of the gold that it is shown, and where they should end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from alignment.gold import SHARING, Beads, Build, Gold, Place, build
from alignment.pair_fit import Floats, Rows, joined, overlap, together, where
from samestory.collection import Collection
from samestory.looks import Look, Readers, end_evidence, has_read
from samestory.reports import Reports, likely_candidates
from samestory.spans import Spans


class EndRows(NamedTuple):
    """Evidence of candidates: whether each ends where it should, and of those that do whether one side says more."""

    exact: Rows
    partial: Rows


def builds_of(gold: Gold) -> dict[str, list[Build]]:
    """Return `gold` as one build, as one of each story, and as one of every two articles with beads."""
    return {
        "one of all": [build(gold)],
        "one a story": [build(gold.of_story(story)) for story in sorted(set(gold.story.values()))],
        "one of two reports": two_by_two(gold),
    }


def two_by_two(gold: Gold) -> list[Build]:
    """Return a build of every two articles of `gold` with beads, where there is no third report to tell."""
    return [build(gold.only(pair)) for pair in sorted(gold.beads)]


def learnt(builds: Iterable[Build], look_of: Callable[[str], Look], readers: Readers) -> EndRows:
    """Return all rows that a third look learns from; `look_of` gives the look that is used on a story before."""
    return all_ends(
        end_rows(gold.of_story(story), collection, spans, look_of(story), readers)
        for gold, collection, spans in builds
        for story in gold.aligned_stories()
    )


def end_rows(gold: Gold, collection: Collection, spans: Mapping[str, Spans], look: Look, readers: Readers) -> EndRows:
    """Return the candidates of every two articles of `gold` with beads that `look` finds likely and `readers` read."""
    parts = []
    for reports, a, b in together(gold, spans, partial(Reports, collection, look)):
        found, raw = reports.scored(spans[a], spans[b])
        likely = likely_candidates(found, raw)
        found = found.at(likely)
        sides = found.sides(spans[a], spans[b])
        pivoted = reports.pivoted(spans[a], spans[b], sides)
        values = end_evidence(readers, spans[a], spans[b], found, raw[likely], pivoted)
        beads = [(tuple(left), tuple(right)) for left, right in sides]
        parts.append(labelled(values, beads, gold.beads[a, b], gold.story[a]))
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
    told = np.isin(relations, SHARING)
    stories, nobody = np.full(len(sides), story), np.full(len(sides), None)  # the candidates are not asked again
    return EndRows(
        *(
            where(Rows(values, truth, weight.astype(np.float64), stories, nobody), has_read(values))
            for truth, weight in ((relations == "equivalent", ~neutral), (relations == "partial", told))
        )
    )


def _touched(side: tuple[Place, Place], beads: Beads) -> set[str]:
    return {relation for other, relation in beads.items() if overlap(side, other)}
