"""The collection: what all articles of a build say together.

How rare a term is, what similarity is usual, and what the sentences of a language have in common.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.facts import Facts, facts
from samestory.records import Encoded, Matrix
from samestory.spans import Spans
from samestory.stems import stems
from samestory.vectors import mean

_NEIGHBOURS = 4  # k of the ratio margin, as in the paper
_BACKGROUND = 2000  # sentences per language to look for neighbours among: enough for a steady mean
_LITERAL = 0.9  # quantile of the mutual nearest sentences' similarity that tells how literally two languages agree
_RAREST = 6.0  # nats of surprise beyond which a rarer number, name or word says nothing more

Kind = Literal["direct", "english"]
Values = npt.NDArray[np.float64]


class _Background(NamedTuple):
    """Sentences of one language to look for neighbours among, and the article each is from."""

    vectors: Matrix
    owners: npt.NDArray[np.str_]


class Collection:
    """All articles of a build."""

    def __init__(self, articles: Sequence[Encoded]) -> None:
        self.articles = articles
        self._backgrounds: dict[tuple[str, Kind], _Background | None] = {}
        self._levels: dict[tuple[str, str], float] = {}
        self._surprises: dict[str, float] = {}
        self._stem_surprises: dict[str, float] = {}
        self._centres: dict[str, Matrix] = {}

    @cached_property
    def _counts(self) -> Counter[str]:
        """In how many sentences each number and name stands."""
        counts: Counter[str] = Counter()
        for encoded in self.articles:
            for sentence in encoded.article.content:
                counts.update(terms(facts(sentence.text, encoded.article.lang)))
        return counts

    @cached_property
    def _stem_counts(self) -> tuple[Counter[str], int]:
        """In how many sentences of English each stem stands, and how many there are."""
        texts = [s.trusted_english for e in self.articles for s in e.article.content]
        known = [stems(text) for text in texts if text is not None]
        return Counter(stem for own in known for stem in own), len(known)

    @cached_property
    def _sentences(self) -> int:
        return sum(len(e.article.content) for e in self.articles)

    def surprise(self, term: str) -> float:
        """Return how much a shared `term` says: 0 where every sentence has it, 1 where hardly any has."""
        if term not in self._surprises:
            surprise = math.log(max(self._sentences, 1) / max(self._counts[term], 1))
            self._surprises[term] = (min(surprise, _RAREST) / _RAREST) ** 2  # squared: a story's subject says little
        return self._surprises[term]

    def stem_surprise(self, stem: str) -> float:
        """Return how much a word in common says, by its stem, in nats: the less, the more sentences of English have it.

        A word of all sentences still says a little, so that in a build of two sentences the same words count.
        """
        if stem not in self._stem_surprises:
            counts, sentences = self._stem_counts
            self._stem_surprises[stem] = min(math.log((sentences + 1) / max(counts[stem], 1)), _RAREST)
        return self._stem_surprises[stem]

    def centre(self, lang: str) -> Matrix:
        """Return the mean vector of the background in `lang`, what its sentences have in common, shape (d,).

        Without any it is zero, shape (1,).
        """
        if lang not in self._centres:
            background = self._background(lang, "direct")
            self._centres[lang] = mean(None if background is None else background.vectors)
        return self._centres[lang]

    def hub(self, spans: Spans, lang: str, kind: Kind) -> Values:
        """Return, for each span, its mean similarity to its nearest sentences in `lang`, shape (len(spans),)."""
        if (lang, kind) not in spans.hubs:
            spans.hubs[lang, kind] = self._hub(spans, lang, kind)
        return spans.hubs[lang, kind]

    def nearest(self, spans: Spans, lang: str) -> Values:
        """Return, for each span, its greatest direct similarity to a sentence in `lang` of another article."""
        if (lang, "nearest") not in spans.hubs:
            background = self._background(lang, "direct")
            best = np.zeros(len(spans.positions))
            others = None if background is None else background.vectors[background.owners != spans.id]
            if others is not None and len(others):
                best = (spans.direct @ others.T).max(axis=1).astype(np.float64)
            spans.hubs[lang, "nearest"] = best
        return spans.hubs[lang, "nearest"]

    def level(self, lang: str, other: str) -> float:
        """Return how similar the sentences in two languages are that say the same most literally.

        In articles made of translations true matches lie near it, in independent reports many lie far below. It is
        a high quantile of the direct similarity of sentences of different articles that are each other's nearest.
        """
        key = min(lang, other), max(lang, other)
        if key not in self._levels:
            self._levels[key] = self._level(*key)
        return self._levels[key]

    def _level(self, lang: str, other: str) -> float:
        left, right = self._background(lang, "direct"), self._background(other, "direct")
        if left is None or right is None:
            return 0.0
        own = left.owners[:, None] == right.owners
        similarity = np.where(own, -np.inf, left.vectors @ right.vectors.T)
        nearest = similarity.argmax(axis=1)
        places = np.arange(len(nearest))
        mutual = similarity[places, nearest][similarity.argmax(axis=0)[nearest] == places]
        known = mutual[np.isfinite(mutual)]
        return float(np.quantile(known, _LITERAL)) if len(known) else 0.0

    def _hub(self, spans: Spans, lang: str, kind: Kind) -> Values:
        vectors = spans.direct if kind == "direct" else spans.english
        background = self._background(lang, kind)
        if vectors is None or background is None:
            return np.zeros(len(spans.positions))
        others = background.owners != spans.id  # a sentence is no neighbour of its own article
        others |= not others.any()  # but where thinning left none of another
        scores = (vectors @ background.vectors[others].T).astype(np.float64)
        k = min(_NEIGHBOURS, scores.shape[1])
        return np.asarray(np.sort(np.partition(scores, -k, axis=1)[:, -k:], axis=1).mean(axis=1))

    def _background(self, lang: str, kind: Kind) -> _Background | None:
        """Return the sentences in `lang` that have a vector of that kind, thinned evenly; None where none has."""
        if (lang, kind) not in self._backgrounds:
            self._backgrounds[lang, kind] = self._thinned(lang, kind)
        return self._backgrounds[lang, kind]

    def _thinned(self, lang: str, kind: Kind) -> _Background | None:
        members = [e for e in self.articles if e.article.lang == lang]
        vectors, owners = [], []
        for encoded in members:
            own = encoded.direct if kind == "direct" else encoded.english
            if own is not None:
                known = own.any(axis=1)
                vectors.append(own[known])
                owners.append(np.full(int(known.sum()), encoded.article.id))
        total = sum(map(len, vectors))
        if not total:
            return None
        step = math.ceil(total / _BACKGROUND)
        return _Background(np.concatenate(vectors)[::step], np.concatenate(owners)[::step])


def terms(found: Facts) -> frozenset[str]:
    """Return the numbers and names among `found`."""
    return found.numbers | found.names
