import pytest

from samestory.facts import Quantity, facts


def kinds(text: str, lang: str | None) -> set[tuple[str, str, str]]:
    return {(quantity.kind, quantity.value, quantity.unit) for quantity in facts(text, lang).kinds}


@pytest.mark.parametrize(
    ("lang", "text", "unit", "value"),
    [
        ("en", "It cost $1.5bn.", "USD", "1500000000"),
        ("en", "It cost $ 5m.", "USD", "5000000"),
        ("en", "It cost 30 million euros.", "EUR", "30000000"),
        ("en", "It cost £820.", "GBP", "820"),
        ("en", "It cost 40 dollars.", "USD", "40"),
        ("en", "It cost 12,000 Indonesian rupiahs.", "IDR", "12000"),
        ("en", "It cost JPY 900.", "JPY", "900"),
        ("fr", "Cela coûte 1,5 Md€.", "EUR", "1500000000"),
        ("fr", "Cela coûte 14,7 milliards de dollars.", "USD", "14700000000"),
        ("fr", "Cela coûte 3 millions d'euros.", "EUR", "3000000"),
        ("fr", "Cela coûte 1,1 million d'euros.", "EUR", "1100000"),
        ("fr", "Cela coûte 1,6 milliard d'euros.", "EUR", "1600000000"),
        ("fr", "Cela coûte 45 000 roupies.", "IDR|INR|LKR|MUR|NPR|PKR|SCR", "45000"),
        ("fr", "Cela coûte 22 500 $.", "USD", "22500"),
        ("id", "Harganya Rp820 miliar.", "IDR", "820000000000"),
        ("id", "Harganya Rp 85.000.", "IDR", "85000"),
        ("id", "Harganya 300 ribu dolar AS.", "USD", "300000"),
        ("id", "Harganya 5 juta rupiah.", "IDR", "5000000"),
        ("de", "Es kostet 2,3 Milliarden Dollar.", "USD", "2300000000"),
        ("es", "Cuesta 5 mil millones de euros.", "EUR", "5000000000"),
        ("zh", "耗资3亿美元。", "USD", "300000000"),
        ("ar", "بتكلفة ١٢٫٥ مليون دولار", "USD", "12500000"),
        ("ko", "비용은 5억원이다.", "KRW", "500000000"),
        ("en", "It cost C$500.", "CAD", "500"),
        ("en", "A fine of 750m Indonesian rupiahs.", "IDR", "750000000"),
        ("en", "It cost 3 million pounds.", "GBP", "3000000"),
        ("fr", "Cela coûte 46 millions de livres.", "GBP", "46000000"),
        ("fr", "Cela coûte 6 M d'euros.", "EUR", "6000000"),
        ("id", "Harganya 300 ribu dollar AS.", "USD", "300000"),
        ("id", "Harganya 1,20 dollar Australia.", "AUD", "1.2"),
        ("id", "Harganya 420 juta poundsterling.", "GBP", "420000000"),
        (None, "Rp2,5 miliar", "IDR", "2500000000"),
    ],
)
def test_money_has_its_currency(lang: str | None, text: str, unit: str, value: str) -> None:
    assert kinds(text, lang) == {("money", value, unit)}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "up 5.5%"),
        ("en", "up 5.5 percent"),
        ("en", "up 5.5 per cent"),
        ("fr", "hausse de 5,5 pour cent"),
        ("fr", "hausse de 5,5 %"),
        ("id", "naik 5,5 persen"),
        ("de", "um 5,5 Prozent"),
        ("ar", "٥٫٥٪"),
        ("zh", "上涨百分之5.5"),
    ],
)
def test_percent(lang: str, text: str) -> None:
    assert kinds(text, lang) == {("percent", "5.5", "")}


