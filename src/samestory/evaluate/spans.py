"""What a bead covers, in letters and digits: this is what two segmentations of one text have in common."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

Run: TypeAlias = tuple[int, int]
"""Places from the first to before the second: of letters and digits in a text, or of sentences in a list."""
Cover: TypeAlias = tuple[Run, ...]
"""Runs in ascending order that do not touch, so that equal covers are equal tuples."""
Sides: TypeAlias = tuple[Cover, Cover]


class HasSides(Protocol):
    """Anything that covers something on two sides."""

    @property
    def sides(self) -> Sides:
        """What is covered, in two texts."""


T = TypeVar("T", bound=HasSides)


def cover(runs: Iterable[Run]) -> Cover:
    """Return what `runs` cover together."""
    joined: list[Run] = []
    for start, end in sorted(run for run in runs if run[0] < run[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def meet(one: Cover, other: Cover) -> bool:
    """Whether the two covers share anything."""
    return any(a < d and c < b for a, b in one for c, d in other)


def overlap(one: HasSides, other: HasSides) -> bool:
    """Whether the two share something on both sides."""
    return meet(one.sides[0], other.sides[0]) and meet(one.sides[1], other.sides[1])


class Overlaps(Generic[T]):
    """Finds, among `beads` of one pair of texts, those that overlap another one."""

    def __init__(self, beads: Sequence[T]) -> None:
        self._beads = beads
        self._runs = sorted((*run, n) for n, bead in enumerate(beads) for run in bead.sides[0])
        self._longest = max((end - start for start, end, _ in self._runs), default=0)

    def of(self, bead: HasSides) -> list[T]:
        """Return those that overlap `bead`, in the order they were given in."""
        near: set[int] = set()
        for start, end in bead.sides[0]:
            first = bisect_right(self._runs, start - self._longest, key=_start)
            last = bisect_left(self._runs, end, key=_start)
            near.update(n for _, _, n in self._runs[first:last])
        return [self._beads[n] for n in sorted(near) if overlap(self._beads[n], bead)]


def _start(run: tuple[int, int, int]) -> int:
    return run[0]


class _Chain(NamedTuple):
    """Texts placed one behind the other: where the last ends, how many letters all have, and the last and the rest."""

    end: int
    letters: int
    last: tuple[int, Run] | None = None
    rest: _Chain | None = None


class Letters:
    """The letters and digits of a text. White space, punctuation and line ends are no part of what is compared."""

    def __init__(self, text: str) -> None:
        self._offsets = [n for n, character in enumerate(text) if character.isalnum()]
        self._letters = "".join(text[n] for n in self._offsets)

    def run(self, start: int, end: int) -> Run:
        """Return the run of the letters in the characters `text[start:end]`."""
        return bisect_left(self._offsets, start), bisect_left(self._offsets, end)

    def place(self, texts: Sequence[str]) -> list[Run | None]:
        """Return where each of `texts` stands, None where it does not.

        The texts are in the order of the document; of all places they may have, those are taken that keep this order
        and place the most letters. So one that stands there twice, or is missing, does not lead the others astray.
        """
        chains = [_Chain(0, 0)]  # ascending by end and by letters: the best way to get that far
        for number, text in enumerate(texts):
            longer = []
            for run in self._find(text):
                before = chains[bisect_right(chains, run[0], key=_end) - 1]
                longer.append(_Chain(run[1], before.letters + run[1] - run[0], (number, run), before))
            for chain in longer:
                _keep(chain, chains)
        placed: dict[int, Run] = {}
        link: _Chain | None = chains[-1]
        while link is not None and link.last is not None:
            placed[link.last[0]] = link.last[1]
            link = link.rest
        return [placed.get(number) for number in range(len(texts))]

    def _find(self, text: str) -> Iterator[Run]:
        """Yield every place where `text` stands, its first and last letter not inside a word."""
        wanted = "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))
        start = self._letters.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            if self._is_edge(start) and self._is_edge(end):
                yield start, end
            start = self._letters.find(wanted, start + 1)

    def _is_edge(self, place: int) -> bool:
        inside = 0 < place < len(self._offsets)
        return not inside or self._offsets[place] > self._offsets[place - 1] + 1


def _end(chain: _Chain) -> int:
    return chain.end


def _keep(chain: _Chain, chains: list[_Chain]) -> None:
    """Put `chain` among `chains` unless one that ends no later has as many letters; drop those it makes needless."""
    at = bisect_right(chains, chain.end, key=_end)
    if chains[at - 1].letters >= chain.letters:
        return
    if chains[at - 1].end == chain.end:
        at -= 1
    behind = at
    while behind < len(chains) and chains[behind].letters <= chain.letters:
        behind += 1
    chains[at:behind] = [chain]
