"""The evidence of candidate beads: each feature held against a direct computation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from by_hand import WIDTH, Line, apart, axis, bare, encoded, near, scattered, vectors
from samestory import evidence as module
from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import FEATURES
from samestory.records import Encoded, Matrix
from samestory.similarity import both
from samestory.spans import Spans, all_spans

Bead = tuple[tuple[int, ...], tuple[int, ...]]


def measured(a: Encoded, b: Encoded, *more: Encoded) -> Evidence:
    return evidence(Collection([a, b, *more]), all_spans(a), all_spans(b))


def values(a: Encoded, b: Encoded, name: str, *more: Encoded) -> dict[Bead, float]:
    """One feature of every candidate of `a` and `b`."""
    found, left, right = measured(a, b, *more), all_spans(a), all_spans(b)
    beads = [
        (tuple(left.positions[i]), tuple(right.positions[j])) for i, j in zip(found.rows, found.columns, strict=True)
    ]
    return dict(zip(beads, found.column(name).tolist(), strict=True))


def only(a: Encoded, b: Encoded, name: str, *more: Encoded) -> float:
    """One feature of the only candidate of `a` and `b`."""
    (value,) = values(a, b, name, *more).values()
    return value


def translated(name: str, lang: str, seed: int, length: int) -> Encoded:
    """Sentences with random vectors, the second without English."""
    draw = np.abs(np.random.default_rng(seed).normal(size=(2, length, WIDTH)))
    draw = (draw / np.linalg.norm(draw, axis=2, keepdims=True)).astype(np.float32)
    lines = [Line("x" * (n + 3), draw[0, n], english_vector=None if n == 1 else draw[1, n]) for n in range(length)]
    return encoded(name, lang, *lines)


def report(name: str, lang: str, *texts: tuple[str, str]) -> Encoded:
    """Sentences with English, every two of them close to one another, the last without English."""
    drawn = translated(name, lang, len(texts), len(texts)).direct
    rows = [(axis(0) + 0.3 * row) / np.linalg.norm(axis(0) + 0.3 * row) for row in drawn]
    lines = [Line(text, row, "body", said, row) for (text, said), row in zip(texts[:-1], rows, strict=False)]
    return encoded(name, lang, *lines, Line(texts[-1][0], rows[-1]))


A, B = translated("a", "en", 5, 4), translated("b", "fr", 6, 5)
C, D = translated("c", "en", 7, 6), translated("d", "fr", 8, 3)
COLLECTION = Collection([A, B, C, D])
E = report(
    "e",
    "id",
    ("Tim tidak menemukan 31 korban di Bali.", "The team did not find 31 victims in Bali."),
    ("Tim menemukan 13 korban di Lombok.", "The team found 13 victims in Lombok."),
    ("Pencarian dimulai lagi pada 5 Mei.", "The search starts again on 5 May."),
    ("Tidak ada yang tahu.", ""),
)
F = report(
    "f",
    "fr",
    ("L'équipe n'a pas trouvé les 31 victimes à Bali.", "The team has not found the 31 victims in Bali."),
    ("L'équipe a trouvé les 31 victimes à Bali.", "The team has found the 31 victims in Bali."),
    ("Les recherches ont repris le 5 mai à Lombok.", "The searches resumed on 5 May in Lombok."),
    ("Personne ne sait.", ""),
    ("13 sont morts.", ""),
)


def cosine(kind: str, a: Spans, b: Spans, i: int, j: int) -> float:
    one, other = getattr(a, kind)[i], getattr(b, kind)[j]
    return float(one @ other)


def usual(kind: str, a: Spans, b: Spans, i: int, j: int) -> float:
    """What similarity is usual for either span, to sentences in the language of the other."""
    return float(COLLECTION.hub(a, b.lang, kind)[i] + COLLECTION.hub(b, a.lang, kind)[j]) / 2  # type: ignore[arg-type]


def known(a: Spans, b: Spans, i: int, j: int) -> bool:
    return bool(a.english[i].any() and b.english[j].any())  # type: ignore[index]


def similarity(a: Spans, b: Spans, i: int, j: int) -> float:
    direct, english = cosine("direct", a, b, i, j), cosine("english", a, b, i, j)
    return max(direct, (direct + 0.886 * english - 0.022) / 2) if known(a, b, i, j) else direct


def english(a: Spans, b: Spans, i: int, j: int) -> float:
    return cosine("english", a, b, i, j) if known(a, b, i, j) else 0.0


def direct_margin(a: Spans, b: Spans, i: int, j: int) -> float:
    return cosine("direct", a, b, i, j) - usual("direct", a, b, i, j)


def english_margin(a: Spans, b: Spans, i: int, j: int) -> float:
    return english(a, b, i, j) - usual("english", a, b, i, j) if known(a, b, i, j) else 0.0


def margin(a: Spans, b: Spans, i: int, j: int) -> float:
    direct = direct_margin(a, b, i, j)
    return max(direct, (direct + english_margin(a, b, i, j)) / 2) if known(a, b, i, j) else direct


def lead(a: Spans, b: Spans, i: int, j: int) -> float:
    rivals = [similarity(a, b, i, n) for n in range(b.sentences) if n not in b.positions[j]]
    rivals += [similarity(a, b, n, j) for n in range(a.sentences) if n not in a.positions[i]]
    return similarity(a, b, i, j) - max(rivals)


def behind(a: Spans, b: Spans, i: int, j: int) -> float:
    best_of_a = max(margin(a, b, i, n) for n in range(len(b.positions)))
    best_of_b = max(margin(a, b, n, j) for n in range(len(a.positions)))
    return (margin(a, b, i, j) - best_of_a) + (margin(a, b, i, j) - best_of_b)


def gain(value: Callable[[Spans, Spans, int, int], float], a: Spans, b: Spans, i: int, j: int) -> float:
    one, other = a.positions[i], b.positions[j]
    shorter = [(one[:-1], other), (one[1:], other)] if len(one) > 1 else []
    shorter += [(one, other[:-1]), (one, other[1:])] if len(other) > 1 else []
    parts = [value(a, b, a.positions.index(x), b.positions.index(y)) for x, y in shorter]
    return value(a, b, i, j) - max(parts) if parts else 0.0


def level(a: Spans, b: Spans) -> float:
    """What sentences of the collection reach that are each other's nearest: a high quantile."""
    sides = [[row for e in COLLECTION.articles if e.article.lang == spans.lang for row in e.direct] for spans in (a, b)]
    table = np.array([[float(one @ other) for other in sides[1]] for one in sides[0]])
    mutual = [table[i, j] for i, j in np.ndindex(table.shape) if table[i, j] == max(*table[i], *table[:, j])]
    assert 2 < len(mutual) < min(table.shape)
    return float(np.quantile(mutual, 0.9))


