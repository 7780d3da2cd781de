"""Scorers: probabilities, what they are worth, and the weights that ship."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import lightgbm
import msgspec
import numpy as np
import pytest

import samestory
from by_hand import AS_IT_IS, Step, by_similarity, by_steps, fitted
from samestory import scorer
from samestory.errors import UsageError
from samestory.features import ENDS, FEATURES, MISMATCHES, RERANK_FEATURES
from samestory.judge import AGAINST, EITHER, STORY_FEATURES
from samestory.scorer import Calibration, Scorers, Trees

LOADS = [scorer.load_trees, scorer.load_reranker, scorer.load_exact, scorer.load_partial, scorer.load_story_trees]
STEPS = Calibration(1.0, 0.0, ((0.2, 0.7), (0.5, 0.8), (0.8, 0.95)))


@pytest.mark.parametrize("features", [(), ("likeness",), ("distance", "likeness"), ("likeness", "distance", "more")])
def test_trees_refuse_other_features_than_they_were_fitted_on(features: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="fit them again"):
        Trees("", ("likeness", "distance")).expect(features)


def test_trees_take_the_features_they_were_fitted_on() -> None:
    trees = Trees("", ("likeness", "distance"))
    assert trees.expect(["likeness", "distance"]) is trees


def test_a_calibration_that_changes_nothing_changes_nothing() -> None:
    shares = np.array([[0.1, 0.5], [0.75, 0.999]])
    assert AS_IT_IS.apply(shares) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("slope", "offset", "probability", "expected"),
    [(2.0, 0.0, 0.75, 0.9), (0.5, 0.0, 0.9, 0.75), (1.0, 1.0, 0.5, 0.7310585786), (0.0, 0.0, 0.99, 0.5)],
)
def test_a_calibration_is_a_line_over_the_log_odds(
    slope: float, offset: float, probability: float, expected: float
) -> None:
    assert float(Calibration(slope, offset, ()).apply(np.array(probability))) == pytest.approx(expected)


def test_what_is_certain_is_calibrated_too() -> None:
    with np.errstate(all="raise"):
        low, high = AS_IT_IS.apply(np.array([0.0, 1.0]))
    assert (low, high) == pytest.approx((1e-6, 1 - 1e-6))


@pytest.mark.parametrize("shape", [(), (0,), (3,), (4, 5)])
def test_a_calibration_keeps_the_shape(shape: tuple[int, ...]) -> None:
    assert AS_IT_IS.apply(np.zeros(shape)).shape == shape


@pytest.mark.parametrize(
    ("precision", "least"), [(0.0, 0.2), (0.7, 0.2), (0.71, 0.5), (0.8, 0.5), (0.9, 0.8), (0.95, 0.8)]
)
def test_the_threshold_is_the_least_score_that_reaches_the_precision(precision: float, least: float) -> None:
    assert STEPS.threshold(precision) == least


def test_a_precision_that_was_never_reached_is_refused_with_the_best_there_is() -> None:
    with pytest.raises(UsageError) as error:
        STEPS.threshold(0.99)
    assert str(error.value) == ("--precision 0.99 was never reached on gold: ask for 0.95 or less")


@pytest.mark.parametrize("best", [0.9575, 0.999, 0.29, 0.954])
def test_the_precision_that_a_refusal_names_can_be_had(best: float) -> None:
    calibration = Calibration(1.0, 0.0, ((0.5, best),))
    with pytest.raises(UsageError) as error:
        calibration.threshold(1.0)
    named = float(str(error.value).split("ask for ")[1].split(" ")[0])
    assert best - 0.01 < named
    assert calibration.threshold(named) == 0.5


def tiny() -> Trees:
    """Trees that know four rows by heart: exclusive or."""
    rows, truth = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [1, 1]], dtype=float), np.array([0.25, 0.75, 1, 0.5, 0.5])
    return Trees(fitted(lightgbm.Dataset(rows, truth)), ("left", "right"))


def test_trees_say_what_they_were_fitted_to() -> None:
    rows = np.array([[1, 1], [0, 0], [1, 0], [0, 1], [0, 2]], dtype=float)
    assert tiny().probability(rows) == pytest.approx([0.5, 0.25, 1, 0.75, 0.75])


def test_no_evidence_needs_no_trees() -> None:
    assert Trees("no model at all", ("left", "right")).probability(np.zeros((0, 2))).tolist() == []


def test_trees_survive_their_text() -> None:
    once = tiny()
    rows = np.random.default_rng(1).uniform(-1, 2, (50, 2))
    assert Trees(once.model, once.features).probability(rows).tobytes() == once.probability(rows).tobytes()


@pytest.mark.parametrize(("similarity", "likely"), [(-0.5, 0.0), (0.0, 0.0), (0.404, 0.4), (0.406, 0.41), (1.0, 1.0)])
def test_trees_made_by_hand_take_similarity_for_likelihood(similarity: float, likely: float) -> None:
    row = np.zeros((1, len(FEATURES)))
    row[0, FEATURES.index("similarity")] = similarity
    assert by_similarity().probability(row) == pytest.approx([likely], abs=1e-6)
    row[0, FEATURES.index("name mismatch")] = 1.0
    assert by_similarity("name mismatch", "negation mismatch").probability(row) == pytest.approx([0.0])


# What each feature adds


def log_odds(probability: np.ndarray) -> np.ndarray:
    return np.log(probability / (1 - probability))


def test_what_a_step_adds_is_measured_from_its_mean() -> None:
    facts, late = Step("odds of the facts", 2.0, 3.0), Step("days apart", 0.5, -1.0)
    rows = np.zeros((4, len(STORY_FEATURES)))
    columns = [STORY_FEATURES.index(step.feature) for step in (facts, late)]
    rows[:, columns] = [[1, 0], [3, 0], [1, 1], [3, 1]]
    trees = by_steps(-2.0, facts, late)
    added = trees.contributions(rows)
    assert added[:, columns] == pytest.approx(np.array([[-1.5, 0.5], [1.5, 0.5], [-1.5, -0.5], [1.5, -0.5]]))
    assert np.delete(added, columns, axis=1).tolist() == [[0.0] * (len(STORY_FEATURES) - 2)] * 4
    assert trees.base == pytest.approx(-2 + 1.5 - 0.5)  # with the halves of 3 and -1
    assert log_odds(trees.probability(rows)) == pytest.approx(added.sum(axis=1) + trees.base)
    assert log_odds(trees.probability(rows)) == pytest.approx([-2, 1, -3, 0])


def test_what_only_two_features_add_together_is_shared_between_them() -> None:
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    trees = Trees(fitted(lightgbm.Dataset(rows, np.array([0.0, 0.0, 0.0, 4.0]))), ("left", "right"))
    # the mean is 1, of rows that have either 2: Shapley's value is the mean over both orders of learning them
    expected = [[-0.5, -0.5], [-1.5, 0.5], [0.5, -1.5], [1.5, 1.5]]
    assert trees.contributions(rows) == pytest.approx(np.array(expected))


def test_no_evidence_adds_nothing_and_needs_no_trees() -> None:
    assert Trees("no model at all", ("left", "right")).contributions(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("load", LOADS)
def test_in_the_trees_that_ship_what_features_add_and_what_all_rows_have_are_the_log_odds(
    load: Callable[[], Trees],
) -> None:
    trees = load()
    rows = np.random.default_rng(1).uniform(-3, 3, (200, len(trees.features)))
    added, told = trees.contributions(rows), log_odds(trees.probability(rows))
    assert added.shape == rows.shape
    assert added.sum(axis=1) + trees.base == pytest.approx(told)


# The weights that ship


def test_scorers_survive_their_file() -> None:
    scorers = Scorers(FEATURES, RERANK_FEATURES, STORY_FEATURES, STEPS)
    assert msgspec.json.decode(msgspec.json.encode(scorers), type=Scorers) == scorers


def test_the_scorers_that_ship_weigh_the_features_that_are_measured() -> None:
    for trees, features in (
        (scorer.load_trees(), FEATURES),
        (scorer.load_reranker(), RERANK_FEATURES),
        (scorer.load_exact(), ENDS),
        (scorer.load_partial(), ENDS),
        (scorer.load_story_trees(), STORY_FEATURES),
    ):
        assert trees.expect(features) is trees
        assert lightgbm.Booster(model_str=trees.model).num_feature() == len(features)
    shipped = scorer.load()
    assert (shipped.features, shipped.rerank_features) == (FEATURES, RERANK_FEATURES)
    assert shipped.story_features == STORY_FEATURES


@pytest.mark.parametrize("load", LOADS)
def test_the_trees_that_ship_give_probabilities(load: Callable[[], Trees]) -> None:
    trees = load()
    found = trees.probability(np.random.default_rng(1).uniform(-1, 1, (200, len(trees.features))))
    assert found.shape == (200,)
    assert 0 < found.min() <= found.max() < 1


@pytest.mark.parametrize("load", [scorer.load_trees, scorer.load_reranker])
@pytest.mark.parametrize("name", MISMATCHES)
def test_a_contradiction_never_speaks_for_a_pair(name: str, load: Callable[[], Trees]) -> None:
    trees = load()
    rows = np.random.default_rng(1).uniform(-1, 1, (500, len(trees.features)))
    without, with_ = rows.copy(), rows.copy()
    without[:, FEATURES.index(name)], with_[:, FEATURES.index(name)] = 0.0, 1.0
    assert (trees.probability(with_) <= trees.probability(without)).all()


def of_every_size(seed: int, count: int) -> np.ndarray:
    """Evidence on stories; features are shares, logarithms and log-odds, so that what splits them is small or great."""
    rng = np.random.default_rng(seed)
    shape = (count, len(STORY_FEATURES))
    return rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-2.0, 1.7, shape)


def changes(name: str) -> np.ndarray:
    """How much likelier or less likely two articles are one story where there is more of a feature."""
    less, more = of_every_size(1, 3000), of_every_size(2, 3000)
    column = STORY_FEATURES.index(name)
    more[:, :column], more[:, column + 1 :] = less[:, :column], less[:, column + 1 :]
    less[:, column], more[:, column] = np.sort([less[:, column], more[:, column]], axis=0)
    trees = scorer.load_story_trees()
    return trees.probability(more) - trees.probability(less)


@pytest.mark.parametrize("name", sorted(AGAINST))
def test_what_speaks_against_one_story_never_speaks_for_it(name: str) -> None:
    assert changes(name).max() <= 0


@pytest.mark.parametrize("name", sorted(set(STORY_FEATURES) - AGAINST - EITHER))
def test_what_speaks_for_one_story_never_speaks_against_it(name: str) -> None:
    assert changes(name).min() >= 0


@pytest.mark.parametrize("name", ["odds of the facts", "behind the best article"])
def test_facts_in_common_and_not_lying_behind_make_one_story_likelier(name: str) -> None:
    assert changes(name).max() > 0


@pytest.mark.parametrize("same_language", [0.0, 1.0])
@pytest.mark.parametrize("sentences", [1, 10, 100])
def test_nothing_in_common_is_no_story(sentences: int, same_language: float) -> None:
    row = np.zeros((1, len(STORY_FEATURES)))
    row[0, STORY_FEATURES.index("length of the shorter article")] = np.log(sentences)
    row[0, STORY_FEATURES.index("same language")] = same_language
    assert scorer.load_story_trees().probability(row)[0] < 0.1


def test_the_calibration_that_ships_is_known_at_ascending_scores() -> None:
    calibration = scorer.load().calibration
    scores = [score for score, _ in calibration.precision]
    assert scores == sorted(set(scores))
    assert calibration.slope > 0
    assert calibration.threshold(0.9) in scores


def test_the_signature_names_the_bytes_of_the_weights() -> None:
    data = Path(samestory.__file__).parent / "data"
    names = "pair.txt", "rerank.txt", "story.txt", "scorer.json", "exact.txt", "partial.txt", "ends.json"
    weights = b"".join((data / name).read_bytes() for name in names)
    assert scorer.signature() == "sha256:" + hashlib.sha256(weights).hexdigest()[:12]
