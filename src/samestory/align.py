"""Align: which sentences of the articles of a story report the same fact, in whatever order they stand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from samestory.evidence import FEATURES, Collection, Features, Spans, spans
from samestory.facts import negated
from samestory.records import Encoded, Matrix, Pair, Relation, Side, Similarity, Story
from samestory.scorer import Logistic

_EXTRA_SENTENCE = 0.6  # log-odds a sentence more must bring to its bead
_PARTIAL_RATIO = 1.6  # of the lengths in characters, beyond which one side says more
_LENGTH_RATIO = 2.5  # beyond which a pair is flagged: it may be right, but is of little use as bitext


class Bead(NamedTuple):
    """A candidate: rows among the spans of either article, and the probability that they report one fact."""

    row: int
    column: int
    score: float


class Aligner(Protocol):
    """Anything that finds the pairs between two articles of one story."""

    def pairs(self, story: str, a: Encoded, b: Encoded) -> Iterator[Pair]:
        """Yield the pairs of `a` and `b`, whose languages are in alphabetical order."""
        ...


def align(
    stories: Iterable[Story],
    encoded: Mapping[str, Encoded],
    aligner: Aligner,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Pair]:
    """Yield the pairs of every two articles of each story that are in different languages.

    `progress` is called with the number of pairs of articles done and the number to do.
    """
    work = [(story.id, a, b) for story in stories for a, b in _across_languages(story, encoded)]
    for done, (story_id, a, b) in enumerate(work, 1):
        yield from aligner.pairs(story_id, a, b)
        progress(done, len(work))


def _across_languages(story: Story, encoded: Mapping[str, Encoded]) -> Iterator[tuple[Encoded, Encoded]]:
    members = sorted((encoded[name] for name in story.articles), key=lambda e: (e.article.lang, e.article.id))
    return ((a, b) for a, b in itertools.combinations(members, 2) if a.article.lang != b.article.lang)


class FreeOrder:
    """Aligns independent reports: 1-1, 1-n and n-1 beads in any order, each sentence in at most one bead.

    Candidates of at least `min_score` are taken best first, so the surest claims its sentences before a
    less sure one can. A longer bead must earn each sentence that it adds.
    """

    def __init__(self, collection: Collection, scorer: Logistic, min_score: float) -> None:
        self._collection = collection
        self._scorer = scorer.expect(FEATURES)
        self._min_score = min_score

    def pairs(self, story: str, a: Encoded, b: Encoded) -> Iterator[Pair]:
        """Yield the pairs of `a` and `b` in the order of `a`."""
        left, right = spans(a), spans(b)
        evidence = self._collection.features(left, right)
        beads = select(left, right, self.candidates(left, right, evidence))
        for bead in sorted(beads, key=lambda bead: left.positions[bead.row].start):
            yield _pair(story, left, right, bead, evidence[bead.row, bead.column])

    def candidates(self, a: Spans, b: Spans, evidence: Features) -> list[Bead]:
        """Return every bead of shape 1-1, 1-n or n-1 whose probability is at least the threshold."""
        scores = self._scorer.probability(evidence)
        sizes_a, sizes_b = (np.array([len(p) for p in s.positions]) for s in (a, b))
        wanted = (np.minimum.outer(sizes_a, sizes_b) == 1) & (scores >= self._min_score)
        return [Bead(int(i), int(j), float(scores[i, j])) for i, j in np.argwhere(wanted)]


def select(a: Spans, b: Spans, candidates: Sequence[Bead]) -> list[Bead]:
    """Return the best candidates that share no sentence, best first by log-odds less the cost of length."""

    def worth(bead: Bead) -> tuple[float, int, int]:
        odds = np.log(bead.score / (1.0 - min(bead.score, 1 - 1e-9)))
        extra = len(a.positions[bead.row]) + len(b.positions[bead.column]) - 2
        return (-odds + _EXTRA_SENTENCE * extra, bead.row, bead.column)

    taken_a: set[int] = set()
    taken_b: set[int] = set()
    selected = []
    for bead in sorted(candidates, key=worth):
        left, right = a.positions[bead.row], b.positions[bead.column]
        if taken_a.isdisjoint(left) and taken_b.isdisjoint(right):
            taken_a.update(left)
            taken_b.update(right)
            selected.append(bead)
    return selected


def _pair(story: str, a: Spans, b: Spans, bead: Bead, evidence: Features) -> Pair:
    by_name = dict(zip(FEATURES, evidence.tolist(), strict=True))
    ratio = float(np.exp(by_name["length ratio"]))
    relation: Relation = "partial" if ratio > _PARTIAL_RATIO else "equivalent"
    english = None
    if a.english is not None and b.english is not None:
        one, other = a.english[bead.row], b.english[bead.column]
        english = _cosine(one, other) if one.any() and other.any() else None
    return Pair(
        story=story,
        languages=(a.encoded.article.lang, b.encoded.article.lang),
        sides=(_side(a, bead.row), _side(b, bead.column)),
        score=round(bead.score, 3),
        similarity=Similarity(
            direct=_cosine(a.direct[bead.row], b.direct[bead.column]),
            english=english,
            margin=round(by_name["margin"], 3),
        ),
        relation=relation,
        flags=tuple(_flags(a, b, bead, ratio)),
    )


def _cosine(one: Matrix, other: Matrix) -> float:
    return round(float(one @ other), 3) + 0.0  # no -0.0


def _side(spans_: Spans, row: int) -> Side:
    return Side(spans_.encoded.article.id, tuple(s.index for s in spans_.sentences(row)))


def _flags(a: Spans, b: Spans, bead: Bead, ratio: float) -> Iterator[str]:
    left, right = a.facts[bead.row], b.facts[bead.column]
    if left.numbers - right.numbers and right.numbers - left.numbers:
        yield "number-mismatch"
    if left.inner_names and right.inner_names and not left.names & right.names:
        yield "name-mismatch"
    if {_negated(a, bead.row), _negated(b, bead.column)} == {True, False}:
        yield "negation-mismatch"
    if ratio > _LENGTH_RATIO:
        yield "length-ratio"
    sentences = (*a.sentences(bead.row), *b.sentences(bead.column))
    if _text(a, bead.row) == _text(b, bead.column):
        yield "copied-source"
    if any(s.mt is not None and "mt-loop" in s.mt.flags for s in sentences):
        yield "mt-loop"


def _text(spans_: Spans, row: int) -> str:
    return " ".join(s.text for s in spans_.sentences(row))


def _negated(spans_: Spans, row: int) -> bool | None:
    return negated(_text(spans_, row), spans_.encoded.article.lang)
