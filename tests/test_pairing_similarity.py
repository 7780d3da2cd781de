"""The similarities that a pair tells of: direct, in English, and the margin over what is usual."""

from __future__ import annotations

import pytest

from by_hand import Line, apart, axis, between, encoded, near, vectors
from test_pairing import one_pair, pairs


def line(cosine: float, english: float | None = None) -> Line:
    """A sentence at those cosines to one on the axis 1, in English 7."""
    return Line("un", near(1, cosine, 2), english_vector=None if english is None else near(7, english, 8))


WITH_ENGLISH = Line("one", axis(1), english_vector=axis(7))


def test_without_english_the_similarity_in_english_is_null() -> None:
    similarity = one_pair("it burned", line(0.9)).similarity
    assert (similarity.direct, similarity.english) == (0.9, None)


@pytest.mark.parametrize("sides", [(WITH_ENGLISH, line(0.9)), (Line("one", axis(1)), line(0.9, 1.0))])
def test_with_english_on_one_side_only_it_is_null_too(sides: tuple[Line, Line]) -> None:
    assert one_pair(*sides).similarity.english is None


def test_with_english_on_both_sides_both_cosines_are_told() -> None:
    similarity = one_pair(WITH_ENGLISH, line(0.9, 0.8)).similarity
    assert (similarity.direct, similarity.english) == (0.9, 0.8)


def test_a_sentence_without_english_is_still_paired_by_the_original() -> None:
    a = encoded("a", "en", WITH_ENGLISH, Line("two", axis(2), english_vector=axis(8)))
    b = encoded("b", "fr", WITH_ENGLISH, Line("two", axis(2)))
    assert [pair.similarity.english for pair in pairs(a, b)] == [1.0, None]


def test_the_similarity_in_english_is_null_for_a_bead_of_which_a_sentence_has_none() -> None:
    a = encoded("a", "en", Line("one", between(1, 2), english_vector=axis(7)))
    b = encoded("b", "fr", Line("un", axis(1), english_vector=axis(7)), Line("on", axis(2)))
    (pair,) = pairs(a, b, min_score=0.95)
    assert (pair.sides[1].sentences, pair.similarity.english) == ((0, 1), None)


def test_no_similarity_is_minus_zero() -> None:
    assert str(one_pair(WITH_ENGLISH, line(1.0, -1e-4)).similarity.english) == "0.0"


def test_the_margin_is_similarity_over_the_mean_of_both_sides_neighbours() -> None:
    a, b = vectors("a", "en", axis(1)), apart("b", "fr", line(0.8), line(0.4))
    (pair,) = pairs(a, b)
    assert pair.similarity.margin == round(0.8 / ((0.6 + 0.8) / 2), 3)


def test_two_sentences_that_have_no_rivals_have_a_margin_of_one() -> None:
    assert one_pair("one", line(0.7)).similarity.margin == 1.0
    assert one_pair(WITH_ENGLISH, line(0.6, 0.9)).similarity.margin == 1.0


def test_the_margin_is_of_both_cosines_where_they_are_more() -> None:
    a, b = encoded("a", "en", WITH_ENGLISH), encoded("b", "fr", line(0.6, 0.95))
    other = encoded("c", "fr", line(0.2, 0.0))
    (pair,) = pairs(a, b, more=[other])
    whole = (0.6 + 0.886 * 0.95 - 0.022) / 2
    direct, english = ((0.6 + 0.2) / 2 + 0.6) / 2, ((0.95 + 0.0) / 2 + 0.95) / 2
    assert pair.similarity.margin == round(whole / ((direct + 0.886 * english - 0.022) / 2), 3)


def test_the_margin_stays_finite_where_nothing_is_usual() -> None:
    a, b = vectors("a", "en", axis(1)), apart("b", "fr", line(0.3), line(-0.3), line(-0.4), line(-0.2))
    (pair,) = pairs(a, b, min_score=0.25)
    assert pair.similarity.margin == round(0.3 / ((-0.15 + 0.3) / 2), 3)
    nearer = apart("b", "fr", line(0.3), line(-0.9), line(-0.9), line(-0.9))
    (pair,) = pairs(a, nearer, min_score=0.25)
    assert pair.similarity.margin == round(0.3 / 0.05, 3)
