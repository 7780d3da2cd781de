"""The whole way, end to end, with the real models."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, SEEDS, Built, files
from samestory.build import build
from samestory.config import DEFAULTS, Config
from samestory.errors import NothingUsable, UsageError
from samestory.features import MISMATCHES
from samestory.records import fold
from samestory.translator import Options

SCORE_TOLERANCE = 0.005  # processors differ in the last bits of a vector
LEAST_IN_COMMON = 0.85  # of the pairs, where the processor rounds int8 products otherwise (with or without VNNI)
PAIRS = re.compile("[a-z]{2}-[a-z]{2}")

ARTICLE = """The bridge at Northmoor reopens after two winters

The bridge over the river at Northmoor will reopen to traffic on Monday after repairs that took 19 months.

The county spent 4.2 million pounds on new bearings and a new deck, its engineer Ruth Adler said on Friday.

Lorries of more than 18 tonnes will have to keep to the ring road until the last tests are done in June.

Shopkeepers on the west bank say they lost a third of their trade while the bridge was closed.
"""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samestory", *map(str, args)], capture_output=True, text=True, check=False, **options
    )


# What stands in the files


def test_rebuilding_the_sample_gives_the_committed_rows(sample: Built) -> None:
    """To the last text and score where this processor translates as that of the committed rows did, else nearly."""
    alike = english_of(sample.corpus) == english_of(ROOT / "corpus")
    for name in ("corpus", "aligned"):
        committed = sorted((ROOT / name).glob("*.jsonl"))
        assert [path.name for path in committed] == sorted(p.name for p in getattr(sample, name).glob("*.jsonl"))
        for path in committed:
            built, before = rows(getattr(sample, name) / path.name), rows(path)
            if alike:
                assert_same(built, before, path.name)
            elif name == "corpus":
                assert_same(
                    [without_english(row) for row in built], [without_english(row) for row in before], path.name
                )
            elif PAIRS.fullmatch(path.stem):
                one, other = ({json.dumps(row["source"]) for row in part} for part in (built, before))
                assert len(one & other) >= LEAST_IN_COMMON * max(len(one), len(other)), path.name
    assert members(sample.aligned) == members(ROOT / "aligned")
    assert {row["reason"] for row in rows(sample.aligned / "rejected.jsonl")} <= set(MISMATCHES.values())


def members(aligned: Path) -> list[list[str]]:
    return [[article["id"] for article in row["articles"]] for row in rows(aligned / "stories.jsonl")]


def english_of(corpus: Path) -> list[str | None]:
    return [s["english"] for path in sorted(corpus.glob("*.jsonl")) for row in rows(path) for s in row["sentences"]]


def without_english(row: dict[str, Any]) -> dict[str, Any]:
    sentences = [{key: s[key] for key in s if key not in ("english", "mt")} for s in row["sentences"]]
    return {**row, "sentences": sentences}


def assert_same(built: Any, committed: Any, where: str) -> None:
    if isinstance(committed, float):
        assert built == pytest.approx(committed, abs=SCORE_TOLERANCE), where
    elif isinstance(committed, dict):
        assert list(built) == list(committed), where
        for key in committed:
            assert_same(built[key], committed[key], f"{where}.{key}")
    elif isinstance(committed, list):
        assert len(built) == len(committed), where
        for number, (one, other) in enumerate(zip(built, committed, strict=True)):
            assert_same(one, other, f"{where}[{number}]")
    else:
        assert built == committed, where


def test_every_row_leads_back_to_its_characters(sample: Built) -> None:
    texts = {row["id"]: row["text"] for path in sample.corpus.glob("*.jsonl") for row in rows(path)}
    pairs = [row for path in sample.aligned.glob("*-*.jsonl") for row in rows(path)]
    assert len(pairs) == sum(sample.report.counts.pairs.values()) > 0
    for row in pairs:
        for lang, source in row["source"].items():
            assert fold(texts[source["article"]][source["start"] : source["end"]]) == row["translation"][lang]


def test_offsets_of_a_plain_text_file_are_offsets_in_that_file(sample: Built) -> None:
    row = next(row for row in rows(sample.corpus / "en.jsonl") if row["path"] == "wickr-en-1.txt")
    raw = (SEEDS / row["path"]).read_text(encoding="utf-8")
    assert row["sentences"]
    for sentence in row["sentences"]:
        assert fold(raw[sentence["start"] : sentence["end"]]) == sentence["text"]


def test_no_pair_holds_page_furniture(sample: Built) -> None:
    roles = {
        (row["id"], sentence["index"]): sentence["role"]
        for path in sample.corpus.glob("*.jsonl")
        for row in rows(path)
        for sentence in row["sentences"]
    }
    assert "furniture" in roles.values()
    paired = {
        roles[source["article"], index]
        for path in sample.aligned.glob("*-*.jsonl")
        for row in rows(path)
        for source in row["source"].values()
        for index in source["sentences"]
    }
    assert paired <= {"title", "body"}


def test_datasets_loads_the_folder_with_a_translation_feature(sample: Built, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(str(sample.aligned), "fr-id", cache_dir=str(tmp_path), split="train")
    assert loaded.features["translation"] == datasets.Translation(languages=["fr", "id"])
    assert loaded.num_rows == sample.report.counts.pairs["fr-id"]


# The same bytes


def test_an_empty_cache_no_network_and_another_number_of_threads_give_the_same_bytes(
    sample: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something reached for the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    one_thread = Config(translation=Options(threads=1))
    build([SEEDS], tmp_path / "c", tmp_path / "a", config=one_thread, cache=tmp_path / "cache.sqlite")
    assert files(tmp_path / "c", tmp_path / "a") == sample.files()


def test_a_killed_build_goes_on_where_it_was_and_gives_the_same_bytes(sample: Built, tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    command = ["build", SEEDS, "--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", cache]
    child = subprocess.Popen(
        [sys.executable, "-m", "samestory", *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while child.poll() is None and vectors(cache) == 0:
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL, "the build ended before it could be killed"
    finally:
        child.kill()
    stored = vectors(cache)
    assert 0 < stored < vectors(sample.cache)
    done = run(*command)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "c", tmp_path / "a") == sample.files()
    assert vectors(cache) == vectors(sample.cache)


def vectors(cache: Path) -> int:
    if not cache.is_file():
        return 0
    try:
        with sqlite3.connect(cache) as db:
            return int(db.execute("SELECT count(*) FROM vectors").fetchone()[0])
    except sqlite3.OperationalError:  # the table is not there yet
        return 0


@pytest.mark.parametrize("fresh", [False, True])
def test_a_build_with_nothing_new_takes_no_model_into_memory(sample: Built, tmp_path: Path, fresh: bool) -> None:
    corpus, aligned = shutil.copytree(sample.corpus, tmp_path / "c"), shutil.copytree(sample.aligned, tmp_path / "a")
    options = ["--corpus", corpus, "--aligned", aligned, "--cache", sample.cache, *(["--fresh"] if fresh else [])]
    code = (
        "import sys, samestory.cli as c; sys.argv[1:] = {!r}\n"
        "try: c.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "loaded = {{'torch', 'transformers', 'ctranslate2.translator', 'sentencepiece', 'nltk'}} & set(sys.modules)\n"
        "assert loaded <= {}, loaded"
    ).format(["build", str(SEEDS), *map(str, options)], {"sentencepiece", "nltk"} if fresh else {"sentencepiece"})
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ("nothing was new" in done.stdout) is not fresh
    assert files(corpus, aligned) == sample.files()


def test_a_changed_output_file_is_mended_by_the_next_build(sample: Built, tmp_path: Path) -> None:
    corpus, aligned = shutil.copytree(sample.corpus, tmp_path / "c"), shutil.copytree(sample.aligned, tmp_path / "a")
    (aligned / "fr-id.jsonl").write_bytes(b"half a li")
    (corpus / "en.jsonl").unlink()
    report = build([SEEDS], corpus, aligned, cache=sample.cache)
    assert not report.up_to_date
    assert files(corpus, aligned) == sample.files()


def test_what_an_earlier_build_wrote_and_this_one_does_not_is_removed(sample: Built, tmp_path: Path) -> None:
    corpus, aligned = shutil.copytree(sample.corpus, tmp_path / "c"), shutil.copytree(sample.aligned, tmp_path / "a")
    (aligned / "notes.txt").write_text("mine")
    (aligned / "de-fr.jsonl").write_text("left by a build that was killed before its manifest")
    (corpus / ".de.jsonl.part").write_text("half")
    build([SEEDS], corpus, aligned, config=Config(langs=("en", "fr")), cache=sample.cache)
    assert sorted(path.name for path in corpus.iterdir()) == ["en.jsonl", "fr.jsonl"]
    assert sorted(path.name for path in aligned.glob("*-*.jsonl")) == ["en-fr.jsonl"]
    assert (aligned / "notes.txt").read_text() == "mine"


def test_one_article_alone_makes_a_corpus_without_stories(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text(ARTICLE)
    seeds, corpus, aligned, cache = (str(tmp_path / name) for name in ("bridge.txt", "c", "a", "cache.sqlite"))
    report = build(seeds, corpus, aligned, cache=cache)
    assert report.counts.articles == {"en": 1}
    assert report.counts.pairs == {}
    assert rows(tmp_path / "a" / "stories.jsonl") == []
    assert [s["role"] for s in rows(tmp_path / "c" / "en.jsonl")[0]["sentences"]] == ["title"] + ["body"] * 4


# What cannot be used


def test_bad_files_are_rejected_by_name_and_cost_the_good_one_nothing(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "good.txt").write_text(ARTICLE, encoding="utf-8")
    (seeds / "empty.txt").touch()
    (seeds / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + os.urandom(4000))
    (seeds / "huge.txt").write_text("Nothing much happened today, officials said. " * 233_000, encoding="utf-8")
    (seeds / "latin.txt").write_bytes(LATIN.encode("latin-1"))
    (seeds / "unreadable.txt").symlink_to(tmp_path / "nowhere.txt")
    done = run("build", seeds, "--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", tmp_path / "k")
    assert done.returncode == 0, done.stderr
    rejected = {row["path"]: row for row in rows(tmp_path / "a" / "rejected.jsonl")}
    assert {path: row["reason"] for path, row in rejected.items()} == {
        "binary.txt": "binary",
        "empty.txt": "empty",
        "huge.txt": "too-large",
        "unreadable.txt": "unreadable",
    }
    assert all("\n" not in row["detail"] and row["detail"] for row in rejected.values())
    assert [row["path"] for row in rows(tmp_path / "c" / "en.jsonl")] == ["good.txt"]
    latin = rows(tmp_path / "c" / "fr.jsonl")[0]
    assert "élèves" in latin["text"]  # Latin-1 is no fault: it is found out and read


LATIN = """Le lycée de Brévannes retrouve sa cantine

