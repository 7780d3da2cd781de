"""Scorers of sentence pairs that have not seen the stories they are to judge."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from alignment.pair_fit import Rows, fit_trees, of_stories, where
from samestory.scorer import Trees

_FOLDS = 4
_THREADS = 2


def stories_apart(rows: Rows) -> list[list[str]]:
    """Return all stories in four parts; regrouped text of the same languages is in one."""
    names = sorted(set(rows.story.tolist()))
    regrouped = apart(sorted({_languages(name) for name in names if "/" in name}))
    part = {kind: n for n, own in enumerate(regrouped) for kind in own}
    reports = apart([name for name in names if "/" not in name])
    return [own + [name for name in names if part.get(_languages(name)) == n] for n, own in enumerate(reports)]


def apart(names: Sequence[str]) -> list[list[str]]:
    """Return `names` in four parts, dealt out in turn."""
    return [list(names[n::_FOLDS]) for n in range(_FOLDS)]


def left_out_trees(
    rows: Rows, folds: list[list[str]], features: tuple[str, ...], without: frozenset[str] = frozenset()
) -> dict[str, Trees]:
    """Return, for every story, trees that have not seen it: it is left out with the others of its fold.

    The features `without` are hidden from them.
    """

    def fitted(held: Sequence[str]) -> dict[str, Trees]:
        return dict.fromkeys(held, fit_trees(where(rows, ~of_stories(rows, held)), features, without))

    with ThreadPoolExecutor(_THREADS) as pool:  # LightGBM leaves the interpreter free
        return dict(chain.from_iterable(trees.items() for trees in pool.map(fitted, folds)))


def _languages(story: str) -> str:
    """Return the languages of regrouped text: the same lines are shuffled anew in each of its builds."""
    return story.partition("/")[0]
