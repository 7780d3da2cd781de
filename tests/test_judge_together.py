"""Articles judged together: what other articles say of two, what follows from it all, and the reasons."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from by_hand import Line, Step, axis, by_steps, encoded, near, vectors
from samestory import judge as module
from samestory.judge import OWN_FEATURES, STORY_FEATURES, Couple, beside_others
from samestory.records import Encoded
from stories_by_hand import ALPHA, BETA, BIAS, FACTS, LATER, LEADS, OTHER, dated, event, judge

# Beside the others


def named(couple: str) -> Couple:
    """The articles of two names; the language is what follows the dot."""
    a, b = (vectors(name, name.partition(".")[2], axis(1)) for name in couple.split())
    return a, b


def beside(shared: dict[str, float], feature: str = "odds of the facts") -> dict[str, tuple[float, float]]:
    """How far each two articles lie behind the best and ahead of the next, where that much is told of `feature`."""
    own = np.zeros((len(shared), len(OWN_FEATURES)))
    own[:, OWN_FEATURES.index(feature)] = list(shared.values())
    found = beside_others([named(couple) for couple in shared], own)
    assert found[:, : len(OWN_FEATURES)].tolist() == own.tolist()
    return {couple: (behind, ahead) for couple, (behind, ahead) in zip(shared, found[:, -2:].tolist(), strict=True)}


def test_two_articles_judged_alone_are_behind_none_and_ahead_of_none() -> None:
    assert beside({"a.en b.fr": 5.0}) == {"a.en b.fr": (0.0, 0.0)}


def test_articles_are_behind_the_best_and_ahead_of_the_next_on_the_side_where_they_do_worse() -> None:
    assert beside({"a.en b.fr": 5.0, "c.en d.fr": 4.0, "a.en d.fr": 2.0, "c.en b.fr": 1.0}) == {
        "a.en b.fr": (0.0, 3.0),  # a has 2 with d, b has 1 with c
        "c.en d.fr": (0.0, 2.0),  # c has 1 with b, d has 2 with a
        "a.en d.fr": (-3.0, -3.0),  # 3 behind a with b, 2 behind d with c
        "c.en b.fr": (-4.0, -4.0),  # 3 behind c with d, 4 behind b with a
    }


def test_articles_are_ahead_of_none_where_either_shares_with_the_other_alone() -> None:
    assert beside({"a.en b.fr": 5.0, "a.en c.fr": 3.0}) == {"a.en b.fr": (0.0, 0.0), "a.en c.fr": (-2.0, -2.0)}


def test_of_several_that_share_less_the_next_is_what_articles_are_ahead_of() -> None:
    shared = {f"{a}.en {b}.fr": 1.0 for a in "ace" for b in "bdf"}
    told = beside({**shared, "a.en b.fr": 9.0, "a.en d.fr": 3.0, "c.en b.fr": 2.0, "e.en b.fr": 4.0})
    assert told["a.en b.fr"] == (0.0, 5.0)  # of 3 and 1 on the side of a, of 4 and 2 on that of b
    assert told["e.en f.fr"] == (-3.0, -3.0)


def test_counterparts_that_share_alike_are_neither_behind_nor_ahead_of_each_other() -> None:
    shared = dict.fromkeys(("a.en b.fr", "a.en d.fr", "c.en b.fr", "c.en d.fr"), 4.0)
    assert beside(shared) == dict.fromkeys(shared, (0.0, 0.0))


def test_what_is_shared_with_an_article_in_a_third_language_does_not_matter() -> None:
    shared = {"a.en b.fr": 3.0, "a.en c.id": 9.0, "b.fr c.id": 7.0}
    assert beside(shared) == dict.fromkeys(shared, (0.0, 0.0))


def test_articles_of_one_language_are_beside_those_of_that_language() -> None:
    assert beside({"a.en b.en": 5.0, "a.en c.en": 3.0, "b.en c.en": 4.0, "a.en d.fr": 9.0}) == {
        "a.en b.en": (0.0, 1.0),  # ahead of 3 on the side of a, of 4 on that of b
        "a.en c.en": (-2.0, -2.0),
        "b.en c.en": (-1.0, -1.0),
        "a.en d.fr": (0.0, 0.0),
    }


def test_the_order_of_the_couples_and_of_the_articles_in_them_does_not_matter() -> None:
    shared = {"a.en b.fr": 5.0, "c.en d.fr": 4.0, "a.en d.fr": 2.0, "c.en b.fr": 1.0, "a.en c.en": 3.0}
    turned = {" ".join(reversed(couple.split())): value for couple, value in reversed(shared.items())}
    assert list(beside(turned).values()) == list(reversed(beside(shared).values()))


def test_similarity_on_the_whole_counts_threefold_in_what_is_shared() -> None:
    told = beside({"a.en b.fr": 0.9, "c.en b.fr": 0.5, "a.en d.fr": 0.2}, "best match of a sentence")
    assert told["a.en b.fr"] == pytest.approx((0.0, 3 * 0.4))
    assert told["a.en d.fr"] == pytest.approx((-3 * 0.7, -3 * 0.7))


COUNTED = {"odds of the facts", "best match of a sentence"}


@pytest.mark.parametrize("feature", [f for f in OWN_FEATURES if f not in COUNTED])
def test_nothing_else_counts_in_what_is_shared(feature: str) -> None:
    shared = {"a.en b.fr": 0.9, "c.en b.fr": 0.5, "a.en d.fr": 0.2}
    assert beside(shared, feature) == dict.fromkeys(shared, (0.0, 0.0))


def test_nothing_is_beside_nothing() -> None:
    assert beside_others([], np.zeros((0, len(OWN_FEATURES)))).shape == (0, len(STORY_FEATURES))


# Couples scored together

TOLD = encoded("a", "en", Line("x", axis(1)), Line("y", axis(2)))
TRUE = encoded("b", "fr", Line("u", near(1, 0.9, 3)), Line("v", near(2, 0.8, 4)))
LOOKS = encoded("c", "fr", Line("w", near(2, 0.85, 5)), Line("t", axis(6)))
# x is nearest to u of all and y to w: one fact each; v is near y too, but w is nearer
LAG = (log(0.85 / 0.15) + 3 * (0.85 + 0.0) / 2) - (log(0.9 / 0.1) + 3 * (0.9 + 0.8) / 2)


def last_two(values: module.Values) -> list[list[float]]:
    return [row[-2:] for row in values.tolist()]


def test_a_look_alike_lies_behind_the_true_counterpart_only_where_that_is_judged_too() -> None:
    told = judge(TOLD, TRUE, LOOKS)
    alone, together = told.evidence([(TOLD, LOOKS)]), told.evidence([(TOLD, LOOKS), (TOLD, TRUE)])
    assert last_two(alone) == [[0.0, 0.0]]
    assert last_two(together) == [pytest.approx([LAG, LAG], abs=1e-4), [0.0, 0.0]]


def test_what_two_articles_share_on_their_own_does_not_depend_on_the_couples() -> None:
    told, couples = judge(TOLD, TRUE, LOOKS), [(TOLD, LOOKS), (TOLD, TRUE), (TRUE, LOOKS)]
    together = told.evidence(couples)[:, : len(OWN_FEATURES)].tolist()
    assert together == [told.shared(*couple).tolist() for couple in couples]
    assert together == [told.evidence([couple])[0, : len(OWN_FEATURES)].tolist() for couple in couples]


def likelihood(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def test_a_look_alike_is_a_likely_story_alone_and_less_likely_beside_the_true_one() -> None:
    told = judge(TOLD, TRUE, LOOKS)
    leads, lags = likelihood(BIAS + FACTS.adds + LEADS.adds), likelihood(BIAS + FACTS.adds)
    assert LEADS.above > LAG
    assert told.scores([(TOLD, LOOKS)]) == pytest.approx([leads])
    assert told.scores([(TOLD, LOOKS), (TOLD, TRUE)]) == pytest.approx([lags, leads])
    assert told.scores([(TOLD, TRUE), (TOLD, LOOKS)]) == pytest.approx([leads, lags])


def test_no_couples_have_no_evidence_scores_or_reasons() -> None:
    told = judge(ALPHA, BETA)
    assert told.evidence([]).shape == (0, len(STORY_FEATURES))
    assert told.scores([]) == told.reasons([]) == []


def test_progress_is_told_of_every_couple() -> None:
    seen: list[tuple[int, int]] = []
    couples = [(ALPHA, BETA), (ALPHA, OTHER), (BETA, OTHER)]
    judge(ALPHA, BETA, OTHER).scores(couples, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_two_articles_are_compared_once_however_often_they_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    compared, compare = [], module.evidence
    monkeypatch.setattr(module, "evidence", lambda *given: (compared.append(given), compare(*given))[1])
    told, couples = judge(ALPHA, BETA, OTHER), [(ALPHA, BETA), (ALPHA, OTHER)]
    first = told.scores(couples)
    told.reasons(couples)
    assert told.scores(couples) == first
    assert len(compared) == 2


# The reasons


@pytest.mark.parametrize(
    ("other", "date", "odds"),
    [
        (BETA, "2024-05-01", BIAS + FACTS.adds + LEADS.adds),
        (BETA, "2024-05-04", BIAS + FACTS.adds + LEADS.adds + LATER.adds),
        (OTHER, "2024-05-01", BIAS + LEADS.adds),
        (OTHER, "2024-05-04", BIAS + LEADS.adds + LATER.adds),
    ],
)
def test_the_reasons_name_every_value_and_add_up_to_the_log_odds(other: Encoded, date: str, odds: float) -> None:
    a, b = dated(ALPHA, "2024-05-01"), dated(other, date)
    told = judge(a, b)
    (reasons,), (score,), (values,) = (ask([(a, b)]) for ask in (told.reasons, told.scores, told.evidence))
    assert tuple(reasons) == STORY_FEATURES
    assert [value for value, _ in reasons.values()] == pytest.approx(values, abs=0.0005)
    alike = BIAS + (FACTS.adds + LEADS.adds + LATER.adds) / 2  # the log-odds of the mean of what the trees know
    assert sum(adds for _, adds in reasons.values()) + alike == pytest.approx(odds)
    assert log(score / (1 - score)) == pytest.approx(odds)


def test_every_reason_is_what_is_added_to_the_mean() -> None:
    a, b = dated(ALPHA, "2024-05-01"), dated(BETA, "2024-05-04")
    (reasons,) = judge(a, b).reasons([(a, b)])
    assert reasons["days apart"] == (0.1, LATER.adds / 2)
    assert reasons["behind the best article"] == (0.0, LEADS.adds / 2)
    assert reasons["odds of the facts"] == (round(4 * log(999), 3), FACTS.adds / 2)
    steps = {step.feature for step in (FACTS, LEADS, LATER)}
    assert {adds for name, (_, adds) in reasons.items() if name not in steps} == {0.0}


def test_the_reasons_of_couples_judged_together_are_told_in_their_order() -> None:
    looks, true = judge(TOLD, TRUE, LOOKS).reasons([(TOLD, LOOKS), (TOLD, TRUE)])
    assert looks["behind the best article"] == (round(LAG, 3), -LEADS.adds / 2)
    assert true["behind the best article"] == (0.0, LEADS.adds / 2)


def test_a_reason_that_says_nothing_is_a_plain_zero() -> None:
    hardly = by_steps(0.0, Step("days apart", 0.05, -0.0004))  # its share is 0.0002 less where it is taken
    a, b = dated(ALPHA, "2024-05-01"), dated(event("b", "fr", 1, "Incendie"), "2024-06-30")
    (reasons,) = judge(a, b, story=hardly).reasons([(a, b)])
    assert str(reasons["days apart"]) == "(1.0, 0.0)"
    assert str(reasons["same language"]) == "(0.0, 0.0)"
