import itertools
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from samestory.groups import groups
from samestory.records import Group, Pair, Side, Similarity


def pair(a: str, b: str, score: float, story: str = "s-1") -> Pair:
    """The pair of two sides, each written "lang:article:sentence[-sentence]"."""
    (one, left), (other, right) = sorted((node(a), node(b)))
    return Pair(story, (one, other), (Side(*left), Side(*right)), score, Similarity(0.5, None, 1.0), "equivalent")


def node(name: str) -> tuple[str, tuple[str, tuple[int, ...]]]:
    lang, article, sentences = name.split(":")
    return lang, (article, tuple(map(int, sentences.split("-"))))


def sides(group: Group) -> list[str]:
    return [f"{lang}:{side.article}:{'-'.join(map(str, side.sentences))}" for lang, side in group.sides]


def told(*pairs: Pair) -> list[list[str]]:
    return [sides(group) for group in groups(pairs)]


TRIANGLE = [pair("en:a:1", "fr:b:2", 0.9), pair("en:a:1", "id:c:3", 0.8), pair("fr:b:2", "id:c:3", 0.7)]


def test_no_pairs_no_groups() -> None:
    assert list(groups([])) == []


def test_a_pair_alone_is_a_group_of_two() -> None:
    (group,) = groups([pair("en:a:1", "fr:b:2-3", 0.9, "s-7")])
    assert sides(group) == ["en:a:1", "fr:b:2-3"]
    assert (group.story, group.score) == ("s-7", 0.9)


def test_three_languages_that_all_agree_are_one_group_as_sure_as_its_weakest_pair() -> None:
    (group,) = groups(TRIANGLE)
    assert sides(group) == ["en:a:1", "fr:b:2", "id:c:3"]
    assert group.score == 0.7


def test_a_side_that_is_not_paired_with_every_member_stays_out() -> None:
    assert told(TRIANGLE[0], TRIANGLE[2]) == [["en:a:1", "fr:b:2"]]


def test_a_pair_that_contradicts_makes_no_group() -> None:
    flagged = msgspec.structs.replace(TRIANGLE[1], flags=("number-mismatch",))
    assert told(TRIANGLE[0], flagged, TRIANGLE[2]) == [["en:a:1", "fr:b:2"]]
    assert told(flagged) == []
    assert told(msgspec.structs.replace(TRIANGLE[1], flags=("length-ratio",))) == [["en:a:1", "id:c:3"]]


def test_a_group_has_one_side_of_a_language() -> None:
    pairs = [*TRIANGLE, pair("fr:d:5", "en:a:1", 0.85), pair("fr:d:5", "id:c:3", 0.95)]
    found = told(*pairs)
    assert found == [["en:a:1", "fr:d:5", "id:c:3"]]
    for group in found:
        assert len({side.split(":")[0] for side in group}) == len(group)


def test_of_two_sides_that_fit_the_one_that_fits_better_joins() -> None:
    one, other = ["id:c:3", "id:d:4"]
    pairs = [pair("en:a:1", "fr:b:2", 0.99)]
    pairs += [
        pair("en:a:1", one, 0.5),
        pair("fr:b:2", one, 0.9),
        pair("en:a:1", other, 0.8),
        pair("fr:b:2", other, 0.8),
    ]
    assert told(*pairs) == [["en:a:1", "fr:b:2", "id:d:4"]]


def test_a_side_is_in_one_group_at_most() -> None:
    second = [pair("en:a:1", "fr:e:9", 0.6), pair("fr:e:9", "id:f:1", 0.5), pair("en:a:1", "id:f:1", 0.4)]
    found = told(*TRIANGLE, *second)
    assert found == [["en:a:1", "fr:b:2", "id:c:3"], ["fr:e:9", "id:f:1"]]
    every = [side for group in found for side in group]
    assert len(every) == len(set(every))