@pytest.mark.parametrize(
    ("lang", "text", "unit", "value"),
    [
        ("en", "820 miles", "mile", "820"),
        ("en", "5 square kilometres", "square-kilometer", "5"),
        ("en", "the 28-year-old", "year", "28"),
        ("en", "60 mph", "mile-per-hour", "60"),
        ("fr", "3 km²", "square-kilometer", "3"),
        ("fr", "28 ans", "year", "28"),
        ("fr", "durant 15 heures", "hour", "15"),
        ("id", "50 hektare", "hectare", "50"),
        ("id", "4 malam dan 28 tahun", "year", "28"),
        ("id", "1,2 juta km2", "square-kilometer", "1200000"),
        ("zh", "30公里", "kilometer", "30"),
        ("zh", "95海里", "nautical-mile", "95"),
        ("en", "95 nautical miles", "nautical-mile", "95"),
        ("en", "250 tons", "tonne", "250"),
        ("id", "500.000 ton", "tonne", "500000"),
        ("id", "50 hektar", "hectare", "50"),
        ("en", "over 4m tonnes", "tonne", "4000000"),
        ("en", "the 100m hurdles", "meter", "100"),
        ("en", "won 200m gold", "meter", "200"),
        ("en", "won the 400m minutes later", "meter", "400"),
        ("en", "1.3m sq km", "square-kilometer", "1300000"),
        ("en", "2 million pounds of beef", "pound", "2000000"),
        ("fr", "6 M de tonnes", "tonne", "6000000"),
        ("ru", "6 м", "meter", "6"),
        ("ru", "в 2020 г.", "year", "2020"),
        ("en", "5 pounds", "pound", "5"),
        ("fr", "par 640 m de fond", "meter", "640"),
        ("fr", "à 38 milles nautiques", "nautical-mile", "38"),
        ("fr", "en 4 s 58", "second", "4.58"),
        ("fr", "jusqu'à huit heures par jour", "hour", "8"),
        ("fr", "deux fois et demie le prix", "times", "2.5"),
        ("id", "tiga kali lipat", "times", "3"),
    ],
)
def test_a_measure_has_its_unit(lang: str, text: str, unit: str, value: str) -> None:
    assert ("measure", value, unit) in kinds(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "kind", "value"),
    [
        ("en", "the 19th time", "ordinal", "19"),
        ("fr", "le XIXe siècle", "ordinal", "19"),
        ("fr", "la 60e fois", "ordinal", "60"),
        ("id", "yang ke-60", "ordinal", "60"),
        ("zh", "第60次", "ordinal", "60"),
        ("en", "World War II", "ordinal", "2"),
        ("en", "the G20", "label", "20"),
        ("en", "an Mi-8", "label", "8"),
        ("en", "two Times reporters", "plain", "2"),
        ("en", "a third more recent case", "ordinal", "3"),
        ("en", "an A380", "label", "380"),
        ("en", "in the 1990s", "year", "1990"),
        ("en", "until mid-1990", "year", "1990"),
        ("en", "a third more", "fraction", "1/3"),
        ("en", "a hundred and forty people", "plain", "140"),
        ("en", "a million people", "plain", "1000000"),
        ("fr", "un millier de personnes", "plain", "1000"),
        ("fr", "trois milliers de personnes", "plain", "3000"),
        ("id", "sejuta orang", "plain", "1000000"),
        ("id", "tahun 1990-an", "year", "1990"),
        ("de", "in den 1990er Jahren", "year", "1990"),
        ("en", "1,234 people", "plain", "1234"),
        ("en", "2½ people", "plain", "2.5"),
        ("zh", "1.2万", "plain", "12000"),
        ("en", "3.142 people", "plain", "3.142"),
        ("fr", "3.142 personnes", "plain", "3142"),
        ("en", "TOP 10 songs", "plain", "10"),
    ],
)
def test_other_kinds(lang: str, text: str, kind: str, value: str) -> None:
    assert kinds(text, lang) == {(kind, value, "")}


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("ko", "첫날 이용객은 12만8000명이다.", "128000"),
        ("ko", "3백 명이 왔다.", "300"),
        ("ko", "12만 8천 명이다.", "128000"),
        ("ja", "3万5千人", "35000"),
        ("fr", "un million et demi d'habitants", "1500000"),
        ("en", "two and a half million people", "2500000"),
        ("zh", "共12万8000人", "128000"),
        ("pl", "36 mln 742 tys. mieszkańców", "36742000"),
    ],
)
def test_a_number_of_several_scales_is_one(lang: str, text: str, value: str) -> None:
    assert kinds(text, lang) == {("plain", value, "")}


@pytest.mark.parametrize(
    ("lang", "text", "value", "unit"),
    [
        ("fr", "deux heures et demie", "2.5", "hour"),
        ("en", "two and a half hours", "2.5", "hour"),
        ("en", "7 1/2 years", "7.5", "year"),
        ("id", "dua setengah jam", "2.5", "hour"),
        ("fr", "on en attendait six et demie", "6.5", ""),
        ("fr", "deux kilomètres et demi-tour", "2", "kilometer"),
        ("es", "dos años y medio millón", "2", "year"),
        ("es", "20 y medio centenar", "20", ""),
    ],
)
def test_a_half_more_is_added(lang: str, text: str, value: str, unit: str) -> None:
    assert kinds(text, lang) == {("measure" if unit else "plain", value, unit)}


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "Of 2 million 300 people came.", {"2000000", "300"}),
        ("ko", "3만. 2000명이 왔다.", {"30000", "2000"}),
        ("ko", "관객 3만 5일 만에", {"30000", "5"}),
        ("zh", "上涨5百分点", {"5"}),
    ],
)
def test_a_number_after_a_scaled_one_is_its_own(lang: str, text: str, values: set[str]) -> None:
    assert facts(text, lang).numbers == values


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "Two thirds of them left.", "2/3"),
        ("fr", "Près des trois quarts sont partis.", "3/4"),
        ("id", "Dua pertiga dari mereka pergi.", "2/3"),
    ],
)
def test_a_fraction_has_what_it_is_divided_by(lang: str, text: str, value: str) -> None:
    assert kinds(text, lang) == {("fraction", value, "")}


