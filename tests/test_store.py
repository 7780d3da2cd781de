import logging
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from samestory.errors import SamestoryError, UsageError
from samestory.store import Store, Translation, default_cache

ADD = """
import sys
from pathlib import Path
import numpy as np
from samestory.store import Store

with Store(Path(sys.argv[1])) as store:
    for batch in range(int(sys.argv[3])):
        texts = [f"{sys.argv[2]} {batch} {row}" for row in range(500)]
        store.add_vectors("model", texts, np.full((500, 64), batch, np.float32))
        print(batch, flush=True)
"""
"""Adds batches of 500 vectors, each vector full of its batch's number, and says when each batch is stored."""


def adder(cache: Path, name: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ADD, str(cache), name, str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def batch_of(store: Store, name: str, batch: int) -> list[float]:
    found = store.vectors("model", [f"{name} {batch} {row}" for row in range(500)])
    assert all(len(set(vector.tolist())) == 1 for vector in found.values())
    return [float(vector[0]) for vector in found.values()]


def test_the_cache_lies_in_the_cache_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert default_cache().is_relative_to(tmp_path)
    assert default_cache().parts[-2:] == ("samestory", "store.sqlite")
    assert not default_cache().exists()


@pytest.mark.parametrize(
    ("model", "options", "text"),
    [("other", "beam 2", "Le pont rouvre."), ("fr", "beam 4", "Le pont rouvre."), ("fr", "beam 2", "Le pont ferme.")],
)
def test_translation_is_known_by_model_options_and_text(store: Store, model: str, options: str, text: str) -> None:
    kept = Translation("The bridge reopens.", -0.25)
    store.add_translations("fr", "beam 2", {"Le pont rouvre.": kept})
    assert store.translations("fr", "beam 2", ["Le pont rouvre."]) == {"Le pont rouvre.": kept}
    assert store.translations(model, options, [text]) == {}


@pytest.mark.parametrize(("model", "text"), [("other", "Le pont rouvre."), ("use", "Le pont rouvre !"), ("use", "")])
def test_vector_is_known_by_model_and_text(store: Store, model: str, text: str) -> None:
    store.add_vectors("use", ["Le pont rouvre."], np.ones((1, 3), np.float32))
    assert list(store.vectors("use", ["Le pont rouvre."])) == ["Le pont rouvre."]
    assert store.vectors(model, [text]) == {}


def test_only_what_is_stored_is_returned(store: Store) -> None:
    store.add_translations("fr", "", {"Oui.": Translation("Yes.", -1.0), "": Translation("", 0.0)})
    assert store.translations("fr", "", ["Non.", "Oui.", "", "Oui."]) == {
        "Oui.": Translation("Yes.", -1.0),
        "": Translation("", 0.0),
    }
    assert store.translations("fr", "", []) == {}


def test_later_translation_takes_the_place_of_the_earlier(store: Store) -> None:
    store.add_translations("fr", "", {"Oui.": Translation("Yeah.", -2.0)})
    store.add_translations("fr", "", {"Oui.": Translation("Yes.", -1.0)})
    assert store.translations("fr", "", ["Oui."])["Oui."] == Translation("Yes.", -1.0)


def test_score_and_any_script_come_back_as_they_went_in(store: Store) -> None:
    texts = {f"{i} الجسر 桥 \U0001f309\n«\u202f»": Translation(f"bridge\t{i}\u2028🌉", -1 / (i + 3)) for i in range(20)}
    store.add_translations("x", "", texts)
    assert store.translations("x", "", texts) == texts


@pytest.mark.parametrize(
    ("model", "options", "text"),
    [
        ("other", "float32", ("Oui.", "Yes.")),
        ("fr", "int8", ("Oui.", "Yes.")),
        ("fr", "float32", ("Oui.", "No.")),
        ("fr", "float32", ("Non.", "Yes.")),
    ],
)
def test_an_answer_is_known_by_model_options_and_both_texts(
    store: Store, model: str, options: str, text: tuple[str, str]
) -> None:
    kept = {("Oui.", "Yes."): np.array([-0.25, 3.0]), ("Zut.", "Damn."): np.array([math.nan])}
    store.add_answers("fr", "float32", kept)
    found = store.answers("fr", "float32", [*kept, ("Ah.", "Oh.")])
    assert found.keys() == kept.keys()
    assert all(np.array_equal(found[both], answer, equal_nan=True) for both, answer in kept.items())
    assert store.answers(model, options, [text]) == {}


def test_what_former_versions_kept_of_two_texts_goes(tmp_path: Path) -> None:
    with Store(tmp_path / "old.sqlite") as old:
        old._db.execute("CREATE TABLE likelihoods (key BLOB PRIMARY KEY, likelihood REAL)")
    with Store(tmp_path / "old.sqlite") as new:
        tables = {name for (name,) in new._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"translations", "vectors", "answers"}


def test_vectors_come_back_bit_by_bit(store: Store) -> None:
    bits = np.random.default_rng(3).integers(0, 2**32, size=(40, 512), dtype=np.uint32)
    bits[0, :5] = [0x80000000, 0x00000001, 0x7F800000, 0x7FC00001, 0xFF7FFFFF]  # -0, a denormal, inf, a nan, the least
    texts = [f"line {i}" for i in range(40)]
    store.add_vectors("m", texts, bits.view(np.float32))
    found = store.vectors("m", texts)
    assert all(found[text].dtype == np.float32 for text in texts)
    assert np.array_equal(np.stack([found[text] for text in texts]).view(np.uint32), bits)


def test_rows_of_a_strided_matrix_come_back_whole(store: Store) -> None:
    matrix = np.arange(24, dtype=np.float32).reshape(4, 6)[:, ::2]
    store.add_vectors("m", list("abcd"), matrix)
    assert np.array_equal(store.vectors("m", ["c"])["c"], [12, 14, 16])


@pytest.mark.parametrize("count", [499, 500, 501, 1300])
def test_any_number_of_keys_in_one_call(store: Store, count: int) -> None:
    texts = [f"Baris ke-{i}." for i in range(count)]
    store.add_vectors("m", texts, np.arange(count, dtype=np.float32)[:, None])
    store.add_translations("m", "", {text: Translation(text.upper(), -float(i)) for i, text in enumerate(texts)})
    assert {text: float(v[0]) for text, v in store.vectors("m", [*texts, "?"]).items()} == dict(
        zip(texts, range(count), strict=True)
    )
    assert store.translations("m", "", [*texts, "?"]) == {t: Translation(t.upper(), -i) for i, t in enumerate(texts)}


@pytest.mark.parametrize("rows", [1, 3])
def test_vectors_and_texts_that_do_not_match_store_nothing(store: Store, rows: int) -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        store.add_vectors("m", ["one", "two"], np.ones((rows, 2), np.float32))
    assert store.vectors("m", ["one", "two"]) == {}


def test_what_is_stored_is_there_the_next_time_and_in_a_new_folder(tmp_path: Path) -> None:
    cache = tmp_path / "new" / "folder" / "c?#% ü.sqlite"
    with Store(cache) as store:
        store.add_vectors("m", ["x"], np.ones((1, 2), np.float32))
    assert cache.is_file()
    with Store(cache) as store:
        assert list(store.vectors("m", ["x", "y"])) == ["x"]


def test_two_processes_store_into_one_file(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    adders = [adder(cache, name, 20) for name in ("one", "two")]
    assert [process.wait(timeout=60) for process in adders] == [0, 0]
    with Store(cache) as store:
        for name in ("one", "two"):
            assert [batch_of(store, name, batch) for batch in range(20)] == [[batch] * 500 for batch in range(20)]


@pytest.mark.parametrize("delay", [0, 0.004, 0.009, 0.015])
def test_killed_process_leaves_whole_batches(tmp_path: Path, caplog: pytest.LogCaptureFixture, delay: float) -> None:
    cache = tmp_path / "cache.sqlite"
    process = adder(cache, "killed", 1_000_000)
    assert process.stdout is not None
    announced = [int(process.stdout.readline()) for _ in range(5)][-1]
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    announced = max([announced, *map(int, process.stdout.read().split("\n")[:-1])])
    assert process.wait() == -signal.SIGKILL
    with Store(cache) as store:
        for batch in range(announced + 3):
            kept = batch_of(store, "killed", batch)
            assert kept == [batch] * 500 or (kept == [] and batch > announced)
        store.add_vectors("model", ["after"], np.ones((1, 64), np.float32))
        assert list(store.vectors("model", ["after"])) == ["after"]
    assert caplog.records == []


def damage(cache: Path, how: str) -> None:
    data = bytearray(cache.read_bytes())
    if how == "overwritten":
        data[4096 : 4096 * 12] = b"\xa5" * (4096 * 11)
    else:
        del data[round(len(data) * float(how)) :]
    cache.write_bytes(data)


@pytest.mark.parametrize("how", ["overwritten", "0.0005", "0.3", "0.6", "0.999"])
def test_damaged_or_cut_off_file_is_set_aside_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    cache = tmp_path / "cache.sqlite"
    texts = [f"Kalimat {i}" for i in range(1000)]
    with Store(cache) as store:
        store.add_vectors("m", texts, np.ones((1000, 64), np.float32))
    damage(cache, how)
    damaged = cache.read_bytes()
    for _ in range(2):
        with Store(cache) as store:
            found = store.vectors("m", texts)
            store.add_vectors("m", ["new"], np.ones((1, 64), np.float32))
        assert found == {}
    assert (tmp_path / "cache.sqlite.broken").read_bytes() == damaged
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert str(cache) in record.getMessage()
    assert "cache.sqlite.broken" in record.getMessage()
    with Store(cache) as store:
        assert list(store.vectors("m", ["new"])) == ["new"]


def test_leftovers_of_a_damaged_file_do_not_reach_the_new_one(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    cache.write_bytes(b"SQLite format 3\0" + b"no database" * 500)
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"cache.sqlite{suffix}").write_bytes(b"left over" * 500)
    with Store(cache) as store:
        store.add_vectors("m", ["x"], np.ones((1, 2), np.float32))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache.sqlite", "cache.sqlite.broken"]


def test_a_file_that_is_no_cache_is_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt.*--cache"):
        Store(notes)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert notes.read_text() == "mine"


def test_empty_file_becomes_a_cache(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache.sqlite").touch()
    with Store(tmp_path / "cache.sqlite") as store:
        store.add_vectors("m", ["x"], np.ones((1, 2), np.float32))
        assert list(store.vectors("m", ["x"])) == ["x"]
    assert caplog.records == []


@pytest.mark.parametrize("name", ["folder", "file/cache.sqlite", "file/deep/cache.sqlite"])
def test_file_that_cannot_be_made_is_an_error_with_its_cure(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a note")
    with pytest.raises(SamestoryError) as raised:
        Store(tmp_path / name)
    assert "--cache" in str(raised.value)
    assert str(tmp_path / name) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "file").read_text() == "a note"


def test_file_that_is_locked_is_not_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache.sqlite"
    with Store(cache) as store:
        store.add_vectors("m", ["x"], np.ones((1, 2), np.float32))
    locking = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('PRAGMA locking_mode=EXCLUSIVE');"
    locking += "db.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", locking, str(cache)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "locked\n"
    from samestory import store as module

    connect = module.sqlite3.connect
    monkeypatch.setattr(module.sqlite3, "connect", lambda path, **_: connect(path, timeout=0.1))
    with pytest.raises(SamestoryError, match="--cache"):
        Store(cache)
    other.communicate()
    with Store(cache) as store:
        assert list(store.vectors("m", ["x"])) == ["x"]
    assert not (tmp_path / "cache.sqlite.broken").exists()
