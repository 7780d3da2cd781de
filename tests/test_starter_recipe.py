"""The recipe of the starter models, on a few made-up pairs and a very small network."""

from __future__ import annotations

import json
import lzma
import random
import shutil
from itertools import islice
from pathlib import Path

import pytest
import sentencepiece
import torch

import train_starter_models
from samestory.argos import STARTER_PACKAGES, open_package
from starter import network, packing, training, vocabulary
from starter.augment import names_of, varied
from starter.batches import EOS, IGNORED, LENGTHS, PAD, Batch, Batches, held_out
from starter.corpora import Pair, dev_pairs, lexicon_pairs, news_pairs, training_pairs
from starter.optimiser import Optimiser
from starter.training import Machine, Stage, Trainer

GOLD = Path(__file__).parent / "gold"
VOCABULARY = STARTER_PACKAGES / "fr_en" / "sentencepiece.model"
PAIRS = [
    Pair("fr", "Le pont de Varenne est fermé.", "The Varenne bridge is closed.", "news", 1.0),
    Pair("fr", "Il coûte 1 250 000 euros.", "It costs 1,250,000 euros.", "news", 1.0),
    Pair("id", "Jembatan Sukamaju ditutup.", "The Sukamaju bridge is closed.", "news", 1.0),
    Pair("id", "Biayanya 1.250.000 euro pada 1998.", "It cost 1,250,000 euros in 1998.", "news", 1.0),
]
STAGE = Stage("joint", steps=20, rate=1e-3, warm=2, cool=1.0, kept=2, sampled=0.5)
MACHINE = Machine("cpu", tokens=64, workers=0)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("WIDTH", 16), ("INNER", 32), ("LAYERS", (2, 1))):
        monkeypatch.setattr(network, name, size)


def trainer(folder: Path) -> Trainer:
    return Trainer(["Lorient", "Bandung"], VOCABULARY, folder, MACHINE)


