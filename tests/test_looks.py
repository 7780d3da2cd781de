"""Three looks at candidate beads: what is looked at again, and what models that read both sides are asked."""

from __future__ import annotations

from collections.abc import Sequence

import lightgbm
import numpy as np
import numpy.typing as npt
import pytest

from by_hand import Line, axis, between, by_similarity, encoded, fitted, near, vectors
from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import CROSS, ENDS, FEATURES, LIKELIHOODS, PIVOTS, RERANK_FEATURES
from samestory.looks import LEAST, FirstLook, Readers, SecondLook, ThirdLook, crossed, likelihoods
from samestory.records import Encoded
from samestory.scorer import Trees
from samestory.spans import Spans, all_spans

Values = npt.NDArray[np.float64]
Texts = Sequence[tuple[str, str]]
Asked = list[tuple[str, list[tuple[str, str]]]]


def compared(a: Encoded, b: Encoded) -> tuple[Spans, Spans, Evidence]:
    left, right = all_spans(a), all_spans(b)
    return left, right, evidence(Collection([a, b]), left, right)


def by_likelihood() -> Trees:
    """Trees by which a bead is likely where the likelier side is likelier than -1, and where nothing is told."""
    told = np.linspace(-2.0, 0.0, 200)
    rows = np.zeros((len(told) + 50, len(RERANK_FEATURES)))
    rows[:, RERANK_FEATURES.index(LIKELIHOODS[0])] = np.append(told, [np.nan] * 50)
    truth = np.append(told > -1.0, [True] * 50)
    settings = {"objective": "binary", "min_data_in_leaf": 1, "num_leaves": 4, "verbose": -1, "num_threads": 1}
    model = lightgbm.train(settings, lightgbm.Dataset(rows, truth), 20).model_to_string()
    return Trees(model, RERANK_FEATURES)


def unread(texts: Texts) -> Values:
    return np.full((len(texts), len(CROSS)), np.nan)


def told_by(table: dict[tuple[str, str], float], asked: Asked) -> Readers:
    """Readers that tell the likelihoods in the table."""

    def likelihood(lang: str, texts: Texts) -> Values:
        asked.append((lang, list(texts)))
        return np.array([table.get(both, np.nan) for both in texts])

    return Readers(likelihood, unread)


NOTHING = Readers(lambda _lang, texts: np.full(len(texts), np.nan), unread)


def test_the_first_look_is_that_of_the_trees() -> None:
    a, b, found = compared(vectors("a", "fr", axis(1), axis(2)), vectors("b", "id", near(1, 0.8, 3), axis(4)))
    told = FirstLook(by_similarity()).probability(a, b, found)
    assert told.tolist() == by_similarity().probability(found.values).tolist()


@pytest.mark.parametrize("trees", [by_similarity(), Trees("", FEATURES)])
def test_a_reranker_fitted_on_other_evidence_is_refused(trees: Trees) -> None:
    with pytest.raises(ValueError, match="fit them again"):
        SecondLook(FirstLook(by_similarity()), trees, NOTHING)


def test_what_is_not_likely_at_all_is_not_looked_at_again_and_scores_nothing() -> None:
    a, b, found = compared(vectors("a", "fr", axis(1), axis(2)), vectors("b", "id", axis(1), axis(9)))
    first = FirstLook(by_similarity())
    again = first.probability(a, b, found) >= LEAST
    assert 0 < again.sum() < len(again)
    second = SecondLook(first, by_likelihood(), NOTHING).probability(a, b, found)
    assert (second[~again] == 0).all()
    assert (second[again] > 0.5).all()


def test_the_second_look_overrules_the_first() -> None:
    a = encoded("a", "fr", Line("un", axis(1), english="one"))
    b = encoded("b", "en", Line("one", axis(1), english="one"), Line("two", near(1, 0.9, 2), english="two"))
    left, right, found = compared(a, b)
    asked: Asked = []
    table = {("un", "one"): -2.0, ("un", "two"): -0.1}
    second = SecondLook(FirstLook(by_similarity()), by_likelihood(), told_by(table, asked))
    scores = dict(zip(found.columns.tolist(), second.probability(left, right, found).tolist(), strict=True))
    assert [right.text(n) for n, score in scores.items() if score > 0.5 and right.sizes[n] == 1] == ["two"]


