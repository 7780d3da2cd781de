"""What the Unicode CLDR knows of a language, by way of Babel: words and symbols that stand beside numbers, and places.

Tables are built when first asked for. A text whose language is not said is read with the words of several.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_day_names, get_month_names, get_period_names
from babel.languages import get_official_languages
from babel.numbers import (
    format_compact_decimal,
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
)
from babel.units import format_unit

from samestory.facts import newspapers
from samestory.facts.letters import key

_UNSAID = ("en", "fr", "id", "de", "pt", "it", "nl")  # where two of them differ, the first is right
_ALSO = {"en": "en_GB", "pt": "pt_PT", "zh": "zh_Hant"}  # "per cent", "milhar", 萬: the other spelling of a language
_DEFAULT_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "KRW", "RUB")  # what "dollar" alone is taken for
_ACRONYMS = {"UN": ("ONU",), "US": ("USA",), "EU": (), "GB": ("UK",), "AE": ()}  # places that go by their initials
_WORDS = frozenset(["ALL", "TOP", "TRY"])  # codes that headlines in capitals have as words
_HOMES = {"en": "GB", "pt": "PT", "ar": ""}  # of languages that most people speak elsewhere
_COUNTS = (1, 2, 3, 5, 11, 1.5)  # enough to see every plural form
_UNITS = (
    *(f"duration-{unit}" for unit in ("year", "month", "week", "day", "hour", "minute", "second")),
    *(f"length-{unit}" for unit in ("kilometer", "meter", "centimeter", "millimeter", "yard", "foot", "inch")),
    *(f"length-{unit}" for unit in ("mile", "nautical-mile")),
    *(f"area-{unit}" for unit in ("hectare", "acre", "square-kilometer", "square-meter", "square-mile")),
    *(f"mass-{unit}" for unit in ("tonne", "kilogram", "gram", "milligram", "pound", "ounce")),
    *(f"volume-{unit}" for unit in ("liter", "milliliter", "cubic-meter", "barrel", "gallon")),
    *(f"speed-{unit}" for unit in ("kilometer-per-hour", "mile-per-hour", "meter-per-second")),
    *(f"power-{unit}" for unit in ("watt", "kilowatt", "megawatt", "gigawatt")),
    *(f"digital-{unit}" for unit in ("megabyte", "gigabyte", "terabyte")),
    "frequency-gigahertz", "frequency-megahertz", "temperature-celsius", "temperature-fahrenheit",
)  # fmt: skip


OR = "|"
"""What stands between the currencies that one word may be: roupies."""


class Mark(NamedTuple):
    """What a word after a number makes of it: a "scale" of ten to the `unit`, "percent", "money" or a "measure"."""

    kind: str
    unit: str = ""


@lru_cache
def locales(lang: str | None) -> tuple[Locale, ...]:
    """Return the locales whose words a text in `lang` may hold, the likeliest first; none for an unknown language."""
    names = _UNSAID if lang is None else (lang, *filter(None, [_ALSO.get(lang)]))
    found = []
    for name in names:
        with contextlib.suppress(UnknownLocaleError, ValueError):
            found.append(Locale.parse(name))
    return tuple(found)


@lru_cache
def decimal_mark(lang: str | None) -> str:
    """Return the decimal mark of `lang`, or "" where it is not known."""
    return get_decimal_symbol(locales(lang)[0], numbering_system="latn") if lang and locales(lang) else ""


@lru_cache
def dotted_clock(lang: str | None) -> bool:
    """Return whether `lang` writes 9.40 for twenty to ten."""
    return bool(lang) and any("H.mm" in locale.time_formats["short"].pattern for locale in locales(lang))


def month_first(lang: str | None) -> bool:
    """Return whether 5/12 is the twelfth of May in `lang`."""
    return _short_date(lang).startswith("M")


def day_first(lang: str | None) -> bool:
    """Return whether 5/12 is the fifth of December in `lang`."""
    return 0 <= _short_date(lang).find("d") < _short_date(lang).find("M")


@lru_cache
def _short_date(lang: str | None) -> str:
    return locales(lang)[0].date_formats["short"].pattern if lang and locales(lang) else ""


@lru_cache
def months(lang: str | None) -> dict[str, tuple[int, bool]]:
    """Return the months by every name of theirs as `lang` spells it, and whether the name is not abbreviated."""
    names: dict[str, tuple[int, bool]] = {}
    forms: tuple[tuple[Literal["wide", "abbreviated"], Literal["format", "stand-alone"]], ...]
    forms = (("wide", "format"), ("wide", "stand-alone"), ("abbreviated", "format"))
    for locale in locales(lang):
        for width, context in forms:
            for number, name in get_month_names(width, context, locale).items():
                if not any(letter.isdigit() for letter in name) and len(name) > 1:
                    names.setdefault(name.rstrip("."), (number, width == "wide"))
    return names


@lru_cache
def weekdays(lang: str | None) -> frozenset[str]:
    """Return the keys of the days of the week."""
    return frozenset(key(name) for locale in locales(lang) for name in get_day_names("wide", locale=locale).values())


@lru_cache
def day_halves(lang: str | None) -> dict[str, bool]:
    """Return what may follow a clock time, by key, and whether it says that the time is after noon."""
    halves: dict[str, bool] = {}
    for locale in locales(lang):
        for width in ("abbreviated", "wide"):
            names = get_period_names(width, "format", locale)
            for period in sorted(names, key=lambda name: name.startswith("night")):  # French calls night morning
                after = period.startswith(("pm", "afternoon", "evening", "night"))
                if "noon" != period != "midnight":
                    halves.setdefault(key(names[period]), after)
    return halves


@lru_cache
def connectives(lang: str | None) -> frozenset[str]:
    """Return the words for "and"."""
    return frozenset(key(locale.list_patterns["standard"]["2"].format("", "")) for locale in locales(lang))


@lru_cache
def marks(lang: str | None) -> dict[str, Mark]:
    """Return what may follow a number, by key."""
    found = {"%": Mark("percent")}
    for locale in locales(lang):
        for word, power in _scales(locale):
            if len(word) > (1 if lang else 3) or not word.isascii():  # m is metres too, mil are miles elsewhere
                found.setdefault(word, Mark("scale", str(power)))
    for locale in locales(lang):
        for name in ("concentr-percent", *_UNITS):
            kind, unit = ("percent", "") if name == "concentr-percent" else ("measure", name.split("-", 1)[1])
            for word in _unit_words(locale, name):
                found.setdefault(word, Mark(kind, unit))
        for word, unit in newspapers.units(locale.language).items():
            found.setdefault(word, Mark("measure", unit))
    for locale in locales(lang):
        for word, code in _currency_words(locale):
            found.setdefault(word, Mark("money", code))
    for symbol, code in symbols().items():
        if not any(letter.isalpha() for letter in symbol):  # "den" is a Macedonian denar and much else
            found.setdefault(symbol, Mark("money", code))
    return found


@lru_cache
def money_scales(lang: str | None) -> dict[str, int]:
    """Return the letters that scale an amount of money, in lower case: $5m, 820 M€."""
    return {word: power for locale in reversed(locales(lang)) for word, power in _scales(locale) if len(word) == 1}


def _scales(locale: Locale) -> Iterator[tuple[str, int]]:
    yield from ((key(word), power) for word, power in newspapers.SCALES.get(locale.language, {}).items())
    widths: tuple[Literal["long", "short"], ...] = ("long", "short")
    for width in widths:
        for power in range(3, 15):
            for count in (1, 2, 5, 1.5):
                number = int(count * 10**power)
                try:
                    shown = format_compact_decimal(number, format_type=width, locale=locale, fraction_digits=1)
                except KeyError:  # Chinese has the short form only
                    continue
                match = re.fullmatch(r"(\d+)(?:[.,]\d)?\s?([^\W\d_]+)\.?", shown)
                if match:
                    yield key(match[2]), power - len(match[1]) + 1


def _unit_words(locale: Locale, unit: str) -> Iterator[str]:
    widths: tuple[Literal["long", "short"], ...] = ("long", "short")
    for width in widths:
        for count in _COUNTS:
            shown = format_unit(count, unit, width, locale=locale)
            if unit.startswith("duration") and len(shown) < 4 and shown[-1] != "h":
                continue  # "s" for a second
            word = key(re.sub(r"^[\d.,\W]*\d\s?|[\d٠-٩].*$", "", shown))
            if (unit, word) == ("duration-month", "m"):
                continue  # metres
            if word not in ("", "in") and (len(word) > 1 or word in "mglth%" or not word.isascii()):  # in, a: words
                yield word


def _currency_words(locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield the names of currencies, then the word of each that is the currency: rupiah of Indonesian rupiahs."""
    names = {
        code: {key(get_currency_name(code, count, locale)) for count in (None, 1, 2, 5)} for code in sorted(_tender())
    }
    for name, code in newspapers.currencies(locale.language, names).items():
        names[code].add(name)
    for code, spelled in names.items():
        yield from ((name, code) for name in spelled)
    phrases = [name.split() for spelled in names.values() for name in spelled if " " in name]
    if not phrases:
        return
    # One word says dollar of twenty countries: it stands first in French and last in English.
    head = max((0, -1), key=lambda place: max(Counter(words[place] for words in phrases).values()))
    heads: dict[str, set[str]] = {}
    for code, spelled in names.items():
        for name in spelled:
            heads.setdefault(name.split()[head], set()).add(code)
    for word, codes in heads.items():
        usual = [code for code in _DEFAULT_CURRENCIES if code in codes]
        yield word, usual[0] if usual and len(codes) > 1 else OR.join(sorted(codes))


