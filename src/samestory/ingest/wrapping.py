"""Lines of a text, and paragraphs where it was wrapped at a fixed width, as in e-mail and old archives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from samestory.ingest.shape import ends_sentence

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_WIDEST = 120  # characters: nobody wraps wider, and a paragraph on one line is nearly always longer
_FULL = 0.7  # of the width: a shorter line was ended on purpose
_LEAST = 5  # lines that run on into the next: fewer may be chance
_RUN_ON = 0.6  # share of the lines with another right below that are full and end no sentence

Span = tuple[int, int]


def unwrapped(text: str) -> list[Span]:
    """Return start and end of every line of `text` that is not blank, white space at its ends left out.

    Where the text was wrapped, lines that run on are put together: those right above another line that
    fill most of the width. No white space is lost: the offsets take in the line breaks between.
    """
    lines = [match.span() for match in _LINE.finditer(text)]
    width = _width(text, lines)
    if width is None:
        return lines
    spans = lines[:1]
    for upper, (start, end) in pairwise(lines):
        if _follows(text, upper, (start, end)) and upper[1] - upper[0] >= _FULL * width:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _width(text: str, lines: Sequence[Span]) -> int | None:
    """Return the width `text` was wrapped at, or None where it was not."""
    uppers = [a for a, b in pairwise(lines) if _follows(text, a, b)]
    width = max((end - start for start, end in lines), default=0)
    if width > _WIDEST or len(uppers) < _LEAST:
        return None
    full = [text[start:end] for start, end in uppers if end - start >= _FULL * width]
    run_on = sum(not ends_sentence(line) for line in full)
    return width if run_on >= max(_LEAST, _RUN_ON * len(uppers)) else None


def _follows(text: str, upper: Span, lower: Span) -> bool:
    """Whether no blank line parts two lines."""
    return text.count("\n", upper[1], lower[0]) == 1
