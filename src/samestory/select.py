"""Select: of the candidate beads, those that together are worth most and share no sentence.

This is maximum-weight set packing. Candidates that hang together through shared sentences are solved together,
exactly, as an integer programme by HiGHS (Huangfu and Hall 2018) through SciPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components


class Candidate(NamedTuple):
    """A possible bead: positions of the sentences on either side, and what it is worth; more is better."""

    a: range
    b: range
    worth: float


def select(candidates: Sequence[Candidate]) -> list[int]:
    """Return the indexes of the best candidates that share no sentence, ascending; none that is worth nothing."""
    wanted = [n for n, candidate in enumerate(candidates) if candidate.worth > 0]
    return sorted(n for part in _parts(candidates, wanted) for n in _best(candidates, part))


def _sentences(candidate: Candidate) -> Iterator[tuple[int, int]]:
    yield from ((0, position) for position in candidate.a)
    yield from ((1, position) for position in candidate.b)


def _uses(candidates: Sequence[Candidate], wanted: Sequence[int]) -> csr_array:
    """Return which sentence, by row, is used by which of the candidates, by column."""
    known: dict[tuple[int, int], int] = {}
    rows, columns = [], []
    for column, n in enumerate(wanted):
        for sentence in _sentences(candidates[n]):
            rows.append(known.setdefault(sentence, len(known)))
            columns.append(column)
    return coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(known), len(wanted))).tocsr()


def _parts(candidates: Sequence[Candidate], wanted: list[int]) -> list[list[int]]:
    """Return groups of `wanted` between which no sentence is shared."""
    if not wanted:
        return []
    uses = _uses(candidates, wanted)
    count, labels = connected_components(uses.T @ uses, directed=False)
    parts: list[list[int]] = [[] for _ in range(count)]
    for n, label in zip(wanted, labels, strict=True):
        parts[label].append(n)
    return parts


def _best(candidates: Sequence[Candidate], part: list[int]) -> list[int]:
    if len(part) == 1:
        return part
    worth = np.array([candidates[n].worth for n in part])
    once = LinearConstraint(_uses(candidates, part), -np.inf, 1.0)
    solution = milp(-worth, constraints=once, integrality=np.ones(len(part)), bounds=Bounds(0.0, 1.0))
    if solution.x is None:
        raise RuntimeError(f"HiGHS found no selection among {len(part)} beads: {solution.message}")
    return [n for n, taken in zip(part, solution.x, strict=True) if taken > 0.5]
