"""Alignment in any order: which beads are chosen together, where they end, and what they score."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from by_hand import (
    AS_IT_IS,
    Line,
    Told,
    apart,
    axis,
    bare,
    between,
    by_similarity,
    encoded,
    mixed,
    near,
    scattered,
    vectors,
)
from free_by_hand import Shape, found, shapes
from samestory.align import Bead
from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import FEATURES
from samestory.free import Found, FreeOrder, Values, in_order
from samestory.judge import STORY_FEATURES
from samestory.looks import FirstLook, Settled
from samestory.records import Encoded, Matrix, Role
from samestory.scorer import Calibration, Trees
from samestory.spans import Spans, all_spans


def beads(a: Encoded, b: Encoded, min_score: float = 0.5) -> list[Shape]:
    return shapes(found(a, b, min_score).beads)


def test_two_articles_of_one_sentence_make_one_bead() -> None:
    ((left, right, score, equivalent),) = found(vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.8, 2))).beads
    assert (left, right, equivalent) == (range(1), range(1), None)
    assert score == pytest.approx(0.8, abs=1e-6)


def test_sentences_that_are_not_alike_make_no_bead() -> None:
    assert found(vectors("a", "en", axis(1)), vectors("b", "fr", axis(2))) == Found([], [], [])


def test_alignment_is_free_of_order() -> None:
    a = vectors("a", "en", axis(1), axis(2), axis(3), axis(4))
    b = vectors("b", "fr", axis(4), axis(2), axis(9), axis(1), axis(3))
    assert beads(a, b) == [((0,), (3,)), ((1,), (1,)), ((2,), (4,)), ((3,), (0,))]


def test_a_sentence_that_says_what_two_say_is_aligned_with_both() -> None:
    one, two = vectors("a", "en", axis(5), between(1, 2)), vectors("b", "fr", axis(1), axis(2))
    assert beads(one, two) == [((1,), (0, 1))]
    assert beads(two, one) == [((0, 1), (1,))]


def test_a_sentence_that_says_what_three_say_is_aligned_with_all() -> None:
    one, three = vectors("a", "en", between(1, 2, 3)), vectors("b", "fr", axis(1), axis(2), axis(3))
    assert beads(one, three) == [((0,), (0, 1, 2))]
    assert beads(three, one) == [((0, 1, 2), (0,))]


def test_no_bead_has_four_sentences_on_a_side() -> None:
    one, four = vectors("a", "en", between(1, 2, 3, 4)), vectors("b", "fr", axis(1), axis(2), axis(3), axis(4))
    assert max(len(side) for _, side in beads(one, four)) == 3


def test_two_sentences_that_say_the_same_as_two_make_two_beads() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1), axis(2))
    assert beads(a, b) == [((0,), (0,)), ((1,), (1,))]


def test_two_sentences_that_say_only_together_what_two_others_say_make_one_bead() -> None:
    a = vectors("a", "en", between(1, 2), between(3, 4))
    b = vectors("b", "fr", between(1, 3), between(2, 4))
    assert beads(a, b) == [((0, 1), (0, 1))]


@pytest.mark.parametrize(("cosine", "chosen"), [(1.0, (0,)), (0.95, (0,)), (0.9, (0, 1))])
def test_a_bead_is_worth_what_it_is_likely_and_no_more_for_being_long(cosine: float, chosen: tuple[int, ...]) -> None:
    a, b = vectors("a", "en", near(1, cosine, 2)), vectors("b", "fr", axis(1), axis(2))
    # the long one is likely by 0.71 at 1, 0.89 at 0.95 and 0.94 at 0.9
    assert beads(a, b) == [((0,), chosen)]


def test_beads_are_chosen_together_and_not_the_surest_first() -> None:
    a = apart("a", "en", Line("w", mixed({1: 0.7, 2: 0.6}, 3)), Line("x", near(1, 0.6, 4)))
    b = apart("b", "fr", Line("y", axis(1)), Line("z", axis(2)))
    # the surest, 0 with 0, would leave nothing to 1
    assert beads(a, b, 0.3) == [((0,), (1,)), ((1,), (0,))]


@pytest.mark.parametrize(("rest", "chosen"), [(0.45, [((0,), (1,)), ((1,), (0,))]), (0.35, [((0,), (0,))])])
def test_every_bead_costs_a_tenth(rest: float, chosen: list[Shape]) -> None:
    a = apart("a", "en", Line("w", mixed({1: 0.7, 2: 0.4}, 3)), Line("x", near(1, rest, 4)))
    b = apart("b", "fr", Line("y", axis(1)), Line("z", axis(2)))
    # 0.7 less 0.1, against 0.4 and the rest less 0.2
    assert beads(a, b, 0.0) == chosen


def test_a_bead_that_is_hardly_likely_does_not_take_its_sentences() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.09, 2))
    assert beads(a, b, 0.0) == []
    assert beads(a, vectors("b", "fr", near(1, 0.12, 2)), 0.0) == [((0,), (0,))]


@pytest.mark.parametrize(
    ("a", "b", "score"),
    [
        ([axis(1)], [near(1, 0.4, 2)], 0.4),
        ([axis(1)], [near(1, 0.4, 2), axis(9)], 1 - 0.6 * 0.72),  # 0 with both: 0.4 by the root of 2
        ([axis(1)], [near(1, 0.4, 2), axis(9), axis(8)], 1 - 0.6 * 0.72 * 0.77),  # with all three: by the root of 3
        ([axis(1), axis(7)], [near(1, 0.4, 2), axis(9)], 1 - 0.6 * 0.72 * 0.72 * 0.8),  # both with 0; with both
        ([axis(1)], [near(1, 0.3, 2), near(1, 0.2, 3)], 1 - 0.66 * 0.7 * 0.8),  # with both is likeliest: 0.5 by 1.46
    ],
)
def test_a_score_counts_what_shares_sentences_on_both_sides(a: list[Matrix], b: list[Matrix], score: float) -> None:
    one, other = vectors("a", "en", *a), vectors("b", "fr", *b)
    for result in (found(one, other, 0.0), found(other, one, 0.0)):
        assert [bead.score for bead in result.beads] == pytest.approx([score], abs=1e-6)


def test_what_shares_a_sentence_on_one_side_only_does_not_count() -> None:
    a = vectors("a", "en", axis(1))
    b = apart("b", "fr", Line("x", near(1, 0.4, 2)), Line("y", near(1, 0.3, 3)))
    ((left, right, score, _),) = found(a, b, 0.0).beads
    assert (left, right, score) == (range(1), range(1), pytest.approx(0.4, abs=1e-6))


@pytest.mark.parametrize(("beside", "score"), [(-0.33, 1 - 0.6 * 0.95), (-0.37, 0.4)])
def test_what_is_unlikely_does_not_count(beside: float, score: float) -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.4, 2), near(1, beside, 3))
    # 0 with both has a cosine of 0.07 / 1.32, or of 0.03 / 1.31
    assert [bead.score for bead in found(a, b, 0.0).beads] == pytest.approx([score], abs=1e-6)


class Certain(Trees):
    """Trees that are sure of everything."""

    def probability(self, evidence: Values) -> Values:
        return np.ones(len(evidence))


def test_what_is_certain_has_a_score_too() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1), axis(2))
    with np.errstate(all="raise"):  # no logarithm of nothing
        made = found(a, b, trees=Certain("", FEATURES)).beads
    assert [bead.score for bead in made] == pytest.approx([1.0, 1.0], abs=1e-5)


def test_a_score_does_not_decide_between_beads() -> None:
    a, between_ = vectors("a", "en", mixed({1: 0.6, 2: 0.5}, 3)), Line("Read more", role="furniture")
    b = encoded("b", "fr", Line("x", axis(1)), between_, Line("y", axis(2)), Line("z", axis(8)))
    # with x it scores 0.6; with y it would score 1 - 0.5 * 0.65 for the sake of y and z, but is less likely
    ((_, right, score, _),) = found(a, b).beads
    assert (right, score) == (range(1), pytest.approx(0.6, abs=1e-6))


@pytest.mark.parametrize("seed", range(6))
def test_each_sentence_is_in_one_bead_at_most_and_every_bead_is_of_an_allowed_shape(seed: int) -> None:
    result = beads(scattered("a", "en", seed, 9), scattered("b", "fr", seed + 100, 7), 0.05)
    assert len(result) > 2
    for side in (0, 1):
        assert set(Counter(n for bead in result for n in bead[side]).values()) == {1}
    for left, right in result:
        assert min(len(left), len(right)) == 1
        assert max(len(left), len(right)) <= 3


def test_beads_come_in_the_order_of_the_first_article() -> None:
    a, b = vectors("a", "en", axis(1), axis(2), axis(3)), vectors("b", "fr", axis(3), between(1, 2))
    assert beads(a, b) == [((0, 1), (1,)), ((2,), (0,))]


@pytest.mark.parametrize(("min_score", "kept"), [(0.0, 3), (0.55, 2), (0.75, 1), (0.95, 0)])
def test_what_scores_less_than_asked_for_is_not_kept(min_score: float, kept: int) -> None:
    a = apart("a", "en", *(Line("w", axis(n)) for n in (1, 2, 3)))
    b = apart("b", "fr", *(Line("x", near(n, cosine, n + 3)) for n, cosine in ((1, 0.5), (2, 0.7), (3, 0.9))))
    assert len(beads(a, b, min_score)) == kept


@pytest.mark.parametrize(("min_score", "chosen"), [(0.55, [((0,), (1,)), ((1,), (0,))]), (0.65, [])])
def test_the_least_score_is_asked_for_after_the_choice(min_score: float, chosen: list[Shape]) -> None:
    a = apart("a", "en", Line("w", mixed({1: 0.7, 2: 0.6}, 3)), Line("x", near(1, 0.6, 4)))
    b = apart("b", "fr", Line("y", axis(1)), Line("z", axis(2)))
    # 0 with 0 would score enough, but is no choice
    assert beads(a, b, min_score) == chosen


@pytest.mark.parametrize("seed", range(4))
def test_a_higher_threshold_takes_beads_away_and_changes_none(seed: int) -> None:
    a, b = (
        apart(name, lang, *(Line("x", row) for row in scattered(name, lang, draw, 9).direct))
        for name, lang, draw in (("a", "en", seed), ("b", "fr", seed + 100))
    )
    every = found(a, b, 0.0).beads
    least = sorted(bead.score for bead in every)[len(every) // 2]
    kept = found(a, b, least).beads
    assert kept == [bead for bead in every if bead.score >= least] != every


def test_the_threshold_is_of_calibrated_scores() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.8, 2))
    sterner = Calibration(0.5, 0.0, ())  # 0.8 is odds of 4, their root 2
    for min_score, scores in ((0.6, [2 / 3]), (0.7, [])):
        result = found(a, b, min_score, calibration=sterner).beads
        assert [bead.score for bead in result] == pytest.approx(scores, abs=1e-6)


def test_what_is_calibrated_is_the_probability_of_all_together() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.5, 2), axis(9))
    (bead,) = found(a, b, calibration=Calibration(0.5, 0.0, ())).beads
    root = (0.675 / 0.325) ** 0.5  # 0.5 and 0.35: neither by 0.5 * 0.65
    assert bead.score == pytest.approx(root / (1 + root), abs=1e-6)


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_a_bead_never_bridges_what_stands_between_sentences(role: Role) -> None:
    a = vectors("a", "en", between(1, 2))
    b = encoded("b", "fr", Line("un", axis(1)), Line("Lire aussi", between(1, 2), role), Line("deux", axis(2)))
    assert [right for _, right in beads(a, b)] in ([(0,)], [(1,)])


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_an_article_without_content_has_no_beads(empty: int) -> None:
    a = bare("a", "en") if empty != 1 else vectors("a", "en", axis(1))
    b = bare("b", "fr") if empty != 0 else vectors("b", "fr", axis(1))
    assert found(a, b) == Found([], [], [])


def test_alignment_is_the_same_each_time() -> None:
    first = found(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1)
    assert first.beads
    assert found(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1) == first


def test_a_bead_is_equivalent_unless_a_model_told_that_one_side_says_more_and_unknown_where_none_did() -> None:
    a, b = vectors("a", "en", axis(1), axis(3), axis(5)), vectors("b", "fr", axis(5), axis(1), axis(3))
    look = Told(0.2, 0.4, np.nan)
    result = FreeOrder(Collection([a, b]), look, AS_IT_IS, 0.5).find(all_spans(a), all_spans(b))
    assert [(bead.a.start, bead.equivalent) for bead in result.beads] == [(0, True), (1, False), (2, None)]


class Ending(FirstLook):
    """A look by similarity that is told how often likely beads with 1, 2, 3 sentences of the second are exact."""

    def __init__(self, *exact: float) -> None:
        super().__init__(by_similarity("number mismatch"))
        self._exact = np.array(exact)
        self.asked: list[Values] = []

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:
        self.asked.append(probability)
        unsettled = super().settled(a, b, found, probability, pivoted)
        return unsettled._replace(exact=self._exact[b.sizes[found.columns] - 1] * probability)


@pytest.mark.parametrize(
    ("exact", "chosen"),
    [((1.0, 1.0), (0,)), ((0.9, 1.0), (0, 1)), ((np.nan, 1.0), (0,)), ((np.nan, 1.1), (0, 1)), ((0.1, 0.1), None)],
)
def test_beads_are_chosen_by_where_they_end_and_scored_by_what_they_share(
    exact: tuple[float, float], chosen: tuple[int, ...] | None
) -> None:
    a, b = vectors("a", "en", near(1, 0.95, 2)), vectors("b", "fr", axis(1), axis(2))
    look = Ending(*exact)  # by similarity one sentence is likely by 0.95, both by 0.89
    made = FreeOrder(Collection([a, b]), look, AS_IT_IS, 0.5).find(all_spans(a), all_spans(b)).beads
    assert shapes(made) == ([((0,), chosen)] if chosen else [])
    assert all(bead.score > 0.99 for bead in made)  # that one fact is shared: 1 - 0.05 * 0.11 or more


def test_where_a_bead_ends_is_asked_of_likely_candidates_whose_numbers_do_not_contradict() -> None:
    a = encoded("a", "en", Line("It cost 5 dollars.", axis(1)), Line("sentence b", axis(2)))
    b = encoded("b", "fr", Line("Cela a coûté 9 dollars.", near(1, 0.9, 5)), Line("sentence b", axis(2)))
    look = Ending(np.nan, np.nan, np.nan)
    result = FreeOrder(Collection([a, b]), look, AS_IT_IS, 0.5).find(all_spans(a), all_spans(b))
    assert shapes(result.beads) == [((1,), (1,))]
    (asked,) = look.asked
    assert asked.min() > 0.03
    assert asked.max() > 0.99
    assert len(asked) < len(evidence(Collection([a, b]), all_spans(a), all_spans(b)).rows)
    assert shapes(result.divergent) == [((0,), (0,))]


def test_a_scorer_fitted_on_other_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="fit them again"):
        FirstLook(Trees("", STORY_FEATURES))


@pytest.mark.parametrize(
    ("starts", "share"),
    [
        ([], 0.0),
        ([(0, 7)], 1.0),
        ([(0, 0), (1, 2), (3, 3)], 1.0),
        ([(0, 3), (1, 2), (2, 1)], 1 / 3),
        ([(0, 5), (1, 1), (2, 2), (3, 0), (4, 3)], 3 / 5),
        ([(4, 3), (3, 0), (2, 2), (1, 1), (0, 5)], 3 / 5),
    ],
)
def test_beads_are_in_order_by_the_longest_run_that_is(starts: list[tuple[int, int]], share: float) -> None:
    made = [Bead(range(a, a + 1), range(b, b + 1), 1.0) for a, b in starts]
    assert in_order(made) == pytest.approx(share)
