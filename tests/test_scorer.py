import hashlib
from pathlib import Path

import numpy as np
import pytest

import samestory
from samestory import scorer
from samestory.evidence import FEATURES
from samestory.scorer import Logistic
from samestory.stories import STORY_FEATURES

TWO = Logistic(("likeness", "distance"), (2.0, -1.0), 0.5)


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


def test_a_scorer_takes_the_features_it_was_fitted_on() -> None:
    assert TWO.expect(["likeness", "distance"]) is TWO


@pytest.mark.parametrize("features", [(), ("likeness",), ("distance", "likeness"), ("likeness", "distance", "more")])
def test_a_scorer_refuses_other_features(features: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="fit it again"):
        TWO.expect(features)


def test_the_scorers_that_ship_weigh_the_features_that_are_measured() -> None:
    shipped = scorer.load()
    assert shipped.pair.features == FEATURES
    assert shipped.story.features == STORY_FEATURES
    assert len(shipped.pair.weights) == len(FEATURES)
    assert len(shipped.story.weights) == len(STORY_FEATURES)


@pytest.mark.parametrize("name", ["similarity", "margin", "lead", "shared numbers"])
def test_what_speaks_for_a_pair_weighs_for_it(name: str) -> None:
    assert scorer.load().pair.weights[FEATURES.index(name)] > 0


def test_differing_numbers_weigh_against_a_pair() -> None:
    assert scorer.load().pair.weights[FEATURES.index("numbers of one side only")] < 0


def test_nothing_in_common_is_no_pair_and_no_story() -> None:
    shipped = scorer.load()
    assert shipped.pair.probability(np.zeros(len(FEATURES))) < 0.01
    assert shipped.story.probability(np.zeros(len(STORY_FEATURES))) < 0.01


def test_the_signature_names_the_bytes_of_the_weights() -> None:
    weights = Path(samestory.__file__).parent / "data" / "scorer.json"
    assert scorer.signature() == "sha256:" + hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
