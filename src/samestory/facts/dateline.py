"""Datelines: the place and the date that open an article, which are those of the writing and not of what it tells."""

from __future__ import annotations

import re
from collections.abc import Container

from samestory.facts import numbers
from samestory.facts.letters import key

_LINE = re.compile(
    r"""\s*(?P<place>[^\W\d_][^\n\d(:]{1,40}),\s
    (?P<date>[^\n,(:]{3,24}(?:,\s\d{4})?)
    (?:\s\([^()\n]{2,30}\))?          # the agency
    \s[-–—]{1,2}\s(?=[^\W\d_]|[«“"'])""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLE = 3  # letters of "le", "de", "1er", at most


def behind_dateline(text: str, months: re.Pattern[str], weekdays: Container[str]) -> int:
    """Return where `text` begins behind a dateline, 0 where it has none: "LYON, Nov 29 (AFP) - Two men".

    `months` finds the names of months, `weekdays` has the keys of those of days. The place is in capitals or a single
    word with one: another date that opens a sentence or a title is of what it tells.
    """
    line = _LINE.match(text)
    if line is None or months.match(text, line.end()):
        return 0
    place, date = _WORD.findall(line["place"]), line["date"]
    named = len(place[0]) > 1 and (place[0].isupper() or (len(place) == 1 and place[0][0].isupper()))
    named = named and key(place[0]) not in weekdays
    words = _WORD.findall(months.sub("", date))
    dated = numbers.DATE.search(date) or (months.search(date) and any(letter.isdigit() for letter in date))
    return line.end() if named and dated and all(len(word) <= _PARTICLE for word in words) else 0
