"""What stands beside a number and says what it counts: 5 km, $5, 5th, G5, about 5."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from samestory.facts import cldr, newspapers, numbers
from samestory.facts.letters import key
from samestory.facts.newspapers import TIMES
from samestory.facts.record import Quantity
from samestory.letters import UNSPACED

T = TypeVar("T")

_GAP = re.compile(r"[\s\u00a0\u202f-]{0,2}")
_WORD = re.compile(r"[^\W_]+(?:[/'’][^\W_]+)*")
_A_HALF = Decimal("0.5")
_MOST_WORDS = 3  # of a phrase after a number
_MOST_MARKS = 2  # °C, %
_GLUED = re.compile(f"[{UNSPACED}가-힣]{{1,6}}")  # letters that the next word is not set off from
_OF = re.compile(r"\s(?:[^\W\d_]{2}\s|[^\W\d_]['’])")  # milliards de dollars, millions d'euros
_OF_POUNDS = re.compile(r"\sof\b")  # 2 million pounds of beef
_REST = re.compile(r"\s?(\d{1,4})(?![\d.,]\d)")
_HALF = re.compile(r"\s(?:et demie?|y medio|y media|e mezzo|e mezza|e meio|e meia)\b")
_HALF_MORE = {
    "en": re.compile(r"\s(?:and a half|1/2)(?![\w-])(?!\s(?:dozen|hour|century)\b)"),
    "id": re.compile(r"\s(?:setengah|1/2)(?![\w-])"),
}
"""What adds a half to a number below 100, before what is counted, by language."""
_HALF_OF_ANOTHER = re.compile(
    r"[-‑]|\s(?:centenar|decena|docena|dúzia|centena|centinaio|dozzina|siècle|siglo|século)\b"
)
_MONEY_LETTER = re.compile(r"\s?([A-Za-z])(?:(?!\w)|(?=\s?[€$£¥]))(\s?[€$£¥])?")
_SYMBOL = re.compile(r"(?<![^\W\d_])([^\W\d_]{0,4}[^\w\s.,;:!?'’\"“”«»()\[\]/+–—-]|[^\W\d_]{1,4})\.?\s?\Z")
_DATE_AFTER = dict(zip("年년月월日号號일", ("year", "year", "month", "month", *["day"] * 4), strict=True))
_PERCENT_BEFORE = ("百分之", "٪")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th|er|re|e|è|ème|de|ste|ter|\.?[ºª])(?!\w)")
_ORDINAL_BEFORE = re.compile(r"(?:\bke-|第\s?)\Z", re.IGNORECASE)
_DECADE_AFTER = re.compile(r"(?:'?s|-?an|er)(?!\w)")
_GLUED_BEFORE = re.compile(rf"(?![{UNSPACED}])[^\W\d_][-+–]?\Z")
_GLUED_AFTER = re.compile(r"[A-Za-z]")
_CLOCK_BEFORE = re.compile(
    r"\b(?:at|pukul|jam|vers|dès|um|gegen|las|la|às|alle|ore|om|kl|klo|saat|à)\.?\s\Z", re.IGNORECASE
)
_ISO_CODE = re.compile(r"\s?([A-Z]{3})\b")
_HOUR_AFTER = re.compile(r"\s?(?:o['’]clock|Uhr|uur)\b")
_COUNTED_HOURS = re.compile(
    r"\s(?:par (?:jour|nuit|semaine|mois|an)|de suite|d['’]affilée|(?:a|per) (?:day|night|week)|sehari|seminggu)\b"
)
"""What follows hours that are no time of the day: jusqu'à huit heures par jour."""
_PART_OF_YEAR = re.compile(r"\b(?:mid|early|late|pre|post|mi|fin)[-‑]\Z")
_PARTS: dict[str | None, dict[str, int]] = {
    "de": {"drittel": 3, "funftel": 5, "zehntel": 10},
    "en": {"thirds": 3, "quarters": 4, "fifths": 5, "tenths": 10},
    "es": {"tercios": 3, "cuartos": 4, "quintos": 5, "decimos": 10},
    "fr": {"tiers": 3, "quarts": 4, "cinquiemes": 5, "dixiemes": 10},
    "id": {"pertiga": 3, "perempat": 4, "perlima": 5, "persepuluh": 10},
    "it": {"terzi": 3, "quarti": 4, "quinti": 5, "decimi": 10},
    "pt": {"tercos": 3, "quartos": 4, "quintos": 5, "decimos": 10},
}
"""What a number is divided by, by key of the word after it: deux tiers."""
_ROUGH_WORDS = """
    about around approximately roughly some nearly almost over than least most estimated up
    environ près quelque quelques presque autour plus moins vers
    sekitar hampir kira lebih kurang sedikitnya setidaknya mencapai
    etwa rund fast gegen über knapp ungefähr mehr weniger mindestens ca circa
    unos unas casi alrededor cerca más menos aproximadamente quase mais
    quasi oltre più meno ongeveer bijna ruim meer minder около почти более менее حوالي نحو أكثر
    約 约 近 超 逾
"""
_ROUGH = frozenset(_ROUGH_WORDS.split())
"""Words just before a number that say it is rough or a bound."""


