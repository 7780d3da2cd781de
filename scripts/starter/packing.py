"""Pack trained weights as an Argos package: metadata.json, sentencepiece.model and an int8 CTranslate2 model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import sentencepiece

from starter.conversion import convert
from starter.network import load, new_network

VERSION = "0.1.starter"
NAMES = {"fr": "French", "id": "Indonesian"}


def pack(lang: str, weights: Path, vocabulary: Path, folder: Path) -> Path:
    """Write the package for `lang` to English into `folder`, in place of one that is there; return its path."""
    package = folder / f"{lang}_en.partial"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    network = new_network()
    load(weights, network)
    network.eval()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    names = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    convert(network, {name: n for n, name in enumerate([*names, "<pad>"])}, package / "model", _loader())
    shutil.copyfile(vocabulary, package / "sentencepiece.model")
    metadata = {
        "package_version": VERSION,
        "argos_version": "1.9",
        "from_code": lang,
        "from_name": NAMES[lang],
        "to_code": "en",
        "to_name": "English",
    }
    (package / "metadata.json").write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
    done = folder / f"{lang}_en"
    shutil.rmtree(done, ignore_errors=True)
    return package.rename(done)


def _loader() -> Any:
    """CTranslate2's loader for Marian, for layers that normalise what they read."""
    from ctranslate2.converters.transformers import BartLoader, MarianMTLoader

    class PreNorm(MarianMTLoader):  # type: ignore[misc]
        def get_model_spec(self, model: Any) -> Any:
            model.config.normalize_before, model.config.normalize_embedding = True, False
            spec = BartLoader.get_model_spec(self, model)
            self._remove_pad_weights(spec)
            return spec

        def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
            super().set_config(config, model, tokenizer)
            config.add_source_eos = True  # sources were trained with their end mark, and Argos adds none

    return PreNorm()
