"""Words of any script, for counting and comparing; not linguistic tokens."""

from __future__ import annotations

import re

# Scripts that put no space between words count by the character: Thai to Myanmar, Khmer, kana, Han.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\W_{_DENSE}]+")
_DENSE_ONE = re.compile(rf"[{_DENSE}]")


def tokens(text: str) -> list[str]:
    """Return the words of `text`, case-folded; characters where a script has no spaces."""
    return _TOKEN.findall(text.casefold())


def length(text: str) -> int:
    """Return the number of words in `text`, taking two characters for a word where there are no spaces."""
    words = _TOKEN.findall(text)
    return len(words) - sum(1 for word in words if _DENSE_ONE.fullmatch(word)) // 2
