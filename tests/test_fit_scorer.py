"""Fitting the scorers: what a story is measured by has not seen it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from alignment import left_out
from alignment.pair_fit import Outcome, Result, Rows, as_objects, calibrated
from cross.examples import without
from samestory.cross_encoder import CrossEncoder, shipped
from samestory.scorer import Calibration
from samestory.store import Store

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


def weights(work: Path, parts: list[list[str]]) -> Path:
    """A folder as fit_cross_encoder.py leaves it; the weights are empty."""
    for part in range(left_out.FOLDS):
        (work / without(part)).touch()
    (work / left_out.STORIES).write_text(json.dumps(parts))
    return work


def test_a_story_is_read_by_a_cross_encoder_that_has_not_seen_it(tmp_path: Path, store: Store) -> None:
    all_rows = rows([*STORIES, *REGROUPED])
    folds = left_out.stories_apart(all_rows)
    parts = left_out.apart(STORIES)
    work = weights(tmp_path, parts)
    left_out.check_left_out(work)
    readers = left_out.left_out_readers(folds, store, work)
    assert readers.keys() == {*STORIES, *REGROUPED}
    read_by = {name: one.cross._weights for name, one in readers.items() if isinstance(one.cross, CrossEncoder)}
    assert [read_by[story] for part in parts for story in part] == [
        work / without(n) for n, part in enumerate(parts) for _ in part
    ]
    assert {read_by[story] for story in REGROUPED} == {shipped()}


def test_weights_that_were_trained_on_other_stories_are_refused(tmp_path: Path, store: Store) -> None:
    folds = left_out.stories_apart(rows(STORIES))
    work = weights(tmp_path, left_out.apart([*STORIES, "story 99"]))
    with pytest.raises(SystemExit, match="other stories"):
        left_out.left_out_readers(folds, store, work)


def test_what_is_lacking_is_told_before_anything_is_fitted(tmp_path: Path) -> None:
    weights(tmp_path, []).joinpath(without(2)).unlink()
    with pytest.raises(SystemExit, match=r"lacks without-2\.safetensors: run scripts/fit_cross_encoder\.py first"):
        left_out.check_left_out(tmp_path)
