"""Precision and recall of beads and stories, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from samestory.errors import UsageError
from samestory.evaluate import Evaluation, evaluate
from samestory.evaluate.beads import kind
from samestory.evaluate.measure import Figures
from test_evaluate_by_hand import ARTICLES, EN, FR, ID, Made, Wanted, bead, of, same, write_build, write_gold


def shares(row: Figures) -> list[float | None]:
    return [row.strict.precision, row.strict.recall, row.lax.precision, row.lax.recall]


def test_what_is_equal_is_strictly_right_and_what_overlaps_is_laxly_right(tmp_path: Path) -> None:
    made = [bead([0], [0]), bead([1, 2], [1]), bead([3], [4]), bead([5], [5])]
    total = of(tmp_path, made, [same("equivalent", n) for n in (0, 1, 2, 3, 4)]).sentences.total
    assert (total.made, total.wanted) == (4, 5)
    assert shares(total) == [1 / 4, 1 / 5, 2 / 4, 2 / 5]
    assert total.strict.f1 == pytest.approx(2 * 1 / (4 + 5))
    assert total.lax.f1 == pytest.approx(2 * (2 / 4) * (2 / 5) / (2 / 4 + 2 / 5))


def test_one_bead_that_overlaps_two_gold_beads_finds_both(tmp_path: Path) -> None:
    total = of(tmp_path, [bead([0, 1], [0, 1])], [same("equivalent", 0), same("equivalent", 1)]).sentences.total
    assert (total.lax.right, total.lax.found, total.strict.right, total.strict.found) == (1, 2, 0, 0)


def test_a_bead_that_shares_one_side_with_each_of_two_gold_beads_is_false(tmp_path: Path) -> None:
    total = of(tmp_path, [bead([0], [1])], [same("equivalent", 0), same("equivalent", 1)]).sentences.total
    assert shares(total) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("made", "wanted", "expected"),
    [
        # made without the neutral, neutral, strictly right, laxly right, wanted
        ([bead([0], [0])], [same("partial", 0)], (0, 1, 0, 0, 0)),
        ([bead([0, 1], [0])], [same("partial", 0)], (0, 1, 0, 0, 0)),
        ([bead([0, 1], [0, 1])], [same("partial", 0), same("equivalent", 1)], (1, 0, 0, 1, 1)),
        ([bead([2], [2])], [same("partial", 0)], (1, 0, 0, 0, 0)),
        ([bead([0], [0])], [same("divergent", 0)], (1, 0, 0, 0, 0)),
        ([bead([0, 1], [0, 1])], [same("divergent", 0), same("equivalent", 1)], (1, 0, 0, 1, 1)),
        ([bead([0, 1], [0, 1])], [same("divergent", 0), same("partial", 1)], (1, 0, 0, 0, 0)),
    ],
)
def test_partial_gold_is_neutral_and_divergent_gold_is_false(
    made: Sequence[Made], wanted: Sequence[Wanted], expected: tuple[int, ...], tmp_path: Path
) -> None:
    total = of(tmp_path, made, wanted).sentences.total
    assert (total.made, total.neutral, total.strict.right, total.lax.right, total.wanted) == expected


def test_divergent_gold_beads_accepted_are_counted_once_each(tmp_path: Path) -> None:
    made = [bead([0], [0]), bead([0, 1], [0]), bead([2, 3], [2, 3])]
    wanted = [*(same("divergent", n) for n in (0, 1, 2)), same("equivalent", 3)]
    total = of(tmp_path, made, wanted).sentences.total
    assert (total.divergent_accepted, total.divergent) == (1, 3)


def test_partial_is_told_rightly_or_not_of_beads_that_are_just_those_of_the_gold(tmp_path: Path) -> None:
    made = [bead([n], [n]) for n in range(4)] + [bead([4, 5], [4])]
    gold = [
        same(relation, n) for n, relation in enumerate(["partial", "partial", "equivalent", "divergent", "partial"])
    ]
    told = of(tmp_path, made, gold, partial=[0, 2, 3, 4]).relations
    assert (told.beads, told.told, told.wanted) == (3, 2, 2)  # neither the divergent nor what is cut in another place
    assert (told.partial.right, told.partial.precision, told.partial.recall) == (1, 0.5, 0.5)


def test_what_the_gold_has_as_partial_and_equivalent_is_equivalent(tmp_path: Path) -> None:
    told = of(tmp_path, [bead([0], [0])], [same("partial", 0), same("equivalent", 0)], partial=[0]).relations
    assert (told.beads, told.told, told.wanted) == (1, 1, 0)


def test_where_no_bead_is_that_of_the_gold_nothing_is_known_of_what_is_told_of_it(tmp_path: Path) -> None:
    told = of(tmp_path, [bead([0], [0, 1])], [same("partial", 0)], partial=[0]).relations
    assert (told.beads, told.partial.precision, told.partial.recall, told.partial.f1) == (0, None, None, None)


def test_it_does_not_matter_where_gold_and_build_end_a_sentence(tmp_path: Path) -> None:
    sentences = {
        "e.txt": [f"{EN[0]} {EN[1]}", EN[2], "Two", "ships came!", *EN[4:]],
        "f.txt": [FR[0], FR[1], FR[2], "Deux", "navires", *FR[4:]],
    }
    wanted = [
        ("equivalent", "e.txt", [f"{EN[0]} {EN[1]}"], "f.txt", [FR[0], FR[1]]),
        ("equivalent", "e.txt", ["Two", "ships came!"], "f.txt", ["Deux", "navires"]),
        ("equivalent", "e.txt", [EN[2]], "f.txt", [FR[2]]),
    ]
    figures = of(tmp_path, [bead([0, 1], [0, 1]), bead([3], [3]), bead([2], [2, 3])], wanted, sentences).sentences
    assert shares(figures.total) == [2 / 3, 2 / 3, 1, 1]
    assert {name: (row.made, row.wanted) for name, row in figures.by_kind.items()} == {
        "1-1": (0, 1),
        "1-n": (2, 1),  # [2]-[2, 3] is one sentence of the gold against three
        "n-m": (1, 1),
    }


def test_figures_are_told_apart_by_languages_kind_and_story(tmp_path: Path) -> None:
    made: list[Made] = [
        bead([0], [0]),
        ("e", [1], "i", [1, 2], 0.8),
        ("f", [2], "i", [2], 0.7),
        ("f", [3], "i", [4], 0.6),
    ]
    wanted: list[Wanted] = [
        same("equivalent", 0),
        ("equivalent", "e.txt", [EN[1]], "i.txt", ID[1:3]),
        ("equivalent", "i.txt", [ID[2]], "f.txt", [FR[2]]),  # sides may stand in any order
        ("equivalent", "f.txt", FR[4:6], "i.txt", [ID[5]]),
    ]
    gold = write_gold(tmp_path / "gold", wanted, stories={"ferry": ["e.txt", "f.txt"], None: ["i.txt"]})
    found = evaluate(gold, write_build(tmp_path, made)).sentences
    assert {name: shares(row)[:2] for name, row in found.by_languages.items()} == {
        "en-fr": [1, 1],
        "en-id": [1, 1],
        "fr-id": [1 / 2, 1 / 2],
    }
    assert {name: shares(row)[:2] for name, row in found.by_kind.items()} == {
        "1-1": [2 / 3, 1],
        "1-n": [1, 1],
        "n-1": [None, 0],
    }
    assert found.by_kind["n-1"].strict.f1 == 0
    assert {name: (row.made, row.wanted) for name, row in found.by_story.items()} == {
        "ferry": (1, 1),
        "(no story)": (3, 3),
    }
    assert (found.total.made, found.total.strict.right) == (4, 3)


@pytest.mark.parametrize(
    ("left", "right", "expected"), [(1, 1, "1-1"), (1, 3, "1-n"), (2, 1, "n-1"), (2, 2, "n-m"), (2, 3, "n-m")]
)
def test_kinds(left: int, right: int, expected: str) -> None:
    assert kind(left, right) == expected


def test_nothing_made_finds_nothing_and_nothing_wanted_is_undefined(tmp_path: Path) -> None:
    total = of(tmp_path / "a", [], [same("equivalent", 0)]).sentences.total
    assert (total.strict.precision, total.strict.recall, total.strict.f1) == (None, 0, 0)
    total = of(tmp_path / "b", [bead([0], [0])], []).sentences.total
    assert (total.strict.precision, total.strict.recall, total.strict.f1) == (0, None, 0)
    total = of(tmp_path / "c", [], []).sentences.total
    assert (total.strict.precision, total.strict.recall, total.strict.f1) == (None, None, None)


def test_a_gold_article_that_the_corpus_has_not_is_named_and_missed(tmp_path: Path) -> None:
    sentences = {"e.txt": EN, "f.txt": FR, "i2.txt": ID}
    wanted: list[Wanted] = [same("equivalent", 0), ("equivalent", "e.txt", [EN[0]], "i2.txt", [ID[0]])]
    found = of(tmp_path, [bead([0], [0])], wanted, sentences)
    assert found.missing == ("i2.txt",)
    assert (found.sentences.total.wanted, found.sentences.total.strict.found) == (2, 1)
    assert (found.stories.total.wanted, found.stories.total.pairs.found) == (3, 1)
    assert found.errors.missed.count == 1


def test_a_gold_sentence_that_is_not_in_its_article_is_named_and_its_bead_is_not_strictly_right(tmp_path: Path) -> None:
    sentences = {"e.txt": [*EN[:5], "Nothing of the sort."], "f.txt": FR}
    wanted: list[Wanted] = [
        ("equivalent", "e.txt", [EN[4], "Nothing of the sort."], "f.txt", [FR[4]]),
        ("equivalent", "e.txt", [EN[3]], "f.txt", [FR[3]]),
    ]
    found = of(tmp_path, [bead([4], [4]), bead([3], [3])], wanted, sentences)
    assert [(lost.path, lost.text) for lost in found.unplaced] == [("e.txt", "Nothing of the sort.")]
    assert shares(found.sentences.total) == [1 / 2, 1 / 2, 1, 1]


def test_beads_of_articles_that_the_gold_does_not_have_count_neither_way(tmp_path: Path) -> None:
    sentences = {"e.txt": EN, "f.txt": FR}
    found = of(tmp_path, [bead([0], [0]), ("e", [1], "i", [1], 0.8)], [same("equivalent", 0)], sentences)
    assert (found.unjudged, found.sentences.total.made) == (1, 1)
    assert (found.stories.total.made, found.stories.total.wanted) == (1, 1)


def test_stories_are_measured_by_pairs_of_articles(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold", stories={"ferry": ["e.txt", "f.txt"], None: ["i.txt"]})
    found = evaluate(gold, write_build(tmp_path, [], stories=["efi"])).stories
    assert (found.total.made, found.total.wanted) == (3, 1)
    assert (found.total.pairs.precision, found.total.pairs.recall, found.total.pairs.f1) == (1 / 3, 1, 0.5)
    assert {name: (row.made, row.wanted) for name, row in found.by_languages.items()} == {
        "en-fr": (1, 1),
        "en-id": (1, 0),
        "fr-id": (1, 0),
    }


def test_the_order_of_gold_and_build_does_not_matter(tmp_path: Path) -> None:
    made = [bead([n], [n], 0.9 - n / 10) for n in range(4)]
    wanted = [same("equivalent", n) for n in (0, 2, 3, 5)]
    one, other = of(tmp_path / "a", made, wanted), of(tmp_path / "b", made[::-1], wanted[::-1])
    assert isinstance(one, Evaluation)
    assert one == other


def test_the_corpus_may_lie_elsewhere(tmp_path: Path) -> None:
    aligned = write_build(tmp_path, [bead([0], [0])])
    (tmp_path / "corpus").rename(tmp_path / "elsewhere")
    gold = write_gold(tmp_path / "gold", [same("equivalent", 0)])
    assert evaluate(gold, aligned, tmp_path / "elsewhere").sentences.total.strict.right == 1
    with pytest.raises(UsageError, match=r"en\.jsonl is missing: .*--corpus"):
        evaluate(gold, aligned)


def test_sentences_with_more_space_in_the_article_are_found(tmp_path: Path) -> None:
    assert "  " in ARTICLES["e"].text
    assert of(tmp_path, [], [same("equivalent", 0, 1)]).unplaced == ()
