"""Turn a sentence into one that contradicts it in one thing: another number, another name, or a negation more or less.

The rules are simple and leave alone what they do not surely get right. Names are told by their capitals in
mid-sentence and by standing in the translation too; negations are known for English, French and Indonesian.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["number", "name", "negation"]
Rule: TypeAlias = tuple[re.Pattern[str], str]

# No digits of a word or a code, such as 39C or COVID-19.
_NUMBER = re.compile(
    r"(?<![A-Za-zÀ-ÿ\d.,\-–])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)*)(?![A-Za-zÀ-ÿ\d\-–])"
)
_BANDS = ((2, 12), (13, 31), (32, 59), (60, 99))  # hours and months, days, minutes, shares: another of the same
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_CAPITALISED = r"[A-ZÀ-Þ][\w'’-]*[a-zß-ÿ]\w*"
_NAME = re.compile(rf"(?<=[a-zß-ÿ,;] ){_CAPITALISED}(?: {_CAPITALISED})*(?![\w'’-])")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_CAPITALS = {"de"}  # where common nouns have them too

_VOWEL = "aeéèêiouyâîôûhAEÉIOU"
_NO_PRONOUN = r"(?<!\bse )(?<!\ble )(?<!\bla )(?<!\bles )(?<!\bne )(?<!\ben )(?<!\by )(?<!\blui )(?<!\bleur )"
_FRENCH_PRONOUN = r"(?:(?:se|le|la|les|lui|leur|en|y|me|te|nous|vous) |[slmt]['’])?"

_REMOVED: dict[str, tuple[Rule, ...]] = {
    "en": (
        (re.compile(r"\bcan(?:not|'t|’t)\b"), "can"),
        (re.compile(r"\bwon['’]t\b"), "will"),
        (re.compile(r"\b(is|are|was|were|do|does|did|has|have|had|would|could|should)n['’]t\b"), r"\1"),
        (
            re.compile(
                r"\b(is|are|was|were|be|do|does|did|has|have|had|would|could|should|will|may|might|must|can) not "
                r"(?!only\b|just\b|least\b)"
            ),
            r"\1 ",
        ),
        (re.compile(r"\bnever\b"), "always"),
    ),
    "fr": (
        (re.compile(rf"\b[Nn](?:e |['’])({_FRENCH_PRONOUN}[\w-]+) pas\b(?! (?:seulement|que|encore))"), r"\1"),
        (re.compile(rf"\b[Nn](?:e |['’])({_FRENCH_PRONOUN}[\w-]+) jamais\b"), r"\1 toujours"),
    ),
    "id": (
        (re.compile(r"\b(?:tidak|tak) (?!hanya\b|saja\b|lagi\b|lama\b|lebih\b|kurang\b)"), ""),
        (re.compile(r"\bbukan (?!hanya\b|saja\b|lagi\b)"), "adalah "),
        (re.compile(r"\bbelum (?!lama\b)"), "sudah "),
    ),
}
_INSERTED: dict[str, tuple[Rule, ...]] = {
    "en": (
        (
            re.compile(r"(?<=[a-z)] )(is|are|was|were|will|would|could|should|must|can) (?!not\b|only\b|it\b|they\b)"),
            r"\1 not ",
        ),
        (re.compile(r"(?<=[a-z)] )(has|have|had) (?=been\b|[a-z]+ed\b)"), r"\1 not "),
    ),
    "fr": (
        (
            re.compile(
                rf"(?<=[a-zß-ÿ)] ){_NO_PRONOUN}"
                r"(est|sont|était|étaient|sera|seront|fut|furent|peut|peuvent|doit|doivent|pourrait|pourraient|serait"
                r"|devrait|ont|avait|avaient) (?!que\b|pas\b|plus\b|jamais\b|aucun|rien\b)"
            ),
            r"ne \1 pas ",
        ),
    ),
    "id": (
        (re.compile(r"(?<![Tt]idak )(?<!tak )(?<!belum )\b(akan|dapat|bisa|harus|mampu|memiliki|ada) "), r"tidak \1 "),
        (re.compile(r"\badalah "), "bukanlah "),
        (re.compile(r"\b(merupakan) "), r"bukan \1 "),
        (re.compile(r"\b(?:telah|sudah) "), "belum "),
    ),
}  # fmt: skip
_NEGATION = {
    "en": re.compile(r"\b(?:not?|never|nor|neither|none|nobody|nothing|cannot|without)\b|n['’]t\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:ne|ni|non|pas|jamais|aucune?|rien|sans)\b|\bn['’]", re.IGNORECASE),
    "id": re.compile(r"\b(?:tidak|tak|bukan|belum|tanpa|jangan)", re.IGNORECASE),
}
_ELISION = re.compile(rf"\bne (?=[{_VOWEL}])")


def contradict(kind: Kind, text: str, other: str, lang: str, names: Sequence[str], rng: random.Random) -> str | None:
    """Return `text`, in `lang`, with one thing of `kind` changed; None where there is nothing to change.

    `other` is its translation; `names` are those to choose another name from.
    """
    make: Callable[[], str | None] = {
        "number": lambda: _other_number(text, rng),
        "name": lambda: _other_name(text, other, names, rng),
        "negation": lambda: _other_polarity(text, lang),
    }[kind]
    return make()


def shared_names(pairs: Sequence[tuple[str, str]], lang: str) -> list[str]:
    """Return the names of the first sides, in `lang`, that stand on the second too: each once, in order.

    Words that stand anywhere in the first sides without a capital, such as those of titles, make no name.
    """
    if lang in _OTHER_CAPITALS:
        return []
    words = {word for text, _ in pairs for word in _WORD.findall(text)}
    names = dict.fromkeys(name for text, other in pairs for name in _NAME.findall(text) if _stands(name, other))
    return [name for name in names if not any(word.lower() in words for word in name.split())]


def _other_name(text: str, other: str, names: Sequence[str], rng: random.Random) -> str | None:
    known = set(names)
    own = [name for name in _NAME.findall(text) if name in known and _stands(name, other)]
    if not own:
        return None
    old = rng.choice(own)
    said = set(_WORD.findall(text)) | set(_WORD.findall(other))
    fitting = [new for new in names if new.count(" ") == old.count(" ") and said.isdisjoint(_WORD.findall(new))]
    new = rng.choice(fitting) if fitting else ""
    return _whole(old).sub(lambda _: new, text) if new else None


def _other_number(text: str, rng: random.Random) -> str | None:
    others = [(match, new) for match in _NUMBER.finditer(text) if (new := _like(match.group(), rng)) is not None]
    if not others:
        return None
    match, new = rng.choice(others)
    return text[: match.start()] + new + text[match.end() :]


def _like(number: str, rng: random.Random) -> str | None:
    """Another number of the same form: as many digits and the same separators."""
    if number.isdigit() and len(number) <= 2:
        band = next((band for band in _BANDS if band[0] <= int(number) <= band[1]), None)
        if band is None or number[0] == "0":
            return None
        same = [n for n in range(band[0], band[1] + 1) if len(str(n)) == len(number) and n != int(number)]
        return str(rng.choice(same))
    if _YEAR.fullmatch(number):
        # Within a century or so, and at least three years off.
        near = [year for year in range(int(number[:2] + "00"), int(number[:2] + "00") + 100) if year <= 2025]
        return str(rng.choice([year for year in near if abs(year - int(number)) >= 3]))
    first = next((n for n, digit in enumerate(number) if digit in "123456789"), None)
    if first is None:
        return None
    digit = rng.choice([digit for digit in "123456789" if digit != number[first]])
    rest = (rng.choice("0123456789") if old in "123456789" else old for old in number[first + 1 :])
    return number[:first] + digit + "".join(rest)


def _other_polarity(text: str, lang: str) -> str | None:
    """Remove a negation, or insert one where there is none: two in one sentence may leave its meaning as it was."""
    negated = lang in _NEGATION and _NEGATION[lang].search(text)
    for pattern, put in (*_REMOVED.get(lang, ()), *(() if negated else _INSERTED.get(lang, ()))):
        new, changed = pattern.subn(put, text, count=1)
        if changed:
            return _ELISION.sub("n'", new) if lang == "fr" else new
    return None


def _stands(name: str, text: str) -> bool:
    return len(name) > 3 and _whole(name).search(text) is not None


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-]){re.escape(name)}(?![\w'’-])")
