"""`samestory models`, from installing a file to removing it, as a user does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import SEEDS, Built


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose data folder is empty."""
    return {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}


def run(home: dict[str, str], *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "samestory", *map(str, args)]
    return subprocess.run(command, env=home, capture_output=True, text=True, check=False)


def test_a_package_is_installed_listed_verified_used_and_removed(
    home: dict[str, str], tiny_argosmodels: dict[str, Path], sample: Built, tmp_path: Path
) -> None:
    before = [line.split() for line in run(home, "models", "list").stdout.splitlines()[1:]]
    assert [(lang, place, used) for lang, _, place, *_, used in before] == [(x, "starter", "yes") for x in ("fr", "id")]
    done = run(home, "models", "install", tiny_argosmodels["fr"])
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("installed fr ")
    line, starter = (line.split() for line in run(home, "models", "list").stdout.splitlines() if line.startswith("fr"))
    assert (line[2], line[-1]) == ("samestory", "yes")
    assert (starter[2], starter[-1]) == ("starter", "no")
    verified = run(home, "models", "verify")
    assert (verified.returncode, verified.stdout.rstrip().endswith("as it was installed")) == (0, True)

    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    built = run(home, "build", SEEDS, *folders)
    assert built.returncode == 0, built.stderr
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["models"]["packages"]["fr"].endswith(line[-2])
    assert manifest["models"]["packages"]["id"].endswith(before[1][-2])
    assert "no package translates" not in built.stderr

    assert run(home, "models", "remove", "fr").returncode == 0
    again = run(home, "models", "remove", "fr")
    assert again.returncode == 1
    assert "holds no package from fr" in again.stderr


def test_a_flipped_bit_is_found_by_verify_and_by_the_next_build(
    home: dict[str, str], tiny_argosmodels: dict[str, Path], tmp_path: Path
) -> None:
    assert run(home, "models", "install", tiny_argosmodels["fr"]).returncode == 0
    (weights,) = (tmp_path / "data").rglob("model.bin")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    verified = run(home, "models", "verify")
    assert verified.returncode == 1
    assert "model/model.bin changed" in verified.stdout
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", tmp_path / "k"]
    built = run(home, "build", SEEDS, *folders)
    assert built.returncode == 1
    assert "model/model.bin (changed)" in built.stderr
    assert "Traceback" not in built.stderr


def test_a_build_translates_only_what_is_new_and_says_so(
    home: dict[str, str], tiny_argosmodels: dict[str, Path], sample: Built, tmp_path: Path
) -> None:
    assert run(home, "models", "install", tiny_argosmodels["fr"], tiny_argosmodels["id"]).returncode == 0
    cache = tmp_path / "k"
    one = [SEEDS / "ferry-fr.html", "--corpus", tmp_path / "c1", "--aligned", tmp_path / "a1", "--cache", cache]
    two = [SEEDS, "--corpus", tmp_path / "c2", "--aligned", tmp_path / "a2", "--cache", cache]
    counts = [translated_now(run(home, "build", *arguments, "--fresh")) for arguments in (one, two, two)]
    assert counts[0] > 0
    assert counts[1] > 0
    assert counts[0] + counts[1] == 259  # different sentences in French and Indonesian that have a word
    assert counts[2] == 0


def translated_now(done: subprocess.CompletedProcess[str]) -> int:
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("translate")]
    return int(line.split(",")[1].split()[0])


@pytest.mark.parametrize(
    ("args", "code", "named"),
    [
        (["install", "nowhere.argosmodel"], 2, "nowhere.argosmodel"),
        (["install"], 2, "LANG|FILE"),
        (["remove", "fr"], 1, "holds no package from fr"),
        (["verify"], 0, ""),
    ],
)
def test_a_mistake_is_named(home: dict[str, str], args: list[str], code: int, named: str) -> None:
    done = run(home, "models", *args)
    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_file_is_refused_in_one_line_and_leaves_nothing(
    home: dict[str, str], tiny_argosmodels: dict[str, Path], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.argosmodel"
    cut.write_bytes(tiny_argosmodels["fr"].read_bytes()[:-1000])
    done = run(home, "models", "install", cut)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cut.argosmodel" in done.stderr
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.suffix != ".lock"] == []


def test_nothing_but_install_reaches_for_the_network(home: dict[str, str], tiny_argos: Any) -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('the network was asked for')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from samestory.cli import main\n"
        "main()\n"
    )
    for command in (["list"], ["verify"]):
        arguments = [sys.executable, "-c", code, "models", *command]
        done = subprocess.run(arguments, env=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
