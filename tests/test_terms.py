"""What two articles have in common of terms."""

from __future__ import annotations

import numpy as np
import pytest

from samestory.terms import Terms

WEIGHTS = {"ferry": 1.0, "night": 2.0, "reef": 4.0, "the": 0.0}


def told(a: list[str], b: list[str]) -> Terms:
    """The terms of spans, each written as words."""
    return Terms(WEIGHTS.__getitem__, *([frozenset(text.split()) for text in side] for side in (a, b)))


def test_what_both_have_counts_by_what_it_says() -> None:
    found = told(["the ferry reef", "night"], ["reef ferry", "the"])
    assert found.shared.tolist() == [[5.0, 0.0], [0.0, 0.0]]
    assert (found.a.tolist(), found.b.tolist()) == ([5.0, 2.0], [5.0, 0.0])


def test_what_one_has_alone_is_told_of_either_side() -> None:
    found = told(["ferry night"], ["ferry reef", "ferry night"])
    one, other = found.alone(np.array([0, 0]), np.array([0, 1]))
    assert (one.tolist(), other.tolist()) == ([2.0, 0.0], [4.0, 0.0])
    assert found.apart().tolist() == [[6.0, 0.0]]


def test_overlap_is_twice_what_is_shared_over_what_there_is() -> None:
    found = told(["ferry night", "the", ""], ["ferry reef", "the"]).overlap()
    assert found == pytest.approx(np.array([[2 / 8, 0.0], [0.0, 0.0], [0.0, 0.0]]))


def test_texts_without_terms_share_nothing() -> None:
    found = told([""], ["", ""])
    assert found.shared.tolist() == found.overlap().tolist() == [[0.0, 0.0]]
