"""The development cases of alignment, on made-up lines."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from alignment.cases import ALONE, Bead, FreeCase, article_beads, free_cases, line_ids, unique_lines
from alignment.contradictions import contradict
from alignment.monotone import bead_groups, monotone_case
from alignment.traps import KINDS, TrapCase, traps

NAMES = ("Arvanel", "Bexhill", "Corvane", "Dunmere", "Elsinar", "Fosgate", "Gravelle", "Hollin")


def made_up(count: int) -> dict[str, list[str]]:
    said = [(n, NAMES[n % len(NAMES)]) for n in range(count)]
    return {
        "fr": [f"La mairie est ouverte, dit {name}, depuis {100 + n} jours." for n, name in said],
        "id": [f"Balai kota akan dibuka, kata {name}, sejak {100 + n} hari." for n, name in said],
        "zh": [f"市政厅已经开放，{name}说，已有{100 + n}天。" for n, name in said],
    }


LINES = made_up(400)
PAIR = ("fr", "id")


def beads_of(case: FreeCase) -> list[tuple[str, str]]:
    """The texts of all beads."""
    a, b = ({article.name: article for article in side} for side in (case.a, case.b))
    return [
        (a[one].sentences[bead.a[0]], b[other].sentences[bead.b[0]])
        for (one, other), beads in case.beads.items()
        for bead in beads
    ]


@pytest.mark.parametrize("hard", [False, True])
def test_a_seed_makes_one_case(hard: bool) -> None:
    assert free_cases(LINES, PAIR, 7, hard=hard) == free_cases(LINES, PAIR, 7, hard=hard)
    assert free_cases(LINES, PAIR, 7, hard=hard) != free_cases(LINES, PAIR, 8, hard=hard)


@pytest.mark.parametrize("hard", [False, True])
def test_beads_are_lines_that_both_articles_kept(hard: bool) -> None:
    case = free_cases(LINES, PAIR, 1, hard=hard)
    beads = beads_of(case)
    assert beads and all(LINES["fr"].index(mine) == LINES["id"].index(theirs) for mine, theirs in beads)
    kept = [{text for article in side for text in article.sentences} for side in (case.a, case.b)]
    both = {
        mine for mine, theirs in zip(LINES["fr"], LINES["id"], strict=True) if mine in kept[0] and theirs in kept[1]
    }
    assert {mine for mine, _ in beads} == both, "no sentence has a partner that the beads do not tell"


def test_easy_articles_are_shuffled_blocks_less_three_in_ten() -> None:
    case = free_cases(LINES, PAIR, 1, hard=False)
    assert len(case.a) == len(case.b) == len(case.pairs)
    assert {len(article.sentences) for article in (*case.a, *case.b)} <= {
        size - round(0.3 * size) for size in range(8, 17)
    }
    for article in case.a:
        lines = [line for line in article.lines if line is not None]
        assert len(lines) == len(article.lines) and max(lines) - min(lines) < 16
        assert article.sentences == tuple(LINES["fr"][line] for line in lines)
    assert any(list(article.lines) != sorted(article.lines, key=lambda line: line or 0) for article in case.a)


def test_hard_articles_have_foreign_sentences_and_some_stand_alone() -> None:
    case = free_cases(LINES, PAIR, 1, hard=True)
    articles = (*case.a, *case.b)
    alone = len(articles) - 2 * len(case.pairs)
    assert ALONE * len(articles) - 1 <= alone <= ALONE * len(articles)
    for article in articles:
        foreign = article.lines.count(None)
        assert foreign == round((len(article.lines) - foreign) / 2) > 0
    places = [LINES[article.lang].index(text) for article in articles for text in article.sentences]
    own = {line for article in articles for line in article.lines}
    foreign_lines = [line for line in places if line not in own]
    assert len(foreign_lines) == len(set(foreign_lines)) == sum(article.lines.count(None) for article in articles)


def test_neither_names_nor_order_tell_the_pairs() -> None:
    case = free_cases(LINES, PAIR, 1, hard=False)
    assert [article.name for article in case.a] == [f"fr-{n:03}" for n in range(len(case.a))]
    same = sum(one.removeprefix("fr") == other.removeprefix("id") for one, other in case.pairs)
    assert same < len(case.pairs) / 3


def test_lines_that_are_alike_in_one_language_have_one_id() -> None:
    lines = {"fr": ["Oui.", "Non.", "Si. ", "Assez."], "id": ["Ya.", "Tidak.", "Ya.", "Cukup."]}
    assert line_ids(lines, PAIR) == [0, 1, 0, 3]
    chained = {"fr": ["a", "b", "b", "c"], "id": ["x", "y", "x", "z"]}
    assert line_ids(chained, PAIR) == [0, 0, 0, 3]


def test_repeated_and_empty_lines_are_left_out() -> None:
    lines = {"fr": ["Oui.", "", "Si.", "Assez.", " "], "id": ["Ya.", "Tidak.", "Ya.", "Cukup.", ""]}
    assert unique_lines(lines, PAIR) == [0, 3]
    assert line_ids(lines, PAIR) == [0, 1, 0, 3, 4], "lines are not alike for being empty"
    twice = {lang: [*texts, *texts] for lang, texts in LINES.items()}
    assert free_cases(twice, PAIR, 1, hard=True) == free_cases(LINES, PAIR, 1, hard=True)
    assert traps(twice, PAIR, 1, 20) == traps(LINES, PAIR, 1, 20)
    assert monotone_case(twice["fr"], twice["id"], PAIR, 1) == monotone_case(LINES["fr"], LINES["id"], PAIR, 1)


def test_lines_must_be_parallel() -> None:
    with pytest.raises(ValueError, match="fr and id are not line-parallel"):
        free_cases({"fr": ["Oui."], "id": []}, PAIR, 1, hard=False)


@pytest.mark.parametrize("hard", [False, True])
def test_too_few_lines_make_no_articles(hard: bool) -> None:
    few = {lang: texts[:7] for lang, texts in LINES.items()}
    assert free_cases(few, PAIR, 1, hard=hard) == FreeCase(PAIR, (), (), {})


def test_beads_are_least_groups_that_share_lines() -> None:
    assert bead_groups([[0], [1, 2], [3]], [[0, 1], [2], [3]]) == (Bead((0, 1), (0, 1)), Bead((2,), (2,)))
    assert bead_groups([[0], [2]], [[1], [2]]) == (Bead((0,), ()), Bead((), (0,)), Bead((1,), (1,)))
    assert bead_groups([[0], [0]], [[1]]) == (Bead((0,), ()), Bead((1,), ()), Bead((), (0,)))
    assert bead_groups([[0], [0, 1]], [[0], [0], [1]]) == (Bead((0, 1), (0, 1, 2)),)
    assert bead_groups([], []) == ()


def test_monotone_texts_keep_every_line_in_order() -> None:
    case = monotone_case(LINES["fr"], LINES["id"], PAIR, 3)
    for texts, own, lines in ((case.a, case.a_lines, LINES["fr"]), (case.b, case.b_lines, LINES["id"])):
        assert [line for sentence in own for line in sentence] == list(range(400))
        assert list(texts) == [" ".join(lines[line] for line in sentence) for sentence in own]
        assert 0.08 < sum(len(sentence) - 1 for sentence in own) / 399 < 0.22
    assert case.a_lines != case.b_lines
    assert [i for bead in case.beads for i in bead.a] == list(range(len(case.a)))
    assert [j for bead in case.beads for j in bead.b] == list(range(len(case.b)))
    assert {(len(bead.a), len(bead.b)) for bead in case.beads} >= {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_dropped_lines_leave_sentences_unmatched() -> None:
    case = monotone_case(LINES["fr"], LINES["id"], PAIR, 3, merge=0, drop=0.3)
    assert len(case.a) == len(case.b) == 280
    alone = [bead for bead in case.beads if not (bead.a and bead.b)]
    assert len(alone) == len(set(case.a_lines) ^ set(case.b_lines))
    assert all((line,) in case.a_lines and (line,) in case.b_lines for line in shared(case.a_lines, case.b_lines))


def shared(a: tuple[tuple[int, ...], ...], b: tuple[tuple[int, ...], ...]) -> set[int]:
    return {line for own in a for line in own} & {line for own in b for line in own}


def test_cut_lines_are_one_bead() -> None:
    case = monotone_case(LINES["fr"], LINES["id"], PAIR, 3, merge=0, split=0.5)
    assert all(re.search(r",$|\.$", text) for text in case.a)
    shapes = Counter((len(bead.a), len(bead.b)) for bead in case.beads)
    assert set(shapes) == {(1, 1), (1, 2), (2, 1), (2, 2)} and min(shapes.values()) > 60
    whole = [" ".join(case.a[i] for i in bead.a) for bead in case.beads]
    assert whole == LINES["fr"]


def test_chinese_is_cut_at_its_marks_and_joined_without_spaces() -> None:
    case = monotone_case(LINES["zh"], LINES["fr"], ("zh", "fr"), 3, split=0.5)
    assert "".join(case.a) == "".join(LINES["zh"])
    assert any(text.endswith("，") for text in case.a)


def test_a_number_is_not_cut() -> None:
    lines = [f"Cela coûte depuis lors 1,{n} million d'euros" for n in range(10, 40)]
    case = monotone_case(lines, lines, ("fr", "fr"), 1, merge=0, split=1.0)
    assert list(case.a) == lines


def contradictions(cases: tuple[TrapCase, ...]) -> list[tuple[str, int | None, str]]:
    return [
        (trap.kind, case.a.lines[trap.a], case.b.sentences[trap.contradiction]) for case in cases for trap in case.traps
    ]


def test_a_trap_stands_beside_the_true_partner_or_alone() -> None:
    beside, alone = traps(LINES, PAIR, 1, 60), traps(LINES, PAIR, 1, 60, partners=False)
    assert contradictions(beside) == contradictions(alone)
    assert [case.a for case in beside] == [case.a for case in alone]
    for case in (*beside, *alone):
        assert case.beads == article_beads(case.a, case.b)
        used = {j for bead in case.beads for j in bead.b}
        for trap in case.traps:
            assert case.b.lines[trap.contradiction] is None and trap.contradiction not in used
    for case in beside:
        assert len(case.beads) == 10
        for trap in case.traps:
            assert Bead((trap.a,), (trap.partner or 0,)) in case.beads
            assert case.b.sentences[trap.partner or 0] != case.b.sentences[trap.contradiction]
    for case in alone:
        assert len(case.beads) == 10 - len(case.traps)
        assert {trap.partner for trap in case.traps} == {None}
        assert {trap.a for trap in case.traps}.isdisjoint(bead.a[0] for bead in case.beads)


def test_kinds_of_traps_have_equal_shares_and_lines_stand_once() -> None:
    cases = traps(LINES, PAIR, 1, 60)
    assert Counter(kind for kind, _, _ in contradictions(cases)) == dict.fromkeys(KINDS, 20)
    for side in ("a", "b"):
        lines = [line for case in cases for line in getattr(case, side).lines if line is not None]
        assert len(lines) == len(set(lines)) == 10 * len(cases)


def test_kinds_that_a_language_does_not_offer_leave_their_share_to_others() -> None:
    cases = traps(LINES, ("fr", "zh"), 1, 30)
    assert Counter(kind for kind, _, _ in contradictions(cases)) == {"number": 30}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Le coût est de 1 250 000 euros.", r"Le coût est de [2-9] \d\d0 000 euros\."),
        ("The cost is 2.5 million.", r"The cost is \d\.\d million\."),
        ("It began in 1998.", r"It began in 19\d\d\."),
        ("It began in 2012.", r"It began in 20[012]\d\."),
        ("At 9:05 it began.", r"At [2-9]:05 it began\."),
        ("Pada 17 Mei.", r"Pada (1[3-9]|2\d|3[01]) Mei\."),
    ],
)
def test_a_number_gives_way_to_one_of_the_same_form(text: str, form: str) -> None:
    for seed in range(20):
        new = contradict("number", text, "", "fr", [], random.Random(seed)) or ""
        assert new != text and re.fullmatch(form, new)


@pytest.mark.parametrize("text", ["Un JAS 39C et un A380.", "Il a dit non.", "Le COVID-19.", "À 0 degré."])
def test_digits_of_words_and_zero_are_left_alone(text: str) -> None:
    assert contradict("number", text, "", "fr", [], random.Random(1)) is None


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The bridge is open.", "The bridge is not open."),
        ("en", "The bridge is not open.", "The bridge is open."),
        ("en", "She can't come.", "She can come."),
        ("en", "It is not only open.", None),
        ("en", "Nobody was there.", None),
        ("fr", "Le pont est ouvert.", "Le pont n'est pas ouvert."),
        ("fr", "Les élus peuvent voter.", "Les élus ne peuvent pas voter."),
        ("fr", "Le pont n’est pas ouvert.", "Le pont est ouvert."),
        ("fr", "Il ne se trouve pas ici.", "Il se trouve ici."),
        ("fr", "Ils vont à l'est de Gand.", None),
        ("id", "Jembatan akan dibuka.", "Jembatan tidak akan dibuka."),
        ("id", "Jembatan itu tidak dibuka.", "Jembatan itu dibuka."),
        ("id", "Jembatan belum dibuka.", "Jembatan sudah dibuka."),
        ("id", "Dia tidak hanya datang.", None),
        ("es", "El puente no está abierto.", None),
    ],
)
def test_a_negation_is_removed_or_inserted(lang: str, text: str, expected: str | None) -> None:
    assert contradict("negation", text, "", lang, [], random.Random(1)) == expected


def test_a_name_gives_way_to_another() -> None:
    text, other = "Kata Arvanel, Selasa itu Dunmere menang.", "Selon Arvanel, Dunmere a gagné mardi."
    swapped = contradict(
        "name", text, other, "id", ["Arvanel", "Bexhill", "Dunmere", "Hollin Fosgate"], random.Random(1)
    )
    assert swapped in (text.replace("Arvanel", "Bexhill"), text.replace("Dunmere", "Bexhill"))
    assert contradict("name", text, "Mardi, il a gagné.", "id", list(NAMES), random.Random(1)) is None
