"""Keeps the documentation honest: every command in it exists, every command is in it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from conftest import ROOT
from samestory import scorer
from samestory.cli import app
from samestory.config import DEFAULTS
from samestory.features import ENDS, FEATURES
from samestory.judge import STORY_FEATURES

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GROUP = typer.main.get_command(app)
COMMAND = re.compile(r"^\s*(?:\$ )?samestory (?P<name>[a-z]+)(?P<rest>.*)$", re.MULTILINE)


def blocks(page: Path) -> str:
    return "\n".join(re.findall(r"```(?:console|sh|bash)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    for match in COMMAND.finditer(blocks(page)):
        command = GROUP.commands.get(match["name"])  # type: ignore[attr-defined]
        if isinstance(command, TyperGroup):
            command = command.commands.get(match["rest"].split()[0])
        assert command is not None, match.group()
        known = {name for parameter in command.params for name in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", match["rest"])) <= known | {"--help"}, match.group()


def test_every_command_and_option_is_documented() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = dict(GROUP.commands)  # type: ignore[attr-defined]
    commands |= {f"models {name}": command for name, command in commands["models"].commands.items()}
    for name, command in commands.items():
        assert f"samestory {name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or f"`{option}" in text or f" {option}" in text, f"{name} {option}"


def test_every_reason_of_explain_and_the_number_of_features_is_documented() -> None:
    guide, method = (ROOT.joinpath("docs", name).read_text(encoding="utf-8") for name in ("GUIDE.md", "ALIGNMENT.md"))
    told = {name for row in re.findall(r"^\| (`.+?`) \|", guide, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)}
    assert told >= set(STORY_FEATURES)
    counts = {len(FEATURES), len(STORY_FEATURES), len(ENDS)}
    assert {int(count) for count in re.findall(r"(\d+)\s+features", method)} == counts


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_linked_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_make_target_named_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"corpus", "test"} <= named <= targets


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    names = {re.split(r"[<>=\[]", item)[0] for item in wanted} - {"samestory"}
    lines = set(re.findall(r"^\| `([^`]+)`", (ROOT / "docs" / "DEPENDENCIES.md").read_text(), re.MULTILINE))
    assert lines == names


def test_constraints_pin_every_dependency() -> None:
    pinned = set(re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    normal = {re.sub(r"[-_.]+", "-", name).lower() for name in pinned}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=\[]", item)[0] for item in project["dependencies"]}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= normal


def test_the_readme_names_the_default_score() -> None:
    assert DEFAULTS.min_score is None
    least = scorer.load().calibration.threshold(DEFAULTS.precision)
    assert f"{least:g}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_counts_in_the_readme_are_those_of_the_sample() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    counts = {path.stem: len(path.read_bytes().splitlines()) for path in (ROOT / "aligned").glob("*.jsonl")}
    pairs = {name: count for name, count in counts.items() if re.fullmatch("[a-z]{2}-[a-z]{2}", name)}
    shown = "  ".join(f"{name} {count}" for name, count in sorted(pairs.items()))
    assert re.search(rf"^pairs +{sum(pairs.values())}  {shown}$", readme, re.MULTILINE)
    assert re.search(rf"^groups +{counts['groups']}$", readme, re.MULTILINE)


def test_the_row_in_the_readme_is_a_row_of_the_sample() -> None:
    shown = re.search(r"```json\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    row = json.loads(shown[1])
    name = "-".join(row["translation"])
    assert row in [json.loads(line) for line in (ROOT / "aligned" / f"{name}.jsonl").read_text().splitlines()]
