"""The command `samestory evaluate`, on the sample that comes with the repository and on what is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from test_evaluate_by_hand import bead, same, write_build, write_gold

GOLD, ALIGNED = ROOT / "tests" / "gold", ROOT / "aligned"


def run(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "samestory", "evaluate", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def letters(*texts: str) -> str:
    return "".join(filter(str.isalnum, "".join(texts)))


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    done = run("tests/gold", "aligned", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_sample_is_measured_whole(sample: dict[str, Any]) -> None:
    total = sample["sentences"]["total"]
    made = [row for path in sorted(ALIGNED.glob("??-??.jsonl")) for row in rows(path)]
    gold = rows(GOLD / "pairs.jsonl")
    wanted = [row for row in gold if row["relation"] == "equivalent"]
    assert (sample["missing"], sample["unplaced"], sample["unjudged"]) == ([], [], 0)
    assert total["made"] + total["neutral"] == len(made)
    assert total["wanted"] == len(wanted)
    for part in ("by_languages", "by_kind", "by_story"):
        each = sample["sentences"][part].values()
        for name in ("made", "wanted", "neutral"):
            assert sum(row[name] for row in each) == total[name]
        assert sum(row["strict"]["right"] for row in each) == total["strict"]["right"]
        assert sum(row["lax"]["found"] for row in each) == total["lax"]["found"]
    assert sum(one["count"] for one in sample["calibration"]["bins"]) == total["made"]


def test_what_is_strictly_right_in_the_sample_has_the_same_texts(sample: dict[str, Any]) -> None:
    wanted = {
        (letters(*row["a"]["sentences"]), letters(*row["b"]["sentences"]))
        for row in rows(GOLD / "pairs.jsonl")
        if row["relation"] == "equivalent"
    }
    made = {
        tuple(letters(text) for text in row["translation"].values())
        for path in ALIGNED.glob("??-??.jsonl")
        for row in rows(path)
    }
    assert sample["sentences"]["total"]["strict"]["right"] == len(wanted & made) > 0


def test_the_sample_is_as_good_as_it_is_said_to_be(sample: dict[str, Any]) -> None:
    assert sample["stories"]["total"]["pairs"]["f1"] == 1
    assert sample["sentences"]["by_story"]["lighthouse"]["strict"]["f1"] == 1
    assert sample["sentences"]["total"]["strict"]["f1"] >= 0.69
    assert sample["sentences"]["total"]["lax"]["precision"] >= 0.86


def test_the_tables_show_what_the_json_holds_and_are_the_same_each_time(sample: dict[str, Any]) -> None:
    done = run(GOLD, ALIGNED, "--errors", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    total = sample["sentences"]["total"]
    shown = [f"{total[sort][name]:.3f}" for sort in ("strict", "lax") for name in ("precision", "recall", "f1")]
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["all", str(total["made"]), str(total["wanted"]), *shown] in lines
    for name in ("en-fr", "1-n", "wickr", "0.9-1.0"):
        assert any(line[:1] == [name] for line in lines), name
    assert f"divergent accepted: 0 of 0; neutral: {total['neutral']}" in done.stdout
    assert f"expected calibration error {sample['calibration']['lax']['ece']:.3f}" in done.stdout
    false = sample["errors"]["false"]
    assert f"(2 of {false['count']})" in done.stdout
    for side in false["worst"][0]["bead"]["texts"]:
        assert side["text"] in done.stdout
    assert run(GOLD, ALIGNED, "--errors", 2).stdout == done.stdout


def test_missing_articles_and_divergent_beads_are_shown(tmp_path: Path) -> None:
    wanted = [same("divergent", 0), same("divergent", 1), same("equivalent", 2)]
    gold = write_gold(tmp_path / "gold", wanted, stories={"[red]ferry": ["e.txt", "f.txt"], None: ["gone.txt"]})
    done = run(gold, write_build(tmp_path, [bead([0], [0]), bead([2], [2])]))
    assert done.returncode == 0, done.stderr
    assert "divergent accepted: 1 of 2" in done.stdout
    assert "not in the corpus, counted as missed: gone.txt" in done.stdout
    assert re.search(r"^\[red\]ferry +2 +1 .* 1/2$", done.stdout, re.MULTILINE)


def test_a_build_of_other_articles_is_not_measured(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold", [], {"e2.txt": ["Nothing of the sort."]})
    done = run(gold, write_build(tmp_path, [bead([0], [0])]))
    assert done.returncode == 2
    assert re.search(r"aligned holds none of the 1 articles of \S+gold: name a build", " ".join(done.stderr.split()))


def test_two_files_of_beads_are_measured(tmp_path: Path) -> None:
    (tmp_path / "gold").write_text("[0]:[0]\n[1]:[1]\n")
    (tmp_path / "made").write_text("[0]:[0]:0.1\n[1]:[]:0.0\n")
    done = run(tmp_path / "gold", tmp_path / "made")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["all", "2", "2", "0.500", "0.500", "0.500", "0.500", "0.500", "0.500"] in lines
    assert ["without", "deletions", "1", "2", "1.000", "0.500", "0.667", "1.000", "0.500", "0.667"] in lines
    found = json.loads(run(tmp_path / "gold", tmp_path / "made", "--json").stdout)
    assert found["total"]["strict"] == {"right": 1, "found": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5}


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["nowhere", "aligned"], "nowhere is missing"),
        (["tests/gold", "nowhere"], "nowhere is missing"),
        (["tests/gold", "README.md"], "a folder and a file"),
        (["README.md", "LICENSE"], "README.md, line 1, is no bead"),
        (["README.md", "LICENSE", "--corpus", "corpus"], "--corpus corpus goes with folders"),
        (["EMPTY", "aligned"], "stories.jsonl is missing"),
        (["tests/gold", "EMPTY"], "manifest.json is missing"),
        (["tests/gold", "aligned", "--corpus", "EMPTY"], "en.jsonl is missing"),
        (["tests/gold", "aligned", "--errors", "-1"], "--errors"),
        (["tests/gold"], "ALIGNED"),
    ],
)
def test_a_mistake_is_one_line_and_ends_with_2(args: list[str], named: str, tmp_path: Path) -> None:
    done = run(*(str(tmp_path) if arg == "EMPTY" else arg for arg in args))
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr
