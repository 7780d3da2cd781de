"""Scorers of sentence pairs that have not seen the stories they are to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from alignment.gold import own_readers
from alignment.pair_fit import Rows, fit_trees, where
from samestory.looks import Readers
from samestory.scorer import Trees
from samestory.store import Store

FOLDS = 4


def stories_apart(rows: Rows) -> list[list[str]]:
    """Return all stories in FOLDS parts; regrouped text of the same languages is in one."""
    names = sorted(set(rows.story.tolist()))
    regrouped = apart(sorted({_languages(name) for name in names if "/" in name}))
    part = {kind: n for n, own in enumerate(regrouped) for kind in own}
    reports = apart([name for name in names if "/" not in name])
    return [own + [name for name in names if part.get(_languages(name)) == n] for n, own in enumerate(reports)]


def apart(names: Sequence[str]) -> list[list[str]]:
    """Return `names` in FOLDS parts, dealt out in turn."""
    return [list(names[n::FOLDS]) for n in range(FOLDS)]


def left_out_trees(
    rows: Rows, folds: list[list[str]], features: tuple[str, ...], without: frozenset[str] = frozenset()
) -> dict[str, Trees]:
    """Return, for every story, trees that have not seen it: it is left out with the others of its fold.

    The features `without` are hidden from them.
    """
    unseen: dict[str, Trees] = {}
    for held in folds:
        unseen |= dict.fromkeys(held, fit_trees(where(rows, ~np.isin(rows.story, held)), features, without))
    return unseen


def left_out_readers(folds: list[list[str]], store: Store, work: Path) -> dict[str, Readers]:
    """Return, for every story, models that have not seen it; `work` holds what fit_cross_encoder.py wrote.

    What ships has not seen regrouped text.
    """
    every = own_readers(store)
    unseen: dict[str, Readers] = {}
    for n, held in enumerate(folds):
        without = own_readers(store, work / f"without-{n}.safetensors")
        unseen |= {name: every if "/" in name else without for name in held}
    return unseen


def _languages(story: str) -> str:
    """Return the languages of regrouped text: the same lines are shuffled anew in each of its builds."""
    return story.partition("/")[0]
