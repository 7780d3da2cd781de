"""Bytes to text, and fields to articles."""

from __future__ import annotations

import json
import struct
import unicodedata
import zipfile
from io import BytesIO

import pytest

from samestory.ingest.decode import decode, html_charset, mend
from samestory.ingest.document import Document, UnfitError
from samestory.ingest.readers import read

FRENCH = (
    "La mairie a décidé de fermer le pont près de l’église après l’été. Les élèves devront passer par la forêt, "
    "ce qui inquiète déjà les familles."
)
SPANISH = "El año pasado la montaña se cerró en otoño. Los niños tendrán que esperar hasta mañana, según el alcalde."
POLISH = "Rząd ogłosił w środę nowe przepisy, które mają pomóc przedsiębiorcom. Wójt Żak mówi, że to dobra wieść."
RUSSIAN = "Правительство утвердило новые правила. Они вступят в силу в начале следующего года, сообщил министр."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_french_in_any_encoding(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(SPANISH, "latin-1"), (SPANISH, "cp1252"), (POLISH, "cp1250"), (POLISH, "iso8859_2"), (RUSSIAN, "koi8_r")],
)
def test_the_language_tells_encodings_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_declared_charset_is_honoured_where_utf8_fails() -> None:
    data = "<p>Çok güzel bir gün, şimdi</p>".encode("iso8859-9")
    assert decode(data, "ISO-8859-9") == "<p>Çok güzel bir gün, şimdi</p>"
    assert decode("“so”".encode("cp1252"), "iso-8859-1") == "“so”"
    assert decode("déjà".encode(), "iso-8859-1") == "déjà"
    assert decode(FRENCH.encode("cp1252"), "no-such-charset") == FRENCH


def test_the_charset_of_a_page() -> None:
    assert html_charset(b'<meta charset="utf-8">') == "utf-8"
    assert html_charset(b'<META http-equiv=Content-Type content="text/html; charset=windows-1252">') == "windows-1252"
    assert html_charset(b"<p>charset=x</p>") is None


def _zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", " ".join(str(n * n) for n in range(500)))
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [_zip(), b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, struct.pack("<99i", *range(99)), b"text\0\0\0more"]
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(UnfitError) as error:
        decode(data)
    assert error.value.reason == "binary"


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n"])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises(UnfitError) as error:
        decode(data)
    assert error.value.reason == "empty"


def test_what_is_too_unsure_is_refused() -> None:
    with pytest.raises(UnfitError) as error:
        decode(bytes(range(0xA1, 0xFF)))
    assert error.value.reason == "undecodable"


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "« Déjà », dit-elle : “so”, ‘so’ — ﬁn… 3 500 €, １２３, &amp; <b>, №\tx\n\n  y  \n"
    assert mend(text) == text
    assert decode(text.encode()) == text


def test_mojibake_is_undone() -> None:
    assert mend("Lâ€™Ã©tÃ© dernier, Ã  NÃ®mes") == "L’été dernier, à Nîmes"


def test_forms_line_breaks_and_surrogates_are_made_one() -> None:
    assert mend(unicodedata.normalize("NFD", "Élève à Nîmes")) == "Élève à Nîmes"
    assert mend("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert mend("a\ud800b") == "a\ufffdb"


def test_trafilatura_json() -> None:
    fields = {
        "title": "A  title",
        "text": "One.\nTwo.",
        "raw_text": "no",
        "date": "2024-05-23",
        "source": "https://a.example.org/1",
        "source-hostname": "A Paper",
        "hostname": "a.example.org",
    }
    page = read(Document("a.jsonl#1", json.dumps(fields).encode(), "json"))
    assert page == ("A title\n\nOne.\nTwo.", "A title", "2024-05-23", "https://a.example.org/1", "A Paper")


def test_news_please_json() -> None:
    fields = {
        "title": None,
        "maintext": "One.",
        "date_publish": "2024-05-23 10:00:00",
        "url": "https://a.example.org/1",
        "source_domain": "a.example.org",
        "language": "fr",
    }
    page = read(Document("a.jsonl#1", json.dumps(fields).encode(), "json"))
    assert page == ("One.", None, "2024-05-23", "https://a.example.org/1", "a.example.org")


@pytest.mark.parametrize("day", ["23/05/2024", "2024-13-01", "", "2024"])
def test_a_date_that_is_not_iso_is_left_out(day: str) -> None:
    assert read(Document("a#1", json.dumps({"text": "x", "date": day}).encode(), "json")).date is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": ', "broken-json"),
        (b"[1]", "broken-json"),
        (b'{"title": "x"}', "no-text"),
        (b'{"text": 5}', "no-text"),
    ],
)
def test_a_bad_line_is_refused(line: bytes, reason: str) -> None:
    with pytest.raises(UnfitError) as error:
        read(Document("a.jsonl#3", line, "json"))
    assert error.value.reason == reason


def test_a_page_gives_its_article_and_facts() -> None:
    html = f"""<!doctype html><html><head><meta charset="windows-1252"><title>Le pont ferme | Le Journal</title>
    <meta property="og:title" content="Le pont ferme"><meta property="og:site_name" content="Le Journal">
    <meta property="article:published_time" content="2024-02-01T10:00:00+01:00">
    <link rel="canonical" href="https://journal.example.org/pont"></head><body><nav><a href="/">Accueil</a></nav>
    <article><h1>Le pont ferme</h1><p>{FRENCH}</p><p>{FRENCH.replace("mairie", "région")}</p></article></body></html>"""
    page = read(Document("a.html", html.encode("cp1252"), "html"))
    assert page.title == "Le pont ferme"
    assert page.text.startswith("Le pont ferme\n\n")
    assert FRENCH in page.text
    assert (page.date, page.url, page.source) == ("2024-02-01", "https://journal.example.org/pont", "Le Journal")


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(UnfitError) as error:
        read(Document("a.html", b"<html><body></body></html>", "html"))
    assert error.value.reason == "no-text"
