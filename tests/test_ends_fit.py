"""What the third look learns from: candidates, where they should end, and which are partial."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from alignment.ends_fit import EndRows, builds_of, end_rows, labelled, learnt
from alignment.gold import Beads, Gold, Place, build
from alignment.pair_fit import Floats
from by_hand import Line, axis, between, by_similarity, encoded
from samestory.answers import Texts
from samestory.features import CROSS, ENDS, PIVOTS
from samestory.looks import NO_READERS, FirstLook, Readers
from samestory.records import Encoded

Side = tuple[Place, Place]

BEADS: Beads = {
    ((0,), (0,)): "equivalent",
    ((1, 2), (1,)): "equivalent",
    ((3,), (2,)): "partial",
    ((4,), (3,)): "divergent",
    ((5,), (4, 5)): "partial",
}
READ = Readers(NO_READERS.likelihood, lambda texts: np.zeros((len(texts), len(CROSS))))


ONE: Beads = {((0,), (0,)): "equivalent"}


def read(name: str, lang: str) -> Encoded:
    lines = [Line(f"sentence {n}", axis(n), "body", f"english {n}", axis(n)) for n in range(2)]
    return encoded(name, lang, lines[0], Line("apart", role="furniture"), lines[1])


def of(*sides: Side) -> EndRows:
    return labelled(np.zeros((len(sides), len(ENDS))), sides, BEADS, "a story")


@pytest.mark.parametrize(
    ("side", "truth", "weight"),
    [
        (((0,), (0,)), True, 1.0),
        (((1, 2), (1,)), True, 1.0),
        (((1,), (1,)), False, 1.0),  # a part
        (((0, 1), (0,)), False, 1.0),  # more
        (((0,), (2,)), False, 1.0),  # no bead
        (((4,), (3,)), False, 1.0),  # divergent
        (((2, 3), (1,)), False, 1.0),
        (((3, 4), (2,)), False, 0.0),  # overlaps only what is partial
        (((2, 3), (1, 2)), False, 1.0),  # that and what is equivalent
        (((3,), (2,)), False, 0.0),
        (((5,), (4,)), False, 0.0),
    ],
)
def test_a_candidate_is_exact_where_it_is_an_equivalent_bead(side: Side, truth: bool, weight: float) -> None:
    exact = of(side).exact
    assert (exact.truth.tolist(), exact.weight.tolist(), exact.story.tolist()) == ([truth], [weight], ["a story"])


def test_only_beads_that_end_where_they_should_tell_of_what_is_partial() -> None:
    sides = [((0,), (0,)), ((3,), (2,)), ((5,), (4, 5)), ((5,), (4,)), ((4,), (3,)), ((9,), (9,))]
    partial = of(*sides).partial
    assert partial.truth.tolist() == [False, True, True, False, False, False]
    assert partial.weight.tolist() == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]


def test_what_the_cross_encoder_has_not_read_is_not_learnt_from() -> None:
    values = np.zeros((2, len(ENDS)))
    values[0, [ENDS.index(name) for name in CROSS]] = np.nan
    for rows in labelled(values, [((0,), (0,)), ((1, 2), (1,))], BEADS, "a story"):
        assert len(rows.evidence) == 1
    assert labelled(values, [((0,), (0,)), ((1, 2), (1,))], BEADS, "a story").exact.truth.tolist() == [True]


def test_two_articles_without_a_likely_candidate_are_no_rows() -> None:
    rows = of()
    assert [len(column) for part in rows for column in part] == [0] * 10


def known(name: str, lang: str, *rows: Floats) -> tuple[str, str, tuple[Line, ...]]:
    return name, lang, tuple(Line(f"sentence {n}", row, english=f"english {n}") for n, row in enumerate(rows))


def test_what_is_learnt_are_the_likely_candidates_of_all_articles_with_beads() -> None:
    told = [
        known("a", "fr", axis(1), between(2, 3)),
        known("b", "id", axis(1), axis(2), axis(3)),
        known("c", "en", axis(9)),
    ]
    articles = {name: encoded(name, lang, *lines) for name, lang, lines in told}
    names = dict.fromkeys(articles, "s")
    beads: Beads = {((0,), (0,)): "equivalent", ((1,), (1, 2)): "equivalent"}
    whole = build(Gold(articles, names, names, {("a", "b"): beads, ("a", "c"): {}}))
    asked: list[tuple[str, str]] = []

    def cross(texts: Texts) -> Floats:
        asked.extend(texts)
        return np.zeros((len(texts), len(CROSS)))

    exact, partial = end_rows(*whole, FirstLook(by_similarity()), READ._replace(cross=cross))
    assert exact.evidence.shape == (len(asked), len(ENDS))
    assert exact.truth.sum() == 2
    assert (partial.weight.sum(), partial.truth.sum()) == (2, 0)
    assert ("english 1", "english 1 english 2") in asked
    assert not [both for both in asked if both[0] == "english 0" and both[1] == "english 1"]


def test_a_third_look_learns_of_third_reports_and_of_two_by_themselves_and_of_regrouped_text() -> None:
    articles = {name: read(name, lang) for name, lang in (("a", "en"), ("b", "fr"), ("c", "id"))}
    names, beads = dict.fromkeys(articles, "s"), dict.fromkeys(itertools.combinations(articles, 2), ONE)
    gold = Gold(articles, names, names, beads)
    builds = builds_of(gold)
    assert {name: len(parts) for name, parts in builds.items()} == {
        "one of all": 1,
        "one a story": 1,
        "one of two reports": 3,
    }
    regrouped = gold.only(["a", "b"])
    regrouped = regrouped._replace(story=dict.fromkeys(regrouped.articles, "en-fr/0h"))
    looks: list[str] = []

    def look_of(story: str) -> FirstLook:
        looks.append(story)
        return FirstLook(by_similarity())

    exact = learnt([*itertools.chain(*builds.values()), build(regrouped)], look_of, READ).exact
    by_third = exact.evidence[:, ENDS.index(PIVOTS[0])]
    alone = np.isnan(by_third)
    assert set(looks) == {"s", "en-fr/0h"}
    assert exact.truth[~alone].sum() == 6  # of three pairs in two builds
    assert (by_third[~alone & exact.truth] > 0.9).all()
    assert exact.truth[alone].sum() == 4  # of three pairs by themselves and of one regrouped
    assert set(exact.story.tolist()) == {"s", "en-fr/0h"}
    assert (exact.weight == 1).all()
