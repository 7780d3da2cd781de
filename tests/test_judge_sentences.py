"""What the sentences of two articles say of their being one story, against what is reckoned by hand."""

from __future__ import annotations

from math import log

import pytest

from by_hand import Line, axis, between, by_similarity, encoded, near
from samestory.records import Encoded, Role
from stories_by_hand import evidence

# Facts in common


def test_facts_in_common_are_the_matches_that_choose_each_other() -> None:
    a = encoded("a", "en", Line("x", axis(1)), Line("y", axis(2)), Line("z", axis(3)))
    b = encoded(
        "b", "fr", Line("u", axis(1)), Line("v", near(1, 0.9, 4)), Line("w", near(2, 0.95, 5)), Line("t", axis(6))
    )
    for told in (evidence(a, b), evidence(b, a)):
        assert told["facts in common"] == pytest.approx(log(1 + 1.0 + 0.95), abs=1e-5)
        assert told["share of the shorter article"] == pytest.approx(1.95 / 3, abs=1e-5)


def nearest(b: Encoded, *others: Encoded) -> dict[str, float]:
    """What is told of an article of two sentences, about axes 1 and 2, and `b`."""
    return evidence(encoded("a", "en", Line("x", axis(1)), Line("y", axis(2))), b, *others)


def test_facts_nearest_of_all_are_matches_nearer_than_any_in_another_article() -> None:
    b = encoded("b", "fr", Line("u", near(1, 0.5, 3)), Line("v", near(2, 0.6, 4)), Line("w", axis(5)))
    alone = nearest(b)
    assert alone["facts nearest of all"] == pytest.approx(log(1 + 0.5 + 0.6), abs=1e-5)
    assert alone["share of these"] == pytest.approx(1.1 / 2, abs=1e-5)
    beaten = nearest(b, encoded("c", "fr", Line("t", near(1, 0.7, 6))))  # the first sentence fits it better
    assert beaten["facts nearest of all"] == pytest.approx(log(1 + 0.6), abs=1e-5)
    assert beaten["share of these"] == pytest.approx(0.6 / 2, abs=1e-5)


def test_an_article_in_a_third_language_takes_no_fact_that_is_nearest_of_all() -> None:
    b = encoded("b", "fr", Line("u", near(1, 0.5, 3)), Line("v", near(2, 0.6, 4)))
    assert nearest(b, encoded("c", "id", Line("t", axis(1)))) == pytest.approx(nearest(b))


@pytest.mark.parametrize(("cosine", "likely"), [(0.25, 0.0), (0.29, 0.0), (0.31, 0.31), (0.35, 0.35)])
def test_what_is_not_likely_enough_is_no_fact_in_common(cosine: float, likely: float) -> None:
    a, b = encoded("a", "en", Line("x", axis(1))), encoded("b", "fr", Line("u", near(1, cosine, 2)))
    told = evidence(a, b)
    assert told["facts in common"] == told["facts nearest of all"] == pytest.approx(log(1 + likely), abs=1e-5)
    assert told["share of the shorter article"] == told["share of these"] == pytest.approx(likely, abs=1e-5)


def test_sentences_that_contradict_are_no_fact_in_common_where_the_scorer_says_so() -> None:
    a, b = (
        encoded(name, lang, Line(text, axis(1))) for name, lang, text in (("a", "en", "5 men"), ("b", "fr", "7 gens"))
    )
    assert evidence(a, b)["facts in common"] > 0.6
    assert evidence(a, b, trees=by_similarity("number mismatch"))["facts in common"] == 0.0


# The surest facts and the closest matches


def facing(*cosines: float) -> tuple[Encoded, Encoded]:
    """Two articles of which sentence n is that similar to sentence n of the other and to no other sentence."""
    a = encoded("a", "en", *(Line(f"x {chr(97 + n)}", axis(n)) for n in range(len(cosines))))
    lines = [Line(f"u {chr(97 + n)}", near(n, cosine, 8 + n)) for n, cosine in enumerate(cosines)]
    return a, encoded("b", "fr", *lines)


RANKED = ("surest fact", "second fact", "third fact")
CLOSEST = ("closest match", "second match")


def ranked(told: dict[str, float], names: tuple[str, ...]) -> list[float]:
    return [told[name] for name in names]


@pytest.mark.parametrize(
    ("cosines", "surest"),
    [
        ((0.5, 0.9, 0.3, 0.7), [0.9, 0.7, 0.5]),
        ((0.6, 0.6, 0.6, 0.6), [0.6, 0.6, 0.6]),
        ((0.4, 0.8), [0.8, 0.4, 0.0]),
        ((0.7,), [0.7, 0.0, 0.0]),
        ((0.2, 0.1), [0.2, 0.1, 0.0]),  # however unlikely: these are no facts in common
        ((0.0,), [0.0, 0.0, 0.0]),
    ],
)
def test_the_three_surest_facts_are_told_and_none_where_there_are_fewer(
    cosines: tuple[float, ...], surest: list[float]
) -> None:
    a, b = facing(*cosines)
    for told in (evidence(a, b), evidence(b, a)):
        assert ranked(told, RANKED) == pytest.approx(surest, abs=1e-5)


