"""The evidence of what two texts can share word for word, and of what they dispute."""

from __future__ import annotations

import math

import pytest

from by_hand import Line, apart, axis, near
from samestory.facts import name_similarity
from samestory.features import FEATURES, MISMATCHES
from samestory.records import Encoded
from samestory.spans import all_spans
from test_evidence import measured, only, values


def report(name: str, lang: str, *texts: str) -> Encoded:
    """An article of single sentences that all have the same vector, so that only their facts differ."""
    return apart(name, lang, *(Line(text, axis(0)) for text in texts))


def pair(a: str, b: str, name: str, langs: tuple[str, str] = ("en", "fr")) -> float:
    """One feature of two sentences, among others that say nothing."""
    rest = report("c", "id", "satu", "dua", "tiga")
    return only(report("a", langs[0], a), report("b", langs[1], b), name, rest)


def test_a_number_in_common_counts_however_it_is_written() -> None:
    a = report("a", "en", "some 22,118,952 notices", "some 31 notices")
    b = report("b", "fr", "quelque 22 118 952 signalements", "quelque 4 signalements")
    found = values(a, b, "shared numbers")
    assert {bead for bead, value in found.items() if value} == {((0,), (0,))}


def test_what_numbers_say_is_their_surprise() -> None:
    a = report("a", "en", "in 2021 came 31 of 40", "in 2021", "in 2021 more", "none")
    b = report("b", "fr", "en 2021 les 31 de 52 ou 53", "les 31", "rien")
    once, thrice, four = ((math.log(7 / count) / 6) ** 2 for count in (1, 3, 4))
    bead = ((0,), (0,))
    assert values(a, b, "shared numbers")[bead] == pytest.approx(four + thrice)
    assert values(a, b, "numbers of the poorer side alone")[bead] == pytest.approx(once)
    assert values(a, b, "numbers of one side only")[bead] == pytest.approx(once + 2 * once)
    assert values(a, b, "shared numbers")[(0,), (1,)] == pytest.approx(thrice)
    assert values(a, b, "numbers of the poorer side alone")[(0,), (1,)] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("other", "held_against"),
    [("quelque 40 gens", True), ("des gens", False), ("quelque 31 gens", False), ("de 31 à 40 gens", False)],
)
def test_numbers_of_the_poorer_side_are_those_that_it_has_alone(other: str, held_against: bool) -> None:
    assert (pair("some 31 people", other, "numbers of the poorer side alone") > 0) is held_against


def test_a_sentence_that_contradicts_is_no_rival() -> None:
    a = apart("a", "en", Line("The ferry carried 31 people.", axis(0)))
    true, false = Line("Le ferry avait 31 passagers.", near(0, 0.8, 1)), Line("Le ferry avait 52 passagers.", axis(0))
    for name in ("lead over rivals", "behind the best"):
        plain = values(a, apart("b", "fr", true, false), name)
        assert plain[(0,), (0,)] < 0 <= plain[(0,), (1,)]
    agreeing = values(a, apart("b", "fr", true, false), "lead over rivals that agree")
    assert agreeing[(0,), (0,)] == pytest.approx(0.8)
    assert agreeing[(0,), (1,)] == pytest.approx(0.2)
    best = values(a, apart("b", "fr", true, false), "behind the best that agrees")
    assert best[(0,), (1,)] == best[(0,), (0,)] == 0.0


def test_a_contradiction_alone_changes_nothing_but_what_tells_of_it() -> None:
    other, rest = "Le ferry avait 31 passagers.", report("c", "id", "satu")
    agreeing, contradicting = (
        measured(report("a", "en", f"The ferry had {count} people."), report("b", "fr", other), rest).values[0]
        for count in (31, 52)
    )
    apart_ = {name for name, x, y in zip(FEATURES, agreeing, contradicting, strict=True) if x != y}
    assert apart_ == {
        "shared numbers",
        "numbers of the poorer side alone",
        "numbers of one side only",
        "number mismatch",
    }


