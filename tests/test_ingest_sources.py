"""Which files are found, how they are read, and what becomes of the ones that cannot be."""

from __future__ import annotations

import gzip
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from samestory.errors import UsageError
from samestory.ingest import Document, documents, fingerprint
from samestory.ingest.document import MAX_BYTES
from samestory.records import Rejection


def _read(*seeds: Path | str) -> tuple[list[Document], list[Rejection]]:
    refused: list[Rejection] = []
    return list(documents(seeds, refused.append)), refused


def _warc(pages: list[tuple[str, str]], content_type: str = "text/html; charset=utf-8", compress: bool = True) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compress)
    for status, html in pages:
        header = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
        url = f"https://news.example.org/{len(html)}"
        payload = io.BytesIO(html.encode())
        writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=header))
    return out.getvalue()


def test_a_folder_is_read_with_its_subfolders_in_order_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.HTML", "a/b/c.htm", ".hidden.txt", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found, refused = _read(tmp_path)
    assert [(d.path, d.kind) for d in found] == [("a/b/c.htm", "html"), ("a/z.HTML", "html"), ("b.txt", "text")]
    assert refused == []


def test_a_file_goes_by_its_name_and_a_glob_by_what_is_below_its_fixed_part(tmp_path: Path) -> None:
    (tmp_path / "en" / "deep").mkdir(parents=True)
    (tmp_path / "en" / "one.txt").write_text("1")
    (tmp_path / "en" / "deep" / "two.txt").write_text("2")
    assert [d.path for d in _read(tmp_path / "en" / "one.txt")[0]] == ["one.txt"]
    assert [d.path for d in _read(f"{tmp_path}/e*/*.txt")[0]] == ["en/one.txt"]
    assert [d.path for d in _read(f"{tmp_path}/en/**/*.txt")[0]] == ["deep/two.txt", "one.txt"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    assert len(_read(tmp_path, tmp_path / "a.txt")[0]) == 1


def test_a_name_with_brackets_that_exists_is_no_glob(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("1")
    assert [d.path for d in _read(tmp_path / "a[1].txt")[0]] == ["a[1].txt"]


@pytest.mark.parametrize("name", ["missing.txt", "missing-*.txt"])
def test_a_seed_that_does_not_exist_is_a_mistake_of_the_user(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="missing"):
        documents([tmp_path / name], lambda _: None)


def test_an_unsupported_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (found, refused) = _read(tmp_path)
    assert found == []
    assert (refused[0].stage, refused[0].path, refused[0].reason) == ("ingest", "a.pdf", "unsupported")


def test_broken_links_and_loops_are_unreadable_and_the_rest_lives(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    found, refused = _read(tmp_path)
    assert [d.path for d in found] == ["a.txt"]
    assert [(r.path, r.reason) for r in refused] == [
        ("dangling.txt", "unreadable"),
        ("itself.txt", "unreadable"),
        ("sub/up", "unreadable"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert [r.reason for r in _read(tmp_path)[1]] == ["unreadable"]
    assert fingerprint([tmp_path])


def test_a_file_that_may_not_be_read_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    refused = _read(tmp_path)[1]
    assert refused[0].reason == "unreadable"
    assert "Permission denied" in refused[0].detail


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "big.txt").write_bytes(b"A sentence about nothing. " * 400_000)
    monkeypatch.delattr(Path, "read_bytes")
    assert [r.reason for r in _read(tmp_path)[1]] == ["too-large"]


def test_json_lines_are_numbered_and_a_line_too_long_spares_the_others(tmp_path: Path) -> None:
    long = b'{"text": "' + b"x" * (2 * MAX_BYTES + 5) + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "one"}\r\n\n' + long + b'{"text": "two"}')
    found, refused = _read(tmp_path)
    assert [(d.path, d.data) for d in found] == [("a.jsonl#1", b'{"text": "one"}'), ("a.jsonl#4", b'{"text": "two"}')]
    assert [(r.path, r.reason) for r in refused] == [("a.jsonl#3", "too-large")]


@pytest.mark.parametrize("compress", [True, False])
def test_a_warc_gives_its_pages(tmp_path: Path, compress: bool) -> None:
    name = "a.warc.gz" if compress else "a.warc"
    (tmp_path / name).write_bytes(_warc([("200 OK", "<p>one</p>"), ("404 Not Found", "gone")], compress=compress))
    found, refused = _read(tmp_path)
    assert found == [Document(f"{name}#1", b"<p>one</p>", "html", "https://news.example.org/10", "utf-8")]
    assert [(r.path, r.reason) for r in refused] == [(f"{name}#2", "http-status")]


def test_what_is_no_page_in_a_warc_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(_warc([("200 OK", "body { }")], "text/css", compress=False))
    assert _read(tmp_path) == ([], [])


@pytest.mark.parametrize("compress", [True, False])
def test_a_torn_warc_gives_what_is_before_the_tear(tmp_path: Path, compress: bool) -> None:
    pages = [("200 OK", "<p>" + " ".join(str(n * k) for n in range(2000)) + "</p>") for k in (3, 7)]
    whole = _warc(pages, compress=compress)
    (tmp_path / "a.warc.gz" if compress else tmp_path / "a.warc").write_bytes(whole[: len(whole) * 3 // 4])
    found, refused = _read(tmp_path)
    assert [d.data.decode() for d in found] == [pages[0][1]]
    assert [r.reason for r in refused] == ["truncated-warc"]
    assert "after" in refused[0].detail


@pytest.mark.parametrize(("name", "data"), [("a.warc.gz", b"not gzip"), ("a.warc", b"GIF89a"), ("b.warc.gz", b"")])
def test_what_is_no_warc_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found, refused = _read(tmp_path)
    assert found == []
    assert refused[0].reason in {"not-warc", "truncated-warc"}


def test_a_tear_inside_a_header_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(_warc([("200 OK", "<p>one</p>")], compress=False)[:18])
    assert [r.reason for r in _read(tmp_path)[1]] == ["truncated-warc"]


def test_without_warcio_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\n"))
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    refused = _read(tmp_path)[1]
    assert refused[0].reason == "missing-extra"
    assert "pip install 'samestory[warc]'" in refused[0].detail


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.txt").write_text("other"),
        lambda folder: (folder / "a.txt").rename(folder / "b.txt"),
        lambda folder: (folder / "new.txt").write_text(""),
        lambda folder: (folder / "dangling.txt").symlink_to(folder / "nowhere"),
        lambda folder: (folder / "picture.png").write_bytes(b""),
    ],
)
def test_the_fingerprint_changes_with_any_file(tmp_path: Path, change: Callable[[Path], object]) -> None:
    (tmp_path / "a.txt").write_text("text")
    before = fingerprint([tmp_path])
    assert fingerprint([str(tmp_path)]) == before
    change(tmp_path)
    assert fingerprint([tmp_path]) != before


def test_the_fingerprint_does_not_depend_on_where_the_folder_stands(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("text")
    assert fingerprint([tmp_path / "one"]) == fingerprint([tmp_path / "two"])
