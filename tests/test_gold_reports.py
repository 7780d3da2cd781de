"""The gold of reports made by hand, one file a story: that on which models are fitted, in three parts, that which is
kept for the next fit, and that which measures.
"""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from alignment.gold import read_second

GOLD = Path(__file__).parent / "gold"
DEVELOPMENT = sorted((GOLD / "development").glob("*.json"))
FURTHER = sorted((GOLD / "further").glob("*.json"))
ENDS = sorted((GOLD / "ends").glob("*.json"))
RESERVE = sorted((GOLD / "reserve").glob("*.json"))
HELD_OUT = sorted((GOLD / "held_out").glob("*.json"))
# Where gold was changed on purpose: fit the scorers again, or measure again (held out), then update this.
DIGESTS = {
    "development": "eaf5b86705be48f3",
    "further": "a37c71c47c6453f7",
    "ends": "534a30bfc3ef539d",
    "reserve": "6c143e2478f1fc54",
    "held_out": "6cb5822947428661",
}


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    lang: str
    date: str
    event: str
    sentences: tuple[str, ...]


class Paired(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    a: str
    b: str
    beads: tuple[tuple[tuple[int, ...], tuple[int, ...], Literal["equivalent", "partial", "divergent"]], ...]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    story: str
    articles: tuple[Written, ...]
    pairs: tuple[Paired, ...]


OTHERS = {"ar", "de", "es", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh"}
PARTS = (DEVELOPMENT, FURTHER, ENDS, RESERVE, HELD_OUT)
FITTED, WENT_ON, ENDED, KEPT, MEASURED = (
    [msgspec.json.decode(path.read_bytes(), type=Told) for path in files] for files in PARTS
)
OF_FIVE, OF_THREE = [*FITTED, *MEASURED], [*WENT_ON, *ENDED, *KEPT]
TOLD = [*OF_FIVE, *OF_THREE]
each = pytest.mark.parametrize("told", TOLD, ids=lambda told: told.story)
each_of_five = pytest.mark.parametrize("told", OF_FIVE, ids=lambda told: told.story)


def reports(told: Told) -> list[Written]:
    """The reports of the event itself, in order of language and name."""
    own = [article for article in told.articles if article.event == told.story]
    return sorted(own, key=lambda article: (article.lang, article.name))


def fourth(told: Told) -> Written:
    """The report beside those in English, French and Indonesian."""
    (other,) = (article for article in reports(told) if article.name not in firsts(told))
    return other


def firsts(told: Told) -> set[str]:
    return {f"{told.story}-{lang}" for lang in ("en", "fr", "id")}


def beads(told: Told) -> Iterator[tuple[Written, Written, tuple[int, ...], tuple[int, ...]]]:
    named = {article.name: article for article in told.articles}
    return ((named[pair.a], named[pair.b], a, b) for pair in told.pairs for a, b, _ in pair.beads)


@pytest.mark.parametrize("files", PARTS, ids=lambda files: files[0].parent.name)
def test_the_gold_is_the_one_that_was_fitted_on_or_measured(files: list[Path]) -> None:
    content = b"".join(path.read_bytes() for path in files)
    assert hashlib.sha256(content).hexdigest()[:16] == DIGESTS[files[0].parent.name]


def test_there_are_544_stories_each_in_the_file_of_its_name_and_in_one_part() -> None:
    assert [len(files) for files in PARTS] == [92, 120, 80, 240, 12]
    assert [told.story for told in TOLD] == [path.stem for path in (*DEVELOPMENT, *HELD_OUT, *FURTHER, *ENDS, *RESERVE)]
    names = [article.name for told in TOLD for article in told.articles]
    assert len(names) == len(set(names))
    titles = [article.sentences[0] for told in TOLD for article in told.articles]
    assert len(titles) == len(set(titles))


@each_of_five
def test_a_story_has_four_reports_of_one_event_and_one_look_alike(told: Told) -> None:
    (other,) = (article for article in told.articles if article.event != told.story)
    assert other.name == other.event == f"{told.story}-other"
    assert other.lang in ("en", "fr", "id")
    assert len(reports(told)) == 4
    assert firsts(told) < {article.name for article in reports(told)}


@pytest.mark.parametrize("told", OF_THREE, ids=lambda told: told.story)
def test_a_story_of_further_ends_or_reserve_has_three_reports_and_nothing_else(told: Told) -> None:
    assert [article.name for article in told.articles] == [f"{told.story}-{lang}" for lang in ("en", "fr", "id")]
    assert {article.event for article in told.articles} == {told.story}


@each_of_five
def test_the_fourth_report_is_in_another_language_or_the_second_in_one_of_the_first_three(told: Told) -> None:
    lang = fourth(told).lang
    assert lang in OTHERS | {"en", "fr", "id"}
    assert fourth(told).name == f"{told.story}-{lang}{'' if lang in OTHERS else '2'}"


def test_an_article_is_in_the_language_its_name_tells() -> None:
    names = {article.name: article for told in TOLD for article in reports(told)}
    assert {name: article.lang for name, article in names.items()} == {
        name: name.rpartition("-")[2].removesuffix("2") for name in names
    }


def test_there_are_many_languages() -> None:
    counts = Counter(fourth(told).lang for told in OF_FIVE)
    assert set(counts) == OTHERS | {"en", "fr", "id"}
    assert [counts[lang] for lang in ("en", "fr", "id")] == [20, 25, 32]
    assert sum(counts[lang] for lang in OTHERS) == 27


@each
def test_an_article_has_a_date_and_folded_sentences_that_differ(told: Told) -> None:
    for article in told.articles:
        assert str(date.fromisoformat(article.date)) == article.date
        assert len(set(article.sentences)) == len(article.sentences) >= 8
        assert all(text and text == " ".join(text.split()) for text in article.sentences)


@each
def test_every_two_reports_of_the_event_in_different_languages_are_paired_languages_in_order(told: Told) -> None:
    wanted = [(a.name, b.name) for a, b in itertools.combinations(reports(told), 2) if a.lang != b.lang]
    assert len(wanted) == (3 if len(reports(told)) == 3 else 6 if fourth(told).lang in OTHERS else 5)
    assert sorted((pair.a, pair.b) for pair in told.pairs) == sorted(wanted)
    assert all(pair.beads for pair in told.pairs)


@each
def test_the_sides_of_a_bead_are_consecutive_sentences_of_the_articles(told: Told) -> None:
    for a, b, left, right in beads(told):
        for article, places in ((a, left), (b, right)):
            assert 1 <= len(places) <= 3
            assert places == tuple(range(places[0], places[-1] + 1))
            assert 0 <= places[0] <= places[-1] < len(article.sentences)


@each
def test_a_title_is_paired_with_nothing_but_a_title(told: Told) -> None:
    for _, _, left, right in beads(told):
        assert (0 in left) == (0 in right)
        assert 0 not in left or (left, right) == ((0,), (0,))


@each
def test_a_sentence_is_in_one_bead_of_two_articles_at_most_and_beads_are_in_order(told: Told) -> None:
    uses = Counter((a.name, b.name, side, n) for a, b, *both in beads(told) for side, at in enumerate(both) for n in at)
    assert set(uses.values()) == {1}
    for pair in told.pairs:
        starts = [left[0] for left, _, _ in pair.beads]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("stories", "counts"),
    [
        (FITTED, {"equivalent": 3227, "partial": 1312, "divergent": 766}),
        (WENT_ON, {"equivalent": 3434, "partial": 753, "divergent": 657}),
        (ENDED, {"equivalent": 2385, "partial": 628, "divergent": 491}),
        (KEPT, {"equivalent": 6928, "partial": 1648, "divergent": 1552}),
        (MEASURED, {"equivalent": 488, "partial": 152, "divergent": 109}),
    ],
)
def test_there_is_enough_of_every_relation(stories: list[Told], counts: dict[str, int]) -> None:
    assert Counter(relation for told in stories for pair in told.pairs for _, _, relation in pair.beads) == counts


@pytest.mark.parametrize(("name", "pairs"), [("sample", 13), ("held_out", 60)])
def test_a_second_reader_marked_the_same_articles(name: str, pairs: int) -> None:
    marked = read_second(GOLD / "second_reader" / f"{name}.json")
    lengths = {article.name: len(article.sentences) for told in MEASURED for article in told.articles}
    if name == "sample":
        told_of = msgspec.json.decode(b"[%s]" % b",".join((GOLD / "sentences.jsonl").read_bytes().splitlines()))
        lengths = {row["path"]: sum(role in ("title", "body") for role, _ in row["sentences"]) for row in told_of}
    else:
        assert marked.keys() == {(pair.a, pair.b) for told in MEASURED for pair in told.pairs}
    assert len(marked) == pairs
    for articles, own in marked.items():
        uses = Counter((side, n) for bead in own for side, at in enumerate(bead) for n in at)
        assert set(uses.values()) <= {1}
        assert all(n < lengths[articles[side]] for side, n in uses)
