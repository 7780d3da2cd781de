"""Whether two texts that should say the same contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from samestory.facts.record import Facts
from samestory.facts.same_names import names_differ
from samestory.facts.same_numbers import numbers_differ


def contradictions(a: Facts, b: Facts) -> tuple[str, ...]:
    """Return in what two texts that should say the same contradict each other.

    "number-mismatch": each has a number of one kind that the other lacks; "name-mismatch": each has a name that the
    other lacks; "negation-mismatch": one of them denies.
    """
    return tuple(_contradictions(a, b))


def _contradictions(a: Facts, b: Facts) -> Iterator[str]:
    if numbers_differ(a.kinds, b.kinds):
        yield "number-mismatch"
    if names_differ(a, b):
        yield "name-mismatch"
    if {a.negated, b.negated} == {True, False}:
        yield "negation-mismatch"
