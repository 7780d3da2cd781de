"""The manifest: what a build was made from and with, written last, so that its presence means done."""

from __future__ import annotations

import hashlib
import importlib.resources
from pathlib import Path

import msgspec

from samestory import __version__
from samestory.config import Config

MANIFEST = "manifest.json"


class Models(msgspec.Struct, frozen=True):
    """The models of a build, each by a name that holds its hash; splitters and packages by language."""

    direct: str
    english: str
    scorer: str
    splitters: dict[str, str]
    packages: dict[str, str]


class Counts(msgspec.Struct, frozen=True):
    """What a build made: articles and sentences by language, stories, pairs, groups, rejections by reason."""

    articles: dict[str, int]
    sentences: dict[str, int]
    flagged: dict[str, int]
    stories: int
    pairs: dict[str, int]
    groups: int
    rejected: dict[str, int]


class Manifest(msgspec.Struct, frozen=True):
    """manifest.json. `key` is the hash of everything the output depends on; the files are named by SHA-256."""

    samestory: str
    signature: str
    key: str
    config: Config
    models: Models
    seeds: str
    counts: Counts
    corpus: dict[str, str]
    aligned: dict[str, str]


def key(config: Config, models: Models, seeds: str) -> str:
    """Return the hash of everything that decides the output: settings, models, code, and the bytes of the seeds."""
    settings = msgspec.json.encode((without_threads(config), models, seeds, __version__, _code()), order="sorted")
    return hashlib.sha256(settings).hexdigest()


def without_threads(config: Config) -> Config:
    """Return `config` as it counts for the output: the number of threads does not."""
    return msgspec.structs.replace(config, translation=msgspec.structs.replace(config.translation, threads=0))


def signature(config: Config, models: Models) -> str:
    """Return one line that names all a score depends on, to be quoted with it (after sacreBLEU's signatures)."""
    parts = {
        "direct": models.direct,
        "english": models.english,
        "scorer": models.scorer,
        "mt": ",".join(models.packages.values()) or "none",
        "split": ",".join(models.splitters.values()),
        "min": f"{config.min_score:g}",
        "version": __version__,
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items())


def read(aligned: Path) -> Manifest | None:
    """Return the manifest in the folder `aligned`, or None where there is none that this version can read."""
    try:
        return msgspec.json.decode((aligned / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, UnicodeDecodeError, msgspec.DecodeError):
        return None


def _code() -> str:
    """Return the hash of the code and the data of this package: new code is no old result."""
    package = importlib.resources.files("samestory")
    with importlib.resources.as_file(package) as folder:
        digest = hashlib.sha256()
        for file in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".json", ".html", ".md"}):
            if not file.is_relative_to(folder / "starter_packages"):
                digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
