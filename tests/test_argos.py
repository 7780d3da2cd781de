import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from samestory import argos
from samestory.argos import find_packages, open_package
from samestory.errors import ModelError, UsageError
from tiny_argos import TinyArgos, write_package


@pytest.fixture(autouse=True)
def no_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Argos' folder and the starter folder of this test, both empty."""
    settings = argos._argos().settings
    folders = {"argos": tmp_path / "installed", "starter": tmp_path / "starter"}
    for folder in folders.values():
        folder.mkdir()
    monkeypatch.setattr(settings, "package_dirs", [folders["argos"]])
    monkeypatch.setattr(argos, "STARTER_PACKAGES", folders["starter"])
    return folders


def test_the_users_folder_comes_first_then_argos_then_starter(tmp_path: Path, no_packages: dict[str, Path]) -> None:
    starter = write_package(no_packages["starter"] / "fr", "fr", version="9")
    assert find_packages()["fr"].path == starter
    assert find_packages()["fr"].starter
    installed = write_package(no_packages["argos"] / "fr", "fr", version="5")
    assert find_packages()["fr"].path == installed
    assert not find_packages()["fr"].starter
    mine = write_package(tmp_path / "mine" / "fr", "fr", version="1")
    assert find_packages([tmp_path / "mine"])["fr"].path == mine


def test_highest_version_in_a_folder(tmp_path: Path) -> None:
    for version in ("1.9", "1.10", "1.2"):
        write_package(tmp_path / "mine" / f"fr-{version}", "fr", version=version)
    assert find_packages([tmp_path / "mine"])["fr"].version == "1.10"


def test_a_folder_that_is_a_package(tiny_argos: TinyArgos) -> None:
    assert list(find_packages([tiny_argos.id])) == ["id"]
    assert sorted(find_packages([tiny_argos.folder])) == ["fr", "id"]


def test_only_packages_to_english(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_package(tmp_path / "mine" / "en_fr", "en", to="fr")
    assert find_packages([tmp_path / "mine"]) == {}
    assert "holds no package to English" in caplog.text


def test_folder_of_the_user_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        find_packages([tmp_path / "nowhere"])
    file = tmp_path / "translate-fr_en.argosmodel"
    file.touch()
    with pytest.raises(UsageError, match="unpack it"):
        find_packages([file])


def break_metadata(path: Path, text: str) -> None:
    (path / "metadata.json").write_text(text)


BROKEN = {
    "has no metadata.json": lambda path: (path / "metadata.json").unlink(),
    "has a bad metadata.json (Expecting": lambda path: break_metadata(path, "{"),
    "has a bad metadata.json ('list'": lambda path: break_metadata(path, "[]"),
    "has a bad metadata.json ('int'": lambda path: break_metadata(path, json.dumps({"languages": 7})),
    "names no from_code and to_code": lambda path: break_metadata(path, "{}"),
    "has no sentencepiece.model or bpe.model": lambda path: (path / "sentencepiece.model").unlink(),
    "has no model/model.bin": lambda path: (path / "model" / "model.bin").unlink(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_package_is_named_once_and_passed_over(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = write_package(tmp_path / "mine" / "broken", "fr")
    write_package(tmp_path / "mine" / "sound", "id")
    BROKEN[what](broken)
    assert list(find_packages([tmp_path / "mine", tmp_path / "mine"])) == ["id"]
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    for part in (what, str(broken), "install it again, or remove the folder"):
        assert part in record.getMessage()
    with pytest.raises(ModelError):
        open_package(broken)


def test_broken_package_named_by_the_user(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = write_package(tmp_path / "fr", "fr")
    (broken / "metadata.json").unlink()
    assert find_packages([broken]) == {}
    assert "has no metadata.json" in caplog.text


def test_hash_tells_what_decides_the_translation(tmp_path: Path) -> None:
    package = open_package(write_package(tmp_path / "a", "fr", version="1.9"))
    same = open_package(write_package(tmp_path / "b", "fr", version="1.9"))
    assert package.signature == same.signature == f"fr_en-1.9+sha256:{package.sha256[:12]}"

    (tmp_path / "b" / "stanza").mkdir()
    (tmp_path / "b" / "stanza" / "fr.pt").write_bytes(b"a sentence splitter")
    assert open_package(tmp_path / "b").sha256 == package.sha256

    for name in ("metadata.json", "sentencepiece.model", "model/model.bin"):
        with (tmp_path / "b" / name).open("ab") as file:
            file.write(b" ")
        assert open_package(tmp_path / "b").sha256 not in {package.sha256, same.sha256}


def test_package_that_cannot_be_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = open_package(write_package(tmp_path / "a", "fr"))
    monkeypatch.setattr(argos.Package, "_files", lambda self: [self.path / "gone"])
    with pytest.raises(ModelError, match="cannot be read"):
        _ = package.sha256


def test_package_travels_to_another_process(tiny_argos: TinyArgos) -> None:
    package = open_package(tiny_argos.fr)
    tokens = package.tokenizer.encode("Le séisme")
    copy = pickle.loads(pickle.dumps(package))
    assert (copy, copy.sha256, copy.tokenizer.encode("Le séisme")) == (package, package.sha256, tokens)


FIND = "import logging, sys; logging.basicConfig(); from pathlib import Path; from samestory.argos import *; "


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ARGOS_"))}
    command = [sys.executable, "-c", FIND + code]
    return subprocess.run(command, env=env | environment, capture_output=True, text=True, check=True)


def test_home_that_cannot_be_written(tiny_argos: TinyArgos) -> None:
    done = run(f"print(*find_packages([Path({str(tiny_argos.folder)!r})]))", HOME="/dev/null")
    assert {"fr", "id"} <= set(done.stdout.split())
    (line,) = done.stderr.splitlines()
    assert "packages it keeps there are passed over" in line


def test_home_that_cannot_be_written_but_packages_that_can_be_read(tiny_argos: TinyArgos) -> None:
    done = run("print(*find_packages())", HOME="/dev/null", ARGOS_PACKAGES_DIR=str(tiny_argos.folder))
    assert {"fr", "id"} <= set(done.stdout.split())
    assert len(run("find_packages()", HOME="/dev/null", ARGOS_PACKAGES_DIR="/dev/null/x").stderr.splitlines()) == 1


def test_import_takes_nothing_heavy_into_memory() -> None:
    done = run("import samestory.translate; print(*sys.modules)")
    assert not {"argostranslate", "ctranslate2", "sentencepiece", "torch"} & set(done.stdout.split())