def apart_from(centres: tuple[Matrix, Matrix], a: Spans, b: Spans, i: int, j: int) -> float:
    one, other = a.direct[i] - centres[0], b.direct[j] - centres[1]
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def of_language(spans: Spans) -> Matrix:
    rows = [row for e in COLLECTION.articles if e.article.lang == spans.lang for row in e.direct]
    return np.asarray(np.mean(rows, axis=0))


def of_article(spans: Spans) -> Matrix:
    return np.asarray(spans.encoded.direct.mean(axis=0))


DIRECTLY: dict[str, Callable[[Spans, Spans, int, int], float]] = {
    "direct similarity": lambda *at: cosine("direct", *at),
    "direct margin": direct_margin,
    "english similarity": english,
    "english margin": english_margin,
    "has english": known,
    "similarity": similarity,
    "margin": margin,
    "lead over rivals": lead,
    "behind the best": behind,
    "direct gain of length": lambda *at: gain(lambda *place: cosine("direct", *place), *at),
    "english gain of length": lambda *at: gain(english, *at),
    "sentences of the shorter side": lambda a, b, i, j: min(len(a.positions[i]), len(b.positions[j])),
    "length ratio": lambda a, b, i, j: abs(math.log(a.lengths[i] / b.lengths[j])),
    "length": lambda a, b, i, j: math.log(a.lengths[i] * b.lengths[j]) / 2,
    "length of the shorter": lambda a, b, i, j: math.log(min(a.lengths[i], b.lengths[j])),
    "sentences more": lambda a, b, i, j: len(a.positions[i]) + len(b.positions[j]) - 2,
    "against the level of the collection": lambda a, b, i, j: cosine("direct", a, b, i, j) - level(a, b),
    "similarity apart from the languages": lambda a, b, i, j: apart_from((of_language(a), of_language(b)), a, b, i, j),
    "similarity apart from the articles": lambda a, b, i, j: apart_from((of_article(a), of_article(b)), a, b, i, j),
    "lead over rivals that agree": lead,  # none of these texts contradicts another
    "behind the best that agrees": behind,
}


@pytest.mark.parametrize("name", DIRECTLY)
def test_a_feature_is_what_a_direct_computation_gives(name: str) -> None:
    a, b = all_spans(A), all_spans(B)
    found = evidence(COLLECTION, a, b)
    expected = [float(DIRECTLY[name](a, b, int(i), int(j))) for i, j in zip(found.rows, found.columns, strict=True)]
    assert found.column(name) == pytest.approx(expected, abs=1e-6)
    assert len(set(np.round(expected, 6))) > 1


