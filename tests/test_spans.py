"""Spans of one article: which there are, and their vectors, facts and lengths."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import Line, axis, bare, between, encoded, near, scattered
from samestory.records import Encoded, Role
from samestory.spans import Spans, all_spans


def spoken(lang: str, *texts: str) -> Encoded:
    return encoded("a", lang, *(Line(text, axis(n)) for n, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("sentences", "count"),
    [(1, 1), (2, 2 + 1), (3, 3 + 2 + 1), (4, 4 + 3 + 2), (7, 7 + 6 + 5)],
)
def test_spans_are_all_runs_of_one_to_three_sentences(sentences: int, count: int) -> None:
    found = all_spans(scattered("a", "en", 1, sentences))
    assert found.sentences == sentences
    assert len(found.positions) == len(set(found.positions)) == count
    assert len(found.direct) == len(found.facts) == len(found.lengths) == len(found.titles) == count


def test_single_sentences_come_first_and_in_order() -> None:
    found = all_spans(scattered("a", "en", 1, 4))
    assert found.positions == [range(n, n + size) for size, last in ((1, 4), (2, 3), (3, 2)) for n in range(last)]
    assert found.starts.tolist() == [0, 1, 2, 3, 0, 1, 2, 0, 1]
    assert found.sizes.tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3]


def test_spans_can_be_held_to_single_sentences() -> None:
    assert all_spans(scattered("a", "en", 1, 4), longest=1).sizes.tolist() == [1, 1, 1, 1]


def test_a_title_is_never_merged_with_the_body() -> None:
    found = all_spans(encoded("a", "en", Line("t", axis(0), "title"), Line("b", axis(1)), Line("c", axis(2))))
    assert found.positions == [range(1), range(1, 2), range(2, 3), range(1, 3)]
    assert found.titles.tolist() == [True, False, False, False]


@pytest.mark.parametrize("role", ["furniture", "caption", "dateline"])
def test_no_span_crosses_what_is_not_body_text(role: Role) -> None:
    lines = [Line("a", axis(1)), Line("b", axis(2)), Line("x", axis(3), role), Line("c", axis(4)), Line("d", axis(5))]
    found = all_spans(encoded("a", "en", *lines))
    assert found.positions[4:] == [range(2), range(2, 4)]
    assert [[s.index for s in found.of(row)] for row in (4, 5)] == [[0, 1], [3, 4]]


def test_a_span_has_the_facts_and_the_length_of_all_its_sentences() -> None:
    found = all_spans(spoken("id", "Ada 12 orang.", "ke Bali 3 orang."))
    assert found.facts[2].numbers == {"12", "3"}
    assert found.facts[2].names == {"ada", "bali"}
    assert found.lengths.tolist() == [11, 13, 24]  # letters, without spaces


def test_the_facts_of_a_span_are_read_in_its_text_as_a_whole() -> None:
    assert all_spans(spoken("en", "So they", "did not leave")).facts[2].negated


def test_the_text_of_a_span_has_spaces_where_its_language_has() -> None:
    assert all_spans(spoken("fr", "Il part.", "Elle aussi.")).text(2) == "Il part. Elle aussi."
    assert all_spans(spoken("zh", "他走了。", "她也走了。")).text(2) == "他走了。她也走了。"


def test_the_english_of_a_span_is_that_of_all_its_sentences_or_none() -> None:
    told = ("un", "one", ()), ("deux", "two", ()), ("trois", None, ()), ("x", "y", ("mt-loop",))
    lines = [Line(text, axis(n), english=known, mt_flags=flags) for n, (text, known, flags) in enumerate(told)]
    spans = all_spans(encoded("a", "fr", *lines))
    english = {tuple(span): spans.english_text(row) for row, span in enumerate(spans.positions)}
    assert {span for span, text in english.items() if text is not None} == {(0,), (1,), (0, 1)}
    assert (english[0,], english[0, 1]) == ("one", "one two")


def test_a_wide_letter_counts_for_three() -> None:
    assert all_spans(spoken("zh", "渡轮恢复运营")).lengths.tolist() == [18]


def test_names_are_read_in_the_english_too() -> None:
    a = encoded("a", "zh", Line("普京说。", axis(0), english="So says Putin.", english_vector=axis(1)))
    assert "putin" in all_spans(a).facts[0].names


def test_english_that_cannot_be_trusted_has_no_names() -> None:
    broken = Line("普京说。", axis(0), english="So says Putin Putin Putin.", mt_flags=("mt-loop",))
    assert all_spans(encoded("a", "zh", broken)).facts[0].names == frozenset()


def test_a_span_has_the_stems_of_the_english_of_all_its_sentences_or_none() -> None:
    said = [("satu", "The ferries"), ("dua", "sank"), ("tiga", None)]
    spans = all_spans(encoded("a", "id", *(Line(text, axis(0), "body", english) for text, english in said)))
    assert spans.stems[:4] == [{"the", "ferri"}, {"sank"}, frozenset(), {"the", "ferri", "sank"}]
    assert spans.stems[4:] == [frozenset(), frozenset()]


def test_the_vectors_of_equally_long_sentences_are_summed_up_alike() -> None:
    assert all_spans(spoken("en", "so it", "was not")).direct[2] != pytest.approx(between(0, 1))
    assert all_spans(spoken("en", "so it", "isnt")).direct[2] == pytest.approx(between(0, 1))


def test_a_longer_sentence_counts_for_the_root_of_its_length() -> None:
    found = all_spans(spoken("en", "x" * 16, "y" * 9))
    assert found.direct[2] == pytest.approx(0.8 * axis(0) + 0.6 * axis(1))  # 4 to 3


def test_the_vector_of_every_span_has_length_one() -> None:
    assert np.linalg.norm(all_spans(scattered("a", "en", 3)).direct, axis=1) == pytest.approx(1.0)


def test_spans_of_an_article_without_english_have_no_english() -> None:
    assert all_spans(scattered("a", "fr", 1)).english is None


def test_spans_of_an_article_with_english_sum_up_its_vectors_too() -> None:
    lines = [Line("a", axis(1), english_vector=axis(5)), Line("b", axis(2), english_vector=axis(6))]
    english = all_spans(encoded("a", "fr", *lines)).english
    assert english is not None
    assert english[2] == pytest.approx(between(5, 6))


def test_a_span_of_which_a_sentence_has_no_english_has_none() -> None:
    lines = [Line("a", axis(1), english_vector=axis(5)), Line("b", axis(2)), Line("c", axis(3), english_vector=axis(6))]
    english = all_spans(encoded("a", "fr", *lines)).english
    assert english is not None
    assert english.any(axis=1).tolist() == [True, False, True, False, False, False]


def test_the_parts_of_a_span_lack_its_last_or_its_first_sentence() -> None:
    found = all_spans(scattered("a", "en", 1, 3))  # 0, 1, 2, 01, 12, 012
    first, last = found.parts
    assert first.tolist() == [0, 1, 2, 0, 1, 3]
    assert last.tolist() == [0, 1, 2, 1, 2, 4]


def test_an_article_that_repeats_nothing_has_no_list_of_others() -> None:
    assert all_spans(spoken("en", "one", "two")).others_of_repeated == {}


def test_the_others_of_a_repeated_sentence_do_not_say_the_same() -> None:
    found = all_spans(spoken("en", "one", "two", "one"), longest=2)  # 0, 1, 2, 01, 12
    assert found.others_of_repeated == {0: [1], 1: [0, 2], 2: [1], 3: [], 4: []}


def test_any_runs_can_be_asked_for() -> None:
    found = Spans(scattered("a", "en", 1, 6), [range(1, 6), range(2, 3)])
    assert [[s.index for s in found.of(row)] for row in (0, 1)] == [[1, 2, 3, 4, 5], [2]]
    assert found.sentences == 6


def test_the_vectors_of_a_run_do_not_hang_on_what_else_is_asked_for() -> None:
    a = encoded("a", "en", *(Line("x" * (n + 1), near(n, 0.6, n + 1)) for n in range(5)))
    every = all_spans(a)
    for row, span in enumerate(every.positions):
        alone = Spans(a, [span])
        assert alone.direct[0].tolist() == every.direct[row].tolist()
        assert alone.facts[0] == every.facts[row]


def test_an_article_without_content_has_no_spans() -> None:
    found = all_spans(bare("a", "en"))
    assert (found.positions, found.facts, found.sentences) == ([], [], 0)
    assert found.direct.shape[0] == len(found.lengths) == len(found.parts[0]) == len(found.parts[1]) == 0
    assert found.parts[0].dtype == found.starts.dtype == np.int64


def test_a_sentence_of_no_letters_has_a_length_all_the_same() -> None:
    assert all_spans(spoken("en", " ")).lengths.tolist() == [1]
