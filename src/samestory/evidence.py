"""The evidence that two spans of sentences report the same fact, as numbers a scorer can weigh.

A span is 1 to 3 consecutive content sentences of one article. Its vector is the normalised sum of its
sentences' vectors, each by the root of its length; its facts are all of theirs, and so are its words where all have
English. There are two
similarities, the cosine on the originals and, where both sides have English that can be trusted, on the English;
beside each stands by how much it exceeds what is usual for either side, and how far it lies from what the articles,
and the build as a whole, reach where they agree most literally. The English is also compared word by word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.facts import contradictions, name_similarity
from samestory.features import AT, FEATURES, MISMATCHES
from samestory.rivals import LOWEST, Rivals, behind
from samestory.similarity import Similarities, closeness, gain, similarities
from samestory.spans import Sides, Spans
from samestory.terms import Terms
from samestory.vectors import beyond, cosine

_NUMBERS = ("shared numbers", "numbers of the poorer side alone", "numbers of one side only")
_NAMES = ("shared names", "names of the poorer side alone", "names of one side only")
_FULL = 60_000  # candidates up to which every span is compared with every other
_NEAREST = 24  # spans of the other article that a span is compared with beyond that
_UNKNOWN = -1.0  # of words where a side has no English
_TINY = 1e-9
_DIGITS = 9  # what follows depends on the order of a sum, and so on which article is the first
_BEHIND = -0.12  # of both sides' best matches together; what lies further back is not read for contradictions

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Evidence(NamedTuple):
    """Candidate beads of two articles: rows among the spans of either, and the evidence, shape (n, len(FEATURES))."""

    rows: Places
    columns: Places
    values: Values

    def column(self, name: str) -> Values:
        """Return one feature of all candidates."""
        return np.asarray(self.values[:, AT[name]])

    def at(self, places: Places) -> Evidence:
        """Return the evidence of the candidates at `places`."""
        return Evidence(self.rows[places], self.columns[places], self.values[places])

    def sides(self, a: Spans, b: Spans) -> list[Sides]:
        """Return the places of the sentences of `a` and of `b` that each candidate aligns."""
        return [(a.positions[row], b.positions[column]) for row, column in zip(self.rows, self.columns, strict=True)]


def evidence(collection: Collection, a: Spans, b: Spans) -> Evidence:
    """Return the evidence for the candidate beads of `a` and `b`: those of shape 1-1, 1-n, n-1 and 2-2."""
    found = similarities(collection, a, b)
    rows, columns = _candidates(a, b, found.both)
    out = _Filling(collection, a, b, rows, columns)
    rivals = Rivals(found.both, a, b, rows, columns)
    out.similarity(found, rivals)
    out.levels(found)
    out.apart_from_subject()
    out.lengths()
    out.terms(rivals)
    out.denials(rivals)
    out.words(found.known > 0, rivals)
    out.contradictions()  # of what is not far behind, which the similarities tell
    out.agreeing(found)  # by the contradictions
    return Evidence(rows, columns, out.values)


def _candidates(a: Spans, b: Spans, similarity: Values) -> tuple[Places, Places]:
    """Return the beads to look at; in long articles only those with the nearest spans of either side."""
    wanted = (np.minimum.outer(a.sizes, b.sizes) == 1) | np.logical_and.outer(a.sizes == 2, b.sizes == 2)
    if wanted.size > _FULL:
        near = np.zeros_like(wanted)
        for size in np.unique(a.sizes):
            for other in np.unique(b.sizes):
                block = np.ix_(a.sizes == size, b.sizes == other)
                near[block] = _near(similarity[block]) | _near(similarity[block].T).T
        wanted &= near
    rows, columns = np.nonzero(wanted)
    return rows, columns


def _near(similarity: Values) -> npt.NDArray[np.bool_]:
    """Return which columns are among the nearest of each row."""
    if similarity.shape[1] <= _NEAREST:
        return np.ones(similarity.shape, dtype=np.bool_)
    least = np.partition(similarity, -_NEAREST, axis=1)[:, -_NEAREST]
    return np.asarray(similarity >= least[:, None])


class _Filling:
    """The evidence of candidates, filled in a group of features at a time: those at `rows` and `columns` of all."""

    def __init__(self, collection: Collection, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
        self._collection = collection
        self._a, self._b = a, b
        self._rows, self._columns = rows, columns
        self.values = np.zeros((len(rows), len(FEATURES)))

    def _set(self, name: str, values: npt.ArrayLike) -> None:
        self.values[:, AT[name]] = np.asarray(values, dtype=np.float64).round(_DIGITS)

    def _of(self, of_all: Values) -> Values:
        """Return what the candidates have of something that all spans have with all, shape (spans, spans)."""
        return np.asarray(of_all[self._rows, self._columns])

    def similarity(self, found: Similarities, rivals: Rivals) -> None:
        told = {
            "direct similarity": found.direct,
            "direct margin": found.direct - found.direct_hub,
            "english similarity": found.english,
            "english margin": found.english - found.english_hub,
            "has english": found.known,
            "similarity": found.both,
            "margin": found.margin,
            "behind the best": behind(found.margin, found.margin),
        }
        for name, of_all in told.items():
            self._set(name, self._of(of_all))
        self._set("lead over rivals", self._of(found.both) - rivals.closest)
        at = self._a, self._b, self._rows, self._columns
        self._set("direct gain of length", gain(found.direct, *at))
        self._set("english gain of length", gain(found.english, *at))

    def levels(self, found: Similarities) -> None:
        """Hold the similarity against the best of either sentence, of the articles, and of the collection."""
        a, b, direct = self._a, self._b, self._of(found.direct)
        of_a, of_b = self._collection.nearest(a, b.lang), self._collection.nearest(b, a.lang)
        level = self._collection.level(a.lang, b.lang)
        closest = found.direct[: a.sentences, : b.sentences].max(initial=0.0)
        best = of_a[self._rows] + of_b[self._columns]
        self._set("behind the best of all", np.minimum(2 * direct - best, 0.0))
        self._set("level of the articles", closeness(found.both[: a.sentences, : b.sentences]))
        self._set("against the level of the collection", direct - level)
        self._set("closest of the articles against the level of the collection", closest - level)
        self._set("against the closest of the articles", direct - closest)
        self._set("level of the collection", level)

    def apart_from_subject(self) -> None:
        """Compare what is left of the vectors when what a language, or an article, has in common is taken off."""
        a, b = self._a, self._b
        left, right = (beyond(spans.direct, self._collection.centre(spans.lang)) for spans in (a, b))
        for name, product in (("languages", left @ right.T), ("articles", a.beyond_mean @ b.beyond_mean.T)):
            self._set(f"similarity apart from the {name}", self._of(product.astype(np.float64)))
        self._set("similarity of the articles", cosine(a.mean, b.mean))

    def lengths(self) -> None:
        a, b = self._a, self._b
        left, right = a.lengths[self._rows], b.lengths[self._columns]
        self._set("length ratio", np.abs(np.log(left / right)))
        self._set("length", np.log(left * right) / 2)
        self._set("length of the shorter", np.log(np.minimum(left, right)))
        self._set("sentences more", a.sizes[self._rows] + b.sizes[self._columns] - 2)
        self._set("sentences of the shorter side", np.minimum(a.sizes[self._rows], b.sizes[self._columns]))
        self._set("title with body", a.titles[self._rows] != b.titles[self._columns])

    def terms(self, rivals: Rivals) -> None:
        """Compare the numbers and names."""
        sides = self._a, self._b
        for kind, names in (("numbers", _NUMBERS), ("names", _NAMES)):
            found = Terms(self._collection.surprise, *([getattr(f, kind) for f in spans.facts] for spans in sides))
            alone = found.alone(self._rows, self._columns)
            told = (self._of(found.shared), np.minimum(*alone), alone[0] + alone[1])
            for name, values in zip(names, told, strict=True):
                self._set(name, values)
            self._set(f"{kind} apart against the closest rival", rivals.against(found.apart()))

    def denials(self, rivals: Rivals) -> None:
        """Compare how often either side denies: 0 where the negations of a language are not known."""
        sides = ([f.denials for f in spans.facts] for spans in (self._a, self._b))
        left, right = (np.array([np.nan if n is None else n for n in side], dtype=np.float64) for side in sides)
        apart = np.abs(left[:, None] - right)
        self._set("denials", np.nan_to_num(left[self._rows] + right[self._columns]))
        self._set("denials apart", np.nan_to_num(self._of(apart)))
        self._set("denials apart against the closest rival", rivals.against(apart))

    def words(self, known: npt.NDArray[np.bool_], rivals: Rivals) -> None:
        """Compare the English word by word."""
        a, b = self._a, self._b
        found = Terms(self._collection.stem_surprise, a.stems, b.stems)
        shared, overlap, there = self._of(found.shared), found.overlap(), known[self._rows, self._columns]
        sides = found.a[self._rows], found.b[self._columns]
        best_of_a = overlap[:, : b.sentences].max(axis=1, initial=0.0)[self._rows]  # of single sentences: what a
        best_of_b = overlap[: a.sentences].max(axis=0, initial=0.0)[self._columns]  # longer bead gains shows too
        told = {
            "shared words": shared,
            "words of the poorer side shared": shared / np.maximum(np.minimum(*sides), _TINY),
            "words of the richer side shared": shared / np.maximum(np.maximum(*sides), _TINY),
            "overlap of words": self._of(overlap),
            "overlap of words against the best": 2 * self._of(overlap) - best_of_a - best_of_b,
        }
        for name, values in told.items():
            self._set(name, np.where(there, values, _UNKNOWN))
        self._set("overlap of words against the closest rival", rivals.against(np.where(known, overlap, np.nan)))

    def contradictions(self) -> None:
        for n in np.flatnonzero(self.values[:, AT["behind the best"]] >= _BEHIND):
            left, right = self._a.facts[self._rows[n]], self._b.facts[self._columns[n]]
            found = contradictions(left, right)
            self.values[n, AT["name similarity"]] = name_similarity(left, right)
            self.values[n, [AT[name] for name in MISMATCHES]] = [flag in found for flag in MISMATCHES.values()]
            self.values[n, AT["quotation mismatch"]] = left.quoted != right.quoted

    def agreeing(self, found: Similarities) -> None:
        """Compare with rivals as before, but for those that contradict: the sentence they are near to means another."""
        against = self.values[:, [AT[name] for name in MISMATCHES]].any(axis=1)
        places = self._rows[against], self._columns[against]
        similarity, margin = found.both.copy(), found.margin.copy()
        similarity[places], margin[places] = 0.0, LOWEST
        closest = Rivals(similarity, self._a, self._b, self._rows, self._columns).closest
        self._set("lead over rivals that agree", self._of(found.both) - closest)
        self._set("behind the best that agrees", self._of(behind(found.margin, margin)))
