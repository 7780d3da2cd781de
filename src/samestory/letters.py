"""Length in any script: what can be compared between Chinese and French."""

from __future__ import annotations

from unicodedata import east_asian_width

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""The letters written without spaces between words, as a range for a pattern: Thai to Khmer, kana, Han."""


def width(text: str) -> int:
    """Return the length in letters, a wide one (Han, kana, Hangul) counted as the three it takes in English."""
    return sum(3 if east_asian_width(letter) in "WF" else 1 for letter in text if not letter.isspace())
