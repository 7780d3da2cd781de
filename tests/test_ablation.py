"""The components that are taken away: which features each line of the table hides."""

from __future__ import annotations

from alignment.ablation import ALL, COMPONENTS, GREEDILY, UNCROSSED, components
from samestory.features import CROSS, RERANK_FEATURES


def test_every_component_hides_features_that_there_are() -> None:
    for name, hidden in components(crossed=True).items():
        assert hidden <= set(RERANK_FEATURES)
        assert bool(hidden) is (name not in (ALL, GREEDILY))


def test_without_the_cross_encoder_it_is_hidden_in_every_line_and_has_none() -> None:
    bare = components(crossed=False)
    assert list(bare) == [f"{ALL} but the cross-encoder", *(n for n in [*COMPONENTS, GREEDILY][1:] if n != UNCROSSED)]
    whole = components(crossed=True)
    assert all(hidden == whole.get(name, set()) | set(CROSS) for name, hidden in bare.items())
