import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest

from samestory.report import report
from samestory.rows import Row

EVIL = '<script>alert("x")</script> & <b>bold</b> \'"> {{ signature }} {% raw %} http://example.org/a.png'
VOID = {"meta", "input", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """A page as a browser sees it: its elements, its text, and whether they are closed in order."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), tag
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(data for tag, data in self.texts if tag not in ("script", "style")).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def story(name: str, *languages: str, title: str = "Le bac circule") -> Row:
    members = [
        {"id": f"{name}-{lang}", "lang": lang, "title": f"{title} ({lang})", "date": None, "url": None}
        for lang in languages
    ]
    return {"story": name, "score": 0.8765, "languages": list(languages), "articles": members}


def pair(story: str, number: int, translation: dict[str, str], english: dict[str, str | None] | None = None) -> Row:
    name = "-".join(translation)
    source = {
        lang: {"article": f"{story}-{lang}", "sentences": [number], "start": number * 10, "end": number * 10 + 9}
        for lang in translation
    }
    return {
        "id": f"{name}/{story}{number}",
        "story": story,
        "translation": translation,
        "english": english or dict.fromkeys(translation),
        "score": 0.5 + number / 1000,
        "similarity": {"direct": 0.7, "english": None, "margin": 1.2},
        "relation": "partial",
        "flags": ["number-mismatch"] if number % 2 else [],
        "source": source,
    }


STORIES = [story("s-1", "fr", "id"), story("s-2", "en", "fr")]
PAIRS = [
    *(pair("s-1", i, {"fr": f"Phrase {i} du bac.", "id": f"Kalimat {i} feri."}) for i in range(5)),
    *(pair("s-2", i, {"en": f"Sentence {i}.", "fr": f"Phrase {i}."}, {"en": "Same.", "fr": "Gloss."}) for i in (7, 8)),
]
REJECTED = [{"stage": "ingest", "path": "a/b.txt", "reason": "too-short", "detail": "12 characters"}]


def page(stories: Sequence[Row] = STORIES, pairs: Sequence[Row] = PAIRS, rejected: Sequence[Row] = REJECTED) -> Page:
    return Page(report(stories, pairs, rejected, "direct:a|english:b"))


def test_every_pair_stands_on_the_page_once_under_its_story() -> None:
    whole = page()
    assert [attrs["id"] for attrs in whole.all("article")] == [row["id"] for row in PAIRS]
    for row in PAIRS:
        for text in row["translation"].values():
            assert [data for tag, data in whole.texts if data == text] == [text]
    assert whole.text.index("Kalimat 4 feri.") < whole.text.index("s-2") < whole.text.index("Sentence 7.")


def test_pair_tells_score_relation_flags_and_source() -> None:
    text = page(pairs=[PAIRS[3]]).text
    assert "0.503 partial number-mismatch Phrase 3 du bac. fr s-1-fr [30:39] Kalimat 3 feri. id s-1-id [30:39]" in text


def test_pairs_are_told_apart_by_the_script() -> None:
    (attrs,) = page(pairs=[PAIRS[5]]).all("article")
    assert (attrs["data-pair"], attrs["data-score"]) == ("en-fr", "0.507")


def test_every_combination_of_languages_can_be_chosen() -> None:
    assert [data for tag, data in page().texts if tag == "option"] == ["all", "en-fr", "fr-id"]


def test_english_stands_below_what_is_not_english() -> None:
    text = page(pairs=[PAIRS[5]]).text
    assert text.count("Gloss.") == 1
    assert "Same." not in text
    assert "None" not in text


def test_languages_are_marked_for_readers_and_screen_readers() -> None:
    whole = page(pairs=[PAIRS[5]])
    assert [attrs["lang"] for attrs in whole.all("div") if "lang" in attrs] == ["en", "fr", "en"]
    assert whole.all("html") == [{"lang": "en"}]


def test_page_counts_stories_and_pairs_and_quotes_the_signature() -> None:
    text = page().text
    assert "7 aligned pairs in 2 stories" in text
    assert "direct:a|english:b" in text
    assert "a/b.txt too-short 12 characters" in text


def hostile() -> bytes:
    row = pair("s-1", 1, {"fr": EVIL, "id": EVIL}, {"fr": EVIL, "id": None})
    refused = dict.fromkeys(("stage", "path", "reason", "detail"), EVIL)
    return report([story("s-1", "fr", "id", title=EVIL)], [row], [refused], EVIL)


def test_markup_in_the_material_is_text() -> None:
    plain, evil = page(STORIES[:1], PAIRS[1:2]), Page(hostile())
    assert [tag for tag, _ in evil.elements if tag != "div"] == [tag for tag, _ in plain.elements if tag != "div"]
    assert evil.text.count(" ".join(EVIL.split())) == 3 + 3 + 3 + 1  # titles, sentences, rejection, signature
    assert [data for tag, data in evil.texts if tag == "script"] == [
        data for tag, data in plain.texts if tag == "script"
    ]


@pytest.mark.parametrize("content", [report(STORIES, PAIRS, REJECTED, "sig"), hostile()])
def test_page_fetches_nothing(content: bytes) -> None:
    whole = Page(content)
    assert not {"link", "img", "iframe", "base", "object", "embed", "video", "audio"} & {t for t, _ in whole.elements}
    for _, attrs in whole.elements:
        assert not {"src", "href", "srcset", "action", "background", "style", "onclick", "onerror"} & set(attrs)
    code = " ".join(data for tag, data in whole.texts if tag in ("script", "style"))
    assert code
    assert not re.search(r"https?:|//|url\(|@import|fetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", code)


@pytest.mark.parametrize("stories", [[], STORIES])
@pytest.mark.parametrize("pairs", [[], PAIRS])
@pytest.mark.parametrize("rejected", [[], REJECTED])
def test_page_is_whole_with_nothing_to_show(stories: list[Row], pairs: list[Row], rejected: list[Row]) -> None:
    pairs = pairs if stories else []
    whole = page(stories, pairs, rejected)
    assert whole.open == []
    assert len(whole.all("section")) == len(stories)
    assert len(whole.all("article")) == len(pairs)
    assert len(whole.all("table")) == bool(rejected)
    assert ("No two articles report the same event." in whole.text) == (not stories)
    assert whole.text.count("No pairs:") == (len(stories) if not pairs else 0)


def test_page_is_utf_8_and_says_so() -> None:
    content = report([], [], [], "« 桥 »")
    assert content.startswith(b"<!doctype html>\n")
    assert Page(content).all("meta")[0] == {"charset": "utf-8"}
    assert "« 桥 »" in content.decode("utf-8")
