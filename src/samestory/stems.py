"""The words of English text without their endings, so that two translations can be compared word for word.

Endings are taken off by the English stemmer of Snowball (Porter 2, https://snowballstem.org) as NLTK has it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.stem.snowball import EnglishStemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def stems(english: str) -> frozenset[str]:
    """Return the stems of the words and numbers of `english`."""
    return frozenset(_stem(word) for word in _WORD.findall(english.lower()))


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word))


@cache
def _stemmer() -> EnglishStemmer:
    from nltk.stem.snowball import EnglishStemmer

    return EnglishStemmer()
