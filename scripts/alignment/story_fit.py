"""Fitting the scorer of stories: a logistic regression over what two articles share, whose signs are held."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from alignment.gold import Gold
from alignment.pair_fit import Rows
from samestory.collection import Collection
from samestory.judge import AGAINST, STORY_FEATURES, SharedFacts
from samestory.neighbours import candidates
from samestory.records import Encoded
from samestory.scorer import Calibration, Logistic, Trees

Floats = npt.NDArray[np.float64]

_RIDGE = 0.1
_RARE = 4.0  # weight of two articles of one story: there are few among all pairs
_FREE = frozenset({"same language"})  # features of either sign
_NO_STORY = Logistic(STORY_FEATURES, (0.0,) * len(STORY_FEATURES), 0.0)


def story_rows(gold: Gold, collection: Collection, trees: Trees, calibration: Calibration, weight: float) -> Rows:
    """Return the evidence for the candidates among articles of `gold`, and whether they report one event."""
    judge = SharedFacts(collection, trees, calibration, _NO_STORY)
    names = sorted(gold.articles)
    pairs = [(names[a], names[b]) for a, b in candidates([gold.articles[name] for name in names])]
    rows = [
        (judge.evidence(gold.articles[a], gold.articles[b]), gold.event[a] == gold.event[b], gold.story[a])
        for a, b in pairs
    ]
    evidence, truth, story = zip(*rows, strict=True)
    right = np.array(truth)
    return Rows(np.array(evidence), right, weight * np.where(right, _RARE, 1.0), np.array(story))


def thinned(gold: Gold, seed: int, share: float) -> Gold:
    """Return the articles with a share of their sentences each: reports that have fewer facts in common."""
    rng = random.Random(seed)
    return gold._replace(articles={name: _thin(e, rng, share) for name, e in gold.articles.items()}, beads={})


def undated(gold: Gold) -> Gold:
    """Return the articles without their dates, as most come: an unknown date speaks neither way."""
    bare = {
        name: msgspec.structs.replace(e, article=msgspec.structs.replace(e.article, date=None))
        for name, e in gold.articles.items()
    }
    return gold._replace(articles=bare)


def small_builds(gold: Gold) -> list[Gold]:
    """Return the gold as builds of a few articles, in which what is nearest of all says less: one event or none."""
    rng = random.Random(2)
    names = sorted(gold.articles)
    stories = sorted({gold.story[a] for a, _ in gold.beads})
    builds = [gold.only(name for name in names if gold.story[name] == story) for story in stories]
    alone = sorted({gold.event[name]: name for name in names}.values())  # one article of each event
    return (
        builds
        + [gold.only(rng.sample(alone, 6)) for _ in range(12)]
        + [gold.only(rng.sample(alone, 3)) for _ in range(20)]
    )


def _thin(encoded: Encoded, rng: random.Random, share: float) -> Encoded:
    content = encoded.article.content
    rows = [n for n, sentence in enumerate(content) if sentence.role == "title" or rng.random() < share] or [0]
    article = msgspec.structs.replace(encoded.article, sentences=tuple(content[n] for n in rows))
    return Encoded(article, encoded.direct[rows], None if encoded.english is None else encoded.english[rows])


def fit_story(rows: Rows) -> Logistic:
    """Return the logistic regression; a feature whose meaning says so can only speak for, or against, one story."""
    sign = np.where(rows.truth, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = sign * (rows.evidence @ weights[:-1] + weights[-1])
        share = rows.weight * sign / (1.0 + np.exp(margins))
        slope = np.append(-(rows.evidence.T @ share) + 2 * _RIDGE * weights[:-1], -share.sum())
        return float((rows.weight * np.logaddexp(0.0, -margins)).sum() + _RIDGE * (weights[:-1] ** 2).sum()), slope

    bounds = [
        (None, None) if name in _FREE else (None, 0.0) if name in AGAINST else (0.0, None) for name in STORY_FEATURES
    ]
    start = np.zeros(len(STORY_FEATURES) + 1)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = [round(float(weight), 3) + 0.0 for weight in best.x]
    return Logistic(STORY_FEATURES, tuple(weights[:-1]), weights[-1])


def separation(story: Logistic, rows: Rows) -> tuple[float, float]:
    """Return the shares of pairs of one story, and of two, that `story` takes for what they are."""
    scores = story.probability(rows.evidence)
    return float((scores[rows.truth] >= 0.5).mean()), float((scores[~rows.truth] < 0.5).mean())


__all__: Sequence[str] = ["fit_story", "separation", "small_builds", "story_rows", "thinned", "undated"]
