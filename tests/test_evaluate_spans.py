"""Covers of letters, and where the sentences of the gold stand in an article."""

from __future__ import annotations

import itertools
import random
from typing import NamedTuple

import pytest

from samestory.evaluate.spans import Letters, Overlaps, Run, Sides, cover, meet, overlap


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], ()),
        ([(3, 3)], ()),
        ([(0, 2), (2, 5)], ((0, 5),)),
        ([(4, 6), (0, 2)], ((0, 2), (4, 6))),
        ([(0, 9), (2, 5), (8, 10)], ((0, 10),)),
    ],
)
def test_a_cover_is_the_same_however_it_is_cut(runs: list[Run], expected: tuple[Run, ...]) -> None:
    assert cover(runs) == expected


def test_covers_that_only_touch_do_not_meet() -> None:
    assert not meet(((0, 2),), ((2, 4),))
    assert meet(((0, 2), (5, 9)), ((2, 4), (8, 9)))
    assert not meet((), ((0, 9),))


def test_letters_count_and_nothing_else() -> None:
    letters = Letters("«Ici», dit-il : 3 500 €.\n\nFin")
    assert letters.run(0, 5) == (0, 3)
    assert letters.run(5, 25) == (3, 12)
    assert letters.run(25, 30) == (12, 15)


@pytest.mark.parametrize(
    ("text", "sentences", "expected"),
    [
        (
            "A title\n\nA title\nBody one. Body two.",
            ["A title", "Body one.", "Body two."],
            [(0, 6), (12, 19), (19, 26)],
        ),
        ("A title\n\nA title\nBody one.", ["A title", "A title", "Body one."], [(0, 6), (6, 12), (12, 19)]),
        ("Yes. Why? No. Why? Yes.", ["Why?", "Yes."], [(3, 6), (11, 14)]),
        ("One day. Two days.", ["One day.", "Gone.", "Two days."], [(0, 6), None, (6, 13)]),
        ("It has 15 parts. 1", ["It has 15 parts.", "1"], [(0, 12), (12, 13)]),
        ("It has 15 parts.", ["1"], [None]),
        ("Caf\u00e9 noir", ["Cafe\u0301", "noir"], [(0, 4), (4, 8)]),
        ("渡轮停了。大家平安。", ["渡轮停了。", "大家平安。"], [(0, 4), (4, 8)]),
        ("A. B.", ["—", "B."], [None, (1, 2)]),
        ("", ["A."], [None]),
        ("A.", [], []),
    ],
)
def test_sentences_are_placed_in_their_order(text: str, sentences: list[str], expected: list[Run | None]) -> None:
    assert Letters(text).place(sentences) == expected


def test_one_sentence_that_stands_far_away_does_not_lose_the_others() -> None:
    text = "Start here. The middle of it. And more of it. Share this."
    placed = Letters(text).place(["Share this.", "Start here.", "The middle of it.", "And more of it."])
    assert placed == [None, (0, 9), (9, 22), (22, 33)]


@pytest.mark.parametrize("seed", range(40))
def test_as_many_letters_are_placed_as_can_be(seed: int) -> None:
    draw = random.Random(seed)
    words = ["a", "bb", "ccc", "d"]
    text = [draw.choice(words) for _ in range(8)]
    sentences = [" ".join(draw.choices(words, k=draw.choice([1, 1, 2]))) for _ in range(5)]
    letters = Letters(" ".join(text))
    starts = [*itertools.accumulate((len(word) for word in text), initial=0)]
    spots: list[list[Run | None]] = [[None] for _ in sentences]
    for n, m in itertools.combinations(range(len(text) + 1), 2):
        for number, sentence in enumerate(sentences):
            if "".join(text[n:m]) == sentence.replace(" ", ""):
                spots[number].append((starts[n], starts[m]))
    best = 0
    for choice in itertools.product(*spots):
        runs = [run for run in choice if run is not None]
        if all(one[1] <= other[0] for one, other in itertools.pairwise(runs)):
            best = max(best, sum(end - start for start, end in runs))
    placed = letters.place(sentences)
    assert all(run in spots[number] for number, run in enumerate(placed))
    runs = [run for run in placed if run is not None]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(runs))
    assert sum(end - start for start, end in runs) == best


class Bead(NamedTuple):
    sides: Sides


def test_overlaps_are_those_that_a_search_of_all_finds() -> None:
    draw = random.Random(7)

    def side() -> tuple[Run, ...]:
        return cover((start, start + draw.randrange(6)) for start in draw.choices(range(60), k=draw.choice([1, 2])))

    beads = [Bead((side(), side())) for _ in range(80)]
    finder = Overlaps(beads[:40])
    for bead in beads[40:]:
        assert finder.of(bead) == [other for other in beads[:40] if overlap(bead, other)]
    assert any(finder.of(bead) for bead in beads[40:])
