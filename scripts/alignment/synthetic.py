"""Articles regrouped from line-parallel text as gold: facts in any order, and contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from alignment.cases import Article, Languages, Lines, free_cases
from alignment.gold import Beads, Gold, plain_article, processed
from alignment.traps import traps
from samestory.records import Encoded
from samestory.store import Store

_T = TypeVar("_T")

_LEARNT_SEEDS = (1, 2, 3)
_CONTRADICTIONS = 200  # of each pair of languages and seed


def free_gold(lines: Lines, languages: Languages, seed: int, store: Store, *, hard: bool) -> Gold:
    """Return the articles of one set of cases of `free_cases` as gold."""
    case = free_cases(lines, languages, seed, hard=hard)
    prefix = f"{'-'.join(languages)}/{seed}{'h' if hard else 'e'}"
    name = {article.name: f"{prefix}/{article.name}" for article in (*case.a, *case.b)}
    event = {name[article.name]: name[article.name] for article in (*case.a, *case.b)}
    for a, b in case.pairs:
        event[name[b]] = name[a]
    return Gold(
        _processed((*case.a, *case.b), name, store),
        event,
        dict.fromkeys(name.values(), prefix),
        {
            _ordered(languages, name[a], name[b]): {_ordered(languages, bead.a, bead.b): "equivalent" for bead in beads}
            for (a, b), beads in case.beads.items()
        },
    )


def trap_gold(lines: Lines, languages: Languages, seed: int, count: int, store: Store) -> Gold:
    """Return articles with contradictions beside their true partners as gold: the contradictions are divergent."""
    cases = traps(lines, languages, seed, count)
    prefix = f"{'-'.join(languages)}/t{seed}"
    articles, name = [], {}
    for case in cases:
        for article in (case.a, case.b):
            name[article.name] = f"{prefix}/{article.name}"
            articles.append(article)
    beads: dict[tuple[str, str], Beads] = {}
    event = {}
    for case in cases:
        a, b = name[case.a.name], name[case.b.name]
        event[a] = event[b] = a
        own: Beads = {_ordered(languages, bead.a, bead.b): "equivalent" for bead in case.beads}
        own.update({_ordered(languages, (t.a,), (t.contradiction,)): "divergent" for t in case.traps})
        beads[_ordered(languages, a, b)] = own
    return Gold(_processed(articles, name, store), event, dict.fromkeys(event, prefix), beads)


def learnt_traps(lines: Lines, pairs: Sequence[Languages], store: Store) -> list[Gold]:
    """Return the contradictions that scorers are fitted on, the same for every look."""
    return [trap_gold(lines, pair, seed, _CONTRADICTIONS, store) for seed in _LEARNT_SEEDS for pair in pairs]


def _processed(articles: Sequence[Article], name: dict[str, str], store: Store) -> dict[str, Encoded]:
    plain = [
        plain_article(name[a.name], a.lang, [("body", sentence) for sentence in a.sentences], None) for a in articles
    ]
    return processed(plain, store)


def _ordered(languages: Languages, a: _T, b: _T) -> tuple[_T, _T]:
    """Return two sides in alphabetical order of their languages."""
    return (a, b) if languages[0] < languages[1] else (b, a)
