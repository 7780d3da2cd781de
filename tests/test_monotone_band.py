"""The band of the search: where it lies, on vectors drawn at random, of which any two are nearly at right angles."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import axis
from samestory.monotone import band as module
from samestory.monotone.band import Band, chain, find_band, sample, usual
from samestory.records import Matrix


def drawn(count: int, seed: int = 0, width: int = 64) -> Matrix:
    vectors = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def noisy(vectors: Matrix, seed: int = 1, share: float = 0.6) -> Matrix:
    """Vectors at a cosine of about 0.86 to those given."""
    mixed = vectors + share * drawn(len(vectors), seed, vectors.shape[1])
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


def holds(band: Band, i: int, j: int) -> bool:
    return abs(j - band.centers[i + j]) <= band.half


def rises_by_0_or_1(band: Band, rows: int, columns: int) -> bool:
    ends = (band.rows, band.columns, len(band.centers), int(band.centers[0]), int(band.centers[-1]))
    return ends == (rows, columns, rows + columns + 1, 0, columns) and set(np.diff(band.centers)) <= {0, 1}


SIZES = [
    (1, 1),
    (1, 30),
    (30, 1),
    (2, 3),
    (7, 5),
    (300, 40),
    (40, 300),
    (2001, 1990),
    (2100, 60),
    (3, 5001),
    (4100, 4050),
]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_the_middle_rises_by_0_or_1_from_the_first_node_to_the_last_and_stays_in_both_texts(
    rows: int, columns: int
) -> None:
    band = find_band(drawn(rows, 1), drawn(columns, 2))
    assert rises_by_0_or_1(band, rows, columns)
    assert band.inside(np.arange(rows + columns + 1) - band.centers, band.centers).all()


@pytest.mark.parametrize("length", [1, 2, 3, 5, 50, 1000, 2500, 4500])
def test_identical_texts_follow_the_diagonal(length: int) -> None:
    band = find_band(drawn(length), drawn(length))
    assert all(holds(band, n, n) for n in range(length + 1))


def test_the_middle_of_short_identical_texts_is_the_diagonal() -> None:
    band = find_band(drawn(50), drawn(50))
    assert [band.centers[2 * n] for n in range(51)] == list(range(51))


@pytest.mark.parametrize("at", [0, 300, 600])
@pytest.mark.parametrize("swapped", [False, True])
def test_it_follows_a_gap_of_500_sentences(at: int, swapped: bool) -> None:
    text = drawn(600)
    longer = np.concatenate([text[:at], drawn(500, 7), text[at:]])
    band = find_band(noisy(text), longer) if swapped else find_band(longer, noisy(text))
    for n in range(600):
        beside = n if n < at else n + 500
        node = (n, beside) if swapped else (beside, n)
        assert holds(band, *node)
        assert holds(band, node[0] + 1, node[1] + 1)


def test_it_follows_a_gap_in_texts_that_are_halved_first() -> None:
    text = drawn(4400)
    longer = np.concatenate([text[:1500], drawn(500, 7), text[1500:]])
    band = find_band(longer, noisy(text))
    assert rises_by_0_or_1(band, 4900, 4400)
    assert all(holds(band, n + 500 * (n >= 1500), n) for n in range(4400))


def test_it_follows_merged_sentences() -> None:
    text = drawn(400)
    pairs = text[0::2] + text[1::2]
    band = find_band(text, pairs / np.linalg.norm(pairs, axis=1, keepdims=True))
    assert all(holds(band, 2 * n, n) for n in range(201))


@pytest.mark.parametrize("dense", [40, 80, 160])
def test_from_coarse_to_fine_the_band_is_nearly_that_of_all_pairs(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(300)
    a, b = np.delete(text, range(100, 130), axis=0), noisy(np.delete(text, range(200, 203), axis=0))
    wanted = find_band(a, b)
    monkeypatch.setattr(module, "_DENSE", dense)  # halved once, twice, three times
    found = find_band(a, b)
    assert rises_by_0_or_1(found, 270, 297)
    assert np.abs(found.centers - wanted.centers).max() <= 3


def test_texts_of_2500_sentences_have_nearly_the_band_of_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(2500)
    a, b = np.delete(text, range(1000, 1060), axis=0), noisy(text)
    found = find_band(a, b)
    monkeypatch.setattr(module, "_DENSE", 2500)
    assert np.abs(found.centers - find_band(a, b).centers).max() <= 3


@pytest.mark.parametrize("length", [100, 1000, 3000])
def test_the_band_grows_with_the_length_of_the_texts_and_not_with_its_square(length: int) -> None:
    band = find_band(drawn(length), drawn(length + 7, 2))
    assert band.width == 21
    assert [nodes.shape for nodes in band.nodes(0, len(band.centers))] == [(2 * length + 8, 21)] * 2


def test_nodes_of_a_diagonal_lie_round_its_middle() -> None:
    band = Band(2, 2, np.array([0, 1, 1, 1, 2]), half=1)
    i, j = band.nodes(2, 4)
    assert j.tolist() == [[0, 1, 2], [0, 1, 2]]
    assert i.tolist() == [[2, 1, 0], [3, 2, 1]]
    assert band.inside(i, j).tolist() == [[True, True, True], [False, True, True]]


def test_the_chain_is_the_matches_that_stand_out_in_one_order() -> None:
    a = np.stack([axis(n) for n in range(8)])
    b = np.stack([axis(n) for n in (0, 1, 5, 2, 3, 9, 6, 7)])  # 5 stands before 2 and 3: one of them or two
    assert chain(a, b) == [(0, 0), (1, 1), (2, 3), (3, 4), (6, 6), (7, 7)]


def test_texts_that_have_nothing_in_common_have_the_straight_line() -> None:
    a, b = np.stack([axis(0)] * 6), np.stack([axis(1)] * 3)
    assert chain(a, b) == []
    assert find_band(a, b).centers.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


def test_what_is_usual_is_seen_in_sentences_all_over_the_other_text() -> None:
    a = np.stack([axis(0), axis(1)])
    b = np.stack([axis(0), axis(0), axis(0), axis(2)])
    mean, deviation = usual(a, b)
    assert mean.tolist() == [0.75, 0.0]
    assert deviation == pytest.approx([0.75**0.5 * 0.25**0.5, 0.0])


@pytest.mark.parametrize(("length", "step"), [(1, 1), (256, 1), (257, 2), (512, 2), (513, 3)])
def test_a_sample_is_at_most_256_evenly_spread(length: int, step: int) -> None:
    assert sample(np.arange(length)[:, None]).ravel().tolist() == list(range(0, length, step))
