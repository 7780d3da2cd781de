"""What two texts in different languages can share letter for letter: numbers and names.

Numbers are compared by value, so 22.118.952 (id), 22 118 952 (fr) and 22,118,952 (en) are one number
and 1,5 juta is 1.5 million. Names are compared by their letters without accents or case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_SPACES = "\u0020\u00a0\u2009\u202f"
_NUMBER = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*")
_GROUPS = re.compile(rf"[1-9]\d{{0,2}}([{_SPACES}.,'’])\d{{3}}(?:\1\d{{3}})*")
_OPENING = re.compile(r"(?:^|[.!?:«“\"(])\W*\Z")  # what stands before the first word of a sentence or a quote
_WORD = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*|[^\W_]+")
_GRAMMAR = re.compile(r"^[^\W\d_]{1,2}['’](?=\w)|['’]s$")  # the 's or l' that grammar hangs on a name
_CURRENCIES = frozenset(["Rp"])

_SCALES = {
    "ribu": 3, "thousand": 3, "mille": 3, "tausend": 3,
    "juta": 6, "million": 6, "millions": 6, "millones": 6, "milhões": 6, "millionen": 6,
    "miliar": 9, "milyar": 9, "billion": 9, "milliard": 9, "milliards": 9, "milliarden": 9,
    "triliun": 12, "trillion": 12,
}  # fmt: skip
"""Power of ten of the word that may follow a number; "billion" is read as in English."""


class Facts(NamedTuple):
    """Numbers, by value, and names, without accents or case, of one text.

    `names` are all words with a capital; `inner_names` those that do not owe it to opening a sentence.
    """

    numbers: frozenset[str]
    names: frozenset[str]
    inner_names: frozenset[str]

    def __or__(self, other: object) -> Facts:
        """Return the facts of both texts."""
        if not isinstance(other, Facts):
            return NotImplemented
        return Facts(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


NONE = Facts(frozenset(), frozenset(), frozenset())


@lru_cache(maxsize=100_000)
def facts(text: str) -> Facts:
    """Return the numbers and names of `text`, written in any language that uses the digits 0 to 9."""
    words = ((match.start(), _GRAMMAR.sub("", match.group())) for match in _WORD.finditer(text))
    names = [(start, _plain(word)) for start, word in words if _is_name(word)]
    inner = frozenset(name for start, name in names if _OPENING.search(text, 0, start) is None)
    return Facts(frozenset(_numbers(text)), frozenset(name for _, name in names), inner)


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        following = _WORD.match(text, match.end() + 1)
        scale = _SCALES.get(following.group().lower(), 0) if following else 0
        for value in _values(match.group()):
            yield format(value.scaleb(scale).normalize(), "f")


def _values(number: str) -> list[Decimal]:
    """Read `number`. Three digits behind one separator are a group: 1.234 is far more often 1,234 than 1 and a bit."""
    if _GROUPS.fullmatch(number):
        return [Decimal(re.sub(r"\D", "", number))]
    whole, *fraction = re.split(r"[.,](?=\d+$)", number)
    if not fraction or whole.isdigit() or _GROUPS.fullmatch(whole):
        return [Decimal(".".join([re.sub(r"\D", "", whole), *fraction]))]
    return [Decimal(part) for part in re.findall(r"\d+", number)]  # a date or a version


def _is_name(word: str) -> bool:
    return len(word) > 1 and any(c.isupper() for c in word) and word not in _CURRENCIES


def _plain(word: str) -> str:
    """Return `word` without case and accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_NEGATIONS = {
    "en": frozenset(["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"]),
    "fr": frozenset(["pas", "jamais", "aucun", "aucune", "rien", "ni", "sans"]),
    "id": frozenset(["tidak", "tak", "bukan", "belum", "tanpa", "jangan"]),
}

_NE = r"\bn(?:e |['’])"
_FRENCH = re.compile(rf"{_NE}(?:\w+ ){{1,3}}(?:plus|personne)\b|\bpersonne {_NE}")
"""Words that deny only beside ne: not in "une personne" or "plus de trente"."""


def negated(text: str, lang: str) -> bool | None:
    """Return whether `text` holds a negation, or None for a language whose negations are not known here."""
    cues = _NEGATIONS.get(lang)
    if cues is None:
        return None
    words = re.findall(r"[^\W\d_]+", text.lower())
    if lang == "fr" and _FRENCH.search(text.lower()):
        return True
    return "n't" in text.replace("’", "'") or not cues.isdisjoint(words)
