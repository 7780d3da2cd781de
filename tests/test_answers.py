"""What models say of two texts, asked once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from samestory import answers as module
from samestory.answers import Texts, answers
from samestory.store import Store

TEXTS = [("satu", "one"), ("dua", "two"), ("tiga puluh", "thirty"), ("empat", "four"), ("lima ratus", "five hundred")]


class Model:
    """Tells the lengths of both texts, and remembers how many it was asked about at a time."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, texts: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
        self.asked.append(len(texts))
        return np.array([[len(a) + 0.00049, len(b)] for a, b in texts])


def told(store: Store, texts: Texts, model: Model, options: str = "") -> list[list[float]]:
    found: list[list[float]] = answers(store, "m", options, texts, 2, model).tolist()
    return found


def test_each_text_gets_its_own_answer_rounded(store: Store) -> None:
    assert told(store, TEXTS, Model()) == [[len(a), len(b)] for a, b in TEXTS]


def test_order_and_repetition_ask_nothing_more(store: Store) -> None:
    model = Model()
    assert told(store, [*TEXTS[::-1], *TEXTS], model) == [[len(a), len(b)] for a, b in [*TEXTS[::-1], *TEXTS]]
    assert model.asked == [len(TEXTS)]


def test_only_what_is_new_is_asked(store: Store) -> None:
    model = Model()
    told(store, TEXTS[:3], model)
    told(store, TEXTS, model)
    assert model.asked == [3, 2]
    told(store, TEXTS, model, "with other options")
    assert model.asked == [3, 2, 5]


def test_no_texts_ask_nothing(store: Store) -> None:
    model = Model()
    assert answers(store, "m", "", [], 2, model).shape == (0, 2)
    assert model.asked == []


def test_not_a_number_is_an_answer_too(store: Store) -> None:
    asked = []

    def nothing(texts: Texts) -> npt.NDArray[np.float64]:
        asked.extend(texts)
        return np.full((len(texts), 1), np.nan)

    for _ in range(2):
        assert np.isnan(answers(store, "m", "", TEXTS, 1, nothing)).all()
    assert len(asked) == len(TEXTS)


def test_a_killed_run_loses_a_chunk_at_most_and_is_made_good_in_the_same_chunks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 2)
    model, add, left = Model(), Store.add_answers, [1]

    def killed(*of: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        add(*of)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Store, "add_answers", killed)
        told(store, TEXTS, model)
    told(store, TEXTS, model)
    assert model.asked == [2, 2, 2, 1]
