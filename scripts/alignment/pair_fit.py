"""Fitting the scorers of sentence pairs: trees over the evidence of candidates, and what their scores are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from alignment.gold import Beads, Gold, Place
from samestory.collection import Collection
from samestory.evidence import evidence
from samestory.features import ENDS, FEATURES, MISMATCHES, RERANK_FEATURES
from samestory.free import FreeOrder
from samestory.looks import LEAST, Readers, second_evidence
from samestory.reports import Reports
from samestory.scorer import Calibration, Trees, log_odds
from samestory.spans import Spans, all_spans

Floats = npt.NDArray[np.float64]

_NEAR = -0.25  # of "behind the best": what lies further back is easily told to be false
_SEEN = 0.05  # share of these that is learnt from; they weigh the more
PART_OF_A_BEAD = 0.3  # weight of a candidate that is part of a true bead, or more than one: wrong, but not far off
DIVERGENT = 2.0  # weight of a contradiction
_ENOUGH = 25  # beads of a kind above a score for their share of right ones to mean something
SETTINGS = {
    "objective": "binary",
    "num_leaves": 16,
    "learning_rate": 0.05,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
_AGAIN = {**SETTINGS, "learning_rate": 0.025, "min_data_in_leaf": 80, "bagging_fraction": 0.6}  # of fewer candidates
_LAST = {**SETTINGS, "num_leaves": 8, "lambda_l2": 10.0, "feature_fraction": 0.6}  # of fewer still
_LOOKS = {FEATURES: (SETTINGS, 600), RERANK_FEATURES: (_AGAIN, 1200), ENDS: (_LAST, 400)}  # settings, rounds


class Candidate(NamedTuple):
    """A candidate bead: a span of either article."""

    a: Spans
    row: int
    b: Spans
    column: int


class Rows(NamedTuple):
    """Evidence of candidates, whether each is true, its weight, the story it is from, and the candidate itself.

    That is None where it is two articles.
    """

    evidence: Floats
    truth: npt.NDArray[np.bool_]
    weight: Floats
    story: npt.NDArray[np.str_]
    candidate: npt.NDArray[np.object_]


def where(rows: Rows, kept: npt.NDArray[np.bool_]) -> Rows:
    """Return some of the rows."""
    return Rows(rows.evidence[kept], rows.truth[kept], rows.weight[kept], rows.story[kept], rows.candidate[kept])


def of_stories(rows: Rows, stories: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Return which of the rows are from some stories, shape (n,)."""
    known = frozenset(stories)
    return np.fromiter((story in known for story in rows.story.tolist()), dtype=np.bool_, count=len(rows.story))


class Outcome(NamedTuple):
    """A bead that was made: its score, and whether it is right, overlaps a right one, or counts neither way."""

    score: float
    strict: bool
    lax: bool
    neutral: bool


class Result(NamedTuple):
    """What was made of some articles: beads, and for each right one there was the best score of those that overlap it.

    That is 0 where none does.
    """

    made: list[Outcome]
    hits: list[float]

    @property
    def wanted(self) -> int:
        """How many right beads there were."""
        return len(self.hits)

    def __add__(self, other: object) -> Result:
        """Return the results of both."""
        if not isinstance(other, Result):
            return NotImplemented
        return Result(self.made + other.made, self.hits + other.hits)


def pair_rows(gold: Gold, collection: Collection, weight: float, divergent: float = DIVERGENT) -> Rows:
    """Return the candidates of every two articles of `gold` with beads, against the background of `collection`.

    Each has that `weight`, a contradiction `divergent` times as much; what is neither true nor false has none, and is
    there as the context of others. Of those that are easily told to be false a few stand for all.
    """
    rng = np.random.default_rng(0)
    spans = {name: all_spans(encoded) for name, encoded in gold.articles.items()}
    parts = []
    for (a, b), beads in sorted(gold.beads.items()):
        found = evidence(collection, spans[a], spans[b])
        labels = [
            label(beads, (tuple(spans[a].positions[row]), tuple(spans[b].positions[column])), divergent)
            for row, column in zip(found.rows, found.columns, strict=True)
        ]
        truth, weights, untouched = (np.array(column) for column in zip(*labels, strict=True))
        easy = untouched & (found.column("behind the best") < _NEAR)
        kept = ~easy | (rng.random(len(easy)) < _SEEN)
        weights = np.where(easy, weights / _SEEN, weights)
        stories = np.full(int(kept.sum()), gold.story[a])
        places = zip(found.rows[kept].tolist(), found.columns[kept].tolist(), strict=True)
        own = as_objects([Candidate(spans[a], row, spans[b], column) for row, column in places])
        parts.append(Rows(found.values[kept], truth[kept], weight * weights[kept], stories, own))
    return joined(parts)


