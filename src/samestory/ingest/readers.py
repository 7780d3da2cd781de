"""One reader per format: a document's bytes to the text and the facts of an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from samestory.ingest.decode import decode, html_charset, mend
from samestory.ingest.document import Document, UnfitError
from samestory.records import fold


class Page(NamedTuple):
    """What a document says. `text` begins with `title`, where the format names one (else it is None)."""

    text: str
    title: str | None
    date: str | None
    url: str | None
    source: str | None


# The names of trafilatura's JSON and of news-please's, the better one first.
_TITLE = ("title",)
_TEXT = ("text", "raw_text", "maintext")
_DATE = ("date", "date_publish")
_URL = ("url", "source")
_SOURCE = ("sitename", "source-hostname", "hostname", "source_domain", "source")
_WEB = re.compile(r"https?://", re.IGNORECASE)


def read(document: Document) -> Page:
    """Return what `document` says. Raises UnfitError where there is no text in it, or none that can be read."""
    return _READERS[document.kind](document)


def _read_text(document: Document) -> Page:
    return Page(mend(decode(document.data)), None, None, None, None)


def _read_html(document: Document) -> Page:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Extracted

    html = decode(document.data, document.charset or html_charset(document.data))
    found = bare_extraction(html, url=document.url, favor_recall=True, include_comments=False, with_metadata=True)
    if not isinstance(found, Extracted) or not found.text:
        raise UnfitError("no-text", "trafilatura finds no article on this page: give its text as .txt")
    return _page(found.title, found.text, found.date, found.url or document.url, found.sitename or found.hostname)


def _read_json(document: Document) -> Page:
    try:
        fields = msgspec.json.decode(decode(document.data))
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnfitError("broken-json", f"the line is no JSON ({error}): mend it or take it out") from error
    if not isinstance(fields, dict):
        raise UnfitError("broken-json", "the line is no JSON object: give title and text by name")
    text = _first(fields, _TEXT)
    if text is None:
        raise UnfitError("no-text", f"the object has no text under any of {', '.join(_TEXT)}: give it one")
    url = _first(fields, _URL)
    source = next((name for key in _SOURCE if (name := _first(fields, (key,))) and not _WEB.match(name)), None)
    return _page(_first(fields, _TITLE), text, _first(fields, _DATE), url if url and _WEB.match(url) else None, source)


_READERS = {"text": _read_text, "html": _read_html, "json": _read_json}


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """Return the first of the named fields that holds text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _page(title: str | None, body: str, day: str | None, url: str | None, source: str | None) -> Page:
    heading = fold(mend(title)) if title else ""
    text = mend(body).strip()
    return Page(f"{heading}\n\n{text}" if heading else text, heading or None, _iso(day), url, source)


def _iso(day: str | None) -> str | None:
    """Return the yyyy-mm-dd that `day` begins with; a date written otherwise is ambiguous and left out."""
    try:
        return date.fromisoformat((day or "")[:10]).isoformat()
    except ValueError:
        return None
