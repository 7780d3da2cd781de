"""Rivals: what else either side of a bead could be aligned with."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import Line, axis, encoded, vectors
from samestory.rivals import Rivals, Values, behind
from samestory.spans import Spans, all_spans

SIMILARITY = np.array([[0.9, 0.85, 0.1], [0.2, 0.3, 0.25]])
TOLD = np.array([[1.0, 4.0, 9.0], [16.0, 25.0, 36.0]])


def single(lang: str, count: int) -> Spans:
    return all_spans(vectors(lang, lang, *(axis(n) for n in range(count))), longest=1)


def against(similarity: Values, told: Values, row: int, column: int) -> float:
    a, b = single("en", len(similarity)), single("fr", similarity.shape[1])
    return float(Rivals(similarity, a, b, np.array([row]), np.array([column])).against(told)[0])


def test_a_candidate_is_held_against_the_closest_of_its_row_and_column() -> None:
    assert against(SIMILARITY, TOLD, 0, 0) == 1.0 - 4.0  # beside it, at 0.85
    assert against(SIMILARITY, TOLD, 1, 1) == 25.0 - 4.0  # above it, at 0.85
    assert against(SIMILARITY.T.copy(), TOLD.T.copy(), 1, 1) == 25.0 - 4.0


def test_a_rival_that_is_further_off_than_a_tenth_is_none() -> None:
    assert against(np.array([[0.9, 0.81]]), TOLD[:1, :2], 0, 0) == -3.0
    assert against(np.array([[0.9, 0.79]]), TOLD[:1, :2], 0, 0) == 0.0


def test_without_any_other_sentence_there_is_no_rival() -> None:
    assert against(np.array([[-0.2, 0.05]]), TOLD[:1, :2], 0, 1) == 0.0  # what is below nothing is no rival
    assert against(np.array([[0.4]]), TOLD[:1, :1], 0, 0) == 0.0


def test_what_is_not_known_of_either_is_held_against_none() -> None:
    for told in ([[np.nan, 4.0]], [[1.0, np.nan]]):
        assert against(np.array([[0.9, 0.85]]), np.array(told), 0, 0) == 0.0


def test_of_two_that_are_equally_close_the_mean_counts_seen_from_either_side() -> None:
    similarity = np.array([[0.9, 0.85], [0.85, 0.1]])
    assert against(similarity, TOLD[:, :2], 0, 0) == ((1 - 4) + (1 - 16)) / 2
    assert against(similarity, TOLD[:, :2].T.copy(), 0, 0) == ((1 - 4) + (1 - 16)) / 2


def test_the_rival_of_a_span_is_outside_it_on_either_end() -> None:
    a, b = single("en", 1), all_spans(vectors("fr", "fr", *(axis(n) for n in range(4))))
    similarity = np.full((1, len(b.positions)), 0.5)
    similarity[0, :4] = [0.45, 0.55, 0.6, 0.46]
    told = np.arange(len(b.positions), dtype=float)[None]
    span = b.positions.index(range(1, 3))
    found = Rivals(similarity, a, b, np.array([0]), np.array([span])).against(told)
    assert found.tolist() == [span - 3.0]


def test_a_span_at_the_end_has_rivals_before_it_only() -> None:
    a, b = single("en", 1), all_spans(vectors("fr", "fr", *(axis(n) for n in range(3))))
    similarity = np.full((1, len(b.positions)), 0.5)
    similarity[0, :3] = [0.45, 0.9, 0.9]
    told = np.arange(len(b.positions), dtype=float)[None]
    last = b.positions.index(range(1, 3))
    assert Rivals(similarity, a, b, np.array([0]), np.array([last])).against(told).tolist() == [last - 0.0]
    whole = b.positions.index(range(3))
    assert Rivals(similarity, a, b, np.array([0]), np.array([whole])).against(told).tolist() == [0.0]


def test_a_sentence_said_twice_is_no_rival_of_its_own() -> None:
    a = single("en", 1)
    lines = [Line("said", axis(0)), Line("said", axis(0)), Line("else", axis(1))]
    b = all_spans(encoded("fr", "fr", *lines), longest=1)
    similarity, told = np.array([[0.9, 0.9, 0.85]]), np.array([[1.0, 2.0, 4.0]])
    assert Rivals(similarity, a, b, np.array([0]), np.array([0])).against(told).tolist() == [-3.0]
    found = Rivals(similarity, a, b, np.zeros(3, dtype=np.int64), np.arange(3))
    assert found.closest.tolist() == pytest.approx([0.85, 0.85, 0.9])


def test_of_the_others_of_a_repeated_sentence_the_closest_is_the_rival() -> None:
    lines = [Line("said", axis(0)), Line("once", axis(1)), Line("said", axis(0)), Line("twice", axis(2))]
    b = all_spans(encoded("fr", "fr", *lines), longest=1)
    similarity, told = np.array([[0.9, 0.82, 0.9, 0.85]]), np.array([[1.0, 2.0, 4.0, 8.0]])
    assert Rivals(similarity, single("en", 1), b, np.array([0]), np.array([0])).against(told).tolist() == [-7.0]


def test_nothing_is_behind_where_it_is_the_best_of_both() -> None:
    found = behind(SIMILARITY, SIMILARITY)
    assert found[0, 0] == 0.0
    assert found[1, 1] == pytest.approx(0.3 - 0.85)
