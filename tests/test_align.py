import itertools
import warnings
from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from by_hand import Line, article, axis, between, encoded, near, scattered
from samestory.align import Bead, FreeOrder, align, select
from samestory.evidence import FEATURES, Collection, spans
from samestory.records import Encoded, Pair, Story
from samestory.scorer import Logistic
from samestory.stories import STORY_FEATURES


def by_similarity(weight: float = 20.0, even: float = 0.6) -> Logistic:
    """A scorer for which the similarity `even` is as likely right as wrong, and nothing else counts."""
    weights = tuple(weight if name == "similarity" else 0.0 for name in FEATURES)
    return Logistic(FEATURES, weights, -weight * even)


def pairs(a: Encoded, b: Encoded, min_score: float = 0.5) -> list[Pair]:
    return list(FreeOrder(Collection([a, b]), by_similarity(), min_score).pairs("s-1", a, b))


def beads(found: Sequence[Pair]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return sorted((pair.sides[0].sentences, pair.sides[1].sentences) for pair in found)


def vectors(name: str, lang: str, *rows) -> Encoded:
    return encoded(name, lang, *(Line(f"{name} {n}", row) for n, row in enumerate(rows)))


def one_pair(a: str, b: str, langs: tuple[str, str] = ("en", "fr"), **more) -> Pair:
    """The pair of two articles of one sentence each that mean the same."""
    left, right = encoded("a", langs[0], Line(a, axis(1), **more)), encoded("b", langs[1], Line(b, axis(1), **more))
    (pair,) = pairs(left, right)
    return pair


def test_two_articles_of_one_sentence_make_one_pair() -> None:
    pair = one_pair("it burned", "elle a brûlé")
    assert (pair.story, pair.languages) == ("s-1", ("en", "fr"))
    assert [(side.article, side.sentences) for side in pair.sides] == [("a", (0,)), ("b", (0,))]
    assert pair.relation == "equivalent"
    assert pair.flags == ()


def test_sentences_that_are_not_alike_make_no_pair() -> None:
    assert pairs(vectors("a", "en", axis(1)), vectors("b", "fr", axis(2))) == []


def test_alignment_is_free_of_order() -> None:
    a = vectors("a", "en", axis(1), axis(2), axis(3), axis(4))
    b = vectors("b", "fr", axis(4), axis(2), axis(9), axis(1), axis(3))
    assert beads(pairs(a, b)) == [((0,), (3,)), ((1,), (1,)), ((2,), (4,)), ((3,), (0,))]


def test_a_sentence_that_says_what_two_say_is_paired_with_both() -> None:
    one, two = vectors("a", "en", axis(5), between(1, 2)), vectors("b", "fr", axis(1), axis(2), axis(6))
    assert beads(pairs(one, two)) == [((1,), (0, 1))]
    assert beads(pairs(two, one)) == [((0, 1), (1,))]


def test_a_sentence_that_says_what_three_say_is_paired_with_all() -> None:
    one, three = vectors("a", "en", between(1, 2, 3)), vectors("b", "fr", axis(1), axis(2), axis(3))
    assert beads(pairs(one, three)) == [((0,), (0, 1, 2))]
    assert beads(pairs(three, one)) == [((0, 1, 2), (0,))]


def test_no_bead_has_four_sentences_on_a_side() -> None:
    one, four = vectors("a", "en", between(1, 2, 3, 4)), vectors("b", "fr", axis(1), axis(2), axis(3), axis(4))
    assert max(len(side) for _, side in beads(pairs(one, four))) == 3


def test_two_sentences_that_say_the_same_as_two_make_two_pairs() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1), axis(2))
    assert beads(pairs(a, b)) == [((0,), (0,)), ((1,), (1,))]


@pytest.mark.parametrize(("weight", "chosen"), [(20.0, (0,)), (40.0, (0, 1))])
def test_a_longer_bead_must_earn_the_sentence_it_adds(weight: float, chosen: tuple[int, ...]) -> None:
    a, b = vectors("a", "en", near(1, 0.98, 2)), vectors("b", "fr", axis(1), near(1, 0.9, 2))
    aligner = FreeOrder(Collection([a, b]), by_similarity(weight), 0.5)  # 0.98 with the first, 1.00 with both
    assert beads(list(aligner.pairs("s-1", a, b))) == [((0,), chosen)]


@pytest.mark.parametrize(("cost_covered", "chosen"), [(0.01, [range(1)]), (0.2, [range(2)])])
def test_the_cost_of_a_sentence_more_is_in_log_odds(cost_covered: float, chosen: list[range]) -> None:
    a, b = spans(vectors("a", "en", axis(1))), spans(vectors("b", "fr", axis(1), axis(2)))
    taken = select(a, b, [Bead(0, 0, 0.6), Bead(0, 2, 0.6 + cost_covered)])
    assert [b.positions[bead.column] for bead in taken] == chosen