@pytest.mark.parametrize(("lang", "text"), [("en", "two tiers"), ("en", "two quarters"), ("de", "drei Viertel")])
def test_what_only_looks_like_a_fraction_is_none(lang: str, text: str) -> None:
    assert {kind for kind, _, _ in kinds(text, lang)} == {"plain"}


@pytest.mark.parametrize("text", ["half a million people", "one of a million people"])
def test_a_million_is_part_of_another_number(text: str) -> None:
    assert "1000000" not in facts(text, "en").numbers


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "nine other people"),
        ("en", "9 others"),
        ("en", "another 9 people"),
        ("fr", "9 autres"),
        ("id", "9 orang lainnya"),
    ],
)
def test_a_number_of_others_says_so(lang: str, text: str) -> None:
    assert facts(text, lang).kinds == {Quantity("plain", "9", others=True)}


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "9 and others"), ("id", "9 antara lain"), ("en", "9 in other towns")]
)
def test_a_number_beside_others_is_of_its_own(lang: str, text: str) -> None:
    assert facts(text, lang).kinds == {Quantity("plain", "9")}


@pytest.mark.parametrize("text", ["about 40 people", "some 40 people", "more than 40 people"])
def test_a_rough_number_says_so(text: str) -> None:
    assert facts(text, "en").kinds == {Quantity("plain", "40", "", about=True)}


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "nineteen people", {"19"}),
        ("fr", "dix-neuf personnes", {"19"}),
        ("id", "sembilan belas orang", {"19"}),
        ("de", "neunzehn Leute", {"19"}),
        ("es", "diecinueve personas", {"19"}),
        ("ru", "девятнадцать человек", {"19"}),
        ("zh", "十九名乘客", {"19"}),
        ("zh", "两名乘客", {"2"}),
        ("en", "twenty-one and two hundred and fifty", {"21", "250"}),
        ("fr", "deux cent cinquante", {"250"}),
        ("fr", "quatre-vingt-dix-neuf", {"99"}),
        ("id", "dua ratus lima puluh", {"250"}),
        ("en", "ten million", {"10000000"}),
        ("id", "tiga juta", {"3000000"}),
        ("en", "the third and the twentieth", {"3", "20"}),
        ("fr", "neuf millions, les neuf élus", {"9000000", "9"}),
        ("fr", "trois mille cinq cents", {"3500"}),
        ("fr", "un million deux cent mille, quatre-vingt mille", {"1200000", "80000"}),
        ("fr", "en deux mille dix, mille neuf cents", {"2010", "1900"}),
        ("fr", "cent mille neuf autos", {"100000"}),
        ("fr", "deux cent quatre-vingt mille", {"280000"}),
        ("pt", "mil e duzentos, um milhão e duzentas mil", {"1200", "1200000"}),
        ("en", "two thousand Six Nations fans, two million and five people", {"2000", "2000000", "5"}),
        ("id", "seribu lima ratus, satu juta dua ratus ribu", {"1500", "1200000"}),
        ("en", "two thousand and five, one million two hundred thousand three hundred", {"2005", "1200300"}),
        (
            "en",
            "between three thousand and five thousand, two million and three hundred",
            {"3000", "5000", "2000000", "300"},
        ),
        ("en", "of the five hundred, two thousand", {"500", "2000"}),
        ("es", "dos mil quinientos", {"2500"}),
    ],
)
def test_a_number_in_words_is_its_value(lang: str, text: str, values: set[str]) -> None:
    assert facts(text, lang).numbers == values


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "one of a kind, zero doubt, the second"),
        ("fr", "un pneu neuf et une roue"),
        ("id", "satu, seorang, kedua"),
        ("it", "tu sei qui"),
        ("pt", "na quarta-feira"),
        ("es", "el ministro dijo en Lima"),
        ("id", "ke kota Lima"),
        ("en", "the Seven Network"),
        ("zh", "一名，三星，十分"),
        (None, "six dix nineteen"),
    ],
)
def test_a_word_that_may_be_no_number_is_none(lang: str | None, text: str) -> None:
    assert facts(text, lang).numbers == set()


def test_an_unknown_language_still_has_its_digits() -> None:
    assert facts("Qaplaʼ 1,5 ja 22 118 952.", "tlh").numbers == {"1.5", "22118952"}


@pytest.mark.parametrize(
    "text",
    [
        'He said "no".',
        "Il dit « non ».",
        "„Nein“, sagte er.",
        "He said ‘never again’ twice.",
        "他说：“不”。",
        "「はい」",
    ],
)
def test_a_quotation_is_seen_by_its_marks(text: str) -> None:
    assert facts(text).quoted


@pytest.mark.parametrize("text", ["He didn't.", "the boys' hats", "l’été d’avant", "6 m"])
def test_an_apostrophe_is_no_quotation(text: str) -> None:
    assert not facts(text).quoted
