"""Fitting the scorer of stories: trees over what two articles share, some of whose features can speak one way only."""

from __future__ import annotations

import random
from collections.abc import Mapping

import lightgbm
import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from alignment.gold import Gold
from alignment.pair_fit import SETTINGS, Rows
from samestory.collection import Collection
from samestory.judge import AGAINST, EITHER, OWN_FEATURES, STORY_FEATURES, SharedFacts, beside_others
from samestory.neighbours import candidates
from samestory.records import Encoded
from samestory.scorer import Trees

_RARE = 4.0  # weight of two articles of one story: there are few among all pairs
_ROUNDS = 150
_SETTINGS = {**SETTINGS, "num_leaves": 6, "min_data_in_leaf": 15, "feature_fraction": 0.7}
_UNFITTED = Trees("", STORY_FEATURES)


def story_rows(gold: Gold, unseen: Mapping[str, Trees], weight: float) -> Rows:
    """Return the evidence for the candidates among articles of `gold`, and whether they report one event.

    `unseen` has, for every story, the scorer of sentence pairs that has not seen it.
    """
    encoded = [gold.articles[name] for name in sorted(gold.articles)]
    collection = Collection(encoded)
    couples = [(encoded[a], encoded[b]) for a, b in candidates(encoded)]
    judges: dict[int, SharedFacts] = {}
    own = np.zeros((len(couples), len(OWN_FEATURES)))
    with threadpool_limits(1):
        for n, (a, b) in enumerate(couples):
            trees = unseen[gold.story[a.article.id]]
            judge = judges.setdefault(id(trees), SharedFacts(collection, trees, _UNFITTED))
            own[n] = judge.shared(a, b)
    right = np.array([gold.event[a.article.id] == gold.event[b.article.id] for a, b in couples])
    stories = np.array([gold.story[a.article.id] for a, _ in couples])
    return Rows(
        beside_others(couples, own), right, weight * np.where(right, _RARE, 1.0), stories, np.full(len(couples), None)
    )


def thinned(gold: Gold, seed: int, share: float) -> Gold:
    """Return the articles with a share of their sentences each: reports that have fewer facts in common."""
    rng = random.Random(seed)
    return gold._replace(articles={name: _thin(e, rng, share) for name, e in gold.articles.items()}, beads={})


def undated(gold: Gold, share: float = 1.0) -> Gold:
    """Return the articles, a share of them without their dates, as most come: an unknown date speaks neither way."""
    rng = random.Random(3)
    bare = {
        name: msgspec.structs.replace(e, article=msgspec.structs.replace(e.article, date=None))
        for name, e in sorted(gold.articles.items())
        if rng.random() < share
    }
    return gold._replace(articles=gold.articles | bare)


def without_counterparts(gold: Gold) -> Gold:
    """Return the gold without the reports in the language of each story's look-alike, which is then second to none."""
    lang = {name: e.article.lang for name, e in gold.articles.items()}
    taken = {(gold.story[name], lang[name]) for name in gold.articles if _look_alike(gold, name)}
    kept = [n for n in gold.articles if _look_alike(gold, n) or (gold.story[n], lang[n]) not in taken]
    return gold.only(kept)


def small_builds(gold: Gold) -> list[Gold]:
    """Return the gold as builds of a few articles, in which what is nearest of all says less: one event or none."""
    rng = random.Random(2)
    names = sorted(gold.articles)
    lang = {name: e.article.lang for name, e in gold.articles.items()}
    lonely = without_counterparts(gold)
    builds = []
    for story in gold.aligned_stories():
        own = [name for name in names if gold.story[name] == story]
        reports = [name for name in own if not _look_alike(gold, name)]
        others = [name for name in own if _look_alike(gold, name)]
        first = rng.choice(reports)
        builds += [own, [name for name in own if name in lonely.articles]]
        builds.append([first, rng.choice([name for name in reports if lang[name] != lang[first]])])
        builds += [[other, rng.choice([n for n in reports if lang[n] != lang[other]])] for other in others]
    alone = sorted({gold.event[name]: name for name in names}.values())  # one article of each event
    builds += [rng.sample(alone, size) for size in [6] * 12 + [3] * 20]
    return [gold.only(build) for build in builds]


def _look_alike(gold: Gold, name: str) -> bool:
    return gold.event[name] != gold.story[name]


def _thin(encoded: Encoded, rng: random.Random, share: float) -> Encoded:
    content = encoded.article.content
    rows = [n for n, sentence in enumerate(content) if sentence.role == "title" or rng.random() < share] or [0]
    article = msgspec.structs.replace(encoded.article, sentences=tuple(content[n] for n in rows))
    return Encoded(article, encoded.direct[rows], None if encoded.english is None else encoded.english[rows])


def fit_story(rows: Rows) -> Trees:
    """Return the trees; a feature whose meaning says so can only speak for, or against, one story."""
    signs = [-1 if name in AGAINST else 0 if name in EITHER else 1 for name in STORY_FEATURES]
    data = lightgbm.Dataset(rows.evidence, rows.truth, weight=rows.weight)
    booster = lightgbm.train({**_SETTINGS, "monotone_constraints": signs}, data, _ROUNDS)
    return Trees(booster.model_to_string(), STORY_FEATURES)


def separation(story: Trees, rows: Rows) -> tuple[float, float]:
    """Return the shares of pairs of one story, and of two, that `story` takes for what they are."""
    scores = story.probability(rows.evidence)
    return float((scores[rows.truth] >= 0.5).mean()), float((scores[~rows.truth] < 0.5).mean())
