"""Time zones of clock times, as far as a text names them."""

from __future__ import annotations

import re

CODES = frozenset({
    "BST", "CEST", "CET", "EDT", "EST", "ET", "GMT", "IST", "JST", "KST", "MESZ", "MEZ", "MSK", "PDT", "PST", "PT",
    "UTC", "WIB", "WIT", "WITA", "Wita",
})  # fmt: skip
"""Zones that are no names, though they have capitals."""
_INITIALS = frozenset({"CST", "CDT", "CT", "MST", "MDT", "MT"})  # zones too, but of many other things
_ZONE = re.compile(
    rf"""[\s,(]{{1,3}}(?:
        (?P<code>(?:GMT|UTC)(?:[+-]\d{{1,2}})?|{"|".join(sorted(CODES | _INITIALS))})\b
        |(?:heures?|waktu|hora|ora)\s(?:(?:de|du|di)\s|d['’])?(?P<place>[A-ZÀ-Ý]\w+|locales?|local|setempat)\b
        |(?!This|That|Last|Next|First|Full|Prime|Some|Any|Each|Every|One|Same)(?P<time>local|[A-Z]\w+)
            \s(?:(?:standard|daylight|summer)\s)?[Tt]ime\b
        |(?P<local>locales?|Ortszeit)\b
    )""",
    re.VERBOSE,
)
_NAMES = {
    "gmt": "utc",
    "locale": "local",
    "locales": "local",
    "setempat": "local",
    "ortszeit": "local",
    "jakarta": "wib",
    "moscou": "msk",
    "moscow": "msk",
    "mosca": "msk",
    "moskwa": "msk",
    "moscú": "msk",
}
ELSEWHERE = "elsewhere"
"""The zone of a time beside which the same is told in another."""
_INDONESIAN = {"local", "wib", "wita", "wit"}  # papers there have one where agencies have the other
_STEP = 15  # minutes that zones lie apart, or a multiple


def zone(text: str, end: int) -> str:
    """Return the time zone named behind a clock time that ends at `end`, in lower case; "" where none is."""
    found = _ZONE.match(text, end)
    name = next(filter(None, found.groups())).casefold() if found else ""
    return _NAMES.get(name, name)


def exclude_each_other(one: str, other: str, minutes: int) -> bool:
    """Whether times in the zones `one` and `other` that read `minutes` apart cannot be the same time."""
    return one == other or "" in (one, other) or {one, other} <= _INDONESIAN or minutes % _STEP != 0
