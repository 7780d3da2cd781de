"""Scorers: from evidence to a probability. Their weights are files made by scripts/fit_scorer.py and fit_ends.py.

Pairs of sentences and pairs of articles are scored by gradient-boosted trees (LightGBM, Ke et al. 2017), some of
whose features can only speak for, or only against, a pair; what the trees say of a chosen pair of sentences is then
calibrated by a logistic curve (Platt 1999) fitted on stories the trees had not seen.
"""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from samestory.errors import UsageError

if TYPE_CHECKING:
    from lightgbm import Booster

_FILES = ("pair.txt", "rerank.txt", "story.txt", "scorer.json", "exact.txt", "partial.txt", "ends.json")
_LEAST, _MOST = 1e-6, 1.0 - 1e-6  # keep log-odds finite

Values = npt.NDArray[np.float64]


def log_odds(probability: Values) -> Values:
    """Return the log-odds of probabilities, any shape; finite for what is certain too."""
    clipped = np.clip(probability, _LEAST, _MOST)
    return np.asarray(np.log(clipped / (1.0 - clipped)), dtype=np.float64)


class Calibration(msgspec.Struct, frozen=True):
    """What scores are worth: a logistic curve over the log-odds, and the precision reached above each score.

    `precision` holds (score, share of right pairs among those that score at least that), ascending; that
    share is the mean over pairs of languages.
    """

    slope: float
    offset: float
    precision: tuple[tuple[float, float], ...]

    def apply(self, probability: Values) -> Values:
        """Return calibrated probabilities, any shape."""
        odds = self.slope * log_odds(probability) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)

    def threshold(self, precision: float) -> float:
        """Return the least score above which pairs are right that often; raises UsageError where none is."""
        for score, reached in self.precision:
            if reached >= precision:
                return score
        best = max(reached for _, reached in self.precision)
        raise UsageError(f"--precision {precision:g} was never reached on gold: ask for {best:g} or less")


class Scorers(msgspec.Struct, frozen=True):
    """scorer.json: the features of the trees that score pairs of sentences, once and again, and of articles.

    And what the scores of pairs of sentences are worth.
    """

    features: tuple[str, ...]
    rerank_features: tuple[str, ...]
    story_features: tuple[str, ...]
    calibration: Calibration


class EndScorers(msgspec.Struct, frozen=True):
    """ends.json: the features of the trees that tell where pairs of sentences end, and which are partial."""

    features: tuple[str, ...]


class Trees:
    """A scorer over named features; `model` is LightGBM's text of it. LightGBM is loaded when something is scored."""

    def __init__(self, model: str, features: Sequence[str]) -> None:
        self.features = tuple(features)
        self.model = model

    @cached_property
    def _booster(self) -> Booster:
        import lightgbm

        return lightgbm.Booster(model_str=self.model)

    def probability(self, evidence: Values) -> Values:
        """Return the probability, not calibrated, of each row of `evidence`, shape (n, len(features)) -> (n,)."""
        if not len(evidence):
            return np.zeros(0)
        return np.asarray(self._booster.predict(evidence, num_threads=1), dtype=np.float64)

    def contributions(self, evidence: Values) -> Values:
        """Return what each feature adds to the log-odds of each row, shape (n, len(features)) -> the same."""
        if not len(evidence):
            return np.zeros((0, len(self.features)))
        told = self._booster.predict(evidence, pred_contrib=True, num_threads=1)
        return np.asarray(told, dtype=np.float64)[:, :-1]  # the last is the base

    @cached_property
    def base(self) -> float:
        """The mean log-odds of the rows that the trees were fitted on: what features add is measured from there."""
        told = self._booster.predict(np.zeros((1, len(self.features))), pred_contrib=True, num_threads=1)
        return float(np.asarray(told)[0, -1])

    def expect(self, features: Sequence[str]) -> Trees:
        """Return itself if it weighs just `features`; raises ValueError otherwise."""
        if self.features != tuple(features):
            raise ValueError(f"the trees were fitted on {self.features}, not on {tuple(features)}: fit them again")
        return self


@cache
def load() -> Scorers:
    """Return the features and the calibration that come with the package."""
    return msgspec.json.decode(_file("scorer.json"), type=Scorers)


@cache
def load_trees() -> Trees:
    """Return the scorer of sentence pairs that comes with the package."""
    return Trees(_file("pair.txt").decode(), load().features)


@cache
def load_reranker() -> Trees:
    """Return the scorer of the second look at sentence pairs that comes with the package."""
    return Trees(_file("rerank.txt").decode(), load().rerank_features)


@cache
def load_exact() -> Trees:
    """Return the scorer of where pairs of sentences end that comes with the package."""
    return _of_ends("exact.txt")


@cache
def load_partial() -> Trees:
    """Return the scorer of whether one side of such a pair says more that comes with the package."""
    return _of_ends("partial.txt")


@cache
def load_story_trees() -> Trees:
    """Return the scorer of article pairs that comes with the package."""
    return Trees(_file("story.txt").decode(), load().story_features)


def signature() -> str:
    """Return the hash that names the weights."""
    return f"sha256:{hashlib.sha256(b''.join(map(_file, _FILES))).hexdigest()[:12]}"


def _of_ends(name: str) -> Trees:
    return Trees(_file(name).decode(), msgspec.json.decode(_file("ends.json"), type=EndScorers).features)


def _file(name: str) -> bytes:
    return (importlib.resources.files("samestory") / "data" / name).read_bytes()
