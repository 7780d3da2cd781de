"""Installing, listing, verifying and removing packages; killed and crowded installs; an index on this machine."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from samestory import argos, packages
from samestory.archive import RECORD
from samestory.argos import own_folder
from samestory.errors import ModelError, SamestoryError
from samestory.packages import (
    Installed,
    install_file,
    install_languages,
    installed,
    remove,
    verify,
)
from tiny_argos import TinyArgos, write_package, zip_package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where this test installs."""
    return tmp_path / "data" / "packages"


@pytest.fixture
def make(tiny_argos: TinyArgos, tmp_path: Path) -> Make:
    return Make(tiny_argos, tmp_path / "made")


class Make:
    """Makes .argosmodel files of any version out of the tiny packages."""

    def __init__(self, tiny: TinyArgos, out: Path) -> None:
        self.tiny, self.out = tiny, out

    def __call__(self, version: str = "1.0", lang: str = "fr", **metadata: str) -> Path:
        path = self.out / f"translate-{lang}_en-{version.replace('.', '_')}"
        shutil.copytree(getattr(self.tiny, lang), path, dirs_exist_ok=True)
        fields = json.loads((path / "metadata.json").read_text()) | {"package_version": version, **metadata}
        (path / "metadata.json").write_text(json.dumps(fields))
        return zip_package(path, self.out)


def ours(folder: Path) -> list[Installed]:
    return [package for package in installed(folder) if package.place == "samestory"]


