import pytest

from samestory.facts import Facts, facts, name_similarity


@pytest.mark.parametrize(
    ("lang", "text", "place"),
    [
        ("en", "a man from Germany", "DE"),
        ("fr", "un homme venu d’Allemagne", "DE"),
        ("id", "pria dari Jerman", "DE"),
        ("de", "ein Mann aus Deutschland", "DE"),
        ("zh", "来自德国的人", "DE"),
        ("en", "the United States", "US"),
        ("en", "the US and more", "US"),
        ("en", "the U.S. and more", "US"),
        ("id", "ke Amerika Serikat", "US"),
        ("id", "utusan AS itu", "US"),
        ("id", "sidang PBB itu", "UN"),
        ("fr", "selon l’ONU", "UN"),
        ("id", "ke Britania Raya", "GB"),
        ("en", "a British and Canadian man", "CA"),
        ("fr", "un homme danois", "DK"),
        ("id", "di Afrika", "002"),
    ],
)
def test_a_place_is_known_by_its_code(lang: str, text: str, place: str) -> None:
    assert place in facts(text, lang).places


@pytest.mark.parametrize(("lang", "text"), [("en", "it is up to us"), ("en", "a chad and a jersey"), ("id", "as roda")])
def test_a_common_word_is_no_place(lang: str, text: str) -> None:
    assert facts(text, lang).places == frozenset()


def test_the_english_adds_names_and_no_numbers() -> None:
    both = facts("Mereka tiba di Jerman, 12 orang.", "id", "They arrived in Germany, 13 people, said Budi.")
    assert both.numbers == {"12"}
    assert {"jerman", "germany", "budi"} <= both.names
    assert both.inner_names == {"jerman"}


@pytest.mark.parametrize("name", ["Владимир", "Βλαδίμηρος"])
def test_names_in_other_alphabets_are_compared_in_latin_letters(name: str) -> None:
    assert all(word.isascii() for word in facts(f"и {name}").names)


def both(a: str, b: str) -> tuple[Facts, Facts]:
    return facts(f"kemarin {a} tiba", "id"), facts(f"hier {b} est là", "fr")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Siti Rahma", "Siti Rahma"),
        ("Jerman", "l’Allemagne"),
        ("London", "Londres"),
        ("Muhammad", "Mohammed"),
        ("Zelensky", "Zelenskyy"),
        ("Kairo", "Caire"),
        ("Rahma", "Siti Rahma"),
        ("World Health Organization", "WHO"),
        ("Pangkalpinang", "Pangkal Pinang"),
    ],
)
def test_one_name_in_two_spellings_is_alike(a: str, b: str) -> None:
    left, right = both(a, b)
    assert name_similarity(left, right) > 0.8
    assert name_similarity(left, right) == name_similarity(right, left)


@pytest.mark.parametrize(
    ("a", "b"), [("Siti Rahma", "Paul Durand"), ("Jerman", "l’Espagne"), ("Medan", "Lyon"), ("Ali", "Alpes")]
)
def test_two_names_are_not_alike(a: str, b: str) -> None:
    assert name_similarity(*both(a, b)) == 0.0


def test_without_names_nothing_is_alike() -> None:
    assert name_similarity(facts("il pleut", "fr"), facts("hier Paul est là", "fr")) == 0.0


def test_the_side_with_fewer_names_counts() -> None:
    few, many = facts("kata Rahma kepada Durand", "id"), facts("selon Rahma, Durand, Weber et Rossi", "fr")
    assert name_similarity(few, many) == 1.0