def label(beads: Beads, bead: tuple[Place, Place], divergent: float) -> tuple[bool, float, bool]:
    """Return whether a candidate is true, what that weighs, and whether no bead of the gold touches it.

    It weighs nothing where it is neither true nor false.
    """
    relation = beads.get(bead)
    if relation is not None:
        return relation == "equivalent", {"equivalent": 1.0, "partial": 0.0, "divergent": divergent}[relation], False
    touched = {relation for other, relation in beads.items() if overlap(bead, other)}
    if not touched:
        return False, 1.0, True
    return False, PART_OF_A_BEAD if "equivalent" in touched else 0.0, False


def joined(parts: Sequence[Rows]) -> Rows:
    """Return all rows."""
    return Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def as_objects(things: Sequence[object]) -> npt.NDArray[np.object_]:
    """Return an array of them, shape (n,)."""
    return np.fromiter(things, dtype=np.object_, count=len(things))


def not_learnt(rows: Rows, seen: Gold) -> Rows:
    """Return `rows` but for those of gold that the cross-encoder has `seen`, where it reads both articles."""
    known = seen.beads.keys() - seen.lacking_english().beads.keys()
    return where(rows, np.array([(candidate.a.id, candidate.b.id) not in known for candidate in rows.candidate]))


def second_rows(rows: Rows, unseen: Mapping[str, Trees], readers: Readers) -> Rows:
    """Return what of `rows` is looked at a second time, with the evidence for that.

    `unseen` has, for every story, trees for the first look that have not seen it; the `readers` must not have learnt
    from any of them.
    """
    scores = np.zeros(len(rows.truth))
    for trees in set(unseen.values()):
        own = of_stories(rows, (story for story, other in unseen.items() if other is trees))
        scores[own] = trees.probability(rows.evidence[own])
    again, scores = where(rows, scores >= LEAST), scores[scores >= LEAST]
    told = np.full((len(again.truth), len(RERANK_FEATURES) - len(FEATURES)), np.nan)
    by_articles: dict[tuple[int, int], list[int]] = {}
    for n, candidate in enumerate(again.candidate):
        by_articles.setdefault((id(candidate.a), id(candidate.b)), []).append(n)
    for places in by_articles.values():
        these: list[Candidate] = again.candidate[places].tolist()
        at = np.array([candidate.row for candidate in these]), np.array([candidate.column for candidate in these])
        told[places] = second_evidence(these[0].a, these[0].b, *at, scores[places], readers)
    return again._replace(evidence=np.hstack([again.evidence, told]))


def fit_trees(rows: Rows, features: tuple[str, ...] = FEATURES, without: frozenset[str] = frozenset()) -> Trees:
    """Return trees fitted on `rows`, for the look with these `features`; those `without` are hidden from them."""
    rows = where(rows, rows.weight > 0)
    values = hidden(rows.evidence, features, without)
    signs = [-1 if name in MISMATCHES else 0 for name in features]  # a contradiction speaks for no pair
    data = lightgbm.Dataset(values, rows.truth, weight=rows.weight)
    settings, rounds = _LOOKS[features]
    booster = lightgbm.train({**settings, "monotone_constraints": signs}, data, rounds)
    return Trees(booster.model_to_string(), features)


def hidden(values: Floats, features: Sequence[str], without: frozenset[str]) -> Floats:
    """Return `values` of `features`, with those `without` set to 0, and what is compared in one of them."""
    out = values.copy()
    out[:, [n for n, name in enumerate(features) if name in without or _compared(name) in without]] = 0.0
    return out


def _compared(name: str) -> str:
    """Return what a feature of ENDS compares; other features as they are."""
    return name.removesuffix(", without an end").removesuffix(", with a neighbour")


