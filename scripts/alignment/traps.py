"""Articles with traps: sentences that say what a sentence of the other article says, but for one thing.

The thing is a number, a name or a negation. The true partner stands in the same article, or is absent.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from alignment.cases import Article, Bead, Languages, Lines, article_beads, shuffled_article, unique_lines
from alignment.contradictions import Kind, contradict, shared_names

KINDS: tuple[Kind, ...] = ("number", "name", "negation")
TRUE = 10  # sentences of an article that the other has too, where no partner is absent
UNRELATED = 2  # sentences of each side that the other has not


class Trap(NamedTuple):
    """A sentence of the first article, by index, and of the second what contradicts it and its true partner, if any."""

    kind: Kind
    a: int
    contradiction: int
    partner: int | None


class TrapCase(NamedTuple):
    """Two articles, the beads between them, and the traps: no bead holds a contradiction."""

    a: Article
    b: Article
    beads: tuple[Bead, ...]
    traps: tuple[Trap, ...]


def traps(
    lines: Lines, languages: Languages, seed: int, count: int = 200, *, partners: bool = True
) -> tuple[TrapCase, ...]:
    """Return pairs of articles with `count` traps in all, or fewer where the lines offer no more; each line once.

    Numbers, names and negations have about equal shares, as far as the lines and the rules offer them. With
    `partners` the second article says truly what its contradictions say falsely; without, the same traps stand
    there alone, and there is nothing to accept.
    """
    rng = random.Random(seed)
    usable = unique_lines(lines, languages)
    cases = len(usable) // (TRUE + 2 * UNRELATED)
    drawn = rng.sample(usable, 2 * UNRELATED * cases)
    held = set(drawn)
    true = [line for line in usable if line not in held][: TRUE * cases]
    chosen = _chosen(true, lines, languages, count, rng)
    drafts = []
    for n in range(cases):
        own = true[n * TRUE : (n + 1) * TRUE]
        contradictions = {line: chosen[line] for line in own if line in chosen}
        if contradictions:
            unrelated = drawn[n * UNRELATED : (n + 1) * UNRELATED], drawn[-(n + 1) * UNRELATED :][:UNRELATED]
            drafts.append(_Draft(own, unrelated, contradictions))
    return tuple(_case(n, draft, lines, languages, partners, f"{seed} {n}") for n, draft in enumerate(drafts))


class _Draft(NamedTuple):
    """The true lines of a case, the unrelated lines of either side, and what contradicts true ones, by line."""

    true: list[int]
    unrelated: tuple[list[int], list[int]]
    contradictions: dict[int, tuple[Kind, str]]


def _chosen(
    true: list[int], lines: Lines, languages: Languages, count: int, rng: random.Random
) -> dict[int, tuple[Kind, str]]:
    """Choose the lines to contradict, spread over the articles, and say how: the scarcest kind chooses first."""
    firsts, seconds = (lines[lang] for lang in languages)
    names = shared_names([(seconds[line], firsts[line]) for line in true], languages[1])
    offers: dict[Kind, dict[int, str]] = {}
    for kind in KINDS:
        made = {line: contradict(kind, seconds[line].strip(), firsts[line], languages[1], names, rng) for line in true}
        offers[kind] = {line: text for line, text in made.items() if text is not None}
    place = {line: n // TRUE for n, line in enumerate(true)}
    most = -(-count * TRUE // max(len(true), 1)) + 1  # of an article
    crowd = dict.fromkeys(place.values(), 0)
    chosen: dict[int, tuple[Kind, str]] = {}
    kinds = sorted((kind for kind in KINDS if offers[kind]), key=lambda kind: len(offers[kind]))
    for n, kind in enumerate(kinds):
        share = (count - len(chosen)) // (len(kinds) - n)
        for line in _shuffled(offers[kind], rng):
            if share and line not in chosen and crowd[place[line]] < most:
                chosen[line] = kind, offers[kind][line]
                crowd[place[line]] += 1
                share -= 1
    return chosen


def _case(number: int, draft: _Draft, lines: Lines, languages: Languages, partners: bool, seed: str) -> TrapCase:
    rng = random.Random(seed)  # of its own: both variants of a case have the same first article
    texts = [lines[lang] for lang in languages]
    mine = [(texts[0][line].strip(), line) for line in draft.true]
    theirs = [(texts[1][line].strip(), line) for line in draft.true if partners or line not in draft.contradictions]
    a, b = (
        shuffled_article(f"{lang}-{number:03}", lang, [*own, *((text[line].strip(), None) for line in unrelated)], rng)
        for lang, text, own, unrelated in zip(languages, texts, (mine, theirs), draft.unrelated, strict=True)
    )
    b = _with_contradictions(b, [text for _, text in draft.contradictions.values()], rng)
    found = tuple(
        Trap(
            kind,
            a.lines.index(line),
            next(j for j, text in enumerate(b.sentences) if text == false and b.lines[j] is None),
            b.lines.index(line) if partners else None,
        )
        for line, (kind, false) in draft.contradictions.items()
    )
    return TrapCase(a, b, article_beads(a, b), found)


def _with_contradictions(article: Article, contradictions: Iterable[str], rng: random.Random) -> Article:
    rows = [*zip(article.sentences, article.lines, strict=True), *((text, None) for text in contradictions)]
    return shuffled_article(article.name, article.lang, rows, rng)


def _shuffled(items: Mapping[int, str], rng: random.Random) -> list[int]:
    order = list(items)
    rng.shuffle(order)
    return order
