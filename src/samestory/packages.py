"""Install, list, verify and remove Argos packages: `samestory models`.

samestory keeps packages in a folder of its own, one folder each, such as fr_en-1.9-0a1b2c3d4e5f: languages,
version, and the first digits of the hash. A new package thus never has the name of another one: it is renamed
into place whole, and only then is the older one renamed away. Killed at any point, an install leaves the old
package, or both, fit for use; what lies about in the hidden working folder the next one sweeps away.

This is the only module that reaches for the network, and only in `install_languages`.
"""

from __future__ import annotations

import http.client
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import filelock
import msgspec

from samestory import __version__, argos
from samestory.archive import (
    MAX_BYTES,
    NAMED,
    RECORD,
    TARGET,
    Archive,
    Damage,
    Record,
    damage,
    open_archive,
    read_record,
)
from samestory.argos import ARGOS_CODES, ISO_CODES, STARTER_PACKAGES, Package, open_package, rank
from samestory.errors import ModelError, SamestoryError
from samestory.files import pretty, replace

log = logging.getLogger(__name__)

INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
"""Where Argos publishes which packages there are."""

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Takes a language as it was asked for, the bytes downloaded of its package, and of how many; None if not known."""

Place: TypeAlias = Literal["samestory", "argos", "starter"]
"""Whose folder a package lies in; only what lies in samestory's is installed, verified and removed here."""

_MAX_INDEX = 16_000_000  # bytes
_CHUNK = 1 << 20  # bytes
_TIMEOUT = 30  # seconds without a byte from the network
_TRIAL_TIMEOUT = 300  # seconds
_TRIAL = "import pathlib, sys; from samestory.packages import try_out; try_out(pathlib.Path(sys.argv[1]))"
_SENTENCE = "1, 2, 3."  # what every language writes alike
_WORK = ".work-"


