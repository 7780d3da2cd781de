import math

import numpy as np
import pytest

from by_hand import Line, axis, between, encoded, near, scattered
from samestory import evidence
from samestory.evidence import FEATURES, Collection, Features, spans


def feature(found: Features, name: str) -> Features:
    return found[..., FEATURES.index(name)]


def report(name: str, lang: str, *texts: str):
    """An article whose sentences all have the same vector, so that only their facts differ."""
    return encoded(name, lang, *(Line(text, axis(0)) for text in texts))


@pytest.mark.parametrize(
    ("sentences", "count"),
    [(1, 1), (2, 2 + 1), (3, 3 + 2 + 1), (4, 4 + 3 + 2), (7, 7 + 6 + 5)],
)
def test_spans_are_all_runs_of_one_to_three_sentences(sentences: int, count: int) -> None:
    found = spans(scattered("a", "en", 1, sentences))
    assert len(found.positions) == len(set(found.positions)) == count
    assert len(found.direct) == len(found.facts) == len(found.lengths) == count


def test_single_sentences_come_first_and_in_order() -> None:
    found = spans(scattered("a", "en", 1, 4))
    assert found.positions[:4] == [range(n, n + 1) for n in range(4)]
    assert [len(span) for span in found.positions] == [1, 1, 1, 1, 2, 2, 2, 3, 3]


def test_spans_can_be_held_to_single_sentences() -> None:
    assert [len(span) for span in spans(scattered("a", "en", 1, 4), longest=1).positions] == [1, 1, 1, 1]


def test_a_title_is_never_merged_with_the_body() -> None:
    found = spans(encoded("a", "en", Line("t", axis(0), "title"), Line("b", axis(1)), Line("c", axis(2))))
    assert found.positions == [range(1), range(1, 2), range(2, 3), range(1, 3)]


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_no_span_crosses_what_is_not_body_text(role) -> None:
    lines = [Line("a", axis(1)), Line("b", axis(2)), Line("x", axis(3), role), Line("c", axis(4)), Line("d", axis(5))]
    found = spans(encoded("a", "en", *lines))
    assert found.positions[4:] == [range(2), range(2, 4)]
    assert [[s.index for s in found.sentences(row)] for row in (4, 5)] == [[0, 1], [3, 4]]


def test_a_span_sums_up_its_sentences() -> None:
    found = spans(encoded("a", "en", Line("Ada 12 orang.", axis(1)), Line("ke Bali 3 orang.", axis(2))))
    assert found.direct[2] == pytest.approx(between(1, 2))
    assert found.facts[2].numbers == {"12", "3"}
    assert found.facts[2].names == {"ada", "bali"}
    assert found.lengths.tolist() == [11, 13, 24]  # letters, without spaces
    assert [s.text for s in found.sentences(2)] == ["Ada 12 orang.", "ke Bali 3 orang."]


def test_the_vector_of_every_span_has_length_one() -> None:
    assert np.linalg.norm(spans(scattered("a", "en", 3)).direct, axis=1) == pytest.approx(1.0)


def test_spans_of_an_article_without_english_have_no_english() -> None:
    assert spans(scattered("a", "fr", 1)).english is None


def test_spans_of_an_article_with_english_sum_up_its_vectors_too() -> None:
    lines = [Line("a", axis(1), english_vector=axis(5)), Line("b", axis(2), english_vector=axis(6))]
    english = spans(encoded("a", "fr", *lines)).english
    assert english is not None
    assert english[2] == pytest.approx(between(5, 6))


def similarity(a, b) -> Features:
    return Collection([a, b]).similarity(spans(a, 1), spans(b, 1))


def test_without_english_similarity_is_the_cosine_of_the_originals() -> None:
    a = encoded("a", "en", Line("a", axis(1)), Line("b", axis(2)))
    b = encoded("b", "fr", Line("c", near(1, 0.8, 3)))
    assert similarity(a, b).tolist() == [[pytest.approx(0.8)], [pytest.approx(0.0)]]


