"""The evidence that two spans of sentences report the same fact, as numbers a scorer can weigh.

A span is 1 to 3 consecutive content sentences of one article. Its vector is the normalised sum of its
sentences' vectors; its facts are all of theirs. Similarity is the cosine on the originals or, where both
sides have English that can be trusted and it is more, the mean of that and the cosine on the English.
The margin divides it by the mean similarity of each side's nearest neighbours (Artetxe and Schwenk 2019,
https://aclanthology.org/P19-1309); the lead is what it has over the best rival of either side.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.facts import NONE, Facts, facts
from samestory.letters import width
from samestory.records import Encoded, Matrix, Sentence

FEATURES = (
    "similarity",
    "margin",
    "lead",
    "shared numbers",
    "numbers of one side only",
    "shared names",
    "names of one side only",
    "length ratio",
)
LONGEST_SPAN = 3
_NEIGHBOURS = 4  # k of the ratio margin, as in the paper
_BACKGROUND = 2000  # sentences per language to look for neighbours among: enough for a steady mean
_LEAST_HUB = 0.05  # keeps the margin finite
_RAREST = 6.0  # nats of surprise beyond which a rarer number or name says nothing more

# English cosines lie higher than direct ones for the same closeness. This line takes the one to the
# other's scale: the 95th and 99.5th percentiles meet on English sentence pairs (scripts/fit_scorer.py).
_ENGLISH_SLOPE, _ENGLISH_OFFSET = 0.886, -0.022

Features = npt.NDArray[np.float64]
_Vectors = tuple[Matrix, Matrix | None]  # direct and English, row for row


class _Background(NamedTuple):
    """Sentences of one language to look for neighbours among, and the article each is from."""

    vectors: _Vectors
    owners: npt.NDArray[np.str_]


class Spans(NamedTuple):
    """Spans of one article: positions among its content sentences, one vector of each kind, facts and lengths."""

    encoded: Encoded
    positions: list[range]
    direct: Matrix
    english: Matrix | None
    facts: list[Facts]
    lengths: npt.NDArray[np.float64]

    def sentences(self, row: int) -> tuple[Sentence, ...]:
        """Return the sentences of span `row`."""
        content = self.encoded.article.content
        return tuple(content[position] for position in self.positions[row])


def spans(encoded: Encoded, longest: int = LONGEST_SPAN) -> Spans:
    """Return all spans of up to `longest` sentences, single sentences first. A title is a span of its own."""
    content = encoded.article.content
    positions = [
        range(start, start + length)
        for length in range(1, longest + 1)
        for start in range(len(content) - length + 1)
        if length == 1 or _continuous(content[start : start + length])
    ]
    merged = [NONE] * len(positions)
    for row, span in enumerate(positions):
        for position in span:
            merged[row] |= facts(content[position].text)
    return Spans(
        encoded,
        positions,
        _sums(encoded.direct, positions),
        None if encoded.english is None else _sums_of_known(encoded.english, positions),
        merged,
        np.array([sum(width(content[p].text) for p in span) or 1 for span in positions], dtype=np.float64),
    )


def _continuous(sentences: Sequence[Sentence]) -> bool:
    """Whether `sentences` are body text that follows on without page furniture between."""
    return all(s.role == "body" for s in sentences) and sentences[-1].index - sentences[0].index == len(sentences) - 1


def _sums(vectors: Matrix, positions: Sequence[range]) -> Matrix:
    sums = np.stack([vectors[span.start : span.stop].sum(axis=0) for span in positions])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), dtype=np.float32)


def _sums_of_known(vectors: Matrix, positions: Sequence[range]) -> Matrix:
    """Return the sums, zero for a span of which a sentence has no vector: it has no English as a whole."""
    whole = np.array([vectors[span.start : span.stop].any(axis=1).all() for span in positions])
    return np.asarray(_sums(vectors, positions) * whole[:, None], dtype=np.float32)


class Collection:
    """What all articles of a build say together: how rare a number or name is, and what usual similarity is."""

    def __init__(self, articles: Sequence[Encoded]) -> None:
        self.articles = articles
        self._hubs: dict[tuple[str, str, int], Features] = {}

    @cached_property
    def _sentence_counts(self) -> Counter[str]:
        return Counter(term for e in self.articles for s in e.article.content for term in _terms(facts(s.text)))

    @cached_property
    def _sentences(self) -> int:
        return sum(len(e.article.content) for e in self.articles)

    @cached_property
    def _background(self) -> dict[str, _Background]:
        languages: dict[str, list[Encoded]] = {}
        for encoded in self.articles:
            languages.setdefault(encoded.article.lang, []).append(encoded)
        return {lang: _thinned(members) for lang, members in languages.items()}

    def surprise(self, term: str) -> float:
        """Return how much a shared `term` says: 0 where every sentence has it, 1 where hardly any has."""
        surprise = math.log(max(self._sentences, 1) / max(self._sentence_counts[term], 1))
        return (min(surprise, _RAREST) / _RAREST) ** 2  # squared: the name of the story's subject says little

    def similarity(self, a: Spans, b: Spans) -> Features:
        """Return the similarity of each span of `a` to each of `b`, shape (len(a), len(b))."""
        return _similarity((a.direct, a.english), (b.direct, b.english))

    def hubness(self, a: Spans, lang: str) -> Features:
        """Return, for each span of `a`, its mean similarity to its nearest sentences in `lang`, shape (len(a),)."""
        key = (a.encoded.article.id, lang, len(a.positions))
        if key not in self._hubs:
            background = self._background[lang]
            others = background.owners != a.encoded.article.id  # a sentence is no neighbour of its own article
            others |= not others.any()  # but where thinning left none of another
            scores = _similarity((a.direct, a.english), background.vectors)[:, others]
            k = min(_NEIGHBOURS, scores.shape[1])
            self._hubs[key] = np.sort(np.partition(scores, -k, axis=1)[:, -k:], axis=1).mean(axis=1)
        return self._hubs[key]

    def features(self, a: Spans, b: Spans) -> Features:
        """Return the evidence for each span of `a` with each of `b`, shape (len(a), len(b), len(FEATURES))."""
        similarity = self.similarity(a, b)
        hubs_a, hubs_b = self.hubness(a, b.encoded.article.lang), self.hubness(b, a.encoded.article.lang)
        margin = similarity / np.maximum((hubs_a[:, None] + hubs_b[None, :]) / 2, _LEAST_HUB)
        rivals = np.maximum(_best_rival(similarity, a, b), _best_rival(similarity.T, b, a).T)
        numbers = self._shared([f.numbers for f in a.facts], [f.numbers for f in b.facts])
        names = self._shared([f.names for f in a.facts], [f.names for f in b.facts])
        ratio = np.abs(np.log(a.lengths[:, None] / b.lengths[None, :]))
        return np.stack([similarity, margin, similarity - rivals, *numbers, *names, ratio], axis=-1)

    def _shared(self, a: list[frozenset[str]], b: list[frozenset[str]]) -> tuple[Features, Features]:
        """Return the surprise of the terms both have, and of those the side with fewer of its own has alone."""
        terms = sorted(set().union(*a) | set().union(*b))
        weights = np.array([self.surprise(term) for term in terms])
        left, right = _incidence(a, terms), _incidence(b, terms)
        shared = (left * weights) @ right.T
        alone = np.minimum((left @ weights)[:, None] - shared, (right @ weights)[None, :] - shared)
        return shared, np.maximum(alone, 0.0)


def _best_rival(similarity: Features, a: Spans, b: Spans) -> Features:
    """Return, for each span of `a` with each of `b`, its best similarity to a sentence outside that span of `b`."""
    single = similarity[:, : len(b.encoded.direct)]  # single sentences come first
    edge = np.zeros((len(a.positions), 1))
    before = np.maximum.accumulate(np.hstack([edge, single]), axis=1)
    after = np.maximum.accumulate(np.hstack([edge, single[:, ::-1]]), axis=1)[:, ::-1]
    starts, stops = ([getattr(span, end) for span in b.positions] for end in ("start", "stop"))
    rivals = np.maximum(before[:, starts], after[:, stops])
    texts = [sentence.text for sentence in b.encoded.article.content]
    if len(set(texts)) < len(texts):  # a sentence said twice is no rival of its own
        for column, span in enumerate(b.positions):
            own = {texts[position] for position in span}
            others = [n for n, text in enumerate(texts) if text not in own]
            rivals[:, column] = single[:, others].max(axis=1, initial=0.0)
    return rivals


def _similarity(a: _Vectors, b: _Vectors) -> Features:
    direct = (a[0] @ b[0].T).astype(np.float64)
    if a[1] is None or b[1] is None:
        return direct
    english = _ENGLISH_SLOPE * (a[1] @ b[1].T).astype(np.float64) + _ENGLISH_OFFSET
    known = np.outer(a[1].any(axis=1), b[1].any(axis=1))
    return np.where(known, np.maximum(direct, (direct + english) / 2), direct)  # a poor translation sinks no match


def _terms(found: Facts) -> frozenset[str]:
    return found.numbers | found.names


def _thinned(members: Sequence[Encoded]) -> _Background:
    """Return the sentences of all `members`, thinned evenly to the size of the background."""
    step = math.ceil(sum(len(e.direct) for e in members) / _BACKGROUND)
    owners = np.concatenate([np.full(len(e.direct), e.article.id) for e in members])[::step]
    direct = np.concatenate([e.direct for e in members])[::step]
    width = max((e.english.shape[1] for e in members if e.english is not None), default=0)
    if not width:
        return _Background((direct, None), owners)
    english = [np.zeros((len(e.direct), width), np.float32) if e.english is None else e.english for e in members]
    return _Background((direct, np.concatenate(english)[::step]), owners)


def _incidence(rows: list[frozenset[str]], terms: list[str]) -> Features:
    column = {term: n for n, term in enumerate(terms)}
    matrix = np.zeros((len(rows), len(terms)))
    for row, found in enumerate(rows):
        matrix[row, [column[term] for term in found]] = 1.0
    return matrix
