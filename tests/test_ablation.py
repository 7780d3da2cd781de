"""The components that are taken away: which features each line of the table hides."""

from __future__ import annotations

import numpy as np

from alignment.ablation import ALL, COMPONENTS, GREEDILY
from alignment.pair_fit import hidden
from samestory.features import CROSS, ENDS, FEATURES, RERANK_FEATURES


def test_every_component_hides_features_that_there_are() -> None:
    for name, without in COMPONENTS.items():
        assert without <= {*RERANK_FEATURES, *ENDS}
        assert bool(without) is (name not in (ALL, GREEDILY))


def test_what_is_hidden_is_nothing_and_the_rest_as_it_was() -> None:
    rows = np.ones((2, len(RERANK_FEATURES)))
    seen = hidden(rows, RERANK_FEATURES, frozenset(CROSS))
    assert {name for name, value in zip(RERANK_FEATURES, seen[1], strict=True) if value == 0} == set(CROSS)
    assert rows.all()
    first = hidden(rows[:, : len(FEATURES)], FEATURES, frozenset(CROSS))
    assert first.all()


def test_what_is_compared_in_it_is_hidden_too() -> None:
    seen = hidden(np.ones((1, len(ENDS))), ENDS, frozenset({"margin", CROSS[0]}))
    assert {name for name, value in zip(ENDS, seen[0], strict=True) if value == 0} == {
        f"{name}{where}" for name in ("margin", CROSS[0]) for where in ("", ", without an end", ", with a neighbour")
    }
