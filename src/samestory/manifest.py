"""The manifest: what a build was made from and with, written last, so that its presence means done."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
from pathlib import Path

import msgspec

from samestory import __version__
from samestory.align import Order
from samestory.config import Config
from samestory.translator import Options

MANIFEST = "manifest.json"


class Models(msgspec.Struct, frozen=True):
    """The models of a build, each by a name that holds its hash; splitters and packages by language."""

    direct: str
    english: str
    scorer: str
    cross: str
    monotone: str
    splitters: dict[str, str]
    packages: dict[str, str]


class Counts(msgspec.Struct, frozen=True):
    """What a build made: articles and sentences by language, stories, pairs, groups, rejections by reason."""

    articles: dict[str, int]
    sentences: dict[str, int]
    translated: int
    flagged_sentences: int
    flagged: dict[str, int]
    stories: int
    pairs: dict[str, int]
    groups: int
    rejected: dict[str, int]


class Settings(msgspec.Struct, frozen=True):
    """The settings of a build. The encoders are named among the models."""

    langs: tuple[str, ...] | None
    min_score: float | None
    order: Order
    keep_divergent: bool
    explain: bool
    translation: Options


class Manifest(msgspec.Struct, frozen=True):
    """manifest.json. `key` is the hash of everything the output depends on; the files are named by SHA-256."""

    samestory: str
    signature: str
    key: str
    settings: Settings
    models: Models
    seeds: str
    counts: Counts
    corpus: dict[str, str]
    aligned: dict[str, str]


def key(config: Config, models: Models, seeds: str) -> str:
    """Return the hash of everything that decides the output: settings, models, code, and the bytes of the seeds."""
    parts = (settings(config), models, seeds, __version__, _code(), {name: _version(name) for name in _LIBRARIES})
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def settings(config: Config) -> Settings:
    """Return what of `config` decides the output: not the threads, nor where a model lies."""
    translation = msgspec.structs.replace(config.translation, threads=0)
    return Settings(config.langs, config.min_score, config.order, config.keep_divergent, config.explain, translation)


def signature(config: Config, models: Models) -> str:
    """Return one line that names all a score depends on, to be quoted with it (after sacreBLEU's signatures)."""
    parts = {
        "direct": models.direct,
        "english": models.english,
        "scorer": models.scorer,
        "cross": models.cross,
        "monotone": models.monotone,
        "mt": ",".join(models.packages.values()) or "none",
        "split": ",".join(models.splitters.values()),
        "min": "auto" if config.min_score is None else f"{config.min_score:g}",
        "order": config.order,
        "divergent": "kept" if config.keep_divergent else "refused",
        "version": __version__,
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items())


def read(aligned: Path) -> Manifest | None:
    """Return the manifest in the folder `aligned`, or None where there is none that this version can read."""
    try:
        return msgspec.json.decode((aligned / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, UnicodeDecodeError, msgspec.DecodeError):
        return None


_LIBRARIES = (
    "charset-normalizer",
    "ctranslate2",
    "faiss-cpu",
    "ftfy",
    "lightgbm",
    "numpy",
    "py3langid",
    "scipy",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "trafilatura",
    "transformers",
    "warcio",
)
"""What may give other output in another version; nltk and punkt stand in the splitters' names."""


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
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
