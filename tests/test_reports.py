"""The reports of a story beside one another: what is scored, and what a third one says of two."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from by_hand import AS_IT_IS, WIDTH, Line, axis, by_similarity, encoded, near, vectors
from samestory import reports as reports_module
from samestory.collection import Collection
from samestory.evidence import Evidence, evidence
from samestory.features import FEATURES, PIVOTS
from samestory.free import FreeOrder
from samestory.looks import FirstLook, Settled
from samestory.records import Encoded, Matrix
from samestory.reports import Reports, Values
from samestory.spans import Spans, all_spans

LANGUAGES = ("en", "fr", "id")


class Noted(FirstLook):
    """A look by similarity that notes which articles it is asked about, and takes what third reports say for exact."""

    def __init__(self) -> None:
        super().__init__(by_similarity("number mismatch"))
        self.asked: list[tuple[str, str]] = []

    def probability(self, a: Spans, b: Spans, found: Evidence) -> Values:
        self.asked.append((a.id, b.id))
        return super().probability(a, b, found)

    def settled(self, a: Spans, b: Spans, found: Evidence, probability: Values, pivoted: Values) -> Settled:
        unsettled = super().settled(a, b, found, probability, pivoted)
        return unsettled._replace(exact=np.where(np.isnan(pivoted[:, 0]), probability, pivoted[:, 0]))


def read(name: str, lang: str, *rows: Matrix) -> Encoded:
    """An article with English, that of its last sentence alone, so that similarities are those of the originals."""
    last = Line("the end", axis(WIDTH - 1), "body", "the end", axis(WIDTH - 1))
    return encoded(name, lang, *(Line(f"sentence {chr(97 + n)}", row) for n, row in enumerate(rows)), last)


def together(*articles: Encoded) -> tuple[Reports, Noted, dict[str, Spans]]:
    look, spans = Noted(), {encoded.article.id: all_spans(encoded) for encoded in articles}
    return Reports(Collection(list(articles)), look, list(spans.values())), look, spans


def told(reports: Reports, a: Spans, b: Spans, i: int = 0, j: int = 0) -> list[float]:
    """What third reports say of sentence i of `a` and j of `b`, to two digits."""
    (row,) = reports.pivoted(a, b, [(range(i, i + 1), range(j, j + 1))]).tolist()
    return [round(value, 2) for value in row]


def test_what_two_articles_share_with_a_third_counts_for_both() -> None:
    a, b, c = near(1, 0.8, 2), near(1, 0.9, 3), axis(1)
    reports, look, spans = together(
        read("a", "en", a, axis(4)), read("b", "fr", b, axis(4)), read("c", "id", axis(7), c)
    )
    assert told(reports, spans["a"], spans["b"]) == [0.72, 0.9, 0.8]  # by the second sentence of c: 0.8 * 0.9
    assert told(reports, spans["b"], spans["a"]) == [0.72, 0.9, 0.8]
    assert told(reports, spans["a"], spans["b"], 1, 1) == [0.0, 0.0, 0.0]  # not in c
    assert told(reports, spans["a"], spans["c"], 0, 1) == [0.65, 0.9, 0.72]  # by the first of b: 0.72 * 0.9
    assert sorted(look.asked) == [("a", "b"), ("a", "c"), ("b", "c")]  # each once


def test_an_article_in_the_language_of_either_is_no_third_report() -> None:
    same = near(1, 0.8, 2), axis(4)
    reports, _, spans = together(read("a", "en", *same), read("b", "en", axis(1)), read("c", "fr", *same))
    assert np.isnan(told(reports, spans["a"], spans["c"])).all()
    assert np.isnan(told(reports, spans["b"], spans["c"])).all()


def test_an_article_without_english_is_no_third_report() -> None:
    reports, _, spans = together(read("a", "en", axis(1)), read("b", "fr", axis(1)), vectors("c", "de", axis(1)))
    assert np.isnan(told(reports, spans["a"], spans["b"])).all()
    assert told(reports, spans["a"], spans["c"])[0] > 0.9  # but one of two it may be


def test_two_third_reports_may_be_in_one_language() -> None:
    a, b = near(1, 0.8, 2), near(1, 0.8, 3)
    third = read("c", "id", near(1, 0.9, 5), axis(8)), read("d", "id", axis(9), axis(1))
    reports, _, spans = together(read("a", "en", a), read("b", "fr", b), *third)
    assert told(reports, spans["a"], spans["b"])[0] == 0.64  # by that which is nearer


def test_the_nearest_four_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = read("a", "en", axis(1)), read("b", "fr", axis(1))
    thirds = [read(f"t{n}", "id", near(1, 0.3 + 0.1 * n, 3 + n)) for n in range(6)]
    for articles in (thirds, thirds[::-1]):
        reports, look, spans = together(*ends, *articles)
        told(reports, spans["a"], spans["b"])
        assert {name for both in look.asked for name in both} == {"a", "b", "t2", "t3", "t4", "t5"}


def test_neither_the_order_of_the_story_nor_that_of_the_two_matters() -> None:
    articles = [read(f"{n}", LANGUAGES[n % 3], near(1, 0.5 + 0.05 * n, n + 3)) for n in range(6)]
    known = []
    for order in (articles, articles[::-1], articles[3:] + articles[:3]):
        reports, _, spans = together(*order)
        couples = [(a, b) for a, b in itertools.permutations(sorted(spans), 2) if spans[a].lang != spans[b].lang]
        known.append({both: told(reports, spans[both[0]], spans[both[1]]) for both in couples})
    assert known[0] == known[1] == known[2]
    assert all(row == known[0][b, a] for (a, b), row in known[0].items())
    assert len(set(map(tuple, known[0].values()))) > 5


def test_in_stories_of_many_articles_what_was_forgotten_is_found_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports_module, "_KEPT", 3)
    articles = [read(f"{n}", lang, near(1, 0.5 + 0.05 * n, 2), axis(n + 3)) for n, lang in enumerate(LANGUAGES * 3)]
    reports, look, spans = together(*sorted(articles, key=lambda encoded: encoded.article.lang))
    couples = [(a, b) for a, b in itertools.combinations(spans.values(), 2) if a.lang != b.lang]
    scored = [reports.scored(a, b)[1].tolist() for a, b in couples if not told(reports, a, b)[0] > 1]
    monkeypatch.undo()
    whole, _, _ = together(*articles)
    assert scored == [whole.scored(a, b)[1].tolist() for a, b in couples]
    assert len(couples) < len(look.asked) <= 2 * len(couples)


def test_what_is_neither_likely_nor_contradicts_is_not_kept() -> None:
    a = encoded("a", "en", Line("It cost 5 dollars.", axis(1)), Line("sentence b", axis(2)))
    b = encoded("b", "fr", Line("Cela a coûté 9 dollars.", near(1, 0.9, 5)), Line("sentence b", axis(2)))
    reports, _, spans = together(a, b)
    found, raw = reports.scored(spans["a"], spans["b"])
    every = evidence(Collection([a, b]), spans["a"], spans["b"])
    assert 0 < len(found.rows) < len(every.rows)
    assert ((raw > 0) | (found.values[:, FEATURES.index("number mismatch")] > 0)).all()
    assert any(found.column("number mismatch") > 0)


def test_a_third_report_tells_where_a_bead_ends() -> None:
    a = read("a", "en", axis(1))
    b = read("b", "fr", near(1, 0.8, 2), near(1, 0.78, 3))
    c = read("c", "id", near(1, 0.9, 3))
    spans = [all_spans(encoded) for encoded in (a, b, c)]
    free = FreeOrder(Collection([a, b, c]), Noted(), AS_IT_IS, 0.3)
    alone = free.find(spans[0], spans[1]).beads
    beside = free.find(spans[0], spans[1], free.reports(spans)).beads
    assert [tuple(found[0].b) for found in (alone, beside)] == [(0, 1), (1,)]


def test_nothing_is_likely_of_nothing() -> None:
    reports, _, spans = together(read("a", "en", axis(1)), read("b", "fr", axis(5)), read("c", "id", axis(9)))
    assert reports.pivoted(spans["a"], spans["b"], []).shape == (0, len(PIVOTS))
    assert told(reports, spans["a"], spans["b"]) == [0.0, 0.0, 0.0]
