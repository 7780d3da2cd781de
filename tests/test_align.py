"""The stage: which articles are aligned with which, and how far it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from by_hand import article, axis, scattered, vectors
from samestory.align import FindPairs, align
from samestory.records import Encoded, Pair, Side, Similarity, Story


class Noted:
    """An aligner that notes what it is asked for, and pairs the first sentences."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.members: list[tuple[str, list[str]]] = []

    def among(self, story: str, articles: Sequence[Encoded]) -> FindPairs:
        self.members.append((story, [encoded.article.id for encoded in articles]))

        def pairs(a: Encoded, b: Encoded) -> Iterator[Pair]:
            self.asked.append((story, a.article.id, b.article.id))
            languages = (a.article.lang, b.article.lang)
            sides = (Side(a.article.id, (0,)), Side(b.article.id, (0,)))
            yield Pair(story, languages, sides, 1.0, Similarity(1.0, None, 1.0), "equivalent")

        return pairs


def story(name: str, *articles: str) -> Story:
    return Story(name, articles, (), 1.0)


def some(langs: dict[str, str]) -> dict[str, Encoded]:
    return {name: vectors(name, lang, axis(1)) for name, lang in langs.items()}


def asked(langs: dict[str, str], *stories: Story) -> list[tuple[str, str, str]]:
    aligner = Noted()
    list(align(stories, some(langs), aligner))
    return aligner.asked


def test_every_two_articles_of_a_story_in_different_languages_are_aligned_in_order_of_language() -> None:
    langs = {"1": "id", "2": "fr", "3": "en", "4": "fr"}
    assert asked(langs, story("s", "1", "2", "3", "4")) == [
        ("s", "3", "2"),
        ("s", "3", "4"),
        ("s", "3", "1"),
        ("s", "2", "1"),
        ("s", "4", "1"),
    ]


def test_the_order_of_articles_in_a_story_does_not_matter() -> None:
    langs = {"1": "id", "2": "fr", "3": "en"}
    every = [asked(langs, story("s", *order)) for order in itertools.permutations(langs)]
    assert len(every[0]) == 3
    assert all(one == every[0] for one in every)


def test_all_articles_of_a_story_are_told_of_by_language() -> None:
    langs = {"1": "id", "2": "fr", "3": "en", "4": "fr", "5": "en", "6": "fr"}
    aligner = Noted()
    list(align([story("s", "4", "1", "2", "3"), story("t", "6", "5")], some(langs), aligner))
    assert aligner.members == [("s", ["3", "2", "4", "1"]), ("t", ["5", "6"])]


def test_articles_of_different_stories_are_not_aligned() -> None:
    langs = {"1": "en", "2": "fr", "3": "en", "4": "fr"}
    assert asked(langs, story("s", "1", "2"), story("t", "3", "4")) == [("s", "1", "2"), ("t", "3", "4")]


def test_articles_in_one_language_only_are_not_aligned() -> None:
    assert asked({"1": "en", "2": "en"}, story("s", "1", "2")) == []


def test_no_stories_no_pairs() -> None:
    assert list(align([], {}, Noted())) == []


def test_pairs_come_in_the_order_of_the_stories() -> None:
    articles = some({"1": "en", "2": "fr", "3": "id"})
    found = list(align([story("t", "2", "3"), story("s", "1", "2", "3")], articles, Noted()))
    assert [(pair.story, pair.languages) for pair in found] == [
        ("t", ("fr", "id")),
        ("s", ("en", "fr")),
        ("s", ("en", "id")),
        ("s", ("fr", "id")),
    ]


def test_progress_counts_the_pairs_of_articles() -> None:
    told: list[tuple[int, int]] = []
    articles = some({"1": "en", "2": "fr", "3": "id", "4": "fr"})
    stories = [story("s", "1", "2", "3"), story("t", "2", "4"), story("u", "1", "4")]
    list(align(stories, articles, Noted(), lambda done, total: told.append((done, total))))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_to_do_is_no_progress() -> None:
    told: list[tuple[int, int]] = []
    list(align([story("s", "1")], some({"1": "en"}), Noted(), lambda done, total: told.append((done, total))))
    assert told == []


def test_articles_made_by_hand_fold_to_their_sentences() -> None:
    made = article("a", "en", ["so it was", "then"])
    assert [" ".join(made.text[s.start : s.end].split()) for s in made.sentences] == ["so it was", "then"]
    assert all(abs(float(row @ row) - 1) < 1e-5 for row in scattered("a", "en", 1).direct)
