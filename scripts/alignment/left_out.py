"""Scorers of sentence pairs that have not seen the stories they are to judge."""

from __future__ import annotations

import numpy as np

from alignment.pair_fit import Rows, fit_trees, where
from samestory.scorer import Trees

_FOLDS = 4


def stories_apart(rows: Rows) -> list[list[str]]:
    """Return all stories in _FOLDS parts; regrouped text of the same languages is in one."""
    names = sorted(set(rows.story.tolist()))
    kinds = sorted({_languages(name) for name in names if "/" in name}), [name for name in names if "/" not in name]
    part = {kind: n % _FOLDS for own in kinds for n, kind in enumerate(own)}
    return [[name for name in names if part[_languages(name)] == n] for n in range(_FOLDS)]


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


def _languages(story: str) -> str:
    """Return the languages of regrouped text: the same lines are shuffled anew in each of its builds."""
    return story.partition("/")[0]
