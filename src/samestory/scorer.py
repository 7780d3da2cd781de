"""Logistic scorers: from evidence to a probability.

The weights are a small file made by scripts/fit_scorer.py; the manifest names it by its hash.
"""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt


class Logistic(msgspec.Struct, frozen=True):
    """A logistic regression over named features."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the probability of each row of `evidence`, shape (..., len(features)) -> (...)."""
        odds = evidence @ np.array(self.weights) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)

    def expect(self, features: Sequence[str]) -> Logistic:
        """Return itself if it weighs just `features`; raises ValueError otherwise."""
        if self.features != tuple(features):
            raise ValueError(f"the scorer was fitted on {self.features}, not on {tuple(features)}: fit it again")
        return self


class Scorers(msgspec.Struct, frozen=True):
    """The scorer of sentence pairs and that of article pairs."""

    pair: Logistic
    story: Logistic


def load() -> Scorers:
    """Return the scorers that come with the package."""
    return msgspec.json.decode(_file(), type=Scorers)


def signature() -> str:
    """Return the hash that names the weights."""
    return f"sha256:{hashlib.sha256(_file()).hexdigest()[:12]}"


def _file() -> bytes:
    return (importlib.resources.files("samestory") / "data" / "scorer.json").read_bytes()