@pytest.mark.parametrize(
    ("a", "b", "denials", "apart_by"),
    [
        ("They did not go.", "Ils ne sont pas partis.", 2, 0),
        ("They did not go, nor did she.", "Ils ne sont pas partis.", 3, 1),
        ("It is not an unavoidable end.", "C'est une fin inévitable.", 1, 1),
        ("They went.", "Ils sont partis.", 0, 0),
    ],
)
def test_denials_are_counted(a: str, b: str, denials: int, apart_by: int) -> None:
    assert pair(a, b, "denials") == denials
    assert pair(a, b, "denials apart") == apart_by


def test_denials_of_a_language_that_is_not_known_are_not_held_against_the_other() -> None:
    for name in ("denials", "denials apart", "denials apart against the closest rival"):
        assert pair("They did not go.", "Они не пошли.", name, ("en", "ru")) == 0.0


def test_two_that_differ_in_a_denial_are_held_against_each_other() -> None:
    a = apart("a", "en", Line("It is an unavoidable end.", axis(0)))
    true, false = (
        Line(text, near(0, 0.9, n))
        for n, text in enumerate(("C'est une fin inévitable.", "Ce n'est pas une fin inévitable."), 1)
    )
    found = values(a, apart("b", "fr", true, false), "denials apart against the closest rival")
    assert (found[(0,), (0,)], found[(0,), (1,)]) == (-1.0, 1.0)


def test_two_that_differ_in_a_number_or_a_name_are_held_against_each_other() -> None:
    a = apart("a", "en", Line("The 31 went to Lagos.", axis(0)))
    true, number, name = (
        Line(text, near(0, 0.9, n))
        for n, text in enumerate(("Les 31 sont à Lagos.", "Les 52 sont à Lagos.", "Les 31 sont à Berne."), 1)
    )
    numbers = values(a, apart("b", "fr", true, number), "numbers apart against the closest rival")
    names = values(a, apart("b", "fr", true, name), "names apart against the closest rival")
    for found in (numbers, names):
        assert found[(0,), (0,)] == -found[(0,), (1,)] < 0


def in_english(name: str, lang: str, *texts: str | None) -> Encoded:
    """Single sentences and their English, all with the same vector."""
    lines = (Line(f"kalimat {n}", axis(0), "body", text, axis(0) if text else None) for n, text in enumerate(texts))
    return apart(name, lang, *lines)


def test_english_is_compared_word_by_word() -> None:
    a = in_english("a", "id", "the ferries sank at night", "a storm came")
    b = in_english("b", "fr", "at night the ferry sank", "the ferry sank", None)
    overlap, behind = (values(a, b, name) for name in ("overlap of words", "overlap of words against the best"))
    assert overlap[(0,), (0,)] == pytest.approx(1.0)
    assert overlap[(1,), (0,)] == 0.0
    assert behind[(0,), (0,)] == pytest.approx(0.0)
    assert behind[(0,), (1,)] == pytest.approx(overlap[(0,), (1,)] - 1.0)
    assert values(a, b, "words of the poorer side shared")[(0,), (1,)] == pytest.approx(1.0)
    richer, shared = (values(a, b, name)[(0,), (1,)] for name in ("words of the richer side shared", "shared words"))
    weights = [math.log(5 / count) for count in (3, 3, 3, 2, 2)]  # the, ferri, sank; at, night: of four sentences
    assert shared == pytest.approx(sum(weights[:3]))
    assert richer == pytest.approx(sum(weights[:3]) / sum(weights))
    assert overlap[(0,), (2,)] == behind[(1,), (2,)] == -1.0


def test_words_are_held_against_those_of_the_closest_rival() -> None:
    a = in_english("a", "id", "the ferries sank at night")
    b = in_english("b", "fr", "at night the ferry sank", "the ferry sank")
    overlap = values(a, b, "overlap of words")
    found = values(a, b, "overlap of words against the closest rival")
    assert found[(0,), (0,)] == pytest.approx(overlap[(0,), (0,)] - overlap[(0,), (1,)])
    assert found[(0,), (0,)] > 0


