"""Every way an .argosmodel can be damaged or dangerous: each is refused with one line, and nothing is left behind."""

from __future__ import annotations

import json
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from samestory import archive
from samestory.archive import Record, damage, inventory, open_archive, read_record
from samestory.errors import ModelError, SamestoryError, UsageError
from samestory.packages import install_file
from tiny_argos import TinyArgos, write_package, zip_package

METADATA = {"type": "translate", "from_code": "fr", "to_code": "en", "package_version": "1.0"}


class Entry(NamedTuple):
    """An entry of a zip, to be written as it stands, whatever it claims."""

    name: str
    content: bytes = b"no model"
    size: int | None = None
    packed: int | None = None
    crc: int | None = None
    mode: int = 0
    flags: int = 0x800  # the name is UTF-8
    method: int = zipfile.ZIP_DEFLATED
    deflated: bytes | None = None


def write_zip(path: Path, entries: Iterable[Entry]) -> Path:
    """Write a zip that zipfile itself would not: any name, size, mode and flag."""
    body, directory, count = b"", b"", 0
    for entry in entries:
        name = entry.name.encode()
        data = deflated(entry.content) if entry.deflated is None else entry.deflated
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        size = len(entry.content) if entry.size is None else entry.size
        packed = len(data) if entry.packed is None else entry.packed
        common = struct.pack("<HHHHHIIIHH", 20, entry.flags, entry.method, 0, 33, crc, packed, size, len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 3 << 8 | 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, entry.mode << 16, len(body)) + name
        body += b"PK\3\4" + common + name + data
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\5\6" + end)
    return path


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def package(top: str = "translate-fr_en-1_0", **metadata: object) -> list[Entry]:
    return [
        Entry(f"{top}/metadata.json", json.dumps(METADATA | metadata).encode()),
        Entry(f"{top}/sentencepiece.model", b"no tokenizer"),
        Entry(f"{top}/model/model.bin"),
    ]


FR = package()
TOP = "translate-fr_en-1_0"
ZEROS = bytes(1 << 20)


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, deflated to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([*(packer.compress(ZEROS) for _ in range(megabytes)), packer.flush()])


def bomb(path: Path) -> Path:
    """Five megabytes that hold 5.2 GB of zeros."""
    deflated = zeros(100)
    parts = [Entry(f"{TOP}/model/{i}", b"", size=100 << 20, crc=0, deflated=deflated) for i in range(50)]
    return write_zip(path, [*FR, *parts])


def truncated(path: Path) -> Path:
    write_zip(path, FR)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def damaged(path: Path) -> Path:
    write_zip(path, FR)
    content = bytearray(path.read_bytes())
    content[content.index(b"model.bin") + 11] ^= 0x10
    path.write_bytes(content)
    return path


