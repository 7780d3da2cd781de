"""Open an .argosmodel, a zip with one Argos package in it, without trusting it.

What can be told from the zip's directory is checked before a byte is written; what only the bytes tell,
while they are unpacked. Of a package that was unpacked the record is kept: the hash of every file.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from zipfile import ZipFile, ZipInfo

import msgspec

from samestory.errors import ModelError, UsageError
from samestory.files import sha256

MAX_FILES = 1_000
"""Most files and folders of a package; Argos' own have some dozens."""

MAX_BYTES = 2 * 1024**3
"""Most bytes of a package, packed or unpacked; Argos' own have 50 to 500 million."""

MAX_RATIO = 100
"""Most unpacked bytes for a packed one; weights hardly shrink, Argos' own packages have less than 3."""

NAMED = re.compile(r"(?:translate-)?(?P<lang>[a-z]{2,3}(?:-[A-Za-z]{2,4})?)_(?P<target>[a-z]{2,3})(?:-.*)?")
"""What Argos and samestory call a package: translate-fr_en-1_9, fr_en-1.9-0a1b2c3d4e5f."""

RECORD = ".samestory.json"
"""The file in an installed package that holds its Record. It does not count as part of the package."""

TOKENIZERS = ("sentencepiece.model", "bpe.model")
"""What an Argos package may call its tokenizer; it has one of them."""

TARGET = "en"
"""The language samestory translates to."""

Damage: TypeAlias = Literal["changed", "missing", "extra"]
"""What can have happened to a file since it was installed."""

_MAX_METADATA = 1_000_000  # bytes
_CHUNK = 1 << 20  # bytes
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x41  # bits of an entry's flags: encrypted, strongly encrypted

# What zipfile raises where a zip is damaged or uses what zipfile does not know.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)

# A name that every file system takes as it stands: Windows drops a dot or a space at the end.
_PART = re.compile(r'[^\x00-\x1f\x7f\\:*?"<>|]{0,99}[^\x00-\x1f\x7f\\:*?"<>|. ]')


class Metadata(msgspec.Struct, frozen=True):
    """What of metadata.json decides whether a package is fit; languages as Argos writes them."""

    from_code: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z")]
    to_code: str
    package_version: Annotated[str, msgspec.Meta(pattern=r"^[0-9][0-9A-Za-z.]{0,19}\Z")]
    type: str = "translate"


class Record(msgspec.Struct, frozen=True):
    """An installed package: language (as Argos writes it), version, hash, and the file or URL it came from.

    `sha256` is that of `samestory.argos.Package`; `files` holds the SHA-256 of every file by its name.
    """

    lang: str
    version: str
    sha256: str
    source: str
    files: dict[str, str]


class Archive:
    """A package in a zip that has passed every check that needs no unpacking. `open_archive` makes it."""

    def __init__(self, name: str, opened: ZipFile, packed: int) -> None:
        self.name = name
        self._zip = opened
        self._entries = opened.infolist()
        _check_sizes(self._entries, packed)
        for entry in self._entries:
            _check_entry(entry)
        _check_clashes(self._entries)
        self._top = _top(self._entries)
        self.metadata = self._read_metadata()
        _check_names(self.metadata, Path(name).stem, self._top)

    def unpack(self, to: Path) -> dict[str, str]:
        """Unpack the package to the new folder `to`; return the SHA-256 of every file by its name in the package.

        Raises ModelError where the bytes are not those the zip's directory promises.
        """
        to.mkdir()
        hashes = {}
        for entry in self._entries:
            name = self._inside(entry)
            target = to / name
            if entry.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                hashes[name] = self._unpack(entry, target)
        return dict(sorted(hashes.items()))

    def _unpack(self, entry: ZipInfo, target: Path) -> str:
        digest, left = hashlib.sha256(), entry.file_size
        with self._zip.open(entry) as packed, target.open("xb") as file:
            while chunk := packed.read(_CHUNK):  # never more than the entry's size, and checked against its CRC
                file.write(chunk)
                digest.update(chunk)
                left -= len(chunk)
        if left:
            raise _Unfit(f"holds {entry.filename!a}, which is not as long as it declares")
        return digest.hexdigest()

    def _read_metadata(self) -> Metadata:
        files = {self._inside(entry): entry for entry in self._entries if not entry.is_dir()}
        for wanted in (("metadata.json",), TOKENIZERS, ("model/model.bin",)):
            if not files.keys() & set(wanted):
                raise _Unfit(f"has no {' or '.join(wanted)}")
        if RECORD in files:
            raise _Unfit(f"holds {RECORD}, which only samestory writes")
        entry = files["metadata.json"]
        if entry.file_size > _MAX_METADATA:
            raise _Unfit("has a metadata.json of more than a megabyte")
        try:
            return msgspec.json.decode(self._zip.read(entry), type=Metadata)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _Unfit(f"has a bad metadata.json ({error})") from error

    def _inside(self, entry: ZipInfo) -> str:
        return entry.filename.removeprefix(self._top).strip("/")


class _Unfit(Exception):
    """Why an archive is refused: the rest of a sentence that begins with its name."""


