"""A cross-encoder: a network that reads two English texts together and says whether they report the same fact.

A vector says what a text is about; read together, every word of one is seen beside every word of the other (Nogueira
and Cho 2019, https://arxiv.org/abs/1901.04085). It is all-MiniLM-L6-v2, trained further by
`scripts/fit_cross_encoder.py`; what comes with this package is the difference, matrices in int8.
"""

from __future__ import annotations

import importlib.resources
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError

from samestory.answers import Texts, Values, answers
from samestory.encoders import english_folder
from samestory.errors import ModelError
from samestory.files import sha256
from samestory.store import Store

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)

LABELS = ("one fact", "overlap", "contradiction")
"""What it was taught to tell of two texts: that they report the same fact, share one, contradict one another in one."""

# Tokens of both texts, some more than in training; nearly all have fewer. The end of longer ones is not read.
_LONGEST = 256


def shipped() -> Path:
    """Return the weights that come with the package."""
    return Path(str(importlib.resources.files("samestory") / "data" / "cross_encoder.safetensors"))


def signature() -> str:
    """Return the hash that names these weights."""
    return f"sha256:{_digest(shipped())[:12]}"


class CrossEncoder:
    """The cross-encoder of some `weights`, loaded when it is asked; what it told is kept in the `store`.

    `threads` pairs of texts are read at a time. Raises ModelError where the weights, or those of the model they were
    trained from, are not whole.
    """

    def __init__(self, store: Store, weights: Path, threads: int = 1) -> None:
        self._store = store
        self._weights = weights
        self._threads = threads
        self._options = f"cross-encoder, {_LONGEST} tokens"

    def __call__(self, texts: Texts) -> Values:
        """Return the log-odds of LABELS for n pairs of English texts, shape (n, len(LABELS)), whichever comes first."""
        ordered = [(min(both), max(both)) for both in texts]
        return answers(self._store, self._digest, self._options, ordered, len(LABELS), self._ask)

    def _ask(self, texts: Texts) -> Values:
        import torch

        torch.set_num_threads(1)  # how a sum is split over threads shows in its last bits
        tokenizer, _ = self._model
        read = [
            tokenizer(*both, truncation="longest_first", max_length=_LONGEST, return_tensors="pt") for both in texts
        ]
        with ThreadPoolExecutor(self._threads) as pool:
            return np.array(list(pool.map(self._logits, read)), dtype=np.float64)

    def _logits(self, both: Mapping[str, Tensor]) -> list[float]:
        """Return the log-odds of two texts, read alone: others in a batch would change the last bits."""
        import torch

        _, network = self._model
        with torch.inference_mode():
            logits: list[float] = network(**both).logits[0].tolist()
        return logits

    @cached_property
    def _digest(self) -> str:
        return _digest(self._weights)

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        """The tokenizer and the network."""
        from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

        log.info("loading cross-encoder sha256:%s", self._digest[:12])
        folder = english_folder()
        config = AutoConfig.from_pretrained(folder, num_labels=len(LABELS), local_files_only=True)
        network = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
        try:
            network.load_state_dict(trained_weights(folder, self._weights))
        except (OSError, KeyError, RuntimeError, SafetensorError) as error:
            reason = str(error).partition("\n")[0]
            raise ModelError(f"{self._weights} cannot be read ({reason}): install samestory again") from error
        return AutoTokenizer.from_pretrained(folder, local_files_only=True), network.eval()


def trained_weights(folder: Path, path: Path) -> dict[str, Tensor]:
    """Return the weights of the published network in `folder` with the differences in the file at `path`.

    Its head, which the published one has not, is there as it is. Matrices of differences have a scale for each row.
    """
    import torch
    from safetensors.torch import load_file

    kept = load_file(path)
    published = {f"bert.{name}": tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    published.pop("bert.embeddings.position_ids", None)  # counted by the network itself
    trained = dict(published)
    for name in [name for name in kept if not name.endswith(".scale")]:
        whole = kept[name].dtype != torch.int8
        difference = kept[name] if whole else kept[name].float() * kept[f"{name}.scale"]
        trained[name] = published[name] + difference if name in published else difference
    return trained


def _digest(weights: Path) -> str:
    try:
        return sha256(weights)
    except OSError as error:
        raise ModelError(f"{weights} cannot be read ({error.strerror}): install samestory again") from error
