"""The reliability diagram of an evaluation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samestory.errors import UsageError
from samestory.evaluate.calibration import Bin, Calibration, Fit
from samestory.evaluate.plot import FORMATS, check, plot
from test_evaluate_cli import run

FOUND = Calibration(
    (
        Bin(0.0, 0.1, 0, None, None, None),
        Bin(0.6, 0.7, 4, 0.65, 0.25, 0.5),
        Bin(0.9, 1.0, 9, 0.95, 0.75, 1.0),
    ),
    Fit(0.216, 0.2),
    Fit(0.081, 0.1),
)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_calibration_is_drawn_to_the_same_bytes(ending: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"1{ending}", tmp_path / f"2{ending}"
    plot(FOUND, first)
    plot(FOUND, second)
    assert first.read_bytes() == second.read_bytes()
    starts = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}
    assert first.read_bytes().startswith(starts[ending])


def test_another_calibration_makes_another_drawing(tmp_path: Path) -> None:
    plot(FOUND, tmp_path / "1.svg")
    plot(Calibration(FOUND.bins[:2], FOUND.strict, FOUND.lax), tmp_path / "2.svg")
    plot(Calibration(FOUND.bins, FOUND.strict, Fit(0.3, 0.1)), tmp_path / "3.svg")
    drawn = {re.sub(r"<!--.*?-->", "", (tmp_path / f"{n}.svg").read_text("utf-8")) for n in (1, 2, 3)}
    assert len(drawn) == 3


def test_no_pairs_make_an_empty_diagram(tmp_path: Path) -> None:
    plot(Calibration((Bin(0.0, 0.1, 0, None, None, None),), Fit(None, None), Fit(None, None)), tmp_path / "x.svg")
    assert (tmp_path / "x.svg").stat().st_size > 1000


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"x\.gif.*\.svg, \.png, \.pdf"):
        check(tmp_path / "x.gif")
    check(tmp_path / "X.SVG")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*out"):
        check(tmp_path / "out" / "x.svg")


def test_without_matplotlib_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samestory.evaluate.plot.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"samestory\[plot\]"):
        check(tmp_path / "x.svg")


def test_the_command_draws_beside_its_tables(tmp_path: Path) -> None:
    done = run("tests/gold", "aligned", "--errors", "0", "--plot", tmp_path / "x.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert "expected calibration error" in done.stdout
    assert "<svg" in (tmp_path / "x.svg").read_text("utf-8")


def test_files_of_beads_have_no_scores_to_draw(tmp_path: Path) -> None:
    beads = tmp_path / "beads.txt"
    beads.write_text("[0]:[0]:0.1\n")
    done = run(beads, beads, "--plot", tmp_path / "x.svg")
    assert done.returncode == 2
    assert "--plot" in done.stderr
    assert "Traceback" not in done.stderr
