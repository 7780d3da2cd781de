"""Read and clean the parallel text and the lexicons the starter models are trained on."""

from __future__ import annotations

import lzma
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

LANGS = ("fr", "id")
DEV_FILES = {"fr": ("dev.fr-en.tsv", "dev-extra.fr-en.tsv"), "id": ("dev.id-en.tsv",)}
NEWS = Path(__file__).with_name("news.tsv.xz")
"""News written for this project: a sentence in French, in Indonesian and in English a line."""
_LEXICON_SHARE = {"muse": 0.15}  # the other lexicons are clean

# How often a pair is seen in one epoch, by corpus: news and encyclopaedias often, statutes and manuals seldom.
SHARES = {
    "fr": {
        "tatoeba": 0.6, "laws-ca": 0.35, "multi30k": 0.5, "wesnoth": 0.6, "python-docs-fr": 0.6,
        "libreoffice-help": 0.4, "react.dev": 0.5, "quran": 0.3, "tldr": 0.3,
        "cds-digital-canada": 2.0, "ud-partut": 3.0, "ud-pud": 4.0, "own-news": 6.0,
        "tico19": 4.0, "newssyscomb2009": 4.0, "news-test2008": 4.0, "newstest2009": 4.0, "newstest2010": 4.0,
        "newstest2011": 4.0, "newstest2012": 4.0, "newstest2013": 4.0,
    },
    "id": {
        "own-news": 6.0,
        "smeru": 1.5, "ted-iwslt17-devtest": 4.0, "panl-bppt-int": 5.0, "panl-bppt-eco": 5.0, "panl-bppt-sci": 5.0,
        "panl-bppt-spo": 5.0, "gunnxx-news": 6.0, "gunnxx-general": 6.0, "tico19": 6.0, "ud-pud": 6.0, "ausaid": 3.0,
        "odb": 1.5, "tatoeba": 1.5, "talpco": 1.5, "nusax": 1.5, "libreoffice-help": 0.5, "quran": 0.5, "tldr": 0.5,
        "react.dev": 0.7,
    },
}  # fmt: skip
_NUMBERS_MUST_AGREE = {
    "quran",
    "laws-ca",
    "smeru",
    "ausaid",
    "wesnoth",
    "libreoffice-help",
    "tldr",
    "ted-iwslt17-devtest",
}

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "..."})
_SPACES = re.compile(r"\s+")
_LONG_NUMBER = re.compile(r"\d{2,}")
_MOST_WORDS = 120


class Pair(NamedTuple):
    """A source text and its English; `share` is how often it is seen in one epoch."""

    lang: str
    source: str
    english: str
    corpus: str
    share: float


def training_pairs(folder: Path) -> list[Pair]:
    """Return the cleaned parallel text of all LANGS. Raises FileNotFoundError where a file is missing."""
    return [pair for lang in LANGS for pair in _clean(_rows(folder / f"train.{lang}-en.tsv.xz"), lang)]


def news_pairs(path: Path = NEWS) -> list[Pair]:
    """Return the news in `path`, cleaned: every sentence once beside its French and once beside its Indonesian."""
    rows = list(_rows(path))
    return [
        pair
        for column, lang in enumerate(LANGS)
        for pair in _clean(((row[column], row[2], "own-news") for row in rows), lang)
    ]


def lexicon_pairs(folder: Path) -> list[Pair]:
    """Return the dictionaries' entries; a word that is its own translation, mostly a name, is capitalised."""
    pairs = []
    for lang in LANGS:
        for source, english, corpus in _rows(folder / f"lexicon.{lang}-en.tsv.xz"):
            same = source == english and source.islower() and len(source) > 2
            words = (source.capitalize(), english.capitalize()) if same else (source, english)
            pairs.append(Pair(lang, *words, corpus, _LEXICON_SHARE.get(corpus, 0.5)))
    return pairs


def dev_pairs(folder: Path, lang: str) -> list[Pair]:
    """Return the held-out pairs of `lang`, as they are."""
    rows = (row for name in DEV_FILES[lang] for row in _rows(folder / name))
    return [Pair(lang, source, english, corpus, 1.0) for source, english, corpus in rows]


def _plain_english(text: str) -> str:
    """Return English with straight quotation marks and single spaces: one way to write each thing."""
    return _SPACES.sub(" ", text.translate(_STRAIGHT)).strip()


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            first, second, third = unicodedata.normalize("NFC", line).rstrip("\n").split("\t")
            yield first, second, third


def _clean(rows: Iterable[tuple[str, str, str]], lang: str) -> Iterator[Pair]:
    seen = set()
    for source, written, corpus in rows:
        english = _plain_english(written)
        pair = Pair(lang, _SPACES.sub(" ", source).strip(), english, corpus, SHARES[lang].get(corpus, 1.0))
        if (pair.source, english) not in seen and _is_sound(pair):
            seen.add((pair.source, english))
            yield pair


def _is_sound(pair: Pair) -> bool:
    source, english = len(pair.source.split()), len(pair.english.split())
    if not source or not english or max(source, english) > _MOST_WORDS:
        return False
    if max(source, english) > 8 and max(source, english) > 2.2 * min(source, english):
        return False
    return pair.corpus not in _NUMBERS_MUST_AGREE or _numbers(pair.source) == _numbers(pair.english)


def _numbers(text: str) -> set[str]:
    return set(_LONG_NUMBER.findall(text))