def look(text: str, position: int, table: Mapping[str, T]) -> tuple[T | None, int]:
    """Return what `table` has for the longest phrase at `position` or a space after it, and where that ends."""
    gap = _GAP.match(text, position)
    start = gap.end() if gap else position
    first = text[start : start + 1]
    if not first or first.isspace():  # the end, or a dash: Oct 16 - Turkey's
        return None, position
    glued = _GLUED.match(text, start)
    if glued or not first.isalnum():
        for end in range(glued.end() if glued else min(start + _MOST_MARKS, len(text)), start, -1):
            if key(text[start:end]) in table:
                return table[key(text[start:end])], end
        return None, position
    found: tuple[T | None, int] = (None, position)
    phrase = ""
    for _ in range(_MOST_WORDS):
        word = _WORD.match(text, start)
        if word is None:
            break
        phrase = f"{phrase} {key(word.group())}".strip()
        if phrase in table or ("/" in phrase and (phrase := phrase.partition("/")[0]) in table):  # km/jam
            found = table[phrase], word.end()
        start = word.end() + 1
    return found


def counted(text: str, start: int, end: int, value: Decimal, lang: str | None) -> tuple[Quantity, int]:
    """Return `value`, written at `start` to `end`, with what the words around make of it, and where they end."""
    digits, before = text[start:end], text[max(start - 8, 0) : start]
    currency = _currency(before)
    half_more = _HALF_MORE.get(lang or "")
    if half_more is not None and value < 100 and (half := half_more.match(text, end)):  # two and a half hours
        value, end = value + _A_HALF, half.end()
    value, end, scaled = _scaled(text, end, value, currency is not None, lang)
    shown, about = numbers.canonical(value), rough(text, start)
    mark, after = _mark(text, end, scaled, lang)
    if currency is not None:
        return Quantity("money", shown, currency or (mark.unit if mark and mark.kind == "money" else ""), about), end
    date = _DATE_AFTER.get(text[end:].lstrip()[:1])
    if date and not scaled and (date != "year" or 1000 <= value < 2200):
        return Quantity(date, shown), end
    hour = mark is not None and mark.unit == "hour"
    counts = hour and _COUNTED_HOURS.match(text, after)
    if value in range(25) and not counts and (clock := _on_the_hour(text, after if hour else end, before, hour, lang)):
        after_noon, after = clock
        return Quantity("clock", numbers.clock(int(value), 0, after_noon), "", about), after
    glued = _GLUED_BEFORE.search(before) and not _ORDINAL_BEFORE.search(before)
    if before.endswith(_PERCENT_BEFORE):
        mark, after = cldr.Mark("percent"), end
    parts, behind = look(text, end, _PARTS.get(lang, {}))
    if parts and value < parts and math.gcd(int(value), parts) == 1:  # two quarters are of a year
        mark, after, shown = cldr.Mark("fraction"), behind, f"{shown}/{parts}"
    if mark is not None and not glued:
        if mark.kind == "measure" and (behind := _behind_half(text, after, value, lang)):  # deux heures et demie
            shown, after = numbers.canonical(value + _A_HALF), behind
        return Quantity(mark.kind, shown, mark.unit, about), after
    behind = 0 if scaled or _CLOCK_BEFORE.search(before) else _behind_half(text, end, value, lang)
    if behind:  # six et demie
        return Quantity("plain", numbers.canonical(value + _A_HALF), "", about), behind
    return Quantity("plain" if scaled else _bare(digits, before, text[end : end + 4], value), shown, "", about), end


def _behind_half(text: str, end: int, value: Decimal, lang: str | None) -> int:
    """Return where "et demi" behind `value`, or what it counts, ends; 0 where there is none or it is of another."""
    half = _HALF.match(text, end) if value < 100 else None
    if half is None or _HALF_OF_ANOTHER.match(text, half.end()) or scale(text, half.end(), lang)[0]:
        return 0
    return half.end()


def _mark(text: str, end: int, scaled: bool, lang: str | None) -> tuple[cldr.Mark | None, int]:
    """Return the unit or currency at `end`, and where it ends."""
    mark, after = look(text, end, cldr.marks(lang))
    if mark is None and (code := _ISO_CODE.match(text, end)) and code[1] in cldr.symbols():
        return cldr.Mark("money", cldr.symbols()[code[1]]), code.end()
    if mark is None and scaled and (of := _OF.match(text, end)):
        mark, after = look(text, of.end(), cldr.marks(lang))
    if mark is not None and mark.unit == "pound" and scaled and not _OF_POUNDS.match(text, after):
        mark = cldr.Mark("money", "GBP")  # few weights are told by the million
    if mark is not None and mark.unit == TIMES and text[end:after].strip()[:1].isupper():
        return None, end  # two Times reporters
    return (mark, after) if mark is not None and mark.kind != "scale" else (None, end)


