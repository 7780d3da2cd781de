"""Spans: runs of consecutive sentences of one article, with one vector of each kind, facts and lengths."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from samestory.facts import Facts, facts
from samestory.letters import join, width
from samestory.records import Encoded, Matrix, Sentence
from samestory.stems import stems
from samestory.vectors import beyond, mean, sums

LONGEST = 3

Places = npt.NDArray[np.int64]
Sides = tuple[range, range]
"""The places of the sentences that a bead aligns, among the content sentences of two articles."""


class Spans:
    """The spans at `positions`, places among the content sentences of one article.

    `direct` and `english` have a row of length 1 for each span; `english` has a zero row where a sentence of the
    span has no English that can be trusted, and is None where none has.
    """

    def __init__(self, encoded: Encoded, positions: Sequence[range]) -> None:
        content = encoded.article.content
        self.encoded = encoded
        self.id, self.lang = encoded.article.id, encoded.article.lang
        self.sentences = len(content)
        self.positions = list(positions)
        self.sizes = np.array([len(span) for span in positions], dtype=np.int64)
        self.starts = np.array([span.start for span in positions], dtype=np.int64)
        self.titles = np.array([content[span.start].role == "title" for span in positions], dtype=np.bool_)
        widths = np.array([width(s.text) or 1 for s in content], dtype=np.float64)
        self.lengths = np.array([widths[span.start : span.stop].sum() for span in positions])
        self.direct = sums(encoded.direct, widths, positions)
        self.english = None if encoded.english is None else _sums_of_known(encoded.english, widths, positions)
        self.hubs: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        """What a collection says of these spans: by language and kind, the usual similarity of each."""

    @cached_property
    def facts(self) -> list[Facts]:
        """The facts of each span."""
        return [self._facts(self.of(row)) for row in range(len(self.positions))]

    @cached_property
    def mean(self) -> Matrix:
        """The mean vector of the sentences as written, shape (d,): what the article is about."""
        return mean(self.direct[: self.sentences])

    @cached_property
    def beyond_mean(self) -> Matrix:
        """What the vectors of the spans have beyond that, each row of length 1."""
        return beyond(self.direct, self.mean)

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The stems of the English of each span: none where a sentence of it has no English that can be trusted."""
        content = self.encoded.article.content
        own = [None if s.trusted_english is None else stems(s.trusted_english) for s in content]
        return [_stems_of_all(own[span.start : span.stop]) for span in self.positions]

    @cached_property
    def parts(self) -> tuple[Places, Places]:
        """For each span, the span without its last sentence and that without its first; itself where it is single."""
        place = {(span.start, len(span)): row for row, span in enumerate(self.positions)}
        spans = list(enumerate(self.positions))
        first = [place.get((span.start, len(span) - 1), row) for row, span in spans]
        last = [place.get((span.start + 1, len(span) - 1), row) for row, span in spans]
        return np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)

    @cached_property
    def others_of_repeated(self) -> dict[int, list[int]]:
        """For each span of an article that repeats sentences, the sentences whose text is not in the span."""
        texts = [sentence.text for sentence in self.encoded.article.content]
        if len(set(texts)) == len(texts):
            return {}
        own = [{texts[position] for position in span} for span in self.positions]
        return {row: [n for n, text in enumerate(texts) if text not in held] for row, held in enumerate(own)}

    def of(self, row: int) -> tuple[Sentence, ...]:
        """Return the sentences of span `row`."""
        content = self.encoded.article.content
        return tuple(content[position] for position in self.positions[row])

    def text(self, row: int) -> str:
        """Return the text of span `row`."""
        return join([sentence.text for sentence in self.of(row)], self.lang)

    def english_text(self, row: int) -> str | None:
        """Return the English of span `row`, None where a sentence of it has none that can be trusted."""
        known = [sentence.trusted_english for sentence in self.of(row)]
        return " ".join(text for text in known if text is not None) if None not in known else None

    def _facts(self, sentences: Sequence[Sentence]) -> Facts:
        english = [sentence.trusted_english for sentence in sentences]
        known = [text for text in english if text is not None]
        return facts(
            join([sentence.text for sentence in sentences], self.lang),
            self.lang,
            " ".join(known) if known and self.lang != "en" else None,
        )


def all_spans(encoded: Encoded, longest: int = LONGEST) -> Spans:
    """Return all spans of up to `longest` sentences, single sentences first.

    A title is a span of its own, and no span reaches over page furniture.
    """
    content = encoded.article.content
    return Spans(
        encoded,
        [
            range(start, start + size)
            for size in range(1, longest + 1)
            for start in range(len(content) - size + 1)
            if size == 1 or _continuous(content[start : start + size])
        ],
    )


def _stems_of_all(parts: Sequence[frozenset[str] | None]) -> frozenset[str]:
    known = [part for part in parts if part is not None]
    return frozenset[str]().union(*known) if len(known) == len(parts) else frozenset()


def _continuous(sentences: Sequence[Sentence]) -> bool:
    """Whether `sentences` are body text that follows on without page furniture between."""
    return all(s.role == "body" for s in sentences) and sentences[-1].index - sentences[0].index == len(sentences) - 1


def _sums_of_known(vectors: Matrix, widths: npt.NDArray[np.float64], positions: Sequence[range]) -> Matrix:
    """Return the sums, zero for a span of which a sentence has no vector: it has no English as a whole."""
    whole = np.array([vectors[span.start : span.stop].any(axis=1).all() for span in positions], dtype=np.bool_)
    return np.asarray(sums(vectors, widths, positions) * whole[:, None], dtype=np.float32)
