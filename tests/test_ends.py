"""Where a bead ends: what candidates that differ by one sentence are compared in, and whether it is told elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from samestory.ends import ends
from samestory.evidence import Evidence
from samestory.features import AT, COMPARED, CROSS, ENDS, FEATURES, PIVOTS
from samestory.spans import Sides

NONE = np.zeros(0, np.int64)


def one(a: int, b: int) -> Sides:
    return range(a, a + 1), range(b, b + 1)


def told(
    *beads: tuple[Sides, float],
    cross: list[list[float]] | None = None,
    evidence: dict[str, list[float]] | None = None,
    third: list[list[float]] | None = None,
    of: int = 0,
) -> dict[str, float]:
    """What is told of one of some candidates, each with its probability; what cannot be told is left out."""
    read = np.zeros((len(beads), len(CROSS))) if cross is None else np.array(cross)
    values = np.zeros((len(beads), len(FEATURES)))
    for name, column in (evidence or {}).items():
        values[:, AT[name]] = column
    probability = np.array([likely for _, likely in beads])
    pivoted = np.full((len(beads), len(PIVOTS)), np.nan) if third is None else np.array(third)
    out = ends([both for both, _ in beads], probability, read, Evidence(NONE, NONE, values), pivoted)
    assert out.shape == (len(beads), len(ENDS))
    return {name: float(value) for name, value in zip(ENDS, out[of], strict=True) if not np.isnan(value)}


def odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def test_a_candidate_with_nothing_to_compare_is_told_of_by_itself() -> None:
    found = told((one(3, 7), 0.8), cross=[[2.0, 3.0, -1.0]], evidence={"margin": [0.25], "length ratio": [0.5]})
    assert found.keys() == {*COMPARED, "sentences of the longer side", "sentences of the shorter side"} - {*PIVOTS}
    assert found["log-odds at second look"] == pytest.approx(odds(0.8))
    assert [found[name] for name in CROSS] == [2.0, 3.0, -1.0]
    assert (found["margin"], found["length ratio"], found["overlap of words"]) == (0.25, 0.5, 0.0)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (one(5, 3), "without an end"),
        (one(6, 3), "without an end"),
        ((range(5, 8), range(3, 4)), "with a neighbour"),
        ((range(4, 7), range(3, 4)), "with a neighbour"),
        ((range(6, 8), range(3, 4)), None),
        ((range(4, 8), range(3, 4)), None),
        ((range(5, 7), range(3, 5)), "with a neighbour"),
        ((range(5, 7), range(2, 4)), "with a neighbour"),
        ((range(5, 8), range(3, 5)), None),
        (one(5, 4), None),
        (one(8, 3), None),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_differs_by_one_sentence_at_an_end_is_compared(other: Sides, kind: str | None, turned: bool) -> None:
    it: Sides = (range(5, 7), range(3, 4))
    both = (it[::-1], other[::-1]) if turned else (it, other)
    found = told((both[0], 0.6), (both[1], 0.9), cross=[[1.0, 2.0, 0.0], [4.0, 3.0, -1.0]])
    compared = {name for name in found if name.endswith((", without an end", ", with a neighbour"))}
    assert compared == ({f"{name}, {kind}" for name in COMPARED if name not in PIVOTS} if kind else set())
    if kind:
        assert found[f"{CROSS[0]}, {kind}"] == 3.0
        assert found[f"log-odds at second look, {kind}"] == pytest.approx(odds(0.9) - odds(0.6))


def test_what_third_reports_say_is_compared_too() -> None:
    it, longer = one(5, 3), (range(5, 7), range(3, 4))
    found = told((it, 0.6), (longer, 0.9), third=[[0.2, 0.5, 0.4], [0.7, 0.9, 0.8]])
    assert [found[name] for name in PIVOTS] == [0.2, 0.5, 0.4]
    assert [found[f"{name}, with a neighbour"] for name in PIVOTS] == pytest.approx([0.5, 0.4, 0.4])


def test_a_single_sentence_may_go_on_before_and_behind_on_either_side() -> None:
    for longer in ((range(4, 6), range(3, 4)), (range(5, 7), range(3, 4)), (range(5, 6), range(2, 4))):
        found = told((one(5, 3), 0.6), (longer, 0.5), evidence={"similarity": [0.5, 0.75]})
        assert found["similarity, with a neighbour"] == 0.25
    assert "similarity, with a neighbour" not in told((one(5, 3), 0.6), ((range(6, 8), range(3, 4)), 0.5))


def test_of_two_with_two_an_end_of_either_side_may_be_left_out() -> None:
    a, b = two = (range(5, 7), range(3, 5))
    for shorter in ((a[:1], b), (a[1:], b), (a, b[:1]), (a, b[1:])):
        found = told((two, 0.6), (shorter, 0.5), evidence={"similarity": [0.5, 0.25]})
        assert found["similarity, without an end"] == -0.25
        assert (found["sentences of the longer side"], found["sentences of the shorter side"]) == (2, 2)
    assert "similarity, without an end" not in told((two, 0.6), (one(5, 3), 0.5))


def test_the_likeliest_is_compared_and_of_equals_the_more_similar() -> None:
    two = (range(5, 7), range(3, 4)), (range(5, 6), range(3, 5))
    similarity = {"similarity": [0.0, 0.1, 0.2]}
    for likely, expected in (([0.2, 0.3], 0.2), ([0.3, 0.2], 0.1), ([0.3, 0.3], 0.2)):
        found = told((one(5, 3), 0.6), *zip(two, likely, strict=True), evidence=similarity)
        assert found["similarity, with a neighbour"] == pytest.approx(expected)


def test_an_end_and_a_neighbour_are_told_elsewhere_by_what_shares_no_sentence_with_the_other_side() -> None:
    two: Sides = (range(5, 7), range(3, 4))
    first = told((two, 0.6), (one(5, 3), 0.5), (one(6, 9), 0.7), (one(6, 4), 0.2), (one(5, 8), 0.3), of=0)
    assert first["an end told elsewhere"] == 0.7
    single = told((one(5, 3), 0.5), (two, 0.6), (one(6, 9), 0.7), (one(6, 3), 0.8), of=0)
    assert single["a neighbour told elsewhere"] == 0.7
    assert told((one(5, 3), 0.5), (two, 0.6), (one(6, 3), 0.8))["a neighbour told elsewhere"] == 0.0
    # of two neighbours the one that has no counterpart: that may belong here
    both = told((one(5, 3), 0.5), (two, 0.6), ((range(4, 6), range(3, 4)), 0.6), (one(6, 9), 0.7), (one(4, 8), 0.4))
    assert both["a neighbour told elsewhere"] == 0.4


def test_what_is_certain_has_finite_log_odds() -> None:
    with np.errstate(all="raise"):
        assert told((one(0, 0), 1.0))["log-odds at second look"] == pytest.approx(-odds(1e-6))
        assert told((one(0, 0), 0.0))["log-odds at second look"] == pytest.approx(odds(1e-6))


def test_no_candidates_end_nowhere() -> None:
    none = Evidence(NONE, NONE, np.zeros((0, len(FEATURES))))
    assert ends([], np.zeros(0), np.zeros((0, len(CROSS))), none, np.zeros((0, len(PIVOTS)))).shape == (0, len(ENDS))


def test_it_does_not_matter_which_article_is_the_first() -> None:
    rng = np.random.default_rng(4)
    shapes = ((1, 1), (2, 1), (3, 1), (1, 2), (1, 3), (2, 2))
    beads = [(range(a, a + n), range(b, b + m)) for n, m in shapes for a in range(5) for b in range(4)]
    values = rng.normal(size=(len(beads), len(FEATURES)))
    likely, cross = rng.uniform(0.03, 1, len(beads)).round(1), rng.normal(size=(len(beads), len(CROSS)))  # some equal
    cross[rng.random(len(beads)) < 0.3] = np.nan
    found, third = Evidence(NONE, NONE, values), rng.uniform(size=(len(beads), len(PIVOTS)))
    there = ends(beads, likely, cross, found, third)
    order = sorted(range(len(beads)), key=lambda k: (beads[k][1].start, beads[k][0].start))
    turned = Evidence(NONE, NONE, values[order])
    back = np.empty_like(there)
    back[order] = ends([beads[k][::-1] for k in order], likely[order], cross[order], turned, third[order])
    assert np.array_equal(there, back, equal_nan=True)
    assert np.isfinite(there).any(axis=0).all()
