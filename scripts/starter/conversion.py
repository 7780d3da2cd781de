"""Convert a Marian network in memory to a CTranslate2 model, with CTranslate2's own Transformers converter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starter.vocabulary import EOS, UNK


def convert(network: Any, vocabulary: dict[str, int], out: Path, loader: Any = None) -> None:
    """Write `network` to the folder `out`, int8.

    `vocabulary` is every token and its row, the padding last. `loader` is one of
    ctranslate2.converters.transformers; None stands for its MarianMTLoader.
    """
    from ctranslate2.converters import TransformersConverter
    from ctranslate2.converters.transformers import MarianMTLoader

    class Tokenizer:
        bos_token, eos_token, unk_token = None, EOS, UNK

        def get_vocab(self) -> dict[str, int]:
            return vocabulary

    class InMemory(TransformersConverter):  # type: ignore[misc]
        def _load(self) -> Any:
            import torch

            with torch.no_grad():
                return (loader or MarianMTLoader())(network, Tokenizer())

    InMemory("in memory").convert(str(out), quantization="int8")
