import pytest

from samestory.mt_flags import flags

SOURCE = "Le ministre a annoncé jeudi que la loi sur les retraites serait votée avant l'été."
ENGLISH = "The minister announced on Thursday that the pensions law would be voted on before the summer."


@pytest.mark.parametrize(
    ("source", "english"),
    [
        (SOURCE, ENGLISH),
        ("Oui, oui, oui, oui, oui !", "Yes, yes, yes, yes, yes!"),
        ("PSG", "Paris Saint-Germain"),
        ("Joko Widodo", "Joko Widodo"),
        (
            "总统周一抵达雅加达，参加两国领导人会议。",
            "The president arrived in Jakarta on Monday to attend the two leaders' meeting.",
        ),
        ("وصل الرئيس إلى جاكرتا يوم الاثنين.", "The president arrived in Jakarta on Monday."),
        ("?!", "?!"),
    ],
)
def test_nothing_wrong(source: str, english: str) -> None:
    assert flags(source, english) == ()


@pytest.mark.parametrize("english", ["", "  "])
def test_empty(english: str) -> None:
    assert flags(SOURCE, english) == ("mt-empty",)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        (SOURCE, SOURCE),
        (SOURCE, SOURCE.upper().replace("LOI", "law")),
        ("总统周一抵达雅加达。", "总统周一抵达雅加达."),
        ("Presiden tiba di Jakarta Senin.", "Presiden tiba di Jakarta Senin"),
    ],
)
def test_copy(source: str, english: str) -> None:
    assert "mt-copy" in flags(source, english)


@pytest.mark.parametrize(
    ("source", "english"), [(SOURCE, "The law."), (SOURCE, " ".join([ENGLISH, *ENGLISH[::-1]] * 3))]
)
def test_length(source: str, english: str) -> None:
    assert "mt-length" in flags(source, english)


@pytest.mark.parametrize(
    "english",
    [
        "The law of the law of the law of the law was voted.",
        "The the the the minister announced the pensions law.",
        "A member of the board, a member of the court, a member of the board, a member of the house.",
        "The law is " + "ku" * 40,
    ],
)
def test_loop(english: str) -> None:
    assert "mt-loop" in flags(SOURCE, english)


def test_loop_of_the_source_is_no_loop() -> None:
    chant = "« Liberté, liberté, liberté, liberté ! », criait la foule."
    assert flags(chant, "“Freedom, freedom, freedom, freedom!” the crowd shouted.") == ()
    assert flags(SOURCE, "“Freedom, freedom, freedom, freedom!” the minister announced.") == ("mt-loop",)


@pytest.mark.parametrize(
    ("source", "english", "flagged"),
    [
        ("Il y a 3 500 cas.", "There are 3,500 cases.", False),
        ("Il y a 3 500 cas.", "There are cases.", True),
        ("Sebanyak 1,5 juta orang", "Some 1.5 million people", False),
        ("Sebanyak 22.118.952 laporan", "Some 22,118,950 reports", True),
        ("Pukul 09.40 pagi", "At 9:40 in the morning", False),
        ("Trois cas, 5 blessés", "Three cases, five hurt", False),
        ("Le 17/04/2024 à Paris", "In Paris on 17 April 2024", False),
    ],
)
def test_a_number_of_the_source_must_be_in_the_english(source: str, english: str, flagged: bool) -> None:
    assert ("mt-numbers" in flags(source, english)) is flagged