Après deux années de travaux, les 640 élèves du lycée de Brévannes ont retrouvé lundi leur cantine rénovée.

La région a payé 2,3 millions d'euros pour la cuisine, les fenêtres et le préau, a précisé la proviseure.

Les repas seront préparés sur place dès le mois de février, avec des légumes achetés à des fermes voisines.
"""


HOSTILE = {
    "codec.html": b'<html><head><meta charset="rot13"></head><body><p>caf\xe9</p></body></html>',
    "undefined.html": b'<html><head><meta charset="undefined"></head><body><p>caf\xe9</p></body></html>',
    "deep.jsonl": b"[" * 100_000,
    "deeper.jsonl": b'{"text": ' + b"[" * 100_000,
}


def test_hostile_files_are_rejected_and_cost_the_good_one_nothing(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "good.txt").write_text(ARTICLE, encoding="utf-8")
    for name, content in HOSTILE.items():
        (seeds / name).write_bytes(content)
    report = build([seeds], tmp_path / "c", tmp_path / "a", cache=tmp_path / "k")
    assert report.counts.articles == {"en": 1}
    assert [row["path"].partition("#")[0] for row in rows(tmp_path / "a" / "rejected.jsonl")] == sorted(HOSTILE)


def test_after_seeds_that_give_nothing_the_old_result_is_not_shown_as_finished(sample: Built, tmp_path: Path) -> None:
    corpus, aligned = shutil.copytree(sample.corpus, tmp_path / "c"), shutil.copytree(sample.aligned, tmp_path / "a")
    (tmp_path / "seeds").mkdir()
    with pytest.raises(NothingUsable):
        build([tmp_path / "seeds"], corpus, aligned, cache=tmp_path / "k")
    assert not (aligned / "manifest.json").exists()


def test_a_folder_with_nothing_usable_ends_with_1_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "empty.txt").touch()
    done = run("build", tmp_path / "seeds", "--corpus", tmp_path / "c", "--aligned", tmp_path / "a")
    assert done.returncode == 1
    assert "rejected.jsonl" in done.stderr
    assert "Traceback" not in done.stderr
    assert [row["reason"] for row in rows(tmp_path / "a" / "rejected.jsonl")] == ["empty"]


def test_an_empty_folder_is_nothing_usable(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with pytest.raises(NothingUsable, match=r"no file to read in .*seeds"):
        build([tmp_path / "seeds"], tmp_path / "c", tmp_path / "a", cache=tmp_path / "k")


@pytest.mark.parametrize(
    ("seeds", "corpus", "aligned", "named"),
    [
        ("nowhere", "c", "a", "nowhere"),
        ("seeds", "seeds/c", "a", "among the seeds"),
        ("seeds/good.txt", "seeds", "a", "among the seeds"),
        ("seeds/*.txt", "c", "seeds", "among the seeds"),
        ("seeds", "c", "c", "two folders"),
        ("seeds", "afile", "a", "cannot be made"),
        ("seeds", "c", "afile/sub", "cannot be made"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(
    tmp_path: Path, seeds: str, corpus: str, aligned: str, named: str
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "good.txt").write_text(ARTICLE)
    (tmp_path / "afile").touch()
    with pytest.raises(UsageError, match=named) as caught:
        build([tmp_path / seeds], tmp_path / corpus, tmp_path / aligned, config=DEFAULTS, cache=tmp_path / "k")
    assert "\n" not in str(caught.value)


def test_one_seed_and_folders_by_name_will_do(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(ARTICLE)
    report = build(str(tmp_path / "good.txt"), f"{tmp_path}/c", f"{tmp_path}/a", cache=tmp_path / "k")
    assert report.counts.articles == {"en": 1}


# The shared seeds: real articles, beside the project


@pytest.fixture
def real() -> Path:
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("../shared/seeds is not here")
    return folder


def test_two_of_five_real_articles_are_one_story_and_their_quotes_are_paired(real: Path, tmp_path: Path) -> None:
    build([real], tmp_path / "c", tmp_path / "a", cache=tmp_path / "k")
    articles = {row["id"]: row["path"][:3] for path in (tmp_path / "c").glob("*.jsonl") for row in rows(path)}
    assert sorted(articles.values()) == ["000", "001", "002", "003", "004"]
    (story,) = rows(tmp_path / "a" / "stories.jsonl")
    assert sorted(articles[article["id"]] for article in story["articles"]) == ["000", "002"]
    pairs = [row["translation"] for row in rows(tmp_path / "a" / "fr-id.jsonl")]
    for french, indonesian in [("NBC", "NBC"), ("Reddit", "Reddit"), ("rapidement", "cepat")]:
        assert any(french in pair["fr"] and indonesian in pair["id"] for pair in pairs), french
    assert not any("15 kasus" in pair["id"] and "22.118.952" in pair["id"] for pair in pairs)


def test_translations_that_went_wrong_do_not_sink_the_story(real: Path, tiny_argos: Any, tmp_path: Path) -> None:
    report = build([real], tmp_path / "c", tmp_path / "a", argos_packages=[tiny_argos.folder], cache=tmp_path / "k")
    assert 0 < max(report.counts.flagged.values()) <= report.counts.flagged_sentences <= report.counts.translated
    assert report.counts.stories >= 1
    assert report.counts.pairs["fr-id"] >= 2  # of 5 with English that can be trusted
