import logging
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ctranslate2
import pytest
from argostranslate.package import Package as ArgosPackage

from samestory import translate as module
from samestory.argos import Package, find_packages, open_package
from samestory.errors import ModelError
from samestory.records import Article, Sentence, fold
from samestory.store import Store
from samestory.translate import translate
from samestory.translator import Hypothesis, Options, Translator, _cut
from tiny_argos import BPE, PAIRS, PREFIX, PREFIXED, TinyArgos, write_package


def article(lang: str, *texts: str) -> Article:
    sentences = tuple(Sentence(i, text, 0, len(text), "caption" if i else "title") for i, text in enumerate(texts))
    return Article(f"{lang}-1", lang, texts[0], None, None, None, f"{lang}.txt", "", "", sentences=sentences)


def english(articles: Iterator[Article] | list[Article]) -> list[str | None]:
    return [sentence.english for done in articles for sentence in done.sentences]


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of sentences of each batch given to a model, in order."""
    sizes: list[int] = []
    hypotheses = Translator._hypotheses

    def spy(model: Any, batch: list[list[str]]) -> Any:
        sizes.append(len(batch))
        return hypotheses(model, batch)

    monkeypatch.setattr(Translator, "_hypotheses", spy)
    return sizes


ARTICLES = [
    article("fr", *(source for source, _ in PAIRS["fr"])),
    article("en", "Nobody translates this."),
    article("id", *(source for source, _ in PAIRS["id"])),
]
EXPECTED = [
    *(known for _, known in PAIRS["fr"]),
    "Nobody translates this.",
    *(known for _, known in PAIRS["id"]),
]


def test_every_sentence_of_every_role(packages: dict[str, Package], store: Store) -> None:
    done = list(translate(ARTICLES, packages, store))
    assert english(done) == EXPECTED
    assert [a.id for a in done] == ["fr-1", "en-1", "id-1"]
    for sentence in done[0].sentences:
        assert sentence.mt is not None
        assert sentence.mt.model == packages["fr"].signature
        assert sentence.mt.score is not None
        assert -0.1 < sentence.mt.score <= 0
        assert sentence.mt.score == round(sentence.mt.score, 3)
        assert sentence.mt.flags == ()


def test_english_articles_are_their_own_english(store: Store) -> None:
    (done,) = translate([article("en", "Nobody translates this.")], {}, store)
    assert done.sentences[0].english == "Nobody translates this."
    assert done.sentences[0].mt is None


def test_same_hypothesis_as_argos_and_ctranslate2(
    packages: dict[str, Package], tiny_argos: TinyArgos, store: Store
) -> None:
    argos = ArgosPackage(tiny_argos.fr)
    translator = ctranslate2.Translator(str(tiny_argos.fr / "model"), compute_type="int8")
    (done,) = translate(ARTICLES[:1], packages, store)
    for sentence in done.sentences:
        tokens = argos.tokenizer.encode(sentence.text)
        (result,) = translator.translate_batch([tokens])
        assert sentence.english == argos.tokenizer.decode(result.hypotheses[0]).strip()


@pytest.mark.parametrize("length_penalty", [0.0, 0.2, 1.0])
def test_score_is_mean_log_probability(
    length_penalty: float, packages: dict[str, Package], tiny_argos: TinyArgos, store: Store
) -> None:
    # Beyond what the model knows, where scores are far from 0.
    unknown = article(
        "fr", "La police a signé un match à Paris.", "Le procès est arrivé à trois mille suspects lundi soir."
    )
    (done,) = translate([unknown], packages, store, Options(length_penalty=length_penalty))
    translator = ctranslate2.Translator(str(tiny_argos.fr / "model"), compute_type="int8")
    encode = packages["fr"].tokenizer.encode
    for sentence in done.sentences:
        assert sentence.mt is not None
        (result,) = translator.translate_batch([encode(sentence.text)], length_penalty=length_penalty)
        (scored,) = translator.score_batch([encode(sentence.text)], [result.hypotheses[0]])
        assert sentence.mt.score == pytest.approx(sum(scored.log_probs) / len(scored.log_probs), abs=2e-3)
        assert sentence.mt.score < -0.02


def test_language_without_package(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    articles = [article("de", "Guten Tag."), article("de", "Guten Abend.")]
    assert list(translate(articles, {}, store)) == articles
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "no package translates de: 2 different sentences" in record.getMessage()
    assert "samestory models install de" in record.getMessage()
    assert "--argos-packages DIR" in record.getMessage()


def test_a_sentence_without_words_is_its_own_english(
    packages: dict[str, Package], store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for given in (packages, {}):
        (done,) = translate([article("fr", "***")], given, store)
        assert (done.sentences[0].english, done.sentences[0].mt) == ("***", None)
    assert not caplog.records


def test_second_time_no_model_is_loaded(packages: dict[str, Package], store: Store, loaded: list[str]) -> None:
    first = list(translate(ARTICLES, packages, store))
    assert loaded == ["fr", "id"]
    assert list(translate(ARTICLES, packages, store)) == first
    assert loaded == ["fr", "id"]


def test_other_options_or_package_are_not_in_the_cache(
    packages: dict[str, Package], tiny_argos: TinyArgos, store: Store, loaded: list[str]
) -> None:
    articles = ARTICLES[:1]
    list(translate(articles, packages, store))
    list(translate(articles, packages, store, Options(threads=2)))
    assert loaded == ["fr"]
    list(translate(articles, packages, store, Options(beam_size=3)))
    assert loaded == ["fr", "fr"]
    list(translate(articles, {"fr": open_package(tiny_argos.prefixed)}, store))
    assert loaded == ["fr", "fr", "fr"]


class KilledError(Exception):
    pass


def test_killed_build_goes_on_where_it_stopped(
    packages: dict[str, Package], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: list[int]
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 4)
    with Store(tmp_path / "undisturbed.sqlite") as store:
        undisturbed = list(translate(ARTICLES, packages, store))
    batches.clear()

    def kill(done: int, _: int) -> None:
        if done == 8:
            raise KilledError

    with Store(tmp_path / "killed.sqlite") as store:
        with pytest.raises(KilledError):
            list(translate(ARTICLES, packages, store, progress=kill))
        assert sum(batches) == 8
        assert list(translate(ARTICLES, packages, store)) == undisturbed
        assert sum(batches) == sum(len(pairs) for pairs in PAIRS.values())


def test_a_new_article_costs_its_own_sentences_only(
    packages: dict[str, Package], store: Store, batches: list[int]
) -> None:
    list(translate([article("id", *(source for source, _ in PAIRS["id"][:8]))], packages, store))
    batches.clear()
    list(translate(ARTICLES[2:], packages, store))
    assert sum(batches) == 2


def test_progress_counts_each_sentence_once(packages: dict[str, Package], store: Store) -> None:
    told: list[tuple[int, int]] = []
    total = len(PAIRS["fr"]) + len(PAIRS["id"])
    for _ in range(2):
        list(translate(ARTICLES * 2, packages, store, progress=lambda *numbers: told.append(numbers)))
    assert told == [(len(PAIRS["fr"]), total), (total, total)] * 2


def test_bpe_package(tiny_argos: TinyArgos, store: Store) -> None:
    packages = {"fr": open_package(tiny_argos.bpe)}
    sources, known = zip(*BPE, strict=True)
    assert english(translate([article("fr", *sources)], packages, store)) == list(known)


def test_target_prefix(tiny_argos: TinyArgos, packages: dict[str, Package], store: Store) -> None:
    sources, known = zip(*PREFIXED, strict=True)
    prefixed = {"fr": open_package(tiny_argos.prefixed)}
    assert english(translate([article("fr", *sources)], prefixed, store)) == list(known)
    # It is the package that takes the prefix off: another leaves what its model writes.
    assert english(translate([article("fr", *sources)], packages, store)) == [f"{PREFIX} {text}" for text in known]


def test_long_sentence_is_translated_in_pieces(packages: dict[str, Package], store: Store, loaded: list[str]) -> None:
    (first, first_english), (second, second_english) = PAIRS["fr"][-2:]
    short = PAIRS["fr"][0]
    articles = [article("fr", f"{first} {second}", short[0])]
    for _ in range(2):
        (done,) = translate(articles, packages, store, Options(max_source_tokens=20))
        long = done.sentences[0]
        assert long.english == f"{first_english} {second_english}"
        assert long.mt is not None
        assert long.mt.flags == ("mt-split",)
        assert long.mt.score is not None
        assert -0.1 < long.mt.score <= 0
        assert (done.sentences[1].english, done.sentences[1].mt and done.sentences[1].mt.flags) == (short[1], ())
    assert loaded == ["fr"]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("short", 5, ["short"]),
        ("one, two three four five six seven", 19, ["one, two three", "four five six seven"]),
        ("one two three, four five", 14, ["one two three,", "four five"]),
        ("one two three four", 10, ["one two", "three four"]),
        ("总统抵达，会议开始。", 6, ["总统抵达，", "会议开始。"]),
        ("总统抵达", 2, ["总统", "抵达"]),
        ("3,500,000,000", 7, ["3,500,", "000,000"]),
        ("x、", 0, ["x", "、"]),
    ],
)
def test_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert _cut(text, lambda piece: len(piece) <= limit) == pieces


def test_cutting_loses_nothing() -> None:
    text = fold(" ".join(source for source, _ in PAIRS["fr"]) * 5)
    pieces = _cut(text, lambda piece: len(piece) <= 60)
    assert all(len(piece) <= 60 for piece in pieces)
    assert " ".join(pieces) == text


def test_nothing_comes_back(packages: dict[str, Package], store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Translator, "_hypotheses", lambda _, batch: [Hypothesis("", -1.0, 1)] * len(batch))
    (done,) = translate([article("fr", "Bonjour.")], packages, store)
    (sentence,) = done.sentences
    assert sentence.english is None
    assert sentence.mt is not None
    assert (sentence.mt.score, sentence.mt.flags) == (None, ("mt-empty",))


def test_score_of_certainty_has_no_sign(
    packages: dict[str, Package], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    certain = Hypothesis("Hello.", -1e-6, 3)
    monkeypatch.setattr(Translator, "_hypotheses", lambda _, batch: [certain] * len(batch))
    (done,) = translate([article("fr", "Bonjour.")], packages, store)
    assert done.sentences[0].mt is not None
    assert str(done.sentences[0].mt.score) == "0.0"


def test_flags_are_set(packages: dict[str, Package], store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Hypothesis("no no no no no", -1.0, 1)
    monkeypatch.setattr(Translator, "_hypotheses", lambda _, batch: [loop] * len(batch))
    (done,) = translate([article("fr", "Bonjour à tous.")], packages, store)
    assert done.sentences[0].mt is not None
    assert done.sentences[0].mt.flags == ("mt-loop",)


@pytest.mark.parametrize("damaged", ["sentencepiece.model", "model/model.bin"])
def test_damaged_package(damaged: str, tiny_argos: TinyArgos, tmp_path: Path, store: Store) -> None:
    path = write_package(tmp_path / "damaged", "fr")
    for file in (f for f in tiny_argos.fr.rglob("*") if f.is_file()):
        (path / file.relative_to(tiny_argos.fr)).write_bytes(file.read_bytes())
    (path / damaged).write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"damaged cannot be loaded .*: install it again"):
        list(translate([article("fr", "Bonjour.")], {"fr": open_package(path)}, store))


def test_no_network(tiny_argos: TinyArgos, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    packages = find_packages([tiny_argos.folder])
    assert english(translate(ARTICLES, packages, store)) == EXPECTED


def test_argosmodel_file_is_the_package(
    tiny_argosmodels: dict[str, Path], tmp_path: Path, packages: dict[str, Package]
) -> None:
    for lang, file in tiny_argosmodels.items():
        zipfile.ZipFile(file).extractall(tmp_path / "unpacked")
        assert find_packages([tmp_path / "unpacked"])[lang].signature == packages[lang].signature
