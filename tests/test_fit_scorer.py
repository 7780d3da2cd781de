"""Fitting the scorers: what a story is measured by has not seen it; what scores are worth."""

from __future__ import annotations

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from alignment import left_out
from alignment.pair_fit import Outcome, Result, Rows, as_objects, calibrated, fit_calibration
from by_hand import axis, by_similarity, fitted, near, vectors
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.features import RERANK_FEATURES
from samestory.looks import NO_READERS, FirstLook, SecondLook
from samestory.scorer import Calibration, Trees
from samestory.spans import all_spans

STORIES = [f"story {n}" for n in range(9)]
REGROUPED = ["de-fr/0h", "fr-id/0h", "fr-id/1h", "fr-id/t1", "zh-en/0e"]


def rows(stories: list[str]) -> Rows:
    count = len(stories)
    return Rows(
        np.zeros((count, 1)), np.zeros(count, dtype=np.bool_), np.ones(count), np.array(stories), as_objects(stories)
    )


def languages(story: str) -> str:
    return story.partition("/")[0]


def test_trees_for_a_story_have_seen_neither_it_nor_its_lines_shuffled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_out, "fit_trees", lambda learnt, _features, _without: set(learnt.story.tolist()))
    all_rows = rows([*STORIES, *REGROUPED])
    unseen = left_out.left_out_trees(all_rows, left_out.stories_apart(all_rows), ())
    assert unseen.keys() == {*STORIES, *REGROUPED}
    for story, seen in unseen.items():
        assert languages(story) not in {languages(other) for other in seen}
        assert len(seen) > len(STORIES) / 2


def by_feature(name: str) -> Trees:
    rows = np.zeros((200, len(RERANK_FEATURES)))
    rows[:, RERANK_FEATURES.index(name)] = np.linspace(0.0, 1.0, 200)
    return Trees(fitted(lightgbm.Dataset(rows, np.linspace(0.0, 1.0, 200))), RERANK_FEATURES)


def test_each_story_is_looked_at_by_the_trees_that_have_not_seen_it(tmp_path: Path) -> None:
    folds = [["one", "fr-id/0h"], ["two"]]
    firsts = [by_similarity(), by_similarity("number mismatch")]
    seconds = [by_feature("similarity"), by_feature("shared words")]
    part = {story: n for n, held in enumerate(folds) for story in held}
    trees = ({story: trees[n] for story, n in part.items()} for trees in (firsts, seconds))
    left_out.write_trees(tmp_path / "work", folds, *trees)
    read, looks = left_out.read_looks(tmp_path / "work", NO_READERS)
    assert read == folds
    assert looks.keys() == part.keys()
    articles = vectors("a", "fr", axis(1), axis(2)), vectors("b", "id", near(1, 0.8, 3), axis(2))
    a, b = map(all_spans, articles)
    found = evidence(Collection(list(articles)), a, b)
    told = {story: look.probability(a, b, found).tolist() for story, look in looks.items()}
    for story, n in part.items():
        look = SecondLook(FirstLook(firsts[n]), seconds[n], NO_READERS)
        assert told[story] == look.probability(a, b, found).tolist()
    assert told["one"] != told["two"]


def test_trees_that_weigh_other_features_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = {"one": by_similarity()}
    monkeypatch.setattr(left_out, "FEATURES", ("something",))
    left_out.write_trees(tmp_path, [["one"]], trees, trees)
    with pytest.raises(ValueError, match="fit them again"):
        left_out.read_looks(tmp_path, NO_READERS)


def test_looks_that_were_not_written_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"lacks stories.json: run scripts/fit_scorer.py first"):
        left_out.read_looks(tmp_path, NO_READERS)


def test_stories_are_dealt_out_in_turn() -> None:
    assert left_out.apart(list("abcdef")) == [["a", "e"], ["b", "f"], ["c"], ["d"]]


def test_what_scores_too_little_is_neither_made_nor_found() -> None:
    made = [Outcome(0.9, True, True, False), Outcome(0.5, False, True, False)]
    kept = calibrated(Result(made, [0.9, 0.5, 0.0]), Calibration(1.0, 0.0, ()), 0.6)
    assert [round(one.score, 6) for one in kept.made] == [0.9]
    assert kept.hits == pytest.approx([0.9, 0.0, 0.0])
    assert kept.wanted == 3


def outcomes(score: float, right: int, wrong: int) -> list[Outcome]:
    return [Outcome(score, lax, lax, False) for lax in [True] * right + [False] * wrong]


def test_the_precision_above_a_score_is_the_mean_of_that_of_every_kind_however_many_beads_it_has() -> None:
    easy = outcomes(0.9, 900, 0) + outcomes(0.5, 75, 25)
    hard = outcomes(0.9, 30, 10) + outcomes(0.5, 5, 15)
    neutral = [Outcome(0.9, False, False, True)] * 500
    curve = fit_calibration(easy + neutral, hard)
    high, low = (float(curve.apply(np.array([score]))[0]) for score in (0.9, 0.5))
    reached = dict(curve.precision)
    assert {share for least, share in reached.items() if low < least <= high} == {round((1 + 30 / 40) / 2, 3)}
    assert {share for least, share in reached.items() if least <= low} == {round((975 / 1000 + 35 / 60) / 2, 3)}
    assert max(reached) <= high
    assert curve.threshold(0.85) > low >= curve.threshold(0.75)


def test_a_kind_of_which_too_few_beads_score_that_much_ends_what_is_told() -> None:
    curve = fit_calibration(outcomes(0.9, 90, 10) + outcomes(0.5, 30, 30), outcomes(0.9, 20, 0) + outcomes(0.5, 10, 10))
    assert max(least for least, _ in curve.precision) <= float(curve.apply(np.array([0.5]))[0])
