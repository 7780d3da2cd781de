"""The weights of the lattice: a small file made by scripts/fit_monotone.py, named in signatures by its hash."""

from __future__ import annotations

import hashlib
import importlib.resources

import msgspec

from samestory.monotone.evidence import FEATURES, KINDS, Habits


class Stage(msgspec.Struct, frozen=True):
    """Weights of the features for each kind of bead, len(KINDS) rows of len(FEATURES), and of an unmatched sentence.

    `unmatched` weighs 1, the best similarity the sentence has, and the share of unmatched sentences of both texts.
    """

    beads: tuple[tuple[float, ...], ...]
    unmatched: tuple[float, float, float]


class Weights(msgspec.Struct, frozen=True):
    """The weights of a first alignment, from which the habits of the texts are learnt, and of the one that uses them.

    `habits` (level, spread, unmatched, long) are those of texts nothing is known of.
    """

    kinds: tuple[str, ...]
    features: tuple[str, ...]
    habits: tuple[float, float, float, float]
    first: Stage
    second: Stage

    def start(self, ratio: float) -> Habits:
        """Return the habits to begin with, for texts of that log ratio of lengths."""
        return Habits(ratio, *self.habits)


def load() -> Weights:
    """Return the weights that come with the package; raises ValueError where they are for other features."""
    weights = msgspec.json.decode(_file(), type=Weights)
    if (weights.kinds, weights.features) != (KINDS, FEATURES):
        raise ValueError("monotone.json was fitted on other features: run scripts/fit_monotone.py again")
    return weights


def signature() -> str:
    """Return the hash that names the weights."""
    return f"sha256:{hashlib.sha256(_file()).hexdigest()[:12]}"


def _file() -> bytes:
    return (importlib.resources.files("samestory") / "data" / "monotone.json").read_bytes()
