"""What a collection says: how rare a term is, and what similarity is usual."""

from __future__ import annotations

import math

import pytest

from by_hand import Line, axis, bare, encoded, near, scattered, vectors
from samestory import collection as module
from samestory.collection import Collection, terms
from samestory.facts import facts
from samestory.records import Encoded
from samestory.spans import Spans, all_spans
from samestory.stems import stems


def report(name: str, lang: str, *texts: str) -> Encoded:
    return encoded(name, lang, *(Line(text, axis(0)) for text in texts))


def single(encoded_: Encoded) -> Spans:
    return all_spans(encoded_, longest=1)


def test_terms_are_numbers_and_names() -> None:
    assert terms(facts("ada 12 orang di Bali", "id")) == {"12", "bali"}


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


def test_a_term_is_counted_in_all_articles_however_it_is_written() -> None:
    collection = Collection([report("a", "id", "ada 1.500 orang", "begitu"), report("b", "en", "some 1,500", "so")])
    assert collection.surprise("1500") == pytest.approx((math.log(4 / 2) / 6) ** 2)


def test_the_rarest_terms_all_say_one() -> None:
    texts = ["pada 77 orang", *["begitu saja"] * 999]
    assert Collection([report("a", "id", *texts)]).surprise("77") == 1.0


def test_a_term_that_no_sentence_has_is_as_rare_as_one_of_a_single_sentence() -> None:
    collection = Collection([report("a", "id", "pada 77 orang", "begitu saja")])
    assert collection.surprise("78") == collection.surprise("77")


def test_in_no_articles_nothing_is_surprising() -> None:
    assert Collection([]).surprise("77") == 0.0


def test_a_word_of_english_says_the_less_the_more_sentences_have_it() -> None:
    said = [Line("satu", axis(0), "body", text) for text in ("the ferry", "the ferries sank", "the storm")]
    collection = Collection([encoded("a", "id", *said), encoded("b", "en", Line("begitu", axis(0)))])
    stem = next(iter(stems("ferries")))
    assert collection.stem_surprise("the") == pytest.approx(math.log(4 / 3))
    assert collection.stem_surprise(stem) == pytest.approx(math.log(4 / 2))
    assert collection.stem_surprise("never said") == collection.stem_surprise("storm") == pytest.approx(math.log(4))


def test_the_rarest_words_all_say_the_same() -> None:
    said = [Line("satu", axis(0), "body", "the storm" if n < 2 else "a ferry") for n in range(1000)]
    collection = Collection([encoded("a", "id", *said)])
    assert collection.stem_surprise("storm") == collection.stem_surprise("never said") == 6.0


def test_english_that_cannot_be_trusted_is_not_counted() -> None:
    said = [Line("satu", axis(0), "body", "the ferry", None, flags) for flags in ((), ("mt-loop",))]
    assert Collection([encoded("a", "id", *said)]).stem_surprise("ferri") == pytest.approx(math.log(2))
    assert Collection([encoded("a", "id", *said[1:])]).stem_surprise("ferri") == 0.0


def test_the_centre_is_the_mean_of_the_sentences_of_a_language() -> None:
    collection = Collection(
        [vectors("a", "en", axis(0), axis(1)), vectors("b", "en", axis(0)), vectors("c", "fr", axis(3))]
    )
    assert collection.centre("en").tolist() == pytest.approx((2 * axis(0) / 3 + axis(1) / 3).tolist())
    assert collection.centre("fr").tolist() == axis(3).tolist()
    assert collection.centre("id").tolist() == [0.0]  # which takes nothing off


def test_the_hub_is_the_mean_similarity_to_the_four_nearest() -> None:
    a = vectors("a", "en", axis(1))
    b = vectors("b", "fr", *(near(1, cosine, 2) for cosine in (0.9, 0.1, 0.7, 0.3, 0.5, 0.2)))
    assert Collection([a, b]).hub(all_spans(a), "fr", "direct") == pytest.approx([(0.9 + 0.7 + 0.5 + 0.3) / 4])


def test_the_hub_takes_what_neighbours_there_are() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.6, 2))
    assert Collection([a, b]).hub(all_spans(a), "fr", "direct") == pytest.approx([0.6])


def test_every_span_has_a_hub_of_its_own() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(1))
    assert Collection([a, b]).hub(all_spans(a), "fr", "direct") == pytest.approx([1, 0, 0.5**0.5])


def test_an_article_is_no_neighbour_of_its_own() -> None:
    a, other = vectors("a", "en", axis(1)), vectors("b", "en", near(1, 0.25, 2))
    assert Collection([a, other]).hub(all_spans(a), "en", "direct") == pytest.approx([0.25])


def test_the_only_article_of_a_language_is_its_own_neighbour_for_want_of_another() -> None:
    a = vectors("a", "en", axis(1))
    assert Collection([a]).hub(all_spans(a), "en", "direct") == pytest.approx([1.0])


def test_the_background_is_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKGROUND", 2)
    a = vectors("a", "en", axis(1))
    b = vectors("b", "fr", *(near(1, cosine, 2) for cosine in (0.8, 0.9, 0.4, 0.9)))
    assert Collection([a, b]).hub(all_spans(a), "fr", "direct") == pytest.approx([(0.8 + 0.4) / 2])


def test_an_article_that_fills_the_background_can_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKGROUND", 2)
    a, b = vectors("a", "en", *(axis(n) for n in range(8))), vectors("b", "en", axis(9))
    # of the nine sentences the first and the sixth are kept, both of the article itself
    assert Collection([a, b]).hub(single(a), "en", "direct") == pytest.approx([0.5, 0, 0, 0, 0, 0.5, 0, 0])


