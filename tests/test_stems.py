"""Stems: English words without their endings."""

from __future__ import annotations

import pytest

from samestory.stems import stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ferries sank", "the ferry sank"),
        ("reported, reports", "Reporting"),
        ("31 children", "31 Children"),
        ("the town’s mayor", "the town's mayors"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_marks_are_no_words() -> None:
    assert stems("— “No”, he said… 1_000") == stems("no he said 1 000")
    assert stems("... !") == stems("") == frozenset()
