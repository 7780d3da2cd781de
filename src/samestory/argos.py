"""Find the Argos packages that translate to English.

An Argos package is a folder: metadata.json, sentencepiece.model or bpe.model, and model/ with a
CTranslate2 model. Nothing here takes a model into memory.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import platformdirs

from samestory.archive import TARGET, TOKENIZERS, damage, read_record
from samestory.errors import ModelError, UsageError
from samestory.files import sha256

log = logging.getLogger(__name__)

STARTER_PACKAGES = Path(__file__).resolve().parent / "starter_packages"
"""The folder of the small packages that ship with samestory."""

ARGOS_CODES = {"no": "nb"}
"""What Argos calls a language that the rest of samestory, after ISO 639-1, calls otherwise."""

ISO_CODES = {argos: iso for iso, argos in ARGOS_CODES.items()}
_HOME = ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


class Tokenizer(Protocol):
    """What Argos gives a package to cut a sentence into tokens and to put tokens together again."""

    def encode(self, sentence: str) -> list[str]:
        """Cut a sentence into tokens."""

    def decode(self, tokens: list[str]) -> str:
        """Put tokens together to a text."""


@dataclass(frozen=True)
class Package:
    """An Argos package that translates `lang` to `target` (language codes as Argos writes them).

    `tokenizer` is for sentences in `lang`, and for what the model returns; `target_tokenizer` for those in `target`.
    """

    lang: str
    target: str
    version: str
    path: Path
    starter: bool
    target_prefix: str
    tokenizer: Tokenizer = field(repr=False, compare=False)
    target_tokenizer: Tokenizer = field(repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 over name and bytes of every file that decides the translation, in order of name.

        Read on first use: only packages in use are hashed. The sentence splitters Argos packs
        beside the model (stanza/, minisbd/) are left out, for they are never asked.
        Raises ModelError where a file cannot be read, or is not the one that was installed.
        """
        total = hashlib.sha256()
        try:
            for file in self._files():
                total.update(f"{file.relative_to(self.path).as_posix()}\0{sha256(file)}\n".encode())
        except OSError as error:
            raise _broken(self.path, f"cannot be read ({error})") from error
        found = total.hexdigest()
        record = read_record(self.path)
        if record is not None and record.sha256 != found:
            what = ", ".join(f"{file} ({how})" for file, how in damage(self.path, record).items())
            raise ModelError(
                f"Argos package {self.path} is not what was installed: {what or 'its record'}; install it again"
            )
        return found

    @property
    def signature(self) -> str:
        """Name, version and hash, without the path: the same on every machine that has the package."""
        return f"{self.lang}_{self.target}-{self.version}+sha256:{self.sha256[:12]}"

    def _files(self) -> list[Path]:
        top = (self.path / name for name in ("metadata.json", *TOKENIZERS))
        model = (self.path / "model").rglob("*")
        files = (file for file in (*top, *model) if file.is_file())
        return sorted(files, key=lambda file: file.relative_to(self.path).as_posix())


def own_folder() -> Path:
    """Return the folder of the packages that `samestory models install` installed."""
    return platformdirs.user_data_path("samestory").resolve() / "packages"


def find_packages(dirs: Sequence[Path] = ()) -> dict[str, Package]:
    """Return the best package to English of every language that has one, by source language.

    Looks in `dirs` first, then in own_folder(), then where Argos keeps its packages, then in
    STARTER_PACKAGES; the first found wins, and within one folder the highest version. Each folder holds
    packages or is one. A broken package is logged and passed over. Raises UsageError where one of `dirs`
    is no folder.
    """
    named = [_checked(path) for path in dirs]
    found: dict[str, Package] = {}
    for folder in dict.fromkeys((*named, own_folder(), *argos_dirs(), STARTER_PACKAGES)):
        packages = packages_in(folder)
        if folder in named and not packages:
            log.warning("--argos-packages %s holds no package to English", folder)
        for package in packages:
            found.setdefault(ISO_CODES.get(package.lang, package.lang), package)
    return found


