"""Every piece of evidence that two articles are one story, against what is reckoned by hand."""

from __future__ import annotations

from math import exp, log

import msgspec
import numpy as np
import pytest

from by_hand import AS_IT_IS, Line, axis, between, by_similarity, encoded, near
from samestory import scorer
from samestory.collection import Collection
from samestory.judge import _MATCH, AGAINST, STORY_FEATURES, SharedFacts
from samestory.neighbours import candidates
from samestory.records import Encoded
from samestory.scorer import Logistic, Trees
from samestory.stories import stories

SAYS = {"days apart": -2.0, "same language": -1.0}  # all else speaks for a story
WEIGHTS = Logistic(STORY_FEATURES, tuple(SAYS.get(name, 0.25 + n / 8) for n, name in enumerate(STORY_FEATURES)), -3.0)


def judge(*articles: Encoded, trees: Trees | None = None) -> SharedFacts:
    """The judge by whom two sentences are as likely one fact as they are similar."""
    return SharedFacts(Collection(articles), trees or by_similarity(), AS_IT_IS, WEIGHTS)


def evidence(a: Encoded, b: Encoded, *others: Encoded, trees: Trees | None = None) -> dict[str, float]:
    values = judge(a, b, *others, trees=trees).evidence(a, b)
    return dict(zip(STORY_FEATURES, values.tolist(), strict=True))


def event(name: str, lang: str, first: int, *texts: str) -> Encoded:
    """An article about what lies along axis `first` and those that follow."""
    return encoded(name, lang, *(Line(text, axis(first + n)) for n, text in enumerate(texts)))


def dated(made: Encoded, date: str | None) -> Encoded:
    return msgspec.structs.replace(made, article=msgspec.structs.replace(made.article, date=date))


ALPHA = event("a", "en", 1, "Fire at Sandvik", "Crews from Orsta came.", "It took 31 men.", "It cost 4,500 crowns.")
BETA = event("b", "fr", 1, "Incendie à Sandvik", "Ceux d’Orsta sont venus.", "Il a fallu 31 gens.", "Coût : 4 500.")
OTHER = event("c", "id", 8, "Banjir di Muara", "Warga Telaga pergi.", "Ada 77 rumah.", "Airnya 2 meter.")


# Sentences


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


def test_facts_nearest_of_all_are_matches_nearer_than_any_in_another_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samestory.judge._MATCH", 0.4)
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


@pytest.mark.parametrize(("cosine", "facts"), [(_MATCH - 0.05, 0.0), (_MATCH + 0.05, log(1 + _MATCH + 0.05))])
def test_what_is_not_likely_enough_is_no_fact_in_common(cosine: float, facts: float) -> None:
    a, b = encoded("a", "en", Line("x", axis(1))), encoded("b", "fr", Line("u", near(1, cosine, 2)))
    assert evidence(a, b)["facts in common"] == pytest.approx(facts, abs=1e-5)


def test_facts_are_counted_by_the_calibrated_probability() -> None:
    a, b = encoded("a", "en", Line("x", axis(1))), encoded("b", "fr", Line("u", near(1, 0.6, 2)))
    surer = msgspec.structs.replace(AS_IT_IS, offset=3.0)
    told = SharedFacts(Collection([a, b]), by_similarity(), surer, WEIGHTS).evidence(a, b)
    sure = 1 / (1 + exp(-log(0.6 / 0.4) - 3.0))
    assert told[0] == pytest.approx(log(1 + sure), abs=1e-5)


def test_sentences_that_contradict_are_no_fact_in_common_where_the_scorer_says_so() -> None:
    a, b = (
        encoded(name, lang, Line(text, axis(1))) for name, lang, text in (("a", "en", "5 men"), ("b", "fr", "7 gens"))
    )
    assert evidence(a, b)["facts in common"] > 0.6
    assert evidence(a, b, trees=by_similarity("number mismatch"))["facts in common"] == 0.0


