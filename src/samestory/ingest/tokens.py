"""Words of any script, for counting and comparing; not linguistic tokens."""

from __future__ import annotations

import re

from samestory.letters import UNSPACED

# Scripts that put no space between words count by the character.
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_DENSE_ONE = re.compile(rf"[{UNSPACED}]")


def tokens(text: str) -> list[str]:
    """Return the words of `text`, case-folded; characters where a script has no spaces."""
    return _TOKEN.findall(text.casefold())


def length(text: str) -> int:
    """Return the number of words in `text`, taking two characters for a word where there are no spaces."""
    words = _TOKEN.findall(text)
    return len(words) - sum(1 for word in words if _DENSE_ONE.fullmatch(word)) // 2
