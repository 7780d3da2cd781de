"""Alignment in any order: which beads contradict, and what is told of those."""

from __future__ import annotations

import pytest

from by_hand import AS_IT_IS, Line, Told, apart, axis, by_similarity, encoded, near
from free_by_hand import found, shapes
from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.free import Found, FreeOrder, Values
from samestory.looks import FirstLook
from samestory.spans import Spans, all_spans


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


def test_the_score_of_a_contradiction_is_that_of_all_together_too() -> None:
    a = encoded("a", "en", Line("some 31", axis(1)))
    b = encoded("b", "fr", Line("les 40", near(1, 0.4, 2)), Line("et oui", axis(9)))
    result = found(a, b)
    assert (result.beads, shapes(result.divergent)) == ([], [((0,), (0,))])
    assert result.divergent[0].score == pytest.approx(1 - 0.6 * 0.72, abs=1e-6)


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


class Watched(FirstLook):
    """A look by similarity that keeps how many candidates it is shown."""

    def __init__(self) -> None:
        super().__init__(by_similarity("number mismatch"))
        self.shown: list[int] = []

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        self.shown.append(len(found.rows))
        return super().probability(a, b, found)


def test_a_contradiction_is_judged_as_it_is_without_it_among_all_that_are_likely_or_contradict() -> None:
    a = encoded("a", "en", Line("It cost 5 dollars.", axis(1)), Line("sentence b", axis(2)))
    b = encoded("b", "fr", Line("Cela a coûté 9 dollars.", near(1, 0.9, 5)), Line("sentence b", axis(2)))
    look = Watched()
    left, right = all_spans(a), all_spans(b)
    beads, divergent, reasons = FreeOrder(Collection([a, b]), look, AS_IT_IS, 0.5).find(left, right)
    assert shapes(beads) == [((1,), (1,))]
    assert shapes(divergent) == [((0,), (0,))]
    assert divergent[0].score == pytest.approx(0.9, abs=0.01)
    assert reasons == [("number-mismatch",)]
    every = evidence(Collection([a, b]), left, right)
    kept = (every.column("similarity") > 0.005) | (every.column("number mismatch") > 0)
    assert look.shown == [len(every.rows), kept.sum()]


class Reading(Watched):
    """A look that reads both sides and sees that they contradict one another."""

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        return super().probability(a, b, found) * 0.1

    def unread(self, a: Spans, b: Spans, found: Evidence) -> Values:
        return super().probability(a, b, found)


def test_what_would_be_chosen_but_for_a_contradiction_is_told_although_models_that_read_it_see_that() -> None:
    a = apart("a", "en", Line("It cost 5 dollars.", axis(1)), Line("sentence b", axis(2)))
    b = apart("b", "fr", Line("Cela a coûté 9 dollars.", near(1, 0.9, 5)), Line("sentence b", axis(2)))
    result = FreeOrder(Collection([a, b]), Reading(), AS_IT_IS, 0.5).find(all_spans(a), all_spans(b))
    assert shapes(result.divergent) == [((0,), (0,))]
    assert result.divergent[0].score == pytest.approx(0.9, abs=0.01)


def test_nothing_is_told_of_a_bead_that_contradicts() -> None:
    a = encoded("a", "en", Line("It cost 5 dollars.", axis(1)))
    b = encoded("b", "fr", Line("Cela a coûté 9 dollars.", axis(1)))
    result = FreeOrder(Collection([a, b]), Told(0.2), AS_IT_IS, 0.5).find(all_spans(a), all_spans(b))
    assert [(bead.a.start, bead.equivalent) for bead in result.divergent] == [(0, None)]
