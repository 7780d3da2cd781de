"""Files of output: each is written whole or not at all, and known by its hash."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from samestory.rows import Row


class Folder:
    """A folder of output. Files are written beside and renamed into place; `hashes` holds their SHA-256."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hashes: dict[str, str] = {}
        path.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """Write `content` to the file `name`."""
        replace(self.path / name, content)
        self.hashes[name] = hashlib.sha256(content).hexdigest()

    def write_rows(self, name: str, rows: Iterable[Row]) -> None:
        """Write `rows` to the JSON Lines file `name`."""
        self.write(name, b"".join(_line(row) for row in rows))

    def remove_others(self, pattern: re.Pattern[str]) -> None:
        """Remove the files whose names match `pattern` and that were not written now: those of an earlier build."""
        for file in self.path.iterdir():
            if file.name not in self.hashes and pattern.fullmatch(file.name) and not file.is_dir():
                file.unlink()

    def holds(self, hashes: dict[str, str]) -> bool:
        """Whether every file named in `hashes` is here, unchanged."""
        return all(
            (self.path / name).is_file() and sha256(self.path / name) == digest for name, digest in hashes.items()
        )


def replace(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that whoever reads it sees the old file or the new one, never a part."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def sha256(path: Path) -> str:
    """Return the SHA-256, in hex, of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pretty(value: object) -> bytes:
    """Return `value` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def read_rows(path: Path) -> Sequence[Row]:
    """Return the rows of the JSON Lines file at `path`."""
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line]


def _line(row: Row) -> bytes:
    return msgspec.json.encode(row) + b"\n"
