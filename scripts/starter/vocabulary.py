"""The one SentencePiece vocabulary of the starter models: French, Indonesian and English share its pieces."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import sentencepiece

from starter.corpora import Pair

SIZE = 11_999  # with <pad> 12,000 rows: a multiple of 8 is fast
EOS, UNK = "</s>", "<unk>"
_LINES = 900_000
_PER_PAIR = {"fr": 1, "id": 3}  # Indonesian has a fourth of the text, but needs its words as much


def train_vocabulary(pairs: Sequence[Pair], path: Path) -> None:
    """Train the unigram model (Kudo 2018) with byte fallback, and write it to `path`."""
    lines = list(_lines(pairs))
    random.Random(1).shuffle(lines)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines[:_LINES]),
            model_writer=file,
            vocab_size=SIZE,
            character_coverage=0.9998,
            byte_fallback=True,
            split_digits=True,
            eos_id=0,
            unk_id=1,
            bos_id=-1,
            pad_id=-1,
            eos_piece=EOS,
            unk_piece=UNK,
            minloglevel=2,
        )
    partial.replace(path)


def _lines(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        for _ in range(_PER_PAIR[pair.lang] if pair.share >= 0.5 else 1):
            yield pair.source
        yield pair.english