@dataclass(frozen=True)
class Installed:
    """A package to English. `lang` is as in the corpus (ISO 639-1), `size` in bytes.

    `sha256` is the hash that was recorded; that of the files as they are where nothing was; None where the
    record is damaged. `in_use` tells whether a build takes this package, unless --argos-packages names another.
    """

    lang: str
    version: str
    place: Place
    path: Path
    size: int
    sha256: str | None
    in_use: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the package in the folder `path` is as it was installed: `damage` names each file that is not."""

    path: Path
    damage: dict[str, Damage]

    @property
    def sound(self) -> bool:
        """Whether there is no damage."""
        return not self.damage


def install_file(path: Path, folder: Path, lang: str | None = None) -> Installed:
    """Install the .argosmodel at `path` in `folder`, in place of any package of its language there.

    Raises ModelError where it is damaged, unsafe, no package that translates to English (from `lang`, where
    that is given), or where its model does not translate; UsageError where `path` cannot be read;
    SamestoryError where `folder` cannot be written. `folder` then holds what it held before.
    """
    with open_archive(path) as archive, _working_folder(folder) as work:
        return _install(archive, folder, work, lang)


def install_languages(
    langs: Sequence[str], folder: Path, index: str = INDEX, progress: Progress = lambda *_: None
) -> list[Installed]:
    """Install the newest package from each of `langs` to English that the index at the URL `index` names.

    Where that version or a higher one is installed and sound, nothing is downloaded. Raises what `install_file`
    raises, and SamestoryError where a language has no package or the network cannot be reached; the languages
    before that one stay installed.
    """
    newest = _newest(index)
    missing = [lang for lang in langs if _argos_code(lang) not in newest]
    if missing:
        there = ", ".join(sorted(map(_iso_code, newest)))
        raise ModelError(
            f"{index} has no package from {', '.join(missing)} to English, only from {there}: "
            "samestory models install FILE.argosmodel takes one from elsewhere"
        )
    return [_install_newest(lang, newest[_argos_code(lang)], folder, progress) for lang in langs]


def installed(folder: Path) -> list[Installed]:
    """Return every package to English: those in `folder`, then Argos' own, then the starters, each by language.

    A build takes the first of a language. Within a folder that is the one of the highest version.
    """
    places: dict[Path, Place] = {folder.resolve(): "samestory"}
    for path in argos.argos_dirs():
        places.setdefault(path, "argos")
    places.setdefault(STARTER_PACKAGES, "starter")
    found: list[Installed] = []
    for path, place in places.items():
        for package in sorted(argos.packages_in(path), key=lambda package: package.lang):
            in_use = all(other.lang != _iso_code(package.lang) for other in found)
            found.append(_installed(package, place, in_use))
    return found


def verify(folder: Path) -> list[Verdict]:
    """Read every package in `folder` and tell which of its files have changed, are missing, or are extra.

    A package without a record, or with a damaged one, has that as its damage.
    """
    return [Verdict(path, _damage(path)) for path in _packages(folder)]


def remove(lang: str, folder: Path) -> list[Path]:
    """Remove what translates from `lang` in `folder`, sound or broken; return the folders that are gone.

    Raises ModelError where there is none.
    """
    with _working_folder(folder) as work:
        paths = [path for path in _packages(folder) if _lang(path) == _argos_code(lang)]
        if not paths:
            there = ", ".join(sorted(_iso_code(found) for path in _packages(folder) if (found := _lang(path))))
            raise ModelError(f"{folder} holds no package from {lang} to English: it holds {there or 'none'}")
        for path in paths:
            path.rename(work / path.name)
    return paths


def try_out(path: Path) -> None:
    """Load the model in the package folder `path` and translate a short sentence."""
    import ctranslate2

    package = open_package(path)
    model = ctranslate2.Translator(str(path / "model"), device="cpu", inter_threads=1, intra_threads=1)
    result = model.translate_batch(
        [package.tokenizer.encode(_SENTENCE)],
        target_prefix=[[package.target_prefix]] if package.target_prefix else None,
        beam_size=1,
        max_decoding_length=8,
    )
    package.tokenizer.decode(result[0].hypotheses[0])


def _install(archive: Archive, folder: Path, work: Path, lang: str | None) -> Installed:
    found = archive.metadata.from_code
    if lang is not None and found != _argos_code(lang):
        raise ModelError(f"{archive.name} translates from {found}, not from {lang}: nothing was installed")
    files = archive.unpack(work / "package")
    package = open_package(work / "package")
    record = Record(package.lang, package.version, package.sha256, archive.name, files)
    place = folder / f"{package.lang}_{TARGET}-{package.version}-{package.sha256[:12]}"
    if not place.exists() or _damage(place):
        _check_model(archive.name, package.path)
        replace(package.path / RECORD, pretty(record))
        if place.exists():
            place.rename(work / "damaged")
        package.path.rename(place)
    for other in _packages(folder):
        if other != place and _lang(other) == package.lang:
            other.rename(work / other.name)  # the working folder goes, and this with it
    return _installed(open_package(place), "samestory", in_use=True)


def _check_model(name: str, package: Path) -> None:
    """Try the model in a process of its own: one that is not what it claims to be may end the process."""
    command = [sys.executable, "-P", "-c", _TRIAL, str(package)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(  # noqa: S603  # the command is our own
            command, env=environment, capture_output=True, text=True, timeout=_TRIAL_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{name} holds a model that does not answer: nothing was installed") from error
    if done.returncode:
        (*_, reason) = done.stderr.splitlines() or [f"it ended the process with {done.returncode}"]
        raise ModelError(f"{name} holds a model that cannot be used ({reason}): nothing was installed; get it again")


@contextmanager
def _working_folder(folder: Path) -> Iterator[Path]:
    """Keep others from changing `folder`, sweep it, and lend a hidden folder in it that is gone in the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name(f"{folder.name}.lock")):
            for left in folder.glob(f"{_WORK}*"):
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as work:
                yield Path(work)
    except OSError as error:
        raise SamestoryError(f"{folder} cannot be written ({error}): make room, or allow it") from error


def _locked(path: Path) -> AbstractContextManager[object]:
    lock = filelock.FileLock(path)
    try:
        return lock.acquire(timeout=0)
    except filelock.Timeout:
        log.info("another samestory is changing the packages: waiting for it to end")
        return lock.acquire()


