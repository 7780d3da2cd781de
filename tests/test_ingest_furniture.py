"""What is body and what is the page around it: shapes of lines, their places, repetition."""

from __future__ import annotations

import pytest

from samestory.ingest import shape
from samestory.ingest.furniture import blocks
from samestory.ingest.repetition import contained, repeats_title
from samestory.records import fold

EN = (
    "The river rose by two metres in the night, and the lower town was cut off by the morning.",
    "“We carried the animals out first,” said a farmer who has lived by the bridge for forty years.",
    "The council opened the school hall to the families, and a bakery sent bread.",
)


def _roles(*lines: str, titled: bool = False, lang: str = "en") -> list[str]:
    text = "\n\n".join(lines)
    return [block.role for block in blocks(text, titled=titled, lang=lang)]


def test_every_line_is_a_block_without_the_white_space_at_its_ends() -> None:
    text = "\n  Flood in the  lower town \n\n\t" + EN[0] + "\u00a0\n" + EN[1] + "\n \n"
    found = blocks(text, titled=False, lang="en")
    assert [fold(text[b.start : b.end]) for b in found] == ["Flood in the lower town", EN[0], EN[1]]
    assert all(text[b.start : b.end] == text[b.start : b.end].strip() for b in found)
    assert [b.role for b in found] == ["title", "body", "body"]


def test_nothing_gives_nothing() -> None:
    assert blocks(" \n\n", titled=True, lang="en") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday 4 March 2025",
        "4 mars 2025 à 10 h 30",
        "Mis à jour le 04/03/2025 à 10:30",
        "Selasa, 04/03/2025 10:30 WIB",
        "March 4, 2025, 6:15 p.m. GMT",
        "2025-03-04 10:30",
        "4. März 2025",
        "4 de marzo de 2025",
        "2025年3月4日 10:30",
        "LONDON (Agency) —",
    ],
)
def test_a_line_with_a_date_and_little_else_is_a_dateline(line: str) -> None:
    assert shape.is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was closed on 4 March 2025.",
        "On 4 March 2025 the council of the lower town met to hear what the engineers had found",
        "The shop opens at 10:30.",
        "He left (again)",
        "Floods of 2025",
    ],
)
def test_a_sentence_with_a_date_is_none(line: str) -> None:
    assert not shape.is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Ada Berg",
        "The bridge at dawn. Photo: Ada Berg/River Press",
        "The bridge at dawn.Kredit: Ada Berg",
        "Le pont à l’aube. Crédit photo : Ada Berg",
        "Jembatan saat fajar (Foto: Ada Berg/Sungai)",
        "Le pont. Photo A. Berg",
        "The mayor on the bridge. (A. Berg / River Images)",
        "© River Press (photo)",
        "Ilustrasi banjir",
        "Die Brücke am Morgen. Foto: Ada Berg",
    ],
)
def test_a_credit_makes_a_caption(line: str) -> None:
    assert shape.is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "She showed the court a photo of the bridge, and nobody spoke.",
        "He sent one photo: her son on the bridge.",
        "Kredit perumahan naik tajam pada awal tahun ini.",
        "The money came from a fund of the European Union (EU).",
        "“Photo or not, I believe her,” the judge said.",
        "Warga diminta tetap di rumah, kata dia. (ANT)",
    ],
)
def test_a_sentence_about_pictures_or_with_brackets_is_none(line: str) -> None:
    assert not shape.is_caption(line)


def test_a_page_with_everything_on_it() -> None:
    page = [
        ("REGION", "furniture"),
        ("Flood cuts off the lower town", "title"),
        ("Tuesday 4 March 2025, 10:30", "dateline"),
        ("By Ada Berg and Tom Lund", "furniture"),
        ("Flood cuts off the lower town", "furniture"),
        ("The bridge on Tuesday. Photo: T. Lund/River Press", "caption"),
        (EN[0], "body"),
        ("1", "furniture"),
        ("READ ALSO: What to do when the river rises", "furniture"),
        (EN[1], "body"),
        ("A night in the school hall", "body"),
        (EN[2], "body"),
        ("ADVERTISEMENT", "furniture"),
        ("The mayor added:", "body"),
        ("“Nobody was hurt.”", "body"),
        ("She will speak again today.", "body"),
        ("Follow us on every network to miss nothing of the river.", "furniture"),
        ("Tags: flood, river, lower town", "furniture"),
        ("#flood #river", "furniture"),
        ("12 comments", "furniture"),
        ("© 2025 River Press. All rights reserved.", "furniture"),
    ]
    assert list(zip(_roles(*(line for line, _ in page)), page, strict=True)) == [(role, (t, role)) for t, role in page]


def test_a_short_section_name_above_a_headline_that_ends_with_a_full_stop() -> None:
    assert _roles("Climate", "The river rose again, and the town was not ready.", *EN)[:3] == [
        "furniture",
        "title",
        "body",
    ]


