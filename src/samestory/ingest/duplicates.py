"""Copies: the same text under two paths, as it was or with small edits."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from samestory.ingest.document import UnfitError
from samestory.ingest.tokens import tokens
from samestory.records import Article, Refuse

_SHINGLE = 5  # words in a row; five are rarely shared by chance
_COPY = 0.6  # share of the shorter text's shingles; a quote or two in common stays well below
_POSTINGS = 32  # articles listed per shingle: a phrase in more of them is a formula, not a sign of a copy


def without_duplicates(articles: Sequence[Article], refuse: Refuse) -> list[Article]:
    """Return `articles` in their order, without those that copy another in the same language.

    Two bodies are copies where 60 % of the shorter one's word 5-grams stand in the longer (containment,
    after Broder 1997). The longest copy is kept, among equals the first; the others go to `refuse`.
    Articles are compared through an inverted index of hashed 5-grams: time and memory grow with the text.
    """
    grams = [_shingles(article) for article in articles]
    index: dict[tuple[str, int], list[int]] = defaultdict(list)
    originals: dict[int, int] = {}
    for number in sorted(range(len(articles)), key=lambda n: -len(grams[n])):
        lang = articles[number].lang
        shared = Counter(other for gram in grams[number] for other in index.get((lang, gram), ()))
        best = min(shared, key=lambda other: (-shared[other], other), default=None)
        if best is not None and shared[best] >= _COPY * len(grams[number]):
            originals[number] = best
            continue
        for gram in grams[number]:
            postings = index[lang, gram]
            if len(postings) < _POSTINGS:
                postings.append(number)
    for copy, original in sorted(originals.items()):
        share = len(grams[copy] & grams[original]) / len(grams[copy])
        detail = f"{share:.0%} of it stands in {articles[original].path}, which is kept: nothing to do"
        refuse(UnfitError("duplicate", detail).at(articles[copy].path))
    return [article for number, article in enumerate(articles) if number not in originals]


def _shingles(article: Article) -> set[int]:
    """Return the hashes of the body's word 5-grams; of the whole body where it has fewer words."""
    body = (article.text[block.start : block.end] for block in article.blocks if block.role == "body")
    words = tokens("\n".join(body))
    starts = range(max(1, len(words) - _SHINGLE + 1))
    return {_hash(" ".join(words[start : start + _SHINGLE])) for start in starts}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