def test_candidates_are_all_beads_of_one_sentence_with_one_to_three_and_of_two_with_two() -> None:
    a, b = all_spans(A), all_spans(B)
    found = evidence(COLLECTION, a, b)
    shapes = {(int(a.sizes[i]), int(b.sizes[j])) for i, j in zip(found.rows, found.columns, strict=True)}
    assert shapes == {(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (2, 2)}
    assert len(found.rows) == 4 * 5 + 4 * (4 + 3) + (3 + 2) * 5 + 3 * 4
    assert found.values.shape == (len(found.rows), len(FEATURES))


def test_similarity_takes_the_mean_of_both_cosines_where_that_is_more() -> None:
    found = both(np.array([0.6, 0.6, 0.6]), np.array([0.1, 0.8, 0.9]))
    assert found == pytest.approx([0.6, (0.6 + 0.886 * 0.8 - 0.022) / 2, (0.6 + 0.886 * 0.9 - 0.022) / 2])


def test_english_of_one_side_only_changes_nothing() -> None:
    plain, with_english = Line("a", axis(1)), Line("a", axis(1), english_vector=axis(7))
    other = encoded("b", "fr", Line("c", near(1, 0.8, 3)))
    one, two = (measured(encoded("a", "en", line), other).values for line in (plain, with_english))
    assert one.tolist() == two.tolist()


def test_the_margin_is_what_exceeds_the_mean_of_both_sides_neighbours() -> None:
    a, b = vectors("a", "en", axis(1)), apart("b", "fr", Line("b", near(1, 0.8, 2)), Line("c", near(1, 0.4, 3)))
    found = values(a, b, "direct margin")
    assert list(found.values()) == pytest.approx([0.8 - (0.6 + 0.8) / 2, 0.4 - (0.6 + 0.4) / 2])


def test_what_is_alike_is_held_against_the_most_literal_matches_of_the_collection() -> None:
    a, b = vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.8, 2))
    literal = vectors("c", "en", axis(5)), vectors("d", "fr", axis(5))
    name = "against the level of the collection"
    assert only(a, b, name) == pytest.approx(0.0, abs=1e-6)
    assert only(a, b, name, *literal) == pytest.approx(0.8 - (0.9 * 1.0 + 0.1 * 0.8))  # between the two matches
    assert only(a, b, "direct similarity", *literal) == pytest.approx(0.8)


def test_the_closest_match_of_two_articles_is_held_against_those_of_the_collection() -> None:
    a, b = apart("a", "en", Line("x", axis(1)), Line("y", axis(3))), apart("b", "fr", Line("z", near(1, 0.8, 2)))
    literal = vectors("c", "en", axis(5)), vectors("d", "fr", axis(5))
    found = values(a, b, "closest of the articles against the level of the collection", *literal)
    assert list(found.values()) == pytest.approx([-0.18, -0.18])
    assert list(values(a, b, "against the closest of the articles", *literal).values()) == pytest.approx([0.0, -0.8])
    assert list(values(a, b, "level of the collection", *literal).values()) == pytest.approx([0.98, 0.98])


def test_articles_on_one_subject_are_alike_as_a_whole() -> None:
    a, b, c = (
        vectors(name, lang, axis(0), axis(n)) for name, lang, n in (("a", "en", 1), ("b", "fr", 2), ("c", "fr", 0))
    )
    assert only_of_articles(a, b) == pytest.approx(0.5)
    assert only_of_articles(a, c) == pytest.approx(0.5**0.5)


def only_of_articles(a: Encoded, b: Encoded) -> float:
    (value,) = set(values(a, b, "similarity of the articles").values())
    return value


def test_without_a_rival_the_lead_is_the_similarity() -> None:
    assert only(vectors("a", "en", axis(1)), vectors("b", "fr", near(1, 0.6, 2)), "lead over rivals") == pytest.approx(
        0.6
    )


def test_a_sentence_said_twice_is_no_rival_of_its_own() -> None:
    a = apart("a", "en", Line("x", axis(1)), Line("y", axis(2)))
    once, twice = (apart("b", "fr", *[Line("u", axis(1))] * times) for times in (1, 2))
    assert values(a, once, "lead over rivals")[(0,), (0,)] == pytest.approx(1.0)
    assert values(a, twice, "lead over rivals")[(0,), (0,)] == pytest.approx(1.0)


def test_a_mutual_best_match_is_not_behind() -> None:
    a, b = vectors("a", "en", axis(1), axis(2)), vectors("b", "fr", axis(2), axis(1))
    found = values(a, b, "behind the best")
    assert found[(0,), (1,)] == found[(1,), (0,)] == 0.0
    assert max(found.values()) == 0.0