@lru_cache
def symbols() -> dict[str, str]:
    """Return the currencies by their symbols and ISO codes: "$" is the US dollar's, "Rp" the rupiah's."""
    found = {code: code for code in _tender() - _WORDS}
    for code in _DEFAULT_CURRENCIES:
        found.setdefault(get_currency_symbol(code, "en"), code)
    found.update({get_currency_symbol(code, "en"): code for code in sorted(_tender() - _WORDS)})
    for territory, code in _tenders():
        for lang in get_official_languages(territory)[:1]:
            with contextlib.suppress(UnknownLocaleError, ValueError):
                symbol = get_currency_symbol(code, f"{lang}".replace("-", "_")).rstrip(".")
                if len(symbol) > 1 or not symbol.isalpha():
                    found.setdefault(symbol, code)
    return {"US$": "USD", "¥": ""} | found | newspapers.SYMBOLS | {"¥": ""}  # ¥ is yen or yuan


def _tenders() -> Iterator[tuple[str, str]]:
    for territory, currencies in get_global("territory_currencies").items():
        for code, _start, end, tender in currencies:
            if tender and end is None:
                yield territory, code


def _tender() -> frozenset[str]:
    return frozenset(code for _, code in _tenders())


@lru_cache
def peoples(lang: str | None) -> dict[str, str]:
    """Return the territory that goes by each language's name, by key: "danois" tells of Denmark as Danmark does."""
    official = {code for territory in get_global("territory_languages") for code in get_official_languages(territory)}
    likely = {code: get_global("likely_subtags").get(code, "").rpartition("_")[2] for code in official} | _HOMES
    found: dict[str, str] = {}
    for locale in locales(lang):
        for code, name in locale.languages.items():
            spoken, _, territory = code.partition("_")
            words = key(re.sub(r"[()]", " ", name)).split()
            if territory:  # British English, anglais britannique
                words = [word for word in words if word not in key(locale.languages.get(spoken, "")).split()]
            home = territory or likely.get(code)
            if home and len(words) == 1 and len(home) == 2:
                found.setdefault(words[0], home)
    return found


@lru_cache
def places(lang: str | None) -> dict[str, str]:
    """Return the territories of the CLDR, up to continents, by the key of each name and each acronym of a name."""
    found: dict[str, str] = {}
    for locale in locales(lang):
        for code, name in locale.territories.items():
            for part in re.split(r"\s*[()]\s*", name):  # Myanmar (Burma)
                if len(key(part)) > 1 and code not in ("ZZ", "XA", "XB", "EZ"):
                    found.setdefault(key(part), "US" if code == "019" else code)  # America is more often the one
    for locale in locales(lang):
        for code in _ACRONYMS:
            initials = "".join(word[0] for word in re.split(r"[\s-]", locale.territories.get(code, "")) if word)
            if len(initials) > 1 and initials.isupper():
                found.setdefault(initials, code)  # in capitals: US is not the word "us"
    return found | {alias: code for code, aliases in _ACRONYMS.items() for alias in aliases}
