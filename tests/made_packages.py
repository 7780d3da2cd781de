"""Packages to install, made of the tiny ones, where a test installs them, and what is installed there then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from samestory.packages import Installed, installed
from tiny_argos import TinyArgos, zip_package


@pytest.fixture
def packages_folder(tmp_path: Path) -> Path:
    """Where this test installs."""
    return tmp_path / "data" / "packages"


@pytest.fixture
def make_package(tiny_argos: TinyArgos, tmp_path: Path) -> Make:
    return Make(tiny_argos, tmp_path / "made")


class Make:
    """Makes .argosmodel files of any version out of the tiny packages."""

    def __init__(self, tiny: TinyArgos, out: Path) -> None:
        self.tiny, self.out = tiny, out

    def __call__(self, version: str = "1.0", lang: str = "fr", **metadata: str) -> Path:
        path = self.out / f"translate-{lang}_en-{version.replace('.', '_')}"
        shutil.copytree(getattr(self.tiny, lang), path, dirs_exist_ok=True)
        fields = json.loads((path / "metadata.json").read_text()) | {"package_version": version, **metadata}
        (path / "metadata.json").write_text(json.dumps(fields))
        return zip_package(path, self.out)


def ours(packages_folder: Path) -> list[Installed]:
    return [package for package in installed(packages_folder) if package.place == "samestory"]


def versions(packages_folder: Path) -> list[tuple[str, str]]:
    return [(package.lang, package.version) for package in ours(packages_folder)]


def names(packages_folder: Path) -> list[str]:
    return sorted(path.name for path in packages_folder.iterdir())
