"""The evidence of beads, held against one computed bead by bead, as the names of the features say it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from samestory.monotone import LONGEST, Text, encoded, summed
from samestory.monotone.band import Band, find_band
from samestory.monotone.evidence import FEATURES, KINDS, SHAPES, Evidence, Habits, kind
from samestory.records import Matrix

HABITS = Habits(ratio=0.2, level=0.55, spread=0.11, unmatched=0.15, long=0.3)
SIZES = (9, 7)


def text(count: int, seed: int, width: int = 24) -> Text:
    """Spans that have nothing to do with one another; those over the end hold what must not be looked at."""
    draw = np.random.default_rng(seed)
    vectors = draw.normal(size=(LONGEST, count, width)) + 0.3
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    for size in range(2, LONGEST + 1):
        vectors[size - 1, max(count - size + 1, 0) :] = 1000.0
    return Text(vectors.astype(np.float32), draw.integers(1, 90, count).astype(np.float64))


def straight(rows: int, columns: int, half: int = 10) -> Band:
    return Band(rows, columns, np.arange(rows + columns + 1) * columns // (rows + columns), half)


class Direct:
    """Features of the bead of `a` sentences that end before i and `b` that end before j, one after the other."""

    def __init__(self, a: Text, b: Text) -> None:
        self.a, self.b = a, b

    def similarity(self, rows: range, columns: range) -> float:
        one, other = self.a.vectors[len(rows) - 1, rows.start], self.b.vectors[len(columns) - 1, columns.start]
        return float(one.astype(np.float64) @ other)

    def around(self, of: Text, span: range, other: Text) -> tuple[float, float]:
        """The mean similarity to the four nearest sentences, and to all."""
        found = sorted(float(of.vectors[len(span) - 1, span.start] @ vector) for vector in other.vectors[0])
        return float(np.mean(found[-4:])), float(np.mean(found))

    def features(self, rows: range, columns: range) -> list[float]:
        s, a, b = self.similarity(rows, columns), len(rows), len(columns)
        near = self.around(self.a, rows, self.b), self.around(self.b, columns, self.a)
        shorter = [self.similarity(part, columns) for part in (rows[1:], rows[:-1]) if a > 1]
        shorter += [self.similarity(rows, part) for part in (columns[1:], columns[:-1]) if b > 1]
        gain = s - max(shorter) if shorter else 0.0
        halves = [
            (self.similarity(rows[:x], columns[:y]) + self.similarity(rows[x:], columns[y:])) / 2
            for x in range(1, a)
            for y in range(1, b)
        ]
        lengths = [float(side.widths[span].sum()) + 5 for side, span in ((self.a, rows), (self.b, columns))]
        difference = abs(math.log(lengths[1] / lengths[0]) - HABITS.ratio)
        standard = (s - HABITS.level) / HABITS.spread
        by_name = {
            "bias": 1.0,
            "similarity": s,
            "similarity squared": s * s,
            "nearest": (near[0][0] + near[1][0]) / 2,
            "usual": (near[0][1] + near[1][1]) / 2,
            "loss to a shorter bead": min(gain, 0.0),
            "gain over a shorter bead": max(gain, 0.0),
            "gain over two beads": s - max(halves) if halves else 0.0,
            "length difference": difference,
            "length difference squared": min(difference, 0.5) ** 2,
            "unmatched share": HABITS.unmatched,
            "share of long beads": HABITS.long,
            "similarity x unmatched share": s * HABITS.unmatched,
            "similarity against the text's": standard,
            "square of that": min(standard, 0.0) ** 2,
            "length difference x unmatched share": difference * HABITS.unmatched,
        }
        return [by_name[name] for name in FEATURES]


@cache
def texts() -> tuple[Text, Text]:
    return text(SIZES[0], 1), text(SIZES[1], 2)


@cache
def found() -> np.ndarray:
    return Evidence(*texts(), straight(*SIZES), HABITS).of(0, sum(SIZES) + 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_evidence_of_every_bead_is_what_its_sentences_give(shape: tuple[int, int]) -> None:
    a, b = shape
    band, direct = straight(*SIZES), Direct(*texts())
    for i in range(a, SIZES[0] + 1):
        for j in range(b, SIZES[1] + 1):
            values = found()[i + j, SHAPES.index(shape), j - band.centers[i + j] + band.half]
            wanted = direct.features(range(i - a, i), range(j - b, j))
            assert values == pytest.approx(wanted, rel=1e-5, abs=2e-5), (i, j)


def test_what_would_begin_or_end_outside_a_text_is_no_bead() -> None:
    i, j = straight(*SIZES).nodes(0, sum(SIZES) + 1)
    for number, (a, b) in enumerate(SHAPES):
        bead = (i >= a) & (j >= b) & (i <= SIZES[0]) & (j <= SIZES[1])
        assert (found()[:, number, :, 0] == bead).all()
        assert not found()[:, number][~bead].any()


@pytest.mark.parametrize("sizes", [(1, 1), (1, 6), (6, 1), (2, 3)])
def test_texts_of_few_sentences_have_the_beads_they_have_room_for(sizes: tuple[int, int]) -> None:
    a, b = text(sizes[0], 3), text(sizes[1], 4)
    band = straight(*sizes)
    values = Evidence(a, b, band, HABITS).of(0, sum(sizes) + 1)
    assert np.isfinite(values).all()
    rooms = [max(sizes[0] - x + 1, 0) * max(sizes[1] - y + 1, 0) for x, y in SHAPES]
    assert values[..., 0].sum(axis=(0, 2)).tolist() == rooms
    node = sum(sizes), 0, sizes[1] - band.centers[-1] + band.half
    wanted = Direct(a, b).features(range(sizes[0] - 1, sizes[0]), range(sizes[1] - 1, sizes[1]))
    assert values[node] == pytest.approx(wanted, abs=2e-5)


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 5), (5, 9), (8, 9), (12, 17)])
def test_a_part_of_the_evidence_is_that_of_the_whole(first: int, last: int) -> None:
    part = Evidence(*texts(), straight(*SIZES), HABITS).of(first, last)
    np.testing.assert_allclose(part, found()[first:last], atol=1e-5)


def test_a_narrow_band_has_the_evidence_of_the_nodes_it_keeps() -> None:
    narrow = Evidence(*texts(), straight(*SIZES, half=2), HABITS).of(0, sum(SIZES) + 1)
    np.testing.assert_allclose(narrow, found()[:, :, 8:13], atol=1e-5)


def test_two_threads_find_what_one_finds() -> None:
    a, b = text(300, 5), text(280, 6)
    band = find_band(a.vectors[0], b.vectors[0])
    one, two = (Evidence(a, b, band, HABITS, threads).of(100, 250) for threads in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_the_nearest_and_the_usual_of_a_long_text_are_those_of_a_sample() -> None:
    a, b = text(3, 7), text(600, 8)  # 600 sentences, every third of them
    band = straight(3, 600)
    values = Evidence(a, b, band, HABITS).of(0, 8)[2, 0, 1 - band.centers[2] + band.half]
    sampled = Text(b.vectors[:, ::3], b.widths[::3])
    direct = Direct(a, b)
    rows = direct.around(a, range(1), sampled)
    columns = direct.around(b, range(1), a)
    assert columns[0] == pytest.approx(columns[1])  # of three, the four nearest are all
    assert values[3] == pytest.approx((rows[0] + columns[0]) / 2, abs=1e-5)
    assert values[4] == pytest.approx((rows[1] + columns[1]) / 2, abs=1e-5)


def test_shapes_are_weighed_with_those_that_are_like_them() -> None:
    kinds = {f"{a}-{b}": KINDS[kind(a, b)] for a, b in SHAPES}
    assert kinds["1-1"] == "1-1"
    assert kinds["1-2"] == kinds["2-1"] == "1-2"
    assert kinds["1-4"] == kinds["4-1"] == "1-4"
    assert kinds["2-2"] == "2-2"
    assert {kinds[name] for name in ("2-3", "3-2", "3-3", "2-4", "4-4")} == {"n-m"}


def test_a_text_of_sums_has_a_vector_of_length_1_for_every_run_of_up_to_four() -> None:
    vectors = text(6, 9).vectors[0]
    made = summed(vectors, np.array([4.0, 9.0, 1.0, 1.0, 1.0, 1.0]))
    two = 2 * vectors[0] + 3 * vectors[1]  # a sentence counts for the root of its width
    assert made.vectors[1, 0] == pytest.approx(two / np.linalg.norm(two), abs=1e-6)
    assert made.vectors[0] == pytest.approx(vectors, abs=1e-6)
    lengths = np.linalg.norm(made.vectors, axis=2)
    assert lengths.round(5).tolist() == [[1] * (7 - size) + [0] * (size - 1) for size in range(1, 5)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_text_shorter_than_the_longest_span_has_those_it_has_room_for(count: int) -> None:
    made = summed(text(count, 9).vectors[0], np.ones(count))
    assert made.vectors.shape == (4, count, 24)
    assert [int(row.any(axis=1).sum()) for row in made.vectors] == [max(count - size, 0) for size in range(4)]


class Letters:
    """An encoder that counts letters, and notes what it is given."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def encode(self, texts: list[str]) -> Matrix:
        self.told += texts
        return np.array([[text.count(letter) for letter in "abc "] for text in texts], dtype=np.float32)


