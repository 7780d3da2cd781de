"""Neighbours: the pairs of articles worth judging, found without comparing every two.

An article is a candidate beside those whose mean vector is nearest, and beside those that hold the nearest
neighbours of its sentences: two reports of one event may share little but a few sentences. Few vectors are compared
exactly; many are searched by FAISS (Douze et al. 2024, https://arxiv.org/abs/2401.08281), one index a language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from samestory.records import Encoded, Matrix

_BY_MEAN = 20  # articles of each language
_BY_SENTENCES = 10  # articles of each language
_SENTENCE_NEIGHBOURS = 3
_EXACT = 20_000  # vectors of a language up to which all are compared
_LINKS, _BUILD, _SEARCH = 32, 80, 128  # of the HNSW graph: neighbours of a vector, effort of building and of search
_CHUNK = 1024  # vectors searched for at once

Places = npt.NDArray[np.int64]


def candidates(articles: Sequence[Encoded]) -> list[tuple[int, int]]:
    """Return the pairs of places among `articles` that are worth judging, ascending."""
    if not articles:
        return []
    languages: dict[str, list[int]] = {}
    for place, encoded in enumerate(articles):
        languages.setdefault(encoded.article.lang, []).append(place)
    means = _means(articles)
    pairs: set[tuple[int, int]] = set()
    for members in languages.values():
        found = [*_by_mean(means, members), *_by_sentences(articles, members)]
        pairs.update((min(pair), max(pair)) for pair in found)
    return sorted(pairs)


def _means(articles: Sequence[Encoded]) -> Matrix:
    """Return the mean vector of each article, less what all have in common, of length 1."""
    means = np.stack([e.direct.mean(axis=0) for e in articles])
    means -= means.mean(axis=0)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _by_mean(means: Matrix, members: list[int]) -> list[tuple[int, int]]:
    nearest, _ = search(means[members], means, _BY_MEAN + 1)
    return [(a, members[n]) for a, row in enumerate(nearest) for n in row if n >= 0 and members[n] != a]


def _by_sentences(articles: Sequence[Encoded], members: list[int]) -> list[tuple[int, int]]:
    """Return each article with those of `members` that hold the most of its sentences' nearest neighbours."""
    owners = np.concatenate([np.full(len(articles[n].direct), n) for n in members])
    vectors = np.concatenate([articles[n].direct for n in members])
    asking = np.concatenate([np.full(len(e.direct), n) for n, e in enumerate(articles)])
    own = max(len(articles[n].direct) for n in members)
    k = min(_SENTENCE_NEIGHBOURS + min(own, _SENTENCE_NEIGHBOURS), len(vectors))  # some may be its own
    nearest, similarity = search(vectors, np.concatenate([e.direct for e in articles]), k)
    votes: dict[int, Counter[int]] = {}
    for a, row, scores in zip(asking.tolist(), nearest, similarity, strict=True):
        others = [(int(owners[n]), float(s)) for n, s in zip(row, scores, strict=True) if n >= 0 and owners[n] != a]
        for b, score in others[:_SENTENCE_NEIGHBOURS]:
            votes.setdefault(a, Counter())[b] += score**2  # type: ignore[assignment]
    return [(a, b) for a, counts in votes.items() for b, _ in sorted(counts.items(), key=_most_first)[:_BY_SENTENCES]]


def _most_first(vote: tuple[int, float]) -> tuple[float, int]:
    return -round(vote[1], 6), vote[0]


def search(vectors: Matrix, queries: Matrix, k: int) -> tuple[Places, Matrix]:
    """Return, for each query, the rows of its `k` nearest `vectors` and their cosines, nearest first; -1 for none."""
    k = min(k, len(vectors))
    if len(vectors) > _EXACT:
        return _approximate(vectors, queries, k)
    rows, scores = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
    for start in range(0, len(queries), _CHUNK):
        part = queries[start : start + _CHUNK] @ vectors.T
        order = np.argsort(-part, axis=1, kind="stable")[:, :k]
        rows[start : start + _CHUNK] = order
        scores[start : start + _CHUNK] = np.take_along_axis(part, order, axis=1)
    return rows, scores


def _approximate(vectors: Matrix, queries: Matrix, k: int) -> tuple[Places, Matrix]:
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # the graph depends on the order in which vectors come
    try:
        index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction, index.hnsw.efSearch = _BUILD, _SEARCH
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        scores, rows = index.search(np.ascontiguousarray(queries, dtype=np.float32), k)
    finally:
        faiss.omp_set_num_threads(threads)
    return np.asarray(rows, dtype=np.int64), np.asarray(scores, dtype=np.float32)
