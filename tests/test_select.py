"""The choice of beads that share no sentence, held against trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from samestory.select import Candidate, select


def one(a: int, b: int, worth: float) -> Candidate:
    return Candidate(range(a, a + 1), range(b, b + 1), worth)


def used(candidate: Candidate) -> set[tuple[str, int]]:
    return {("a", n) for n in candidate.a} | {("b", n) for n in candidate.b}


def fits(chosen: Sequence[Candidate]) -> bool:
    return sum(len(used(candidate)) for candidate in chosen) == len(set().union(*map(used, chosen)))


def worth(candidates: Sequence[Candidate], chosen: Sequence[int]) -> float:
    return sum(candidates[n].worth for n in chosen)


def most(candidates: Sequence[Candidate]) -> float:
    """The most that any choice is worth."""
    choices = (c for size in range(len(candidates) + 1) for c in itertools.combinations(candidates, size))
    return max(sum(candidate.worth for candidate in chosen) for chosen in choices if fits(chosen))


def drawn(seed: int, count: int = 12, sentences: int = 5) -> list[Candidate]:
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        (a, b), (m, n) = draw.integers(0, sentences, 2), draw.integers(1, 4, 2)
        found.append(Candidate(range(a, a + m), range(b, b + n), float(draw.normal(0.5, 0.5))))
    return found


def greedy(candidates: Sequence[Candidate]) -> list[int]:
    chosen: list[int] = []
    for n in sorted(range(len(candidates)), key=lambda n: -candidates[n].worth):
        if fits([candidates[k] for k in (*chosen, n)]):
            chosen.append(n)
    return sorted(chosen)


@pytest.mark.parametrize("seed", range(40))
def test_the_choice_is_worth_the_most_of_all_that_fit(seed: int) -> None:
    candidates = drawn(seed)
    chosen = select(candidates)
    assert chosen == sorted(set(chosen))
    assert fits([candidates[n] for n in chosen])
    assert worth(candidates, chosen) == pytest.approx(most(candidates))


@pytest.mark.parametrize("seed", range(10))
def test_where_much_hangs_together_it_is_never_worse_than_the_surest_first(seed: int) -> None:
    candidates = drawn(seed, 400, 40)
    chosen = select(candidates)
    assert fits([candidates[n] for n in chosen])
    assert worth(candidates, chosen) >= worth(candidates, greedy(candidates)) - 1e-6


def test_two_good_beads_are_better_than_the_best_one() -> None:
    candidates = [one(0, 1, 0.7), one(0, 0, 0.9), one(1, 0, 0.6)]
    assert greedy(candidates) == [1]
    assert select(candidates) == [0, 2]


def test_a_long_bead_must_be_worth_more_than_the_short_ones_it_is_made_of() -> None:
    short = [one(0, 0, 0.5), one(1, 1, 0.4)]
    assert select([*short, Candidate(range(2), range(2), 0.95)]) == [2]
    assert select([*short, Candidate(range(2), range(2), 0.85)]) == [0, 1]


def test_either_side_is_counted_on_its_own() -> None:
    assert select([one(0, 1, 0.5), one(1, 0, 0.5)]) == [0, 1]


@pytest.mark.parametrize("worths", [(0.0, 0.0), (-0.5, -1.0), (0.0, -0.1)])
def test_what_is_worth_nothing_or_less_is_left_out(worths: tuple[float, float]) -> None:
    candidates = [one(0, 0, worths[0]), one(5, 5, worths[1]), one(5, 6, 0.1)]
    assert select(candidates) == [2]
    assert select(candidates[:2]) == []


def test_no_candidates_no_choice() -> None:
    assert select([]) == []


def test_candidates_that_share_nothing_are_all_taken() -> None:
    assert select([one(n, 9 - n, 0.001 * (n + 1)) for n in range(10)]) == list(range(10))


def test_the_same_bead_twice_is_taken_once() -> None:
    assert select([one(0, 0, 0.5), one(0, 0, 0.6)]) == [1]
    assert len(select([one(0, 0, 0.5), one(0, 0, 0.5)])) == 1


@pytest.mark.parametrize("seed", range(5))
def test_equals_are_chosen_among_the_same_way_each_time(seed: int) -> None:
    candidates = [candidate._replace(worth=0.5) for candidate in drawn(seed, 60, 12)]
    chosen = select(candidates)
    assert all(select(candidates) == chosen for _ in range(5))
    assert len(chosen) == round(worth(candidates, chosen) / 0.5)


def test_the_choice_does_not_hang_on_what_is_far_away() -> None:
    candidates, away = drawn(3), [one(n + 100, 100, 0.5 + n) for n in range(3)]
    assert select([*away, *candidates]) == [2, *(n + 3 for n in select(candidates))]


def test_worths_that_differ_by_little_are_told_apart() -> None:
    assert select([one(0, 0, 0.5), one(0, 1, 0.50001), one(0, 2, 0.49999)]) == [1]
