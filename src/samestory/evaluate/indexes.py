"""Two alignments of the same two lists of sentences, as vecalign writes them: `[0]:[0, 1]:0.12`, a bead a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from samestory.errors import UsageError
from samestory.evaluate.lines import content
from samestory.evaluate.measure import Measure, score
from samestory.evaluate.spans import Cover, Overlaps, Sides, cover

_LIST = r"\[\s*((?:\d+\s*(?:,\s*\d+\s*)*,?)?)\s*\]"
_BEAD = re.compile(rf"\s*{_LIST}\s*:\s*{_LIST}\s*(?::\s*[-+.\deE]*\s*)?")
_CURE = "a line is a bead, such as [0]:[0, 1] or [0]:[0, 1]:0.12, and [] is a side that has none"


class IndexEvaluation(msgspec.Struct, frozen=True):
    """How far two alignments are the same.

    `total` is what vecalign's score.py says: a deletion (a bead with an empty side) counts in precision, where it is
    right if the gold has the same, and not in recall. `links` leaves out deletions everywhere.
    """

    total: Measure
    links: Measure


class _Bead(msgspec.Struct, frozen=True):
    sides: Sides


def evaluate_indexes(gold: Path, made: Path) -> IndexEvaluation:
    """Return how far the beads in the file `made` are those in the file `gold`.

    Raises UsageError where a file is missing or a line is no bead.
    """
    wanted, found = _read(gold), _read(made)
    return IndexEvaluation(_measure(found, wanted), _measure(_links(found), _links(wanted)))


def _measure(made: Sequence[_Bead], gold: Sequence[_Bead]) -> Measure:
    wanted = _links(gold)
    right, found = _hits(made, gold), _hits(wanted, made)
    return Measure(
        made=len(made),
        wanted=len(wanted),
        strict=score(right[0], len(made), found[0], len(wanted)),
        lax=score(right[1], len(made), found[1], len(wanted)),
    )


def _hits(beads: Sequence[_Bead], others: Sequence[_Bead]) -> tuple[int, int]:
    """Count the `beads` that are among `others`, and those that are or that overlap one."""
    known, overlaps = {bead.sides for bead in others}, Overlaps(others)
    equal = [bead.sides in known for bead in beads]
    return sum(equal), sum(same or bool(overlaps.of(bead)) for same, bead in zip(equal, beads, strict=True))


def _links(beads: Iterable[_Bead]) -> list[_Bead]:
    return [bead for bead in beads if all(bead.sides)]


def _read(path: Path) -> list[_Bead]:
    """Return the beads in the file at `path`, each once, without those that are empty on both sides."""
    beads: dict[Sides, _Bead] = {}
    for number, line in enumerate(content(path, _CURE).decode("utf-8", "replace").splitlines(), 1):
        match = _BEAD.fullmatch(line)
        if match is None and line.strip():
            raise UsageError(f"{path}, line {number}, is no bead: {_CURE}")
        if match is not None:
            sides = _cover(match[1]), _cover(match[2])
            if any(sides):
                beads[sides] = _Bead(sides)
    return list(beads.values())


def _cover(listed: str) -> Cover:
    return cover((int(n), int(n) + 1) for n in re.findall(r"\d+", listed))
