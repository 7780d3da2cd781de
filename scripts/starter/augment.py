"""Vary a training pair so that names and numbers are copied, not remembered: every epoch shows others."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from starter.corpora import Pair

_NAME = re.compile(r"\b[A-Z][\w-]*[a-z]\w*\b")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d[\d.,]*\d")
_NOT_DIGIT = re.compile(r"\D")
_QUOTES = str.maketrans({"’": "'", "“": '"', "”": '"'})

NAMES = 0.2
NUMBERS = 0.2
QUOTES = 0.15
CAPITALS = 0.015
ADDRESSES = 0.04  # of the swapped names


def names_of(pairs: Iterable[Pair]) -> list[str]:
    """Return the capitalised words that stand on both sides of a pair, each once, in order."""
    names = set()
    for pair in pairs:
        names.update(_shared_names(pair.source, pair.english))
        if pair.source == pair.english and _NAME.fullmatch(pair.source):
            names.add(pair.source)
    return sorted(names)


def varied(source: str, english: str, names: Sequence[str], rng: random.Random) -> tuple[str, str]:
    """Return the pair, sometimes with other names, other digits, other quotation marks, or in capitals."""
    if rng.random() < NAMES:
        source, english = _swap_names(source, english, names, rng)
    if rng.random() < NUMBERS:
        source, english = _swap_numbers(source, english, rng)
    if rng.random() < QUOTES:
        source = source.translate(_QUOTES)
    elif rng.random() < QUOTES:
        source = source.replace("'", "’")
    if rng.random() < CAPITALS:
        source, english = source.upper(), english.upper()
    return source, english


def _shared_names(source: str, english: str) -> list[str]:
    """Capitalised words of both sides, but not those that only begin both sentences."""
    ours, theirs = _NAME.findall(source), set(_NAME.findall(english))
    begins = {text.split(" ", 1)[0].strip("\"'«“(") for text in (source, english)}
    return [name for name in dict.fromkeys(ours) if name in theirs and name not in begins and len(name) > 2]


def _swap_names(source: str, english: str, names: Sequence[str], rng: random.Random) -> tuple[str, str]:
    shared = _shared_names(source, english)
    for old in rng.sample(shared, min(len(shared), rng.randint(1, 2))):
        new = _address(names, rng) if rng.random() < ADDRESSES else rng.choice(names)
        whole = re.compile(rf"\b{re.escape(old)}\b")
        source, english = (whole.sub(lambda _, new=new: new, text) for text in (source, english))  # type: ignore[misc]
    return source, english


def _address(names: Sequence[str], rng: random.Random) -> str:
    """A made-up web address, e-mail address or user name."""
    one, other = (rng.choice(names).lower() for _ in range(2))
    end = rng.choice(("com", "fr", "co.id", "id", "org", "net", "io", "go.id"))
    forms = (
        f"www.{one}.{end}",
        f"https://{one}.{end}/{other}",
        f"{one}.{end}",
        f"{one}@{other}.{end}",
        f"@{one}{other}",
    )
    return rng.choice(forms)


def _swap_numbers(source: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Change the digits of the numbers of both sides, whatever separators either side writes."""
    ours, theirs = _numbers(source), _numbers(english)
    new = {digits: _other(digits, rng) for digits in ours & theirs}

    def replaced(found: re.Match[str]) -> str:
        text = found.group()
        digits = iter(new.get(_NOT_DIGIT.sub("", text), ""))
        return re.sub(r"\d", lambda old: next(digits, old.group()), text)

    return _NUMBER.sub(replaced, source), _NUMBER.sub(replaced, english)


def _numbers(text: str) -> set[str]:
    return {_NOT_DIGIT.sub("", number) for number in _NUMBER.findall(text)}


def _other(digits: str, rng: random.Random) -> str:
    """Digits of the same length; what looks like a year stays one."""
    if len(digits) == 4 and digits[:2] in {"19", "20"}:
        return digits[:2] + "".join(rng.choices("0123456789", k=2))
    return rng.choice("123456789") + "".join(rng.choices("0123456789", k=len(digits) - 1))
