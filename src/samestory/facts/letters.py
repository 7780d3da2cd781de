"""The letters of a word as they compare across languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_SPELLINGS = {
    "ph": "f", "th": "t", "sch": "s", "sh": "s", "ch": "k", "ck": "k", "qu": "k", "kh": "k", "ou": "u", "oe": "u",
}  # fmt: skip
_SOUNDS = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_LETTERS = str.maketrans("cqyjwzxo", "kkiivssu", "h'’.-")
_TWICE = re.compile(r"(.)\1+")
_GAP = re.compile(r"[\s\u00a0\u202f\u200f\u061c-]+")


@lru_cache(maxsize=200_000)
def plain(word: str) -> str:
    """Return `word` without case and accents, in Latin letters where it is of another alphabet that has capitals."""
    if word.isascii():
        return word.casefold()
    folded = word.casefold()
    if folded != word.upper():  # a script with capitals: Greek, Cyrillic, Armenian, Latin
        return anyascii(folded).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def key(phrase: str) -> str:
    """Return `phrase` as the tables of this package spell it: plain words with one space between."""
    return " ".join(plain(word) for word in _GAP.split(phrase.replace(".", "")) if word)


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Return plain `word` with letters that languages exchange for each other made one: caire and kairo are near."""
    spelled = _SOUNDS.sub(lambda match: _SPELLINGS[match.group()], word).translate(_LETTERS)
    return _TWICE.sub(r"\1", spelled)
