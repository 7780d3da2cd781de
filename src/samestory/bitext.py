"""Bitext: two texts of one sentence a line, aligned without a build."""

from __future__ import annotations

import bisect
import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from threadpoolctl import threadpool_limits

from samestory import argos, looks, monotone, scorer
from samestory.collection import Collection
from samestory.config import DEFAULTS, Config
from samestory.encode import Encoder, encode
from samestory.encoders import DIRECT, ENGLISH, encoder, warn_of_unfitted
from samestory.errors import UsageError
from samestory.free import FreeOrder
from samestory.ingest.language import other_language
from samestory.letters import join
from samestory.readers import readers
from samestory.records import Article, Sentence
from samestory.rows import Row
from samestory.spans import all_spans
from samestory.store import Store, default_cache
from samestory.translate import translate

log = logging.getLogger(__name__)

Order: TypeAlias = Literal["free", "monotone"]


class Bead(NamedTuple):
    """Lines of either text, counted from 0, that say the same, and the probability of that.

    One side is empty for a line that has no counterpart.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float


class Bitext(NamedTuple):
    """Two texts, their languages, and their beads in order of the first text."""

    languages: tuple[str, str]
    a: list[str]
    b: list[str]
    beads: list[Bead]


def bitext(
    a: Path,
    b: Path,
    languages: tuple[str, str],
    order: Order,
    config: Config = DEFAULTS,
    cache: Path | None = None,
    argos_packages: Sequence[Path] = (),
) -> Bitext:
    """Align the files `a` and `b`, one sentence a line in UTF-8, in `languages`.

    "monotone" is for translations: beads of up to 4-4 lines in one order, whatever their score, and what is left over.
    "free" is for reports in any order: beads of 1-1, 1-n, n-1 and 2-2, n to 3, that score enough; translation packages
    that are installed or in `argos_packages` are used, and `cache` keeps what was translated, scored and encoded.
    A text that surely is in another language is logged, and aligned all the same. Raises UsageError for a file that
    cannot be read or holds nothing, and for packages or a cache that cannot be opened; ModelError for an encoder that
    is missing.
    """
    texts = [read_lines(path) for path in (a, b)]
    for path, lines, lang in zip((a, b), texts, languages, strict=True):
        _warn_of_other_language(path, lines, lang)
    threads = config.translation.threads or (os.cpu_count() or 1)
    direct = encoder(config.direct_encoder, threads)
    warn_of_unfitted(config.direct_encoder, DIRECT)
    if order == "monotone":
        beads = _monotone(texts, languages, direct, threads)
    else:
        beads = _free(texts, languages, direct, config, cache, argos_packages)
    return Bitext(languages, texts[0], texts[1], beads)


def read_lines(path: Path) -> list[str]:
    """Return the lines of `path`; a blank line is a sentence without words, so that lines keep their numbers."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name a file of one sentence a line") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}): convert it, for example with iconv") from error
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    if lines and not lines[-1]:
        lines.pop()  # the end of the last line is no line
    if not any(lines):
        raise UsageError(f"{path} holds no sentence: put one on each line")
    return lines


def _warn_of_other_language(path: Path, lines: Sequence[str], lang: str) -> None:
    """Log it where a text is surely in another language than the one that was named."""
    other = other_language("\n".join(lines), re.split("[-_]", lang)[0])
    if other is not None:
        log.warning("%s reads like %s, but --langs says %s", path, other, lang)


def _monotone(texts: Sequence[list[str]], languages: tuple[str, str], direct: Encoder, threads: int) -> list[Bead]:
    full = [[n for n, line in enumerate(lines) if line] for lines in texts]
    left, right = (
        monotone.encoded([lines[n] for n in kept], lang, direct)
        for lines, kept, lang in zip(texts, full, languages, strict=True)
    )
    with threadpool_limits(1):  # the last bits of a product depend on how many threads share it
        found = monotone.align(left, right, monotone.load(), threads)
    beads = [Bead(tuple(full[0][i] for i in a), tuple(full[1][j] for j in b), score) for a, b, score in found]
    return _with_others(beads, texts)


def _free(
    texts: Sequence[list[str]],
    languages: tuple[str, str],
    direct: Encoder,
    config: Config,
    cache: Path | None,
    argos_packages: Sequence[Path],
) -> list[Bead]:
    articles = [_article(str(n), lang, lines) for n, (lang, lines) in enumerate(zip(languages, texts, strict=True))]
    english = encoder(config.english_encoder, config.translation.threads or (os.cpu_count() or 1))
    warn_of_unfitted(config.english_encoder, ENGLISH)
    packages, scorers = argos.find_packages(argos_packages), scorer.load()
    least = config.min_score if config.min_score is not None else scorers.calibration.threshold(config.precision)
    with Store(cache or default_cache()) as store:
        articles = list(translate(articles, packages, store, config.translation, lambda _a, _b: None))
        encoded = list(encode(articles, direct, english, store))
        look = looks.load(readers(packages, store, config.translation))
        with threadpool_limits(1):
            free = FreeOrder(Collection(encoded), look, scorers.calibration, least)
            left, right = map(all_spans, encoded)
            found = free.find(left, right).beads
    places = [[s.index for s in e.article.content] for e in encoded]
    beads = [
        Bead(tuple(places[0][i] for i in bead.a), tuple(places[1][j] for j in bead.b), bead.score) for bead in found
    ]
    return _with_others(beads, texts)


def _article(name: str, lang: str, lines: Sequence[str]) -> Article:
    sentences, start = [], 0
    for n, line in enumerate(lines):
        sentences.append(Sentence(n, line, start, start + len(line), "body" if line else "furniture"))
        start += len(line) + 1
    return Article(name, lang, "", None, None, None, name, "", "\n".join(lines), (), tuple(sentences))


def _with_others(beads: Sequence[Bead], texts: Sequence[list[str]]) -> list[Bead]:
    """Return `beads` and, each alone, the lines that are in none; in order of the first text, then of the second."""
    used_a, used_b = ({n for bead in beads for n in bead.a}, {n for bead in beads for n in bead.b})
    alone = [Bead((n,), (), 1.0) for n in range(len(texts[0])) if n not in used_a]
    alone += [Bead((), (n,), 1.0) for n in range(len(texts[1])) if n not in used_b]
    paired = sorted((bead.b[0], bead.a[-1]) for bead in beads if bead.a and bead.b)

    def place(bead: Bead) -> tuple[int, int, int]:
        if bead.a:
            return bead.a[0], 0, 0
        before = bisect.bisect_left(paired, (bead.b[0], -1))  # a line of the second text follows the one before it
        return paired[before - 1][1] if before else -1, 1, bead.b[0]

    return sorted([*beads, *alone], key=place)


def indices(found: Bitext) -> Iterator[str]:
    """Yield a line a bead as vecalign writes it: `[0]:[0, 1]:0.120000`, lines of either text and the cost.

    The cost is 1 less the probability; that of a line without a counterpart is the probability that it has one.
    """
    for bead in found.beads:
        yield f"{list(bead.a)}:{list(bead.b)}:{1.0 - bead.score:.6f}"


def rows(found: Bitext) -> Iterator[Row]:
    """Yield a row a bead: the lines of either text, the texts by language, and the probability."""
    for bead in found.beads:
        sides = (found.languages[0], found.a, bead.a), (found.languages[1], found.b, bead.b)
        yield {
            "lines": [list(bead.a), list(bead.b)],
            "translation": {lang: join([lines[n] for n in side], lang) for lang, lines, side in sides},
            "score": round(bead.score, 3),
        }
