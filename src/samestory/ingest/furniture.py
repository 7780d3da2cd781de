"""Which lines of an article are its title and body, and which are the page around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from samestory.ingest import shape
from samestory.ingest.repetition import contained, repeats_title
from samestory.ingest.tokens import length
from samestory.ingest.wrapping import unwrapped
from samestory.records import Block, Role, fold

_MARKS: tuple[tuple[Callable[[str], bool], Role], ...] = (
    (shape.is_caption, "caption"),
    (shape.is_dateline, "dateline"),
    (shape.is_symbols, "furniture"),
    (shape.is_see_also, "furniture"),
    (shape.is_links, "furniture"),
    (shape.is_part, "furniture"),
    (shape.is_shouted_label, "furniture"),
)
"""What a line's shape decides wherever the line stands; the first that holds."""


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    prose: bool
    role: Role | None = None  # None: not decided yet


def blocks(text: str, *, titled: bool, lang: str) -> tuple[Block, ...]:
    """Return every line of `text` that is not blank, with its role; offsets leave out white space at its ends.

    Where a text was wrapped at a fixed width, a paragraph is one line (see `wrapping`).

    `titled` says that the first line is known to be the title. `lang` picks the function words that
    tell running text from names in a row.

    First a line's own shape decides (a date, a credit, a label), then repetition, then the place: what
    is no prose before the first or after the last paragraph is furniture, between them it is body.
    """
    lines = [_line(text, start, end, lang) for start, end in unwrapped(text)]
    for line in lines:
        line.role = next((role for holds, role in _MARKS if holds(line.text)), None)
    title = 0 if titled and lines else _find_title(lines)
    if title is not None:
        lines[title].role = "title"
        _mark(lines[:title], "furniture")
    _mark_announced(lines)
    _mark_repeated(lines, title)
    _mark_appendix(lines)
    _mark_by_place(lines[0 if title is None else title + 1 :], lang)
    return tuple(Block(line.start, line.end, line.role or "body") for line in lines)


def _line(text: str, start: int, end: int, lang: str) -> _Line:
    line = fold(text[start:end])
    return _Line(start, end, line, shape.is_prose(line, lang))


def _mark(lines: Sequence[_Line], role: Role) -> None:
    for line in lines:
        line.role = line.role or role


def _find_title(lines: Sequence[_Line]) -> int | None:
    """Return the index of the first line that can be a headline, past the name of a section."""
    rest = [index for index, line in enumerate(lines) if line.role is None]
    if len(rest) < 2 or not shape.is_headline(lines[rest[0]].text):
        return None
    first, second = (lines[index] for index in rest[:2])
    section = length(first.text) <= 2 or shape.is_crumbs(first.text)
    return rest[1] if section and shape.is_headline(second.text) else rest[0]


def _mark_announced(lines: Sequence[_Line]) -> None:
    """Mark the headline of another text that stands below its "read also:"."""
    for line, below in pairwise(lines):
        if line.text.endswith((":", "：")) and shape.is_see_also(line.text) and not shape.ends_sentence(below.text):
            below.role = "furniture"


def _mark_repeated(lines: Sequence[_Line], title: int | None) -> None:
    rest = [line for line in lines if line.role is None]
    for index in contained([line.text for line in rest]):
        rest[index].role = "furniture"
    if title is not None:
        _mark([line for line in rest if repeats_title(line.text, lines[title].text)], "furniture")


def _mark_appendix(lines: Sequence[_Line]) -> None:
    """Mark what stands below a separator near the end: at most one short sentence about the page."""
    bars = [index for index, line in enumerate(lines) if not any(char.isalnum() for char in line.text)]
    if not bars:
        return
    below = [line for line in lines[bars[-1] + 1 :] if line.role is None]
    prose = [line for line in below if line.prose]
    above = sum(line.prose for line in lines[: bars[-1]])
    if above >= 3 and len(prose) <= 1 and all(length(line.text) <= 30 for line in prose):
        _mark(below, "furniture")


def _mark_by_place(lines: Sequence[_Line], lang: str) -> None:
    rest = [line for line in lines if line.role is None]
    paragraphs = [index for index, line in enumerate(rest) if line.prose]
    while paragraphs and shape.is_call(rest[paragraphs[-1]].text):
        paragraphs.pop()
    if not paragraphs:
        _mark(rest, "furniture")
        return
    first, last = paragraphs[0], paragraphs[-1]
    for line in rest[:first]:
        line.role = _role_above(line.text, lang)
    for line in rest[first:last]:
        line.role = "body" if line.prose else _role_between(line.text)
    _mark(rest[last + 1 :], "furniture")


def _role_above(line: str, lang: str) -> Role:
    """Return the role of a line between the title and the first paragraph."""
    if shape.is_credited(line):
        return "caption"
    statement = shape.is_deck(line, lang) and not shape.is_byline(line) and not shape.is_call(line)
    return "body" if statement else "furniture"


def _role_between(line: str) -> Role:
    """Return the role of a line that is no prose between two paragraphs; a subheading is body."""
    if shape.is_credited(line):
        return "caption"
    page = shape.is_call(line) or shape.is_crumbs(line)
    return "furniture" if page else "body"
