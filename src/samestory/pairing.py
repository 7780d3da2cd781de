"""Pairs of two articles: aligned in the order that fits them, described, and refused where they contradict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from samestory import monotone
from samestory.align import Bead, FindPairs, Order
from samestory.collection import Collection
from samestory.facts import contradictions
from samestory.free import Found, FreeOrder, in_order
from samestory.letters import join
from samestory.records import Encoded, Pair, Refuse, Rejection, Relation, Side, Similarity
from samestory.similarity import both
from samestory.spans import Spans, all_spans

_PARTIAL_RATIO = 1.6  # of the lengths in characters, beyond which one side says more where no model has told
_LENGTH_RATIO = 2.5  # beyond which a pair is flagged: it may be right, but is of little use as bitext
_SURE_ORDER = 0.95  # share of beads in one order
_SURE_COVERAGE = 0.7  # share of the sentences of either article in beads, for translations of one another
_FEW = 5  # beads, which may be in one order by chance
_LEAST_HUB = 0.05  # keeps the margin finite


class Pairing:
    """Finds the pairs of two articles of a story, in the `order` asked for.

    "auto" takes two articles for translations of one another where nearly all that they say stands in both,
    in the same order. Pairs that contradict are refused, or with `keep_divergent` kept and flagged.
    """

    def __init__(
        self,
        collection: Collection,
        free: FreeOrder,
        weights: monotone.Weights,
        min_score: float,
        *,
        order: Order = "auto",
        keep_divergent: bool = False,
        refuse: Refuse = lambda _rejection: None,
    ) -> None:
        self._collection = collection
        self._free = free
        self._weights = weights
        self._min_score = min_score
        self._order = order
        self._keep_divergent = keep_divergent
        self._refuse = refuse

    def among(self, story: str, articles: Sequence[Encoded]) -> FindPairs:
        """Return what yields the pairs of two of the `articles` of a `story`, in the order of the first."""
        spans = {encoded.article.id: all_spans(encoded) for encoded in articles}
        reports = self._free.reports(list(spans.values()))

        def pairs(a: Encoded, b: Encoded) -> Iterator[Pair]:
            left, right = spans[a.article.id], spans[b.article.id]
            yield from self._pairs(story, left, right, self._free.find(left, right, reports))

        return pairs

    def _pairs(self, story: str, left: Spans, right: Spans, found: Found) -> Iterator[Pair]:
        a, b = left.encoded, right.encoded
        if self._order == "monotone" or (self._order == "auto" and translations(found.beads, left, right)):
            found = self._in_one_order(found, left, right)
        pairs = self._described(story, a, b, found.beads, [()] * len(found.beads))
        divergent = self._described(story, a, b, found.divergent, found.reasons)
        if self._keep_divergent:
            pairs += divergent
        else:
            for pair in divergent:
                self._refuse(rejection(pair, a, b))
        yield from sorted(pairs, key=lambda pair: pair.sides[0].sentences)

    def _in_one_order(self, found: Found, a: Spans, b: Spans) -> Found:
        """Return the beads of two articles in one order; titles are paired as before."""
        bodies = [np.flatnonzero(~spans.titles[: spans.sentences]).tolist() for spans in (a, b)]
        left, right = (
            monotone.summed(spans.encoded.direct[body], spans.lengths[body])
            for spans, body in zip((a, b), bodies, strict=True)
        )
        beads = [bead for bead in found.beads if _of_titles(bead, a, b)]
        told = zip(found.divergent, found.reasons, strict=True)
        divergent = [(bead, flags) for bead, flags in told if _of_titles(bead, a, b)]
        for rows, columns, score in monotone.align(left, right, self._weights):
            if rows and columns and score >= self._min_score:
                bead = Bead(_range(bodies[0], rows), _range(bodies[1], columns), score)
                flags = self._contradictions(a.encoded, b.encoded, bead)
                if flags:
                    divergent.append((bead, flags))
                else:
                    beads.append(bead)
        return Found(beads, [bead for bead, _ in divergent], [flags for _, flags in divergent])

    def _contradictions(self, a: Encoded, b: Encoded, bead: Bead) -> tuple[str, ...]:
        """Return how the sides of a bead of two translations contradict; what is denied can be worded without a not."""
        one, other = Spans(a, [bead.a]).facts[0], Spans(b, [bead.b]).facts[0]
        return tuple(flag for flag in contradictions(one, other) if flag != "negation-mismatch")

    def _described(
        self, story: str, a: Encoded, b: Encoded, beads: Sequence[Bead], reasons: Sequence[tuple[str, ...]]
    ) -> list[Pair]:
        left, right = Spans(a, [bead.a for bead in beads]), Spans(b, [bead.b for bead in beads])
        return [
            self._pair(story, left, right, row, bead, flags)
            for row, (bead, flags) in enumerate(zip(beads, reasons, strict=True))
        ]

    def _pair(self, story: str, a: Spans, b: Spans, row: int, bead: Bead, reasons: tuple[str, ...]) -> Pair:
        ratio = float(max(a.lengths[row], b.lengths[row]) / min(a.lengths[row], b.lengths[row]))
        equivalent = ratio <= _PARTIAL_RATIO if bead.equivalent is None else bead.equivalent
        relation: Relation = "equivalent" if equivalent else "partial"
        return Pair(
            story=story,
            languages=(a.lang, b.lang),
            sides=(_side(a, row), _side(b, row)),
            score=round(bead.score, 3),
            similarity=self._similarity(a, b, row),
            relation=relation,
            flags=(*reasons, *_flags(a, b, row, ratio)),
        )

    def _similarity(self, a: Spans, b: Spans, row: int) -> Similarity:
        direct = float(a.direct[row] @ b.direct[row])
        hub = (self._collection.hub(a, b.lang, "direct")[row] + self._collection.hub(b, a.lang, "direct")[row]) / 2
        english, usual, whole = None, hub, direct
        if a.english is not None and b.english is not None and a.english[row].any() and b.english[row].any():
            english = float(a.english[row] @ b.english[row])
            hubs = [self._collection.hub(one, other.lang, "english")[row] for one, other in ((a, b), (b, a))]
            whole, usual = (float(both(np.array(x), np.array(y))) for x, y in ((direct, english), (hub, sum(hubs) / 2)))
        return Similarity(
            direct=round(direct, 3) + 0.0,  # no -0.0
            english=None if english is None else round(english, 3) + 0.0,
            margin=round(float(whole / max(usual, _LEAST_HUB)), 3) + 0.0,
        )


def translations(beads: Sequence[Bead], a: Spans, b: Spans) -> bool:
    """Return whether two articles say the same in the same order, so that one may be a translation of the other."""
    if len(beads) < _FEW:
        return False
    covered = [
        sum(map(len, side)) / spans.sentences for side, spans in (([x.a for x in beads], a), ([x.b for x in beads], b))
    ]
    return min(covered) >= _SURE_COVERAGE and in_order(beads) >= _SURE_ORDER


def rejection(pair: Pair, a: Encoded, b: Encoded) -> Rejection:
    """Return the refusal of a `pair` that contradicts."""
    texts = [
        join([e.article.sentences[n].text for n in side.sentences], e.article.lang)
        for e, side in zip((a, b), pair.sides, strict=True)
    ]
    detail = f"“{texts[0]}” is not “{texts[1]}” of {b.article.path}; --keep-divergent keeps such pairs"
    return Rejection("align", a.article.path, pair.contradictions[0], detail)


def _of_titles(bead: Bead, a: Spans, b: Spans) -> bool:
    return bool(a.titles[bead.a.start] and b.titles[bead.b.start])


def _range(rows: Sequence[int], places: Sequence[int]) -> range:
    return range(rows[places[0]], rows[places[-1]] + 1)


def _side(spans: Spans, row: int) -> Side:
    return Side(spans.id, tuple(sentence.index for sentence in spans.of(row)))


def _flags(a: Spans, b: Spans, row: int, ratio: float) -> Iterator[str]:
    if ratio > _LENGTH_RATIO:
        yield "length-ratio"
    if a.text(row) == b.text(row):
        yield "copied-source"
    if any(s.mt is not None and "mt-loop" in s.mt.flags for s in (*a.of(row), *b.of(row))):
        yield "mt-loop"