def test_every_run_of_up_to_four_lines_is_encoded_as_one() -> None:
    encoder = Letters()
    made = encoded(["a", "bb", "c", "ab", "ca"], "en", encoder)
    assert made.vectors[0].tolist() == [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0]]
    assert made.vectors[1, 3].tolist() == [2, 1, 1, 1]
    assert made.vectors[3, 1].tolist() == [2, 3, 2, 3]
    assert made.vectors[3, 2:].tolist() == [[0] * 4] * 3
    assert len(encoder.told) == 5 + 4 + 3 + 2
    assert made.widths.tolist() == [1, 2, 1, 2, 2]
    assert len(made) == 5


def test_runs_of_chinese_are_joined_without_a_space_and_a_letter_counts_as_three() -> None:
    encoder = Letters()
    made = encoded(["火。", "水火"], "zh", encoder)
    assert encoder.told == ["火。", "水火", "火。水火"]
    assert made.widths.tolist() == [6, 6]


def test_a_text_of_many_runs_is_encoded_a_part_at_a_time() -> None:
    lines = [("a" * (n % 7)) + "b" for n in range(1500)]  # 5994 runs
    made = encoded(lines, "en", Letters())
    assert made.vectors[0, :, 0].tolist() == [n % 7 for n in range(1500)]
    assert made.vectors[3, :1497, 0].tolist() == [sum(k % 7 for k in range(n, n + 4)) for n in range(1497)]


def test_no_lines_make_an_empty_text() -> None:
    made = encoded([], "en", Letters())
    assert (len(made), made.vectors.shape[:2]) == (0, (4, 0))


def test_a_part_of_a_text_keeps_its_spans() -> None:
    whole = text(6, 1)
    part = whole.part(2, 5)
    assert len(part) == 3
    assert part.vectors[1, :2].tobytes() == whole.vectors[1, 2:4].tobytes()
    assert part.widths.tolist() == whole.widths[2:5].tolist()