def _packages(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _damage(package: Path) -> dict[str, Damage]:
    try:
        record = read_record(package)
    except ModelError:
        return {RECORD: "changed"}
    return {RECORD: "missing"} if record is None else damage(package, record)


def _lang(package: Path) -> str | None:
    """The language `package` translates from: by its metadata, else, where it is broken, by its name."""
    try:
        return open_package(package).lang
    except ModelError:
        named = NAMED.fullmatch(package.name)
        return named["lang"] if named else None


def _installed(package: Package, place: Place, in_use: bool) -> Installed:
    return Installed(
        lang=_iso_code(package.lang),
        version=package.version,
        place=place,
        path=package.path,
        size=sum(file.stat().st_size for file in package.path.rglob("*") if file.is_file()),
        sha256=_recorded(package),
        in_use=in_use,
    )


def _recorded(package: Package) -> str | None:
    try:
        record = read_record(package.path)
    except ModelError:
        return None
    return record.sha256 if record else package.sha256


def _argos_code(lang: str) -> str:
    return ARGOS_CODES.get(lang, lang)


def _iso_code(lang: str) -> str:
    return ISO_CODES.get(lang, lang)


class _Available(msgspec.Struct, frozen=True):
    """A package in the index. Those that translate nothing leave out what they do not have."""

    type: str = "translate"
    from_code: str | None = None
    to_code: str | None = None
    package_version: str = ""
    links: list[str] = []


def _newest(index: str) -> dict[str, _Available]:
    """The newest package to English of every language, by language, as the index at the URL `index` has them."""
    try:
        with _opened(index) as response:
            packages = msgspec.json.decode(response.read(_MAX_INDEX), type=list[_Available])
    except (OSError, http.client.HTTPException, ValueError, msgspec.DecodeError) as error:
        raise _unreachable(index, error) from error
    to_english = [p for p in packages if p.type == "translate" and p.to_code == TARGET]
    return {p.from_code: p for p in sorted(to_english, key=lambda p: rank(p.package_version)) if p.from_code}


def _install_newest(lang: str, available: _Available, folder: Path, progress: Progress) -> Installed:
    there = next((p for p in argos.packages_in(folder) if p.lang == available.from_code), None)
    if there and rank(there.version) >= rank(available.package_version) and not _damage(there.path):
        return _installed(there, "samestory", in_use=True)
    with _working_folder(folder) as work:
        file = work / "download"
        link = _download(available, file, lambda done, total: progress(lang, done, total))
        with open_archive(file, link) as archive:
            return _install(archive, folder, work, lang)


def _download(available: _Available, file: Path, progress: Callable[[int, int | None], None]) -> str:
    """Download a package to `file` from the first of its links that works, and return that one."""
    error: Exception = ValueError("it names no link")
    for link in available.links:
        try:
            _fetch(link, file, progress)
        except (OSError, http.client.HTTPException, ValueError) as failed:
            log.info("%s cannot be downloaded (%s)", link, failed)
            error = failed
        else:
            return link
    raise _unreachable(f"the package from {available.from_code} to English", error) from error


def _fetch(link: str, file: Path, progress: Callable[[int, int | None], None]) -> None:
    with _opened(link) as response, file.open("wb") as out:
        length = response.headers["Content-Length"]
        done, total = 0, int(length) if length else None
        while chunk := response.read(_CHUNK):
            done += len(chunk)
            if done > MAX_BYTES:
                raise ValueError(f"it has more than {MAX_BYTES / 1e9:.1f} GB")
            out.write(chunk)
            progress(done, total)
    if total is not None and done != total:
        raise ValueError(f"it broke off after {done:,} of {total:,} bytes")


def _opened(url: str) -> http.client.HTTPResponse:
    if not url.startswith(("https://", "http://")):
        raise ValueError("it is no http address")
    request = urllib.request.Request(url, headers={"User-Agent": f"samestory/{__version__}"})  # noqa: S310
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    return response


def _unreachable(what: str, error: Exception) -> SamestoryError:
    return SamestoryError(
        f"{what} cannot be downloaded ({error}): check the network, or get the package by other means "
        "and run samestory models install FILE.argosmodel"
    )
