"""Text in any script: its length, as can be compared between Chinese and French, and how sentences are put together."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""The letters written without spaces between words, as a range for a pattern: Thai to Khmer, kana, Han."""


def width(text: str) -> int:
    """Return the length in letters, a wide one (Han, kana, Hangul) counted as the three it takes in English."""
    return sum(3 if east_asian_width(letter) in "WF" else 1 for letter in text if not letter.isspace())


_NO_SPACES = frozenset({"ja", "zh"})  # languages that put no space between sentences


def join(sentences: Iterable[str], lang: str) -> str:
    """Return `sentences` as one text, with a space between them where `lang` has spaces."""
    return ("" if lang in _NO_SPACES else " ").join(sentences)
