"""JSON Lines that must be as they should: what is wrong is named by file and line, with the cure."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from samestory.errors import UsageError

T = TypeVar("T")


def read_lines(path: Path, row: type[T], cure: str) -> list[T]:
    """Return the lines of the file at `path`, each a `row`. Raises UsageError, with `cure`, where that cannot be."""
    decoder = msgspec.json.Decoder(row)
    rows = []
    for number, line in enumerate(content(path, cure).splitlines(), 1):
        if line.strip():
            try:
                rows.append(decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UsageError(f"{path}, line {number}, is damaged ({error}): {cure}") from error
    return rows


def content(path: Path, cure: str) -> bytes:
    """Return the bytes of the file at `path`. Raises UsageError, with `cure`, where there are none to be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise UsageError(f"{path} {reason}: {cure}") from error
