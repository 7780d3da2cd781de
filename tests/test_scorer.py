"""Scorers: probabilities, what they are worth, and the weights that ship."""

from __future__ import annotations

import hashlib
from pathlib import Path

import lightgbm
import msgspec
import numpy as np
import pytest

import samestory
from by_hand import AS_IT_IS, by_similarity, fitted
from samestory import scorer
from samestory.errors import UsageError
from samestory.evidence import FEATURES, MISMATCHES
from samestory.judge import AGAINST, STORY_FEATURES
from samestory.scorer import Calibration, Logistic, Scorers, Trees

TWO = Logistic(("likeness", "distance"), (2.0, -1.0), 0.5)
STEPS = Calibration(1.0, 0.0, ((0.2, 0.7), (0.5, 0.8), (0.8, 0.95)))


@pytest.mark.parametrize(
    ("evidence", "probability"),
    [([0.0, 0.5], 0.5), ([0.0, 0.0], 0.6224593312), ([1.0, 0.0], 0.9241418200), ([-1.0, 4.0], 0.0040701377)],
)
def test_probability_is_the_logistic_of_the_weighed_evidence(evidence: list[float], probability: float) -> None:
    assert float(TWO.probability(np.array(evidence))) == pytest.approx(probability)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (4, 5)])
def test_probability_keeps_the_shape_of_the_evidence(shape: tuple[int, ...]) -> None:
    assert TWO.probability(np.zeros((*shape, 2))).shape == shape


def test_no_evidence_at_all_gives_no_probabilities() -> None:
    assert TWO.probability(np.zeros((0, 2))).tolist() == []


def test_more_of_a_good_sign_is_never_less_likely() -> None:
    scores = TWO.probability(np.array([[likeness, 1.0] for likeness in np.linspace(-3, 3, 50)]))
    assert (np.diff(scores) > 0).all()
    assert 0 < scores.min() < scores.max() < 1


TREES = Trees("", TWO.features)


@pytest.mark.parametrize("scorer_", [TWO, TREES])
def test_a_scorer_takes_the_features_it_was_fitted_on(scorer_: Logistic | Trees) -> None:
    assert scorer_.expect(["likeness", "distance"]) is scorer_


@pytest.mark.parametrize("scorer_", [TWO, TREES])
@pytest.mark.parametrize("features", [(), ("likeness",), ("distance", "likeness"), ("likeness", "distance", "more")])
def test_a_scorer_refuses_other_features(scorer_: Logistic | Trees, features: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="again"):
        scorer_.expect(features)


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
    assert str(error.value) == ("--precision 0.99 was never reached on development gold: ask for 0.95 or less")


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


def test_scorers_survive_their_file() -> None:
    scorers = Scorers(FEATURES, STEPS, TWO)
    assert msgspec.json.decode(msgspec.json.encode(scorers), type=Scorers) == scorers


def test_the_scorers_that_ship_weigh_the_features_that_are_measured() -> None:
    shipped, trees = scorer.load(), scorer.load_trees()
    assert trees.expect(FEATURES) is trees
    assert shipped.features == FEATURES
    assert shipped.story.expect(STORY_FEATURES) is shipped.story
    assert len(shipped.story.weights) == len(STORY_FEATURES)
    assert lightgbm.Booster(model_str=trees.model).num_feature() == len(FEATURES)


def test_the_trees_that_ship_give_probabilities() -> None:
    rows = np.random.default_rng(1).uniform(-1, 1, (200, len(FEATURES)))
    found = scorer.load_trees().probability(rows)
    assert found.shape == (200,)
    assert 0 < found.min() <= found.max() < 1


@pytest.mark.parametrize("name", MISMATCHES)
def test_a_contradiction_never_speaks_for_a_pair(name: str) -> None:
    rows = np.random.default_rng(1).uniform(-1, 1, (500, len(FEATURES)))
    without, with_ = rows.copy(), rows.copy()
    without[:, FEATURES.index(name)], with_[:, FEATURES.index(name)] = 0.0, 1.0
    trees = scorer.load_trees()
    assert (trees.probability(with_) <= trees.probability(without)).all()


def test_what_speaks_against_one_story_never_weighs_for_it() -> None:
    weights = dict(zip(STORY_FEATURES, scorer.load().story.weights, strict=True))
    assert all(weights[name] <= 0 for name in AGAINST)
    assert weights["facts in common"] > 0


def test_nothing_in_common_is_no_story() -> None:
    assert scorer.load().story.probability(np.zeros(len(STORY_FEATURES))) < 0.1


def test_the_calibration_that_ships_is_known_at_ascending_scores() -> None:
    calibration = scorer.load().calibration
    scores = [score for score, _ in calibration.precision]
    assert scores == sorted(set(scores))
    assert calibration.slope > 0
    assert calibration.threshold(0.9) in scores


def test_the_signature_names_the_bytes_of_the_weights() -> None:
    data = Path(samestory.__file__).parent / "data"
    weights = (data / "pair.txt").read_bytes() + (data / "scorer.json").read_bytes()
    assert scorer.signature() == "sha256:" + hashlib.sha256(weights).hexdigest()[:12]
