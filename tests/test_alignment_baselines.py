"""The baselines of alignment, on made-up vectors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from alignment import baselines
from alignment.baselines import Match, gale_church, margin_mining, mutual_nearest, overlaps, pair_then_mutual
from samestory.records import Matrix


def unit(*rows: Sequence[float]) -> Matrix:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


EAST, NORTH, UP = (1, 0, 0), (0, 1, 0), (0, 0, 1)
NOTHING = np.empty((0, 3), dtype=np.float32)


def no_vectors(texts: Sequence[str]) -> Matrix:
    return NOTHING


def indices(matches: Sequence[Match]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(match.a, match.b) for match in matches]


def test_mutual_nearest_must_choose_each_other() -> None:
    a, b = unit(EAST, (0.9, 0.1, 0), NORTH), unit(NORTH, EAST, (0, 0.5, 0.9))
    matches = mutual_nearest(a, b, 0.5)
    assert indices(matches) == [((0,), (1,)), ((2,), (0,))]
    assert matches[0].score == pytest.approx(1.0)


def test_mutual_nearest_drops_what_is_below_the_threshold() -> None:
    a, b = unit(EAST, NORTH), unit((0.8, 0.6, 0), (0.1, 1, 0))
    assert indices(mutual_nearest(a, b, 0.9)) == [((1,), (1,))]


@pytest.mark.parametrize("align", [mutual_nearest, margin_mining])
def test_nothing_aligns_with_nothing(align: Any) -> None:
    assert align(NOTHING, unit(EAST), 0.0) == align(unit(EAST), NOTHING, 0.0) == align(NOTHING, NOTHING, 0.0) == []


def test_margin_is_the_cosine_over_the_mean_of_neighbourhoods() -> None:
    a, b = unit(EAST, NORTH), unit(EAST, (1, 1, 0))
    half = 0.5**0.5
    level = ((1 + half) / 2 + (1 + 0) / 2) / 2  # of the first rows, each with its two nearest
    matches = margin_mining(a, b, 0.0, k=2)
    assert indices(matches) == [((0,), (0,)), ((1,), (1,))]
    assert matches[0].score == pytest.approx(1 / level, rel=1e-5)
    assert matches[1].score == pytest.approx(half / ((half / 2 + half) / 2), rel=1e-5)


def test_margin_mining_takes_each_sentence_once_best_first() -> None:
    rng = np.random.default_rng(5)
    a = unit(*rng.normal(size=(30, 8)))
    b = unit(*(a[::-1] + 0.05 * rng.normal(size=(30, 8))))
    matches = margin_mining(a, b, 1.0)
    assert sorted(indices(matches)) == [((n,), (29 - n,)) for n in range(30)]
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert margin_mining(a, b, matches[9].score) == matches[:10]


def test_articles_are_paired_before_their_sentences() -> None:
    a = [unit(EAST, NORTH), unit(UP, (-1, 0, 0.2))]
    # The first sentence of the first article is nearer to a lone one of the other story.
    b = [unit((-1, 0, 0), UP, (1, 0.1, 0)), unit((1, 0.2, 0), NORTH)]
    matched = pair_then_mutual(a, b, 0.5, pairing=0.5)
    assert [(pair.a, pair.b) for pair in matched] == [(0, 1), (1, 0)]
    assert indices(matched[0].matches) == [((0,), (0,)), ((1,), (1,))]
    assert indices(matched[1].matches) == [((0,), (1,)), ((1,), (0,))]


def test_articles_without_a_match_are_not_paired() -> None:
    assert pair_then_mutual([unit(EAST), NOTHING], [unit(UP)], 0.0, pairing=0.5) == []
    assert pair_then_mutual([], [unit(UP)], 0.0) == []


def test_gale_church_groups_what_it_links() -> None:
    matches = gale_church([60, 2, 55, 70, 30], [62, 3, 27, 29, 104])
    assert indices(matches) == [((0,), (0,)), ((1,), (1,)), ((2,), (2, 3)), ((3, 4), (4,))]
    assert gale_church([], [5]) == [Match((), (0,), 1.0)]


def test_gale_church_tells_what_it_leaves_unmatched() -> None:
    lengths = [20, 130, 45, 80, 260, 33]
    matches = gale_church(lengths, [*lengths[:2], *lengths[3:]])
    assert sorted(i for match in matches for i in match.a) == list(range(6))
    assert sorted(j for match in matches for j in match.b) == list(range(5))
    few = gale_church([50] * 5, [50])  # no bead holds more than two
    assert [i for match in few for i in match.a] == list(range(5))
    assert sum(not match.b for match in few) >= 3


def test_overlaps_are_all_that_sentalign_asks_for() -> None:
    assert list(overlaps([" a", "", "c"], 2)) == ["PAD", "a", "BLANK_LINE", "c", "a BLANK_LINE", "BLANK_LINE c"]


def test_sentalign_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentalign", None)
    with pytest.raises(ImportError, match="pip install sentalign"):
        baselines.sentalign(["a"], ["b"], lambda texts: unit(*[EAST] * len(texts)))


def test_sentalign_is_read_as_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [
        SimpleNamespace(src_indices=[0], tgt_indices=[0, 1], score=0.4),
        SimpleNamespace(src_indices=[1], tgt_indices=[], score=0.0),
    ]

    def aligned(a: list[str], b: list[str], encode: baselines.Encode, **settings: float) -> SimpleNamespace:
        assert settings == {"alignment_max_size": 4, "del_percentile_frac": 0.1}
        return SimpleNamespace(alignments=blocks)

    package = ModuleType("sentalign")
    monkeypatch.setattr(package, "sentalign", aligned, raising=False)
    monkeypatch.setitem(sys.modules, "sentalign", package)
    matches = baselines.sentalign(["a", "b"], ["c", "d"], no_vectors, largest=4, skip=0.1)
    assert matches == [Match((0,), (0, 1), 0.8), Match((1,), (), 1.0)]
    assert baselines.sentalign(["a"], [], no_vectors) == [Match((0,), (), 1.0)]