def aligned(gold: Gold, free: FreeOrder, spans: dict[str, Spans]) -> Result:
    """Return what `free` makes of every two articles of `gold` with beads."""
    total = Result([], [])
    for reports, a, b in together(gold, spans, free.reports):
        found = free.find(spans[a], spans[b], reports).beads
        total += compared([((tuple(bead.a), tuple(bead.b)), bead.score) for bead in found], gold.beads[a, b])
    return total


def together(
    gold: Gold, spans: Mapping[str, Spans], reports_of: Callable[[Sequence[Spans]], Reports]
) -> Iterator[tuple[Reports, str, str]]:
    """Yield every two articles of `gold` with beads, in order, beside all reports of their event."""
    known: dict[str, Reports] = {}
    for a, b in sorted(gold.beads):
        if gold.event[a] not in known:
            known[gold.event[a]] = reports_of([spans[name] for name in gold.reports(a)])
        yield known[gold.event[a]], a, b


def compared(found: Sequence[tuple[tuple[Place, Place], float]], beads: Beads) -> Result:
    """Return how `found`, beads and scores, compare with the gold `beads`: partial ones count neither way."""
    wanted = [bead for bead, relation in beads.items() if relation == "equivalent"]
    made = []
    for bead, score in found:
        touched = {relation for other, relation in beads.items() if overlap(bead, other)}
        lax = "equivalent" in touched
        made.append(Outcome(score, beads.get(bead) == "equivalent", lax, not lax and touched == {"partial"}))
    hits = [max((score for other, score in found if overlap(bead, other)), default=0.0) for bead in wanted]
    return Result(made, hits)


def overlap(bead: tuple[Place, Place], other: tuple[Place, Place]) -> bool:
    """Return whether two beads share a sentence on either side."""
    return bool(set(bead[0]) & set(other[0]) and set(bead[1]) & set(other[1]))


def calibrated(result: Result, curve: Calibration, least: float) -> Result:
    """Return what of `result` scores at least that by `curve`, with these scores."""
    scores, hits = (curve.apply(np.array(raw)) for raw in ([o.score for o in result.made], result.hits))
    made = [o._replace(score=float(s)) for o, s in zip(result.made, scores, strict=True) if s >= least]
    return Result(made, [float(hit) if hit >= least else 0.0 for hit in hits])


def fit_calibration(*kinds: Sequence[Outcome]) -> Calibration:
    """Return the curve from uncalibrated scores to the share of beads that report the same fact (Platt 1999).

    The precision that is reached above a score is the mean of that of each kind, such as a pair of languages: few beads
    count as much as many.
    """
    counted = [[outcome for outcome in kind if not outcome.neutral] for kind in kinds]
    kind = np.repeat(np.arange(len(counted)), list(map(len, counted)))
    raw = np.array([outcome.score for own in counted for outcome in own])
    truth = np.array([outcome.lax for own in counted for outcome in own])
    odds = log_odds(raw)
    # targets drawn in a little, as Platt has them, so that a clean sample promises no certainty
    targets = np.where(truth, (truth.sum() + 1) / (truth.sum() + 2), 1 / ((~truth).sum() + 2))

    def loss(line: Floats) -> float:
        z = line[0] * odds + line[1]
        return float((np.logaddexp(0.0, z) - targets * z).sum())

    slope, offset = (round(float(x), 4) for x in minimize(loss, [1.0, 0.0], method="Nelder-Mead").x)
    curve = Calibration(slope, offset, ())
    scores = curve.apply(raw)
    reached = []
    for least in np.arange(0.05, 1.0, 0.01):
        above = scores >= least
        made, right = (np.bincount(kind[kept], minlength=len(counted)) for kept in (above, above & truth))
        if made.min() >= _ENOUGH:
            reached.append((round(float(least), 2), round(float((right / made).mean()), 3)))
    if not reached:
        raise ValueError(f"of a kind there are not {_ENOUGH} beads: {[len(own) for own in counted]}")
    return Calibration(slope, offset, tuple(_rising(reached)))


def _rising(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return `points` with the least precision of all higher scores: a higher threshold promises no less."""
    least, out = 1.0, []
    for score, precision in reversed(points):
        least = min(least, precision)
        out.append((score, least))
    return out[::-1]
