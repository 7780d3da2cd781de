"""Turn pairs into batches of token ids, without end: each epoch in another order, cut and varied anew."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import sentencepiece
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from starter.augment import varied
from starter.corpora import Pair
from starter.vocabulary import SIZE

PAD = SIZE
EOS = 0
IGNORED = -100
LENGTHS = (8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 176)
"""The lengths batches have, tokens: few, so that few different steps are recorded."""
_ALPHA = 0.2  # of subword sampling (Kudo 2018): the higher, the closer to the best segmentation
_CHUNK = 2048  # pairs cut into pieces at once

Row = tuple[list[int], list[int]]


class Batch(NamedTuple):
    """Token ids, (sentences, length): sources padded with PAD; targets as decoder input and as labels."""

    source: torch.Tensor
    decoder_input: torch.Tensor
    labels: torch.Tensor


class Batches(IterableDataset[Batch]):
    """Endless batches of about `tokens` target tokens, padding counted, all of one of LENGTHS.

    `sampled` is the share of the text that is cut into sampled pieces. Each worker takes its own share
    of the pairs.
    """

    def __init__(
        self, pairs: Sequence[Pair], names: Sequence[str], vocabulary: Path, tokens: int, seed: int, sampled: float
    ) -> None:
        self._pairs, self._names, self._vocabulary = pairs, names, vocabulary
        self._tokens, self._seed, self._sampled = tokens, seed, sampled

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        rng = random.Random(f"{self._seed} {number}")
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(self._vocabulary))
        sentencepiece.SetRandomGeneratorSeed(self._seed * 1000 + number)
        mine = self._pairs[number::of]
        if not mine:
            raise ValueError(f"{len(self._pairs)} pairs are too few for {of} workers")
        waiting: dict[int, list[Row]] = {length: [] for length in LENGTHS}
        while True:
            epoch = [pair for pair in mine for _ in range(_times(pair.share, rng))]
            rng.shuffle(epoch)
            for start in range(0, len(epoch), _CHUNK):
                for row in self._rows(epoch[start : start + _CHUNK], pieces, rng):
                    length = _length_for(row)
                    if length is None:
                        continue
                    rows = waiting[length]
                    rows.append(row)
                    if len(rows) == _most_rows(self._tokens, length):
                        yield _to_batch(rows, length)
                        rows.clear()

    def _rows(
        self, pairs: Sequence[Pair], pieces: sentencepiece.SentencePieceProcessor, rng: random.Random
    ) -> Iterator[Row]:
        texts = [varied(pair.source, pair.english, self._names, rng) for pair in pairs]
        sampling = rng.random() < self._sampled
        yield from _cut_up(pieces, texts, sampling)


def loader(batches: Batches, workers: int) -> Iterator[Batch]:
    """Return `batches`, made ahead by `workers` processes."""
    ahead = {"prefetch_factor": 6} if workers else {}
    return iter(DataLoader(batches, batch_size=None, num_workers=workers, **ahead))  # type: ignore[arg-type]


def held_out(pairs: Sequence[Pair], vocabulary: Path, tokens: int) -> list[Batch]:
    """Return `pairs` once, as they are, in batches of at most `tokens` tokens a side."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    by_length: dict[int, list[Row]] = {}
    for row in _cut_up(pieces, [(pair.source, pair.english) for pair in pairs], sampling=False):
        length = _length_for(row)
        if length is not None:
            by_length.setdefault(length, []).append(row)
    return [
        _to_batch(own[start : start + _most_rows(tokens, length)], length)
        for length, own in sorted(by_length.items())
        for start in range(0, len(own), _most_rows(tokens, length))
    ]


def _length_for(row: Row) -> int | None:
    """The least of LENGTHS that holds both sides; None where they are too long for any."""
    return next((length for length in LENGTHS if length >= max(map(len, row))), None)


def _most_rows(tokens: int, length: int) -> int:
    return max(1, tokens // length)


def _to_batch(rows: Sequence[Row], length: int) -> Batch:
    """Pad (source ids, target ids), each with its end mark, to a batch of `length`."""
    labels = _padded([target for _, target in rows], length, IGNORED)
    decoder_input = torch.full_like(labels, PAD)
    decoder_input[:, 1:] = labels[:, :-1].masked_fill(labels[:, :-1] == IGNORED, PAD)
    return Batch(_padded([source for source, _ in rows], length, PAD), decoder_input, labels)


def _cut_up(
    pieces: sentencepiece.SentencePieceProcessor, texts: Sequence[tuple[str, str]], sampling: bool
) -> Iterator[Row]:
    """Cut both sides of `texts` into token ids, each with its end mark."""
    how = {"enable_sampling": True, "alpha": _ALPHA, "nbest_size": -1} if sampling else {}
    sources, targets = (pieces.encode(list(side), num_threads=1, **how) for side in zip(*texts, strict=True))  # type: ignore[arg-type]
    for source, target in zip(sources, targets, strict=True):
        yield [*source, EOS], [*target, EOS]


def _times(share: float, rng: random.Random) -> int:
    return int(share) + (rng.random() < share % 1)


def _padded(rows: Sequence[Sequence[int]], length: int, fill: int) -> torch.Tensor:
    return torch.tensor([[*row, *[fill] * (length - len(row))] for row in rows], dtype=torch.int16)
