"""Machine-translate every sentence to English: offline, through Argos packages, each sentence once.

The sentences of all articles of a language are translated together, without repetition and in order
of length, in chunks. What is in the cache is not translated again, and where all of it is there no
model is taken into memory.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from samestory.argos import Package
from samestory.errors import ModelError
from samestory.mt_flags import flags
from samestory.records import Article, Mt, Progress, Sentence
from samestory.store import Store, Translation

log = logging.getLogger(__name__)

Tokens: TypeAlias = list[str]

_ENGLISH = "en"
_CHUNK = 256  # sentences: some batches' worth, so that a killed build loses little
_MAX_WORKERS = 8  # more would find no batch of a chunk left to do

# After a clause mark and its space; the marks of Chinese and Japanese have none behind them.
_CLAUSE_END = re.compile(r"(?<=[,;:—–،؛।])\s+|(?<=[、，；：])")
_SPACE = re.compile(r"\s+")


class Options(msgspec.Struct, frozen=True):
    """How sentences are translated; the one place where the defaults stand.

    `max_batch_size` counts `batch_type`. A sentence of more than `max_source_tokens` tokens, more than
    models are trained on, is translated in pieces. `max_decoding_length` (tokens) stops a model that
    goes round in a circle. `compute_type` is CTranslate2's ("default" keeps the package's own).
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


def translate(
    articles: Iterable[Article],
    packages: Mapping[str, Package],
    store: Store,
    options: Options = DEFAULTS,
    progress: Progress = lambda *_: None,
) -> Iterator[Article]:
    """Fill in `english` and `mt` of every sentence, of every role, and yield the articles in their order.

    `packages` holds a package to English by language (`samestory.argos.find_packages`). English articles,
    and sentences without a letter or digit, are their own English, with `mt` null. Where a language has no
    package its `english` stays null, and one warning names the cure. Where the model returns nothing
    `english` is null and flagged mt-empty.

    `mt.model` is the package's signature. `mt.score` is the mean natural-log probability of the English
    tokens, end mark included: 0 is certain, lower is worse. `mt.flags` are those of `samestory.mt_flags`, and
    mt-split where a sentence too long for the model was translated in pieces.

    All articles are read before the first is yielded. Raises ModelError where a package is damaged.
    """
    articles = list(articles)
    wanted = _sentences_by_language(articles)
    for lang in sorted(wanted.keys() - packages.keys()):
        _warn_missing(lang, len(wanted.pop(lang)))
    done, total = 0, sum(map(len, wanted.values()))
    for lang, sentences in sorted(wanted.items()):
        for count in _fill(store, packages[lang], options, sentences):
            done += count
            progress(done, total)
    for article in articles:
        yield _with_english(article, packages.get(article.lang), store, options)


def _sentences_by_language(articles: Iterable[Article]) -> dict[str, list[str]]:
    """The sentences that need a model: each once, the shortest first."""
    texts: dict[str, set[str]] = {}
    for article in articles:
        if article.lang != _ENGLISH:
            texts.setdefault(article.lang, set()).update(s.text for s in article.sentences if _has_words(s.text))
    return {lang: sorted(unique, key=lambda text: (len(text), text)) for lang, unique in texts.items() if unique}


def _warn_missing(lang: str, count: int) -> None:
    log.warning(
        "no package translates %s: %d different sentences stay without English "
        "(cure: samestory models install %s, or --argos-packages DIR where you have one)",
        lang,
        count,
        lang,
    )


def _fill(store: Store, package: Package, options: Options, sentences: Sequence[str]) -> Iterator[int]:
    """Translate the sentences the store lacks, chunk by chunk; yield the number of sentences in each.

    The neighbours a sentence is batched with can nudge the last digit of its score. Chunks are cut from
    all sentences, not from the missing ones, and each part is stored at once: so a build that is killed
    and run again batches what is left exactly as if it had never stopped, and writes the same bytes.
    """
    model = None
    for start in range(0, len(sentences), _CHUNK):
        chunk = sentences[start : start + _CHUNK]
        known = _stored(store, package, options, chunk)
        missing = [sentence for sentence in chunk if sentence not in known]
        if missing:
            model = model or _Model(package, options)
            pieces = {sentence: model.pieces(sentence) for sentence in missing}
            for in_pieces in (False, True):
                part = {sentence: cut for sentence, cut in pieces.items() if (len(cut) > 1) is in_pieces}
                store.add_translations(package.sha256, options.key(in_pieces=in_pieces), model.translate(part))
        yield len(chunk)


class _Stored(NamedTuple):
    translation: Translation
    in_pieces: bool


def _stored(store: Store, package: Package, options: Options, sentences: Sequence[str]) -> dict[str, _Stored]:
    whole = store.translations(package.sha256, options.key(in_pieces=False), sentences)
    rest = [sentence for sentence in sentences if sentence not in whole]
    joined = store.translations(package.sha256, options.key(in_pieces=True), rest)
    return {
        **{sentence: _Stored(translation, in_pieces=False) for sentence, translation in whole.items()},
        **{sentence: _Stored(translation, in_pieces=True) for sentence, translation in joined.items()},
    }


def _with_english(article: Article, package: Package | None, store: Store, options: Options) -> Article:
    if article.lang == _ENGLISH:
        sentences = [_as_it_is(sentence) for sentence in article.sentences]
    elif package is None:
        sentences = [s if _has_words(s.text) else _as_it_is(s) for s in article.sentences]
    else:
        stored = _stored(store, package, options, [s.text for s in article.sentences if _has_words(s.text)])
        sentences = [
            _translated(s, stored[s.text], package.signature) if s.text in stored else _as_it_is(s)
            for s in article.sentences
        ]
    return msgspec.structs.replace(article, sentences=tuple(sentences))


def _has_words(text: str) -> bool:
    """Whether there is anything to translate: models make something up of a rule or a row of stars."""
    return any(map(str.isalnum, text))


def _as_it_is(sentence: Sentence) -> Sentence:
    return msgspec.structs.replace(sentence, english=sentence.text, mt=None)


def _translated(sentence: Sentence, stored: _Stored, signature: str) -> Sentence:
    (english, score), in_pieces = stored
    found = flags(sentence.text, english) + (("mt-split",) if in_pieces else ())
    rounded = round(score, 3) + 0.0  # no -0.0
    mt = Mt(signature, rounded if english else None, found)
    return msgspec.structs.replace(sentence, english=english or None, mt=mt)


class _Hypothesis(NamedTuple):
    english: str
    log_probability: float
    tokens: int


class _Model:
    """A package in memory. Raises ModelError where it cannot be loaded."""

    def __init__(self, package: Package, options: Options) -> None:
        self._tokenizer = package.tokenizer
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

    def _hypotheses(self, batch: list[Tokens]) -> list[_Hypothesis]:
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

    def _hypothesis(self, tokens: Tokens, score: float) -> _Hypothesis:
        # CTranslate2 divides the sum of log-probabilities by length ** length_penalty; the length counts
        # the prefix and the end mark, the sum counts the end mark alone.
        length = len(tokens) + 1
        # The prefix goes before decoding: Argos' decode() turns its underscores into spaces.
        english = self._tokenizer.decode(tokens[len(self._prefix) :]).strip()
        return _Hypothesis(english, score * length**self._options.length_penalty, length - len(self._prefix))


def _joined(hypotheses: Sequence[_Hypothesis]) -> Translation:
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
