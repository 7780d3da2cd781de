"""A translator: an Argos package in memory, run by CTranslate2.

It translates sentences to English, and tells how likely it holds a given English to be the translation of a text.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from samestory.argos import Package
from samestory.errors import ModelError
from samestory.store import Translation

Tokens: TypeAlias = list[str]

_SCORED = 8  # texts in a batch: enough to read the weights seldom, few enough that all workers have some
_MAX_WORKERS = 8  # more would find no batch of a chunk left to do

# After a clause mark and its space; the marks of Chinese and Japanese have none behind them.
_CLAUSE_END = re.compile(r"(?<=[,;:—–،؛।])\s+|(?<=[、，；：])")
_SPACE = re.compile(r"\s+")


class Options(msgspec.Struct, frozen=True):
    """How sentences are translated; the one place where the defaults stand.

    `max_batch_size` counts `batch_type`. A sentence of more than `max_source_tokens` tokens, more than
    models are trained on, is translated in pieces, and no likelihood is told of it. `max_decoding_length`
    (tokens) stops a model that goes round in a circle. `compute_type` is CTranslate2's ("default" keeps the
    package's own).
    `threads` is the number of cores to use, 0 for all; it does not change the output.
    """

    beam_size: int = 2
    length_penalty: float = 0.2
    max_batch_size: int = 1024
    batch_type: Literal["tokens", "examples"] = "tokens"
    max_source_tokens: int = 200
    max_decoding_length: int = 256
    compute_type: str = "int8"
    threads: int = 0

    def key(self, *, in_pieces: bool) -> str:
        """Return the options that change the output, and whether the sentence was cut, as canonical JSON."""
        options = msgspec.structs.asdict(self) | {"in_pieces": in_pieces}
        del options["threads"]
        return msgspec.json.encode(options, order="deterministic").decode()


DEFAULTS = Options()


class Hypothesis(NamedTuple):
    """English, the sum of the natural logarithms of the probabilities of its tokens, and their number."""

    english: str
    log_probability: float
    tokens: int


class Translator:
    """A package in memory. Raises ModelError where it cannot be loaded."""

    def __init__(self, package: Package, options: Options) -> None:
        self._tokenizer, self._target_tokenizer = package.tokenizer, package.target_tokenizer
        self._prefix = [package.target_prefix] if package.target_prefix else []
        self._options = options
        self._translator = _load(package, options)

    def pieces(self, sentence: str) -> list[Tokens]:
        """Cut `sentence` into as few pieces as the model takes, nearly always one, and these into tokens."""
        encode, limit = self._tokenizer.encode, self._options.max_source_tokens
        tokens = encode(sentence)
        if len(tokens) <= limit:
            return [tokens]
        return [encode(piece) for piece in _cut(sentence, lambda text: len(encode(text)) <= limit)]

    def translate(self, sentences: Mapping[str, Sequence[Tokens]]) -> dict[str, Translation]:
        """Translate sentences, each given with the tokens of its pieces; return their English by sentence."""
        flat = [tokens for pieces in sentences.values() for tokens in pieces]
        hypotheses = iter(self._hypotheses(flat))
        return {sentence: _joined(list(islice(hypotheses, len(pieces)))) for sentence, pieces in sentences.items()}

    def log_probabilities(self, texts: Sequence[tuple[str, str]]) -> list[float]:
        """Return, for each text and its English, the mean natural-log probability of the English tokens, end mark too.

        0 is certain, lower is less likely; NaN where either has more tokens than `max_source_tokens`.
        """
        limit = self._options.max_source_tokens
        tokens = [(self._tokenizer.encode(text), self._target_tokenizer.encode(english)) for text, english in texts]
        known = [n for n, (text, english) in enumerate(tokens) if max(len(text), len(english)) <= limit]
        told = self._translator.score_batch(
            [tokens[n][0] for n in known],
            [self._prefix + tokens[n][1] for n in known],
            max_batch_size=_SCORED,
            batch_type="examples",
            max_input_length=0,
        )
        means = [math.nan] * len(tokens)
        for n, result in zip(known, told, strict=True):
            of_english = result.log_probs[len(self._prefix) :]
            means[n] = sum(of_english) / len(of_english)
        return means

    def _hypotheses(self, batch: list[Tokens]) -> list[Hypothesis]:
        results = self._translator.translate_batch(
            batch,
            target_prefix=[self._prefix] * len(batch) if self._prefix else None,
            beam_size=self._options.beam_size,
            length_penalty=self._options.length_penalty,
            max_batch_size=self._options.max_batch_size,
            batch_type=self._options.batch_type,
            max_input_length=0,  # `pieces` cuts what is too long; nothing is dropped unseen
            max_decoding_length=self._options.max_decoding_length,
            replace_unknowns=True,
            return_scores=True,
        )
        return [self._hypothesis(result.hypotheses[0], result.scores[0]) for result in results]

    def _hypothesis(self, tokens: Tokens, score: float) -> Hypothesis:
        # CTranslate2 divides the sum of log-probabilities by length ** length_penalty; the length counts
        # the prefix and the end mark, the sum counts the end mark alone.
        length = len(tokens) + 1
        # The prefix goes before decoding: Argos' decode() turns its underscores into spaces.
        english = self._tokenizer.decode(tokens[len(self._prefix) :]).strip()
        return Hypothesis(english, score * length**self._options.length_penalty, length - len(self._prefix))


def _joined(hypotheses: Sequence[Hypothesis]) -> Translation:
    english = " ".join(hypothesis.english for hypothesis in hypotheses if hypothesis.english)
    log_probability = sum(hypothesis.log_probability for hypothesis in hypotheses)
    return Translation(english, log_probability / sum(hypothesis.tokens for hypothesis in hypotheses))


def _load(package: Package, options: Options) -> Any:
    import ctranslate2

    threads = options.threads or os.cpu_count() or 1
    workers = min(threads, _MAX_WORKERS)
    try:
        package.tokenizer.encode("")  # reads its file on first use
        return ctranslate2.Translator(
            str(package.path / "model"),
            device="cuda" if ctranslate2.get_cuda_device_count() else "cpu",
            compute_type=options.compute_type,
            inter_threads=workers,
            intra_threads=threads // workers,
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelError(
            f"Argos package {package.path} cannot be loaded ({error}): install it again, or remove the folder"
        ) from error


def _cut(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Halve `text` until every piece fits."""
    if len(text) < 2 or fits(text):
        return [text]
    at = _middle(text)
    return [*_cut(text[:at].strip(), fits), *_cut(text[at:].strip(), fits)]


def _middle(text: str) -> int:
    """The end of the clause nearest to the middle of `text`; else of the word; else the middle itself."""
    quarter, middle = max(1, len(text) // 4), len(text) // 2
    for mark in (_CLAUSE_END, _SPACE):
        ends = [found.end() for found in mark.finditer(text, quarter, len(text) - quarter)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return middle
