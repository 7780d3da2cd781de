"""The context of a candidate bead: parts, extensions, rivals and neighbours, by what the first look says of them."""

from __future__ import annotations

import numpy as np
import pytest

from samestory.context import context
from samestory.features import CONTEXT

Spans = tuple[range, range]

IT = range(5, 7), range(3, 4)
"""A bead of two sentences with one."""


def told(*others: tuple[Spans, float]) -> dict[str, float]:
    """The context of IT among others of some probability, as far as it is not 0."""
    spans, likely = [IT, *(other for other, _ in others)], [0.5, *(p for _, p in others)]
    values = context([a for a, _ in spans], [b for _, b in spans], np.array(likely))[0]
    return {name: float(value) for name, value in zip(CONTEXT, values, strict=True) if value}


def one(a: int, b: int) -> Spans:
    return range(a, a + 1), range(b, b + 1)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (one(5, 3), "likeliest part"),
        (one(6, 3), "likeliest part"),
        ((range(5, 8), range(3, 4)), "likeliest extension"),
        ((range(4, 7), range(3, 4)), "likeliest extension"),
        ((range(6, 8), range(3, 4)), "likeliest otherwise overlapping"),
        ((range(6, 7), range(3, 5)), "likeliest otherwise overlapping"),
        (one(5, 4), "rivals of the more contested side"),
        ((range(4, 6), range(9, 10)), "rivals of the more contested side"),
        (one(1, 3), "rivals of the more contested side"),
        (one(7, 4), "likeliest neighbour"),
        (one(8, 5), "likeliest neighbour"),
        (one(4, 2), "likeliest neighbour"),
        (one(3, 5), "likeliest neighbour"),
    ],
)
def test_another_candidate_is_told_of_by_what_it_shares(other: Spans, kind: str) -> None:
    assert told((other, 0.25)) == {kind: 0.25}


@pytest.mark.parametrize("other", [one(9, 4), one(7, 6), one(2, 3 + 3), (range(7, 9), range(4, 5)), one(20, 20)])
def test_what_is_far_on_one_side_or_is_longer_and_only_near_says_nothing(other: Spans) -> None:
    assert told((other, 0.9)) == {}


def test_the_likeliest_counts_and_rivals_add_up() -> None:
    found = told(
        (one(5, 3), 0.25),
        (one(6, 3), 0.125),
        (one(5, 9), 0.25),
        (one(6, 8), 0.5),
        (one(0, 3), 0.125),
        (one(7, 4), 0.75),
    )
    assert found == {
        "likeliest part": 0.25,
        "rivals of the less contested side": 0.125,
        "rivals of the more contested side": 0.75,
        "likeliest neighbour": 0.75,
    }


def test_it_is_the_same_whichever_article_is_the_first() -> None:
    rng = np.random.default_rng(4)
    spans = [
        (range(i, i + int(n)), range(j, j + int(m)))
        for i, j, n, m in rng.integers([0, 0, 1, 1], [12, 12, 4, 4], (80, 4)).tolist()
    ]
    a, b = [one for one, _ in spans], [other for _, other in spans]
    likely = rng.random(len(spans))
    assert np.array_equal(context(a, b, likely), context(b, a, likely))
    order = rng.permutation(len(spans))
    turned = context([a[n] for n in order], [b[n] for n in order], likely[order])
    assert np.array_equal(turned, context(a, b, likely)[order])


def test_a_candidate_alone_has_no_context_and_none_have_none() -> None:
    assert not context([range(1)], [range(1)], np.array([0.9])).any()
    assert context([], [], np.zeros(0)).shape == (0, len(CONTEXT))
