"""The worst mistakes, to be read: what was made that is false, what was missed, and what was cut in another place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from samestory.evaluate.beads import Bead, GoldBead, MadeBead, Text
from samestory.evaluate.gold import GoldRelation
from samestory.evaluate.measure import Judged, Sought
from samestory.evaluate.spans import Cover, meet


class Shown(msgspec.Struct, frozen=True):
    """A bead to be read. A made bead has an id and a score, a gold bead a relation; the rest is None."""

    texts: tuple[Text, Text]
    id: str | None = None
    score: float | None = None
    relation: GoldRelation | None = None


class Mistake(msgspec.Struct, frozen=True):
    """A bead of one party and those of the other that have letters of it on one side at least."""

    bead: Shown
    languages: str
    others: tuple[Shown, ...]


class Listed(msgspec.Struct, frozen=True):
    """How many mistakes of a sort there are, and the worst of them."""

    count: int
    worst: tuple[Mistake, ...]


class Mistakes(msgspec.Struct, frozen=True):
    """The mistakes of an alignment.

    `false`: made beads that overlap no equivalent gold bead, those with the highest scores first.
    `missed`: equivalent gold beads that no made bead overlaps, the longest first.
    `boundary`: made beads that overlap one but are equal to none, those with the highest scores first.
    """

    false: Listed
    missed: Listed
    boundary: Listed


def mistakes(judged: Sequence[Judged], sought: Sequence[Sought], limit: int) -> Mistakes:
    """Return the mistakes, with the worst `limit` of each sort."""
    made = [j.bead for j in judged]
    gold = [s.bead for s in sought]
    false = sorted((j.bead for j in judged if not j.lax and not j.neutral), key=_by_score)
    boundary = sorted((j.bead for j in judged if j.lax and not j.strict), key=_by_score)
    missed = sorted((s.bead for s in sought if s.bead.relation == "equivalent" and not s.lax), key=_by_length)
    return Mistakes(
        Listed(len(false), tuple(_mistake(bead, gold) for bead in false[:limit])),
        Listed(len(missed), tuple(_mistake(bead, made) for bead in missed[:limit])),
        Listed(len(boundary), tuple(_mistake(bead, gold) for bead in boundary[:limit])),
    )


def _mistake(bead: MadeBead | GoldBead, others: Iterable[MadeBead | GoldBead]) -> Mistake:
    return Mistake(_shown(bead), bead.languages, tuple(_shown(other) for other in others if _touch(bead, other)))


def _touch(bead: Bead, other: Bead) -> bool:
    return bead.paths == other.paths and any(map(meet, bead.sides, other.sides))


def _shown(bead: MadeBead | GoldBead) -> Shown:
    if isinstance(bead, MadeBead):
        return Shown(bead.texts, id=bead.id, score=bead.score)
    return Shown(bead.texts, relation=bead.relation)


def _by_score(bead: MadeBead) -> tuple[float, str]:
    return -bead.score, bead.id


def _by_length(bead: GoldBead) -> tuple[int, tuple[str, str], tuple[Cover, Cover]]:
    letters = sum(end - start for side in bead.sides for start, end in side)
    return -letters, bead.paths, bead.sides
