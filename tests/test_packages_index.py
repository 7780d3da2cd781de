"""Packages from an index, on this machine: found, downloaded, and what happens where that fails."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from made_packages import Make, names, versions
from samestory import packages
from samestory.archive import RECORD
from samestory.errors import ModelError, SamestoryError
from samestory.packages import install_file, install_languages, remove
from tiny_argos import TinyArgos, zip_package


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


def test_languages_from_an_index(make_package: Make, packages_folder: Path, site: Site) -> None:
    site.publish(
        make_package("1.9"),
        make_package("1.10"),
        make_package("1.2"),
        make_package(lang="id"),
        make_package(lang="bpe", to_code="de"),
    )
    progress: list[tuple[str, int, int | None]] = []
    found = install_languages(["id", "fr"], packages_folder, site.index, lambda *args: progress.append(args))
    assert [(package.lang, package.version) for package in found] == [("id", "1.0"), ("fr", "1.10")]
    assert versions(packages_folder) == [("fr", "1.10"), ("id", "1.0")]
    assert site.asked == ["/index.json", "/translate-id_en-1_0.argosmodel", "/translate-fr_en-1_10.argosmodel"]
    assert {(lang, done == total) for lang, done, total in progress} == {("id", True), ("fr", True)}
    assert json.loads((found[1].path / RECORD).read_text())["source"] == f"{site.url}/translate-fr_en-1_10.argosmodel"


def test_nothing_is_downloaded_twice(make_package: Make, packages_folder: Path, site: Site) -> None:
    site.publish(make_package("1.9"))
    for version in ("1.9", "1.10"):
        package = install_file(make_package(version), packages_folder)
        assert install_languages(["fr"], packages_folder, site.index) == [package]
    assert set(site.asked) == {"/index.json"}
    (package.path / "model" / "model.bin").write_bytes(b"no model")
    install_languages(["fr"], packages_folder, site.index)
    assert versions(packages_folder) == [("fr", "1.9")]


def test_another_language_than_asked_for(make_package: Make, packages_folder: Path, site: Site) -> None:
    site.publish(make_package(lang="id"), from_code="fr")
    with pytest.raises(ModelError, match="translates from id, not from fr: nothing was installed"):
        install_languages(["fr"], packages_folder, site.index)
    assert names(packages_folder) == []


def test_language_the_index_lacks(make_package: Make, packages_folder: Path, site: Site) -> None:
    site.publish(make_package(), make_package(lang="id"))
    with pytest.raises(ModelError, match=r"no package from de, xx to English, only from fr, id: .* FILE.argosmodel"):
        install_languages(["fr", "de", "xx"], packages_folder, site.index)
    assert site.asked == ["/index.json"]


def test_norwegian_goes_by_another_code(
    tiny_argos: TinyArgos, tmp_path: Path, packages_folder: Path, site: Site
) -> None:
    shutil.copytree(tiny_argos.fr, tmp_path / "translate-nb_en-1_0")
    (tmp_path / "translate-nb_en-1_0" / "metadata.json").write_text(
        json.dumps({"from_code": "nb", "to_code": "en", "package_version": "1.0"})
    )
    site.publish(zip_package(tmp_path / "translate-nb_en-1_0", tmp_path))
    for lang in ("no", "nb"):
        told: set[str] = set()
        found = install_languages([lang], packages_folder, site.index, lambda lang, *_: told.add(lang))  # noqa: B023
        assert ([package.lang for package in found], told) == (["no"], {lang})
        assert remove(lang, packages_folder) == [found[0].path]


def test_second_link_is_taken_where_the_first_fails(make_package: Make, packages_folder: Path, site: Site) -> None:
    links = [f"{site.url}/{name}.argosmodel" for name in ("gone", "broken-off", "translate-fr_en-1_0")]
    (site.root / "broken-off.argosmodel").write_bytes(b"")
    site.publish(make_package(), links=["ipfs://x", "http://127.0.0.1:x/", *links])
    install_languages(["fr"], packages_folder, site.index)
    assert versions(packages_folder) == [("fr", "1.0")]
    assert site.asked[1:] == ["/gone.argosmodel", "/broken-off.argosmodel", "/translate-fr_en-1_0.argosmodel"]


@pytest.mark.parametrize("links", [[], ["ftp://127.0.0.1/x"], ["http://127.0.0.1:1/x"]])
def test_no_link_works(links: list[str], make_package: Make, packages_folder: Path, site: Site) -> None:
    site.publish(make_package(), links=links)
    with pytest.raises(SamestoryError, match=r"the package from fr to English cannot be downloaded .* FILE.argosmodel"):
        install_languages(["fr"], packages_folder, site.index)
    assert names(packages_folder) == []


def test_download_has_a_bound(
    make_package: Make, packages_folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.publish(make_package())
    monkeypatch.setattr(packages, "MAX_BYTES", 1000)
    with pytest.raises(SamestoryError, match="it has more than"):
        install_languages(["fr"], packages_folder, site.index)
    assert names(packages_folder) == []


def test_no_network_and_no_index(packages_folder: Path, site: Site) -> None:
    (site.root / "page.html").write_text("<html>Log in to the network</html>")
    for index in ("http://127.0.0.1:1/index.json", site.index, f"{site.url}/page.html", "index.json", "file:///etc"):
        with pytest.raises(SamestoryError, match=r"cannot be downloaded .*: check the network") as refused:
            install_languages(["fr"], packages_folder, index)
        assert index in str(refused.value)
        assert "samestory models install FILE.argosmodel" in str(refused.value)
    assert not packages_folder.exists()
