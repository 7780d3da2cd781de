import pytest

from samestory.facts import NONE, facts


def numbers(text: str) -> set[str]:
    return set(facts(text).numbers)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22.118.952", "22118952"),
        ("22 118 952", "22118952"),
        ("22,118,952", "22118952"),
        ("22\u202f118\u202f952", "22118952"),
        ("22\u00a0118\u00a0952", "22118952"),
        ("22\u2009118\u2009952", "22118952"),
        ("22'118'952", "22118952"),
        ("22’118’952", "22118952"),
        ("3.500", "3500"),
        ("3 500", "3500"),
        ("3,500", "3500"),
        ("3500", "3500"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("12.345.678,9", "12345678.9"),
        ("2,5", "2.5"),
        ("2.50", "2.5"),
        ("0.500", "0.5"),
        ("0,500", "0.5"),
        ("0,075", "0.075"),
        ("100", "100"),
        ("007", "7"),
        ("0", "0"),
    ],
)
def test_a_number_is_its_value_however_it_is_written(text: str, value: str) -> None:
    assert numbers(f"Kira-kira {text} orang.") == {value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5 juta", "1500000"),
        ("1.5 million", "1500000"),
        ("1,5\u00a0million", "1500000"),
        ("1,5\u202fmillions", "1500000"),
        ("Rp2,5 miliar", "2500000000"),
        ("Rp 2,5 Miliar", "2500000000"),
        ("2.5 billion", "2500000000"),
        ("2,5 milliards", "2500000000"),
        ("40 ribu", "40000"),
        ("40 thousand", "40000"),
        ("3 triliun", "3000000000000"),
        ("1.500 juta", "1500000000"),
    ],
)
def test_a_word_of_scale_multiplies_the_number_before_it(text: str, value: str) -> None:
    assert numbers(f"sekitar {text}.") == {value}


@pytest.mark.parametrize(
    "text", ["En 2021, mille gens", "2021. Million", "12 personnes pour un million", "7 millionnaires"]
)
def test_a_word_of_scale_elsewhere_leaves_the_number_alone(text: str) -> None:
    assert numbers(text) <= {"2021", "12", "7"}


@pytest.mark.parametrize("date", ["17.04.2024", "17/04/2024", "17-4-2024", "17. 4. 2024"])
def test_a_date_is_three_numbers(date: str) -> None:
    assert numbers(f"le {date}.") == {"17", "4", "2024"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021 300 orang", {"2021", "300"}),
        ("12 345 6789", {"12345", "6789"}),
        ("de 12 000 à 15 000", {"12000", "15000"}),
        ("3-2 dan 4:1", {"3", "2", "4", "1"}),
        ("G20, 5G", {"20", "5"}),
        ("pada 2020, 2021.", {"2020", "2021"}),
        ("50 %", {"50"}),
        ("1.2.3", {"1", "2", "3"}),
    ],
)
def test_neighbouring_numbers_stay_apart(text: str, found: set[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["", "Tidak ada angka.", "m² et CO₂", "... - ,"])
def test_a_text_without_numbers_has_none(text: str) -> None:
    assert numbers(text) == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chez l'Amazon", "amazon"),
        ("chez l’Amazon", "amazon"),
        ("qu’Amazon vend", "amazon"),
        ("said NBC's editor", "nbc"),
        ("said NBC’s editor", "nbc"),
        ("à Épinal", "epinal"),
        ("di EPINAL", "epinal"),
        ("vers Orly", "orly"),
        ("kata Núñez", "nunez"),
        ("avec Jean-Pierre", "jean-pierre"),
        ("the iPhone", "iphone"),
        ("by AT&T", "at&t"),
    ],
)
def test_a_name_loses_case_accents_and_what_grammar_hangs_on_it(text: str, name: str) -> None:
    assert facts(text).names == {name}


@pytest.mark.parametrize("text", ["orang biasa", "a B c", "il a dit", "1234", ""])
def test_words_without_a_capital_and_single_letters_are_no_names(text: str) -> None:
    assert facts(text).names == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Harbour wardens left.",
        "he said “Harbour wardens left”",
        'he said "Harbour wardens left"',
        "il dit « Harbour »",
        "all left. Harbour too",
        "why? Harbour",
        "so it goes: Harbour",
    ],
)
def test_a_word_that_opens_a_sentence_or_a_quote_is_a_name_but_no_inner_name(text: str) -> None:
    assert facts(text).names == {"harbour"}
    assert facts(text).inner_names == frozenset()


def test_inner_names_are_those_that_stand_within_a_sentence() -> None:
    assert facts("Kemarin Budi dan Sari tiba.").inner_names == {"budi", "sari"}


def test_facts_of_two_texts_are_the_union_of_both() -> None:
    both = facts("Kapal Mawar, 12 orang") | facts("kapal Melati, 30 orang")
    assert both.numbers == {"12", "30"}
    assert both.names == {"kapal", "mawar", "melati"}
    assert both.inner_names == {"mawar", "melati"}
    assert NONE | both == both


def test_facts_join_with_nothing_but_facts() -> None:
    with pytest.raises(TypeError):
        _ = NONE | {"12"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "He did not come."),
        ("en", "They don't know."),
        ("en", "They don’t know."),
        ("en", "NOBODY answered."),
        ("fr", "Elle ne viendra pas."),
        ("fr", "Sans eau, rien ne pousse."),
        ("fr", "Ils n’ont jamais répondu."),
        ("id", "Kapal itu tidak berlayar."),
        ("id", "Hasilnya belum ada."),
        ("id", "Ia pergi tanpa pamit."),
    ],
)
def test_a_negation_is_seen(lang: str, text: str) -> None:
    assert facts(text, lang).negated is True


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Another notable knot."),
        ("fr", "Le passage est ouvert."),
        ("id", "Retak di jalan itu panjang."),
        ("id", "Not balok dan no telepon."),
        ("en", ""),
    ],
)
def test_a_word_that_only_looks_like_a_negation_is_none(lang: str, text: str) -> None:
    assert facts(text, lang).negated is False


def test_a_language_without_known_negations_says_so() -> None:
    assert facts("Hann kemur ekki.", "is").negated is None


def test_facts_are_the_same_each_time() -> None:
    text = "Budi membayar Rp1,5 juta pada 17.04.2024."
    first = facts(text)
    facts.cache_clear()
    assert facts(text) == first


def test_an_indonesian_mile_is_no_thousand() -> None:
    assert facts("sekitar 6 mil laut").numbers == {"6"}


@pytest.mark.parametrize("text", ["He said I'm tired", "selon les élus, L’entreprise", "tiket Rp85.000"])
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert facts(text).inner_names == frozenset()


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Une personne est morte.", False),
        ("Plus de 30 personnes sont venues.", False),
        ("Il n’a transmis que 15 avis, les autres plus de 3 500.", False),
        ("Personne n’est venu.", True),
        ("Elle n’a vu personne.", True),
        ("Elle n’en a plus besoin.", True),
        ("Il ne guidera plus les navires.", True),
    ],
)
def test_french_words_that_deny_only_beside_ne(text: str, truth: bool) -> None:
    assert facts(text, "fr").negated is truth