def test_a_chinese_sentence_is_as_long_as_its_english() -> None:
    a = encoded("a", "zh", Line("渡轮恢复运营", axis(1)))
    b = encoded("b", "en", Line("The ferry is back again", axis(1)))
    assert only(a, b, "length ratio") < math.log(1.1)


def test_length_ratio_is_the_same_whichever_side_is_longer() -> None:
    a = apart("a", "en", Line("x" * 10, axis(1)), Line("x" * 30, axis(2)))
    b = apart("b", "fr", Line("y" * 30, axis(1)), Line("y" * 10, axis(2)))
    found = values(a, b, "length ratio")
    assert list(found.values()) == pytest.approx([math.log(3), 0, 0, math.log(3)])


def test_a_title_is_told_from_the_body() -> None:
    a, b = (encoded(n, lang, Line("t", axis(1), "title"), Line("b", axis(2))) for n, lang in (("a", "en"), ("b", "fr")))
    found = values(a, b, "title with body")
    assert found == {((0,), (0,)): 0, ((0,), (1,)): 1, ((1,), (0,)): 1, ((1,), (1,)): 0}


@pytest.mark.parametrize(("a", "b"), [(A, B), (E, F)])
def test_evidence_is_the_same_seen_from_either_side(a: Encoded, b: Encoded) -> None:
    collection = Collection([A, B, C, D, E, F])
    ab, ba = (evidence(collection, all_spans(x), all_spans(y)) for x, y in ((a, b), (b, a)))
    order = np.lexsort((ba.rows, ba.columns))
    assert ab.rows.tolist() == ba.columns[order].tolist()
    assert ab.values == pytest.approx(ba.values[order], abs=1e-6)
    rivals = [name for name in FEATURES if "rival" in name and "agree" not in name]
    assert all(len(set(ab.column(name).tolist())) > 2 for name in rivals) is (a is E)
    for name in rivals[1:]:
        assert (ab.column(name) != 0).tolist() == (ba.column(name)[order] != 0).tolist()


def test_evidence_is_the_same_each_time_and_for_any_order_of_articles() -> None:
    first = evidence(Collection([A, B, C, D, E, F]), all_spans(E), all_spans(F)).values
    again = Collection([A, B, C, D, E, F])
    left, right = all_spans(E), all_spans(F)
    assert evidence(again, left, right).values.tobytes() == first.tobytes()
    assert evidence(again, left, right).values.tobytes() == first.tobytes()  # from what it keeps
    assert evidence(Collection([F, E, D, C, B, A]), all_spans(E), all_spans(F)).values == pytest.approx(first, abs=1e-6)


def test_long_articles_keep_the_nearest_candidates_of_either_side(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = scattered("a", "en", 1, 9), scattered("b", "fr", 2, 8)
    every = measured(a, b)
    monkeypatch.setattr(module, "_FULL", 100)
    monkeypatch.setattr(module, "_NEAREST", 2)
    left, right, few = all_spans(a), all_spans(b), measured(a, b)
    kept = set(zip(few.rows.tolist(), few.columns.tolist(), strict=True))
    similar = left.direct @ right.direct.T
    wanted = set()
    for x, y in ((1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (2, 2)):
        rows, columns = np.flatnonzero(left.sizes == x), np.flatnonzero(right.sizes == y)
        wanted |= {(int(i), int(j)) for i in rows for j in sorted(columns, key=lambda j: -similar[i, j])[:2]}
        wanted |= {(int(i), int(j)) for j in columns for i in sorted(rows, key=lambda i: -similar[i, j])[:2]}
    assert kept == wanted
    assert len(few.rows) < len(every.rows) / 2
    same = [place in kept for place in zip(every.rows.tolist(), every.columns.tolist(), strict=True)]
    alike = [n for n, name in enumerate(FEATURES) if "agree" not in name]  # what is no candidate is not read
    assert few.values[:, alike].tolist() == every.values[same][:, alike].tolist()


def test_in_articles_of_hundreds_of_sentences_the_true_partner_is_a_candidate() -> None:
    a, b = scattered("a", "en", 1, 120), scattered("b", "fr", 1, 120)  # the same vectors
    found = measured(a, b)
    places = set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    assert len(places) < (120 * 120 + 2 * 120 * (119 + 118) + 119 * 119) / 3  # of all there are
    assert all((n, n) in places for n in range(120))


@pytest.mark.parametrize(("a", "b"), [(A, bare("b", "fr")), (bare("a", "en"), B), (bare("a", "en"), bare("b", "fr"))])
def test_an_article_without_content_has_no_candidates(a: Encoded, b: Encoded) -> None:
    assert measured(a, b).values.shape == (0, len(FEATURES))