def test_english_of_one_side_only_changes_nothing() -> None:
    plain, with_english = Line("a", axis(1)), Line("a", axis(1), english_vector=axis(7))
    other = encoded("b", "fr", Line("c", near(1, 0.8, 3)))
    assert similarity(encoded("a", "en", with_english), other) == similarity(encoded("a", "en", plain), other)


def test_with_english_on_both_sides_a_close_translation_lifts_and_a_far_one_does_not_sink() -> None:
    a = encoded("a", "en", Line("a", axis(1), english_vector=axis(7)))

    def other(cosine: float) -> float:
        line = Line("b", near(1, 0.6, 3), english_vector=near(7, cosine, 8))
        return float(similarity(a, encoded("b", "fr", line))[0, 0])

    assert other(0.1) == pytest.approx(0.6)
    assert other(0.95) > 0.6
    assert other(0.9) - other(0.8) == pytest.approx(0.1 * 0.886 / 2, abs=1e-6)  # half the weight, on the direct scale


def test_a_sentence_without_english_is_compared_on_the_original_alone() -> None:
    english = [Line("a", axis(1), english_vector=axis(7)), Line("b", axis(2))]
    a = encoded("a", "en", *english)
    b = encoded("b", "fr", Line("c", near(2, 0.7, 3), english_vector=axis(8)))
    assert similarity(a, b)[1, 0] == pytest.approx(0.7)
    assert similarity(a, b)[0, 0] == pytest.approx(0.0)


def test_a_sentence_said_twice_is_no_rival_of_its_own() -> None:
    once = [encoded("a", "en", Line("x", axis(1)), Line("y", axis(2))), encoded("b", "fr", Line("u", axis(1)))]
    twice = [once[0], encoded("b", "fr", Line("u", axis(1)), Line("u", axis(1)))]
    leads = [
        Collection(p).features(spans(p[0], 1), spans(p[1], 1))[0, 0, FEATURES.index("lead")] for p in (once, twice)
    ]
    assert leads[0] == pytest.approx(leads[1]) == pytest.approx(1.0)


def test_a_chinese_sentence_is_as_long_as_its_english() -> None:
    a = encoded("a", "zh", Line("渡轮恢复运营", axis(1)))
    b = encoded("b", "en", Line("The ferry is back again", axis(1)))
    found = Collection([a, b]).features(spans(a), spans(b))
    assert found[0, 0, FEATURES.index("length ratio")] < np.log(1.1)


@pytest.mark.parametrize(("sentences", "with_term"), [(100, 1), (100, 10), (1000, 2)])
def test_a_rarer_term_says_more_and_never_more_than_one(sentences: int, with_term: int) -> None:
    texts = [f"ini {'Mawar' if n < with_term else 'Melati'} itu" for n in range(sentences)]
    collection = Collection([report("a", "id", *texts)])
    assert 0.0 < collection.surprise("melati") < collection.surprise("mawar") <= 1.0


def test_a_term_of_every_sentence_says_nothing() -> None:
    assert Collection([report("a", "id", "di Bali", "ke Bali")]).surprise("bali") == 0.0


def test_what_a_term_says_falls_with_the_square_of_how_common_it_is() -> None:
    collection = Collection([report("a", "id", "pada 77 orang", *["begitu saja"] * 19)])
    assert collection.surprise("77") == pytest.approx((math.log(20) / 6) ** 2)


def test_the_rarest_terms_all_say_one() -> None:
    texts = ["pada 77 orang", *["begitu saja"] * 999]
    assert Collection([report("a", "id", *texts)]).surprise("77") == 1.0


def test_hubness_is_the_mean_similarity_to_the_four_nearest() -> None:
    a = encoded("a", "en", Line("a", axis(1)))
    cosines = [0.9, 0.1, 0.7, 0.3, 0.5, 0.2]
    b = encoded("b", "fr", *(Line("b", near(1, cosine, 2)) for cosine in cosines))
    assert Collection([a, b]).hubness(spans(a), "fr") == pytest.approx([(0.9 + 0.7 + 0.5 + 0.3) / 4])