def raw(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def zipped(*entries: Entry) -> Callable[[Path], Path]:
    return lambda path: write_zip(path, entries)


def without(name: str) -> Callable[[Path], Path]:
    return zipped(*(entry for entry in FR if not entry.name.endswith(name)))


def with_metadata(**metadata: object) -> Callable[[Path], Path]:
    return zipped(*package(**metadata))


def with_name(name: str) -> Callable[[Path], Path]:
    return zipped(*FR, Entry(name))


def with_mode(mode: int, name: str = f"{TOP}/model/link") -> Callable[[Path], Path]:
    return zipped(*FR, Entry(name, b"/etc/passwd", mode=mode))


LYING = Entry(f"{TOP}/model/vocabulary.json", b"", size=1000, crc=7, deflated=zeros(100))

REFUSED: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "nothing": ("is no zip", raw(b"")),
    "not a zip": ("is no zip", raw(b"<html>404 Not Found</html>" * 99)),
    "empty zip": ("is empty", zipped()),
    "truncated": ("is cut short", truncated),
    "damaged bytes": ("is damaged", damaged),
    "bomb": ("would unpack to 5.2 GB", bomb),
    "small bomb": ("more than 100 times", zipped(*FR, Entry(f"{TOP}/zeros", b"", 100 << 20, deflated=zeros(100)))),
    "bomb that lies": ("is damaged (Bad CRC-32", zipped(*FR, LYING)),
    "bomb of nothing": ("is damaged (Bad CRC-32", zipped(*FR, LYING._replace(size=0))),
    "shorter than declared": ("not as long as it declares", zipped(*FR, Entry(f"{TOP}/README.md", b"short", 99))),
    "overlap": ("overlap", zipped(*FR, *(Entry(f"{TOP}/{name}", packed=400) for name in "abc"))),
    "too many files": ("holds 1,003 files", zipped(*FR, *(Entry(f"{TOP}/{i}") for i in range(1000)))),
    "absolute": ("absolute path '/etc/cron.d/x'", with_name("/etc/cron.d/x")),
    "absolute on Windows": ("absolute path 'C:/x'", with_name("C:/x")),
    "network path": (r"absolute path '\\\\host\\x'", with_name(r"\\host\x")),
    "escape": ("leads out of its folder", with_name(f"{TOP}/../../x")),
    "escape by backslash": ("leads out of its folder", with_name(f"{TOP}\\..\\..\\x")),
    "backslash": ("no safe file name", with_name(f"{TOP}\\x")),
    "stream of a file": ("no safe file name", with_name(f"{TOP}/model/model.bin:x")),
    "zero byte": (r"no safe file name", with_name(f"{TOP}/model/x\0.txt")),
    "line break": (r"'translate-fr_en-1_0/a\nb', which is no safe", with_name(f"{TOP}/a\nb")),
    "dot": ("no safe file name", with_name(f"{TOP}/./x")),
    "dot at the end": ("no safe file name", with_name(f"{TOP}/model/model.bin.")),
    "no name": ("no safe file name", with_name("")),
    "two slashes": ("no safe file name", with_name(f"{TOP}//x")),
    "long name": ("no safe file name", with_name(f"{TOP}/{'x' * 300}")),
    "link": ("link or a special file", with_mode(stat.S_IFLNK | 0o777)),
    "device": ("link or a special file", with_mode(stat.S_IFCHR | 0o666)),
    "pipe": ("link or a special file", with_mode(stat.S_IFIFO | 0o666)),
    "file in a folder's name": ("link or a special file", with_mode(stat.S_IFREG, f"{TOP}/stanza/")),
    "encrypted": ("is encrypted", zipped(*FR, Entry(f"{TOP}/x", flags=0x801))),
    "other packing": ("neither stored nor deflated", zipped(*FR, Entry(f"{TOP}/x", method=zipfile.ZIP_LZMA))),
    "duplicate": ("which clash", zipped(*FR, FR[2])),
    "case": ("'translate-fr_en-1_0/Model' and", zipped(Entry(f"{TOP}/Model/x"), *FR)),
    "accents": ("which clash", zipped(*FR, Entry(f"{TOP}/é"), Entry(f"{TOP}/é"))),
    "file and folder": ("which clash", zipped(*FR, Entry(f"{TOP}/model"))),
    "two folders": ("holds 2 folders or files at its top, '__MACOSX', ", zipped(Entry("__MACOSX/x"), *FR)),
    "file beside the folder": ("'README.md', 'translate-fr_en-1_0'", zipped(Entry("README.md"), *FR)),
    "no folder": ("has no metadata.json", zipped(Entry("metadata.json"))),
    "no metadata": ("has no metadata.json", without("metadata.json")),
    "no tokenizer": ("has no sentencepiece.model or bpe.model", without("sentencepiece.model")),
    "no model": ("has no model/model.bin", without("model.bin")),
    "someone else's record": ("which only samestory writes", with_name(f"{TOP}/.samestory.json")),
    "long metadata": ("more than a megabyte", with_metadata(code=list(range(200_000)))),
    "metadata no JSON": ("has a bad metadata.json (JSON", zipped(Entry(f"{TOP}/metadata.json", b"no JSON"), *FR[1:])),
    "metadata no text": ("has a bad metadata.json (", zipped(Entry(f"{TOP}/metadata.json", b'{"a": "\xff"}'), *FR[1:])),
    "metadata too deep": ("bad metadata.json", zipped(Entry(f"{TOP}/metadata.json", b"[" * 9999), *FR[1:])),
    "metadata no object": ("Expected `object`", zipped(Entry(f"{TOP}/metadata.json", b"[]"), *FR[1:])),
    "metadata that say nothing": ("missing required", zipped(Entry(f"{TOP}/metadata.json", b"{}"), *FR[1:])),
    "language that is a path": ("at `$.from_code`", with_metadata(from_code="../fr")),
    "language with a line break": ("at `$.from_code`", with_metadata(from_code="fr\n")),
    "version that is a path": ("at `$.package_version`", with_metadata(package_version="1/../..")),
    "version that is a number": ("at `$.package_version`", with_metadata(package_version=1.0)),
    "sentence splitter": ("a package of type 'sbd'", with_metadata(type="sbd")),
    "to another language": ("translates fr to 'de'", with_metadata(to_code="de")),
    "from English": ("translates en to 'en'", with_metadata(from_code="en")),
    "language of its name": ("called 'translate-fr_en-1_0', but translates id to en", with_metadata(from_code="id")),
    "language of its folder": ("is called 'id_en', but translates fr to en", zipped(*package("id_en"))),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_line_and_nothing_left(case: str, tmp_path: Path) -> None:
    why, write = REFUSED[case]
    path = write(tmp_path / "translate-fr_en-1_0.argosmodel")
    folder = tmp_path / "packages"
    assert path.stat().st_size < 6_000_000
    with pytest.raises(ModelError) as refused:
        install_file(path, folder)
    message = str(refused.value)
    assert why in message
    assert message.startswith(str(path))
    assert "nothing was installed" in message
    assert message.isprintable()
    assert sorted(tmp_path.rglob("*")) in ([path], [folder, tmp_path / "packages.lock", path])


def test_a_bomb_that_lies_is_never_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "fr_en.argosmodel", [*package("fr_en"), LYING._replace(name="fr_en/x")])
    with pytest.raises(ModelError), open_archive(path) as opened:
        opened.unpack(tmp_path / "out")
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*")) < 100_000


