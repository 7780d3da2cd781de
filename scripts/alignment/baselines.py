"""The aligners that samestory's own are compared with. None loads an encoder: vectors are handed in.

Vectors are float32, shape (n, d), one row of length 1 for each sentence; indices are rows. Every score is the better
the higher it is, but means something else in every baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from alignment.cases import components
from samestory.records import Matrix

Encode: TypeAlias = Callable[[Sequence[str]], Matrix]
_Indices: TypeAlias = npt.NDArray[np.intp]


class Match(NamedTuple):
    """Sentences of either side that a baseline aligns, by index, and its score; one side may be empty."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float


class ArticleMatches(NamedTuple):
    """Two articles, by number, that a baseline pairs, and the sentences it aligns in them."""

    a: int
    b: int
    matches: list[Match]


def mutual_nearest(a: Matrix, b: Matrix, threshold: float) -> list[Match]:
    """Return the sentences that are each other's nearest, by cosine, where that is at least `threshold`."""
    if not len(a) or not len(b):
        return []
    cosines = a @ b.T
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    matches = (Match((i,), (int(j),), float(cosines[i, j])) for i, j in enumerate(nearest) if back[j] == i)
    return [match for match in matches if match.score >= threshold]


def margin_mining(a: Matrix, b: Matrix, threshold: float, k: int = 4) -> list[Match]:
    """Return the sentences mined by ratio margin, best first: at least `threshold`, each sentence once.

    The margin of a pair is its cosine over the mean of both sides' mean cosine with their `k` nearest
    neighbours (Artetxe & Schwenk 2019). Each sentence of either side proposes the neighbour with the greatest
    margin, and proposals are taken greedily ("max"), as in bitext_mining.py of sentence-transformers' examples.
    """
    if not len(a) or not len(b):
        return []
    cosines = a @ b.T
    forward, backward = _nearest(cosines, k), _nearest(cosines.T, k)
    level_a = np.take_along_axis(cosines, forward, axis=1).mean(axis=1)
    level_b = np.take_along_axis(cosines.T, backward, axis=1).mean(axis=1)
    margins = cosines / ((level_a[:, None] + level_b[None, :]) / 2)
    proposed_b = _best(margins, forward)
    proposed_a = _best(margins.T, backward)
    rows = np.concatenate([np.arange(len(a)), proposed_a])
    columns = np.concatenate([proposed_b, np.arange(len(b))])
    scores = margins[rows, columns]
    matches: list[Match] = []
    taken_a, taken_b = set(), set()
    for n in np.argsort(-scores, kind="stable"):
        i, j, score = int(rows[n]), int(columns[n]), float(scores[n])
        if score >= threshold and i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            matches.append(Match((i,), (j,), score))
    return matches


def pair_then_mutual(
    a: Sequence[Matrix], b: Sequence[Matrix], threshold: float, pairing: float = 0.0
) -> list[ArticleMatches]:
    """Return articles paired first, and the mutual nearest of at least `threshold` within each pair.

    `a` and `b` are the vectors of each article. Two articles have the sum of the cosines of the sentences that
    are mutually nearest over all articles and at least `pairing`; those paired are each other's greatest sum.
    """
    if not a or not b:
        return []
    owner_a, owner_b = (np.repeat(np.arange(len(side)), [len(own) for own in side]) for side in (a, b))
    sums = np.zeros((len(a), len(b)))
    for (i,), (j,), score in mutual_nearest(np.concatenate(a), np.concatenate(b), pairing):
        sums[owner_a[i], owner_b[j]] += score
    pairs = mutual_nearest_of(sums)
    return [ArticleMatches(one, other, mutual_nearest(a[one], b[other], threshold)) for one, other in pairs]


