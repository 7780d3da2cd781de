"""What a third report says of two others."""

from __future__ import annotations

import numpy as np
import pytest

from samestory.features import PIVOTS
from samestory.pivots import Links, links, through, turned
from samestory.spans import Sides


def at(start: int, count: int = 1) -> range:
    return range(start, start + count)


def linked(*beads: tuple[Sides, float]) -> Links:
    return links([both for both, _ in beads], np.array([likely for _, likely in beads]))


IT: Sides = (at(5), at(3))


def told(*thirds: tuple[Links, Links], of: Sides = IT) -> list[float]:
    (row,) = through([of], thirds).tolist()
    return [float(value) for value in row]


def test_links_are_the_likely_beads_from_either_side() -> None:
    some = linked(((at(0), at(4)), 0.5), ((at(0), at(4, 2)), 0.25), ((at(1), at(4)), 0.75))
    assert some == {at(0): {at(4): 0.5, at(4, 2): 0.25}, at(1): {at(4): 0.75}}
    assert turned(some) == {at(4): {at(0): 0.5, at(1): 0.75}, at(4, 2): {at(0): 0.25}}
    assert turned(turned(some)) == some


def test_both_sides_are_one_fact_through_the_likeliest_span_of_a_third_report() -> None:
    first = linked(((at(5), at(0)), 0.5), ((at(5), at(1)), 0.8), ((at(5), at(9)), 0.9))
    second = linked(((at(3), at(0)), 0.8), ((at(3), at(1)), 0.75), ((at(4), at(9)), 1.0))
    assert told((first, second)) == pytest.approx([0.8 * 0.75, 0.9, 0.8])


def test_only_the_same_span_links_both_sides() -> None:
    first, second = linked(((at(5), at(0, 2)), 0.9)), linked(((at(3), at(0)), 0.8))
    assert told((first, second)) == [0.0, 0.9, 0.8]


def test_what_a_third_report_does_not_tell_is_not_likely_there() -> None:
    assert told((linked(((at(5), at(0)), 0.9)), {})) == [0.0, 0.9, 0.0]
    assert told(({}, {})) == [0.0, 0.0, 0.0]


def test_where_there_is_no_third_report_nothing_is_told() -> None:
    assert np.isnan(through([IT, IT], [])).all()
    assert through([IT, IT], []).shape == (2, len(PIVOTS))
    assert through([], [({}, {})]).shape == (0, len(PIVOTS))


def test_of_several_third_reports_that_with_the_likeliest_counts() -> None:
    one = linked(((at(5), at(0)), 0.9)), linked(((at(3), at(0)), 0.5))
    other = linked(((at(5), at(7)), 0.6)), linked(((at(3), at(7)), 0.8))
    expected = [0.6 * 0.8, 0.9, 0.6]
    assert told(one, other) == told(other, one) == pytest.approx(expected)
    assert told(one, other, ({}, {})) == pytest.approx(expected)


def test_it_does_not_matter_which_article_is_the_first() -> None:
    first, second = linked(((at(5), at(0)), 0.3), ((at(5), at(1)), 0.7)), linked(((at(3), at(1)), 0.9))
    assert told((first, second)) == told((second, first), of=(IT[1], IT[0]))
