"""Bytes to text: which encoding they are in, and the mending of text that was once read in the wrong one."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from samestory.ingest.document import UnfitError
from samestory.ingest.language import SURE, identify

_BOMS = (  # UTF-32 before UTF-16, whose little-endian BOM it begins with
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

LEGACY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        encoding: frozenset(languages.split())
        for encoding, languages in {
            "cp1252": "en fr de es pt it nl da sv no nn fi is ca gl eu id ms jv sw af ga oc sq lb tl",
            "cp1250": "pl cs sk hu sl hr bs ro",
            "iso8859_2": "pl cs sk hu sl hr bs ro",
            "cp1251": "ru uk be bg mk sr mn kk",
            "koi8_r": "ru",
            "cp1253": "el",
            "cp1254": "tr",
            "cp1255": "he",
            "cp1256": "ar fa ur",
            "cp1257": "lt lv et",
            "cp874": "th",
            "cp932": "ja",
            "euc_jp": "ja",
            "gb18030": "zh",
            "big5": "zh",
            "cp949": "ko",
        }.items()
    }
)
"""The encodings of the time before Unicode that are tried, and the languages each was used for."""

_SAMPLE = 20_000  # bytes that decide on an encoding
_MARGIN = 0.02  # by which the best reading must lead
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.005  # text has none; a picture or an archive has 5 % and more
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")


def decode(data: bytes, charset: str | None = None) -> str:
    """Return `data` as text: by its BOM, as UTF-8, in the declared `charset`, or in the encoding that fits.

    Raises UnfitError: "empty", "binary", or "undecodable" where no encoding gives text in a language
    that was ever written in it.
    """
    if not data.strip():
        raise UnfitError("empty", "there is no text in it: take the file away or fill it")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _bare_utf16(data)
    for candidate in (encoding, "utf-8", _codec(charset)):
        text = _strict(data, candidate) if candidate else None
        if text is not None:
            _check_text(text)
            return text
    _check_text(data[:_SAMPLE].decode("latin-1"))
    return _guess(data)


def html_charset(data: bytes) -> str | None:
    """Return the encoding an HTML page declares for itself in its first 4,096 bytes."""
    match = _META_CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else None


def mend(text: str) -> str:
    """Return `text` with mojibake undone, control characters gone, in NFC and with `\\n` as its line break.

    The repair is ftfy's, without its typography: quotes, ligatures and widths stay as they are written.
    Text without such faults comes back unchanged.
    """
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        normalization=None,
        explain=False,
    )
    return unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", ftfy.fix_text(text, config)))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: a codec that makes no text, such as rot13
        return None


def _check_text(text: str) -> None:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample):
        raise UnfitError("binary", "these bytes are no text: give the article as text, HTML, JSON lines or WARC")


def _codec(charset: str | None) -> str | None:
    """Return the codec for a declared charset; as on the web, Latin-1 and ASCII mean Windows-1252."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    return "cp1252" if name in {"iso8859-1", "ascii"} else name


def _bare_utf16(data: bytes) -> str | None:
    """Recognise UTF-16 without BOM: one byte of every pair is often zero, the other never."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) / 20 and even == 0:
        return "utf-16-le"
    if even > len(sample) / 20 and odd == 0:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    """Decode with the encoding whose text is clean and in a language that was written in that encoding.

    charset-normalizer says which encodings leave no mess. It cannot tell cp1252 from cp1250, in which
    Spanish and French look as clean; the language can. Two texts that are equally likely are refused.
    """
    from charset_normalizer import from_bytes

    scores: dict[str, float] = {}
    for match in from_bytes(data, cp_isolation=list(LEGACY)):
        language, probability = identify(str(match)[:_SAMPLE])
        for encoding in match.could_be_from_charset:
            text = _strict(data, encoding)
            if text is not None and language in LEGACY[encoding] and probability >= SURE:
                scores[text] = max(scores.get(text, 0.0), probability - match.chaos)
    ranking = sorted(scores, key=lambda text: -scores[text])
    if not ranking or (len(ranking) > 1 and scores[ranking[0]] - scores[ranking[1]] < _MARGIN):
        raise UnfitError("undecodable", "its encoding cannot be told with confidence: save it as UTF-8")
    return ranking[0]
