"""What the scorer of sentence pairs learns from: the candidates of the gold, their truth and what each weighs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from alignment.gold import Beads, Gold
from alignment.pair_fit import DIVERGENT, PART_OF_A_BEAD, Floats, Rows, not_learnt, pair_rows, second_rows
from by_hand import WIDTH, Line, apart, axis, by_similarity, encoded, near, vectors
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.features import CONTEXT, FEATURES
from samestory.looks import LEAST, Readers
from samestory.records import Encoded
from samestory.spans import all_spans

NEAR = -0.25  # behind the best


def drawn(name: str, lang: str, seed: int, length: int) -> Encoded:
    """Sentences of random vectors in any direction, so that most candidates are far behind the best."""
    rows = np.random.default_rng(seed).normal(size=(length, WIDTH))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return encoded(name, lang, *(Line(f"sentence {chr(97 + n)}", row) for n, row in enumerate(rows)))


def gold(a: Encoded, b: Encoded, beads: Beads) -> Gold:
    return Gold({"a": a, "b": b}, {"a": "s", "b": "s"}, {"a": "s", "b": "s"}, {("a", "b"): beads})


def rows(a: Encoded, b: Encoded, beads: Beads, weight: float = 1.0, divergent: float = DIVERGENT) -> Rows:
    return pair_rows(gold(a, b, beads), Collection([a, b]), weight, divergent)


def behind(values: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(values[:, FEATURES.index("behind the best")] < NEAR)


FURNITURE = Line("Lire aussi", role="furniture")
A, B = drawn("a", "en", 1, 20), drawn("b", "fr", 2, 20)


def test_of_what_is_easily_told_to_be_false_a_few_stand_for_all() -> None:
    every = evidence(Collection([A, B]), all_spans(A), all_spans(B)).values
    easy = int(behind(every).sum())
    assert easy > 1500
    kept = rows(A, B, {})
    few = behind(kept.evidence)
    assert 0.03 * easy < few.sum() < 0.07 * easy
    assert kept.weight[few].tolist() == pytest.approx([20.0] * int(few.sum()))  # one in twenty is seen
    assert kept.weight.sum() == pytest.approx(len(every), rel=0.25)
    assert {tuple(row) for row in kept.evidence[few].tolist()} < {tuple(row) for row in every.tolist()}


def test_all_that_is_near_is_kept_in_its_place_and_weighs_one() -> None:
    every = evidence(Collection([A, B]), all_spans(A), all_spans(B)).values
    kept = rows(A, B, {})
    far = behind(kept.evidence)
    assert kept.evidence[~far].tolist() == every[~behind(every)].tolist()
    assert set(kept.weight[~far].tolist()) == {1.0}
    assert not kept.truth.any()


def test_a_true_bead_is_kept_however_far_behind_and_weighs_one() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1), axis(2))
    beads: Beads = {((0,), (1,)): "equivalent", ((1,), (0,)): "equivalent"}  # each the other's, against their vectors
    kept = rows(a, b, beads)
    assert kept.truth.sum() == 2
    assert behind(kept.evidence[kept.truth]).all()
    assert kept.weight[kept.truth].tolist() == [1.0, 1.0]


def test_a_candidate_weighs_by_its_relation_and_partial_ones_nothing() -> None:
    a = vectors("a", "en", axis(1), axis(2), axis(3))
    b = encoded("b", "fr", *(part for n in (1, 2, 3) for part in (Line("sentence a", near(n, 0.4, n + 5)), FURNITURE)))
    beads: Beads = {((0,), (0,)): "equivalent", ((1,), (1,)): "partial", ((2,), (2,)): "divergent"}
    kept = rows(a, b, beads, weight=0.5)
    close = ~behind(kept.evidence)
    told = sorted(zip(kept.truth[close].tolist(), kept.weight[close].tolist(), strict=True))
    # two and three of a with the first of b are close too and hold the true bead; those that hold the partial or the
    # divergent one count neither way, but are there
    counted = [(truth, weight) for truth, weight in told if weight]
    assert counted == [*[(False, 0.5 * PART_OF_A_BEAD)] * 2, (False, 0.5 * DIVERGENT), (True, 0.5)]
    assert (False, 0.0) in told


@pytest.mark.parametrize("divergent", [0.4, 1.0])
def test_a_contradiction_weighs_what_is_said_and_is_kept_however_far_behind(divergent: float) -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1), axis(2))
    kept = rows(a, b, {((0,), (1,)): "divergent"}, weight=0.5, divergent=divergent)
    assert behind(kept.evidence).any()
    assert kept.weight[behind(kept.evidence)].tolist()[0] == 0.5 * divergent


def test_rows_are_the_same_each_time_and_name_their_story() -> None:
    first, again = rows(A, B, {}), rows(A, B, {})
    assert [column.tolist() for column in first[:-1]] == [column.tolist() for column in again[:-1]]
    assert set(first.story.tolist()) == {"s"}


def test_of_gold_that_a_cross_encoder_has_seen_is_kept_what_it_cannot_read() -> None:
    told = {
        "en": apart("en", "en", Line("one", axis(1), english="one", english_vector=axis(1))),
        "fr": apart("fr", "fr", Line("un", axis(1), english="one", english_vector=axis(1))),
        "zh": apart("zh", "zh", Line("yi", axis(1))),
    }
    names, one = dict.fromkeys(told, "s"), {((0,), (0,)): "equivalent"}
    seen = Gold(told, names, names, {("en", "fr"): one, ("en", "zh"): one, ("fr", "zh"): one})
    other = gold(A, B, {((0,), (0,)): "equivalent"})
    both = seen.beside(other)
    assert set(both.lacking_english().beads) == {("a", "b"), ("en", "zh"), ("fr", "zh")}
    every = pair_rows(both, Collection(list(both.articles.values())), 1.0)
    kept = not_learnt(every, seen)
    pairs = {(candidate.a.id, candidate.b.id) for candidate in every.candidate}
    assert pairs == {("a", "b"), ("en", "fr"), ("en", "zh"), ("fr", "zh")}
    assert {(candidate.a.id, candidate.b.id) for candidate in kept.candidate} == pairs - {("en", "fr")}


def test_a_second_look_is_taken_at_what_trees_that_have_not_seen_it_find_likely() -> None:
    a = apart("a", "fr", Line("un", axis(1), english="one"), Line("trois", axis(3), english="three"))
    b = apart("b", "id", Line("satu", axis(1), english="single"), Line("empat", axis(4), english="four"))
    first = rows(a, b, {((0,), (0,)): "equivalent"})
    asked: list[tuple[str, str, str]] = []

    def likelihood(lang: str, texts: Sequence[tuple[str, str]]) -> Floats:
        asked.extend((lang, *both) for both in texts)
        return np.array([-1.0 if lang == "fr" else -2.0 for _ in texts])

    def cross(texts: Sequence[tuple[str, str]]) -> Floats:
        return np.array([[3.0, 2.0, 1.0] for _ in texts])

    again = second_rows(first, {"s": by_similarity()}, Readers(likelihood, cross))
    likely = by_similarity().probability(first.evidence) >= LEAST
    assert 0 < likely.sum() < len(likely)
    assert again.evidence[:, : len(FEATURES)].tolist() == first.evidence[likely].tolist()
    assert again.evidence[:, len(FEATURES) :].tolist() == [[-1.0, -2.0, 3.0, 2.0, 1.0, *[0.0] * len(CONTEXT)]] * int(
        likely.sum()
    )
    for old, new in zip(first[1:], again[1:], strict=True):
        assert new.tolist() == old[likely].tolist()
    assert ("fr", "un", "single") in asked
    assert ("id", "satu", "one") in asked
    assert not {("fr", "trois", "four"), ("id", "empat", "three")} & set(asked)