def test_hubness_takes_what_neighbours_there_are() -> None:
    a, b = encoded("a", "en", Line("a", axis(1))), encoded("b", "fr", Line("b", near(1, 0.6, 2)))
    assert Collection([a, b]).hubness(spans(a), "fr") == pytest.approx([0.6])


def test_an_article_is_no_neighbour_of_its_own() -> None:
    a = encoded("a", "en", Line("a", axis(1)))
    other = encoded("b", "en", Line("b", near(1, 0.25, 2)))
    assert Collection([a, other]).hubness(spans(a), "en") == pytest.approx([0.25])


def test_the_background_is_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_BACKGROUND", 2)
    a = encoded("a", "en", Line("a", axis(1)))
    b = encoded("b", "fr", *(Line("b", near(1, cosine, 2)) for cosine in (0.8, 0.9, 0.4, 0.9)))
    assert Collection([a, b]).hubness(spans(a), "fr") == pytest.approx([(0.8 + 0.4) / 2])


def test_the_background_may_hold_articles_with_and_without_english() -> None:
    a = encoded("a", "en", Line("a", axis(1), english_vector=axis(7)))
    plain = encoded("b", "fr", Line("b", near(1, 0.6, 2)))
    translated = encoded("c", "fr", Line("c", near(1, 0.6, 2), english_vector=axis(7)))
    expected = (0.6 + (0.6 + 0.886 - 0.022) / 2) / 2
    assert Collection([a, plain, translated]).hubness(spans(a), "fr") == pytest.approx([expected], abs=1e-6)


def test_margin_is_similarity_over_the_mean_of_both_sides_neighbours() -> None:
    a = encoded("a", "en", Line("a", axis(1)))
    b = encoded("b", "fr", Line("b", near(1, 0.8, 2)), Line("c", near(1, 0.4, 3)))
    found = feature(Collection([a, b]).features(spans(a, 1), spans(b, 1)), "margin")
    assert found[0] == pytest.approx([0.8 / ((0.6 + 0.8) / 2), 0.4 / ((0.6 + 0.4) / 2)])


def test_margin_stays_finite_where_nothing_is_alike() -> None:
    a, b = encoded("a", "en", Line("a", axis(1))), encoded("b", "fr", Line("b", axis(2)))
    assert feature(Collection([a, b]).features(spans(a), spans(b)), "margin").tolist() == [[0.0]]


def test_lead_is_what_a_pair_has_over_the_best_rival_outside_it() -> None:
    a, b = scattered("a", "en", 5, 4), scattered("b", "fr", 6, 5)
    left, right = spans(a), spans(b)
    collection = Collection([a, b])
    similar = collection.similarity(left, right)
    lead = feature(collection.features(left, right), "lead")
    for i, one in enumerate(left.positions):
        for j, other in enumerate(right.positions):
            rivals = [similar[i, n] for n in range(5) if n not in other]
            rivals += [similar[n, j] for n in range(4) if n not in one]
            assert lead[i, j] == pytest.approx(similar[i, j] - max(rivals, default=0.0))


def test_without_a_rival_the_lead_is_the_similarity() -> None:
    a, b = encoded("a", "en", Line("a", axis(1))), encoded("b", "fr", Line("b", near(1, 0.6, 2)))
    assert feature(Collection([a, b]).features(spans(a), spans(b)), "lead") == pytest.approx(0.6)


def test_a_number_in_common_counts_however_it_is_written() -> None:
    a = report("a", "en", "some 22,118,952 notices", "some 31 notices")
    b = report("b", "fr", "quelque 22 118 952 signalements", "quelque 4 signalements")
    shared = feature(Collection([a, b]).features(spans(a, 1), spans(b, 1)), "shared numbers")
    assert shared[0, 0] > 0
    assert np.count_nonzero(shared) == 1


