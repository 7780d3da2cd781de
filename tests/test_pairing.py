"""Pairs of two articles: in which order they are aligned, how they are described, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest

from by_hand import AS_IT_IS, Line, Told, apart, axis, bare, between, by_similarity, encoded, near, scattered, vectors
from samestory.align import Bead, Order
from samestory.collection import Collection
from samestory.free import FreeOrder
from samestory.looks import FirstLook
from samestory.pairing import Pairing, translations
from samestory.records import Encoded, Matrix, Pair, Rejection, Role
from samestory.spans import all_spans
from test_monotone_aligner import WEIGHTS

ORDERS: tuple[Order, ...] = ("auto", "free", "monotone")
STRICT = ("name mismatch", "negation mismatch")


def pairs(
    a: Encoded,
    b: Encoded,
    order: Order = "free",
    *,
    min_score: float = 0.5,
    against: tuple[str, ...] = (),
    keep_divergent: bool = False,
    refuse: Callable[[Rejection], None] = lambda _rejection: None,
    more: Sequence[Encoded] = (),
) -> list[Pair]:
    collection = Collection([a, b, *more])
    free = FreeOrder(collection, FirstLook(by_similarity(*against)), AS_IT_IS, min_score)
    pairing = Pairing(collection, free, WEIGHTS, min_score, order=order, keep_divergent=keep_divergent, refuse=refuse)
    return list(pairing.among("s-1", [a, b])(a, b))


def beads(found: Sequence[Pair]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(pair.sides[0].sentences, pair.sides[1].sentences) for pair in found]


def one_pair(a: Line | str, b: Line | str, langs: tuple[str, str] = ("en", "fr"), **more: bool) -> Pair:
    """The pair of two articles of one sentence each; texts mean the same."""
    one, other = (line if isinstance(line, Line) else Line(line, axis(1)) for line in (a, b))
    (pair,) = pairs(encoded("a", langs[0], one), encoded("b", langs[1], other), against=STRICT, **more)
    return pair


def roughly(*axes: int) -> list[Matrix]:
    """Sentences at a cosine of 0.9 to the axes."""
    return [near(n, 0.9, 15) for n in axes]


def lone(name: str, lang: str, rows: Sequence[Matrix]) -> Encoded:
    """Sentences between which page furniture stands, so that what a bead scores is what it is likely on its own."""
    return apart(name, lang, *(Line(f"sentence {chr(97 + n)}", row) for n, row in enumerate(rows)))


def running(name: str, lang: str, rows: Sequence[Matrix]) -> Encoded:
    return vectors(name, lang, *rows)


EIGHT = lone("a", "en", [axis(n) for n in range(8)])
IN_ORDER = lone("b", "fr", roughly(0, 1, 2, 3, 4, 5, 6, 7))
SHUFFLED = lone("b", "fr", roughly(5, 6, 7, 3, 4, 0, 1, 2))


def test_a_pair_names_story_languages_and_sentences() -> None:
    pair = one_pair("it burned", "elle a brûlé")
    assert (pair.story, pair.languages) == ("s-1", ("en", "fr"))
    assert [(side.article, side.sentences) for side in pair.sides] == [("a", (0,)), ("b", (0,))]
    assert (pair.relation, pair.flags, pair.score) == ("equivalent", (), 1.0)


@pytest.mark.parametrize("order", ["auto", "free"])
def test_reports_are_aligned_in_any_order(order: Order) -> None:
    found = pairs(EIGHT, SHUFFLED, order)
    assert beads(found) == [((2 * n,), (2 * at,)) for n, at in enumerate([5, 6, 7, 3, 4, 0, 1, 2])]
    assert {pair.score for pair in found} == {0.9}  # what the scorer of reports says


@pytest.mark.parametrize(("order", "sure"), [("free", False), ("auto", True), ("monotone", True)])
def test_translations_are_aligned_in_order_where_nothing_else_is_asked_for(order: Order, sure: bool) -> None:
    found = pairs(EIGHT, IN_ORDER, order)
    assert beads(found) == [((n,), (n,)) for n in range(0, 16, 2)]
    assert [pair.score > 0.95 for pair in found] == [sure] * 8  # the scorer of reports says 0.9


def test_in_one_order_nothing_crosses() -> None:
    found = beads(pairs(EIGHT, lone("b", "fr", roughly(7, 0, 1, 2, 3, 4, 5, 6)), "monotone"))
    assert found == [((n,), (n + 2,)) for n in range(0, 14, 2)]


def test_a_pair_of_reports_is_surer_where_a_longer_one_is_likely_too() -> None:
    a = vectors("a", "en", axis(1))
    alone, followed = (pairs(a, made("b", "fr", [near(1, 0.6, 2), axis(9)]))[0] for made in (lone, running))
    assert beads([alone, followed]) == [((0,), (0,))] * 2
    assert (alone.score, followed.score) == (0.6, 0.768)  # 1 - 0.4 * 0.58: both together are likely by 0.42


def test_in_one_order_what_is_less_likely_than_asked_for_is_left_out() -> None:
    scores = [pair.score for pair in pairs(scattered("a", "en", 1), scattered("b", "fr", 2), "monotone", min_score=0)]
    least = sorted(scores)[len(scores) // 2]
    kept = pairs(scattered("a", "en", 1), scattered("b", "fr", 2), "monotone", min_score=least - 0.001)
    assert sorted(pair.score for pair in kept) == [score for score in sorted(scores) if score >= least]


def straight(count: int, swapped: int = 0) -> list[Bead]:
    """So many 1-1 beads in order, less some neighbours that change places."""
    places = list(range(count))
    for n in range(0, 2 * swapped, 2):
        places[n], places[n + 1] = places[n + 1], places[n]
    return [Bead(range(n, n + 1), range(place, place + 1), 1.0) for n, place in enumerate(places)]


@pytest.mark.parametrize(
    ("found", "sentences", "expected"),
    [
        (straight(5), (5, 5), True),
        (straight(4), (4, 4), False),  # too few to tell
        (straight(7), (10, 10), True),
        (straight(7), (10, 11), False),  # seven in ten of the one, but not of the other
        (straight(7), (11, 10), False),
        (straight(20, swapped=1), (20, 20), True),
        (straight(20, swapped=2), (20, 20), False),
        ([*straight(4), Bead(range(4, 7), range(4, 5), 1.0)], (10, 7), True),  # a bead covers all its sentences
        ([], (3, 3), False),
        ([], (0, 3), False),
    ],
)
def test_translations_say_nearly_all_in_nearly_one_order(
    found: list[Bead], sentences: tuple[int, int], expected: bool
) -> None:
    a, b = (
        all_spans(scattered(name, lang, 1, count) if count else bare(name, lang))
        for name, lang, count in zip("ab", ("en", "fr"), sentences, strict=True)
    )
    assert translations(found, a, b) is expected


@pytest.mark.parametrize("order", ORDERS)
def test_titles_are_paired_with_titles_and_never_merged_with_the_body(order: Order) -> None:
    title, lines = Line("titre", axis(9), "title"), [Line("corps", axis(n)) for n in range(1, 7)]
    a = encoded("a", "en", title, *lines)
    b = encoded("b", "fr", title, Line("un deux", between(1, 2)), *lines[2:])
    assert beads(pairs(a, b, order)) == [((0,), (0,)), ((1, 2), (1,)), *(((n,), (n - 1,)) for n in range(3, 7))]
    c = encoded("c", "fr", Line("tout", between(9, 1), "title"), *lines[1:])
    assert all(0 not in left or left == (0,) for left, _ in beads(pairs(a, c, order)))


@pytest.mark.parametrize("order", ORDERS)
def test_a_sentence_that_says_what_the_title_of_the_other_says_is_in_one_bead(order: Order) -> None:
    a = encoded("a", "en", Line("t", axis(1), "title"), *(Line("s", row) for row in (*roughly(1), axis(2), axis(3))))
    b = encoded("b", "fr", Line("t", axis(9), "title"), *(Line("s", axis(n)) for n in (1, 2, 3)))
    used = [n for _, right in beads(pairs(a, b, order)) for n in right]
    assert len(used) == len(set(used))


@pytest.mark.parametrize("order", ORDERS)
def test_titles_that_contradict_are_told(order: Order) -> None:
    a = encoded("a", "en", Line("some 31", axis(9), "title"), *(Line("s", axis(n)) for n in range(1, 7)))
    b = encoded("b", "fr", Line("les 40", axis(9), "title"), *(Line("s", axis(n)) for n in range(1, 7)))
    refused: list[Rejection] = []
    assert beads(pairs(a, b, order, refuse=refused.append)) == [((n,), (n,)) for n in range(1, 7)]
    assert [rejection.reason for rejection in refused] == ["number-mismatch"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_sides_name_sentences_by_their_index_in_the_article(role: Role, order: Order) -> None:
    a = encoded("a", "en", Line("Menu", axis(9), role), Line("one", axis(1)), Line("two", axis(2)))
    b = encoded("b", "fr", Line("un deux", between(1, 2)), Line("Lire aussi", axis(9), role))
    assert beads(pairs(a, b, order)) == [((1, 2), (0,))]


@pytest.mark.parametrize("order", ORDERS)
def test_pairs_that_contradict_are_refused_or_kept_and_flagged(order: Order) -> None:
    a = encoded("a", "en", *(Line(f"this {n} was", axis(n)) for n in range(2, 9)))
    b = encoded("b", "fr", *(Line(f"il y en a {n if n != 5 else 99}", axis(n)) for n in range(2, 9)))
    refused: list[Rejection] = []
    kept = pairs(a, b, order, refuse=refused.append)
    assert beads(kept) == [((n,), (n,)) for n in range(7) if n != 3]
    assert {pair.flags for pair in kept} == {()}
    assert refused == [
        Rejection(
            "align",
            "a.txt",
            "number-mismatch",
            "“this 5 was” is not “il y en a 99” of b.txt; --keep-divergent keeps such pairs",
        )
    ]
    refused.clear()
    every = pairs(a, b, order, keep_divergent=True, refuse=refused.append)
    assert beads(every) == [((n,), (n,)) for n in range(7)]  # in their places
    assert [pair for pair in every if pair.flags != ("number-mismatch",)] == kept
    assert refused == []


def test_a_translation_that_words_a_denial_otherwise_is_kept() -> None:
    a = encoded("a", "en", Line("so Budi said", axis(0)), *(Line("they did not leave", axis(n)) for n in range(1, 7)))
    b = encoded("b", "fr", Line("dit par Sari", axis(0)), *(Line("ils sont partis", axis(n)) for n in range(1, 7)))
    found = pairs(a, b, "monotone", keep_divergent=True)
    assert [pair.flags for pair in found] == [("name-mismatch",), *[()] * 6]


def test_a_refusal_names_the_first_contradiction_and_joins_the_sentences_as_the_language_does() -> None:
    refused: list[Rejection] = []
    a = encoded("a", "en", Line("it took 31 not Budi", between(1, 2)))
    b = encoded("b", "zh", Line("有40人。", axis(1)), Line("是的。", axis(2)))
    assert pairs(a, b, min_score=0.75, refuse=refused.append) == []
    assert [rejection.reason for rejection in refused] == ["number-mismatch"]
    assert "“有40人。是的。”" in refused[0].detail


@pytest.mark.parametrize(
    ("a", "b", "relation", "flagged"),
    [
        ("x" * 30, "y" * 30, "equivalent", False),
        ("x" * 30, "y" * 48, "equivalent", False),
        ("x" * 30, "y" * 49, "partial", False),
        ("x" * 49, "y" * 30, "partial", False),
        ("x" * 30, "y" * 75, "partial", False),
        ("x" * 30, "y" * 76, "partial", True),
        ("x" * 76, "y" * 30, "partial", True),
    ],
)
def test_a_side_that_is_much_longer_says_more(a: str, b: str, relation: str, flagged: bool) -> None:
    pair = one_pair(a, b)
    assert pair.relation == relation
    assert pair.flags == (("length-ratio",) if flagged else ())


@pytest.mark.parametrize(
    ("partial", "relation"), [(0.0, "equivalent"), (0.29, "equivalent"), (0.3, "partial"), (np.nan, "by length")]
)
@pytest.mark.parametrize(("b", "by_length"), [("y" * 30, "equivalent"), ("y" * 90, "partial")])
def test_length_tells_the_relation_only_where_no_model_does(
    partial: float, relation: str, b: str, by_length: str
) -> None:
    a, b_ = encoded("a", "en", Line("x" * 30, axis(1))), encoded("b", "fr", Line(b, axis(1)))
    collection = Collection([a, b_])
    pairing = Pairing(collection, FreeOrder(collection, Told(partial), AS_IT_IS, 0.5), WEIGHTS, 0.5, order="free")
    (pair,) = pairing.among("s-1", [a, b_])(a, b_)
    assert pair.relation == (by_length if relation == "by length" else relation)


@pytest.mark.parametrize(
    ("a", "b", "langs", "flags"),
    [
        ("it took 31 of us", "il a fallu 31 de nous", ("en", "fr"), ()),
        ("it took 31 of us", "il a fallu 40 de nous", ("en", "fr"), ("number-mismatch",)),
        ("it took 31 or 40 of us", "il a fallu 31 de nous", ("en", "fr"), ()),
        ("some 22,118,952 notices", "sekitar 22.118.952 laporan", ("en", "id"), ()),
        ("it cost 1.5 million", "biayanya 1,5 miliar", ("en", "id"), ("number-mismatch",)),
        ("so said Budi then", "ainsi parlait Sari", ("en", "fr"), ("name-mismatch",)),
        ("so said Budi then", "Budi parlait ainsi", ("en", "fr"), ()),
        ("they did not leave", "ils sont partis", ("en", "fr"), ("negation-mismatch",)),
        ("they did not leave", "mereka tidak pergi", ("en", "id"), ()),
        ("AFP - 31", "AFP - 31", ("en", "fr"), ("copied-source",)),
        ("it is 31", f"il y a 40 {'ou' * 20}", ("en", "fr"), ("number-mismatch", "length-ratio")),
    ],
)
def test_flags_tell_what_does_not_agree(a: str, b: str, langs: tuple[str, str], flags: tuple[str, ...]) -> None:
    assert one_pair(a, b, langs, keep_divergent=True).flags == flags


def test_a_loop_of_the_translation_is_told() -> None:
    looped, split = (Line("elle", axis(1), mt_flags=flags) for flags in (("mt-loop", "mt-split"), ("mt-split",)))
    assert one_pair("she", looped).flags == ("mt-loop",)
    assert one_pair(looped, "she", ("fr", "id")).flags == ("mt-loop",)
    assert one_pair("she", split).flags == ()


@pytest.mark.parametrize("order", ORDERS)
def test_identical_texts_are_paired_and_marked_as_copied(order: Order) -> None:
    lines = [Line(f"sentence {chr(96 + n)}", axis(n)) for n in range(1, 7)]
    found = pairs(encoded("a", "en", *lines), encoded("b", "fr", *lines), order)
    assert beads(found) == [((n,), (n,)) for n in range(6)]
    assert {pair.flags for pair in found} == {("copied-source",)}


def test_scores_and_similarities_are_rounded_to_three_decimals() -> None:
    found = pairs(scattered("a", "en", 1), scattered("b", "fr", 2), "monotone", min_score=0.0)
    told = [value for p in found for value in (p.score, p.similarity.direct, p.similarity.margin)]
    assert len({round(value % 0.01, 3) for value in told}) > 3  # they are no round numbers to begin with
    assert told == [round(value, 3) for value in told]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("empty", [0, 1, 2])
def test_an_article_without_content_has_no_pairs(empty: int, order: Order) -> None:
    a = bare("a", "en") if empty != 1 else vectors("a", "en", axis(1))
    b = bare("b", "fr") if empty != 0 else vectors("b", "fr", axis(1))
    assert pairs(a, b, order) == []


@pytest.mark.parametrize("order", ORDERS)
def test_articles_of_a_title_only_are_a_pair_of_titles(order: Order) -> None:
    a, b = (encoded(name, lang, Line("t", axis(1), "title")) for name, lang in (("a", "en"), ("b", "fr")))
    assert beads(pairs(a, b, order)) == [((0,), (0,))]


@pytest.mark.parametrize("order", ORDERS)
def test_pairs_are_the_same_each_time(order: Order) -> None:
    first, again = (pairs(scattered("a", "en", 1), scattered("b", "fr", 2), order, min_score=0.1) for _ in range(2))
    assert first
    assert msgspec.json.encode(again) == msgspec.json.encode(first)
