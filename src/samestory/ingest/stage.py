"""The stage itself: documents to articles."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator

from samestory.errors import UsageError
from samestory.ingest.document import MAX_TEXT, Document, UnfitError
from samestory.ingest.duplicates import without_duplicates
from samestory.ingest.furniture import blocks
from samestory.ingest.language import detect, identify, known
from samestory.ingest.readers import Page, read
from samestory.ingest.repetition import mark_boilerplate
from samestory.records import Article, Block, Refuse, fold, stable_id

MIN_BODY = 120
"""The fewest characters of body an article may have: about two sentences."""

_SAMPLE = 20_000  # characters that decide which function words to look for


def ingest(documents: Iterable[Document], refuse: Refuse, langs: Collection[str] | None = None) -> Iterator[Article]:
    """Yield an article, not yet split, for each of `documents` that is one, in their order.

    With `langs`, ISO 639 codes, articles in any other language are refused. What is refused goes to
    `refuse` with one of the reasons in the documentation. All articles are read before the first is
    yielded: copies and lines that a site repeats show only beside the others. Raises UsageError where
    one of `langs` is no language that can be told.
    """
    unknown = sorted(set(langs) - known()) if langs is not None else []
    if unknown:
        raise UsageError(f"no language {', '.join(unknown)} can be told: name languages by ISO 639-1 codes such as fr")
    articles = []
    for document in documents:
        try:
            articles.append(_article(document, langs))
        except UnfitError as error:
            refuse(error.at(document.path))
    for article in mark_boilerplate(without_duplicates(articles, refuse)):
        try:
            _check_length(article.blocks)
        except UnfitError as error:
            refuse(error.at(article.path))
        else:
            yield article


def _article(document: Document, langs: Collection[str] | None) -> Article:
    page = read(document)
    if len(page.text) > MAX_TEXT:
        raise UnfitError("too-large", f"its text is longer than {MAX_TEXT:,} characters: split it into articles")
    lines = blocks(page.text, titled=page.title is not None, lang=identify(page.text[:_SAMPLE])[0])
    _check_length(lines)
    lang = detect([page.text[line.start : line.end] for line in lines if line.role == "body"])
    if langs is not None and lang not in langs:
        raise UnfitError("language-not-wanted", f"it is in {lang}: add {lang} to the languages to keep it")
    return Article(
        id=f"a-{stable_id(page.text)}",
        lang=lang,
        title=page.title or _headline(page, lines),
        date=page.date,
        url=page.url,
        source=page.source,
        path=document.path,
        sha256=hashlib.sha256(document.data).hexdigest(),
        text=page.text,
        blocks=lines,
    )


def _headline(page: Page, lines: Iterable[Block]) -> str:
    return next((fold(page.text[line.start : line.end]) for line in lines if line.role == "title"), "")


def _check_length(lines: Iterable[Block]) -> None:
    body = sum(line.end - line.start for line in lines if line.role == "body")
    if body < MIN_BODY:
        detail = f"{body} characters of body, after furniture, are fewer than {MIN_BODY}: give the whole article"
        raise UnfitError("too-short", detail)
