"""What looks wrong with a machine translation, by rules that know no language.

mt-empty    there is no English
mt-copy     the English is the source over again: nothing was translated
mt-length   the English is absurdly longer or shorter than the source
mt-numbers  a number of the source is not in the English
mt-loop     the English says the same words again and again and the source does not

The thresholds stand well outside what people write: of 14,390 sentences translated by people (FLORES-200
dev from eight languages, newstest2014 and other news from French and Indonesian) the rules flag one, and
that one is not a translation of its source; but mt-numbers flags 214, most of them numbers that were
spelled out, moved to another clock or unit, or left out indeed.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence

from samestory.facts import facts
from samestory.letters import UNSPACED, width

_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")

_COPY_WORDS = 5  # shorter sources may be a name, the same in both languages
_COPY_SHARE = 0.8  # of the words on both sides
_LENGTH_RATIO = 3
_LENGTH_SLACK = 20  # letters: "PSG" may become "Paris Saint-Germain"
_LOOP_PERIOD = 8  # words: the longest phrase looked for said again and again in a row
_LOOP_TIMES = 4
_LOOP_SHARE = 0.3  # of three-word phrases that were said before; people stay below 0.23
_LOOP_COMPRESSION = 2.4  # bytes to zlib bytes, as Whisper has it; English by people stays below 1.9


def flags(source: str, english: str) -> tuple[str, ...]:
    """Return the flags of `english` as a translation of `source`, in order of name; none where nothing is wrong."""
    if not english.strip():
        return ("mt-empty",)
    rules = {"mt-copy": _copied, "mt-length": _wrong_length, "mt-loop": _looped, "mt-numbers": _lost_numbers}
    return tuple(name for name, rule in rules.items() if rule(source, english))


def _copied(source: str, english: str) -> bool:
    before, after = _words(source), _words(english)
    common = sum((Counter(before) & Counter(after)).values())
    return len(before) >= _COPY_WORDS and 2 * common >= _COPY_SHARE * (len(before) + len(after))


def _wrong_length(source: str, english: str) -> bool:
    shorter, longer = sorted((width(source), width(english)))
    return longer > _LENGTH_RATIO * shorter + _LENGTH_SLACK


def _lost_numbers(source: str, english: str) -> bool:
    """Whether a number of two digits or more is lost: smaller ones may be spelled out."""
    kept = facts(english).numbers
    digits = re.sub(r"\D", "", english)
    lost = [number for number in facts(source).numbers - kept if len(number) > 1]
    return any(re.sub(r"\D", "", number).rstrip("0") not in digits for number in lost)


def _looped(source: str, english: str) -> bool:
    before, after = _words(source), _words(english)
    return (
        _most_in_a_row(after) >= _LOOP_TIMES > _most_in_a_row(before)
        or _said_before(after) >= _LOOP_SHARE > _said_before(before)
        or _compression(english) >= _LOOP_COMPRESSION > _compression(source)
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _most_in_a_row(words: Sequence[str]) -> int:
    """How often the most repeated phrase of 1..8 words is said in a row."""
    most = 1
    for period in range(1, _LOOP_PERIOD + 1):
        same = 0
        for word, earlier in zip(words[period:], words, strict=False):
            same = same + 1 if word == earlier else 0
            most = max(most, same // period + 1)
    return most


def _said_before(words: Sequence[str]) -> float:
    """The share of three-word phrases that were said before."""
    phrases = list(zip(words, words[1:], words[2:], strict=False))
    return 1 - len(set(phrases)) / len(phrases) if phrases else 0.0


def _compression(text: str) -> float:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))
