"""Scorers of sentence pairs that have not seen the stories they are to judge."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import msgspec

from alignment.pair_fit import Rows, fit_trees, of_stories, where
from samestory.features import FEATURES, RERANK_FEATURES
from samestory.looks import FirstLook, Readers, SecondLook
from samestory.scorer import Trees

_FOLDS = 4
_THREADS = 2
_FIRST, _SECOND, _STORIES = "pair-{}.txt", "rerank-{}.txt", "stories.json"


class _Kept(msgspec.Struct):
    """stories.json: the stories of each fold, and what the trees weigh."""

    folds: list[list[str]]
    features: tuple[str, ...]
    rerank_features: tuple[str, ...]


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


def write_trees(folder: Path, folds: list[list[str]], first: dict[str, Trees], second: dict[str, Trees]) -> None:
    """Write the trees of the first two looks, for each of the `folds` those that have not seen its stories.

    `first` and `second` have the trees of every story.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for n, held in enumerate(folds):
        (folder / _FIRST.format(n)).write_text(first[held[0]].model)
        (folder / _SECOND.format(n)).write_text(second[held[0]].model)
    (folder / _STORIES).write_bytes(msgspec.json.encode(_Kept(folds, FEATURES, RERANK_FEATURES)))


def read_looks(folder: Path, readers: Readers) -> tuple[list[list[str]], dict[str, SecondLook]]:
    """Return the folds and, for every story, the first two looks by the trees in `folder` that have not seen it.

    Raises SystemExit where there are none, and ValueError where they weigh other features than there are now.
    """
    if not (folder / _STORIES).is_file():
        raise SystemExit(f"{folder} lacks {_STORIES}: run scripts/fit_scorer.py first, or name its --work")
    kept = msgspec.json.decode((folder / _STORIES).read_bytes(), type=_Kept)
    looks: dict[str, SecondLook] = {}
    for n, held in enumerate(kept.folds):
        first = Trees((folder / _FIRST.format(n)).read_text(), kept.features)
        second = Trees((folder / _SECOND.format(n)).read_text(), kept.rerank_features)
        looks |= dict.fromkeys(held, SecondLook(FirstLook(first), second, readers))
    return kept.folds, looks


def _languages(story: str) -> str:
    """Return the languages of regrouped text: the same lines are shuffled anew in each of its builds."""
    return story.partition("/")[0]
