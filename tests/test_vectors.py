"""Vectors of runs of sentences, as sums."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import axis, between, near
from samestory.vectors import beyond, cosine, mean, sums


def test_a_single_sentence_keeps_its_vector() -> None:
    vectors = np.stack([axis(0), near(1, 0.6, 2)])
    found = sums(vectors, np.array([7.0, 3.0]), [range(1, 2), range(1)])
    assert found == pytest.approx(vectors[::-1])
    assert found.dtype == np.float32


def test_equally_long_sentences_count_alike() -> None:
    vectors = np.stack([axis(n) for n in range(4)])
    found = sums(vectors, np.full(4, 30.0), [range(2), range(1, 4), range(4)])
    assert found == pytest.approx(np.stack([between(0, 1), between(1, 2, 3), between(0, 1, 2, 3)]))


def test_a_longer_sentence_counts_for_the_root_of_its_width() -> None:
    (found,) = sums(np.stack([axis(0), axis(1)]), np.array([16.0, 9.0]), [range(2)])
    assert found == pytest.approx(0.8 * axis(0) + 0.6 * axis(1))  # 4 to 3


def test_spans_come_in_the_order_they_are_asked_for_in() -> None:
    vectors = np.stack([axis(n) for n in range(5)])
    spans = [range(3, 5), range(1), range(1, 4), range(3, 5), range(2, 3)]
    found = sums(vectors, np.ones(5), spans)
    assert found == pytest.approx(np.stack([between(*span) for span in spans]))


@pytest.mark.parametrize("seed", range(3))
def test_every_vector_is_of_length_1_and_that_of_its_sentences(seed: int) -> None:
    draw = np.random.default_rng(seed)
    vectors, widths = draw.normal(size=(9, 5)).astype(np.float32), draw.uniform(1, 90, 9)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spans = [range(a, b) for a in range(9) for b in range(a + 1, min(a + 5, 10))]
    for span, row in zip(spans, sums(vectors, widths, spans), strict=True):
        wanted = sum(widths[n] ** 0.5 * vectors[n] for n in span)
        assert row == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-6)


def test_no_spans_no_vectors() -> None:
    assert sums(np.stack([axis(0)]), np.ones(1), []).shape == (0, len(axis(0)))


def test_sentences_without_a_vector_leave_zero() -> None:
    found = sums(np.zeros((2, 3), np.float32), np.ones(2), [range(1), range(2)])
    assert found.tolist() == [[0.0] * 3] * 2


def test_sentences_that_cancel_out_leave_no_number_that_is_none() -> None:
    assert np.isfinite(sums(np.stack([axis(0), -axis(0)]), np.ones(2), [range(2)])).all()


def test_the_vectors_given_are_left_as_they_are() -> None:
    vectors = np.stack([axis(0), axis(1)])
    sums(vectors, np.array([4.0, 9.0]), [range(2)])
    assert vectors.tolist() == np.stack([axis(0), axis(1)]).tolist()


def test_a_mean_is_that_of_the_rows_and_zero_of_none() -> None:
    assert mean(np.stack([axis(0), axis(1)])).tolist() == (0.5 * (axis(0) + axis(1))).tolist()
    assert mean(np.zeros((0, 3), np.float32)).tolist() == [0.0, 0.0, 0.0]
    assert beyond(axis(0)[None], mean(None)) == pytest.approx(axis(0)[None])


def test_what_is_beyond_a_centre_has_length_one_and_nothing_is_beyond_itself() -> None:
    found = beyond(np.stack([near(0, 0.6, 1), axis(0)]), 0.6 * axis(0))
    assert found == pytest.approx(np.stack([axis(1), axis(0)]), abs=1e-6)
    assert not beyond(axis(0)[None], axis(0)).any()


def test_rounding_is_not_beyond_a_centre() -> None:
    rows = np.random.default_rng(0).normal(size=(200, 512)).astype(np.float32)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    again = sums(unit, np.full(len(unit), 20.0), [range(n, n + 1) for n in range(len(unit))])
    assert any((one != other).any() for one, other in zip(unit, again, strict=True))
    assert not any(beyond(one[None], other).any() for one, other in zip(unit, again, strict=True))


def test_a_cosine_does_not_hang_on_length() -> None:
    assert cosine(3 * near(0, 0.6, 1), 0.2 * axis(0)) == pytest.approx(0.6)
    assert cosine(axis(0), 0 * axis(0)) == 0.0
