"""What an evaluation shows of mistakes, how it measures scores, and what it says of files it cannot use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from by_hand import article
from samestory.errors import UsageError
from samestory.evaluate import evaluate
from test_evaluate_by_hand import ARTICLES, EN, FR, Made, Wanted, bead, of, same, write_build, write_gold

# Right strictly and laxly, laxly, laxly, neither, and a neutral one
MADE = [
    bead([0], [0], 0.95),
    bead([1, 2], [1], 0.9),
    bead([3], [3, 4], 0.45),
    bead([5], [0], 0.4),
    ("e", [0], "i", [0], 0.05),
]
WANTED: list[Wanted] = [
    *(same("equivalent", n) for n in (0, 1, 3, 5)),
    ("partial", "e.txt", [EN[0]], "i.txt", ["Feri mogok."]),
]


def test_calibration_by_hand(tmp_path: Path) -> None:
    found = of(tmp_path, MADE, WANTED).calibration
    assert [one.count for one in found.bins] == [0, 0, 0, 0, 2, 0, 0, 0, 0, 2]
    low, high = found.bins[4], found.bins[9]
    assert (low.low, low.high, high.high) == (0.4, 0.5, 1.0)
    assert (low.mean_score, low.right_strict, low.right_lax) == (pytest.approx(0.425), 0, 0.5)
    assert (high.mean_score, high.right_strict, high.right_lax) == (pytest.approx(0.925), 0.5, 1)
    assert found.bins[0].mean_score is found.bins[0].right_lax is None
    assert found.strict.ece == pytest.approx((2 * 0.425 + 2 * 0.425) / 4)
    assert found.lax.ece == pytest.approx((2 * 0.075 + 2 * 0.075) / 4)
    assert found.strict.brier == pytest.approx((0.05**2 + 0.9**2 + 0.45**2 + 0.4**2) / 4)
    assert found.lax.brier == pytest.approx((0.05**2 + 0.1**2 + 0.55**2 + 0.4**2) / 4)


@pytest.mark.parametrize(("score", "held"), [(0.0, 0), (0.1, 1), (0.3, 3), (0.599, 5), (0.6, 6), (0.7, 7), (1.0, 9)])
def test_a_bin_holds_its_lower_edge_and_the_last_one_both(score: float, held: int, tmp_path: Path) -> None:
    bins = of(tmp_path, [bead([0], [0], score)], []).calibration.bins
    assert [n for n, one in enumerate(bins) if one.count] == [held]


def test_scores_of_nothing_are_no_error(tmp_path: Path) -> None:
    found = of(tmp_path, [], WANTED).calibration
    assert (found.strict.ece, found.lax.brier) == (None, None)
    assert [one.count for one in found.bins] == [0] * 10


def test_the_curve_is_what_each_threshold_would_leave(tmp_path: Path) -> None:
    curve = of(tmp_path, MADE, WANTED).curve
    assert [point.threshold for point in curve] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert [point.made for point in curve] == [4, 4, 4, 4, 2, 2, 2, 2, 2]
    assert [(p.strict.precision, p.strict.recall) for p in (curve[0], curve[8])] == [(1 / 4, 1 / 4), (1 / 2, 1 / 4)]
    assert [(p.lax.precision, p.lax.recall) for p in (curve[0], curve[8])] == [(3 / 4, 3 / 4), (1, 2 / 4)]


def test_mistakes_are_shown_with_texts_english_and_what_stands_against_them(tmp_path: Path) -> None:
    found = of(tmp_path, MADE, WANTED).errors
    assert (found.false.count, found.missed.count, found.boundary.count) == (1, 1, 2)
    (false,) = found.false.worst
    assert (false.languages, false.bead.score) == ("en-fr", 0.4)
    assert [(t.path, t.lang, t.text, t.english) for t in false.bead.texts] == [
        ("e.txt", "en", EN[5], None),
        ("f.txt", "fr", FR[0], f"EN {FR[0]}"),
    ]
    assert [(other.relation, other.texts[0].text) for other in false.others] == [
        ("equivalent", EN[0]),
        ("equivalent", EN[5]),
    ]
    (missed,) = found.missed.worst
    assert (missed.bead.texts[0].text, missed.bead.texts[1].english) == (EN[5], f"EN {FR[5]}")
    assert [other.id for other in missed.others] == [false.bead.id]
    assert [error.bead.score for error in found.boundary.worst] == [0.9, 0.45]
    assert [other.texts[0].text for other in found.boundary.worst[0].others] == [EN[1]]


def test_false_beads_come_with_the_highest_score_first_and_no_more_than_wanted(tmp_path: Path) -> None:
    made = [bead([n], [n], n / 10) for n in range(6)]
    found = of(tmp_path, made, [same("divergent", 4)], errors=2).errors.false
    assert found.count == 6
    assert [error.bead.score for error in found.worst] == [0.5, 0.4]
    assert [other.relation for other in found.worst[1].others] == ["divergent"]
    assert of(tmp_path, made, [], errors=0).errors.false.worst == ()


def test_missed_beads_come_with_the_longest_first(tmp_path: Path) -> None:
    missed = of(tmp_path, [], [same("equivalent", 1), same("equivalent", 4, 5), same("partial", 0)]).errors.missed
    assert [error.bead.texts[0].text for error in missed.worst] == [f"{EN[4]} {EN[5]}", EN[1]]


# Files that cannot be used


@pytest.mark.parametrize("name", ["stories", "sentences", "pairs"])
@pytest.mark.parametrize("content", [None, '{"story": "ferry"\n', "\n[]\n", '{"path": 1}'])
def test_gold_that_is_missing_or_damaged_is_named_with_its_cure(name: str, content: str | None, tmp_path: Path) -> None:
    gold, aligned = write_gold(tmp_path / "gold"), write_build(tmp_path, [])
    file = gold / f"{name}.jsonl"
    file.unlink()
    if content is not None:
        file.write_text(content)
    line = 0 if content is None else 2 if content.startswith("\n") else 1
    with pytest.raises(UsageError) as error:
        evaluate(gold, aligned)
    said = str(error.value)
    assert said.startswith(f"{file}, line {line}, is damaged" if line else f"{file} is missing: ")
    assert "docs/GUIDE.md" in said
    assert "\n" not in said


def test_a_gold_pair_of_a_sentence_that_the_gold_has_not_is_named(tmp_path: Path) -> None:
    wanted: list[Wanted] = [same("equivalent", 0), ("equivalent", "e.txt", ["No such."], "f.txt", [FR[0]])]
    gold, aligned = write_gold(tmp_path / "gold", wanted), write_build(tmp_path, [])
    with pytest.raises(UsageError, match=r"pairs\.jsonl, pair 2: sentences\.jsonl has no 'No such\.' in e\.txt"):
        evaluate(gold, aligned)


def test_a_relation_that_is_none_is_named(tmp_path: Path) -> None:
    gold, aligned = write_gold(tmp_path / "gold", [same("opposite", 0)]), write_build(tmp_path, [])
    with pytest.raises(UsageError, match=r"pairs\.jsonl, line 1, .*opposite.*relation"):
        evaluate(gold, aligned)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _score(path: Path) -> None:
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    path.write_text(json.dumps({**row, "score": 1.5}) + "\n", encoding="utf-8")


def _one_side(path: Path) -> None:
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    path.write_text(json.dumps({**row, "english": {"en": None}}) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "change", "cure"),
    [
        ("aligned/manifest.json", Path.unlink, "samestory build"),
        ("aligned/manifest.json", _cut, "samestory build"),
        ("aligned/stories.jsonl", Path.unlink, "samestory build"),
        ("aligned/stories.jsonl", _cut, "samestory build"),
        ("aligned/en-fr.jsonl", Path.unlink, "samestory build"),
        ("aligned/en-fr.jsonl", _cut, "samestory build"),
        ("aligned/en-fr.jsonl", _score, "samestory build"),
        ("aligned/en-fr.jsonl", _one_side, "samestory build"),
        ("corpus/fr.jsonl", Path.unlink, "--corpus"),
        ("corpus/fr.jsonl", _cut, "--corpus"),
    ],
)
def test_a_build_that_is_not_whole_is_named_with_its_cure(
    name: str, change: Callable[[Path], None], cure: str, tmp_path: Path
) -> None:
    gold, aligned = write_gold(tmp_path / "gold"), write_build(tmp_path, [bead([0], [0])])
    change(tmp_path / name)
    with pytest.raises(UsageError) as error:
        evaluate(gold, aligned)
    said = str(error.value)
    assert str(tmp_path / name) in said
    assert cure in said
    assert "\n" not in said


def test_the_corpus_of_another_build_is_refused(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold")
    other = {**ARTICLES, "f": article("f", "fr", FR[:2])}
    made: list[Made] = [bead([0], [3])]
    aligned = write_build(tmp_path / "one", made)
    write_build(tmp_path / "other", [], other)
    with pytest.raises(UsageError, match=r"other/corpus has not the sentences of f .*--corpus"):
        evaluate(gold, aligned, tmp_path / "other" / "corpus")
    other = {**ARTICLES, "f": article("f2", "fr", FR)}
    write_build(tmp_path / "third", [], other, stories=["ei"])
    with pytest.raises(UsageError, match=r"third/corpus has no article f, .*--corpus"):
        evaluate(gold, aligned, tmp_path / "third" / "corpus")


def test_a_negative_number_of_errors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="errors is -1"):
        of(tmp_path, [], [], errors=-1)
