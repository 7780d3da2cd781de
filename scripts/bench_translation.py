#!/usr/bin/env python3
"""Compare our translate stage with argostranslate sentence by sentence: same package, same beam, same sentences.

No full-size package can be fetched here, so one is made: random int8 weights in the size of Argos's own
(6 + 6 layers of 512, 32,000 pieces). Its English is nonsense, but costs what real English costs: the end
mark is made likelier with every token, so that sentences get 15 to 35 tokens.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel

from samestory.argos import Package, open_package
from samestory.records import Article, Sentence
from samestory.store import Store
from samestory.translate import translate
from samestory.translator import Options
from starter.conversion import convert

SENTENCES = 500
PIECES = 32_000
RIDGE = 0.01
LENGTH = 25  # tokens, about, of a made-up translation
EOS, UNK, PAD = "</s>", "<unk>", "<pad>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help="an Argos package to use in place of the made-up one")
    parser.add_argument("--beam", type=int, default=2)
    options = parser.parse_args()
    texts = sentences()
    with tempfile.TemporaryDirectory() as folder:
        package = open_package(options.package or make_package(Path(folder) / "fr_en", texts))
        ours, our_seconds = by_samestory(package, texts, options.beam, Path(folder) / "cache.sqlite")
        theirs, their_seconds = by_argos(package, texts, options.beam)
    equal = sum(one == other for one, other in zip(ours, theirs, strict=True))
    print(f"{SENTENCES} sentences, beam {options.beam}, int8; equal hypotheses: {equal} of {SENTENCES}\n")
    print("| way | seconds | sentences/s |\n|---|---:|---:|")
    print(f"| samestory.translate | {our_seconds:.1f} | {SENTENCES / our_seconds:.1f} |")
    print(f"| argostranslate, sentence by sentence | {their_seconds:.1f} | {SENTENCES / their_seconds:.1f} |")
    print(f"\n{their_seconds / our_seconds:.1f} times as fast")


def by_samestory(package: Package, texts: Sequence[str], beam: int, cache: Path) -> tuple[list[str], float]:
    made = tuple(Sentence(n, text, 0, 0, "body") for n, text in enumerate(texts))
    article = Article("a-0", package.lang, "", None, None, None, "", "", "", (), made)
    began = time.perf_counter()
    with Store(cache) as store:
        (done,) = translate([article], {package.lang: package}, store, Options(beam_size=beam))
    return [sentence.english or "" for sentence in done.sentences], time.perf_counter() - began


def by_argos(package: Package, texts: Sequence[str], beam: int) -> tuple[list[str], float]:
    """Translate as argostranslate.translate does, but for its sentence splitter, which would be fetched."""
    import ctranslate2
    from argostranslate import settings
    from argostranslate.package import Package as ArgosPackage
    from argostranslate.translate import apply_packaged_translation

    class Whole:
        def split_sentences(self, text: str) -> list[str]:
            return [text]

    settings.beam_size = beam
    began = time.perf_counter()
    translator = ctranslate2.Translator(
        str(package.path / "model"),
        device="cpu",
        compute_type="int8",
        inter_threads=settings.inter_threads,
        intra_threads=settings.intra_threads,
    )
    opened = ArgosPackage(package.path)
    english = [apply_packaged_translation(opened, text, translator, Whole(), 1)[0].value.strip() for text in texts]
    return english, time.perf_counter() - began


def sentences() -> list[str]:
    """Return different sentences of the sample corpus, and two in a row where it has too few."""
    lines = [line for path in sorted(Path("corpus").glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    texts = [sentence["text"] for line in lines for sentence in msgspec.json.decode(line)["sentences"]]
    doubled = [f"{one} {other}" for one, other in itertools.pairwise(texts)]
    return list(dict.fromkeys(texts + doubled))[:SENTENCES]


def make_package(folder: Path, texts: Sequence[str]) -> Path:
    """Write an Argos package with random weights and return its folder."""
    folder.mkdir(parents=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=PIECES, hard_vocab_limit=False, minloglevel=2
    )
    (folder / "sentencepiece.model").write_bytes(model.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [processor.id_to_piece(n) for n in range(3, processor.get_piece_size())]
    fill = [f"▁{n}" for n in range(PIECES)]
    names = list(dict.fromkeys([EOS, UNK, *pieces, *fill]))[: PIECES - 1]
    vocabulary = {name: n for n, name in enumerate([*names, PAD])}
    convert(random_model(vocabulary), vocabulary, folder / "model")
    metadata = {"package_version": "0", "argos_version": "1.9", "from_code": "fr", "to_code": "en"}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return folder


def random_model(vocabulary: dict[str, int]) -> Any:
    """Return a random model whose end mark overtakes the other tokens at about LENGTH tokens.

    The decoder's states hold the position almost linearly; the least-squares line through it becomes
    the end mark's row.
    """
    torch.manual_seed(1)
    pad = vocabulary[PAD]
    layer: dict[str, Any] = {"layers": 6, "attention_heads": 8, "ffn_dim": 2048}
    config = MarianConfig(
        vocab_size=len(vocabulary),
        d_model=512,
        activation_function="swish",
        scale_embedding=True,
        max_position_embeddings=512,
        pad_token_id=pad,
        eos_token_id=vocabulary[EOS],
        forced_eos_token_id=None,
        decoder_start_token_id=pad,
        **{f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in layer.items()},
    )
    model: Any = MarianMTModel(config)
    model.eval()
    with torch.no_grad():
        rows = model.get_input_embeddings().weight
        rows[pad] = 0.0  # CTranslate2 starts Marian from a zero embedding
        source, target = (torch.randint(2, pad, (8, length)) for length in (30, 80))
        target[:, 0] = pad
        states = model.model(input_ids=source, decoder_input_ids=target).last_hidden_state.reshape(-1, 512).numpy()
        position = np.tile(np.arange(80.0), 8)
        with_bias = np.c_[states, np.ones(len(states))]
        ridge = with_bias.T @ with_bias + RIDGE * np.eye(513)
        line = np.linalg.solve(ridge, with_bias.T @ position)
        steep = float((states @ rows.numpy().T).max(axis=1).mean()) / 5
        rows[vocabulary[EOS]] = torch.tensor(line[:512] * steep, dtype=rows.dtype)
        model.final_logits_bias[0, vocabulary[EOS]] = float((line[512] - LENGTH) * steep)
    return model


if __name__ == "__main__":
    main()
