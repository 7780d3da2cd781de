"""Words beside numbers that newspapers have and the Unicode CLDR has not, or spells otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping

TIMES = "times"
"""The unit of what is counted or multiplied: three times."""

SCALES = {
    "en": {"bn": 9, "mn": 6, "tn": 12},
    "fr": {"milliers": 3},
    "ja": {"千": 3, "百万": 6},
    "ko": {"백": 2, "백만": 6},
    "zh": {"千": 3, "百万": 6},
}
"""Powers of ten."""

_OCCASIONS = {
    "de": ("mal",),
    "en": ("times",),
    "es": ("veces",),
    "fr": ("fois",),
    "id": ("kali", "kali lipat"),
    "it": ("volte",),
    "nl": ("keer",),
    "pt": ("vezes",),
}
_TONNES = {"en": ("ton", "tons"), "id": ("ton",), "ms": ("tan",), "zh": ("吨", "噸")}
_SEA_MILES = {"fr": ("mille nautique", "milles nautiques", "mille marin", "milles marins")}
_HECTARES = {"id": ("hektar",), "ms": ("hektar",)}
_SQUARE_KILOMETRES = {"en": ("sq km",)}
_SQUARE_METRES = {"en": ("sq m", "sq metres", "sq meters")}
_SQUARE_MILES = {"en": ("sq mile", "sq miles")}
_UNITS: dict[str, Mapping[str, tuple[str, ...]]] = {
    TIMES: _OCCASIONS,
    "tonne": _TONNES,
    "nautical-mile": _SEA_MILES,
    "hectare": _HECTARES,
    "square-kilometer": _SQUARE_KILOMETRES,
    "square-meter": _SQUARE_METRES,
    "square-mile": _SQUARE_MILES,
}

SCALED = {"tonne", "barrel", "liter", "hectare", "acre", "square-kilometer", "year"} | {
    "EUR", "USD", "GBP", "IDR", "JPY", "CHF", "AUD", "CAD", "THB", "ZAR",
}  # fmt: skip
"""What is told by the "m", which is metres else: 4m tonnes; no word of these is another (won, gold, mark)."""

SYMBOLS = {"C$": "CAD", "S$": "SGD"}
"""Signs of currencies, their ISO 4217 codes."""

_STERLING = {"en": ("pound sterling", "pounds sterling"), "id": ("pound sterling", "poundsterling")}
_DOLLAR = {"id": ("dolar", "dollar")}  # as the CLDR has it, as newspapers do beside


def units(lang: str) -> dict[str, str]:
    """Return units in `lang`, as the CLDR calls them or TIMES, by word."""
    return {word: unit for unit, words in _UNITS.items() for word in words.get(lang, ())}


def currencies(lang: str, names: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return more names of currencies in `lang`, and their ISO 4217 codes; `names` are the CLDR's, by code."""
    usual, other = _DOLLAR.get(lang, ("", ""))
    spelled = [(name, code) for code, own in names.items() for name in own if usual and usual in name]
    return dict.fromkeys(_STERLING.get(lang, ()), "GBP") | {name.replace(usual, other): code for name, code in spelled}
