"""Records made by hand: vectors point along axes, so that every cosine is known and no model is loaded."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from samestory.evidence import Evidence
from samestory.looks import FirstLook, Settled, Values
from samestory.records import Article, Encoded, Matrix, Mt, Role, Sentence
from samestory.scorer import Calibration, Trees
from samestory.spans import Spans

WIDTH = 16
AS_IT_IS = Calibration(1.0, 0.0, ())
"""A calibration that changes nothing."""


def axis(n: int) -> Matrix:
    return np.eye(WIDTH, dtype=np.float32)[n]


def near(n: int, cosine: float, other: int) -> Matrix:
    """The vector at `cosine` to axis `n`; what is left of it lies along axis `other`."""
    return np.asarray(cosine * axis(n) + np.sqrt(1 - cosine**2) * axis(other), dtype=np.float32)


def between(*axes: int) -> Matrix:
    """The vector at the same angle to all of `axes`: that of a sentence that says all of it at once."""
    return np.asarray(sum(axis(n) for n in axes) / np.sqrt(len(axes)), dtype=np.float32)


def mixed(cosines: Mapping[int, float], rest: int) -> Matrix:
    """The vector at those cosines to some axes; what is left of it lies along axis `rest`."""
    left = 1 - sum(cosine**2 for cosine in cosines.values())
    return np.asarray(sum(c * axis(n) for n, c in cosines.items()) + np.sqrt(left) * axis(rest), dtype=np.float32)


class Line(NamedTuple):
    text: str
    vector: Matrix | None = None
    role: Role = "body"
    english: str | None = None
    english_vector: Matrix | None = None
    mt_flags: tuple[str, ...] = ()


def article(name: str, lang: str, lines: Sequence[Line | str]) -> Article:
    """An article of one line a sentence, the raw text of which holds two spaces for each one."""
    sentences, text = [], ""
    for index, line in enumerate(lines):
        one = line if isinstance(line, Line) else Line(line)
        raw = one.text.replace(" ", "  ")
        mt = Mt("model", -0.5, one.mt_flags) if one.mt_flags else None
        sentences.append(Sentence(index, one.text, len(text), len(text) + len(raw), one.role, one.english, mt))
        text += raw + "\n\n"
    return Article(
        name, lang, f"Title of {name}", None, None, None, f"{name}.txt", "0" * 64, text, (), tuple(sentences)
    )


def encoded(name: str, lang: str, *lines: Line) -> Encoded:
    content = [line for line in lines if line.role in ("title", "body")]
    rows = [np.zeros(WIDTH, np.float32) if line.english_vector is None else line.english_vector for line in content]
    english = np.stack(rows) if any(line.english_vector is not None for line in content) else None
    return Encoded(article(name, lang, lines), np.stack([line.vector for line in content]), english)


def bare(name: str, lang: str) -> Encoded:
    """An article that holds nothing but page furniture."""
    lines = [Line("Read more", role="furniture")]
    return Encoded(article(name, lang, lines), np.zeros((0, WIDTH), np.float32), None)


def vectors(name: str, lang: str, *rows: Matrix) -> Encoded:
    """An article of sentences that are equally long and differ in their vectors only."""
    return encoded(name, lang, *(Line(f"sentence {chr(97 + n)}", row) for n, row in enumerate(rows)))


def apart(name: str, lang: str, *lines: Line) -> Encoded:
    """An article of single sentences: page furniture stands between every two."""
    return encoded(name, lang, *(part for line in lines for part in (line, Line("Read more", role="furniture"))))


def scattered(name: str, lang: str, seed: int, length: int = 8) -> Encoded:
    """An article of `length` sentences with vectors drawn at random, in one half-space as real ones are."""
    vectors = np.abs(np.random.default_rng(seed).normal(size=(length, WIDTH)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return encoded(name, lang, *(Line(f"sentence {n} of {name}.", v.astype(np.float32)) for n, v in enumerate(vectors)))


@cache
def by_similarity(*against: str) -> Trees:
    """Trees by which a pair is as likely as it is similar, to two decimals, and impossible if a feature is `against`.

    They are one tree, fitted to have a leaf for every similarity.
    """
    import lightgbm

    from samestory.features import FEATURES

    likely = np.linspace(0.0, 1.0, 101)
    rows = np.zeros((len(likely) * (1 + len(against)), len(FEATURES)))
    rows[:, FEATURES.index("similarity")] = np.tile(likely, 1 + len(against))
    truth = np.concatenate([likely, np.zeros(len(rows) - len(likely))])
    for n, name in enumerate(against, 1):
        rows[n * len(likely) : (n + 1) * len(likely), FEATURES.index(name)] = 1.0
    return Trees(fitted(lightgbm.Dataset(rows, truth)), FEATURES)


class Told(FirstLook):
    """A look by similarity that is told, for each sentence of the first article, how likely one side says more."""

    def __init__(self, *partial: float) -> None:
        super().__init__(by_similarity())
        self._partial = np.array(partial)

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:
        unsettled = super().settled(a, b, found, probability, pivoted)
        return unsettled._replace(partial=self._partial[[a.positions[row].start for row in found.rows]])


class Step(NamedTuple):
    """What a feature adds to the log-odds where it is more than `above`."""

    feature: str
    above: float
    adds: float


def by_steps(bias: float, *steps: Step) -> Trees:
    """Trees that score stories: the log-odds are `bias` and what the steps add.

    They are one tree, fitted to each way the steps can be taken, once each: over these the mean of a step is half of
    what it adds, so that its Shapley value is the other half where it is taken, and less by that half where it is not.
    """
    import lightgbm

    from samestory.judge import STORY_FEATURES

    taken = np.array(list(itertools.product((False, True), repeat=len(steps))))
    rows, above = np.zeros((len(taken), len(STORY_FEATURES))), np.array([step.above for step in steps])
    rows[:, [STORY_FEATURES.index(step.feature) for step in steps]] = above + np.where(taken, 0.5, -0.5) * abs(above)
    odds = fitted(lightgbm.Dataset(rows, taken @ np.array([step.adds for step in steps]) + bias))
    return Trees(odds.replace("objective=regression", "objective=binary sigmoid:1"), STORY_FEATURES)


def fitted(data: object) -> str:
    """One tree, in LightGBM's text of it, that has every row of `data` by heart."""
    import lightgbm

    settings = {
        "objective": "regression",
        "boost_from_average": False,
        "learning_rate": 1.0,
        "num_leaves": 512,
        "min_data_in_leaf": 1,
        "min_data_in_bin": 1,
        "min_sum_hessian_in_leaf": 0.0,
        "num_threads": 1,
        "verbose": -1,
    }
    return str(lightgbm.train(settings, data, 1).model_to_string())