def test_a_rarer_number_in_common_counts_more() -> None:
    a = report("a", "en", "in 2021 came 31", "in 2021", "in 2021 more", "none")
    b = report("b", "fr", "en 2021", "les 31", "rien")
    shared = feature(Collection([a, b]).features(spans(a, 1), spans(b, 1)), "shared numbers")
    assert 0 < shared[1, 0] < shared[0, 1]


@pytest.mark.parametrize(
    ("other", "held_against"),
    [("quelque 40 gens", True), ("des gens", False), ("quelque 31 gens", False), ("de 31 à 40 gens", False)],
)
def test_numbers_are_held_against_a_pair_only_where_either_side_has_one_of_its_own(
    other: str, held_against: bool
) -> None:
    a, b = report("a", "en", "some 31 people"), report("b", "fr", other)
    rest = report("c", "id", "satu", "dua", "tiga")
    found = feature(Collection([a, b, rest]).features(spans(a), spans(b)), "numbers of one side only")
    assert bool(found[0, 0] > 0) is held_against


def test_names_are_weighed_like_numbers() -> None:
    a = report("a", "en", "said Budi of l'Amazon", "so it was")
    b = report("b", "fr", "dit Budi de l’Amazon", "dit Sari")
    found = Collection([a, b]).features(spans(a, 1), spans(b, 1))
    assert feature(found, "shared names")[0, 0] > 0
    assert feature(found, "shared names")[0, 1] == 0
    assert feature(found, "names of one side only")[0, 0] == 0
    assert feature(found, "names of one side only")[0, 1] > 0
    assert feature(found, "names of one side only")[1, 1] == 0


def test_length_ratio_is_the_same_whichever_side_is_longer() -> None:
    a, b = report("a", "en", "x" * 10, "x" * 30), report("b", "fr", "y" * 30, "y" * 10)
    found = feature(Collection([a, b]).features(spans(a, 1), spans(b, 1)), "length ratio")
    assert found == pytest.approx(np.array([[math.log(3), 0], [0, math.log(3)]]))


def test_evidence_has_a_value_for_each_span_with_each_span_and_feature() -> None:
    a, b = scattered("a", "en", 1, 3), scattered("b", "fr", 2, 1)
    found = Collection([a, b]).features(spans(a), spans(b))
    assert found.shape == (6, 1, len(FEATURES))
    assert np.isfinite(found).all()


def test_texts_without_numbers_or_names_have_evidence_all_the_same() -> None:
    a, b = report("a", "en", "so it goes"), report("b", "fr", "ainsi va la vie")
    found = Collection([a, b]).features(spans(a), spans(b))
    assert found[0, 0] == pytest.approx([1, 1, 1, 0, 0, 0, 0, math.log(15 / 10)])


def test_evidence_is_the_same_seen_from_either_side() -> None:
    a, b = scattered("a", "en", 1, 3), scattered("b", "fr", 2, 5)
    collection = Collection([a, b, scattered("c", "en", 3), scattered("d", "fr", 4)])
    left, right = spans(a), spans(b)
    assert collection.features(left, right) == pytest.approx(collection.features(right, left).transpose(1, 0, 2))


def test_evidence_is_the_same_each_time_and_for_any_order_of_articles() -> None:
    a, b, c = scattered("a", "en", 1), scattered("b", "fr", 2), scattered("c", "fr", 3)
    first = Collection([a, b, c]).features(spans(a), spans(b))
    again = Collection([a, b, c])
    assert again.features(spans(a), spans(b)).tobytes() == first.tobytes()
    assert again.features(spans(a), spans(b)).tobytes() == first.tobytes()  # from what it keeps
    assert Collection([c, b, a]).features(spans(a), spans(b)) == pytest.approx(first)


def test_an_article_that_fills_the_background_can_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_BACKGROUND", 2)
    a, b = scattered("a", "en", 1, 8), scattered("b", "en", 2, 1)
    assert np.isfinite(Collection([a, b]).features(spans(a, 1), spans(b, 1))).all()
