"""Cases of two texts in one order, made from line-parallel text: lines dropped, cut and merged on either side."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from alignment.cases import Bead, Languages, components, unique_lines

_MARK = re.compile(r"[,;:،؛](?=\s)|\s—(?=\s)")
_FULL_WIDTH_MARK = re.compile(r"[，；：、]")
_LEAST = {"zh": 4}  # characters of a piece
_LEAST_ELSEWHERE = 12


class MonotoneCase(NamedTuple):
    """Two texts in one order, the lines of each sentence, and the beads, unmatched sentences among them, in order."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    a_lines: tuple[tuple[int, ...], ...]
    b_lines: tuple[tuple[int, ...], ...]
    beads: tuple[Bead, ...]


def monotone_case(
    a_lines: Sequence[str],
    b_lines: Sequence[str],
    languages: Languages,
    seed: int,
    *,
    merge: float = 0.15,
    drop: float = 0.0,
    split: float = 0.0,
) -> MonotoneCase:
    """Return both sides' lines as sentences, less `drop` of them, varied on each side for itself.

    A line is cut in two with probability `split`, at the clause mark nearest to its middle if it has one that
    leaves pieces of some length; neighbours of different lines are then merged with probability `merge`.
    Beads are the least groups of sentences that share lines.
    """
    rng = random.Random(seed)
    usable = unique_lines({"a": a_lines, "b": b_lines}, ("a", "b"))
    sides = []
    for texts, lang in zip((a_lines, b_lines), languages, strict=True):
        kept = sorted(rng.sample(usable, len(usable) - round(drop * len(usable))))
        units = [(piece, line) for line in kept for piece in _pieces(texts[line].strip(), lang, split, rng)]
        sides.append(_merged(units, "" if lang == "zh" else " ", merge, rng))
    (a, a_own), (b, b_own) = sides
    return MonotoneCase(a, b, a_own, b_own, bead_groups(a_own, b_own))


def bead_groups(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> tuple[Bead, ...]:
    """Return the least beads of two sides, given the lines of each sentence, in order.

    A sentence none of whose lines stands on the other side is unmatched, whatever it shares with its neighbours.
    """
    shared = {line for own in a for line in own} & {line for own in b for line in own}
    # A key of its own keeps a sentence without shared lines apart from all others.
    keys: list[list[object]] = [
        [line for line in own if line in shared] or [("alone", n)] for n, own in enumerate([*a, *b])
    ]
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for n, first in enumerate(components(keys)):
        group = groups.setdefault(first, ([], []))
        group[n >= len(a)].append(n if n < len(a) else n - len(a))
    lines = [*a, *b]
    ordered = sorted(groups.values(), key=lambda group: _first_line(group, lines, len(a)))
    return tuple(Bead(tuple(mine), tuple(theirs)) for mine, theirs in ordered)


def _first_line(group: tuple[list[int], list[int]], lines: Sequence[Sequence[int]], offset: int) -> tuple[int, ...]:
    """What to sort a bead by: its first line, then its first sentence."""
    numbers = [*group[0], *(offset + j for j in group[1])]
    return min(min(lines[n]) for n in numbers), numbers[0]


def _pieces(text: str, lang: str, split: float, rng: random.Random) -> list[str]:
    if rng.random() >= split:
        return [text]
    least = _LEAST.get(lang, _LEAST_ELSEWHERE)
    marks = (_FULL_WIDTH_MARK if lang == "zh" else _MARK).finditer(text)
    cuts = [mark.end() for mark in marks if least <= mark.end() <= len(text) - least]
    if not cuts:
        return [text]
    cut = min(cuts, key=lambda end: abs(2 * end - len(text)))
    return [text[:cut].strip(), text[cut:].strip()]


def _merged(
    units: Sequence[tuple[str, int]], joint: str, merge: float, rng: random.Random
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    texts: list[str] = []
    lines: list[tuple[int, ...]] = []
    for text, line in units:
        if lines and line not in lines[-1] and rng.random() < merge:
            texts[-1] += joint + text
            lines[-1] = (*lines[-1], line)
        else:
            texts.append(text)
            lines.append((line,))
    return tuple(texts), tuple(lines)
