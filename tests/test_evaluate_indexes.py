"""Beads of sentence numbers, measured as vecalign's score.py does."""

from __future__ import annotations

from pathlib import Path

import pytest

from samestory.errors import UsageError
from samestory.evaluate import IndexEvaluation, evaluate_indexes
from samestory.evaluate.measure import Measure

GOLD = "[0]:[0]\n[1]:[1, 2]\n[2, 3]:[3]\n[4]:[]\n[]:[4]\n[5]:[5]\n"


def of(folder: Path, gold: str, made: str) -> IndexEvaluation:
    (folder / "gold.txt").write_text(gold)
    (folder / "made.txt").write_text(made)
    return evaluate_indexes(folder / "gold.txt", folder / "made.txt")


def shares(found: Measure) -> list[float | None]:
    return [found.strict.precision, found.strict.recall, found.lax.precision, found.lax.recall]


def test_deletions_count_in_precision_and_not_in_recall(tmp_path: Path) -> None:
    made = "[0]:[0]:0.10\n[1]:[1]:0.25\n[2]:[3]:0.3\n[3]:[]:0.0\n[4]:[]:0.0\n[]:[2]:0.0\n[5]:[4]:0.9\n"
    found = of(tmp_path, GOLD, made)
    # made: equal, overlaps, overlaps, wrong deletion, right deletion, wrong deletion, false; [5] is not found
    assert (found.total.made, found.total.wanted) == (7, 4)
    assert shares(found.total) == [2 / 7, 1 / 4, 4 / 7, 3 / 4]
    assert (found.links.made, found.links.wanted) == (4, 4)
    assert shares(found.links) == [1 / 4, 1 / 4, 3 / 4, 3 / 4]


def test_an_alignment_is_equal_to_itself(tmp_path: Path) -> None:
    found = of(tmp_path, GOLD, GOLD)
    assert shares(found.total) == shares(found.links) == [1, 1, 1, 1]
    assert (found.total.made, found.links.made) == (6, 4)


@pytest.mark.parametrize(
    "made", ["[0] : [0] : 1e-3\n", "  [0]:[0]  \r\n", "\n[0]:[0]:\n\n", "[0]:[0]\n[0]:[0]:0.5\n[]:[]\n"]
)
def test_spaces_blank_lines_and_repetitions_change_nothing(made: str, tmp_path: Path) -> None:
    found = of(tmp_path, "[0]:[0]\n", made).total
    assert (found.made, found.strict.right) == (1, 1)


@pytest.mark.parametrize(
    ("gold", "made", "expected"),
    [("", "[0]:[0]\n", [0, None, 0, None]), ("[0]:[0]\n", "", [None, 0, None, 0]), ("", "", [None] * 4)],
)
def test_what_is_undefined_is_none(gold: str, made: str, expected: list[float | None], tmp_path: Path) -> None:
    assert shares(of(tmp_path, gold, made).total) == expected


@pytest.mark.parametrize(
    "line", ["[0]", "0:0", "[0]:[a]", "[0]:[-1]", "[0]:[1]:cheap", '{"a": 1}', "[0,,1]:[1]", "\xff"]
)
def test_a_line_that_is_no_bead_is_named_with_the_cure(line: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"made\.txt, line 2, is no bead: .*\[0\]:\[0, 1\]:0\.12"):
        of(tmp_path, GOLD, f"[0]:[0]\n{line}\n")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.txt is missing"):
        evaluate_indexes(tmp_path / "none.txt", tmp_path / "none.txt")