@pytest.mark.parametrize(
    ("cosines", "closest"),
    [((0.504, 0.903, 0.702), [0.903, 0.702]), ((0.604, 0.604), [0.604, 0.604]), ((0.713,), [0.713, 0.0])],
)
def test_the_two_closest_matches_are_told_by_similarity(cosines: tuple[float, ...], closest: list[float]) -> None:
    a, b = facing(*cosines)  # the likelihood of a fact has two decimals here: similarity has all
    for told in (evidence(a, b), evidence(b, a)):
        assert ranked(told, CLOSEST) == pytest.approx(closest, abs=1e-5)


def test_a_match_is_close_though_the_scorer_says_that_it_is_no_fact() -> None:
    a, b = (
        encoded(name, lang, Line(text, axis(1))) for name, lang, text in (("a", "en", "5 men"), ("b", "fr", "7 gens"))
    )
    told = evidence(a, b, trees=by_similarity("number mismatch"))
    assert ranked(told, RANKED) == [0.0, 0.0, 0.0]
    assert ranked(told, CLOSEST) == pytest.approx([1.0, 0.0])
    assert told["odds of the facts"] == 0.0


@pytest.mark.parametrize(
    ("cosines", "odds"),
    [
        ((0.9,), log(9)),
        ((0.9, 0.6), log(9) + log(1.5)),
        ((0.9, 0.8, 0.75), log(9) + log(4) + log(3)),
        ((0.9, 0.5), log(9)),
        ((0.9, 0.4, 0.1, 0.0), log(9)),  # what is likelier not a fact takes nothing away
        ((0.4, 0.3), 0.0),
        ((1.0,), log(999)),  # the surest there can be
        ((1.0, 1.0), 2 * log(999)),
    ],
)
def test_the_odds_of_the_facts_are_those_of_what_is_likelier_than_not(cosines: tuple[float, ...], odds: float) -> None:
    a, b = facing(*cosines)
    for told in (evidence(a, b), evidence(b, a)):
        assert told["odds of the facts"] == pytest.approx(odds, abs=1e-4)


def test_only_what_is_nearest_of_all_is_among_the_surest_facts_the_closest_matches_and_the_odds() -> None:
    a, b = facing(0.6, 0.8, 0.7)
    nearer = encoded("c", "fr", Line("t", near(1, 0.9, 15)))  # to the second sentence of a
    told = evidence(a, b, nearer)
    assert ranked(told, RANKED) == pytest.approx([0.7, 0.6, 0.0], abs=1e-5)
    assert ranked(told, CLOSEST) == pytest.approx([0.7, 0.6], abs=1e-5)
    assert told["odds of the facts"] == pytest.approx(log(7 / 3) + log(1.5), abs=1e-4)
    assert told["facts in common"] == pytest.approx(log(1 + 0.6 + 0.8 + 0.7), abs=1e-5)


# The articles on the whole


def test_the_best_match_of_a_sentence_is_a_mean_over_both_articles() -> None:
    a = encoded("a", "en", Line("x", axis(1)), Line("y", axis(2)))
    b = encoded("b", "fr", Line("u", near(1, 0.8, 3)), Line("v", near(2, 0.6, 3)), Line("w", axis(9)))
    assert evidence(a, b)["best match of a sentence"] == pytest.approx(((0.8 + 0.6) / 2 + (0.8 + 0.6 + 0) / 3) / 2)


def test_two_sentences_are_not_merged_to_judge_a_story() -> None:
    a, b = encoded("a", "en", Line("x", between(1, 2))), encoded("b", "fr", Line("u", axis(1)), Line("v", axis(2)))
    assert evidence(a, b)["best match of a sentence"] == pytest.approx(0.5**0.5)


@pytest.mark.parametrize(
    ("one", "other", "similarity"),
    [("title", "title", 0.6), ("title", "body", 0.0), ("body", "title", 0.0), ("body", "body", 0.0)],
)
def test_first_sentences_are_compared_where_both_are_titles(one: Role, other: Role, similarity: float) -> None:
    a = encoded("a", "en", Line("t", axis(1), one), Line("x", axis(2)))
    b = encoded("b", "fr", Line("u", near(1, 0.6, 3), other), Line("y", axis(2)))
    assert evidence(a, b)["title similarity"] == pytest.approx(similarity)


@pytest.mark.parametrize(("one", "other", "shorter"), [(1, 1, 1), (1, 4, 1), (4, 1, 1), (3, 5, 3), (6, 2, 2)])
def test_the_length_of_the_shorter_article_is_told_as_a_logarithm(one: int, other: int, shorter: int) -> None:
    a, b = (
        encoded(name, lang, *(Line(f"x {chr(97 + n)}", axis(n)) for n in range(length)))
        for name, lang, length in (("a", "en", one), ("b", "fr", other))
    )
    assert evidence(a, b)["length of the shorter article"] == pytest.approx(log(shorter))
