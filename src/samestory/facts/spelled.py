"""Numbers in words, from the spelling rules of the CLDR: "nineteen", "dix-neuf", "sembilan belas", "十九"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from unicode_rbnf import FormatPurpose, RbnfEngine

from samestory.facts.beside import look
from samestory.facts.cldr import connectives, marks, weekdays
from samestory.facts.letters import key, plain

_CARDINALS = (*range(2, 1001), 10**6, 10**9)
_ORDINALS = (*range(3, 31), *range(40, 101, 10))  # first and second are too many other things
_HOMONYMS = {"fr": {"neuf"}, "it": {"sei"}, "vi": {"ba", "tu", "nam"}, "tr": {"on", "alti", "yuz", "kirk"}}
"""Words, by key, that are a number only where something else says so: neuf is new too, sei is you are."""
_ALTERNATIVES = {"zh": {"两": 2, "兩": 2}}
_RULES = {"zh": ("zh", "zh_Hant"), "pt": ("pt", "pt_PT"), "no": ("nb",)}  # where they go by another code or by several
_BEFORE_HOMONYM = {"fr": {"les", "des", "ces", "ses", "aux", "leurs", "nos", "vos"}}
_NOUNS_IN_CAPITALS = ("de", "lb")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAN = re.compile(
    "[一二三四五六七八九十百千两兩]{1,6}(?=[万萬亿億個个名人位次年月日天岁歲种種座家所艘架支项届场場队隊点點小多余几周条條只])"
)
_GAPS = (" ", "-", "\u00a0", "\u00ad")


class Spelled(NamedTuple):
    """A number in words at `start` to `end` of the text."""

    start: int
    end: int
    value: int
    ordinal: bool


class _Table(NamedTuple):
    """Numbers of one language in words, by key, ordinals as negative values; the longest by its first word."""

    values: dict[str, int]
    longest: dict[str, int]


def spelled(text: str, lang: str | None, taken: Sequence[tuple[int, int]] = ()) -> Iterator[Spelled]:
    """Yield the numbers in words outside the spans `taken`. "Six" and "on" need a `lang` to be numbers."""
    table = _table(lang)
    if not table.values:
        return
    words = [(match.start(), match.end(), plain(match.group())) for match in _LETTERS.finditer(text)]
    done = 0
    for at, (start, end, word) in enumerate(words):
        if start < done:
            continue
        if word in table.longest and not any(left < end and start < right for left, right in taken):
            size, value = _longest(text, words, at, table)
            if size and not _doubtful(text, words, at, size, lang):
                size, value = _with_rest(text, words, at, size, value, lang)
                done = words[at + size - 1][1]
                yield Spelled(start, done, abs(value), value < 0)
    if lang in ("zh", "ja", "yue"):
        for match in _HAN.finditer(text):
            value = table.values.get(match.group(), 0)
            if value and not any(left < match.end() and match.start() < right for left, right in taken):
                yield Spelled(*match.span(), abs(value), value < 0)


_Word = tuple[int, int, str]


def _longest(text: str, words: Sequence[_Word], at: int, table: _Table) -> tuple[int, int]:
    """Return how many words from `at` on make a number, and its value."""
    if at >= len(words):
        return 0, 0
    size = 1
    while size < table.longest.get(words[at][2], 0) and at + size < len(words) and _joined(text, words, at + size):
        size += 1
    while size:
        value = table.values.get(" ".join(word for _, _, word in words[at : at + size]))
        if value:
            return size, value
        size -= 1
    return 0, 0


def _joined(text: str, words: Sequence[_Word], at: int) -> bool:
    return text[words[at - 1][1] : words[at][0]] in _GAPS


def _with_rest(text: str, words: Sequence[_Word], at: int, size: int, value: int, lang: str | None) -> tuple[int, int]:
    """Add what follows hundreds: two hundred [and] fifty."""
    following = at + size
    if value < 100 or value % 100 or following >= len(words) or not _joined(text, words, following):
        return size, value
    if words[following][2] in connectives(lang) and following + 1 < len(words):
        following += 1
    more, rest = _longest(text, words, following, _table(lang))
    return (following + more - at, value + rest) if more and 0 < rest < 100 else (size, value)


def _doubtful(text: str, words: Sequence[_Word], at: int, size: int, lang: str | None) -> bool:
    """Whether the number may be another word: a homonym on its own, or part of a name (Lima, Seven Network)."""
    start, end, word = words[at]
    if size == 1 and word in _HOMONYMS.get(lang or "", ()):
        before = words[at - 1][2] if at else ""
        return look(text, end, marks(lang))[0] is None and before not in _BEFORE_HOMONYM.get(lang or "", ())
    if any(" ".join(key for _, _, key in words[at : at + more]) in weekdays(lang) for more in (2, 3)):
        return True  # quarta-feira
    inside = at > 0 and text[words[at - 1][1] : start].isspace()
    return inside and text[start].isupper() and lang not in _NOUNS_IN_CAPITALS


@lru_cache
def _table(lang: str | None) -> _Table:
    values: dict[str, int] = {}
    for phrase, value in _phrases(lang or ""):
        if phrase not in weekdays(lang):
            values.setdefault(phrase, value)
    longest: dict[str, int] = {}
    for phrase in values:
        first = phrase.split(" ", 1)[0]
        longest[first] = max(longest.get(first, 0), phrase.count(" ") + 1)
    return _Table(values, longest)


def _phrases(lang: str) -> Iterator[tuple[str, int]]:
    for code in _RULES.get(lang, (lang,)):
        try:
            engine = RbnfEngine.for_language(code)
        except ValueError:
            continue
        articles = {spelled for spelled, _ in _forms(engine, 1, FormatPurpose.CARDINAL)}
        for purpose, numbers in ((FormatPurpose.CARDINAL, _CARDINALS), (FormatPurpose.ORDINAL, _ORDINALS)):
            for number in numbers:
                for spelled, value in _forms(engine, number, purpose):
                    if spelled not in articles:
                        yield spelled, value
    yield from _ALTERNATIVES.get(lang, {}).items()


def _forms(engine: RbnfEngine, number: int, purpose: FormatPurpose) -> Iterator[tuple[str, int]]:
    try:
        forms = engine.format_number(number, purpose=purpose).text_by_ruleset
    except ValueError:  # no such rules
        return
    for ruleset, text in forms.items():
        if "financial" not in ruleset and "year" not in ruleset:
            yield key(text.replace("\u00ad", "")), -number if purpose is FormatPurpose.ORDINAL else number