def _on_the_hour(text: str, end: int, before: str, hour: bool, lang: str | None) -> tuple[bool | None, int] | None:
    """Return whether a whole hour is after noon, and where that stands; None where it is no time of the day."""
    after_noon, after = look(text, end, cldr.day_halves(lang))
    cue = _CLOCK_BEFORE.search(before) is not None
    if (cue and (hour or after_noon is not None)) or (after_noon is not None and " " in text[end:after].strip()):
        return after_noon, after  # "4 malam" are four nights, "pukul 4 malam" and "4 in the morning" are hours
    uhr = _HOUR_AFTER.match(text, end)
    return (None, uhr.end()) if uhr else None


def _bare(digits: str, before: str, after: str, value: Decimal) -> str:
    """Return the kind of a number without symbol or unit."""
    if _ORDINAL_BEFORE.search(before):
        return "ordinal"
    year = len(digits) == 4 and digits.isdigit() and 1000 <= value < 2200
    if _GLUED_BEFORE.search(before) and not (year and _PART_OF_YEAR.search(before)):
        return "label"
    if digits[-1:].isdigit() and _ORDINAL_AFTER.match(after) and not (len(digits) == 4 and _DECADE_AFTER.match(after)):
        return "ordinal"
    if year:
        return "year"
    if digits[-1:].isdigit() and _GLUED_AFTER.match(after) and not _DECADE_AFTER.match(after):
        return "label"
    return "plain"


def _scaled(text: str, end: int, value: Decimal, money: bool, lang: str | None) -> tuple[Decimal, int, bool]:
    """Multiply `value` by the words of scale after it: 5 mil millones; of money, by a letter: $5m, 5 M€."""
    power, end = scale(text, end, lang)
    if power:
        rest, end = _rest(text, end, power, lang)
        return value.scaleb(power) + rest, end, True
    half = _HALF.match(text, end) or (lang == "en" and _HALF_MORE["en"].match(text, end))
    if half and value in (10**6, 10**9):  # un million et demi, a million and a half
        return value * Decimal("1.5"), half.end(), True
    letter = _MONEY_LETTER.match(text, end)
    if letter and (money or letter[2] or _counted_by_letter(text, letter, lang)):
        power = cldr.money_scales(lang).get(letter[1].lower(), 0)
        return value.scaleb(power), letter.end(1) if power else end, power > 0
    return value, end, False


def _counted_by_letter(text: str, letter: re.Match[str], lang: str | None) -> bool:
    """Return whether `letter` is no unit but scales what stands behind it: 750m rupiah, 4m tonnes, 6 M d'euros."""
    if (lang, letter[1]) not in (("en", "m"), ("fr", "M")) or not text[letter.end(1) : letter.end(1) + 1].isspace():
        return False
    of = _OF.match(text, letter.end(1))
    places = (letter.end(1), of.end()) if of else (letter.end(1),)
    marks = [look(text, place, cldr.marks(lang))[0] for place in places]
    return any(mark is not None and mark.unit in newspapers.SCALED for mark in marks)


def scale(text: str, end: int, lang: str | None) -> tuple[int, int]:
    """Return the power of ten of the words of scale at `end`, 0 where there is none, and where they end."""
    power = 0
    mark, after = look(text, end, cldr.marks(lang))
    while mark is not None and mark.kind == "scale":
        power, end = power + int(mark.unit), after
        mark, after = look(text, end, cldr.marks(lang))
    return power, end


def _rest(text: str, end: int, below: int, lang: str | None) -> tuple[Decimal, int]:
    """Return what is added to a number of 10 to the `below`, and where it ends: 12만8000, 36 mln 742 tys., et demi."""
    half = _HALF.match(text, end)
    if half:
        return Decimal(5).scaleb(below - 1), half.end()
    digits = _REST.match(text, end)
    if digits is None:
        return Decimal(0), end
    power, after = scale(text, digits.end(), lang)
    rest = Decimal(digits[1]).scaleb(power)
    part = power or digits.start(1) == end  # a number of its own has neither scale nor tie
    return (rest, after) if part and rest < Decimal(1).scaleb(below) else (Decimal(0), end)


def _currency(before: str) -> str | None:
    """Return the currency whose symbol ends `before`: "" where the symbol is of several."""
    symbol = _SYMBOL.search(before)
    if symbol is None:
        return None
    found = cldr.symbols().get(symbol[1])
    return cldr.symbols().get(symbol[1][-1]) if found is None and not symbol[1][-1].isalpha() else found


def rough(text: str, start: int) -> bool:
    """Return whether the text before `start` calls the number there rough."""
    before = text[max(start - 24, 0) : start]
    return before.rstrip()[-1:] in _ROUGH or not _ROUGH.isdisjoint(_WORD.findall(before.casefold())[-2:])
