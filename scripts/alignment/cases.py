"""Development cases with a known answer, made from line-parallel text: articles to pair, and texts in one order.

The text is handed in, such as FLORES-200's, and the same text, languages and seed make the same case. Lines are
counted from 0. A line that is empty, or repeats an earlier one, in either language of a case is left out of it:
whatever is made then has one right answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

Languages: TypeAlias = tuple[str, str]
Lines: TypeAlias = Mapping[str, Sequence[str]]
"""The lines of every language by its code; line n says the same in all."""

EASY_DROPPED = 0.3
HARD_DROPPED = 0.6
ALONE = 0.25  # of the articles of a hard case, those without a counterpart
FOREIGN = 0.5  # foreign sentences of an article of a hard case, per sentence that remains


class Bead(NamedTuple):
    """Sentences of either side that say the same, by index; one side is empty for an unmatched sentence."""

    a: tuple[int, ...]
    b: tuple[int, ...]


class Article(NamedTuple):
    """The sentences of one article and the line each was made from, None for one that has no counterpart at all.

    Neither the names nor the order of the articles tells which belong together.
    """

    name: str
    lang: str
    sentences: tuple[str, ...]
    lines: tuple[int | None, ...]


class FreeCase(NamedTuple):
    """Articles of two languages to be paired, and the beads of every pair that belongs together, by names.

    Both sides of a pair came from the same lines, but what was dropped may have left them none in common:
    then the pair has no beads.
    """

    languages: Languages
    a: tuple[Article, ...]
    b: tuple[Article, ...]
    beads: dict[tuple[str, str], tuple[Bead, ...]]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of articles that belong together, by name."""
        return tuple(self.beads)


def free_cases(
    lines: Lines, languages: Languages, seed: int, *, hard: bool, sizes: tuple[int, int] = (8, 16)
) -> FreeCase:
    """Return consecutive blocks of lines, of `sizes` lines each, as shuffled articles of both languages.

    Easy: each article lost EASY_DROPPED of its lines. Hard: each lost HARD_DROPPED, gained foreign sentences
    from lines used nowhere else, FOREIGN for every one that remains, and ALONE of all articles have no counterpart.
    """
    rng = random.Random(seed)
    blocks = _blocks(unique_lines(lines, languages), sizes, rng)
    if hard:
        rng.shuffle(blocks)
        sides_of = _hard_sides(blocks)
        spare = [line for block in blocks[len(sides_of) :] for line in block]
        rng.shuffle(spare)
    else:
        sides_of, spare = [(0, 1)] * len(blocks), []
    drafts: tuple[list[_Draft], list[_Draft]] = ([], [])
    for number, (block, sides) in enumerate(zip(blocks, sides_of, strict=False)):
        for side in sides:
            kept = rng.sample(block, _left(len(block), HARD_DROPPED if hard else EASY_DROPPED))
            foreign = [spare.pop() for _ in range(_foreign(len(kept)) if hard else 0)]
            drafts[side].append(_Draft(number, kept, foreign))
    a, b = (_articles(own, lines, lang, rng) for own, lang in zip(drafts, languages, strict=True))
    beads = {(a[block].name, b[block].name): article_beads(a[block], b[block]) for block in sorted(a.keys() & b.keys())}
    return FreeCase(languages, _by_name(a), _by_name(b), beads)


def unique_lines(lines: Lines, languages: Languages) -> list[int]:
    """Return the lines to make cases of: those whose id is their own, less those empty in either language."""
    sides = [lines[lang] for lang in languages]
    return [
        line
        for line, own in enumerate(line_ids(lines, languages))
        if line == own and all(s[line].strip() for s in sides)
    ]


def line_ids(lines: Lines, languages: Languages) -> list[int]:
    """Return the id of every line: the first line that says the same, as lines alike in either language do."""
    if len({len(lines[lang]) for lang in languages}) > 1:
        raise ValueError(f"{' and '.join(languages)} are not line-parallel: they have different numbers of lines")
    rows = zip(*(lines[lang] for lang in languages), strict=True)
    return components([(side, text.strip()) for side, text in enumerate(row) if text.strip()] for row in rows)


def components(items: Iterable[Iterable[object]]) -> list[int]:
    """Return for every item the first one that it hangs together with, by sharing keys, directly or through others."""
    first: list[int] = []
    owner: dict[object, int] = {}
    for n, keys in enumerate(items):
        first.append(n)
        joined = {_root(first, owner.setdefault(key, n)) for key in keys} | {n}
        for root in joined:
            first[root] = min(joined)
    return [_root(first, n) for n in range(len(first))]


def article_beads(a: Article, b: Article) -> tuple[Bead, ...]:
    """Return the pairs of sentences of two articles that came from the same line, in the order of `a`."""
    place = {line: j for j, line in enumerate(b.lines) if line is not None}
    return tuple(Bead((i,), (place[line],)) for i, line in enumerate(a.lines) if line is not None and line in place)


def shuffled_article(name: str, lang: str, sentences: Iterable[tuple[str, int | None]], rng: random.Random) -> Article:
    """Return an article of `sentences`, each with its line, in random order."""
    order = list(sentences)
    rng.shuffle(order)
    return Article(name, lang, tuple(text for text, _ in order), tuple(line for _, line in order))


class _Draft(NamedTuple):
    block: int
    kept: list[int]
    foreign: list[int]


def _articles(drafts: list[_Draft], lines: Lines, lang: str, rng: random.Random) -> dict[int, Article]:
    """Return the articles of one language by block; their names follow a random order."""
    rng.shuffle(drafts)
    return {draft.block: _article(draft, n, lines, lang, rng) for n, draft in enumerate(drafts)}


def _article(draft: _Draft, number: int, lines: Lines, lang: str, rng: random.Random) -> Article:
    texts = lines[lang]
    own = [(texts[line].strip(), line) for line in draft.kept]
    foreign = [(texts[line].strip(), None) for line in draft.foreign]
    return shuffled_article(f"{lang}-{number:03}", lang, [*own, *foreign], rng)


def _by_name(articles: Mapping[int, Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles.values()))


def _blocks(usable: Sequence[int], sizes: tuple[int, int], rng: random.Random) -> list[list[int]]:
    """Cut `usable` into consecutive blocks; what is left over at the end and too short is dropped."""
    blocks, start = [], 0
    while start + sizes[0] <= len(usable):
        size = rng.randint(*sizes)
        blocks.append(list(usable[start : start + size]))
        start += size
    return blocks


def _hard_sides(blocks: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Say on which sides each of the first blocks stands, as many as the others have foreign sentences for."""
    sides: list[tuple[int, ...]] = []
    left, alone, articles = sum(map(len, blocks)), 0, 0
    for block in blocks:
        single = alone + 1 <= ALONE * (articles + 1)
        new = (alone % 2,) if single else (0, 1)
        left -= len(block) + len(new) * _foreign(_left(len(block), HARD_DROPPED))
        if left < 0:
            break
        sides.append(new)
        alone, articles = alone + single, articles + len(new)
    return sides


def _left(size: int, dropped: float) -> int:
    return size - round(dropped * size)


def _foreign(kept: int) -> int:
    return round(FOREIGN * kept)


def _root(first: Sequence[int], n: int) -> int:
    while first[n] != n:
        n = first[n]
    return n
