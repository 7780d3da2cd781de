"""Which language an article is in, by py3langid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from samestory.ingest.document import UnfitError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.5
"""Least probability of an article's language. Ten Malay lines, the hardest case measured, have 0.52 and more."""

_SAMPLE = 100_000  # characters that decide on an article's language
_PARAGRAPH = 80  # bytes of UTF-8 below which a paragraph's own language is not asked
_FOREIGN = 0.9  # a paragraph is in another language where that one has at least this probability ...
_EXCLUDED = 0.01  # ... and the article's language less than this: Malay never excludes Indonesian
_MIXED = 0.3  # share of foreign characters from which an article is mixed


def identify(text: str) -> tuple[str, float]:
    """Return the most probable language of `text`, as an ISO 639 code, and its probability."""
    language, probability = _identifier().classify(text)
    return str(language), float(probability)


def known() -> frozenset[str]:
    """Return the languages that can be told, as ISO 639 codes."""
    return frozenset(map(str, _identifier().nb_classes)) - {"zxx"}


def detect(paragraphs: Sequence[str]) -> str:
    """Return the language of an article's body `paragraphs`, as an ISO 639 code.

    Raises UnfitError: "unknown-language" where no language is probable enough, "mixed-language" where
    paragraphs with 30 % of the characters are surely in others.
    """
    sample = list(_head(paragraphs))
    language, probability = identify("\n".join(sample))
    if probability < SURE or language == "zxx":  # zxx: no linguistic content
        detail = f"the likeliest language is {language}, at {probability:.2f}: more text would tell"
        raise UnfitError("unknown-language", detail)
    foreign: dict[str, int] = {}
    for paragraph in sample:
        other = other_language(paragraph, language)
        if other:
            foreign[other] = foreign.get(other, 0) + len(paragraph)
    share = sum(foreign.values()) / sum(map(len, sample))
    if share >= _MIXED:
        others = ", ".join(sorted(foreign))
        raise UnfitError("mixed-language", f"{language}, and {share:.0%} in {others}: give one file per language")
    return language


def _head(paragraphs: Sequence[str]) -> Iterator[str]:
    left = _SAMPLE
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def other_language(text: str, language: str) -> str | None:
    """Return the language that `text` is surely in, if that is another than `language`; both are ISO 639-1 codes.

    Surely is with a probability of 0.9, where `language` has less than 0.01. None where there are fewer than 80 bytes
    of text, or `language` is none that can be told.
    """
    text = text[:_SAMPLE]
    if len(text.encode()) < _PARAGRAPH:
        return None
    ranking = dict(_identifier().rank(text))
    if language not in ranking:
        return None
    other = max(ranking, key=lambda code: ranking[code])
    return other if ranking[other] >= _FOREIGN and ranking[language] < _EXCLUDED else None


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model, once and when first asked: it takes most of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
