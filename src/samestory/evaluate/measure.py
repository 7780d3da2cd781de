"""Strict and lax precision, recall and F1 of beads, as vecalign's score.py defines them.

https://github.com/thompsonb/vecalign; the definitions are those of the Text+Berg shared task
(https://aclanthology.org/W11-4624). Strict: a bead is right where the other side has the same one. Lax: where
it has one that shares something on both sides. What is undefined, such as the precision of nothing, is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from samestory.evaluate.beads import Bead, Beads, GoldBead, MadeBead
from samestory.evaluate.spans import Overlaps


class Score(msgspec.Struct, frozen=True):
    """Beads made that are right, beads wanted that were found, and the shares these are of all."""

    right: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None


class Measure(msgspec.Struct, frozen=True):
    """Beads made, without the neutral, and beads wanted, and how far they are the same."""

    made: int
    wanted: int
    strict: Score
    lax: Score


class Figures(Measure, frozen=True):
    """A measure, with the beads made that count neither way, and the divergent gold beads and those of them made."""

    neutral: int
    divergent: int
    divergent_accepted: int


class Relations(msgspec.Struct, frozen=True):
    """How far the build calls those beads partial that the gold does.

    `beads` is how many made beads are cut as a gold bead that is equivalent or partial, `wanted` how many of them are
    partial there, `told` how many are called so.
    """

    beads: int
    told: int
    wanted: int
    partial: Score


class Breakdown(msgspec.Struct, frozen=True):
    """Figures of all beads, and by language pair, by kind and by story of the gold, micro-averaged."""

    total: Figures
    by_languages: dict[str, Figures]
    by_kind: dict[str, Figures]
    by_story: dict[str, Figures]


class Judged(msgspec.Struct, frozen=True):
    """A made bead, the gold beads it overlaps, and the verdict. `divergent`: it is false for a divergent one."""

    bead: MadeBead
    strict: bool
    lax: bool
    neutral: bool
    divergent: bool
    overlaps: tuple[GoldBead, ...]


class Sought(msgspec.Struct, frozen=True):
    """A gold bead, and the made beads that are equal to it (strict) and that overlap it (lax).

    `accepted`: it is divergent, and a made bead is false for it.
    """

    bead: GoldBead
    strict: tuple[MadeBead, ...]
    lax: tuple[MadeBead, ...]
    accepted: bool


def judge(beads: Beads) -> tuple[list[Judged], list[Sought]]:
    """Return every made bead with its verdict, and every gold bead with what was made of it."""
    gold, made = _by_articles(beads.gold), _by_articles(beads.made)
    none: Overlaps[Any] = Overlaps(())
    judged = [_judge(bead, gold.get(bead.paths, none).of(bead)) for bead in beads.made]
    accepted = {bead for j in judged if j.divergent for bead in j.overlaps if bead.relation == "divergent"}
    sought = []
    for bead in beads.gold:
        near = made.get(bead.paths, none).of(bead)
        equal = tuple(m for m in near if m.sides == bead.sides)
        sought.append(Sought(bead, equal, tuple(near), accepted=bead in accepted))
    return judged, sought


def _judge(bead: MadeBead, near: Sequence[GoldBead]) -> Judged:
    """Judge by an equivalent gold bead if there is one, else by the divergent, else by the partial."""
    true = [g for g in near if g.relation == "equivalent"]
    strict = any(g.sides == bead.sides for g in true)
    divergent = not true and any(g.relation == "divergent" for g in near)
    neutral = not true and not divergent and bool(near)
    return Judged(bead, strict, bool(true), neutral, divergent, tuple(near))


def breakdown(judged: Sequence[Judged], sought: Sequence[Sought]) -> Breakdown:
    """Return the figures of all, and by everything they are told apart by."""

    def by(key: Callable[[Bead], str]) -> dict[str, Figures]:
        names = sorted({key(j.bead) for j in judged} | {key(s.bead) for s in sought})
        return {
            name: figures([j for j in judged if key(j.bead) == name], [s for s in sought if key(s.bead) == name])
            for name in names
        }

    return Breakdown(
        total=figures(judged, sought),
        by_languages=by(lambda bead: bead.languages),
        by_kind=by(lambda bead: bead.kind),
        by_story=by(lambda bead: bead.story),
    )


def figures(judged: Sequence[Judged], sought: Sequence[Sought]) -> Figures:
    """Return the figures of some made beads and some gold beads."""
    counted = [j for j in judged if not j.neutral]
    wanted = [s for s in sought if s.bead.relation == "equivalent"]
    divergent = [s for s in sought if s.bead.relation == "divergent"]
    return Figures(
        made=len(counted),
        wanted=len(wanted),
        strict=score(sum(j.strict for j in counted), len(counted), sum(bool(s.strict) for s in wanted), len(wanted)),
        lax=score(sum(j.lax for j in counted), len(counted), sum(bool(s.lax) for s in wanted), len(wanted)),
        neutral=len(judged) - len(counted),
        divergent=len(divergent),
        divergent_accepted=sum(s.accepted for s in divergent),
    )


def relations(judged: Sequence[Judged]) -> Relations:
    """Return how far the right beads are called partial. Where the gold has one twice, it is equivalent."""
    equal = [(j, [g.relation for g in j.overlaps if g.sides == j.bead.sides]) for j in judged]
    return relations_of(
        (j.bead.relation == "partial", not j.strict) for j, own in equal if j.strict or "partial" in own
    )


def relations_of(beads: Iterable[tuple[bool, bool]]) -> Relations:
    """Return the same of `beads` cut as in the gold: whether each is called partial, and whether it is."""
    known = list(beads)
    told, wanted, right = sum(t for t, _ in known), sum(w for _, w in known), sum(t and w for t, w in known)
    return Relations(len(known), told, wanted, score(right, told, right, wanted))


def score(right: int, made: int, found: int, wanted: int) -> Score:
    """Return the score of `right` among `made` and `found` among `wanted`."""
    precision = right / made if made else None
    recall = found / wanted if wanted else None
    return Score(right, found, precision, recall, _f1(precision, recall))


def _f1(precision: float | None, recall: float | None) -> float | None:
    """Return the harmonic mean; it is 0, not undefined, where one of the two is 0."""
    if not precision or not recall:
        return 0.0 if 0.0 in (precision, recall) else None
    return 2 * precision * recall / (precision + recall)


def _by_articles(beads: Iterable[Any]) -> Mapping[tuple[str, str], Overlaps[Any]]:
    groups: dict[tuple[str, str], list[Any]] = {}
    for bead in beads:
        groups.setdefault(bead.paths, []).append(bead)
    return {paths: Overlaps(group) for paths, group in groups.items()}