def test_words_are_not_held_against_a_rival_without_english() -> None:
    a, b = in_english("a", "id", "the ferries sank at night"), in_english("b", "fr", "at night the ferry sank", None)
    assert set(values(a, b, "overlap of words against the closest rival").values()) == {0.0}
    assert values(a, b, "overlap of words")[(0,), (0,)] > 0


def test_names_are_weighed_like_numbers() -> None:
    a = report("a", "en", "said Budi of l'Amazon", "so it was")
    b = report("b", "fr", "dit Budi de l’Amazon", "dit Sari")
    shared, alone = values(a, b, "shared names"), values(a, b, "names of the poorer side alone")
    assert shared[(0,), (0,)] > 0 == shared[(0,), (1,)]
    assert alone[(0,), (1,)] > 0 == alone[(0,), (0,)] == alone[(1,), (1,)]
    assert values(a, b, "names of one side only")[(1,), (1,)] > 0


def test_names_are_compared_by_their_spelling() -> None:
    a, b = report("a", "en", "so said Volodymyr Zelensky"), report("b", "fr", "a dit Volodymyr Zelenski")
    left, right = all_spans(a).facts[0], all_spans(b).facts[0]
    assert only(a, b, "name similarity") == pytest.approx(name_similarity(left, right)) != 0.0


@pytest.mark.parametrize(
    ("a", "b", "mismatches"),
    [
        ("it took 31 of us", "il a fallu 31 de nous", set()),
        ("it took 31 of us", "il a fallu 40 de nous", {"number mismatch"}),
        ("so said Budi then", "ainsi parlait Sari", {"name mismatch"}),
        ("they did not leave", "ils sont partis", {"negation mismatch"}),
        ("it took 31 not Budi", "il a fallu 40, Sari", set(MISMATCHES)),
    ],
)
def test_what_contradicts_is_told(a: str, b: str, mismatches: set[str]) -> None:
    assert {name for name in MISMATCHES if pair(a, b, name)} == mismatches


def test_mismatches_have_the_flags_of_contradictions() -> None:
    assert MISMATCHES == {
        "number mismatch": "number-mismatch",
        "name mismatch": "name-mismatch",
        "negation mismatch": "negation-mismatch",
    }


def test_a_quotation_on_one_side_only_is_told() -> None:
    assert pair("“so it was”, he said", "ainsi parlait-il", "quotation mismatch") == 1.0
    assert pair("“so it was”, he said", "« ainsi », dit-il", "quotation mismatch") == 0.0


@pytest.mark.parametrize(("cosine_", "told"), [(0.9, 1.0), (0.2, 0.0)])
def test_what_is_far_behind_is_not_read_for_contradictions(cosine_: float, told: float) -> None:
    a = apart("a", "en", Line("some 31", axis(1)))
    b = apart("b", "fr", Line("les 31", axis(1)), Line("les 40", near(1, cosine_, 2)))
    assert values(a, b, "number mismatch")[(0,), (1,)] == told


def test_texts_without_numbers_or_names_have_evidence_all_the_same() -> None:
    found = measured(report("a", "en", "so it goes"), report("b", "fr", "ainsi va la vie")).values[0]
    by_name = {name: value for name, value in zip(FEATURES, found.tolist(), strict=True) if value}
    # against the level of the collection and the closest of the articles it is 0: there is no other match
    assert by_name == pytest.approx(
        {
            "direct similarity": 1,
            "similarity": 1,
            "lead over rivals": 1,
            "lead over rivals that agree": 1,
            "length ratio": math.log(12 / 8),
            "length": math.log(12 * 8) / 2,
            "length of the shorter": math.log(8),
            "sentences of the shorter side": 1,
            "level of the articles": 1,
            "level of the collection": 1,
            "similarity of the articles": 1,
            **dict.fromkeys((name for name in FEATURES if "words" in name and "rival" not in name), -1),
        }
    )
