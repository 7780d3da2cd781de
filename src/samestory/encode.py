"""Encode: a vector for every content sentence, on the original and on its English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from samestory.records import Article, Encoded, Matrix, Progress
from samestory.store import Store

_CHUNK = 256  # texts per transaction: what a killed build can lose


class Encoder(Protocol):
    """Anything that turns texts into vectors of length 1, the same for a text whatever its neighbours."""

    @property
    def signature(self) -> str:
        """Name and hash of the model; two encoders with one signature give the same vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of n texts, shape (n, d), float32, each row of length 1."""
        ...


def encode(
    articles: Iterable[Article],
    direct: Encoder,
    english: Encoder,
    store: Store,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Encoded]:
    """Yield each article with the vectors of its content sentences; unknown texts are encoded once and stored.

    `progress` is called with the number of texts done and the number to do.
    """
    articles = list(articles)
    work = [(direct, _unique(s.text for a in articles for s in a.content))]
    work.append((english, _unique(s.trusted_english for a in articles for s in a.content if s.trusted_english)))
    missing = [(encoder, _missing(encoder, texts, store)) for encoder, texts in work]
    total, done = sum(len(texts) for _, texts in missing), 0
    for encoder, texts in missing:
        for start in range(0, len(texts), _CHUNK):
            chunk = texts[start : start + _CHUNK]
            store.add_vectors(encoder.signature, chunk, encoder.encode(chunk))
            done += len(chunk)
            progress(done, total)
    for article in articles:
        yield Encoded(
            article,
            direct=_direct_matrix(direct, article, store),
            english=_english_matrix(english, article, store),
        )


def _unique(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts))


def _missing(encoder: Encoder, texts: list[str], store: Store) -> list[str]:
    known = store.vectors(encoder.signature, texts)
    return [text for text in texts if text not in known]


def _direct_matrix(encoder: Encoder, article: Article, store: Store) -> Matrix:
    known = store.vectors(encoder.signature, {s.text for s in article.content})
    return np.stack([known[s.text] for s in article.content])


def _english_matrix(encoder: Encoder, article: Article, store: Store) -> Matrix | None:
    """Return a row for each content sentence, zero where it has no English; None where none has."""
    texts = {s.trusted_english for s in article.content if s.trusted_english}
    if not texts:
        return None
    known = store.vectors(encoder.signature, texts)
    none = np.zeros_like(next(iter(known.values())))
    return np.stack([known[s.trusted_english] if s.trusted_english else none for s in article.content])
