"""The names of a text, as far as capitals, the CLDR and a list of words that are no names tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from samestory.facts import cldr
from samestory.facts.letters import key, plain
from samestory.facts.record import Mention
from samestory.facts.vocabulary import CAPITAL_NOUNS, common_words
from samestory.facts.zones import CODES as ZONES
from samestory.letters import UNSPACED

_WORD = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*|[^\W_]+")
_OPENS = re.compile(r"[.!?:«“\"(]")  # before the first word of a sentence or a quote
_GRAMMAR = re.compile(r"^[^\W\d_]{1,2}['’](?=\w)|['’]s$")  # the 's or l' that grammar hangs on a name
_CENTURY = re.compile(r"[IVX]+[eè]?\w?")
_INITIALS = 6  # letters at most
_SHORTEST_PEOPLE, _DERIVED = 5, 0.92  # letters, and Jaro-Winkler similarity, of a word made from a place
_UNSPACED = re.compile(f"[{UNSPACED}]")


class Names(NamedTuple):
    """The names of one text; the fields are those of Facts."""

    names: frozenset[str]
    inner: frozenset[str]
    places: frozenset[str]
    mentions: frozenset[Mention]
    words: frozenset[str]


class _Word(NamedTuple):
    """A word at `start` to `end`: `written` without what grammar hangs on it, with a capital or not, first or not."""

    start: int
    end: int
    written: str
    named: bool
    opens: bool


def named(text: str, lang: str | None) -> Names:
    """Return the names of `text`."""
    words = list(_words(text))
    capitals = [word for word in words if word.named and word.written not in ZONES]
    keys = {plain(word.written) for word in words}
    return Names(
        frozenset(plain(word.written) for word in capitals),
        frozenset(plain(word.written) for word in capitals if not word.opens),
        frozenset(_places(text, words, lang)),
        frozenset(_mentions(text, capitals, lang)),
        frozenset(keys.union(*(word.split("-") for word in keys if "-" in word))),
    )


def _words(text: str) -> Iterator[_Word]:
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        opens = before == 0 or (start - before > 1 and _OPENS.search(text, before, start) is not None)
        opens = opens or text[start - 1] in '.!?:«“"('
        before = end
        written = match.group()
        if text[end : end + 2].lstrip()[:1].isdigit() and written in cldr.symbols():
            continue  # Rp 5
        if "'" in written or "’" in written:
            written = _GRAMMAR.sub("", written)
        yield _Word(start, end, written, len(written) > 1 and written.lower() != written, opens)


def _mentions(text: str, capitals: Sequence[_Word], lang: str | None) -> Iterator[Mention]:
    """Yield the runs of words with a capital, without the days and months of the calendar."""
    run: list[_Word] = []
    for word in capitals:
        if plain(word.written) in _calendar(lang):
            continue
        if run and (word.opens or text[run[-1].end : word.start] not in (" ", "\u00a0")):
            yield from _mention(run, lang)
            run = []
        run.append(word)
    if run:
        yield from _mention(run, lang)


def _mention(run: Sequence[_Word], lang: str | None) -> Iterator[Mention]:
    common = common_words(lang)
    spelled = [(word.opens, part, plain(part)) for word in run for part in word.written.split("-") if part]
    keys = tuple(key for _, _, key in spelled)
    place = next(_places_of(run, lang), "")
    known = place != "" and place == cldr.places(lang).get(" ".join(keys))
    rare = [
        (opens, key)
        for opens, part, key in spelled
        if len(key) > 2 and not _CENTURY.fullmatch(part) and (known or (common is not None and key not in common))
    ]
    sure = tuple(key for opens, key in rare if not opens)
    weak = len(run) == 1 and run[0].written.isupper() and len(run[0].written) <= _INITIALS
    if not sure and common is not None:
        weak, sure = True, tuple(key for _, key in rare)
    if lang not in CAPITAL_NOUNS or len(sure) > 1:
        yield Mention(keys, sure, place, weak)


@lru_cache
def _calendar(lang: str | None) -> frozenset[str]:
    return cldr.weekdays(lang) | frozenset(plain(name) for name in cldr.months(lang))


def _places(text: str, words: Sequence[_Word], lang: str | None) -> Iterator[str]:
    yield from _places_of(words, lang)
    if not text.isascii() and _UNSPACED.search(text):
        table = cldr.places(lang)
        yield from (table[match.group()] for match in _unspaced_places(lang).finditer(text))


def _places_of(words: Sequence[_Word], lang: str | None) -> Iterator[str]:
    table, peoples, firsts = cldr.places(lang), cldr.peoples(lang), _first_words(lang)
    for at, word in enumerate(words):
        if people := peoples.get(plain(word.written)):
            yield people
        if not word.named:
            continue
        if word.written.isupper() and (initials := word.written.replace(".", "")) in table:
            yield table[initials]
        first = plain(word.written).partition("-")[0]
        phrase, found = "", ""
        for other in words[at : at + firsts.get(first, 0)]:
            phrase = f"{phrase} {key(other.written)}".strip()
            found = table.get(phrase, found)
        if found or (len(first) >= _SHORTEST_PEOPLE and (found := _people(first, lang))):
            yield found


@lru_cache
def _first_words(lang: str | None) -> dict[str, int]:
    """Return the first words of the names of places, and how many words the longest of them has."""
    firsts: dict[str, int] = {}
    for phrase in cldr.places(lang):
        first, *rest = phrase.split(" ")
        firsts[first] = max(firsts.get(first, 0), len(rest) + 1)
    return firsts


@lru_cache(maxsize=100_000)
def _people(word: str, lang: str | None) -> str:
    """Return the code of the place that `word` is derived from, Canadian from Canada, or ""."""
    near = [place for place in _first_words(lang) if place[:4] == word[:4] and place in cldr.places(lang)]
    best = max(near, key=lambda place: JaroWinkler.similarity(word, place), default="")
    return cldr.places(lang)[best] if best and JaroWinkler.similarity(word, best) >= _DERIVED else ""


@lru_cache
def _unspaced_places(lang: str | None) -> re.Pattern[str]:
    phrases = sorted((p for p in cldr.places(lang) if _UNSPACED.match(p)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)) or r"(?!)")
