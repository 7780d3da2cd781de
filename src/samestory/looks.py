"""How likely candidate beads are: a first look at all of them, a second at those that are likely at all, and a third.

The first look weighs the evidence. The second, a reranker, weighs beside it what the first says of the other
candidates, and what models say that read both sides: too slow to be asked of every candidate. The third compares
candidates that differ by one sentence, and tells where a bead ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from samestory import scorer
from samestory.answers import Texts
from samestory.context import context
from samestory.ends import ends
from samestory.evidence import Evidence
from samestory.features import CROSS, ENDS, FEATURES, LIKELIHOODS, RERANK_FEATURES
from samestory.scorer import Trees
from samestory.spans import Spans

LEAST = 0.01  # of the first look, for a candidate to be looked at again

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Readers(NamedTuple):
    """Models that read both sides of a candidate.

    `likelihood` tells how likely texts of a language, each beside English, have that for a translation
    (`samestory.likelihood`); `cross` whether English texts report one fact (`samestory.cross_encoder`).
    """

    likelihood: Callable[[str, Texts], Values]
    cross: Callable[[Texts], Values]


NO_READERS = Readers(
    lambda _lang, texts: np.full(len(texts), np.nan), lambda texts: np.full((len(texts), len(CROSS)), np.nan)
)


class Settled(NamedTuple):
    """How likely it is of n candidates that they end just there, and of beads that do that one side says more.

    Shape (n,); NaN where nothing has read both sides.
    """

    exact: Values
    partial: Values


class Look(Protocol):
    """Anything that tells how likely candidate beads are."""

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability, not calibrated, of each candidate bead of `a` and `b`, shape (len(found.rows),)."""
        ...

    def unread(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the same by the evidence alone, as if nothing had read the texts of both sides."""
        ...

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:
        """Return where the candidates `found`, of that `probability`, end: they are compared with one another.

        `pivoted` is what third reports say of them (`samestory.pivots`).
        """
        ...


class FirstLook:
    """Scores candidates by their evidence alone."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees.expect(FEATURES)

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:  # noqa: ARG002
        """Return the probability of each candidate."""
        return self._trees.probability(found.values)

    def unread(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability of each candidate: this look reads nothing."""
        return self.probability(a, b, found)

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:  # noqa: ARG002
        """Return NaN for each candidate: this look reads nothing."""
        return _unsettled(len(found.rows))


class SecondLook:
    """Scores again what scores at least LEAST at first; the others are 0."""

    def __init__(self, first: Look, reranker: Trees, readers: Readers) -> None:
        self._first = first
        self._reranker = reranker.expect(RERANK_FEATURES)
        self._readers = readers

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability of each candidate."""
        return self._again(a, b, found, self._readers)

    def unread(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability of each candidate where no model reads both sides."""
        return self._again(a, b, found, NO_READERS)

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:  # noqa: ARG002
        """Return NaN for each candidate: this look does not tell."""
        return _unsettled(len(found.rows))

    def _again(self, a: Spans, b: Spans, found: Evidence, readers: Readers) -> Values:
        out = self._first.probability(a, b, found).copy()
        again = out >= LEAST
        at = found.rows[again], found.columns[again]
        told = second_evidence(a, b, *at, out[again], readers)
        out[~again] = 0.0
        out[again] = self._reranker.probability(np.hstack([found.values[again], told]))
        return out


class ThirdLook:
    """Scores as the second look does, and tells where likely candidates end."""

    def __init__(self, second: Look, exact: Trees, partial: Trees, readers: Readers) -> None:
        self._second = second
        self._exact = exact.expect(ENDS)
        self._partial = partial.expect(ENDS)
        self._readers = readers

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability of each candidate."""
        return self._second.probability(a, b, found)

    def unread(self, a: Spans, b: Spans, found: Evidence) -> Values:
        """Return the probability of each candidate where no model reads both sides."""
        return self._second.unread(a, b, found)

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:
        """Return where each candidate ends; NaN where a side has no English that can be trusted."""
        out = _unsettled(len(found.rows))
        told = end_evidence(self._readers, a, b, found, probability, pivoted)
        read = has_read(told)
        out.exact[read], out.partial[read] = (trees.probability(told[read]) for trees in (self._exact, self._partial))
        return out


def load(readers: Readers) -> ThirdLook:
    """Return all looks with the scorers that come with the package."""
    second = SecondLook(FirstLook(scorer.load_trees()), scorer.load_reranker(), readers)
    return ThirdLook(second, scorer.load_exact(), scorer.load_partial(), readers)


def end_evidence(readers: Readers, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Values:
    """Return what the third look weighs of the candidates `found`, of that `probability`, shape (n, len(ENDS))."""
    return ends(found.sides(a, b), probability, crossed(readers, a, b, found.rows, found.columns), found, pivoted)


def second_evidence(a: Spans, b: Spans, rows: Places, columns: Places, probability: Values, readers: Readers) -> Values:
    """Return what the second look weighs beside the evidence, shape (n, len(RERANK_FEATURES) - len(FEATURES)).

    It is that of n candidates, the spans at `rows` of `a` with those at `columns` of `b`, of which the first look found
    that `probability`.
    """
    positions = [a.positions[row] for row in rows], [b.positions[column] for column in columns]
    read = likelihoods(readers, a, b, rows, columns), crossed(readers, a, b, rows, columns)
    return np.hstack([*read, context(*positions, probability)])


def crossed(readers: Readers, a: Spans, b: Spans, rows: Places, columns: Places) -> Values:
    """Return what the cross-encoder says of the English of the spans at `rows` and at `columns`.

    Shape (n, len(CROSS)); NaN where a sentence of either has no English that can be trusted.
    """
    out = np.full((len(rows), len(CROSS)), np.nan)
    english = {
        n: (left, right)
        for n, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
        if (left := a.english_text(row)) is not None and (right := b.english_text(column)) is not None
    }
    if english:
        out[list(english)] = readers.cross(list(english.values()))
    return out


def likelihoods(readers: Readers, a: Spans, b: Spans, rows: Places, columns: Places) -> Values:
    """Return how likely the English of the spans at `columns` is for those at `rows`, and the other way round.

    The likelier of both first, shape (n, len(LIKELIHOODS)). Where only one can be told it stands in both places; NaN
    where none can, and for beads of more than two sentences: translation models learn from single ones.
    """
    both = np.full((len(rows), len(LIKELIHOODS)), np.nan)
    single = (a.sizes[rows] == 1) & (b.sizes[columns] == 1)
    for n, (source, target, own, other) in enumerate(((a, b, rows, columns), (b, a, columns, rows))):
        english = [sentence.trusted_english for sentence in target.encoded.article.content]
        asked, texts = [], []
        for k in np.flatnonzero(single).tolist():
            known = english[target.starts[other[k]]]
            if known is not None:
                asked.append(k)
                texts.append((source.text(own[k]), known))
        both[asked, n] = readers.likelihood(source.lang, texts)
    return np.column_stack([np.fmax(*both.T), np.fmin(*both.T)])


def has_read(told: Values) -> npt.NDArray[np.bool_]:
    """Return of which candidates the cross-encoder has read both sides, by what the third look weighs, shape (n,)."""
    return ~np.isnan(told[:, ENDS.index(CROSS[0])])


def _unsettled(count: int) -> Settled:
    return Settled(np.full(count, np.nan), np.full(count, np.nan))