def test_the_surest_candidate_claims_its_sentences_first() -> None:
    a, b = vectors("a", "en", near(1, 0.8, 3), near(1, 0.95, 4)), vectors("b", "fr", axis(1))
    assert beads(pairs(a, b)) == [((1,), (0,))]


@pytest.mark.parametrize("score", [1.0, 1 - 1e-12])
def test_candidates_that_are_certain_are_selected_too(score: float) -> None:
    a, b = spans(vectors("a", "en", axis(1))), spans(vectors("b", "fr", axis(1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert select(a, b, [Bead(0, 0, score)]) == [Bead(0, 0, score)]


def test_no_candidates_no_beads() -> None:
    a, b = spans(vectors("a", "en", axis(1))), spans(vectors("b", "fr", axis(1)))
    assert select(a, b, []) == []


@pytest.mark.parametrize("seed", range(8))
def test_each_sentence_is_in_one_bead_at_most_and_every_bead_is_of_an_allowed_shape(seed: int) -> None:
    a, b = scattered("a", "en", seed, 9), scattered("b", "fr", seed + 100, 7)
    found = pairs(a, b, min_score=0.05)
    assert len(found) > 2
    for side in (0, 1):
        used = Counter(n for pair in found for n in pair.sides[side].sentences)
        assert set(used.values()) == {1}
    for left, right in beads(found):
        assert min(len(left), len(right)) == 1
        assert max(len(left), len(right)) <= 3
        for run in (left, right):
            assert run == tuple(range(run[0], run[-1] + 1))


@pytest.mark.parametrize("min_score", [0.2, 0.5, 0.9])
def test_no_pair_scores_below_the_threshold(min_score: float) -> None:
    found = pairs(scattered("a", "en", 1), scattered("b", "fr", 2), min_score)
    assert found
    assert min(pair.score for pair in found) >= min_score


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_a_bead_never_bridges_what_stands_between_sentences(role) -> None:
    a = vectors("a", "en", between(1, 2))
    b = encoded("b", "fr", Line("un", axis(1)), Line("Lire aussi", between(1, 2), role), Line("deux", axis(2)))
    assert [right for _, right in beads(pairs(a, b))] in ([(0,)], [(2,)])


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_what_is_no_content_is_never_paired(role) -> None:
    a = encoded("a", "en", Line("Read more", axis(1), role), Line("so it was", axis(2)))
    b = encoded("b", "fr", Line("ainsi", axis(2)), Line("Lire aussi", axis(1), role))
    assert beads(pairs(a, b)) == [((1,), (0,))]


def test_a_title_is_never_merged_with_the_body() -> None:
    a = encoded("a", "en", Line("two in one", between(1, 2)))
    b = encoded("b", "fr", Line("titre", axis(1), "title"), Line("corps", axis(2)), Line("reste", axis(9)))
    assert [right for _, right in beads(pairs(a, b))] in ([(0,)], [(1,)])


def test_a_title_is_paired_with_a_title_that_says_the_same() -> None:
    a = encoded("a", "en", Line("title", axis(1), "title"), Line("body", axis(2)))
    b = encoded("b", "fr", Line("titre", axis(1), "title"), Line("corps", axis(2)))
    assert beads(pairs(a, b)) == [((0,), (0,)), ((1,), (1,))]


def test_sides_name_sentences_by_their_index_in_the_article() -> None:
    a = encoded("a", "en", Line("Menu", axis(9), "furniture"), Line("one", axis(1)), Line("two", axis(2)))
    b = encoded("b", "fr", Line("un et deux", between(1, 2)))
    assert beads(pairs(a, b)) == [((1, 2), (0,))]


def test_without_english_the_similarity_in_english_is_null() -> None:
    similarity = one_pair("it burned", "elle a brûlé").similarity
    assert similarity.english is None
    assert similarity.direct == 1.0


@pytest.mark.parametrize("missing", [0, 1])
def test_with_english_on_one_side_only_it_is_null_too(missing: int) -> None:
    sides = [Line("one", axis(1), english_vector=axis(7)), Line("un", axis(1), english_vector=axis(7))]
    sides[missing] = sides[missing]._replace(english_vector=None)
    (pair,) = pairs(encoded("a", "en", sides[0]), encoded("b", "fr", sides[1]))
    assert pair.similarity.english is None


def test_with_english_on_both_sides_both_cosines_are_told() -> None:
    a = encoded("a", "en", Line("one", axis(1), english_vector=axis(7)))
    b = encoded("b", "fr", Line("un", near(1, 0.9, 2), english_vector=near(7, 0.8, 8)))
    (pair,) = pairs(a, b)
    assert (pair.similarity.direct, pair.similarity.english) == (0.9, 0.8)


def test_a_sentence_without_english_is_still_paired_by_the_original() -> None:
    a = encoded("a", "en", Line("one", axis(1), english_vector=axis(7)), Line("two", axis(2), english_vector=axis(8)))
    b = encoded("b", "fr", Line("un", axis(1), english_vector=axis(7)), Line("deux", axis(2)))
    assert beads(pairs(a, b)) == [((0,), (0,)), ((1,), (1,))]


def test_scores_and_similarities_are_rounded_to_three_decimals() -> None:
    found = pairs(scattered("a", "en", 1), scattered("b", "fr", 2), min_score=0.2)
    told = [value for p in found for value in (p.score, p.similarity.direct, p.similarity.margin)]
    assert len({round(value % 0.01, 3) for value in told}) > 3  # they are no round numbers to begin with
    assert told == [round(value, 3) for value in told]


@pytest.mark.parametrize(
    ("a", "b", "relation", "flagged"),
    [
        ("x" * 30, "y" * 30, "equivalent", False),
        ("x" * 30, "y" * 45, "equivalent", False),
        ("x" * 30, "y" * 51, "partial", False),
        ("x" * 51, "y" * 30, "partial", False),
        ("x" * 30, "y" * 72, "partial", False),
        ("x" * 30, "y" * 78, "partial", True),
        ("x" * 78, "y" * 30, "partial", True),
    ],
)
def test_a_side_that_is_much_longer_says_more(a: str, b: str, relation: str, flagged: bool) -> None:
    pair = one_pair(a, b)
    assert pair.relation == relation
    assert ("length-ratio" in pair.flags) is flagged


@pytest.mark.parametrize(
    ("a", "b", "langs", "flags"),
    [
        ("it took 31 of us", "il a fallu 31 de nous", ("en", "fr"), ()),
        ("it took 31 of us", "il a fallu 40 de nous", ("en", "fr"), ("number-mismatch",)),
        ("it took 31 of us", "il a fallu du monde", ("en", "fr"), ()),
        ("it took 31 of us", "il a fallu 31 gens et 40", ("en", "fr"), ()),
        ("it took 31 or 40 of us", "il a fallu 31 de nous", ("en", "fr"), ()),
        ("some 22,118,952 notices", "sekitar 22.118.952 laporan", ("en", "id"), ()),
        ("it cost 1.5 million", "biayanya 1,5 juta", ("en", "id"), ()),
        ("it cost 1.5 million", "biayanya 1,5 miliar", ("en", "id"), ("number-mismatch",)),
        ("so said Budi then", "ainsi parlait Budi", ("en", "fr"), ()),
        ("so said Budi then", "ainsi parlait Sari", ("en", "fr"), ("name-mismatch",)),
        ("so said Budi then", "ainsi parlait-il", ("en", "fr"), ()),
        ("so said Budi then", "Budi parlait ainsi", ("en", "fr"), ()),
        ("Budi met Sari then", "alors parlait Budi", ("en", "fr"), ()),
        ("the café by l'Orme", "le café de l’Orme", ("en", "fr"), ()),
        ("they did not leave", "ils sont partis", ("en", "fr"), ("negation-mismatch",)),
        ("they left at last", "mereka tidak pergi", ("en", "id"), ("negation-mismatch",)),
        ("they did not leave", "mereka tidak pergi", ("en", "id"), ()),
        ("sie gingen nicht", "they left at last", ("de", "en"), ()),
        ("AFP - 31", "AFP - 31", ("en", "fr"), ("copied-source",)),
        (
            "it took 31 not Budi",
            "il a fallu 40, Sari",
            ("en", "fr"),
            ("number-mismatch", "name-mismatch", "negation-mismatch"),
        ),
    ],
)
def test_flags_tell_what_does_not_agree(a: str, b: str, langs: tuple[str, str], flags: tuple[str, ...]) -> None:
    assert one_pair(a, b, langs).flags == flags


def test_a_loop_of_the_translation_is_told() -> None:
    assert one_pair("it burned", "elle a brûlé", mt_flags=("mt-loop", "mt-split")).flags == ("mt-loop",)
    assert one_pair("it burned", "elle a brûlé", mt_flags=("mt-split",)).flags == ()


def test_identical_texts_are_paired_and_marked_as_copied() -> None:
    lines = [Line(f"sentence {n}", axis(n)) for n in range(1, 5)]
    found = pairs(encoded("a", "en", *lines), encoded("b", "fr", *lines))
    assert beads(found) == [((n,), (n,)) for n in range(4)]
    assert {pair.flags for pair in found} == {("copied-source",)}


def test_a_scorer_fitted_on_other_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="fit it again"):
        FreeOrder(Collection([]), Logistic(STORY_FEATURES, (0.0,) * len(STORY_FEATURES), 0.0), 0.5)


def test_alignment_is_the_same_each_time() -> None:
    first = pairs(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1)
    assert msgspec.json.encode(pairs(scattered("a", "en", 1), scattered("b", "fr", 2), 0.1)) == msgspec.json.encode(
        first
    )


class AllPairs:
    """An aligner that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []

    def pairs(self, story: str, a: Encoded, b: Encoded):
        self.asked.append((story, a.article.id, b.article.id))
        yield from pairs(a, b)


def asked(langs: dict[str, str], *stories: Story) -> list[tuple[str, str, str]]:
    aligner = AllPairs()
    list(align(stories, {name: vectors(name, lang, axis(1)) for name, lang in langs.items()}, aligner))
    return aligner.asked


def story(name: str, *articles: str) -> Story:
    return Story(name, articles, (), 1.0)


def test_every_two_articles_of_a_story_in_different_languages_are_aligned_in_order_of_language() -> None:
    langs = {"1": "id", "2": "fr", "3": "en", "4": "fr"}
    assert asked(langs, story("s", "1", "2", "3", "4")) == [
        ("s", "3", "2"),
        ("s", "3", "4"),
        ("s", "3", "1"),
        ("s", "2", "1"),
        ("s", "4", "1"),
    ]


def test_the_order_of_articles_in_a_story_does_not_matter() -> None:
    langs = {"1": "id", "2": "fr", "3": "en"}
    every = [asked(langs, story("s", *order)) for order in itertools.permutations(langs)]
    assert len(every[0]) == 3
    assert all(one == every[0] for one in every)


def test_articles_of_different_stories_are_not_aligned() -> None:
    langs = {"1": "en", "2": "fr", "3": "en", "4": "fr"}
    assert asked(langs, story("s", "1", "2"), story("t", "3", "4")) == [("s", "1", "2"), ("t", "3", "4")]


def test_articles_in_one_language_only_are_not_aligned() -> None:
    assert asked({"1": "en", "2": "en"}, story("s", "1", "2")) == []


def test_no_stories_no_pairs() -> None:
    assert list(align([], {}, AllPairs())) == []


def test_articles_made_by_hand_fold_to_their_sentences() -> None:
    made = article("a", "en", ["so it was", "then"])
    assert [" ".join(made.text[s.start : s.end].split()) for s in made.sentences] == ["so it was", "then"]
    assert np.linalg.norm(scattered("a", "en", 1).direct, axis=1) == pytest.approx(1.0)


def test_a_threshold_of_zero_admits_no_beads_of_many_with_many() -> None:
    a, b = spans(vectors("a", "en", axis(1), axis(2))), spans(vectors("b", "fr", axis(3), axis(4)))
    collection = Collection([a.encoded, b.encoded])
    found = FreeOrder(collection, by_similarity(), 0.0).candidates(a, b, collection.features(a, b))
    assert {(len(a.positions[bead.row]), len(b.positions[bead.column])) for bead in found} == {(1, 1), (1, 2), (2, 1)}


def test_pairs_come_in_the_order_of_the_first_article() -> None:
    a, b = vectors("a", "en", axis(1), axis(2), axis(3)), vectors("b", "fr", axis(3), between(1, 2))
    assert [pair.sides[0].sentences for pair in pairs(a, b)] == [(0, 1), (2,)]


def test_the_similarity_in_english_is_null_for_a_sentence_without_english() -> None:
    a = encoded("a", "en", Line("one", axis(1), english_vector=axis(7)), Line("two", axis(2), english_vector=axis(8)))
    b = encoded("b", "fr", Line("un", axis(1), english_vector=axis(7)), Line("deux", axis(2)))
    assert [pair.similarity.english for pair in pairs(a, b)] == [1.0, None]


def test_the_similarity_in_english_is_null_for_a_bead_of_which_a_sentence_has_none() -> None:
    a = encoded("a", "en", Line("one", between(1, 2), english_vector=axis(7)))
    b = encoded("b", "fr", Line("un", axis(1), english_vector=axis(7)), Line("deux", axis(2)))
    (pair,) = pairs(a, b)
    assert (pair.sides[1].sentences, pair.similarity.english) == ((0, 1), None)


def test_no_similarity_is_minus_zero() -> None:
    a = encoded("a", "en", Line("one", axis(1), english_vector=axis(7)))
    b = encoded("b", "fr", Line("un", axis(1), english_vector=near(7, -1e-4, 8)))
    (pair,) = pairs(a, b, 0.01)
    assert str(pair.similarity.english) == "0.0"
