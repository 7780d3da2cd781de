"""The starter packages as they are shipped, and the script that measures them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from sacrebleu.metrics.chrf import CHRF

import evaluate_translation
from conftest import SEEDS, Built
from samestory.argos import STARTER_PACKAGES, find_packages
from samestory.build import build

MOST_BYTES = 60_000_000
LEAST_CHRF = 50
SENTENCES = {
    "fr": [
        ("Selon NBC News, Wickr n'a transmis que 15 signalements en 2021.", ["NBC News", "Wickr", "15", "2021"]),
        ("Le pont de Varenne a coûté 22 118 952 euros.", ["Varenne", "22,118,952"]),
        ("Écrivez à contact@wickr.com ou allez sur www.wickr.com.", ["contact@wickr.com", "www.wickr.com"]),
    ],
    "id": [
        ("Menurut Kominfo, aplikasi Wickr hanya melaporkan 15 kasus pada 2021.", ["Kominfo", "Wickr", "15", "2021"]),
        ("Jembatan Sukamaju menelan biaya 22.118.952 rupiah.", ["Sukamaju", "22,118,952"]),
        ("Kepala polisi Denpasar, Wayan Sudana, berbicara kepada NBC News.", ["Wayan Sudana", "NBC News"]),
    ],
}


def test_they_are_found_without_any_setup_and_are_small() -> None:
    found = find_packages()
    assert {lang: package.starter for lang, package in found.items()} == {"fr": True, "id": True}
    assert all("starter" in package.version for package in found.values())
    assert sum(file.stat().st_size for file in STARTER_PACKAGES.rglob("*") if file.is_file()) <= MOST_BYTES


def test_every_sentence_of_the_sample_has_english(sample: Built) -> None:
    for lang in ("fr", "id"):
        for line in (sample.corpus / f"{lang}.jsonl").read_text(encoding="utf-8").splitlines():
            for sentence in json.loads(line)["sentences"]:
                assert sentence["english"], sentence["text"]
                assert sentence["mt"] is None or "0.1.starter" in sentence["mt"]["model"]


@pytest.mark.parametrize("lang", SENTENCES)
def test_names_and_numbers_survive(lang: str) -> None:
    texts = [text for text, _ in SENTENCES[lang]]
    english = evaluate_translation.translated(find_packages()[lang], texts, 2)
    for (text, kept), output in zip(SENTENCES[lang], english, strict=True):
        assert [word for word in kept if word not in output] == [], (text, output)


def test_english_of_a_true_translation_is_close_to_the_original(tmp_path: Path) -> None:
    """The lighthouse article is in the sample in English and, translated by us, in French."""
    seeds = [SEEDS / f"lighthouse-{lang}.txt" for lang in ("en", "fr")]
    build(seeds, tmp_path / "c", tmp_path / "a", cache=tmp_path / "cache.sqlite")
    rows = [json.loads(line) for line in (tmp_path / "a" / "en-fr.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 15
    score = CHRF().corpus_score([row["english"]["fr"] for row in rows], [[row["english"]["en"] for row in rows]])
    assert score.score >= LEAST_CHRF


def test_the_script_prints_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flores, data = tmp_path / "flores", tmp_path / "data"
    flores.mkdir()
    data.mkdir()
    english = "According to NBC News, Wickr reported 15 cases in 2021.\n"
    for part in ("dev", "devtest"):
        (flores / f"{part}.eng").write_text(english)
        for lang, name in (("fr", "fra"), ("id", "ind")):
            (flores / f"{part}.{name}").write_text(SENTENCES[lang][0][0] + "\n", encoding="utf-8")
    for name in ("dev.fr-en.tsv", "dev-extra.fr-en.tsv", "dev.id-en.tsv"):
        (data / name).write_text("Oui.\tYes.\tnews\n")
    monkeypatch.setattr("sys.argv", ["evaluate", "--flores", str(flores), "--data", str(data)])
    evaluate_translation.main()
    printed = capsys.readouterr().out
    rows = {line.split("|")[1].strip(): line for line in printed.splitlines() if line.startswith("|")}
    assert rows["fr FLORES-200 devtest"].count("100.0%") == 2
    assert {"id FLORES-200 dev", "fr news", "id dev.id-en"} <= rows.keys()
    assert re.search(r"BLEU nrefs:1\|case:mixed\|.*version:", printed)
    assert len(re.findall(r"^\| (?:fr|id) \| [12] \| \d+ \| \d+ \|$", printed, re.MULTILINE)) == 4


def test_packages_of_the_folder_named_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(STARTER_PACKAGES / "id_en", tmp_path / "id_en")
    monkeypatch.setattr("sys.argv", ["evaluate", "--packages", str(tmp_path)])
    evaluate_translation.main()
    assert capsys.readouterr().out.splitlines()[0].startswith("id_en-0.1.starter+sha256:")


def test_names_begin_with_a_capital() -> None:
    assert evaluate_translation.names("À l’école, Élise parle à I. NBC-News") == ["Élise", "NBC-News"]