def test_a_standfirst_without_a_full_stop_is_body_and_a_byline_is_not() -> None:
    roles = _roles("Flood cuts off town", "The council had been told of the risk for years", "By Ada Berg", *EN)
    assert roles == ["title", "body", "furniture", "body", "body", "body"]


def test_a_text_without_headline_has_no_title() -> None:
    long = " ".join(EN)
    assert _roles(long, *EN[:1])[0] == "body"
    assert _roles(*EN) == ["body"] * 3
    assert _roles(EN[0]) == ["body"]


def test_a_known_title_is_the_title_whatever_it_looks_like() -> None:
    assert _roles("4 March 2025", *EN, titled=True)[0] == "title"


def test_a_paragraph_that_stands_again_with_more_is_kept_once() -> None:
    fuller = "Lower Town - " + EN[0] + " No one was hurt."
    assert _roles("Flood in town", EN[0], fuller, EN[1]) == ["title", "furniture", "body", "body"]
    assert _roles("Flood in town", EN[0], EN[1], EN[0]) == ["title", "body", "body", "furniture"]


def test_a_paragraph_repeated_in_a_caption_is_kept() -> None:
    assert _roles("Flood in town", EN[0], EN[0] + " Credit: T. Lund", EN[1]) == ["title", "body", "caption", "body"]


def test_the_headline_below_its_invitation_goes_with_it() -> None:
    assert _roles("Flood in town", EN[0], "Read also:", "What to do when the river rises", EN[1]) == [
        "title",
        "body",
        "furniture",
        "furniture",
        "body",
    ]


def test_what_stands_below_a_separator_at_the_end_is_about_the_page() -> None:
    assert _roles("Flood in town", *EN, "_", "Our section on rivers appears on Thursdays.")[-2:] == [
        "furniture",
        "furniture",
    ]
    assert _roles("Flood in town", *EN, "* * *", EN[0].replace("river", "sea"), EN[1].replace("bridge", "sea"))[
        -2:
    ] == [
        "body",
        "body",
    ]


def test_body_is_kept_between_paragraphs_whatever_its_shape() -> None:
    middle = ["Follow the money", "Il a ajouté :", "Who pays?", "“No.”", "Source of the water", "SHORT AND LOUD"]
    assert _roles("Flood in town", EN[0], *middle, EN[1])[2:-1] == ["body"] * len(middle)


@pytest.mark.parametrize(
    "end", ["The sum is small, ujar kepala desa yang tidak mau disebut namanya oleh para wartawan"]
)
def test_a_last_paragraph_without_a_full_stop_is_body(end: str) -> None:
    assert _roles("Banjir", *EN, end, lang="id")[-1] == "body"


def test_names_in_a_row_at_the_end_are_tags() -> None:
    tags = "Banjir Jembatan Kota Bawah Sungai Besar Kepala Desa Ada Berg Tom Lund Dewan Kota Sekolah Roti"
    assert _roles("Banjir", *EN, tags, lang="id")[-1] == "furniture"


CHINESE = (
    "洪水切断了下城区的道路",
    "周二夜间河水上涨了两米，下城区到早上已经与外界隔绝。",
    "市议会向居民开放了学校礼堂。",
)
THAI = (
    "น้ำท่วมเมืองล่าง",
    "แม่น้ำสูงขึ้นสองเมตรในคืนวันอังคารและเมืองล่างถูกตัดขาดจากโลกภายนอกในตอนเช้า",
    "สภาเมืองเปิดห้องประชุมของโรงเรียนให้ครอบครัวที่ได้รับผลกระทบเข้าพัก",
)
ARABIC = (
    "الفيضان يعزل المدينة السفلى",
    "ارتفع النهر مترين خلال الليل وعُزلت المدينة السفلى في الصباح.",
    "فتح المجلس قاعة المدرسة للعائلات؟",
)
XHOSA = (
    "Umlambo uphuphume edolophini",
    "Umlambo unyuke ngeemitha ezimbini ebusuku.",
    "Ibhunga livule iholo yesikolo.",
)


@pytest.mark.parametrize(("lang", "lines"), [("zh", CHINESE), ("th", THAI), ("ar", ARABIC), ("xh", XHOSA)])
def test_scripts_without_spaces_capitals_or_a_list_of_words(lang: str, lines: tuple[str, ...]) -> None:
    assert _roles(*lines, lang=lang) == ["title", "body", "body"]


def test_lines_within_lines() -> None:
    assert contained(["a b c d e f", "x a b c d e f y", "a b c d e", "A, b: c d e f!"]) == {0, 3}


def test_a_title_and_its_variants() -> None:
    title = "Flood cuts off the lower town"
    assert repeats_title("FLOOD CUTS OFF THE LOWER TOWN!", title)
    assert repeats_title("Flood cuts off the lower town - River Press", title)
    assert not repeats_title("The flood is over, and the lower town counts what was lost to the river", title)
    assert not repeats_title(EN[0], title)
