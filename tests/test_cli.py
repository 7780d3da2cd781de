"""The command line: what it prints, and what it ends with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import ROOT, SEEDS, Built
from samestory import __version__, scorer
from samestory.cli import app

COMMANDS = [command.name for command in app.registered_commands]


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, args)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_says_what_it_does(command: str | None) -> None:
    result = CliRunner().invoke(app, [command, "--help"] if command else ["--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert "--help" in result.output


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"samestory {__version__}\n")


def test_help_comes_without_loading_a_library_of_the_stages() -> None:
    code = (
        "import sys; from samestory.cli import app\n"
        "heavy = {'torch', 'nltk', 'scipy', 'argostranslate', 'sentence_transformers', 'lightgbm', 'faiss'}\n"
        "assert not heavy & set(sys.modules)"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_json_prints_the_report_and_nothing_else(sample: Built, tmp_path: Path) -> None:
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    done = run("-m", "samestory", "build", SEEDS, *folders, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["counts"]["pairs"] == sample.report.counts.pairs
    assert set(report["seconds"]) >= {"ingest", "split", "translate", "encode", "stories", "align", "write"}


def test_settings_reach_the_build(sample: Built, tmp_path: Path) -> None:
    seeds = [SEEDS / "lighthouse-en.txt", SEEDS / "lighthouse-fr.txt"]
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    chosen = ["--order", "free", "--precision", "0.95", "--keep-divergent", "--explain"]
    done = run("-m", "samestory", "build", *seeds, *folders, *chosen, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "a" / "manifest.json").read_text())["settings"]
    assert (told["order"], told["keep_divergent"], told["explain"]) == ("free", True, True)
    assert told["min_score"] == scorer.load().calibration.threshold(0.95)
    assert len((tmp_path / "a" / "explained.jsonl").read_text().splitlines()) == 1


def test_the_script_builds_what_the_command_builds(sample: Built, tmp_path: Path) -> None:
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    done = run(ROOT / "scripts" / "build_corpus.py", SEEDS, *folders)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (sample.aligned / "manifest.json").read_bytes()
    table = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line.strip())
    assert table["stories"].strip() == str(sample.report.counts.stories)
    assert table["articles"].split()[0] == "17"


def test_without_a_terminal_there_is_one_plain_line_a_stage(sample: Built, tmp_path: Path) -> None:
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    lines = run("-m", "samestory", "build", SEEDS, *folders).stderr.splitlines()
    stages = [line.split()[0] for line in lines if line.endswith(" s)")]
    assert stages == ["check", "ingest", "split", "translate", "encode", "stories", "align", "write"]
    assert sum(line.startswith("translate 265 sentences to English, 0 translated now") for line in lines) == 1
    assert not any("\x1b" in line for line in lines)


def test_the_inspection_script_shows_pairs_side_by_side(sample: Built) -> None:
    done = run(ROOT / "scripts" / "inspect_alignments.py", sample.aligned, "--pair", "fr-id", "--min-score", "0.9")
    assert done.returncode == 0, done.stderr
    assert "fr" in done.stdout
    assert "id" in done.stdout
    scores = [float(cell) for line in done.stdout.splitlines() if (cell := line.strip("│ ").split("│")[0].strip())
              and cell.replace(".", "", 1).isdigit()]  # fmt: skip
    assert scores
    assert min(scores) >= 0.9


@pytest.mark.parametrize(
    ("args", "code", "named"),
    [
        (["build", "nowhere"], 2, "nowhere"),
        (["build"], 2, "SEEDS"),
        (["build", "nope/[ab]*.txt"], 2, "nope/[ab]*.txt"),
        (["build", "nope[/x]*.txt"], 2, "nope[/x]*.txt"),
        (["build", "seeds", "--cache", "seeds/a.txt"], 2, "seeds/a.txt"),
        (["build", "seeds", "--min-score", "2"], 2, "--min-score"),
        (["build", "seeds", "--min-score", "-0.1"], 2, "--min-score"),
        (["build", "seeds", "--precision", "2"], 2, "--precision"),
        (["build", "seeds", "--precision", "most"], 2, "--precision"),
        (["build", "seeds", "--precision", "0.9", "--min-score", "0.5"], 2, "give one of them"),
        (["build", "seeds", "--order", "sideways"], 2, "--order"),
        (["build", "seeds", "--argos-packages", "nowhere"], 2, "nowhere"),
        (["build", "seeds", "--direct-encoder", "nobody/nothing"], 1, "nobody/nothing"),
        (["build", "seeds", "--langs", "fr,xx"], 2, "no language xx"),
        (["build", "seeds", "--cache", "seeds"], 2, "seeds is a folder"),
        (["inspect", "seeds"], 2, "samestory build"),
        (["inspect", "a[/b]"], 2, "a[/b]"),
    ],
)
def test_a_mistake_is_named_and_ends_with_its_code(
    args: list[str], code: int, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("A headline\n\nA sentence.\n")
    done = run("-m", "samestory", *args)
    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_languages_may_be_written_in_any_case_and_with_spaces(sample: Built, tmp_path: Path) -> None:
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", sample.cache]
    done = run("-m", "samestory", "build", SEEDS, *folders, "--langs", "FR, en", "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["counts"]["articles"]) == ["en", "fr"]


@pytest.mark.parametrize("script", ["build_corpus.py", "inspect_alignments.py"])
def test_scripts_show_how_they_are_called_themselves(script: str) -> None:
    usage = next(line for line in run(ROOT / "scripts" / script, "--help").stdout.splitlines() if "Usage" in line)
    assert usage.split()[:3] == ["Usage:", script, "[OPTIONS]"]


def test_an_interrupt_ends_at_once_with_130(tmp_path: Path) -> None:
    folders = ["--corpus", tmp_path / "c", "--aligned", tmp_path / "a", "--cache", tmp_path / "k"]
    command = [sys.executable, "-m", "samestory", "build", SEEDS, *folders]
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        assert child.stderr.readline().startswith("check")
        child.send_signal(signal.SIGINT)
        said = child.stderr.read()
    assert child.returncode == 130
    assert "goes on where it was" in said
    assert "Traceback" not in said