def test_either_side_is_asked_for_the_english_of_the_other_and_the_likelier_comes_first() -> None:
    a = encoded("a", "fr", Line("un", axis(1), english="one"))
    b = encoded("b", "id", Line("satu", axis(1), english="single"))
    left, right, found = compared(a, b)
    asked: Asked = []
    told = likelihoods(
        told_by({("un", "single"): -1.5, ("satu", "one"): -0.5}, asked), left, right, found.rows, found.columns
    )
    assert asked == [("fr", [("un", "single")]), ("id", [("satu", "one")])]
    assert told.tolist() == [[-0.5, -1.5]]


def test_what_one_side_tells_stands_for_both() -> None:
    a, b = encoded("a", "fr", Line("un", axis(1), english="one")), encoded("b", "id", Line("satu", axis(1)))
    left, right, found = compared(a, b)  # no English of b can be asked for
    asked: Asked = []
    told = likelihoods(told_by({("satu", "one"): -0.5}, asked), left, right, found.rows, found.columns)
    assert [texts for _, texts in asked] == [[], [("satu", "one")]]
    assert told.tolist() == [[-0.5, -0.5]]


def test_nothing_is_asked_of_a_bead_of_several_sentences() -> None:
    a = encoded("a", "fr", Line("un et deux", between(1, 2), english="one and two"))
    b = encoded("b", "id", Line("satu", axis(1), english="one"), Line("dua", axis(2), english="two"))
    left, right, found = compared(a, b)
    asked: Asked = []
    table = {("un et deux", "one"): -0.5, ("un et deux", "two"): -0.6}
    told = likelihoods(told_by(table, asked), left, right, found.rows, found.columns)
    assert dict(asked) == {"fr": list(table), "id": [("satu", "one and two"), ("dua", "one and two")]}
    assert told[:2].tolist() == [[-0.5, -0.5], [-0.6, -0.6]]
    assert len(told) == 3
    assert np.isnan(told[2]).all()


def test_nothing_is_asked_of_english_that_cannot_be_trusted() -> None:
    broken = Line("dua", axis(2), english="two two two", mt_flags=("mt-loop",))
    a = encoded("a", "fr", Line("un", axis(1), english="one"))
    b = encoded("b", "id", Line("satu", axis(1), english="one"), broken)
    left, right, found = compared(a, b)
    asked: Asked = []
    likelihoods(told_by({}, asked), left, right, found.rows, found.columns)
    assert dict(asked)["fr"] == [("un", "one")]


def test_the_cross_encoder_reads_the_english_of_beads_of_any_size() -> None:
    a = encoded("a", "fr", Line("un et deux", between(1, 2), english="one and two"))
    b = encoded("b", "id", Line("satu", axis(1), english="one"), Line("dua", axis(2), english="two"))
    left, right, found = compared(a, b)
    asked: list[tuple[str, str]] = []

    def cross(texts: Texts) -> Values:
        asked.extend(texts)
        return np.array([[len(english), -1.0, 0.5] for _, english in texts])

    told = crossed(Readers(NOTHING.likelihood, cross), left, right, found.rows, found.columns)
    assert asked == [("one and two", "one"), ("one and two", "two"), ("one and two", "one two")]
    assert told.tolist() == [[3.0, -1.0, 0.5], [3.0, -1.0, 0.5], [7.0, -1.0, 0.5]]


def test_nothing_is_read_without_english_that_can_be_trusted() -> None:
    broken = Line("dua", axis(2), english="two two two", mt_flags=("mt-loop",))
    a = encoded("a", "fr", Line("un", between(1, 2), english="one"))
    b = encoded("b", "id", Line("satu", axis(1), english="one"), broken)
    left, right, found = compared(a, b)
    told = crossed(
        Readers(NOTHING.likelihood, lambda texts: np.zeros((len(texts), len(CROSS)))),
        left,
        right,
        found.rows,
        found.columns,
    )
    sides = [right.positions[column] for column in found.columns]
    assert [bool(np.isnan(row).all()) for row in told] == [1 in side for side in sides]
    assert {1 in side for side in sides} == {False, True}


