"""Whether a text denies something.

CLDR and the like know nothing of negation, so each language here has three short lists. Languages deny alike in
clauses (not, ne ... pas, tidak) but not in words: what is "unhurt" in one is "not hurt" in another. A text that
only holds such a word is neither affirmed nor denied here.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class _Rules(NamedTuple):
    """Patterns on lower-case text: what denies; what looks so and does not; what another language may deny."""

    cues: re.Pattern[str]
    phrases: re.Pattern[str]
    doubts: re.Pattern[str]


def _any(*patterns: str) -> str:
    return "|".join(patterns)


def _words(cues: str, phrases: str, doubts: str) -> _Rules:
    """Take whole words that deny, whole phrases that do not, and beginnings of words in doubt."""
    return _Rules(re.compile(rf"\b(?:{cues})\b"), re.compile(rf"\b(?:{phrases})\b"), re.compile(rf"\b(?:{doubts})"))


def _letters(cues: str, phrases: str, doubts: str) -> _Rules:
    """Take patterns that stand anywhere."""
    return _Rules(re.compile(cues), re.compile(phrases), re.compile(doubts))


_MALAY = _words(
    r"tidak|tak|tidaklah|bukan|bukanlah|belum|tanpa|jangan|tiada|tidakkah|bukannya",
    _any(
        r"(?:tidak|tak|bukan)(?:lah)? (?:hanya|cuma|saja|sekadar|sahaja|semata)",
        r"mau tidak mau|tidak lain|(?:tak|tidak) (?:kurang|lama|jauh|banyak)|paling tidak|setidak tidaknya",
        r"(?:kalau|jika|atau) tidak|tak ayal|tak ter\w+|jangan lupa|tanpa (?:henti|izin|sepengetahuan)",
    ),
    r"menolak|gagal|kurang|jarang|mustahil|mencegah|menghindari|(?:me|di)larang|kecuali|daripada|(?:tak|tidak|tanpa|bukan)\b|nir|non",
)
_NE = r"n(?:e |')"
_LANGUAGES = {
    "en": _words(
        r"not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n't",
        _any(
            r"not (?:only|just|merely|simply|least|to mention)|whether or not|or not|if not|(?:not|don't) forget",
            r"no (?:doubt|matter|wonder|less than|fewer than)|nothing (?:but|short)|nos?\.? ?\d+",
        ),
        _any(
            r"refus|fail|lack|unlikely|den(?:y|ie)|hardly|barely|rarely|seldom|prevent|avoid|absen|prohibit|ban(?:ned)?\b",
            r"few\b|rather\b|instead\b|impossib|non-|except|outside\b|free of|not?\b",
            r"un(?!it|i|der|t|l)\w{4}|in(?:visib|accura|capab|eff|adequ)",
        ),
    ),
    "fr": _words(
        _any(
            r"pas|jamais|aucune?|rien|ni|sans|nulle?|guère|et non",
            rf"{_NE}(?:\w+ ){{1,3}}(?:plus|personne)|personne {_NE}\w+|{_NE}(?:peu\w+|saurai\w+)(?! que)",
        ),
        _any(
            r"sans (?:doute|cesse)|non seulement|ou (?:pas|non)|pas (?:loin|si mal|mal de|moins de)|n'oubliez pas",
            rf"{_NE}(?:\w+ ){{1,2}}pas que|pas (?:seulement|uniquement)|plus (?:\w+ )?que jamais",
            r"(?:un|le|de|des|les|quelques|premiers?|au|grands?|\w+ à) pas",  # a step
        ),
        _any(
            r"refus|échou|manqu|ignor|rare|évit|empêch|absen|interdi|plutôt|lieu de|faute|sauf\b|hors\b|non\b|peine\b",
            r"peu\b|pas\b|sans\b|i[nm]\w+[ai]ble|in(?:util|capa|connu|demn|disp)|dépourvu|perdu|déni|dément",
        ),
    ),
    "id": _MALAY,
    "ms": _MALAY,
    "de": _words(
        r"nicht|kein(?:e[nmrs]?)?|nie|niemals|niemand(?:e[nm])?|nichts|ohne|weder|nirgends",
        r"nicht (?:nur|bloß|zuletzt|allein|weniger als)|(?:ob|oder) nicht|ohne zweifel",
        r"un(?!d|ter|s|i)\w{4}|(?:ver)?weiger|fehl|kaum|selten|verhinder|vermeid|verb[oi]t|(?:an)?statt\b|außer|mangel|nicht",
    ),
    "es": _words(
        r"no|nunca|jamás|nadie|nada|ningún|ninguno|ninguna|sin|ni|tampoco",
        _any(
            r"no (?:solo|sólo|solamente|únicamente|obstante|menos de)|no (?:se )?olvid\w+|no .{1,40} sino|o no",
            r"sin (?:embargo|duda|lugar a dudas)|nada más|ni siquiera",
        ),
        r"no\b|sin\b|neg[aóó]|rechaz|falt|imposib|desconoc|raramente|evit|imped|prohib|in\w+ble|ausen|excepto|nul[ao]",
    ),
    "pt": _words(
        r"não|nunca|jamais|ninguém|nada|nenhum|nenhuma|sem|nem|tampouco",
        r"não (?:só|apenas|somente|obstante|se esqueça|esqueça)|sem dúvidas?|ou não",
        r"não\b|sem\b|neg[aoó]|recus|falt|impossív|desconhec|raramente|evit|imped|proib|in\w+vel|ausen|exceto|nul[ao]",
    ),
    "it": _words(
        r"non|mai|nessuno|nessuna|nessun|niente|nulla|senza|né|neanche|neppure",
        r"non (?:solo|soltanto|solamente|dimenticare)|senza (?:dubbio|altro)|più che mai|o (?:meno|no)",
        r"non\b|senza\b|neg[aò]|rifiut|manc|imposs|sconosc|raramente|evit|imped|viet|in\w+bil|assen|tranne|nul[lo]",
    ),
    "nl": _words(
        r"niet|geen|nooit|niemand|niets|zonder|noch|nergens",
        r"niet (?:alleen|slechts|enkel)|(?:al dan|of) niet|zonder twijfel|vergeet niet",
        r"niet|zonder|on(?!der|s|t|ge)\w{4}|weiger|ontbr|nauwelijks|zelden|voorkom|vermijd|verb[oi]|behalve",
    ),
    "zh": _letters(
        r"没|沒|[并並绝]非|未[能曾被有予经經]|[从從并並尚仍还還]未|不[是会會能可要得必再应應准許许愿願想敢肯曾]|[无無][法人]",
        r"不得不|不能不|不可(?:思议|避免|或缺)|[是会會能可]不[是会會能可]|没收|沒收|淹没|埋没|沉没|出没|不要忘|不是只|有没有",
        r"[不没沒未无無非否莫勿]",
    ),
    "ar": _letters(
        r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|لسنا|بدون|دون|بلا)(?!\w)",
        r"(?<!\w)(?:ليس فقط|لا سيما|لا يزال|لا تزال|لا يزالون|لا بد|لا شك|دون شك)(?!\w)",
        r"(?<!\w)[وفب]?(?:غير|عدم|رفض|فشل|يرفض|نفى|سوى|إلا|لا|دون)(?!\w)",
    ),
}


def negated(text: str, lang: str | None = None) -> bool | None:
    """Return whether `text` holds a negation; None where it may, or its language's negations are not known here."""
    rules = _LANGUAGES.get(lang or "")
    if rules is None:
        return None
    if denials(text, lang):
        return True
    return None if rules.doubts.search(_plain(text)) else False


def denials(text: str, lang: str | None = None) -> int | None:
    """Return how many negations `text` holds; None where its language's negations are not known here."""
    rules = _LANGUAGES.get(lang or "")
    return None if rules is None else len(rules.cues.findall(rules.phrases.sub(" ", _plain(text))))


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")
