"""How likely translation models hold English to be the translation of a text, and what of that is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from samestory import likelihood as module
from samestory import translator
from samestory.argos import Package, find_packages, open_package
from samestory.errors import ModelError
from samestory.likelihood import Likelihood
from samestory.store import Store
from samestory.translator import Options, Translator
from tiny_argos import BPE, PAIRS, PREFIXED, TinyArgos, write_package

FR, ID = PAIRS["fr"], PAIRS["id"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of texts of each call that reached a model."""
    sizes: list[int] = []
    log_probabilities = Translator.log_probabilities

    def spy(model: Translator, texts: Sequence[tuple[str, str]]) -> list[float | None]:
        sizes.append(len(texts))
        return log_probabilities(model, texts)

    monkeypatch.setattr(Translator, "log_probabilities", spy)
    return sizes


@pytest.mark.parametrize("lang", ["fr", "id"])
def test_the_english_of_a_text_is_likelier_than_that_of_another(
    lang: str, packages: dict[str, Package], store: Store
) -> None:
    likelihood = Likelihood(packages, store)
    pairs = PAIRS[lang]
    own = likelihood(lang, pairs)
    others = likelihood(lang, [(text, pairs[n - 1][1]) for n, (text, _) in enumerate(pairs)])
    assert (own > -0.1).all()
    assert (own <= 0).all()
    assert (others < own - 0.2).all()


def test_it_is_the_mean_of_the_tokens_of_what_would_have_been_translated(
    packages: dict[str, Package], store: Store
) -> None:
    text, _ = FR[0]
    model = Translator(packages["fr"], Options(beam_size=1, compute_type="float32"))
    english, score = model.translate({text: model.pieces(text)})[text]
    assert Likelihood(packages, store)("fr", [(text, english)]) == pytest.approx([score], abs=1e-3)


@pytest.mark.parametrize(("package", "known"), [("prefixed", PREFIXED), ("bpe", BPE)])
def test_packages_with_a_prefix_or_another_tokenizer_are_asked_as_they_translate(
    package: str, known: list[tuple[str, str]], tiny_argos: TinyArgos, store: Store
) -> None:
    likelihood = Likelihood({"fr": open_package(getattr(tiny_argos, package))}, store)
    assert (likelihood("fr", known) > -0.1).all()
    assert likelihood("fr", [(known[0][0], known[1][1])])[0] < -0.2


def test_a_number_that_differs_makes_the_english_less_likely(packages: dict[str, Package], store: Store) -> None:
    text, english = FR[4]
    right, wrong = Likelihood(packages, store)("fr", [(text, english), (text, english.replace("5", "300"))])
    assert wrong < right - 0.5


def test_nothing_is_told_of_a_language_without_package(packages: dict[str, Package], store: Store) -> None:
    told = Likelihood(packages, store)("de", [("Guten Tag.", "Good day."), ("Ja.", "Yes.")])
    assert np.isnan(told).tolist() == [True, True]


def test_nothing_is_told_of_what_is_too_long(packages: dict[str, Package], store: Store) -> None:
    text, english = FR[0]
    limited = Likelihood(packages, store, Options(max_source_tokens=20))
    told = limited("fr", [(text, english), (f"{text} {text}", english), (text, f"{english} {english}")])
    assert np.isnan(told).tolist() == [False, True, True]
    assert limited("fr", [(f"{text} {text}", english)]).tolist() == pytest.approx([math.nan], nan_ok=True)


def test_no_texts_need_no_model(tmp_path: Path, store: Store) -> None:
    broken = open_package(write_package(tmp_path / "broken", "fr"))
    assert Likelihood({"fr": broken}, store)("fr", []).shape == (0,)


def test_a_damaged_package_is_an_error_with_its_cure(tmp_path: Path, store: Store) -> None:
    broken = open_package(write_package(tmp_path / "broken", "fr"))
    with pytest.raises(ModelError, match=r"broken cannot be loaded .*: install it again"):
        Likelihood({"fr": broken}, store)("fr", FR)


def test_order_and_repetition_change_nothing(packages: dict[str, Package], store: Store, asked: list[int]) -> None:
    likelihood = Likelihood(packages, store)
    told = likelihood("fr", FR)
    turned = likelihood("fr", [*FR[::-1], FR[0], FR[0]])
    assert turned.tolist() == [*told[::-1].tolist(), told[0], told[0]]
    assert asked == [len(FR)]


def test_what_was_told_is_kept(
    packages: dict[str, Package], tmp_path: Path, asked: list[int], tiny_argos: TinyArgos
) -> None:
    told = []
    for _ in range(2):
        with Store(tmp_path / "kept.sqlite") as store:
            told.append(Likelihood(packages, store)("fr", [*FR, ("Bonjour.", "x" * 2000)]).tolist())
    assert told[0] == pytest.approx(told[1], nan_ok=True)
    assert asked == [len(FR) + 1]
    with Store(tmp_path / "kept.sqlite") as store:
        Likelihood({"fr": open_package(tiny_argos.bpe)}, store)("fr", FR)  # of another model
        Likelihood(packages, store, Options(max_source_tokens=30))("fr", FR)  # with another limit
        Likelihood(packages, store, Options(beam_size=5, compute_type="float32"))("fr", FR)  # of translating alone
    assert asked == [len(FR) + 1, len(FR), len(FR)]


def test_only_what_is_new_is_asked(packages: dict[str, Package], store: Store, asked: list[int]) -> None:
    likelihood = Likelihood(packages, store)
    likelihood("fr", FR[:3])
    likelihood("fr", FR)
    assert asked == [3, len(FR) - 3]
    Likelihood(packages, store)("fr", FR[1:4])
    assert asked == [3, len(FR) - 3]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_and_what_else_is_asked_change_nothing(threads: int, store: Store, tmp_path: Path) -> None:
    """With the Indonesian model that ships: the tiny one has no digits to lose."""
    packages = find_packages()
    texts = [(text, english) for text, _ in ID for _, english in ID]
    assert len(texts) > 5 * translator._SCORED
    told = Likelihood(packages, store, Options(threads=2))("id", texts)
    with Store(tmp_path / "other.sqlite") as other:
        likelihood = Likelihood(packages, other, Options(threads=threads))
        again = [likelihood("id", texts[start : start + 7]) for start in range(0, len(texts), 7)]
    assert np.concatenate(again) == pytest.approx(told, abs=0.0011)
    assert (np.concatenate(again) == told).mean() > 0.98


def test_english_is_cut_as_english_where_cutting_is_a_matter_of_language(tiny_argos: TinyArgos) -> None:
    package = open_package(tiny_argos.bpe)
    english = "the president's"
    assert package.tokenizer.encode(english) != package.target_tokenizer.encode(english)
    assert "".join(package.target_tokenizer.encode(english)).replace("@@", "") == "thepresident&apos;s"
    pieces = open_package(tiny_argos.fr)
    assert pieces.tokenizer is pieces.target_tokenizer


def test_few_models_are_in_memory_at_a_time(
    packages: dict[str, Package], store: Store, monkeypatch: pytest.MonkeyPatch, loaded: list[str]
) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", 1)
    likelihood = Likelihood(packages, store)
    for lang, texts in (("fr", FR[:3]), ("fr", FR[2:6]), ("id", ID), ("fr", FR)):
        likelihood(lang, texts)
    assert loaded == ["fr", "id", "fr"]
