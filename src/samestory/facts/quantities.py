"""The quantities of a text: numbers in digits and in words, dates and times, each with what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from samestory.facts import cldr, numbers
from samestory.facts.beside import counted, look, rough
from samestory.facts.dateline import behind_dateline
from samestory.facts.letters import key
from samestory.facts.record import DATELINE, Quantity
from samestory.facts.spelled import Spelled, spelled
from samestory.facts.zones import ELSEWHERE, zone
from samestory.letters import UNSPACED

_GLUED = re.compile(rf"(?![{UNSPACED}])[^\W\d_][-+]?\Z")
_ZONE = re.compile(r"\s(?:Uhr|uur|WIB|WITA|WIT|GMT|UTC)\b")
_MORE_BY = r"(?:more|less|fewer|higher|lower)(?: (?:than|on|in|for|per)\b|[.,;:!?)]|\Z)"  # not a third more recent case
_ONE_PART = {
    "en": re.compile(rf"\b(?:a|one)[ -](third|quarter|fifth|tenth)(?= (?:of\b|{_MORE_BY}))", re.IGNORECASE),
    "fr": re.compile(
        r"\bun (tiers|quart|cinquième|dixième)(?= (?:de|du|des|en plus|en moins|d['’](?!heure))\b)", re.IGNORECASE
    ),
    "id": re.compile(r"\b(sepertiga|seperempat|seperlima|sepersepuluh)\b", re.IGNORECASE),
}
_PARTS = {
    **dict.fromkeys(("third", "tiers", "sepertiga"), 3),
    **dict.fromkeys(("quarter", "quart", "seperempat"), 4),
    **dict.fromkeys(("fifth", "cinquieme", "seperlima"), 5),
    **dict.fromkeys(("tenth", "dixieme", "sepersepuluh"), 10),
}
_OTHERS = re.compile(
    r"\s(?:(?!(?:and|in|of|dan|di|antara|atau|et|ou|de)\b)[^\W\d_]+\s)?"
    r"(?:others?|autres?|lain|lainnya|andere[nr]?|altr[ie]|otr[oa]s|outr[oa]s)\b",
    re.IGNORECASE,
)
_OTHERS_BEFORE = re.compile(r"\b(?:another|altr[ie]|otr[oa]s|outr[oa]s)\s\Z", re.IGNORECASE)
_MORE_OR_LESS = re.compile(r"\sor (?:so|more)\b|-odd\b")
_ABOUT_A_THOUSAND = "un millier"
_TO_MONTH = re.compile(r"(?:st|nd|rd|th|er|\.|º)?[\s\u00a0\u202f-]*(?:de |of |d['’]|del )?")
_FROM_MONTH = re.compile(r"\.?[\s\u00a0\u202f-]*(?:de |del |the )?")
_DAYS = {str(day) for day in range(1, 32)}
_NEAR_WEEKDAY = 24  # letters before a date in brackets among which the day of the week is
_NEAR = 9  # letters between a month and its day, at most


class _Span(NamedTuple):
    start: int
    end: int
    quantity: Quantity


def quantities(text: str, lang: str | None) -> tuple[frozenset[str], frozenset[Quantity]]:
    """Return the numbers of `text` as canonical values, and the quantities that they are part of."""
    text = numbers.western(text)
    digits = list(_digits(text, lang))
    months = list(_months(text, lang, digits))
    taken = [(start, end) for start, end, _ in (*digits, *months)]
    words = [_of_words(text, s, lang) for s in spelled(text, lang, taken)]
    body = behind_dateline(text, _month_pattern(lang), cldr.weekdays(lang))
    behind = [month for month in months if month.start >= body]
    parts = list(_parts(text, lang))
    others = [span for span in (*digits, *words) if not any(p.start < span.end and span.start < p.end for p in parts)]
    dated = (_dated(text, span, behind if span.start >= body else months) for span in others)
    found = [*parts, *(_of_others(text, span) for span in dated)]
    told = [_of_writing(span) if span.end <= body else span for span in (*_zoned(text, sorted(found)), *months)]
    return frozenset(span.quantity.value for span in found), frozenset(span.quantity for span in told)


def _parts(text: str, lang: str | None) -> Iterator[_Span]:
    """Yield one part of several: a third of, un quart des, sepertiga."""
    pattern = _ONE_PART.get(lang or "")
    for match in pattern.finditer(text) if pattern else ():
        yield _Span(*match.span(), Quantity("fraction", f"1/{_PARTS[key(match[1])]}"))


def _of_others(text: str, span: _Span) -> _Span:
    """Return `span`, marked where it counts others: nine other witnesses, 10 orang lainnya, another two."""
    before = text[max(span.start - _NEAR, 0) : span.start]
    others = _OTHERS.match(text, span.end) is not None or _OTHERS_BEFORE.search(before) is not None
    return span._replace(quantity=span.quantity._replace(others=others and span.quantity.kind == "plain"))


def _of_writing(span: _Span) -> _Span:
    """Return `span`, which stands in a dateline, as a date that may be another than what is told of."""
    return span._replace(quantity=span.quantity._replace(unit=DATELINE))


def _zoned(text: str, found: Sequence[_Span]) -> list[_Span]:
    """Return `found`, in order, clock times with the time zone that is named behind them.

    Where one alone is named in the text, it is that of the others too; but for those that a bracket parts from it,
    which are ELSEWHERE: 5 p.m. in Tokyo (0800 GMT).
    """
    clocks = [n for n, span in enumerate(found) if span.quantity.kind == "clock"]
    zones = {n: zone(text, found[n].end) for n in clocks}
    named = [n for n in clocks if zones[n]]
    one_zone = len({zones[n] for n in named}) == 1
    out = list(found)
    for n in clocks:
        near = [m for m in named if "(" not in _between(text, found[m], found[n])]
        usual = zones[near[0]] if near else ELSEWHERE if named else ""
        own = zones[n] or (usual if one_zone else "")
        if own == "local" and not one_zone:
            own = ELSEWHERE
        out[n] = found[n]._replace(quantity=found[n].quantity._replace(unit=own))
    return out


def _between(text: str, one: _Span, other: _Span) -> str:
    first, second = sorted((one, other))
    return text[first.end : second.start]


def _digits(text: str, lang: str | None) -> Iterator[_Span]:
    start = numbers.START.search(text)
    while start is not None:
        position = start.start()
        spans = list(_at(text, position, lang))
        yield from spans
        start = numbers.START.search(text, max((span.end for span in spans), default=position + 1))


def _at(text: str, position: int, lang: str | None) -> Iterator[_Span]:
    """Yield what is written at `position`."""
    if roman := numbers.ROMAN.match(text, position):
        if len(roman["roman"]) > 1 or (roman["suffix"] and roman["roman"] in "VX"):
            yield _Span(*roman.span(), Quantity("ordinal", str(numbers.roman(roman["roman"]))))
    elif date := numbers.DATE.match(text, position):
        yield from _date(date, lang)
    elif short := _day_and_month(text, position, lang):
        for kind in ("day", "month"):
            yield _Span(*short.span(), Quantity(kind, str(int(short[kind]))))
    elif time := _clock(text, position, lang):
        yield time
    elif lang == "fr" and (seconds := numbers.SECONDS.match(text, position)):
        told = numbers.canonical(Decimal(f"{seconds['whole']}.{seconds['hundredths']}"))
        yield _Span(*seconds.span(), Quantity("measure", told, "second", rough(text, position)))
    elif number := numbers.NUMBER.match(text, position):
        *rest, value = _values(number, lang)
        yield from (_Span(*number.span(), Quantity("plain", numbers.canonical(part))) for part in rest)
        quantity, end = counted(text, position, number.end(), value, lang)
        yield _Span(position, end, quantity)


def _values(number: re.Match[str], lang: str | None) -> list[Decimal]:
    written = number.group()
    if not written[0].isdigit():
        return [numbers.vulgar(written)]
    if not number["vulgar"]:
        return numbers.values(written, cldr.decimal_mark(lang))
    *rest, value = numbers.values(written[:-1], cldr.decimal_mark(lang))
    return [*rest, value + numbers.vulgar(number["vulgar"])]


def _date(match: re.Match[str], lang: str | None) -> Iterator[_Span]:
    parts = [int(part) for part in re.findall(r"\d+", match.group())]
    if match["iso"]:
        parts.reverse()
    day, month, year = parts
    if month > 12 or (match["mark"] == "/" and day <= 12 and cldr.month_first(lang)):
        day, month = month, day
    for kind, value in (("day", day), ("month", month), ("year", year)):
        yield _Span(*match.span(), Quantity(kind, str(value)))


def _day_and_month(text: str, position: int, lang: str | None) -> re.Match[str] | None:
    """Return the date in brackets at `position` behind a day of the week: "Kamis siang (17/7)"."""
    short = numbers.DAY_MONTH.match(text, position)
    if short is None or not cldr.day_first(lang):
        return None
    before = text[max(position - _NEAR_WEEKDAY, 0) : position]
    return short if not cldr.weekdays(lang).isdisjoint(key(before.rstrip("( ")).split()) else None


def _clock(text: str, position: int, lang: str | None) -> _Span | None:
    match = numbers.CLOCK.match(text, position)
    if match is None or _GLUED.search(text, max(position - 2, 0), position):
        return None
    end = match.end()
    after_noon = match["half"] in "pP" if match["half"] else None
    if after_noon is None:
        after_noon, end = look(text, end, cldr.day_halves(lang))
        end = max(end, match.end())
    if after_noon is None:  # 下午3点
        halves = cldr.day_halves(lang)
        after_noon = next((halves[text[at:position]] for at in _before(position) if text[at:position] in halves), None)
    if match["dot"] and after_noon is None and not cldr.dotted_clock(lang) and not _ZONE.match(text, end):
        return None  # in most languages 9.40 is nine and a bit
    minute = match["colon"] or match["h"] or match["dot"] or match["wire"] or match["han"] or "0"
    time = numbers.clock(int(match["hour"]), int(minute), after_noon)
    return _Span(position, end, Quantity("clock", time, "", rough(text, position)))


def _before(position: int) -> range:
    return range(max(position - 3, 0), position)


def _of_words(text: str, found: Spelled, lang: str | None) -> _Span:
    if found.ordinal:
        return _Span(found.start, found.end, Quantity("ordinal", str(found.value)))
    quantity, end = counted(text, found.start, found.end, Decimal(found.value), lang)
    if _MORE_OR_LESS.match(text, found.end) or key(text[found.start : found.end]) == _ABOUT_A_THOUSAND:
        quantity = quantity._replace(about=True)
    return _Span(found.start, end if quantity.kind == "clock" else found.end, quantity)


def _months(text: str, lang: str | None, digits: list[_Span]) -> Iterator[_Span]:
    """Yield the months named in `text`: abbreviated or opening a sentence, where they may be else, beside a number."""
    table = cldr.months(lang)
    for match in _month_pattern(lang).finditer(text) if table else ():
        number, whole = table[match.group()]
        beside = any(_near(text, span, match.start(), match.end()) for span in digits)
        opens = match.group()[0].isupper() and not text[: match.start()].rstrip()[-1:].isalnum()
        if beside or (whole and not opens):
            yield _Span(*match.span(), Quantity("month", str(number)))


@lru_cache
def _month_pattern(lang: str | None) -> re.Pattern[str]:
    """Return what finds the months of `lang`, in its own spelling: May is a month, may is not."""
    names = "|".join(re.escape(name) for name in sorted(cldr.months(lang), key=len, reverse=True))
    spaced = not re.search(f"[{UNSPACED}]", names)
    return re.compile(rf"\b(?:{names})\b" if spaced else names)


def _near(text: str, span: _Span, start: int, end: int) -> bool:
    if 0 <= start - span.end < _NEAR:
        return _TO_MONTH.fullmatch(text, span.end, start) is not None
    return 0 <= span.start - end < _NEAR and _FROM_MONTH.fullmatch(text, end, span.start) is not None


def _dated(text: str, span: _Span, months: list[_Span]) -> _Span:
    """Return `span` as a day where it stands beside a month."""
    quantity = span.quantity
    if quantity.kind not in ("plain", "ordinal") or quantity.value not in _DAYS:
        return span
    if any(_near(text, span, month.start, month.end) for month in months):
        return span._replace(quantity=Quantity("day", quantity.value))
    return span
