"""Training the cross-encoder: what it learns from, and that what is written is what was learnt."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from alignment.gold import Gold
from by_hand import Line, axis, encoded
from cross import examples as examples_module
from cross import material
from cross.examples import Example, Parallel, of_parallel, read_examples, read_parallel, write
from cross.training import Network, Stage, Trainer, mean, nearest
from samestory.cross_encoder import LABELS, CrossEncoder
from samestory.encoders import english_folder
from samestory.store import Store

NAMES = [
    "Arif",
    "Budi",
    "Citra",
    "Dewi",
    "Eko",
    "Fajar",
    "Gita",
    "Hana",
    "Intan",
    "Joko",
    "Kiki",
    "Lina",
    "Maya",
    "Nia",
]
SENTENCES = [
    Parallel(f"{name} went to the market in the rain, and {name} bought seven fish there.", f"{name} to market", [])
    for name in NAMES
]
NEAR = [[n for n in range(len(NAMES)) if n != own][:12] for own in range(len(NAMES))]


def test_a_sentence_stands_beside_what_says_the_same_another_thing_and_more() -> None:
    made = of_parallel(SENTENCES, NEAR, NEAR, seed=1)
    own = [example for example in made if example.a == "Arif to market"]
    assert own[0] == Example("Arif to market", SENTENCES[0].english, (1, 1, 0), (1, 1, 1))
    assert [(example.a, example.truth) for example in made[1:4]] == [("Arif to market", (0, 0, 0))] * 3
    assert {example.b for example in made[1:4]} < {sentence.english for sentence in SENTENCES[1:]}
    more = [example.b for example in own if example.truth == (0, 1, 0)]
    assert SENTENCES[0].english in more[0]
    assert len(more[0]) > len(SENTENCES[0].english) + 40
    assert more[1] in ("Arif went to the market in the rain.", "And Arif bought seven fish there.")
    cut = "Arif went to the market in the rain. And Arif bought seven fish there."
    assert Example("Arif to market", cut, (1, 1, 0), (1, 1, 1)) in own


def test_a_contradiction_is_neither_the_same_nor_surely_apart() -> None:
    told = [sentence._replace(contradictions=[sentence.english.replace("seven", "nine")]) for sentence in SENTENCES]
    made = [example for example in of_parallel(told, NEAR, NEAR, seed=1) if "nine" in example.b]
    assert [(example.truth, example.weight) for example in made] == [((0, 0, 1), (1, 0, 1))] * len(told)


def test_the_same_examples_each_time() -> None:
    assert of_parallel(SENTENCES, NEAR, NEAR, seed=1) == of_parallel(SENTENCES, NEAR, NEAR, seed=1)
    assert of_parallel(SENTENCES, NEAR, NEAR, seed=1) != of_parallel(SENTENCES, NEAR, NEAR, seed=2)


def test_what_is_written_is_read_again_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    examples = of_parallel(SENTENCES, NEAR, NEAR, seed=1)
    write(tmp_path / "e", examples)
    write(tmp_path / "again", examples)
    write(tmp_path / "p", SENTENCES)
    assert read_examples(tmp_path / "e") == examples
    assert read_parallel(tmp_path / "p") == SENTENCES
    assert (tmp_path / "e").read_bytes() == (tmp_path / "again").read_bytes()


def test_candidates_of_the_gold_have_what_is_true_of_them() -> None:
    a = encoded("a", "fr", *[Line(f"un {n}", axis(n), english=f"one {n}") for n in range(1, 5)])
    b = encoded("b", "id", *[Line(f"satu {n}", axis(n), english=f"first {n}") for n in range(1, 5)])
    beads = {((0,), (0,)): "equivalent", ((1,), (1,)): "partial", ((2,), (2,)): "divergent"}
    names = {"a": "s", "b": "s"}
    gold = Gold({"a": a, "b": b}, names, names, {("a", "b"): beads})
    made = {(example.a, example.b): example for example in material.of_reports(gold)}
    told = {n: (made[f"one {n}", f"first {n}"].truth, made[f"one {n}", f"first {n}"].weight) for n in range(1, 5)}
    assert told[1] == ((1, 1, 0), (1, 1, 1))
    assert told[2] == ((0, 1, 0), (0, 1, 0))
    assert told[3] == ((0, 0, 1), (2, 0, 1))
    assert told[4] == ((0, 0, 0), (1, 1, 0))


def test_the_nearest_rows_are_never_those_of_the_same_place() -> None:
    rng = np.random.default_rng(1)
    vectors = torch.nn.functional.normalize(torch.tensor(rng.normal(size=(1300, 4)), dtype=torch.float32))
    found = nearest(vectors, vectors, 3)
    assert all(n not in near for n, near in enumerate(found))
    similarity = (vectors @ vectors.T).fill_diagonal_(-1)
    assert [near[0] for near in found] == similarity.argmax(1).tolist()


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    return Trainer(english_folder(), "cpu")


def test_what_is_learnt_is_what_the_library_reads(trainer: Trainer, tmp_path: Path, store: Store) -> None:
    """It learns to tell equal names from others, and what is kept in int8 tells the same to two digits."""
    rng = random.Random(5)
    examples = []
    for _ in range(160):
        name, other = rng.sample(NAMES, 2)
        same = rng.random() < 0.5
        examples.append(
            Example(f"{name} came.", f"Here is {name if same else other}.", (same, same, not same), (1, 1, 1))
        )
    network = trainer.network()
    trainer.train(network, examples, Stage(epochs=8, batch=16, rate=3e-4))
    trainer.save(network, tmp_path / "w.safetensors")
    texts = [(example.a, example.b) for example in examples[:40]]
    told = CrossEncoder(store, tmp_path / "w.safetensors")(texts)
    assert ((told[:, 0] > 0) == [bool(example.truth[0]) for example in examples[:40]]).mean() > 0.9
    with torch.inference_mode():
        ordered = [(min(both), max(both)) for both in texts]
        wanted = network(**trainer._padded(trainer._tokens(ordered))).logits.numpy()
    assert told == pytest.approx(wanted, abs=0.02)
    assert wanted.shape[1] == len(LABELS)
    assert LABELS == examples_module.LABELS


def test_embeddings_stay_and_are_not_written(trainer: Trainer, tmp_path: Path) -> None:
    network = trainer.network()
    assert not any(p.requires_grad for p in network.base_model.embeddings.parameters())
    trainer.save(network, tmp_path / "w.safetensors")
    assert (tmp_path / "w.safetensors").stat().st_size < 12e6


def test_the_mean_of_two_networks_has_the_mean_of_each_weight(trainer: Trainer) -> None:
    a, b = trainer.network(), trainer.network()
    with torch.no_grad():
        for n, network in enumerate((a, b)):
            network.classifier.bias.copy_(torch.tensor([1.0, 2.0, 3.0]) * (1 + 2 * n))
    both = mean(a, b)
    assert both.classifier.bias.tolist() == [2.0, 4.0, 6.0]
    assert torch.equal(both.classifier.weight, a.classifier.weight)


def test_training_goes_on_from_what_was_written(trainer: Trainer, tmp_path: Path) -> None:
    """What was learnt is known when training goes on, and is not unlearnt by more of the same."""
    examples = [Example("a came.", "b came.", (1, 0, 1), (1, 1, 1))] * 32
    texts = trainer._padded(trainer._tokens([("a came.", "b came.")]))

    def sure(network: Network) -> float:
        with torch.inference_mode():
            return float(network.eval()(**texts).logits[0, 0])

    network = trainer.network()
    fresh = sure(network)
    trainer.train(network, examples, Stage(epochs=2, batch=4, rate=1e-4))
    trainer.save(network, tmp_path / "w.safetensors")
    resumed = trainer.resumed(tmp_path / "w.safetensors")
    assert sure(resumed) == pytest.approx(sure(network), abs=0.02)
    assert sure(resumed) > fresh + 0.5
    assert not any(p.requires_grad for p in resumed.base_model.embeddings.parameters())
    trainer.train(resumed, examples, Stage(epochs=2, batch=4, rate=1e-4))
    assert sure(resumed) > sure(network) + 0.1
