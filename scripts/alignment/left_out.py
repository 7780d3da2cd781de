"""Scorers of sentence pairs that have not seen the stories they are to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from alignment.gold import own_readers
from alignment.pair_fit import Rows, fit_trees, where
from cross.examples import without
from samestory.cross_encoder import CrossEncoder
from samestory.looks import Readers
from samestory.scorer import Trees
from samestory.store import Store

FOLDS = 4
STORIES = "stories.json"  # those of each part


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


def check_left_out(work: Path) -> None:
    """Exit where the folder `work` lacks what fit_cross_encoder.py writes there."""
    missing = [name for name in (STORIES, *map(without, range(FOLDS))) if not (work / name).is_file()]
    if missing:
        raise SystemExit(
            f"{work} lacks {', '.join(missing)}: run scripts/fit_cross_encoder.py first, or name its --work"
        )


def left_out_readers(folds: list[list[str]], store: Store, work: Path) -> dict[str, Readers]:
    """Return, for every story, models that have not seen it; `work` holds what fit_cross_encoder.py wrote.

    What ships has not seen regrouped text. Exits where `work` was made with other stories left out.
    """
    if msgspec.json.decode((work / STORIES).read_bytes()) != [[n for n in held if "/" not in n] for held in folds]:
        raise SystemExit(f"{work} was made with other stories left out: run scripts/fit_cross_encoder.py again")
    every = own_readers(store)
    unseen: dict[str, Readers] = {}
    for n, held in enumerate(folds):
        blind = every._replace(cross=CrossEncoder(store, work / without(n), 2))
        unseen |= {name: every if "/" in name else blind for name in held}
    return unseen


def _languages(story: str) -> str:
    """Return the languages of regrouped text: the same lines are shuffled anew in each of its builds."""
    return story.partition("/")[0]