def test_unread_it_is_as_if_there_were_no_models() -> None:
    a = encoded("a", "fr", Line("un", axis(1), english="one"))
    b = encoded("b", "en", Line("one", axis(1), english="one"), Line("two", near(1, 0.9, 2), english="two"))
    left, right, found = compared(a, b)
    table = {("un", "one"): -2.0, ("un", "two"): -0.1}
    first, asked = FirstLook(by_similarity()), Asked()
    look = SecondLook(first, by_likelihood(), told_by(table, asked))
    without = SecondLook(first, by_likelihood(), NOTHING).probability(left, right, found)
    assert look.unread(left, right, found).tolist() == without.tolist()
    assert asked == []
    assert look.probability(left, right, found).tolist() != without.tolist()
    assert first.unread(left, right, found).tolist() == first.probability(left, right, found).tolist()


def by_sentences() -> Trees:
    """Trees by which a bead is likely to end where it does, or to be partial, where a side has two sentences."""
    rows = np.zeros((200, len(ENDS)))
    rows[:, ENDS.index("sentences of the longer side")] = np.tile([1.0, 2.0], 100)
    return Trees(fitted(lightgbm.Dataset(rows, np.tile([0.25, 0.75], 100))), ENDS)


def no_third(count: int) -> Values:
    """What is told of `count` candidates where there is no third report."""
    return np.full((count, len(PIVOTS)), np.nan)


def third(readers: Readers) -> ThirdLook:
    second = SecondLook(FirstLook(by_similarity()), by_likelihood(), readers)
    return ThirdLook(second, by_sentences(), by_sentences(), readers)


def test_where_a_bead_ends_is_told_where_both_sides_have_english_that_can_be_trusted() -> None:
    broken = Line("trois", axis(3), english="three three three", mt_flags=("mt-loop",))
    lines = Line("un", axis(1), english="one"), Line("deux", axis(2), english="two"), broken
    left, right, found = compared(encoded("a", "fr", *lines), encoded("b", "en", Line("one", axis(1), english="one")))
    readers = NOTHING._replace(cross=lambda texts: np.zeros((len(texts), len(CROSS))))
    exact, partial = third(readers).settled(
        left, right, found, np.full(len(found.rows), 0.5), no_third(len(found.rows))
    )
    expected = {(0,): 0.25, (1,): 0.25, (0, 1): 0.75, (2,): np.nan, (1, 2): np.nan, (0, 1, 2): np.nan}
    wanted = pytest.approx([expected[tuple(left.positions[row])] for row in found.rows], nan_ok=True)
    assert exact.tolist() == wanted
    assert partial.tolist() == wanted


def test_the_third_look_scores_as_the_second_and_the_first_two_do_not_tell_where_a_bead_ends() -> None:
    a = encoded("a", "fr", Line("un", axis(1), english="one"))
    b = encoded("b", "en", Line("one", axis(1), english="one"), Line("two", near(1, 0.9, 2), english="two"))
    left, right, found = compared(a, b)
    readers = told_by({("un", "one"): -2.0, ("un", "two"): -0.1}, [])
    first = FirstLook(by_similarity())
    second, last = SecondLook(first, by_likelihood(), readers), third(readers)
    assert last.probability(left, right, found).tolist() == second.probability(left, right, found).tolist()
    assert last.unread(left, right, found).tolist() == second.unread(left, right, found).tolist()
    likely = np.full(len(found.rows), 0.5)
    for look in (first, second):
        settled = look.settled(left, right, found, likely, no_third(len(likely)))
        assert np.isnan([settled.exact, settled.partial]).all()
        assert settled.exact.shape == likely.shape


@pytest.mark.parametrize("wrong", [0, 1])
def test_trees_fitted_on_other_ends_are_refused(wrong: int) -> None:
    trees = [by_sentences(), by_sentences()]
    trees[wrong] = Trees("", RERANK_FEATURES)
    with pytest.raises(ValueError, match="fit them again"):
        ThirdLook(FirstLook(by_similarity()), trees[0], trees[1], NOTHING)


def test_no_candidates_are_likely() -> None:
    a, b = all_spans(vectors("a", "fr", axis(1))), all_spans(vectors("b", "id", axis(1)))
    none = Evidence(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(FEATURES))))
    look = third(NOTHING)
    assert look.probability(a, b, none).shape == (0,)
    assert look.settled(a, b, none, np.zeros(0), no_third(0)).exact.shape == (0,)
