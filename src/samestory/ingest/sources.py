"""Seeds: which files are meant, and the bytes in them."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from samestory.errors import UsageError
from samestory.ingest.containers import json_lines, warc_pages
from samestory.ingest.document import MAX_BYTES, Document, UnfitError, too_large
from samestory.records import Refuse

SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".warc", ".warc.gz")
"""The file names that are read, whatever their case."""


class Found(NamedTuple):
    """A file, or what could not be opened as one, and its path below the seeds it was found in."""

    relative: str
    file: Path


def documents(seeds: Sequence[Path | str], refuse: Refuse) -> Iterator[Document]:
    """Return the bytes of every article in `seeds`, one after another, in order of path.

    A seed is a file, a folder (read with all its subfolders; hidden files are skipped) or a glob.
    Files that cannot be read, or are of no supported kind, go to `refuse`. Raises UsageError, before
    anything is read, where a seed does not exist.
    """
    return _read_all(find(seeds), refuse)


def fingerprint(seeds: Sequence[Path | str]) -> str:
    """Return the SHA-256, in hex, of the paths and bytes of all files in `seeds`, without parsing any.

    What cannot be read, and what is of no supported kind, counts by its path alone. Raises UsageError
    where a seed does not exist.
    """
    digest = hashlib.sha256()
    for relative, file in find(seeds):
        digest.update(f"{relative}\0{_file_hash(file)}\0".encode())
    return digest.hexdigest()


def find(seeds: Sequence[Path | str]) -> list[Found]:
    """Return every file in `seeds` once, in order of relative path. Raises UsageError for a missing seed."""
    found: dict[Path, Found] = {}
    for seed in seeds:
        for item in _expand(str(seed)):
            found.setdefault(item.file.absolute(), item)
    return sorted(found.values())


def _expand(seed: str) -> Iterator[Found]:
    path = Path(seed)
    if path.is_dir():
        yield from _walk(path, path)
    elif path.exists() or path.is_symlink():
        yield Found(_portable(path.name), path)
    elif glob.has_magic(seed):
        yield from _match(seed)
    else:
        raise UsageError(f"{seed} does not exist: give a file, a folder or a glob of articles")


def _match(pattern: str) -> Iterator[Found]:
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:fixed])
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not matches:
        raise UsageError(f"{pattern} matches no file: give a file, a folder or a glob of articles")
    for match in map(Path, matches):
        if match.is_dir():
            yield from _walk(match, base)
        else:
            yield Found(_portable(match.relative_to(base).as_posix()), match)


def _walk(folder: Path, base: Path, above: frozenset[Path] = frozenset()) -> Iterator[Found]:
    """Yield the files in `folder`; a folder that cannot be listed or contains itself stands for its content."""
    real = folder.resolve()
    try:
        if real in above:
            raise OSError("the folder contains itself")
        entries = sorted(folder.iterdir())
    except OSError:
        yield Found(_portable(folder.relative_to(base).as_posix()), folder)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, base, above | {real})
        else:
            yield Found(_portable(entry.relative_to(base).as_posix()), entry)


def _portable(relative: str) -> str:
    """Replace what is not UTF-8 in a file name: the path must be writable as JSON."""
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _file_hash(file: Path) -> str:
    if not file.name.lower().endswith(SUFFIXES) or not file.is_file():
        return "-"
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return "-"


def _read_all(found: Sequence[Found], refuse: Refuse) -> Iterator[Document]:
    for item in found:
        try:
            yield from _read(item, refuse)
        except UnfitError as error:
            refuse(error.at(item.relative))
        except OSError as error:
            cause = error.strerror or str(error)
            unfit = UnfitError(
                "unreadable", f"{item.relative}: {cause}: mend its permissions or its link, or take it away"
            )
            refuse(unfit.at(item.relative))


def _read(item: Found, refuse: Refuse) -> Iterator[Document]:
    name = item.file.name.lower()
    if item.file.is_dir():
        raise UnfitError("unreadable", f"{item.relative} cannot be listed or contains itself: take the link away")
    if not name.endswith(SUFFIXES):
        raise UnfitError("unsupported", f"{item.file.name}: samestory reads {', '.join(SUFFIXES)}: convert it")
    size = item.file.stat().st_size
    if not item.file.is_file():
        raise UnfitError("unreadable", f"{item.relative} is no regular file: copy its content to one")
    if name.endswith(".jsonl"):
        yield from json_lines(item.file, item.relative, refuse)
    elif name.endswith((".warc", ".warc.gz")):
        yield from warc_pages(item.file, item.relative, refuse)
    elif size > MAX_BYTES:
        raise too_large(item.file.name)
    else:
        yield Document(item.relative, item.file.read_bytes(), "text" if name.endswith(".txt") else "html")
