"""What several test modules share: the sample build, made once, a cache, and tiny packages."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before samestory is imported, and for every process that a test starts: no package, cache or setting of
# whoever runs the tests may decide them.
_HOME = tempfile.TemporaryDirectory(prefix="samestory-tests-")
for _name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HF_HOME"):
    os.environ[_name] = _HOME.name
os.environ.pop("ARGOS_PACKAGES_DIR", None)

from typing import NamedTuple

import pytest

from samestory.build import Report, build
from samestory.store import Store

pytest_plugins = ["tiny_argos", "made_packages"]

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"


class Built(NamedTuple):
    """A finished build: its folders, its cache and its report."""

    corpus: Path
    aligned: Path
    cache: Path
    report: Report

    def files(self) -> dict[str, bytes]:
        return files(self.corpus, self.aligned)


def files(corpus: Path, aligned: Path) -> dict[str, bytes]:
    """Return the content of every file of a build, by folder and name."""
    return {
        f"{name}/{path.name}": path.read_bytes()
        for name, folder in (("corpus", corpus), ("aligned", aligned))
        for path in sorted(folder.iterdir())
    }


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample seeds, built from an empty cache."""
    folder = tmp_path_factory.mktemp("sample")
    corpus, aligned, cache = folder / "corpus", folder / "aligned", folder / "cache.sqlite"
    return Built(corpus, aligned, cache, build([SEEDS], corpus, aligned, cache=cache))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty cache."""
    with Store(tmp_path / "cache.sqlite") as opened:
        yield opened