def write(path: Path, *rows: tuple[str, str, str]) -> None:
    text = "".join("\t".join(row) + "\n" for row in rows)
    if path.suffix == ".xz":
        path.write_bytes(lzma.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for lang in ("fr", "id"):
        rows = [(pair.source, pair.english, pair.corpus) for pair in PAIRS if pair.lang == lang]
        write(folder / f"train.{lang}-en.tsv.xz", *rows)
        write(folder / f"lexicon.{lang}-en.tsv.xz", ("lorient", "lorient", "muse"), ("chat", "cat", "freedict"))
    for name in ("dev.fr-en.tsv", "dev-extra.fr-en.tsv", "dev.id-en.tsv"):
        write(folder / name, ("« Oui »", "“Yes”", "news"))
    return folder


def test_training_text_is_cleaned(data: Path) -> None:
    long = " ".join(["mot"] * 40)
    write(
        data / "train.fr-en.tsv.xz",
        ("Il dit « oui ».", "He says  “yes”.", "news"),
        ("Il dit « oui ».", 'He says "yes".', "news"),  # the same once its quotation marks are straight
        (long, "Much too short for that.", "news"),
        ("L’article 12 s’applique.", "Section 13 applies.", "laws-ca"),
        ("", "Nothing.", "news"),
    )
    french = [pair for pair in training_pairs(data) if pair.lang == "fr"]
    assert [(pair.source, pair.english) for pair in french] == [("Il dit « oui ».", 'He says "yes".')]


def test_news_of_our_own_is_beside_english_in_both_languages() -> None:
    pairs = news_pairs()
    french, indonesian = ([pair for pair in pairs if pair.lang == lang] for lang in ("fr", "id"))
    assert [pair.english for pair in french] == [pair.english for pair in indonesian]
    assert len({pair.english for pair in french}) == len(french) == 10_069
    assert all(len(pair.source) >= 8 and pair.source != pair.english for pair in pairs)


def test_news_of_our_own_holds_no_sentence_of_the_gold() -> None:
    gold = {
        sentence
        for path in GOLD.glob("*/*.json")
        for article in json.loads(path.read_bytes()).get("articles", [])
        for sentence in article["sentences"]
    }
    rows = [json.loads(line) for line in (GOLD / "sentences.jsonl").read_bytes().splitlines()]
    gold |= {text for row in rows for _, text in row["sentences"]}
    assert len(gold) > 20_000
    assert gold.isdisjoint(text for pair in news_pairs() for text in (pair.source, pair.english))


def test_words_that_are_their_own_translation_are_names(data: Path) -> None:
    assert [pair.source for pair in lexicon_pairs(data) if pair.lang == "fr"] == ["Lorient", "chat"]
    assert names_of(lexicon_pairs(data)) == ["Lorient"]


def test_held_out_text_is_left_as_it_is(data: Path) -> None:
    assert [pair.english for pair in dev_pairs(data, "fr")] == ["“Yes”", "“Yes”"]


def test_other_names_and_numbers_are_put_on_both_sides() -> None:
    rng = random.Random(0)
    made = [varied(PAIRS[n % 4].source, PAIRS[n % 4].english, ["Lorient", "Bandung"], rng) for n in range(400)]
    plain = [(source, english) for source, english in made if not english.isupper()]
    for name in ("Lorient", "Bandung"):
        sides = [(name in source, name in english) for source, english in plain]
        assert any(both for both, _ in sides)
        assert all(ours == theirs for ours, theirs in sides)
    for source, english in plain:
        ours, theirs = ("".join(filter(str.isdigit, text)) for text in (source, english))
        assert ours == theirs
    assert any("1.250.000" not in source and "euro pada" in source for source, _ in plain)
    assert all(english.count(",") == 2 for source, english in plain if "costs" in english)


def test_batches_have_few_shapes_and_shifted_targets() -> None:
    made = Batches(PAIRS, ["Lorient"], VOCABULARY, tokens=64, seed=1, sampled=0.5)
    for batch in islice(made, 20):
        sentences, length = batch.source.shape
        assert length in LENGTHS
        assert sentences == 64 // length
        assert batch.decoder_input.shape == batch.labels.shape == batch.source.shape
        assert (batch.decoder_input[:, 0] == PAD).all()
        seen = batch.labels[:, :-1] != IGNORED
        assert (batch.decoder_input[:, 1:][seen] == batch.labels[:, :-1][seen]).all()
        assert ((batch.labels == EOS).sum(dim=1) == 1).all()
    again = Batches(PAIRS, ["Lorient"], VOCABULARY, tokens=64, seed=1, sampled=0.0)
    for one, other in zip(islice(again, 5), islice(again, 5), strict=True):
        assert torch.equal(one.source, other.source)


def test_a_sentence_longer_than_a_batch_is_a_batch() -> None:
    long = PAIRS[0]._replace(source="Le pont est fermé. " * 10, english="The bridge is closed. " * 10)
    made = Batches([long], ["Lorient"], VOCABULARY, tokens=16, seed=1, sampled=0.0)
    assert len(next(iter(made)).source) == 1
    assert [len(batch.source) for batch in held_out([long], VOCABULARY, 16)] == [1]


def test_no_pairs_no_batches() -> None:
    with pytest.raises(ValueError, match="0 pairs are too few"):
        next(iter(Batches([], [], VOCABULARY, tokens=64, seed=1, sampled=0.0)))


def test_the_loss_falls_and_the_padding_stays_zero(small: None) -> None:
    torch.manual_seed(1)
    made = network.new_network().train()
    optimiser = Optimiser(made, torch.float32)
    (batch, *_) = held_out(PAIRS, VOCABULARY, 512)
    batch = Batch(*(part.long() for part in batch))
    losses = []
    for _ in range(40):
        optimiser.zero()
        loss, count = network.loss_of(made, batch)
        (loss / count).backward()
        optimiser.update(5e-3)
        losses.append(float(loss.detach() / count))
    assert losses[-1] < losses[0] - 1
    assert not made.model.shared.weight[PAD].any()
    weights = optimiser.weights()
    assert set(weights) == {name for name, weight in made.named_parameters() if weight.requires_grad}


def test_a_killed_training_goes_on_and_a_finished_one_is_not_repeated(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "_SAVE_SECONDS", 0.0)
    update, calls = Optimiser.update, []

    def killed(self: Optimiser, rate: float) -> None:
        calls.append(rate)
        if len(calls) == 12:
            raise KeyboardInterrupt
        update(self, rate)

    monkeypatch.setattr(Optimiser, "update", killed)
    with pytest.raises(KeyboardInterrupt):
        trainer(tmp_path).train(STAGE, PAIRS, {"fr": PAIRS[:2]})
    stale = tmp_path / "joint.at-19.pt"
    torch.save({}, stale)  # of a step the killed training had come to after its last state
    done = trainer(tmp_path).train(STAGE, PAIRS, {"fr": PAIRS[:2]})
    assert "joint: goes on from step 11" in capsys.readouterr().out
    assert len(calls) == 12 + 9
    assert sorted(file.name for file in tmp_path.iterdir()) == ["joint.pt", "joint.settings"]
    assert trainer(tmp_path).train(STAGE, PAIRS, {}) == done
    assert len(calls) == 21
    with pytest.raises(ValueError, match="joint with other settings: name another folder"):
        trainer(tmp_path).train(STAGE._replace(rate=1.0), PAIRS, {})


def test_the_last_weights_are_averaged(small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[dict[str, torch.Tensor]]] = []
    averaged = training._averaged

    def spied(files: list[Path]) -> dict[str, torch.Tensor]:
        seen.append([torch.load(file) for file in files])
        return averaged(files)

    monkeypatch.setattr(training, "_averaged", spied)
    done = torch.load(trainer(tmp_path).train(STAGE._replace(steps=60, kept=3), PAIRS, {}))
    ((first, second, third),) = seen
    name = "model.shared.weight"
    assert not torch.equal(first[name], third[name])
    assert torch.allclose(done[name], (first[name] + second[name] + third[name]) / 3)


def test_time_ends_a_stage(small: None, tmp_path: Path) -> None:
    endless = STAGE._replace(steps=10**9)
    assert trainer(tmp_path).train(endless, PAIRS, {}, minutes=0.01).exists()


def test_weights_of_another_network_are_refused(small: None, tmp_path: Path) -> None:
    torch.save({"something": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="not the weights of this network"):
        network.load(tmp_path / "other.pt", network.new_network())


def test_the_package_says_what_the_network_says(small: None, tmp_path: Path) -> None:
    """The source's end mark, the empty start and the layer norms must come through the conversion."""
    import ctranslate2

    weights = trainer(tmp_path).train(STAGE._replace(steps=60, rate=1e-2), PAIRS, {})
    folder = packing.pack("id", weights, VOCABULARY, tmp_path)
    package = open_package(folder)
    assert (package.lang, package.target, package.version) == ("id", "en", packing.VERSION)

    made = network.new_network()
    network.load(weights, made)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(VOCABULARY))
    texts = [pair.source for pair in PAIRS]
    read = [package.tokenizer.encode(text) for text in texts]
    targets = [pieces.encode(pair.english, out_type=str) for pair in PAIRS]
    translator = ctranslate2.Translator(str(folder / "model"), compute_type="float32")
    scored = translator.score_batch(read, targets)
    for pair, score in zip(PAIRS, scored, strict=True):
        (batch,) = held_out([pair], VOCABULARY, 512)
        with torch.inference_mode():
            loss, count = network.loss_of(made.eval(), Batch(*(part.long() for part in batch)), smoothing=0.0)
        assert sum(score.log_probs) / int(count) == pytest.approx(-float(loss) / int(count), abs=0.05)


def test_the_whole_recipe_runs(
    small: None, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(VOCABULARY, work)  # one of 12,000 pieces takes more text than this
    options = ["--data", data, "--work", work, "--device", "cpu", "--workers", "0"]
    monkeypatch.setattr("sys.argv", ["train", *map(str, options), "--tokens", "64", "--scale", "0.001"])
    train_starter_models.main()
    assert sorted(package.lang for package in map(open_package, (work / "packages").iterdir())) == ["fr", "id"]
    assert "dev loss fr" in capsys.readouterr().out


def test_the_vocabulary_writes_digits_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "SIZE", 300)
    vocabulary.train_vocabulary(PAIRS * 20, tmp_path / "v.model")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "v.model"))
    assert (pieces.piece_to_id(vocabulary.EOS), pieces.get_piece_size()) == (EOS, 300)
    assert pieces.encode("1998", out_type=str)[-4:] == ["1", "9", "9", "8"]
    assert pieces.decode(pieces.encode("東京")) == "東京"  # unknown letters are written in bytes
