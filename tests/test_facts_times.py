"""Dates and times of the day: what they are read as, in which zone, and whether they are those of the writing."""

import pytest

from samestory.facts import facts
from samestory.facts.record import DATELINE
from test_facts_kinds import kinds


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "on 22 May 2024"),
        ("en", "on May 22, 2024"),
        ("en", "on 5/22/2024"),
        ("en", "on 2024-05-22"),
        ("fr", "le 22 mai 2024"),
        ("fr", "le 22/5/2024"),
        ("id", "pada 22 Mei 2024"),
        ("id", "(22/5/2024)"),
        ("de", "am 22. Mai 2024"),
        ("es", "el 22 de mayo de 2024"),
        ("ru", "22 мая 2024"),
        ("zh", "2024年5月22日"),
        ("ar", "٢٢ مايو ٢٠٢٤"),
    ],
)
def test_a_date_is_a_day_a_month_and_a_year(lang: str, text: str) -> None:
    assert kinds(text, lang) == {("day", "22", ""), ("month", "5", ""), ("year", "2024", "")}


@pytest.mark.parametrize(
    ("lang", "text", "months"),
    [
        ("en", "They left in May.", {"5"}),
        ("en", "They may leave.", set()),
        ("en", "March to the square!", set()),
        ("en", "March 3 was warm.", {"3"}),
        ("fr", "Ils partent en mars.", {"3"}),
        ("fr", "Ils visent Mars.", set()),
        ("id", "Mereka pergi bulan Mei.", {"5"}),
    ],
)
def test_a_month_is_told_from_a_word_that_looks_like_it(lang: str, text: str, months: set[str]) -> None:
    assert {value for kind, value, _ in kinds(text, lang) if kind == "month"} == months


@pytest.mark.parametrize(
    ("lang", "text", "time"),
    [
        ("en", "at 9:40 a.m.", "9:40"),
        ("en", "at 9:40 in the evening", "21:40"),
        ("en", "at 3 p.m.", "15:00"),
        ("en", "at 3pm", "15:00"),
        ("en", "at 12 a.m.", "0:00"),
        ("fr", "à 9 h 40", "9:40"),
        ("fr", "à 9h40", "9:40"),
        ("fr", "à 15 heures", "15:00"),
        ("id", "pukul 09.40", "9:40"),
        ("id", "pukul 15.00", "15:00"),
        ("id", "pukul 9 malam", "21:00"),
        ("de", "um 15 Uhr", "15:00"),
        ("de", "um 11.29 Uhr", "11:29"),
        ("nl", "om 6.47 uur", "6:47"),
        ("es", "a las 9:30 de la mañana", "9:30"),
        ("zh", "下午3点20分", "15:20"),
    ],
)
def test_a_clock_time_is_in_24_hours(lang: str, text: str, time: str) -> None:
    assert kinds(text, lang) == {("clock", time, "")}
    assert facts(text, lang).numbers == {time}


@pytest.mark.parametrize(
    ("lang", "text", "times"),
    [
        ("id", "pukul 09.40 WIB", {("9:40", "wib")}),
        ("id", "pukul 17.00 waktu setempat", {("17:00", "local")}),
        ("en", "at 5 p.m. local time", {("17:00", "local")}),
        ("en", "at 7:17 a.m. Central time", {("7:17", "central")}),
        ("en", "from 12:17 to 20:05 GMT", {("12:17", "utc"), ("20:05", "utc")}),
        (
            "en",
            "at 12:17 GMT, at 7:17 p.m. local time and at 8:00 p.m.",
            {("12:17", "utc"), ("19:17", "elsewhere"), ("20:00", "")},
        ),
        ("fr", "à 14 h 17 (heure de Paris)", {("14:17", "paris")}),
        ("fr", "à 17 heures locales", {("17:00", "local")}),
        ("fr", "à quinze heures, heure de Moscou", {("15:00", "msk")}),
        ("fr", "à quinze heures mardi, heure à laquelle", {("15:00", "")}),
        ("en", "at 5 p.m. (10:00 GMT)", {("17:00", "elsewhere"), ("10:00", "utc")}),
        ("en", "at 5 p.m. local time (0920 GMT)", {("17:00", "elsewhere"), ("9:20", "utc")}),
        ("en", "at 8 p.m. ET, at 10 p.m. UTC+2", {("20:00", "et"), ("22:00", "utc+2")}),
        ("en", "at 5 p.m. Last time", {("17:00", "")}),
    ],
)
def test_a_clock_time_is_of_the_zone_that_is_named(lang: str, text: str, times: set[tuple[str, str]]) -> None:
    assert {(value, unit) for kind, value, unit in kinds(text, lang) if kind == "clock"} == times


@pytest.mark.parametrize("text", ["Dimulai Kamis (17/7).", "Dimulai 17 Juli."])
def test_a_date_in_brackets_is_a_day_and_a_month(text: str) -> None:
    assert kinds(text, "id") == {("day", "17", ""), ("month", "7", "")}


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "He has done well (17/7)."), ("id", "Nilainya (3/4)."), ("zh", "星期四(7/12)")]
)
def test_other_numbers_in_brackets_are_no_date(lang: str, text: str) -> None:
    assert not {"day", "month"} & {kind for kind, _, _ in kinds(text, lang)}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "ANKARA, Oct 16 - Turkey's two banks moved."),
        ("en", "ANKARA, Oct 16 (Reuters) - Two banks moved."),
        ("en", "TAKAYAMA, Japan, Oct 16 — Two halls burned."),
        ("fr", "PARIS, le 16 oct. 2026 – Deux hommes sont morts."),
        ("fr", "Tokyo, 16 octobre 2026 (AFP) - Deux champions se retirent."),
        ("es", "BUENOS AIRES, 16 de octubre - Dos hombres."),
        ("id", "JAKARTA, 16/10/2026 - Dua tanggul jebol."),
    ],
)
def test_the_date_of_a_dateline_is_that_of_the_writing(lang: str, text: str) -> None:
    told = kinds(text, lang)
    assert {("day", "16", DATELINE), ("month", "10", DATELINE), ("plain", "2", "")} <= told
    assert {unit for kind, _, unit in told if kind in ("day", "month", "year")} == {DATELINE}


@pytest.mark.parametrize(
    "text",
    [
        "Turkey's bank moved on Oct 16 - at last.",
        "The strike of Oct 16 - the third - ended.",
        "On Oct 16 - a Thursday - five died.",
        "Thursday, Oct 16 - the third time.",
        "Oct 16 - Turkey's bank moved.",
        "ANKARA - Turkey's bank moved on Oct 16.",
        "Ankara Games, Oct 16, 2026 - Final round",
        "ANKARA, Oct 16 - Oct 18",
        "Kemal (Ankara, Oct 16 - Izmir, June 3) was a banker.",
    ],
)
def test_a_date_before_a_dash_is_not_always_a_dateline(text: str) -> None:
    assert {("day", "16", ""), ("month", "10", "")} <= kinds(text, "en")
