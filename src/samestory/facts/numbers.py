"""How digits are written: 22.118.952, 22 118 952 and 22,118,952 are one number, 09.40, 9:40 and 9 h 40 one time."""

from __future__ import annotations

import re
import sys
import unicodedata
from decimal import Decimal
from functools import lru_cache

_SPACES = "\u0020\u00a0\u2009\u202f"
NUMBER = re.compile(
    rf"(?:(?<![\d.,])\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)(?P<vulgar>[½⅓¼¾⅔])?|[½⅓¼¾⅔]"
)
DATE = re.compile(
    r"(?<![\d.,/-])(?:(?P<iso>(?:1\d|20)\d\d-(?:1[0-2]|0?[1-9])-(?:[12]\d|3[01]|0?[1-9]))(?![\d-])"
    r"|\d{1,2}(?P<mark>[./-])\s?\d{1,2}(?P=mark)\s?(?:1\d|20)\d\d(?!\d))"
)
DAY_MONTH = re.compile(r"(?<=\()(?P<day>3[01]|[12]\d|0?[1-9])/(?P<month>1[0-2]|0?[1-9])(?=[),;\s–-])")
"""A date without its year, as in Indonesian news: Kamis (17/7)."""
CLOCK = re.compile(
    r"""(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])(?:
        [:：](?P<colon>[0-5]\d)(?::[0-5]\d)?(?![\d:])
        |\s?[hH]\s?(?P<h>[0-5]\d)(?!\d)
        |\.(?P<dot>[0-5]\d)(?!\d|[.,]\d)
        |(?P<wire>[0-5]\d)(?=\s?(?:GMT|UTC)\b)
        |\s?[点點時时시]\s?(?:(?P<han>[0-5]?\d)\s?[分분])?
        |(?=\s?[aApP]\.?\s?[mM]\b)
    )(?:\s?(?P<half>[aApP])\.?\s?[mM]\b\.?)?""",
    re.VERBOSE,
)
ROMAN = re.compile(r"(?<!\w)(?P<roman>X{0,3}(?:IX|IV|V?I{0,3}))(?P<suffix>e|ème|er|ᵉ)?(?!\w)(?<=\w)")
SECONDS = re.compile(r"(?<![\d.,])(?P<whole>\d{1,2})\ss\s(?P<hundredths>\d\d)(?!\w|[.,]\d|\s?%)")
"""A time as French alone has it in sport: 9 s 58."""
START = re.compile(r"(?=\d|[½⅓¼¾⅔]|(?<!\w)[IVX])")
"""Where to look for the others."""

_GROUPS = re.compile(rf"[1-9]\d{{0,2}}([{_SPACES}.,'’])\d{{3}}(?:\1\d{{3}})*")
_FOREIGN = re.compile(r"(?![0-9])\d|٪|٫|٬|％")
_ROMAN = {"I": 1, "V": 5, "X": 10}


def western(text: str) -> str:
    """Return `text` with the digits of any script as 0 to 9, letter for letter."""
    return text.translate(_digits()) if not text.isascii() and _FOREIGN.search(text) else text


@lru_cache
def _digits() -> dict[int, str]:
    digits = {code: str(unicodedata.digit(chr(code))) for code in range(128, sys.maxunicode) if chr(code).isdecimal()}
    return digits | {ord("٪"): "%", ord("％"): "%", ord("٫"): ".", ord("٬"): ","}


def values(number: str, decimal: str) -> list[Decimal]:
    """Read `number`, `decimal` being the decimal mark of its language or "".

    Three digits behind one separator are a group, 1.234 being far more often 1,234 than 1 and a bit, but for the
    point of a language that groups by commas.
    """
    if _GROUPS.fullmatch(number) and not (decimal == "." and number.count(".") == 1 and "," not in number):
        return [Decimal(re.sub(r"\D", "", number))]
    whole, *fraction = re.split(r"[.,](?=\d+$)", number)
    if not fraction or whole.isdigit() or _GROUPS.fullmatch(whole):
        return [Decimal(".".join([re.sub(r"\D", "", whole), *fraction]))]
    return [Decimal(part) for part in re.findall(r"\d+", number)]  # a date or a version


def canonical(value: Decimal) -> str:
    """Return `value` without exponent or idle zeros."""
    return format(value.normalize(), "f")


def vulgar(fraction: str) -> Decimal:
    """Return the value of a character like ½, to three digits."""
    return Decimal(str(round(unicodedata.numeric(fraction), 3)))


def clock(hour: int, minute: int, after_noon: bool | None) -> str:
    """Return the time in 24 hours, `after_noon` being what the text says of it."""
    if after_noon is not None and hour <= 12:
        hour = hour % 12 + 12 * after_noon
    return f"{hour % 24}:{minute:02}"


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral below 40."""
    digits = [_ROMAN[letter] for letter in numeral]
    return sum(-one if one < other else one for one, other in zip(digits, [*digits[1:], 0], strict=True))
