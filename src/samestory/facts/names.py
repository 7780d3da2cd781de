"""The names of a text, as far as capitals and the CLDR tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from samestory.facts import cldr
from samestory.facts.letters import key, plain
from samestory.facts.record import Mention
from samestory.facts.vocabulary import CAPITAL_NOUNS, common_words
from samestory.letters import UNSPACED

WORD = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*|[^\W_]+")
_OPENS = re.compile(r"[.!?:«“\"(]")  # before the first word of a sentence or a quote
_GRAMMAR = re.compile(r"^[^\W\d_]{1,2}['’](?=\w)|['’]s$")  # the 's or l' that grammar hangs on a name
_CENTURY = re.compile(r"[IVX]+[eè]?\w?")
_INITIALS = 6  # letters at most
_UNSPACED = re.compile(f"[{UNSPACED}]")
_SHORTEST_PEOPLE, _DERIVED = 5, 0.92  # letters, and Jaro-Winkler similarity, of a word made from a place


class Names(NamedTuple):
    """The names of one text; the fields are those of Facts."""

    names: frozenset[str]
    inner: frozenset[str]
    places: frozenset[str]
    mentions: frozenset[Mention]
    words: frozenset[str]


class _Word(NamedTuple):
    start: int
    end: int
    written: str
    opens: bool

    @property
    def named(self) -> bool:
        return len(self.written) > 1 and any(letter.isupper() for letter in self.written)


def named(text: str, lang: str | None) -> Names:
    """Return the names of `text`."""
    words = list(_words(text))
    capitals = [word for word in words if word.named]
    return Names(
        frozenset(plain(word.written) for word in capitals),
        frozenset(plain(word.written) for word in capitals if not word.opens),
        frozenset(_places(text, words, lang)),
        frozenset(_mentions(text, words, lang)),
        frozenset(plain(part) for word in words for part in (word.written, *word.written.split("-"))),
    )


def _words(text: str) -> Iterator[_Word]:
    before = 0
    for match in WORD.finditer(text):
        start, end = match.span()
        opens = before == 0 or _OPENS.search(text, before, start) is not None
        before = end
        written = match.group()
        if text[end : end + 2].strip()[:1].isdigit() and written in cldr.symbols():
            continue  # Rp 5
        yield _Word(start, end, _GRAMMAR.sub("", written), opens)


def _mentions(text: str, words: list[_Word], lang: str | None) -> Iterator[Mention]:
    """Yield the runs of capitalised words, without the days and months of the calendar."""
    run: list[_Word] = []
    for word in [*words, _Word(len(text) + 2, len(text) + 2, "", True)]:
        name = word.named and plain(word.written) not in _calendar(lang)
        if run and not (name and not word.opens and text[run[-1].end : word.start] in (" ", "\u00a0")):
            mention = _mention(run, lang)
            if lang not in CAPITAL_NOUNS or len(mention.sure) > 1:
                yield mention
            run = []
        if name:
            run.append(word)


def _mention(run: list[_Word], lang: str | None) -> Mention:
    common = common_words(lang)
    spelled = [(word.opens, part, plain(part)) for word in run for part in word.written.split("-") if part]
    place = next(_places_of(run, lang), "")
    whole = place and place == cldr.places(lang).get(" ".join(key for _, _, key in spelled))
    sure = [
        key
        for opens, part, key in spelled
        if len(key) > 2
        and not opens
        and not _CENTURY.fullmatch(part)
        and (whole or (common is not None and key not in common))
    ]
    initials = len(run) == 1 and run[0].written.isupper() and len(run[0].written) <= _INITIALS
    return Mention(tuple(key for _, _, key in spelled), tuple(sure), place, initials)


@lru_cache
def _calendar(lang: str | None) -> frozenset[str]:
    return cldr.weekdays(lang) | frozenset(plain(name) for name in cldr.months(lang))


def _places(text: str, words: list[_Word], lang: str | None) -> Iterator[str]:
    yield from _places_of(words, lang)
    if not text.isascii() and _UNSPACED.search(text):
        table = cldr.places(lang)
        yield from (table[match.group()] for match in _unspaced_places(lang).finditer(text))


def _places_of(words: list[_Word], lang: str | None) -> Iterator[str]:
    table, peoples, firsts = cldr.places(lang), cldr.peoples(lang), _first_words(lang)
    for at, word in enumerate(words):
        if people := peoples.get(plain(word.written)):
            yield people
        if word.written.isupper() and (initials := word.written.replace(".", "")) in table:
            yield table[initials]
        first = key(word.written).split(" ", 1)[0] if word.named else ""
        if first not in firsts:
            if len(first) >= _SHORTEST_PEOPLE and (people := _people(first, lang)):
                yield people
            continue
        phrase = ""
        for other in words[at : at + firsts[first]]:
            phrase = f"{phrase} {key(other.written)}".strip()
            if phrase in table:
                yield table[phrase]


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
