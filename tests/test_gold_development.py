"""The development gold, on which scorers are fitted: one file a story, made by hand."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import pytest

FILES = sorted((Path(__file__).parent / "gold" / "development").glob("*.json"))
DIGEST = "66498b1576950738"  # where the gold was changed on purpose: fit the scorers again, then update this line


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


TOLD = [msgspec.json.decode(path.read_bytes(), type=Told) for path in FILES]
each = pytest.mark.parametrize("told", TOLD, ids=lambda told: told.story)


def beads(told: Told) -> Iterator[tuple[Written, Written, tuple[int, ...], tuple[int, ...]]]:
    named = {article.name: article for article in told.articles}
    return ((named[pair.a], named[pair.b], a, b) for pair in told.pairs for a, b, _ in pair.beads)


def test_the_gold_is_the_one_the_scorers_were_fitted_on() -> None:
    assert hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()[:16] == DIGEST


def test_there_are_twelve_stories_each_in_the_file_of_its_name() -> None:
    assert len(FILES) == 12
    assert [told.story for told in TOLD] == [path.stem for path in FILES]
    names = [article.name for told in TOLD for article in told.articles]
    assert len(names) == len(set(names))


@each
def test_a_story_has_four_reports_of_one_event_in_four_languages_and_one_look_alike(told: Told) -> None:
    reports = [article for article in told.articles if article.event == told.story]
    (other,) = (article for article in told.articles if article.event != told.story)
    assert other.event == f"{told.story}-other"
    assert len({article.lang for article in reports}) == len(reports) == 4
    assert {"en", "fr", "id"} < {article.lang for article in reports}


@each
def test_an_article_has_a_date_and_folded_sentences_that_differ(told: Told) -> None:
    for article in told.articles:
        assert str(date.fromisoformat(article.date)) == article.date
        assert len(set(article.sentences)) == len(article.sentences) >= 8
        assert all(text and text == " ".join(text.split()) for text in article.sentences)


@each
def test_every_two_reports_of_the_event_are_paired_languages_in_order(told: Told) -> None:
    reports = sorted((article.lang, article.name) for article in told.articles if article.event == told.story)
    wanted = [(a, b) for (_, a), (_, b) in itertools.combinations(reports, 2)]
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


def test_there_is_enough_of_every_relation() -> None:
    relations = Counter(relation for told in TOLD for pair in told.pairs for _, _, relation in pair.beads)
    assert relations == {"equivalent": 384, "partial": 165, "divergent": 86}