def mutual_nearest_of(scores: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the (row, column) of all scores above 0 that are the greatest of their row and of their column."""
    best, back = scores.argmax(axis=1), scores.argmax(axis=0)
    return [(i, int(j)) for i, j in enumerate(best) if back[j] == i and scores[i, j] > 0]


def gale_church(lengths_a: Sequence[int], lengths_b: Sequence[int]) -> list[Match]:
    """Return beads and unmatched sentences by length alone (Gale & Church 1993), in order; every score is 1.

    Lengths are characters. NLTK's code takes time and memory by the product of the numbers of sentences, and
    refuses more than 4,000 of either side.
    """
    from nltk.translate.gale_church import align_blocks

    links: list[tuple[int, int]] = align_blocks(list(lengths_a), list(lengths_b)) if lengths_a and lengths_b else []
    beads: dict[int, tuple[list[int], list[int]]] = {}
    for (i, j), first in zip(links, components([("a", i), ("b", j)] for i, j in links), strict=True):
        bead = beads.setdefault(first, ([], []))
        bead[0].append(i)
        bead[1].append(j)
    return _with_unmatched(
        [(sorted(set(i)), sorted(set(j))) for i, j in beads.values()], len(lengths_a), len(lengths_b)
    )


def sentalign(a: Sequence[str], b: Sequence[str], encode: Encode, largest: int = 8, skip: float = 0.2) -> list[Match]:
    """Return beads and unmatched sentences by the PyPI package sentalign 0.3 (Vecalign: Thompson & Koehn 2019).

    `encode` is asked for the texts of `overlaps`, and may look them up. `largest` is the number of sentences of
    both sides of a bead together, `skip` the quantile of the costs of random pairs that an unmatched sentence costs.
    The score of a bead is 1 less half its cost; that of an unmatched sentence is 1. The package, which samestory
    does not depend on, seeds the global random generators. Raises ImportError where it is not installed.
    """
    try:
        package: Any = import_module("sentalign")
    except ImportError as error:
        raise ImportError("the baseline sentalign needs its package: pip install sentalign==0.3.0") from error
    if not a or not b:
        return _with_unmatched([], len(a), len(b))
    result = package.sentalign(list(a), list(b), encode, alignment_max_size=largest, del_percentile_frac=skip)
    return [
        Match(
            tuple(block.src_indices),
            tuple(block.tgt_indices),
            1 - block.score / 2 if block.src_indices and block.tgt_indices else 1.0,
        )
        for block in result.alignments
    ]


def overlaps(sentences: Sequence[str], largest: int = 8) -> Iterator[str]:
    """Yield all texts that `sentalign` wants vectors of for one side: up to `largest` neighbours joined by a space."""
    yield "PAD"
    stripped = [sentence.strip() or "BLANK_LINE" for sentence in sentences]
    for size in range(1, largest + 1):
        for start in range(len(stripped) - size + 1):
            yield " ".join(stripped[start : start + size])


def _with_unmatched(beads: Sequence[tuple[Sequence[int], Sequence[int]]], size_a: int, size_b: int) -> list[Match]:
    """Return `beads`, which are in order, and between them the sentences that are in none."""
    matches: list[Match] = []
    end_a = end_b = 0
    for a, b in (*beads, ((size_a,), (size_b,))):
        matches += [Match((i,), (), 1.0) for i in range(end_a, a[0])]
        matches += [Match((), (j,), 1.0) for j in range(end_b, b[0])]
        matches.append(Match(tuple(a), tuple(b), 1.0))
        end_a, end_b = a[-1] + 1, b[-1] + 1
    return matches[:-1]


def _nearest(cosines: Matrix, k: int) -> _Indices:
    """The columns of the `k` greatest of every row, best first, the first of equals first."""
    return np.argsort(-cosines, axis=1, kind="stable")[:, :k]


def _best(margins: Matrix, candidates: _Indices) -> _Indices:
    chosen = np.take_along_axis(margins, candidates, axis=1).argmax(axis=1)
    best: _Indices = candidates[np.arange(len(candidates)), chosen]
    return best