def test_sides_are_the_same_only_if_their_sentences_are() -> None:
    pairs = [pair("en:a:1", "fr:b:2", 0.9), pair("en:a:1-2", "id:c:3", 0.8), pair("fr:b:2", "id:c:3", 0.7)]
    assert told(*pairs) == [["en:a:1", "fr:b:2"], ["en:a:1-2", "id:c:3"]]


def test_sentences_of_one_article_are_in_groups_of_their_own() -> None:
    assert told(pair("en:a:1", "fr:b:1", 0.9), pair("en:a:2", "fr:b:2", 0.95)) == [
        ["en:a:2", "fr:b:2"],
        ["en:a:1", "fr:b:1"],
    ]


def test_four_languages_can_agree() -> None:
    nodes = ["de:d:4", "en:a:1", "fr:b:2", "id:c:3"]
    pairs = [pair(a, b, 0.6 + n / 100) for n, (a, b) in enumerate(itertools.combinations(nodes, 2))]
    (group,) = groups(pairs)
    assert sides(group) == nodes
    assert group.score == 0.6


def test_groups_do_not_depend_on_the_order_of_pairs() -> None:
    pairs = [*TRIANGLE, pair("fr:d:5", "en:a:1", 0.9), pair("fr:d:5", "id:c:3", 0.7), pair("en:e:6", "id:f:7", 0.9)]
    every = [list(groups(order)) for order in itertools.permutations(pairs)]
    assert len(every[0]) == 2
    assert all(one == every[0] for one in every)


def test_the_id_of_a_group_is_that_of_its_sides_alone() -> None:
    (first,) = groups(TRIANGLE)
    (again,) = groups([pair("en:a:1", "fr:b:2", 0.4), pair("en:a:1", "id:c:3", 0.5), pair("fr:b:2", "id:c:3", 0.6)])
    (smaller,) = groups(TRIANGLE[:1])
    (elsewhere,) = groups([pair("en:a:1", "fr:b:2-3", 0.9)])
    assert first.id == again.id
    assert len({first.id, smaller.id, elsewhere.id}) == 3
    assert first.id.startswith("g-")


@pytest.mark.parametrize("seed", range(5))
def test_every_two_members_of_a_group_are_an_accepted_pair(seed: int) -> None:
    nodes = [f"{lang}:{lang}{article}:{n}" for lang in ("en", "fr", "id") for article in "xy" for n in range(4)]
    pairs = [
        pair(a, b, round(0.35 + (7 * i + 11 * j + 13 * seed) % 65 / 100, 3))
        for (i, a), (j, b) in itertools.combinations(enumerate(nodes), 2)
        if a[:2] != b[:2] and (i * j + seed) % 3
    ]
    accepted = {frozenset(zip(p.languages, p.sides, strict=True)): p.score for p in pairs}
    found = list(groups(pairs))
    assert any(len(group.sides) == 3 for group in found)
    for group in found:
        links = [frozenset(two) for two in itertools.combinations(group.sides, 2)]
        assert all(link in accepted for link in links)
        assert group.score == min(accepted[link] for link in links)
        assert [lang for lang, _ in group.sides] == sorted({lang for lang, _ in group.sides})


SCRIPT = """
from test_groups import pair, sides
from samestory.groups import groups
P = [pair("de:d:1", "en:a:1", .9), pair("de:d:1", "fr:b:1", .9), pair("en:a:1", "fr:b:1", .9)]
for name, scores in (("id:x:1", (.1, .2, .3)), ("id:y:1", (.3, .2, .1))):
    P += [pair(member, name, score) for member, score in zip(("de:d:1", "en:a:1", "fr:b:1"), scores)]
print(sides(next(groups(P)))[-1])
"""


def test_equal_fits_fall_the_same_way_in_every_process() -> None:
    command, here = [sys.executable, "-c", SCRIPT], Path(__file__).parent
    told = set()
    for seed in range(8):
        env = {**os.environ, "PYTHONHASHSEED": str(seed)}
        told.add(subprocess.run(command, env=env, cwd=here, capture_output=True, text=True, check=True).stdout)
    assert len(told) == 1