def open_package(path: Path) -> Package:
    """Open the Argos package in the folder `path`, which stays unread but for its metadata.

    Raises ModelError, with the cure, where a part of it is missing or its metadata make no sense.
    """
    try:
        argos = _argos().Package(path)
    except FileNotFoundError as error:
        raise _broken(path, "has no metadata.json") from error
    # AttributeError, TypeError: JSON, but not of the shape Argos reads.
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise _broken(path, f"has a bad metadata.json ({error})") from error
    if not (argos.from_code and argos.to_code):
        raise _broken(path, "names no from_code and to_code in metadata.json")
    if not any((path / name).is_file() for name in TOKENIZERS):
        raise _broken(path, f"has no {' or '.join(TOKENIZERS)}")
    if not (path / "model" / "model.bin").is_file():
        raise _broken(path, "has no model/model.bin")
    return Package(
        lang=argos.from_code,
        target=argos.to_code,
        version=str(argos.package_version or 0),
        path=path,
        starter=path.is_relative_to(STARTER_PACKAGES),
        target_prefix=argos.target_prefix,
        tokenizer=argos.tokenizer,
        target_tokenizer=_target_tokenizer(argos.tokenizer, argos.to_code),
    )


def _target_tokenizer(tokenizer: Any, target: str) -> Tokenizer:
    """Return what cuts sentences in `target` as the model learnt them: BPE stands behind rules of a language."""
    from argostranslate.tokenizer import BPETokenizer

    if isinstance(tokenizer, BPETokenizer):
        tokenizer = BPETokenizer(tokenizer.model_file, target, target)
    return tokenizer  # type: ignore[no-any-return]


def _broken(path: Path, what: str) -> ModelError:
    return ModelError(f"Argos package {path} {what}: install it again, or remove the folder")


def _checked(path: Path) -> Path:
    if path.is_file():
        raise UsageError(f"--argos-packages {path}: is a file; unpack it (it is a zip) and name the folder")
    if not path.is_dir():
        raise UsageError(f"--argos-packages {path}: no such folder; make it, or name another")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageError(f"--argos-packages {path}: cannot be read; allow it, or name another")
    return path.resolve()


def packages_in(path: Path) -> list[Package]:
    """Return the sound packages to English in the folder `path`, the highest version first; broken ones are logged."""
    packages = [package for folder in _package_folders(path) if (package := _try_open(folder))]
    return sorted((p for p in packages if p.target == TARGET), key=lambda package: rank(package.version), reverse=True)


def _package_folders(path: Path) -> list[Path]:
    """`path` itself where it is a package, sound or broken; else the folders in it; none where there is no folder."""
    if not path.is_dir():
        return []
    if any((path / name).exists() for name in ("metadata.json", "model", *TOKENIZERS)):
        return [path]
    return sorted(folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def _try_open(folder: Path) -> Package | None:
    try:
        return open_package(folder)
    except ModelError as error:
        log.warning("%s (passed over)", error)
        return None


def rank(version: str) -> list[int]:
    """Return what orders versions: 1.10 comes after 1.9."""
    return [int(number) for number in re.findall(r"\d+", version)]


def argos_dirs() -> list[Path]:
    """Return the folders in which Argos Translate keeps its packages."""
    return [path.resolve() for path in _argos().settings.package_dirs]


def _argos() -> ModuleType:
    """Import argostranslate.package, which makes folders in the home directory as it is imported.

    Where they cannot be made it is given a temporary home for that moment, so that packages named by
    the user and the starter packages can still be opened.
    """
    try:
        from argostranslate import package
    except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home directory
        log.warning(
            "Argos Translate cannot make its folders in the home directory (%s): "
            "packages it keeps there are passed over; name them with --argos-packages DIR",
            error,
        )
        with _temporary_home():
            from argostranslate import package
    return package  # type: ignore[no-any-return]


@contextmanager
def _temporary_home() -> Iterator[None]:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="samestory-") as home:
        os.environ.update(dict.fromkeys(_HOME, home))
        # One that is there can be read; one that is not would have to be made, too.
        if not Path(os.environ.get("ARGOS_PACKAGES_DIR", home)).is_dir():
            del os.environ["ARGOS_PACKAGES_DIR"]
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
