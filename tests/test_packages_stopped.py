"""Installs of packages that are stopped or killed, and many at once: one whole version is in use at any time."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from made_packages import Make, names, ours, versions
from samestory import argos, packages
from samestory.errors import SamestoryError
from samestory.packages import install_file, verify

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
def test_stopped_by_an_error(
    step: str, make_package: Make, packages_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name, nth, version = STEPS[step]
    install_file(make_package("1.0"), packages_folder)
    new = make_package("2.0")
    with monkeypatch.context() as patched:
        target = {"Archive": packages.Archive, "packages": packages, "Path": Path}[owner]
        patched.setattr(target, name, stopping(getattr(target, name), nth))
        with pytest.raises((SamestoryError, KeyboardInterrupt)):
            install_file(new, packages_folder)
    assert [p.version for p in ours(packages_folder) if p.in_use] == [version]
    assert all(verdict.sound for verdict in verify(packages_folder))
    assert not [name for name in names(packages_folder) if name.startswith(".")]
    install_file(new, packages_folder)
    assert versions(packages_folder) == [("fr", "2.0")]


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


def start(path: Path, packages_folder: Path, code: str = "") -> subprocess.Popen[str]:
    code = f"{INSTALL}\n{code}\npackages.install_file(Path(sys.argv[1]), Path(sys.argv[2]))"
    command = [sys.executable, "-c", code, str(path), str(packages_folder)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("step", STEPS)
def test_killed(step: str, make_package: Make, packages_folder: Path) -> None:
    owner, name, nth, version = STEPS[step]
    install_file(make_package("1.0"), packages_folder)
    new = make_package("2.0")
    process = start(new, packages_folder, f"kill_at({owner}, {name!r}, {nth})")
    assert process.communicate()[1] == ""
    assert process.returncode == -signal.SIGKILL
    assert [p.version for p in ours(packages_folder) if p.in_use] == [version]
    assert argos.find_packages([packages_folder])["fr"].version == version
    assert all(verdict.sound for verdict in verify(packages_folder))
    assert [name for name in names(packages_folder) if name.startswith(".")] != []
    install_file(new, packages_folder)
    assert versions(packages_folder) == [("fr", "2.0")]
    assert len(names(packages_folder)) == 1


def test_many_installs_at_once(make_package: Make, packages_folder: Path) -> None:
    files = [*(make_package(f"1.{i}") for i in range(4)), make_package(lang="id"), make_package("1.3", code="another")]
    processes = [start(file, packages_folder) for file in files]
    assert [process.communicate()[1] for process in processes] == [""] * len(files)
    assert [lang for lang, _ in versions(packages_folder)] == ["fr", "id"]
    assert len(names(packages_folder)) == 2
    assert all(verdict.sound for verdict in verify(packages_folder))


def test_one_waits_for_another(make_package: Make, packages_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    path = make_package()
    with packages._working_folder(packages_folder) as work:
        waiting = threading.Thread(target=install_file, args=(path, packages_folder))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert work.is_dir()
        assert names(packages_folder) == [work.name]
    waiting.join(30)
    assert versions(packages_folder) == [("fr", "1.0")]
    assert "waiting for it to end" in caplog.text
