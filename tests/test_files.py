import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from samestory import files
from samestory.files import Folder, pretty, read_rows, replace
from samestory.rows import Row

REPLACE = """
import sys
from pathlib import Path
from samestory.files import replace

print("ready", flush=True)
for turn in range(int(sys.argv[2])):
    replace(Path(sys.argv[1]), bytes([turn % 7 + 65]) * 300_000)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "aligned")


def test_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    Folder(tmp_path / "a" / "b" / "c").write("x.txt", b"x")
    assert (tmp_path / "a" / "b" / "c" / "x.txt").read_bytes() == b"x"


def test_written_file_is_known_by_its_hash(folder: Folder) -> None:
    folder.write("x.txt", b"abc")
    folder.write("y.txt", b"")
    folder.write("x.txt", b"abcd")
    assert folder.hashes == {
        "x.txt": hashlib.sha256(b"abcd").hexdigest(),
        "y.txt": hashlib.sha256(b"").hexdigest(),
    }
    assert sorted(path.name for path in folder.path.iterdir()) == ["x.txt", "y.txt"]


def test_reader_sees_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    replace(path, b"A" * 300_000)
    writer = subprocess.Popen([sys.executable, "-c", REPLACE, str(path), "150"], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    seen = set()
    while writer.poll() is None:
        content = path.read_bytes()
        assert content == content[:1] * 300_000
        seen.add(content[:1])
    assert writer.returncode == 0
    assert len(seen) > 1


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_write_that_fails_leaves_the_old_file_and_the_next_one_mends_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    folder.write("x.txt", b"old")
    hashes = dict(folder.hashes)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os if failing == "fsync" else Path, failing, fail)
        with pytest.raises(OSError, match="No space left"):
            folder.write("x.txt", b"new, and longer")
    assert (folder.path / "x.txt").read_bytes() == b"old"
    assert folder.hashes == hashes
    folder.write("x.txt", b"mended")
    assert [path.name for path in folder.path.iterdir()] == ["x.txt"]
    assert (folder.path / "x.txt").read_bytes() == b"mended"


def test_left_over_part_of_a_killed_build_is_overwritten(folder: Folder) -> None:
    (folder.path / ".x.txt.part").write_bytes(b"half a file, longer than the whole")
    folder.write("x.txt", b"whole")
    assert [(path.name, path.read_bytes()) for path in folder.path.iterdir()] == [("x.txt", b"whole")]


def test_content_is_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    monkeypatch.setattr(files.os, "fsync", lambda fd: sizes.append((os.fstat(fd).st_size, (tmp_path / "x").exists())))
    replace(tmp_path / "x", b"12345")
    assert sizes == [(5, False)]


def test_rows_fail_in_the_middle_and_the_old_file_stays(folder: Folder) -> None:
    def rows() -> Iterator[Row]:
        yield {"id": 3}
        raise RuntimeError("in the middle")

    folder.write_rows("x.jsonl", [{"id": 1}, {"id": 2}])
    with pytest.raises(RuntimeError, match="in the middle"):
        folder.write_rows("x.jsonl", rows())
    assert read_rows(folder.path / "x.jsonl") == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    "text", ["a\u2028b\u2029c\u0085d", "e\rf\ng\r\nh", "\x1c\x1d\x1e\f\v", 'Le « pont » "\\" 桥 🌉', ""]
)
def test_rows_come_back_as_they_were_written_one_a_line(folder: Folder, text: str) -> None:
    rows: list[Row] = [{"text": text, "score": 0.935, "date": None, "flags": []}, {"text": text * 2}]
    folder.write_rows("x.jsonl", rows)
    assert read_rows(folder.path / "x.jsonl") == rows
    assert (folder.path / "x.jsonl").read_bytes().count(b"\n") == 2


def test_letters_of_any_script_stand_as_they_are(folder: Folder) -> None:
    folder.write_rows("x.jsonl", [{"text": "« Été » 桥"}])
    assert (folder.path / "x.jsonl").read_text(encoding="utf-8") == '{"text":"« Été » 桥"}\n'


def test_file_without_rows_is_empty(folder: Folder) -> None:
    folder.write_rows("x.jsonl", [])
    assert (folder.path / "x.jsonl").read_bytes() == b""
    assert read_rows(folder.path / "x.jsonl") == []


def test_pretty_is_indented_json_in_the_order_given() -> None:
    assert (
        pretty({"b": [1], "a": {"é": None}}) == '{\n  "b": [\n    1\n  ],\n  "a": {\n    "é": null\n  }\n}\n'.encode()
    )
    assert msgspec.json.decode(pretty({"b": [1]})) == {"b": [1]}


EARLIER = re.compile(r"[a-z]{2}-[a-z]{2}\.jsonl")


def test_only_what_matches_and_was_not_written_now_is_removed(folder: Folder) -> None:
    for name in ("fr-id.jsonl", "en-fr.jsonl", "notes.txt", "my-fr-id.jsonl", ".hidden"):
        (folder.path / name).write_bytes(b"earlier")
    (folder.path / "de-en.jsonl").mkdir()
    folder.write("en-fr.jsonl", b"now")
    folder.remove_others(EARLIER)
    left = sorted(path.name for path in folder.path.iterdir())
    assert left == [".hidden", "de-en.jsonl", "en-fr.jsonl", "my-fr-id.jsonl", "notes.txt"]
    assert (folder.path / "en-fr.jsonl").read_bytes() == b"now"


def test_link_is_removed_and_not_what_it_names(tmp_path: Path, folder: Folder) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (folder.path / "fr-id.jsonl").symlink_to(tmp_path / "mine.txt")
    folder.remove_others(EARLIER)
    assert not (folder.path / "fr-id.jsonl").is_symlink()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_written_link_is_replaced_and_not_what_it_names(tmp_path: Path, folder: Folder) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (folder.path / "x.txt").symlink_to(tmp_path / "mine.txt")
    folder.write("x.txt", b"new")
    assert (folder.path / "x.txt").read_bytes() == b"new"
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_folder_holds_what_is_here_unchanged(folder: Folder) -> None:
    folder.write("x.txt", b"x")
    folder.write("y.txt", b"y")
    (folder.path / "other.txt").write_bytes(b"not listed")
    assert folder.holds(folder.hashes)
    assert Folder(folder.path).holds({"x.txt": folder.hashes["x.txt"]})
    assert folder.holds({})


@pytest.mark.parametrize("change", ["edited", "gone", "folder"])
def test_folder_does_not_hold_what_is_changed_or_gone(folder: Folder, change: str) -> None:
    folder.write("x.txt", b"x")
    folder.write("y.txt", b"y")
    if change == "edited":
        (folder.path / "y.txt").write_bytes(b"Y")
    else:
        (folder.path / "y.txt").unlink()
    if change == "folder":
        (folder.path / "y.txt").mkdir()
    assert not folder.holds(folder.hashes)