def test_the_best_match_of_a_sentence_is_a_mean_over_both_articles() -> None:
    a = encoded("a", "en", Line("x", axis(1)), Line("y", axis(2)))
    b = encoded("b", "fr", Line("u", near(1, 0.8, 3)), Line("v", near(2, 0.6, 3)), Line("w", axis(9)))
    assert evidence(a, b)["best match of a sentence"] == pytest.approx(((0.8 + 0.6) / 2 + (0.8 + 0.6 + 0) / 3) / 2)


def test_two_sentences_are_not_merged_to_judge_a_story() -> None:
    a, b = encoded("a", "en", Line("x", between(1, 2))), encoded("b", "fr", Line("u", axis(1)), Line("v", axis(2)))
    assert evidence(a, b)["best match of a sentence"] == pytest.approx(0.5**0.5)


def test_titles_are_compared() -> None:
    a = encoded("a", "en", Line("t", axis(1), "title"), Line("x", axis(2)))
    b = encoded("b", "fr", Line("u", near(1, 0.6, 3), "title"), Line("y", axis(2)))
    assert evidence(a, b)["title similarity"] == pytest.approx(0.6)


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
    assert 0.0 < judge(a, b).score(a, b) < 1.0


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
    assert told.evidence(ALPHA, BETA) == pytest.approx(told.evidence(BETA, ALPHA))


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


# The judgement


def test_the_score_is_the_logistic_of_the_weighed_evidence() -> None:
    told = judge(ALPHA, BETA, OTHER)
    odds = float(told.evidence(ALPHA, BETA) @ np.array(WEIGHTS.weights)) + WEIGHTS.bias
    assert told.score(ALPHA, BETA) == pytest.approx(1 / (1 + exp(-odds)))


@pytest.mark.parametrize("other", [BETA, OTHER])
def test_the_reasons_name_every_value_and_add_up_to_the_log_odds(other: Encoded) -> None:
    a, b = dated(ALPHA, "2024-05-01"), dated(other, "2024-05-04")
    told = judge(a, b)
    reasons, score = told.reasons(a, b), told.score(a, b)
    assert tuple(reasons) == STORY_FEATURES
    assert [value for value, _ in reasons.values()] == pytest.approx(told.evidence(a, b), abs=0.0005)
    total = sum(adds for _, adds in reasons.values()) + WEIGHTS.bias
    assert total == pytest.approx(log(score / (1 - score)), abs=0.0005 * len(reasons))
    assert reasons["days apart"] == (0.1, -0.2)


def test_a_reason_that_says_nothing_adds_a_plain_zero() -> None:
    reasons = judge(ALPHA, BETA).reasons(ALPHA, BETA)
    assert str(reasons["days apart"]) == str(reasons["same language"]) == "(0.0, 0.0)"


def test_with_the_fitted_scorers_two_reports_of_one_event_are_likelier_one_story_than_of_two() -> None:
    fitted = scorer.load()
    told = SharedFacts(Collection([ALPHA, BETA, OTHER]), scorer.load_trees(), fitted.calibration, fitted.story)
    assert told.score(ALPHA, BETA) > 0.9
    assert told.score(ALPHA, OTHER) < 0.1
    assert [story.articles for story in stories([OTHER, BETA, ALPHA], told, candidates)] == [("a", "b")]


def test_in_the_fitted_scorer_what_can_only_speak_against_a_story_does() -> None:
    weights = dict(zip(STORY_FEATURES, scorer.load().story.weights, strict=True))
    assert all(weights[name] <= 0.0 for name in AGAINST)
    assert all(weight >= 0.0 for name, weight in weights.items() if name not in {*AGAINST, "same language"})


def test_scorers_fitted_on_other_evidence_are_refused() -> None:
    other = Logistic(("something",), (1.0,), 0.0)
    with pytest.raises(ValueError, match="fit it again"):
        SharedFacts(Collection([]), by_similarity(), AS_IT_IS, other)
    with pytest.raises(ValueError, match="fit them again"):
        SharedFacts(Collection([]), Trees("", ("something",)), AS_IT_IS, WEIGHTS)
