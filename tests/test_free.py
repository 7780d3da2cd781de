"""Alignment in any order: which beads are chosen together, which contradict, and what is told of those."""

from __future__ import annotations

from collections import Counter

import pytest

from by_hand import AS_IT_IS, Line, apart, axis, bare, between, by_similarity, encoded, mixed, near, scattered, vectors
from samestory.align import Bead
from samestory.collection import Collection
from samestory.free import Found, FreeOrder, in_order
from samestory.judge import STORY_FEATURES
from samestory.records import Encoded, Role
from samestory.scorer import Calibration, Trees
from samestory.spans import all_spans

Shape = tuple[tuple[int, ...], tuple[int, ...]]


def found(a: Encoded, b: Encoded, min_score: float = 0.5, trees: Trees | None = None) -> Found:
    aligner = FreeOrder(Collection([a, b]), trees or by_similarity(), AS_IT_IS, min_score)
    return aligner.find(all_spans(a), all_spans(b))


def shapes(beads: list[Bead]) -> list[Shape]:
    return [(tuple(bead.a), tuple(bead.b)) for bead in beads]


def beads(a: Encoded, b: Encoded, min_score: float = 0.5) -> list[Shape]:
    return shapes(found(a, b, min_score).beads)


def test_two_articles_of_one_sentence_make_one_bead() -> None:
    ((left, right, score),) = found(vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.8, 2))).beads
    assert (left, right) == (range(1), range(1))
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


@pytest.mark.parametrize(("cosine", "chosen"), [(1.0, (0,)), (0.98, (0, 1))])
def test_a_bead_is_worth_its_sentences_by_what_they_are_more_likely_than_nothing(
    cosine: float, chosen: tuple[int, ...]
) -> None:
    a, b = vectors("a", "en", near(1, cosine, 2)), vectors("b", "fr", axis(1), axis(2))
    # at 1 the short one is worth 0.8 and the long one, at 0.71, 1.5 * 0.51; at 0.98 it is 0.78 and 1.5 * 0.63
    assert beads(a, b) == [((0,), chosen)]


def test_beads_are_chosen_together_and_not_the_surest_first() -> None:
    a = apart("a", "en", Line("w", mixed({1: 0.7, 2: 0.6}, 3)), Line("x", near(1, 0.6, 4)))
    b = apart("b", "fr", Line("y", axis(1)), Line("z", axis(2)))
    # the surest, 0 with 0, would leave nothing to 1
    assert beads(a, b, 0.3) == [((0,), (1,)), ((1,), (0,))]


def test_a_bead_that_is_hardly_likely_does_not_take_its_sentences() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.19, 2))
    assert beads(a, b, 0.0) == []
    assert beads(a, vectors("b", "fr", near(1, 0.22, 2)), 0.0) == [((0,), (0,))]


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
    a = vectors("a", "en", axis(1), axis(2), axis(3))
    b = apart("b", "fr", *(Line("x", near(n, cosine, n + 3)) for n, cosine in ((1, 0.5), (2, 0.7), (3, 0.9))))
    assert len(beads(a, b, min_score)) == kept


def test_the_threshold_is_of_calibrated_scores() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.8, 2))
    sterner = Calibration(0.5, 0.0, ())  # 0.8 is odds of 4, their root 2
    for min_score, scores in ((0.6, [2 / 3]), (0.7, [])):
        aligner = FreeOrder(Collection([a, b]), by_similarity(), sterner, min_score)
        result = aligner.find(all_spans(a), all_spans(b)).beads
        assert [bead.score for bead in result] == pytest.approx(scores, abs=1e-6)


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_a_bead_never_bridges_what_stands_between_sentences(role: Role) -> None:
    a = vectors("a", "en", between(1, 2))
    b = encoded("b", "fr", Line("un", axis(1)), Line("Lire aussi", between(1, 2), role), Line("deux", axis(2)))
    assert [right for _, right in beads(a, b)] in ([(0,)], [(1,)])


def test_a_number_that_contradicts_is_refused_though_it_scores_best_and_the_true_partner_kept() -> None:
    a = apart("a", "en", Line("it took 31 of us", axis(1)))
    b = apart("b", "fr", Line("il en a fallu 40", axis(1)), Line("il en a fallu 31", near(1, 0.8, 2)))
    assert shapes(found(a, b).beads) == [((0,), (1,))]
    assert found(a, b).divergent == []


def test_where_no_partner_is_left_the_contradiction_is_told_with_the_score_it_would_have() -> None:
    a, b = encoded("a", "en", Line("some 31", axis(1))), encoded("b", "fr", Line("les 40", near(1, 0.9, 2)))
    result = found(a, b)
    assert (result.beads, shapes(result.divergent), result.reasons) == ([], [((0,), (0,))], [("number-mismatch",)])
    assert result.divergent[0].score == pytest.approx(0.9, abs=1e-6)


def test_a_contradiction_that_would_not_be_chosen_is_not_told() -> None:
    a, b = encoded("a", "en", Line("some 31", axis(1))), encoded("b", "fr", Line("les 40", near(1, 0.4, 2)))
    assert found(a, b, 0.5) == Found([], [], [])


STRICT = ("name mismatch", "negation mismatch")


@pytest.mark.parametrize(
    ("a", "b", "reasons"),
    [
        ("so said Budi then", "ainsi parlait Sari", ("name-mismatch",)),
        ("they did not leave", "ils sont partis", ("negation-mismatch",)),
        ("it took 31 not Budi", "il a fallu 40, Sari", ("number-mismatch", "name-mismatch", "negation-mismatch")),
    ],
)
def test_a_contradiction_is_told_with_all_that_contradicts(a: str, b: str, reasons: tuple[str, ...]) -> None:
    left, right = encoded("a", "en", Line(a, axis(1))), encoded("b", "fr", Line(b, axis(1)))
    result = found(left, right, trees=by_similarity(*STRICT))
    assert (result.beads, shapes(result.divergent), result.reasons) == ([], [((0,), (0,))], [reasons])


@pytest.mark.parametrize(
    ("a", "b"), [("so said Budi then", "ainsi parlait Sari"), ("they did not leave", "ils sont partis")]
)
def test_names_and_negation_are_for_the_scorer_to_judge(a: str, b: str) -> None:
    result = found(encoded("a", "en", Line(a, axis(1))), encoded("b", "fr", Line(b, axis(1))))
    assert (shapes(result.beads), result.divergent) == ([((0,), (0,))], [])


def test_contradictions_are_chosen_together_too_among_the_sentences_that_are_left() -> None:
    a = apart("a", "en", Line("some 31", axis(1)), Line("of 52 so", axis(2)), Line("and so", axis(3)))
    b = apart("b", "fr", Line("de 53 si", axis(2)), Line("et ainsi", axis(3)), Line("les 40", axis(1)))
    result = found(a, b)
    assert shapes(result.beads) == [((2,), (1,))]
    assert shapes(result.divergent) == [((0,), (2,)), ((1,), (0,))]
    assert result.reasons == [("number-mismatch",)] * 2


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_an_article_without_content_has_no_beads(empty: int) -> None:
    a = bare("a", "en") if empty != 1 else vectors("a", "en", axis(1))
    b = bare("b", "fr") if empty != 0 else vectors("b", "fr", axis(1))
    assert found(a, b) == Found([], [], [])


def test_alignment_is_the_same_each_time() -> None:
    first = found(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1)
    assert first.beads
    assert found(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1) == first


def test_a_scorer_fitted_on_other_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="fit them again"):
        FreeOrder(Collection([]), Trees("", STORY_FEATURES), AS_IT_IS, 0.5)


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