def test_sentences_are_compared_in_english_with_those_that_have_english() -> None:
    a = encoded("a", "en", Line("a", axis(1), english_vector=axis(7)))
    plain = encoded("b", "fr", Line("b", near(1, 0.6, 2)))
    mixed = encoded("c", "fr", Line("c", axis(1), english_vector=near(7, 0.8, 8)), Line("d", near(1, 0.2, 2)))
    collection = Collection([a, plain, mixed])
    assert collection.hub(all_spans(a), "fr", "english") == pytest.approx([0.8])
    assert collection.hub(all_spans(a), "fr", "direct") == pytest.approx([(0.6 + 1.0 + 0.2) / 3])


def test_what_has_no_english_has_no_hub_in_it() -> None:
    a, b = vectors("a", "en", axis(1)), encoded("b", "fr", Line("b", axis(1), english_vector=axis(7)))
    collection = Collection([a, b])
    assert collection.hub(all_spans(a), "fr", "english").tolist() == [0.0]
    assert collection.hub(all_spans(b), "en", "english").tolist() == [0.0]


def test_a_language_that_no_article_is_in_has_no_neighbours() -> None:
    a = vectors("a", "en", axis(1), axis(2))
    assert Collection([a]).hub(all_spans(a), "de", "direct").tolist() == [0.0, 0.0, 0.0]


def test_an_article_without_content_has_no_hubs_and_is_in_no_background() -> None:
    a, none = vectors("a", "en", axis(1)), bare("b", "fr")
    collection = Collection([a, none])
    assert collection.hub(all_spans(none), "en", "direct").tolist() == []
    assert collection.hub(all_spans(a), "fr", "direct").tolist() == [0.0]


def test_the_level_is_near_the_best_of_the_matches() -> None:
    a = vectors("a", "en", axis(1), axis(2), axis(3))
    b = vectors("b", "fr", *(near(n, cosine, n + 3) for n, cosine in ((3, 0.5), (1, 0.9), (2, 0.7))))
    # nine in ten of the way from the first to the last: four fifths of that from the second to the last
    assert Collection([a, b]).level("en", "fr") == pytest.approx(0.7 + 0.8 * 0.2)


@pytest.mark.parametrize("langs", [("en", "fr"), ("fr", "en")])
def test_what_is_nearest_one_way_only_is_no_match(langs: tuple[str, str]) -> None:
    a, b = vectors("a", langs[0], axis(1)), vectors("b", langs[1], near(1, 0.9, 2), near(1, 0.3, 3))
    assert Collection([a, b]).level("en", "fr") == pytest.approx(0.9)


def test_the_level_is_of_two_languages_whatever_their_order_and_of_all_their_articles() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.5, 2))
    c, d = vectors("c", "en", axis(3)), vectors("d", "fr", near(3, 0.9, 4))
    other = vectors("e", "id", axis(1), axis(3))
    collection = Collection([a, b, c, d, other])
    assert collection.level("en", "fr") == collection.level("fr", "en") == pytest.approx(0.5 + 0.9 * 0.4)
    assert collection.level("en", "id") == pytest.approx(1.0)
    assert collection.level("fr", "id") == pytest.approx(0.5 + 0.9 * 0.4)


def test_in_one_language_the_level_is_of_different_articles() -> None:
    a, b = vectors("a", "en", axis(1), axis(2), near(1, 0.95, 2)), vectors("b", "en", near(2, 0.6, 3))
    assert Collection([a, b]).level("en", "en") == pytest.approx(0.6)


def test_the_level_is_of_the_originals_and_not_of_their_english() -> None:
    a = encoded("a", "en", Line("a", axis(1), english_vector=axis(7)))
    b = encoded("b", "fr", Line("b", near(1, 0.4, 2), english_vector=axis(7)))
    assert Collection([a, b]).level("en", "fr") == pytest.approx(0.4)


def test_the_level_is_of_the_thinned_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKGROUND", 2)
    a = vectors("a", "en", axis(1), axis(2))
    b = vectors("b", "fr", *(near(n, cosine, n + 3) for n, cosine in ((1, 0.4), (1, 0.9), (2, 0.8), (2, 0.9))))
    assert Collection([a, b]).level("en", "fr") == pytest.approx(0.4 + 0.9 * 0.4)


def test_without_articles_in_both_languages_there_is_no_level() -> None:
    collection = Collection([vectors("a", "en", axis(1)), bare("b", "fr")])
    assert [collection.level(*langs) for langs in (("en", "de"), ("de", "en"), ("en", "fr"), ("id", "zh"))] == [0.0] * 4


def test_the_level_is_the_same_each_time() -> None:
    a, b = scattered("a", "en", 1), scattered("b", "fr", 2)
    collection = Collection([a, b])
    first = collection.level("en", "fr")
    assert 0.0 < first < 1.0
    assert collection.level("en", "fr") == first  # from what it keeps
    assert Collection([b, a]).level("fr", "en") == first


def test_hubs_are_the_same_each_time() -> None:
    a, b = scattered("a", "en", 1), scattered("b", "fr", 2)
    collection, spans = Collection([a, b]), all_spans(a)
    first = collection.hub(spans, "fr", "direct").tolist()
    assert collection.hub(spans, "fr", "direct").tolist() == first  # from what it keeps
    assert Collection([b, a]).hub(all_spans(a), "fr", "direct").tolist() == first
