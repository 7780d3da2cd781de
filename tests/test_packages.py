"""Installing, listing, verifying and removing packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from made_packages import Make, names, ours, versions
from samestory import argos, packages
from samestory.archive import RECORD
from samestory.argos import own_folder
from samestory.errors import ModelError, SamestoryError
from samestory.packages import install_file, installed, remove, verify
from tiny_argos import TinyArgos, write_package, zip_package


def test_install_list_verify_remove(make_package: Make, packages_folder: Path) -> None:
    package = install_file(make_package(), packages_folder)
    assert ours(packages_folder) == [package]
    assert (package.lang, package.version, package.in_use) == ("fr", "1.0", True)
    assert package.path == packages_folder / f"fr_en-1.0-{package.sha256[:12]}"
    assert package.sha256 == argos.open_package(package.path).sha256
    assert package.size == sum(file.stat().st_size for file in package.path.rglob("*") if file.is_file())
    assert argos.find_packages([packages_folder])["fr"].path == package.path
    (verdict,) = verify(packages_folder)
    assert (verdict.path, verdict.sound) == (package.path, True)
    assert remove("fr", packages_folder) == [package.path]
    assert names(packages_folder) == []


def test_package_translates_as_the_one_it_was_made_from(make_package: Make, packages_folder: Path) -> None:
    package = install_file(make_package(), packages_folder)
    files = {file.relative_to(package.path) for file in package.path.rglob("*") if file.is_file()}
    assert all((package.path / f).read_bytes() == (make_package.out / "translate-fr_en-1_0" / f).read_bytes()
               for f in files if f.name != RECORD)  # fmt: skip
    assert package.sha256 == argos.open_package(make_package.out / "translate-fr_en-1_0").sha256


def test_bpe_and_target_prefix(tiny_argos: TinyArgos, tmp_path: Path, packages_folder: Path) -> None:
    for path in (tiny_argos.bpe, tiny_argos.prefixed):
        install_file(zip_package(path, tmp_path), packages_folder)
        assert versions(packages_folder) == [("fr", "1.0")]


def test_another_version_takes_the_place(make_package: Make, packages_folder: Path) -> None:
    install_file(make_package("1.9", lang="id"), packages_folder)
    for version in ("1.9", "1.10", "1.2"):
        install_file(make_package(version), packages_folder)
        assert versions(packages_folder) == [("fr", version), ("id", "1.9")]
        assert len(names(packages_folder)) == 2
    assert all(verdict.sound for verdict in verify(packages_folder))


def test_installed_again(make_package: Make, packages_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = install_file(make_package(), packages_folder)
    before = package.path.stat().st_ino
    assert install_file(make_package(), packages_folder) == package
    assert package.path.stat().st_ino == before
    (package.path / "model" / "model.bin").write_bytes(b"no model")
    assert install_file(make_package(), packages_folder) == package
    assert all(verdict.sound for verdict in verify(packages_folder))
    assert names(packages_folder) == [package.path.name]


def test_flipped_bit_is_found(make_package: Make, packages_folder: Path) -> None:
    install_file(make_package(lang="id"), packages_folder)
    package = install_file(make_package(), packages_folder)
    model = package.path / "model" / "model.bin"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    assert {verdict.path: verdict.damage for verdict in verify(packages_folder)} == {
        package.path: {"model/model.bin": "changed"},
        packages_folder / names(packages_folder)[1]: {},
    }


def test_record_lost_or_damaged(make_package: Make, packages_folder: Path) -> None:
    package = install_file(make_package(), packages_folder)
    (package.path / RECORD).write_text("{")
    assert [verdict.damage for verdict in verify(packages_folder)] == [{RECORD: "changed"}]
    assert [p.sha256 for p in ours(packages_folder)] == [None]
    (package.path / RECORD).unlink()
    assert [verdict.damage for verdict in verify(packages_folder)] == [{RECORD: "missing"}]
    assert [p.sha256 for p in ours(packages_folder)] == [package.sha256]


def test_broken_package_is_replaced_and_removed(make_package: Make, packages_folder: Path) -> None:
    for cure in (lambda: install_file(make_package("2.0"), packages_folder), lambda: remove("fr", packages_folder)):
        package = install_file(make_package(), packages_folder)
        (package.path / "metadata.json").unlink()
        assert [verdict.damage for verdict in verify(packages_folder)] == [{"metadata.json": "missing"}]
        cure()
        assert package.path.name not in names(packages_folder)


def test_remove_names_what_is_there(make_package: Make, packages_folder: Path) -> None:
    with pytest.raises(ModelError, match="holds no package from fr to English: it holds none"):
        remove("fr", packages_folder)
    install_file(make_package(), packages_folder)
    install_file(make_package(lang="id"), packages_folder)
    with pytest.raises(ModelError, match="from de to English: it holds fr, id"):
        remove("de", packages_folder)
    assert verify(packages_folder.parent / "nowhere") == []


def test_list_shows_what_a_build_uses(
    make_package: Make, packages_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, starter = tmp_path / "argos", tmp_path / "starter"
    for path, version in ((theirs, "9"), (theirs, "7"), (starter, "1")):
        write_package(path / f"fr-{version}", "fr", version=version)
    write_package(starter / "no", "nb")
    monkeypatch.setattr(argos._argos().settings, "package_dirs", [theirs])
    monkeypatch.setattr(argos, "STARTER_PACKAGES", starter)
    monkeypatch.setattr(packages, "STARTER_PACKAGES", starter)

    def shown() -> list[tuple[str, str, str, bool]]:
        return [(p.place, p.lang, p.version, p.in_use) for p in installed(packages_folder)]

    rest = [("argos", "fr", "7", False), ("starter", "fr", "1", False), ("starter", "no", "1.0", True)]
    assert shown() == [("argos", "fr", "9", True), *rest]
    install_file(make_package(), packages_folder)
    assert shown() == [("samestory", "fr", "1.0", True), ("argos", "fr", "9", False), *rest]
    assert argos.find_packages([packages_folder]).keys() == {"fr", "no"}


def test_folder_of_its_own() -> None:
    assert own_folder().parts[-2:] == ("samestory", "packages")


def test_folder_that_cannot_be_written(make_package: Make, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SamestoryError, match="cannot be written"):
        install_file(make_package(), tmp_path / "file" / "packages")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model/model.bin", b"no model"),
        ("sentencepiece.model", b"no tokenizer"),
        ("model/shared_vocabulary.json", b"[]"),
    ],
)
def test_model_that_does_not_translate(name: str, content: bytes, make_package: Make, packages_folder: Path) -> None:
    before = install_file(make_package(), packages_folder)
    path = make_package("2.0").with_suffix("")
    (path / name).write_bytes(content)
    with pytest.raises(ModelError, match="holds a model that cannot be used") as refused:
        install_file(zip_package(path, make_package.out), packages_folder)
    assert str(refused.value).isprintable()
    assert ours(packages_folder) == [before]
    assert names(packages_folder) == [before.path.name]


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        ("import os; os.abort()", r"it ended the process with -6"),
        ("import time; time.sleep(60)", "does not answer"),
    ],
)
def test_model_that_ends_or_holds_up_the_process(
    trial: str, why: str, make_package: Make, packages_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_TRIAL", trial)
    monkeypatch.setattr(packages, "_TRIAL_TIMEOUT", 0.5)
    with pytest.raises(ModelError, match=why):
        install_file(make_package(), packages_folder)
    assert names(packages_folder) == []


def test_import_takes_nothing_heavy_into_memory() -> None:
    code = "import sys, samestory.packages; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"argostranslate", "ctranslate2", "sentencepiece", "torch"} & set(done.stdout.split())
