"""Files that hold many articles: JSON lines and WARC. A damaged part is refused, the others live."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from samestory.ingest.document import MAX_BYTES, Document, UnfitError, too_large
from samestory.records import Refuse


def json_lines(file: Path, path: str, refuse: Refuse) -> Iterator[Document]:
    """Yield each line of `file` that is not blank, numbered from 1. Raises OSError."""
    with file.open("rb") as stream:
        for number, line in enumerate(_bounded_lines(stream), 1):
            here = f"{path}#{number}"
            if len(line) > MAX_BYTES:
                refuse(too_large(f"line {number} of {file.name}").at(here))
            elif line.strip():
                yield Document(here, line.rstrip(b"\r\n"), "json")


def _bounded_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines, each cut at MAX_BYTES + 1, so that a file without line breaks does not fill the memory."""
    while line := stream.readline(MAX_BYTES + 1):
        rest = line
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES + 1)
        yield line


def warc_pages(file: Path, path: str, refuse: Refuse) -> Iterator[Document]:
    """Yield the HTML page of each response record of `file`, numbered from 1 among all its records.

    Raises UnfitError where `file` is no WARC or warcio is missing, OSError where it cannot be read. A
    WARC that breaks off yields the records before the break, then goes to `refuse`.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise UnfitError(
            "missing-extra", f"{file.name} needs warcio to be read: pip install 'samestory[warc]'"
        ) from None
    number = 0
    with file.open("rb") as stream:
        try:
            _check_head(file)
            for number, record in enumerate(ArchiveIterator(stream), 1):
                yield from _page(record, f"{path}#{number}", refuse)
            if file.name.lower().endswith(".gz"):
                _check_tail(file)
        # AttributeError is what warcio 1.8 raises where a file ends inside a record's header.
        except (ArchiveLoadFailed, EOFError, gzip.BadGzipFile, zlib.error, AttributeError) as error:
            cause = str(error) or type(error).__name__
            detail = f"{file.name} is damaged or breaks off in or after record {number} ({cause}): fetch it again"
            refuse(UnfitError("truncated-warc", detail).at(path))


def _check_head(file: Path) -> None:
    """Raise UnfitError where `file` does not begin as a WARC does: warcio takes any text for an ARC."""
    with gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb") as stream:
        if stream.read(5) != b"WARC/":
            raise UnfitError("not-warc", f"{file.name} does not begin with a WARC record: name it by what it is")


def _check_tail(file: Path) -> None:
    """Raise EOFError where a gzip file is torn: warcio takes the tear for the end of the archive."""
    with gzip.open(file) as stream:
        while stream.read(1 << 20):
            pass


def _page(record: Any, path: str, refuse: Refuse) -> Iterator[Document]:
    header = record.http_headers
    if record.rec_type is None:
        raise EOFError("a record without a type")
    if record.rec_type != "response" or header is None:
        return
    kind, _, parameters = (header.get_header("Content-Type") or "").partition(";")
    if kind.strip().lower() != "text/html":
        return
    if not header.get_statuscode().startswith("2"):
        refuse(UnfitError("http-status", f"the server answered {header.get_statuscode()}: fetch it again").at(path))
        return
    data = _read_at_most(record.content_stream(), MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        refuse(too_large("the page in this record").at(path))
        return
    if getattr(record.raw_stream, "limit", 0):  # bytes the record's length promised and the file does not have
        raise EOFError("it is shorter than its length says")
    charset = parameters.partition("charset=")[2].strip(" \"'") or None
    yield Document(path, data, "html", record.rec_headers.get_header("WARC-Target-URI"), charset)


def _read_at_most(stream: Any, size: int) -> bytes:
    """Read until the end or `size` bytes: warcio's streams hand out a buffer at a time."""
    data = bytearray()
    while len(data) < size and (piece := stream.read(size - len(data))):
        data += piece
    return bytes(data)
