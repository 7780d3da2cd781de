"""Numbers in words, from the spelling rules of the CLDR: "nineteen", "dix-neuf", "sembilan belas", "十九"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from unicode_rbnf import FormatPurpose, RbnfEngine

from samestory.facts.beside import look, scale
from samestory.facts.cldr import connectives, marks, weekdays
from samestory.facts.letters import key, plain

_FRENCH = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_CARDINALS = (*range(2, 1001), 10**6, 10**9)
_ORDINALS = (*range(3, 31), *range(40, 101, 10))  # first and second are too many other things
_HOMONYMS = {"fr": {"neuf"}, "it": {"sei"}, "vi": {"ba", "tu", "nam"}, "tr": {"on", "alti", "yuz", "kirk"}}
"""Words, by key, that are a number only where something else says so: neuf is new too, sei is you are."""
_ALTERNATIVES = {
    "en": {"a hundred": 100, "a thousand": 1000, "a million": 10**6, "a billion": 10**9},
    "zh": {"两": 2, "兩": 2},
    "id": {"sejuta": 10**6},
    "fr": {  # the others before mille
        "un millier": 1000,
        "quatre vingt": 80,
        "cent quatre vingt": 180,
        **{f"{digit} cent": 100 * n for n, digit in enumerate(_FRENCH, 2)},
        **{f"{digit} cent quatre vingt": 100 * n + 80 for n, digit in enumerate(_FRENCH, 2)},
    },
}
_RULES = {"zh": ("zh", "zh_Hant"), "pt": ("pt", "pt_PT"), "no": ("nb",)}  # where they go by another code or by several
_BEFORE_HOMONYM = {"fr": {"les", "des", "ces", "ses", "aux", "leurs", "nos", "vos"}}
_NOUNS_IN_CAPITALS = ("de", "lb")
_PART_OF = re.compile(r"\b(?:in|half(?: of)?|(?:quarter|third|one) of)\s\Z")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAN = re.compile(
    "[一二三四五六七八九十百千两兩]{1,6}(?=[万萬亿億個个名人位次年月日天岁歲种種座家所艘架支项届场場队隊点點小多余几周条條只])"
)
_GAPS = (" ", "-", "\u00a0", "\u00ad")


class Spelled(NamedTuple):
    """A number in words at `start` to `end` of the text, without a scale that ends it: two million."""

    start: int
    end: int
    value: int
    ordinal: bool


class _Whole(NamedTuple):
    """How many words a number has, its value, and the place behind them and behind a scale that ends it."""

    size: int
    value: int
    behind: int


class _Term(NamedTuple):
    """Part of a number: the place behind it, its value, and its scale, which what is added to it is below."""

    end: int
    value: int
    scale: int


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
                whole = _with_rest(text, words, at, size, value, lang)
                done = words[whole.behind - 1][1]
                yield Spelled(start, words[at + whole.size - 1][1], abs(whole.value), whole.value < 0)
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


def _with_rest(text: str, words: Sequence[_Word], at: int, size: int, value: int, lang: str | None) -> _Whole:
    """Add what follows hundreds, thousands and more: two hundred [and] fifty, un million deux cent mille."""
    size, value = _with_tens(text, words, at, size, value, lang)
    first = term = _times_scale(text, words, at + size, value, lang)
    total = term.value
    while more := _part(text, words, term, lang):
        term, total = more, total + more.value
    return _Whole(size, value, term.end) if term is first else _Whole(term.end - at, total, term.end)


def _with_tens(text: str, words: Sequence[_Word], at: int, size: int, value: int, lang: str | None) -> tuple[int, int]:
    """Add what follows hundreds."""
    if value < 100 or value % 100 or value >= 1000:
        return size, value
    following = _following(text, words, at + size, lang)
    more, rest = _longest(text, words, following, _table(lang))
    return (following + more - at, value + rest) if more and 0 < rest < 100 else (size, value)


def _times_scale(text: str, words: Sequence[_Word], at: int, value: int, lang: str | None) -> _Term:
    """Return a number that ends before the place `at` with the words of scale behind it."""
    power, end = scale(text, words[at - 1][1], lang)
    while at < len(words) and words[at][1] <= end:
        at += 1
    return _Term(at, value * 10**power, 10**power if power else _tens(value))


def _tens(value: int) -> int:
    """Return the greatest power of ten that `value` is a multiple of."""
    power = 1
    while value > 0 and value % (10 * power) == 0:
        power *= 10
    return power


def _part(text: str, words: Sequence[_Word], before: _Term, lang: str | None) -> _Term | None:
    """Return what is added to thousands and more: a number that is less than their scale."""
    following = _following(text, words, before.end, lang) if before.scale >= 1000 else len(words)
    size, value = _longest(text, words, following, _table(lang))
    if value <= 0 or (size == 1 and words[following][2] in _HOMONYMS.get(lang or "", ())):
        return None
    if text[words[following][0]].isupper() and lang not in _NOUNS_IN_CAPITALS:  # two thousand Six Nations fans
        return None
    size, value = _with_tens(text, words, following, size, value, lang)
    part = _times_scale(text, words, following + size, value, lang)
    if before.scale >= 10**6 and part.value < 1000:
        return None  # two million and five people, of each something
    tied = following == before.end or part.value < 100 or lang == "pt"  # "three thousand and five hundred" are two
    return part if part.value < before.scale and tied else None


def _following(text: str, words: Sequence[_Word], at: int, lang: str | None) -> int:
    """Return the place of the word that follows, perhaps behind an "and"; the end where none does."""
    if at >= len(words) or not _joined(text, words, at):
        return len(words)
    return at + 1 if words[at][2] in connectives(lang) else at


def _doubtful(text: str, words: Sequence[_Word], at: int, size: int, lang: str | None) -> bool:
    """Whether the number may be another word: a homonym on its own, or part of a name (Lima, Seven Network)."""
    start, end, word = words[at]
    if size == 1 and word in _HOMONYMS.get(lang or "", ()):
        before = words[at - 1][2] if at else ""
        return look(text, end, marks(lang))[0] is None and before not in _BEFORE_HOMONYM.get(lang or "", ())
    if word == "a" and _PART_OF.search(text[max(start - 12, 0) : start].casefold()):
        return True  # half a million, one in a hundred
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
