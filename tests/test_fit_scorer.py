"""Fitting the scorers: what a story is measured by has not seen it."""

from __future__ import annotations

import numpy as np
import pytest

from alignment import left_out
from alignment.pair_fit import Outcome, Result, Rows, as_objects, calibrated
from samestory.scorer import Calibration

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


def test_what_scores_too_little_is_neither_made_nor_found() -> None:
    made = [Outcome(0.9, True, True, False), Outcome(0.5, False, True, False)]
    kept = calibrated(Result(made, [0.9, 0.5, 0.0]), Calibration(1.0, 0.0, ()), 0.6)
    assert [round(one.score, 6) for one in kept.made] == [0.9]
    assert kept.hits == pytest.approx([0.9, 0.0, 0.0])
    assert kept.wanted == 3
