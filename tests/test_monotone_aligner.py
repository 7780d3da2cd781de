"""The aligner of translations, on vectors drawn at random and weights made by hand."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import msgspec
import numpy as np
import pytest

from samestory import monotone
from samestory.monotone import Bead, Text, Weights, align, summed
from samestory.monotone import weights as module
from samestory.monotone.aligner import best_similarity, habits, learn, length_ratio, score, telling_part
from samestory.monotone.band import Band, find_band
from samestory.monotone.evidence import FEATURES, KINDS, SHAPES, Evidence, Habits
from samestory.monotone.lattice import Marginals
from samestory.monotone.weights import Stage
from samestory.records import Matrix
from test_monotone_band import drawn, noisy

START = (0.8, 0.1, 0.1, 0.2)


def stage() -> Stage:
    """A bead scores twenty times its similarity, less what it needs to be more likely right than wrong."""
    least = {"1-1": 13.0, "1-2": 13.0, "1-3": 13.5, "1-4": 14.0, "2-2": 16.0, "n-m": 17.0}
    rows = tuple(tuple({"bias": -least[kind], "similarity": 20.0}.get(f, 0.0) for f in FEATURES) for kind in KINDS)
    return Stage(rows, (-1.0, 0.0, 0.0))


WEIGHTS = Weights(KINDS, FEATURES, START, stage(), stage())


def text(vectors: Matrix, width: float = 60.0) -> Text:
    return summed(vectors, np.full(len(vectors), width))


def shapes(found: list[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.a, bead.b) for bead in found]


def merged(vectors: Matrix, *runs: range) -> Matrix:
    """The vectors with each of `runs` put together to one."""
    inside = {n for run in runs for n in run[1:]}
    sums = {run.start: vectors[list(run)].sum(axis=0) for run in runs}
    rows = np.stack([sums.get(n, vectors[n]) for n in range(len(vectors)) if n not in inside])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def aligned(a: Matrix, b: Matrix, threads: int = 1) -> list[Bead]:
    return align(text(a), text(b), WEIGHTS, threads)


@pytest.mark.parametrize("length", [1, 2, 3, 8, 40, 400])
def test_identical_texts_are_all_1_1_and_certain(length: int) -> None:
    found = aligned(drawn(length), drawn(length))
    assert shapes(found) == [((n,), (n,)) for n in range(length)]
    assert min(bead.score for bead in found) > 0.99


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("at", [0, 7, 16])
def test_sentences_that_were_merged_make_one_bead(size: int, at: int) -> None:
    at = min(at, 20 - size)
    a, b = drawn(20), merged(noisy(drawn(20), share=0.2), range(at, at + size))
    wanted = [((n,), (n,)) for n in range(at)] + [(tuple(range(at, at + size)), (at,))]
    wanted += [((n,), (n - size + 1,)) for n in range(at + size, 20)]
    assert shapes(aligned(a, b)) == wanted
    assert shapes(aligned(b, a)) == [(right, left) for left, right in wanted]


def test_two_sentences_cut_elsewhere_make_a_2_2_bead() -> None:
    parts = drawn(3, 4)
    a, b = drawn(12), drawn(12)
    a[5], a[6] = parts[0], (parts[1] + parts[2]) / 2**0.5
    b[5], b[6] = (parts[0] + parts[1]) / 2**0.5, parts[2]
    # each pair says all three parts, at a cosine of about 0.96 to the other; the 1-1 beads are at about 0.7
    wanted = [((n,), (n,)) for n in range(12)]
    assert shapes(aligned(a, b)) == [*wanted[:5], ((5, 6), (5, 6)), *wanted[7:]]


@pytest.mark.parametrize("gone", [range(1), range(5, 6), range(19, 20), range(3, 12), range(20)])
def test_a_sentence_that_was_dropped_is_left_alone(gone: range) -> None:
    a, b = drawn(25), np.delete(noisy(drawn(25), share=0.2), gone, axis=0)
    wanted = [((n,), () if n in gone else (n - len([k for k in gone if k < n]),)) for n in range(25)]
    assert shapes(aligned(a, b)) == wanted
    assert shapes(aligned(b, a)) == [(right, left) for left, right in wanted]


def test_texts_that_have_nothing_in_common_are_left_alone() -> None:
    found = aligned(drawn(12, 1), drawn(9, 2))
    assert sorted(shapes(found)) == sorted([((n,), ()) for n in range(12)] + [((), (n,)) for n in range(9)])


@pytest.mark.parametrize("alone", [5, 40])
def test_a_passage_that_was_replaced_is_left_alone_on_both_sides(alone: int) -> None:
    same, one, other = drawn(40, 0, 512), drawn(alone, 8, 512), drawn(alone, 9, 512)
    found = aligned(*(np.concatenate([same[:20], passage, same[20:]]) for passage in (one, other)))
    pairs = [bead for bead in found if bead.a and bead.b]
    assert shapes(pairs) == [((n,), (n,)) for n in (*range(20), *range(20 + alone, 40 + alone))]
    assert min(bead.score for bead in found) > 0.9


@pytest.mark.parametrize(("missing", "at"), [(500, 0), (500, 60), (500, 120), (2600, 0)])
def test_what_stands_beside_a_long_gap_is_found(missing: int, at: int) -> None:
    same, noise = drawn(120), noisy(drawn(120), share=0.2)
    a = np.concatenate([same[:at], drawn(missing, 8), same[at:]])
    wanted = [((n + missing * (n >= at),), (n,)) for n in range(120)]
    assert [sides for sides in shapes(aligned(a, noise)) if all(sides)] == wanted
    assert [sides for sides in shapes(aligned(noise, a)) if all(sides)] == [(y, x) for x, y in wanted]


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_leaves_all_of_the_other_alone(a: int, b: int) -> None:
    empty = Text(np.zeros((4, 0, 0), np.float32), np.zeros(0))
    sides = [text(drawn(count)) if count else empty for count in (a, b)]
    wanted = [Bead((n,), (), 1.0) for n in range(a)] + [Bead((), (n,), 1.0) for n in range(b)]
    assert align(*sides, WEIGHTS) == wanted


def test_one_sentence_each_is_one_bead_or_none() -> None:
    assert shapes(aligned(drawn(1), drawn(1))) == [((0,), (0,))]
    assert sorted(shapes(aligned(drawn(1, 1), drawn(1, 2)))) == [((), (0,)), ((0,), ())]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_one_sentence_against_several_takes_each_once(count: int) -> None:
    found = aligned(drawn(1), drawn(count, 3))
    assert sorted(n for bead in found for n in bead.a) == [0]
    assert sorted(n for bead in found for n in bead.b) == list(range(count))


@pytest.mark.parametrize("seed", range(6))
def test_every_sentence_is_in_one_bead_in_order_with_a_probability(seed: int) -> None:
    a, b = text(noisy(drawn(300)[50:], seed, 1.5)), text(np.delete(drawn(300), range(0, 300, 9), axis=0))
    found = align(a, b, WEIGHTS)
    assert [n for bead in found for n in bead.a] == list(range(len(a)))
    assert [n for bead in found for n in bead.b] == list(range(len(b)))
    assert all(0.0 <= bead.score <= 1.0 for bead in found)
    assert all(not bead.a or not bead.b or (len(bead.a), len(bead.b)) in SHAPES for bead in found)


def test_two_threads_find_what_one_finds() -> None:
    a, b = drawn(500), noisy(np.delete(drawn(500), range(200, 260), axis=0))
    assert aligned(a, b, 2) == aligned(a, b, 1)


def test_the_score_is_the_probability_of_the_bead() -> None:
    a, b = text(drawn(1)), text(drawn(1))
    # 1-1: 20 x 1 - 13 = 7; both alone: -2, and no other way
    (bead,) = align(a, b, WEIGHTS)
    assert bead.score == pytest.approx(np.exp(7) / (np.exp(7) + np.exp(-2)), abs=1e-6)
    both = align(text(drawn(1, 1)), text(drawn(1, 2)), WEIGHTS)
    similarity = float(drawn(1, 1)[0] @ drawn(1, 2)[0])
    alone = 1 / (1 + np.exp(20 * similarity - 13 + 2))
    assert [one.score for one in both] == pytest.approx([alone, alone], abs=1e-6)


def test_a_bead_scores_what_the_weights_of_its_kind_make_of_its_evidence() -> None:
    a, b = text(drawn(5, 1)), text(drawn(4, 2), 80.0)
    draw = np.random.default_rng(0)
    weights = Stage(tuple(map(tuple, draw.normal(size=(len(KINDS), len(FEATURES))))), (0.5, -2.0, 3.0))
    evidence = Evidence(a, b, find_band(a.vectors[0], b.vectors[0]), Habits(0.1, 0.5, 0.1, 0.2, 0.3))
    found, values = score(evidence, weights), evidence.of(0, 10)
    for (x, y), kind in (((1, 1), 0), ((3, 1), 2), ((2, 2), 4), ((4, 3), 5)):
        number = SHAPES.index((x, y))
        wanted = values[:, number].astype(float) @ np.array(weights.beads[kind])
        np.testing.assert_allclose(found.beads[:, number], wanted, atol=1e-4)
    products = a.vectors[0] @ b.vectors[0].T
    assert found.unmatched[0] == pytest.approx(0.5 + 3 * 0.2 - 2 * products.max(axis=1).clip(0), abs=1e-5)
    assert found.unmatched[1] == pytest.approx(0.5 + 3 * 0.2 - 2 * products.max(axis=0).clip(0), abs=1e-5)


def test_the_best_similarity_of_a_sentence_is_the_best_in_the_band() -> None:
    band = Band(2, 2, np.array([0, 0, 1, 1, 2]), half=0)  # nodes (0, 0), (1, 0), (1, 1), (2, 1), (2, 2)
    similarity = np.array([[0.9], [0.8], [0.3], [0.5], [0.7]], dtype=np.float32)
    best = best_similarity(similarity, band)
    assert best[0] == pytest.approx([0.3, 0.7])  # row 0 ends at (1, 1); row 1 at (2, 1) and (2, 2)
    assert best[1] == pytest.approx([0.5, 0.7])


def test_habits_are_means_over_the_first_alignment() -> None:
    band = Band(2, 3, np.array([0, 0, 1, 2, 2, 3]), half=0)
    beads = np.zeros((6, len(SHAPES), 1), dtype=np.float32)
    similarity = np.zeros((6, 1), dtype=np.float32)
    beads[2, 0], similarity[2] = 1.0, 0.8
    beads[5, 0], similarity[5] = 0.5, 0.5
    beads[5, SHAPES.index((1, 2))] = 0.5
    found = habits(Marginals(beads, (np.zeros(2), np.array([0.0, 0.5, 0.0])), 0.0), similarity, band, 0.3)
    assert found.ratio == 0.3
    assert found.level == pytest.approx((0.8 + 0.5 * 0.5) / 1.5)
    assert found.spread == pytest.approx(np.sqrt((0.1**2 + 0.5 * 0.2**2) / 1.5))
    assert found.unmatched == pytest.approx(0.5 / 5)
    assert found.long == pytest.approx(0.5 / 2)


def test_the_ratio_of_lengths_is_that_of_sentences_that_match() -> None:
    a = np.concatenate([drawn(30), drawn(30, 5)])
    widths = np.concatenate([np.full(30, 45.0), np.full(30, 900.0)])  # the long ones are not translated
    assert length_ratio(summed(a, widths), text(drawn(30), 95.0)) == pytest.approx(np.log(100 / 50))


def test_with_few_matches_the_ratio_is_that_of_the_whole_texts() -> None:
    assert length_ratio(text(drawn(2), 30.0), text(drawn(3, 2), 40.0)) == pytest.approx(np.log(120 / 60))


def test_habits_are_learnt_from_the_texts() -> None:
    a, b = text(drawn(100), 50.0), text(np.delete(noisy(drawn(100)), range(10, 30), axis=0), 80.0)
    found = learn(a, b, find_band(a.vectors[0], b.vectors[0]), WEIGHTS)
    assert found.ratio == pytest.approx(np.log(85 / 55))
    assert found.level == pytest.approx(0.86, abs=0.02)
    assert found.unmatched == pytest.approx(20 / 180, abs=0.01)
    assert found.long < 0.01


@pytest.mark.parametrize("swapped", [False, True])
def test_the_habits_of_a_text_that_begins_late_are_those_of_what_was_translated(swapped: bool) -> None:
    a, b = text(np.concatenate([drawn(2600, 8), drawn(200)]), 50.0), text(noisy(drawn(200)), 80.0)
    if swapped:
        a, b = b, a
    found = learn(a, b, find_band(a.vectors[0], b.vectors[0]), WEIGHTS)  # from 2000 of 3000 diagonals
    assert found.ratio == pytest.approx(np.log(55 / 85) if swapped else np.log(85 / 55))
    assert found.level == pytest.approx(0.86, abs=0.02)


@pytest.mark.parametrize(("rows", "columns"), [(1, 4000), (4000, 1), (30, 4000), (3000, 3000)])
def test_habits_are_learnt_from_a_part_of_long_texts(rows: int, columns: int) -> None:
    a, b = text(drawn(rows)), text(drawn(columns, 2))
    part = telling_part(a, b, find_band(a.vectors[0], b.vectors[0]))
    assert min(map(len, part)) >= 1
    assert sum(map(len, part)) in (2000, 2001)  # a text is never empty


def test_short_texts_are_learnt_from_as_a_whole() -> None:
    a, b = text(drawn(1000)), text(drawn(1000, 2))
    assert telling_part(a, b, find_band(a.vectors[0], b.vectors[0])) == (a, b)


@cache
def loaded(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


def test_it_needs_neither_torch_nor_a_compiler() -> None:
    assert "samestory.monotone.lattice" in loaded("import samestory.monotone")
    assert not {"torch", "numba", "scipy", "sentence_transformers"} & loaded("import samestory.monotone")


def given(monkeypatch: pytest.MonkeyPatch, weights: Weights) -> bytes:
    content = msgspec.json.encode(weights)
    monkeypatch.setattr(module, "_file", lambda: content)
    return content


def test_weights_are_read_as_they_were_written_and_named_by_their_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, WEIGHTS)
    assert monotone.load() == WEIGHTS
    name = monotone.signature()
    assert name.startswith("sha256:")
    given(monkeypatch, msgspec.structs.replace(WEIGHTS, habits=(0.7, 0.1, 0.1, 0.2)))
    assert monotone.signature() != name


@pytest.mark.parametrize("other", [{"features": FEATURES[:-1]}, {"kinds": KINDS[::-1]}])
def test_weights_fitted_on_other_features_are_refused(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, tuple[str, ...]]
) -> None:
    given(monkeypatch, msgspec.structs.replace(WEIGHTS, **other))
    with pytest.raises(ValueError, match="fit_monotone"):
        monotone.load()


def test_the_weights_of_the_package_fit_its_features() -> None:
    found = monotone.load()
    for one in (found.first, found.second):
        assert {len(row) for row in one.beads} == {len(FEATURES)}
        assert len(one.beads) == len(KINDS)


def test_with_the_weights_of_the_package_a_text_is_its_own_translation() -> None:
    found = align(text(drawn(60)), text(noisy(drawn(60))), monotone.load())
    assert shapes(found) == [((n,), (n,)) for n in range(60)]