def test_what_was_unpacked_is_what_was_packed(tiny_argos: TinyArgos, tmp_path: Path) -> None:
    with open_archive(zip_package(tiny_argos.fr, tmp_path)) as opened:
        assert (opened.metadata.from_code, opened.metadata.package_version) == ("fr", "1.0")
        hashes = opened.unpack(tmp_path / "out")
    assert hashes == inventory(tiny_argos.fr) == inventory(tmp_path / "out")


def test_folders_of_the_zip_may_be_named_or_not(tmp_path: Path) -> None:
    folders = [Entry(f"{TOP}/{name}", b"", mode=stat.S_IFDIR | 0o755) for name in ("", "model/", "stanza/")]
    path = write_zip(tmp_path / "a.zip", [folders[0], *FR, *folders[1:]])
    with open_archive(path) as opened:
        assert len(opened.unpack(tmp_path / "out")) == 3
    assert (tmp_path / "out" / "stanza").is_dir()


@pytest.mark.parametrize("name", ["fr.argosmodel", "translate-fr_en-1_0 (1).argosmodel", "fr_en-new.zip", "Download"])
def test_names_that_contradict_nothing(name: str, tmp_path: Path) -> None:
    with open_archive(write_zip(tmp_path / name, package("anything"))) as opened:
        assert opened.metadata.from_code == "fr"


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.argosmodel"):
        with pytest.raises(UsageError, match=r"name an \.argosmodel file"):
            install_file(path, tmp_path / "packages")
    assert list(tmp_path.iterdir()) == []


def test_any_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    sound = write_zip(tmp_path / "fr.zip", [*FR, Entry(f"{TOP}/README.md", b"text " * 40)]).read_bytes()
    path, dice, refused = tmp_path / "damaged.zip", random.Random(5), 0
    for i in range(1500):
        content = bytearray(sound)
        for _ in range(dice.choice((1, 1, 2, 8))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content[: dice.randrange(len(content))] if i % 5 == 0 else content)
        try:
            with open_archive(path) as opened:
                opened.unpack(tmp_path / f"out{i}")
        except SamestoryError as error:
            assert str(error).isprintable()
            refused += 1
    assert refused > 1000
    assert all(file.is_relative_to(tmp_path) for file in tmp_path.rglob("*"))


def test_damage_names_each_file(tmp_path: Path) -> None:
    package = write_package(tmp_path / "fr_en", "fr")
    record = Record("fr", "1.0", "0" * 64, "fr.argosmodel", inventory(package))
    assert damage(package, record) == {}
    (package / "model" / "model.bin").write_bytes(b"another")
    (package / "sentencepiece.model").unlink()
    (package / "model" / "new").touch()
    assert damage(package, record) == {
        "model/model.bin": "changed",
        "model/new": "extra",
        "sentencepiece.model": "missing",
    }


def test_record(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    for content in (b"", b"{}", b"\xff", b'{"lang": "\xff"}'):
        (tmp_path / archive.RECORD).write_bytes(content)
        with pytest.raises(ModelError, match=r"damaged .samestory.json"):
            read_record(tmp_path)


def test_file_that_cannot_be_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = write_package(tmp_path / "fr_en", "fr")
    monkeypatch.setattr(archive, "sha256", lambda _: (tmp_path / "gone").read_bytes())
    with pytest.raises(ModelError, match="cannot be read"):
        inventory(package)