def versions(folder: Path) -> list[tuple[str, str]]:
    return [(package.lang, package.version) for package in ours(folder)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_install_list_verify_remove(make: Make, folder: Path) -> None:
    package = install_file(make(), folder)
    assert ours(folder) == [package]
    assert (package.lang, package.version, package.in_use) == ("fr", "1.0", True)
    assert package.path == folder / f"fr_en-1.0-{package.sha256[:12]}"
    assert package.sha256 == argos.open_package(package.path).sha256
    assert package.size == sum(file.stat().st_size for file in package.path.rglob("*") if file.is_file())
    assert argos.find_packages([folder])["fr"].path == package.path
    (verdict,) = verify(folder)
    assert (verdict.path, verdict.sound) == (package.path, True)
    assert remove("fr", folder) == [package.path]
    assert names(folder) == []


def test_package_translates_as_the_one_it_was_made_from(make: Make, folder: Path) -> None:
    package = install_file(make(), folder)
    files = {file.relative_to(package.path) for file in package.path.rglob("*") if file.is_file()}
    assert all((package.path / f).read_bytes() == (make.out / "translate-fr_en-1_0" / f).read_bytes()
               for f in files if f.name != RECORD)  # fmt: skip
    assert package.sha256 == argos.open_package(make.out / "translate-fr_en-1_0").sha256


def test_bpe_and_target_prefix(tiny_argos: TinyArgos, tmp_path: Path, folder: Path) -> None:
    for path in (tiny_argos.bpe, tiny_argos.prefixed):
        install_file(zip_package(path, tmp_path), folder)
        assert versions(folder) == [("fr", "1.0")]


def test_another_version_takes_the_place(make: Make, folder: Path) -> None:
    install_file(make("1.9", lang="id"), folder)
    for version in ("1.9", "1.10", "1.2"):
        install_file(make(version), folder)
        assert versions(folder) == [("fr", version), ("id", "1.9")]
        assert len(names(folder)) == 2
    assert all(verdict.sound for verdict in verify(folder))


def test_installed_again(make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = install_file(make(), folder)
    before = package.path.stat().st_ino
    assert install_file(make(), folder) == package
    assert package.path.stat().st_ino == before
    (package.path / "model" / "model.bin").write_bytes(b"no model")
    assert install_file(make(), folder) == package
    assert all(verdict.sound for verdict in verify(folder))
    assert names(folder) == [package.path.name]


def test_flipped_bit_is_found(make: Make, folder: Path) -> None:
    install_file(make(lang="id"), folder)
    package = install_file(make(), folder)
    model = package.path / "model" / "model.bin"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    assert {verdict.path: verdict.damage for verdict in verify(folder)} == {
        package.path: {"model/model.bin": "changed"},
        folder / names(folder)[1]: {},
    }


def test_record_lost_or_damaged(make: Make, folder: Path) -> None:
    package = install_file(make(), folder)
    (package.path / RECORD).write_text("{")
    assert [verdict.damage for verdict in verify(folder)] == [{RECORD: "changed"}]
    assert [p.sha256 for p in ours(folder)] == [None]
    (package.path / RECORD).unlink()
    assert [verdict.damage for verdict in verify(folder)] == [{RECORD: "missing"}]
    assert [p.sha256 for p in ours(folder)] == [package.sha256]


def test_broken_package_is_replaced_and_removed(make: Make, folder: Path) -> None:
    for cure in (lambda: install_file(make("2.0"), folder), lambda: remove("fr", folder)):
        package = install_file(make(), folder)
        (package.path / "metadata.json").unlink()
        assert [verdict.damage for verdict in verify(folder)] == [{"metadata.json": "missing"}]
        cure()
        assert package.path.name not in names(folder)


def test_remove_names_what_is_there(make: Make, folder: Path) -> None:
    with pytest.raises(ModelError, match="holds no package from fr to English: it holds none"):
        remove("fr", folder)
    install_file(make(), folder)
    install_file(make(lang="id"), folder)
    with pytest.raises(ModelError, match="from de to English: it holds fr, id"):
        remove("de", folder)
    assert verify(folder.parent / "nowhere") == []


def test_list_shows_what_a_build_uses(
    make: Make, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, starter = tmp_path / "argos", tmp_path / "starter"
    for path, version in ((theirs, "9"), (theirs, "7"), (starter, "1")):
        write_package(path / f"fr-{version}", "fr", version=version)
    write_package(starter / "no", "nb")
    monkeypatch.setattr(argos._argos().settings, "package_dirs", [theirs])
    monkeypatch.setattr(argos, "STARTER_PACKAGES", starter)
    monkeypatch.setattr(packages, "STARTER_PACKAGES", starter)

    def shown() -> list[tuple[str, str, str, bool]]:
        return [(p.place, p.lang, p.version, p.in_use) for p in installed(folder)]

    rest = [("argos", "fr", "7", False), ("starter", "fr", "1", False), ("starter", "no", "1.0", True)]
    assert shown() == [("argos", "fr", "9", True), *rest]
    install_file(make(), folder)
    assert shown() == [("samestory", "fr", "1.0", True), ("argos", "fr", "9", False), *rest]
    assert argos.find_packages([folder]).keys() == {"fr", "no"}


def test_folder_of_its_own() -> None:
    assert own_folder().parts[-2:] == ("samestory", "packages")


def test_folder_that_cannot_be_written(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SamestoryError, match="cannot be written"):
        install_file(make(), tmp_path / "file" / "packages")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model/model.bin", b"no model"),
        ("sentencepiece.model", b"no tokenizer"),
        ("model/shared_vocabulary.json", b"[]"),
    ],
)
def test_model_that_does_not_translate(name: str, content: bytes, make: Make, folder: Path) -> None:
    before = install_file(make(), folder)
    path = make("2.0").with_suffix("")
    (path / name).write_bytes(content)
    with pytest.raises(ModelError, match="holds a model that cannot be used") as refused:
        install_file(zip_package(path, make.out), folder)
    assert str(refused.value).isprintable()
    assert ours(folder) == [before]
    assert names(folder) == [before.path.name]


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        ("import os; os.abort()", r"it ended the process with -6"),
        ("import time; time.sleep(60)", "does not answer"),
    ],
)
def test_model_that_ends_or_holds_up_the_process(
    trial: str, why: str, make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_TRIAL", trial)
    monkeypatch.setattr(packages, "_TRIAL_TIMEOUT", 0.5)
    with pytest.raises(ModelError, match=why):
        install_file(make(), folder)
    assert names(folder) == []


# Where an install of version 2.0 over 1.0 is stopped, and which version a build then uses.
STEPS = {
    "unpacked in part": ("Archive", "_unpack", 2, "1.0"),
    "unpacked": ("packages", "open_package", 1, "1.0"),
    "before the trial": ("packages", "_check_model", 1, "1.0"),
    "before the record": ("packages", "replace", 1, "1.0"),
    "before it is renamed into place": ("Path", "rename", 1, "1.0"),
    "before the old one goes": ("Path", "rename", 2, "2.0"),
    "before what is left is swept": ("tempfile.TemporaryDirectory", "cleanup", 1, "2.0"),
}


@pytest.mark.parametrize("step", list(STEPS)[:-1])  # sweeping is what an error leads to
def test_stopped_by_an_error(step: str, make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, nth, version = STEPS[step]
    install_file(make("1.0"), folder)
    new = make("2.0")
    with monkeypatch.context() as patched:
        target = {"Archive": packages.Archive, "packages": packages, "Path": Path}[owner]
        patched.setattr(target, name, stopping(getattr(target, name), nth))
        with pytest.raises((SamestoryError, KeyboardInterrupt)):
            install_file(new, folder)
    assert [p.version for p in ours(folder) if p.in_use] == [version]
    assert all(verdict.sound for verdict in verify(folder))
    assert not [name for name in names(folder) if name.startswith(".")]
    install_file(new, folder)
    assert versions(folder) == [("fr", "2.0")]


def stopping(function, nth):  # type: ignore[no-untyped-def]
    calls = iter(range(1, 100))

    @functools.wraps(function)
    def stop(*args, **kwargs):  # type: ignore[no-untyped-def]
        if next(calls) == nth:
            raise OSError("No space left on device") if nth == 1 else KeyboardInterrupt
        return function(*args, **kwargs)

    return stop


INSTALL = """
import os, signal, sys, tempfile
from pathlib import Path
from samestory import packages
from samestory.archive import Archive

def kill_at(owner, name, nth):
    function, calls = getattr(owner, name), iter(range(1, 100))
    def killed(*args, **kwargs):
        if next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    setattr(owner, name, killed)
"""


def start(path: Path, folder: Path, code: str = "") -> subprocess.Popen[str]:
    code = f"{INSTALL}\n{code}\npackages.install_file(Path(sys.argv[1]), Path(sys.argv[2]))"
    command = [sys.executable, "-c", code, str(path), str(folder)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("step", STEPS)
def test_killed(step: str, make: Make, folder: Path) -> None:
    owner, name, nth, version = STEPS[step]
    install_file(make("1.0"), folder)
    new = make("2.0")
    process = start(new, folder, f"kill_at({owner}, {name!r}, {nth})")
    assert process.communicate()[1] == ""
    assert process.returncode == -signal.SIGKILL
    assert [p.version for p in ours(folder) if p.in_use] == [version]
    assert argos.find_packages([folder])["fr"].version == version
    assert all(verdict.sound for verdict in verify(folder))
    assert [name for name in names(folder) if name.startswith(".")] != []
    install_file(new, folder)
    assert versions(folder) == [("fr", "2.0")]
    assert len(names(folder)) == 1


def test_many_installs_at_once(make: Make, folder: Path) -> None:
    files = [*(make(f"1.{i}") for i in range(4)), make(lang="id"), make("1.3", code="another")]
    processes = [start(file, folder) for file in files]
    assert [process.communicate()[1] for process in processes] == [""] * len(files)
    assert [lang for lang, _ in versions(folder)] == ["fr", "id"]
    assert len(names(folder)) == 2
    assert all(verdict.sound for verdict in verify(folder))


def test_one_waits_for_another(make: Make, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    path = make()
    with packages._working_folder(folder) as work:
        waiting = threading.Thread(target=install_file, args=(path, folder))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert work.is_dir()
        assert names(folder) == [work.name]
    waiting.join(30)
    assert versions(folder) == [("fr", "1.0")]
    assert "waiting for it to end" in caplog.text


class Site:
    """An index and its packages on 127.0.0.1; `asked` are the paths that were asked for."""

    def __init__(self, root: Path, url: str, asked: list[str]) -> None:
        self.root, self.url, self.asked = root, url, asked
        self.index = f"{url}/index.json"

    def publish(self, *files: Path, **metadata: object) -> None:
        entries: list[dict[str, object]] = [{"type": "sbd", "code": "sbd-fr", "from_codes": ["fr"]}]
        for file in files:
            shutil.copyfile(file, self.root / file.name)
            fields = json.loads((file.with_suffix("") / "metadata.json").read_text())
            entries.append(fields | {"links": [f"{self.url}/{file.name}"]} | metadata)
        (self.root / "index.json").write_text(json.dumps(entries))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "site").mkdir()
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_request(self, *_: object) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

        def send_header(self, keyword: str, value: str) -> None:
            broken_off = keyword == "Content-Length" and self.path == "/broken-off.argosmodel"
            super().send_header(keyword, "999" if broken_off else value)

    handler = functools.partial(Handler, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield Site(tmp_path / "site", f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()


def test_languages_from_an_index(make: Make, folder: Path, site: Site) -> None:
    site.publish(make("1.9"), make("1.10"), make("1.2"), make(lang="id"), make(lang="bpe", to_code="de"))
    progress: list[tuple[str, int, int | None]] = []
    found = install_languages(["id", "fr"], folder, site.index, lambda *args: progress.append(args))
    assert [(package.lang, package.version) for package in found] == [("id", "1.0"), ("fr", "1.10")]
    assert versions(folder) == [("fr", "1.10"), ("id", "1.0")]
    assert site.asked == ["/index.json", "/translate-id_en-1_0.argosmodel", "/translate-fr_en-1_10.argosmodel"]
    assert {(lang, done == total) for lang, done, total in progress} == {("id", True), ("fr", True)}
    assert json.loads((found[1].path / RECORD).read_text())["source"] == f"{site.url}/translate-fr_en-1_10.argosmodel"


def test_nothing_is_downloaded_twice(make: Make, folder: Path, site: Site) -> None:
    site.publish(make("1.9"))
    for version in ("1.9", "1.10"):
        package = install_file(make(version), folder)
        assert install_languages(["fr"], folder, site.index) == [package]
    assert set(site.asked) == {"/index.json"}
    (package.path / "model" / "model.bin").write_bytes(b"no model")
    install_languages(["fr"], folder, site.index)
    assert versions(folder) == [("fr", "1.9")]


def test_another_language_than_asked_for(make: Make, folder: Path, site: Site) -> None:
    site.publish(make(lang="id"), from_code="fr")
    with pytest.raises(ModelError, match="translates from id, not from fr: nothing was installed"):
        install_languages(["fr"], folder, site.index)
    assert names(folder) == []


def test_language_the_index_lacks(make: Make, folder: Path, site: Site) -> None:
    site.publish(make(), make(lang="id"))
    with pytest.raises(ModelError, match=r"no package from de, xx to English, only from fr, id: .* FILE.argosmodel"):
        install_languages(["fr", "de", "xx"], folder, site.index)
    assert site.asked == ["/index.json"]


def test_norwegian_goes_by_another_code(tiny_argos: TinyArgos, tmp_path: Path, folder: Path, site: Site) -> None:
    shutil.copytree(tiny_argos.fr, tmp_path / "translate-nb_en-1_0")
    (tmp_path / "translate-nb_en-1_0" / "metadata.json").write_text(
        json.dumps({"from_code": "nb", "to_code": "en", "package_version": "1.0"})
    )
    site.publish(zip_package(tmp_path / "translate-nb_en-1_0", tmp_path))
    for lang in ("no", "nb"):
        told: set[str] = set()
        found = install_languages([lang], folder, site.index, lambda lang, *_: told.add(lang))  # noqa: B023
        assert ([package.lang for package in found], told) == (["no"], {lang})
        assert remove(lang, folder) == [found[0].path]


def test_second_link_is_taken_where_the_first_fails(make: Make, folder: Path, site: Site) -> None:
    links = [f"{site.url}/{name}.argosmodel" for name in ("gone", "broken-off", "translate-fr_en-1_0")]
    (site.root / "broken-off.argosmodel").write_bytes(b"")
    site.publish(make(), links=["ipfs://x", "http://127.0.0.1:x/", *links])
    install_languages(["fr"], folder, site.index)
    assert versions(folder) == [("fr", "1.0")]
    assert site.asked[1:] == ["/gone.argosmodel", "/broken-off.argosmodel", "/translate-fr_en-1_0.argosmodel"]


@pytest.mark.parametrize("links", [[], ["ftp://127.0.0.1/x"], ["http://127.0.0.1:1/x"]])
def test_no_link_works(links: list[str], make: Make, folder: Path, site: Site) -> None:
    site.publish(make(), links=links)
    with pytest.raises(SamestoryError, match=r"the package from fr to English cannot be downloaded .* FILE.argosmodel"):
        install_languages(["fr"], folder, site.index)
    assert names(folder) == []


def test_download_has_a_bound(make: Make, folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.publish(make())
    monkeypatch.setattr(packages, "MAX_BYTES", 1000)
    with pytest.raises(SamestoryError, match="it has more than"):
        install_languages(["fr"], folder, site.index)
    assert names(folder) == []


def test_no_network_and_no_index(folder: Path, site: Site) -> None:
    (site.root / "page.html").write_text("<html>Log in to the network</html>")
    for index in ("http://127.0.0.1:1/index.json", site.index, f"{site.url}/page.html", "index.json", "file:///etc"):
        with pytest.raises(SamestoryError, match=r"cannot be downloaded .*: check the network") as refused:
            install_languages(["fr"], folder, index)
        assert index in str(refused.value)
        assert "samestory models install FILE.argosmodel" in str(refused.value)
    assert not folder.exists()


def test_import_takes_nothing_heavy_into_memory() -> None:
    code = "import sys, samestory.packages; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"argostranslate", "ctranslate2", "sentencepiece", "torch"} & set(done.stdout.split())
