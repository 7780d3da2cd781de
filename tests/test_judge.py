"""What names, numbers, dates and languages say of two articles being one story, against what is reckoned by hand."""

from __future__ import annotations

import pytest

from by_hand import Line, axis, by_similarity, encoded, near
from samestory import scorer
from samestory.collection import Collection
from samestory.judge import AGAINST, EITHER, STORY_FEATURES, SharedFacts
from samestory.neighbours import candidates
from samestory.scorer import Trees
from samestory.stories import stories
from stories_by_hand import ALPHA, BETA, OTHER, STEPS, dated, event, evidence, judge

# Names and numbers


@pytest.mark.parametrize(
    ("feature", "one", "other"),
    [
        ("share of names", "fire in Sandvik and Orsta", "feu à Sandvik, Telaga et Muara"),
        ("share of numbers", "with 31 men and 77 boats", "avec 31 hommes, 12 femmes et 19 bateaux"),
    ],
)
def test_a_share_is_that_of_the_side_with_fewer_by_how_rare_each_term_is(feature: str, one: str, other: str) -> None:
    a, b = event("a", "en", 1, one, "it went on"), event("b", "fr", 1, other, "rien de plus")
    # of 4 sentences 2 have the shared term and 1 the other: (log 2)² of (log 2)² + (log 4)²
    assert evidence(a, b)[feature] == evidence(b, a)[feature] == pytest.approx(1 / (1 + 4))


def test_all_or_nothing_in_common_is_one_or_zero() -> None:
    assert evidence(ALPHA, BETA, OTHER)["share of numbers"] == pytest.approx(1.0)
    different = evidence(ALPHA, OTHER, BETA)
    assert different["share of numbers"] == different["share of names"] == 0.0


def test_articles_of_one_sentence_without_names_or_numbers_can_be_judged() -> None:
    a, b = encoded("a", "en", Line("so it was", axis(1))), encoded("b", "fr", Line("ainsi", axis(1)))
    told = evidence(a, b)
    assert told["share of names"] == told["share of numbers"] == 0.0
    (score,) = judge(a, b).scores([(a, b)])
    assert 0.0 < score < 1.0


# Contradictions


def disputed(one: list[tuple[str, float]], other: list[str]) -> float:
    """The share of matches that contradict, where sentence n of either article is about axis n, that similar."""
    a = encoded("a", "en", *(Line(text, near(n, cosine, 15)) for n, (text, cosine) in enumerate(one)))
    b = encoded("b", "fr", *(Line(text, axis(n)) for n, text in enumerate(other)))
    assert evidence(a, b) == pytest.approx(evidence(b, a))
    return evidence(a, b)["share of matches that contradict"]


def test_one_match_of_two_with_another_number_is_half() -> None:
    assert disputed([("with 31 men", 1.0), ("with 5 boats", 1.0)], ["avec 31 hommes", "avec 7 bateaux"]) == 0.5


def test_a_match_with_another_name_contradicts() -> None:
    assert disputed([("a fire in Sandvik", 1.0)], ["un feu à Telaga"]) == 1.0


def test_a_match_that_is_denied_does_not_count_for_wording_differs() -> None:
    assert disputed([("it is not over", 1.0)], ["tout est fini"]) == 0.0


def test_matches_that_are_not_close_are_not_asked_whether_they_contradict() -> None:
    one = [("with 31 men", 1.0), ("it burned", 1.0), ("with 5 boats", 0.5)]
    assert disputed(one, ["avec 31 hommes", "il a brûlé", "avec 7 bateaux"]) == 0.0


def test_a_judgement_is_the_same_from_either_side() -> None:
    told = judge(ALPHA, BETA, OTHER)
    assert told.evidence([(ALPHA, BETA)]) == pytest.approx(told.evidence([(BETA, ALPHA)]))


def test_what_is_close_is_the_same_from_either_side() -> None:
    a = encoded("a", "en", Line("x", axis(1)), Line("with 5 boats", axis(2)))
    echoes = [Line("u", axis(1)), Line("v", near(1, 0.5, 3)), Line("w", near(1, 0.5, 4))]
    b = encoded("b", "fr", *echoes, Line("avec 7 bateaux", near(2, 0.6, 5)))
    # best matches of a: 1 and 0.6; of b: 1, 0.5, 0.5 and 0.6; half of all six reach 0.6
    assert evidence(a, b) == pytest.approx(evidence(b, a))
    assert evidence(a, b)["share of matches that contradict"] == 0.5


# Dates and languages


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        ("2024-05-01", "2024-05-01", 0),
        ("2024-05-01", "2024-05-04", 3),
        ("2024-02-28", "2024-03-01", 2),
        ("2024-05-01T23:30:00+02:00", "2024-05-02", 1),
        ("2024-05-01", "2024-05-31", 30),
        ("2024-05-01", "2024-08-01", 30),  # long ago is long ago
        ("1999-01-01", "2024-05-01", 30),
        ("2024-05-01", None, 0),
        (None, None, 0),
        ("2024-05-01", "", 0),
        ("2024-05-01", "yesterday", 0),
        ("2024-05-01", "2024-13-45", 0),
        ("2024-05", "2024-07", 0),
    ],
)
def test_days_apart_are_a_share_of_thirty_and_none_where_a_date_is_not_known(
    one: str | None, other: str | None, days: int
) -> None:
    for dates in ((one, other), (other, one)):
        a, b = dated(ALPHA, dates[0]), dated(BETA, dates[1])
        assert evidence(a, b)["days apart"] == pytest.approx(days / 30)


def test_the_same_language_is_told() -> None:
    twin = event("d", "en", 1, "Fire at Sandvik", "Crews from Orsta came.")
    assert evidence(ALPHA, twin)["same language"] == 1.0
    assert evidence(ALPHA, BETA)["same language"] == 0.0


def test_english_on_one_side_only_does_not_matter() -> None:
    plain = encoded("b", "fr", Line("un", near(1, 0.8, 2)))
    translated = encoded("b", "fr", Line("un", near(1, 0.8, 2), english_vector=axis(9)))
    other = encoded("a", "en", Line("one", axis(1)))
    assert evidence(other, plain) == evidence(other, translated)


# The scorers


def test_with_the_fitted_scorers_two_reports_of_one_event_are_likelier_one_story_than_of_two() -> None:
    told = SharedFacts(Collection([ALPHA, BETA, OTHER]), scorer.load_trees(), scorer.load_story_trees())
    one, two = told.scores([(ALPHA, BETA), (ALPHA, OTHER)])
    assert one > 0.9
    assert two < 0.1
    assert [story.articles for story in stories([OTHER, BETA, ALPHA], told, candidates)] == [("a", "b")]


def test_what_speaks_one_way_and_what_may_speak_either_way_are_features_and_not_the_same() -> None:
    assert set(STORY_FEATURES) >= AGAINST | EITHER
    assert not AGAINST & EITHER


def test_scorers_fitted_on_other_evidence_are_refused() -> None:
    other = Trees("", ("something",))
    for trees, story in ((by_similarity(), other), (other, STEPS)):
        with pytest.raises(ValueError, match="fit them again"):
            SharedFacts(Collection([]), trees, story)
