"""Whether a text denies something."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Rules(NamedTuple):
    """Patterns on lower-case text: what denies; what looks so and does not; what may stand for a denial elsewhere."""

    cues: re.Pattern[str]
    phrases: re.Pattern[str]
    doubts: re.Pattern[str]


def _rules(cues: str, phrases: str, doubts: str = r"(?!)") -> _Rules:
    return _Rules(re.compile(cues), re.compile(phrases), re.compile(doubts))


def _words(cues: str, phrases: str, doubts: str = r"(?!)") -> _Rules:
    return _rules(rf"\b(?:{cues})\b", rf"\b(?:{phrases})\b", rf"\b(?:{doubts})")


_NE = r"\bn(?:e |['’])"
_MALAY = _words(
    "tidak|tak|tidaklah|bukan|bukanlah|belum|tanpa|jangan|tiada|tidakkah|bukannya",
    r"(?:tidak|tak|bukan)(?:lah)? (?:hanya|cuma|saja|sekadar|sahaja|semata)|mau tidak mau|tidak lain|tak kurang"
    r"|tidak kurang|kalau tidak|jika tidak|atau tidak|tak ayal|tanpa henti|paling tidak|(?:tak|tidak) (?:lama|jauh|banyak)"
    r"|tak ter\w+|jangan lupa|tanpa (?:izin|sepengetahuan)",
    r"menolak|gagal|kurang|jarang|mustahil|mencegah|menghindari|(?:me|di)larang|kecuali|daripada|tak |tidak |tanpa |nir|non",
)
_LANGUAGES = {
    "en": _rules(
        r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n't\b",
        r"\bnot (?:only|just|merely|simply|least|to mention)\b|\bno doubt\b|\bnothing (?:but|short)\b|\bwhether or not\b"
        r"|\bno(?:\.|s\.)? ?\d|\bor not\b|\bno matter\b|\bno (?:less|fewer) than\b|\bif not\b|\bno wonder\b"
        r"|\b(?:do not|don't|not) forget\b",
        r"\b(?:refus|fail|lack|unlikely|den(?:y|ie)|hardly|barely|rarely|seldom|prevent|avoid|absen|prohibit|ban(?:ned)?\b|few"
        r"|rather|instead|impossib|non-|except|outside|un(?!it|i|der|t|l)\w{4}|in(?:visib|accura|capab|eff|adequ)|free of|not)",
    ),
    "fr": _rules(
        rf"\bet non\b|{_NE}(?:peu\w+|saurai\w+)\b(?! que)|\b(?:pas|jamais|aucune?|rien|ni|sans|nul|nulle|guère)\b|{_NE}(?:\w+ ){{1,3}}(?:plus|personne)\b|\bpersonne {_NE}",
        r"\bsans (?:doute|cesse)\b|\bnon seulement\b|\b(?:ne|n['’])\s?(?:\w+ ){1,2}pas (?:que|seulement|uniquement)\b"
        r"|\b(?:un|le|de|des|les|quelques|premiers?|au|grands?|\w+ à) pas\b|\bpas (?:seulement|uniquement|moins de)\b"
        r"|\bou pas\b|\bou non\b|\bn'oubliez pas\b|\bplus \w* ?que jamais\b"
        r"|\bpas (?:loin|si mal|mal de)\b",
        r"\b(?:refus|échou|manqu|ignor|rare|évit|empêch|absen|interdi|plutôt|lieu de|faute|sauf|hors|i[nm]\w+[ai]ble|in(?:util|capa"
        r"|connu|demn|disp)|non|peine|dépourvu|peu |peine|perdu|pas|sans|déni|dément)",
    ),
    "id": _MALAY,
    "ms": _MALAY,
    "de": _words(
        "nicht|kein|keine|keinen|keinem|keiner|keines|nie|niemals|niemand|niemanden|niemandem|nichts|ohne|weder|nirgends",
        r"nicht (?:nur|bloß|zuletzt|allein)|ob nicht|oder nicht|ohne zweifel|nicht weniger als",
        r"un(?!d|ter|s|i)\w{4}|weiger|verweiger|fehl|kaum|selten|verhinder|vermeid|verb[oi]t|anstatt|statt|außer|mangel|nicht|\w+los",
    ),
    "es": _words(
        "no|nunca|jamás|nadie|nada|ningún|ninguno|ninguna|sin|ni|tampoco",
        r"no (?:solo|sólo|solamente|únicamente|obstante)|sin (?:embargo|duda|lugar a dudas)|o no|nada más|ni siquiera|no (?:se )?olvid\w+|no menos de|no .{1,40} sino",
        r"no |sin |neg[aóó]|rechaz|falt|imposib|desconoc|raramente|evit|imped|prohib|in\w+ble|ausen|excepto|nul[ao]",
    ),
    "pt": _words(
        "não|nunca|jamais|ninguém|nada|nenhum|nenhuma|sem|nem|tampouco",
        r"não (?:só|apenas|somente|obstante)|sem (?:dúvida|dúvidas)|ou não",
    ),
    "it": _words(
        "non|mai|nessuno|nessuna|nessun|niente|nulla|senza|né|neanche|neppure",
        r"non (?:solo|soltanto|solamente)|senza (?:dubbio|altro)|più che mai|o (?:meno|no)",
    ),
    "nl": _words(
        "niet|geen|nooit|niemand|niets|zonder|noch|nergens",
        r"niet (?:alleen|slechts|enkel)|al dan niet|of niet|zonder twijfel",
    ),
    "zh": _rules(
        "没|沒|[并並绝]非|未[能曾被有予经經]|[从從并並尚仍还還]未|不[是会會能可要得必再应應准許许愿願想敢肯曾]|[无無][法人]",
        "不得不|不能不|不可(?:思议|避免|或缺)|[是会會能可]不[是会會能可]|没收|沒收|淹没|埋没|沉没|出没|不要忘|不是只|有没有",
        "[不没沒未无無非否莫勿]",
    ),
    "ar": _rules(
        r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|لسنا|بدون|دون|بلا)(?!\w)",
        r"(?<!\w)(?:ليس فقط|لا سيما|لا يزال|لا تزال|لا يزالون|لا بد|لا شك|دون شك)(?!\w)",
    ),
}  # fmt: skip


def negated(text: str, lang: str | None = None) -> bool | None:
    """Return whether `text` holds a negation; None where it may, or its language's negations are not known here."""
    rules = _LANGUAGES.get(lang or "")
    if rules is None:
        return None
    lowered = text.lower().replace("’", "'")
    if rules.cues.search(rules.phrases.sub(" ", lowered)):
        return True
    return None if rules.doubts.search(lowered) else False