@contextmanager
def open_archive(path: Path, name: str | None = None) -> Iterator[Archive]:
    """Open the .argosmodel at `path` and check it; `name` stands in messages, `path` where there is none.

    Raises UsageError where `path` cannot be read, and ModelError, on entry and while the archive is
    unpacked, where it is damaged, unsafe, or no package that translates to English.
    """
    name = name or str(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name an .argosmodel file") from error
    with file:
        try:
            if not zipfile.is_zipfile(file):
                file.seek(0)
                raise _Unfit("is cut short" if file.read(4) == b"PK\3\4" else "is no zip")
            with ZipFile(file) as opened:
                yield Archive(name, opened, path.stat().st_size)
        except _Unfit as error:
            raise _refused(name, str(error)) from error
        except _ZIP_ERRORS as error:
            raise _refused(name, f"is damaged ({str(error) or 'it breaks off'})") from error


def inventory(package: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in the folder `package` but its record, by name.

    Raises ModelError where a file cannot be read.
    """
    try:
        files = {file.relative_to(package).as_posix(): file for file in package.rglob("*") if file.is_file()}
        return {name: sha256(file) for name, file in sorted(files.items()) if name != RECORD}
    except OSError as error:
        raise ModelError(f"Argos package {package} cannot be read ({error}): install it again") from error


def read_record(package: Path) -> Record | None:
    """Return what was recorded when `package` was installed, or None where it was put there by other means.

    Raises ModelError where the record is damaged.
    """
    try:
        return msgspec.json.decode((package / RECORD).read_bytes(), type=Record)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ModelError(f"Argos package {package} has a damaged {RECORD} ({error}): install it again") from error


def damage(package: Path, record: Record) -> dict[str, Damage]:
    """Return what happened to the files of `package` since it was recorded, by name; nothing if it is sound."""
    files, recorded = inventory(package), record.files
    found: dict[str, Damage] = {}
    for name in sorted(files.keys() | recorded.keys()):
        if name not in files:
            found[name] = "missing"
        elif name not in recorded:
            found[name] = "extra"
        elif files[name] != recorded[name]:
            found[name] = "changed"
    return found


def _check_sizes(entries: Sequence[ZipInfo], packed: int) -> None:
    size = sum(entry.file_size for entry in entries)
    if not entries:
        raise _Unfit("is empty")
    if len(entries) > MAX_FILES:
        raise _Unfit(f"holds {len(entries):,} files, more than {MAX_FILES:,}")
    if max(size, packed) > MAX_BYTES:
        raise _Unfit(f"would unpack to {size / 1e9:.1f} GB, more than {MAX_BYTES / 1e9:.1f}")
    if size > MAX_RATIO * packed:
        raise _Unfit(f"would unpack to more than {MAX_RATIO} times its size")
    if any(not 0 <= entry.header_offset <= packed - entry.compress_size for entry in entries):
        raise _Unfit("is damaged (it holds a file that lies outside of it)")
    if sum(entry.compress_size for entry in entries) > packed:
        raise _Unfit("holds files that overlap")


def _check_entry(entry: ZipInfo) -> None:
    """Refuse what is no plain file or folder below the top, readable and safe by its name."""
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)  # 0 where the packer's system knows no kinds
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        raise _Unfit(f"holds the absolute path {name!a}")
    if ".." in re.split(r"[/\\]", name):
        raise _Unfit(f"holds {name!a}, which leads out of its folder")
    # zipfile shows another name where this one holds a zero byte or what its system takes for a slash.
    if name != entry.filename or not all(map(_PART.fullmatch, name.removesuffix("/").split("/"))):
        raise _Unfit(f"holds {name!a}, which is no safe file name")
    if kind not in {0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG}:
        raise _Unfit(f"holds {name!a}, which is a link or a special file")
    if entry.flag_bits & _ENCRYPTED:
        raise _Unfit(f"holds {name!a}, which is encrypted")
    if entry.compress_type not in _METHODS:
        raise _Unfit(f"holds {name!a}, which is neither stored nor deflated")


def _check_clashes(entries: Sequence[ZipInfo]) -> None:
    """Refuse two files of one name, a file and a folder of one name, and names that differ in case alone."""
    seen: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        path = entry.filename.removesuffix("/")
        for name in accumulate(path.split("/"), "{}/{}".format):
            is_file = name == path and not entry.is_dir()
            key, here = unicodedata.normalize("NFC", name).casefold(), (name, is_file)
            if seen.get(key, here) != here or (is_file and key in seen):
                raise _Unfit(f"holds {seen[key][0]!a} and {name!a}, which clash")
            seen[key] = here


def _top(entries: Sequence[ZipInfo]) -> str:
    tops = sorted({entry.filename.split("/")[0] for entry in entries})
    if len(tops) > 1:
        raise _Unfit(f"holds {len(tops)} folders or files at its top, {tops[0]!a}, {tops[1]!a}, and not one folder")
    return tops[0]


def _check_names(metadata: Metadata, *names: str) -> None:
    """Refuse a package whose metadata do not say that it translates to English, or not what its names say."""
    if metadata.type != "translate":
        raise _Unfit(f"is a package of type {metadata.type!a}, not a translation package")
    if metadata.to_code != TARGET or metadata.from_code == TARGET:
        raise _Unfit(f"translates {metadata.from_code} to {metadata.to_code!a}, not another language to English")
    for name in names:
        hint = NAMED.fullmatch(name)
        if hint and (hint["lang"], hint["target"]) != (metadata.from_code, metadata.to_code):
            raise _Unfit(f"is called {name!a}, but translates {metadata.from_code} to {metadata.to_code}")


def _refused(name: str, why: str) -> ModelError:
    return ModelError(f"{name} {why}: nothing was installed; get the package again, from where you trust it")
