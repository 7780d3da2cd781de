import textwrap
from pathlib import Path

import pytest

from samestory.ingest import documents, ingest
from samestory.ingest.wrapping import unwrapped
from samestory.records import fold

PARAGRAPHS = [
    "The harbour light at Aldern is lit again",
    "By our correspondent",
    "After nine years in the dark the harbour light at Aldern was lit again on Thursday evening, in front of some "
    "two hundred people who had come down to the quay. The keeper's granddaughter turned the switch.",
    "The repairs cost 310,000 pounds, of which the county paid two thirds. The rest came from a raffle, a swim across "
    "the bay and the sale of 4,200 prints. Nobody had expected so much.",
    "“It is a small light,” said the harbour master, Edwin Ross, “but boats from as far as Tarne have asked us about "
    "it every single winter.” He wants the fog horn back as well.",
    "Short and done.",
]


def lines(text: str) -> list[str]:
    return [fold(text[start:end]) for start, end in unwrapped(text)]


@pytest.mark.parametrize("width", [40, 50, 66, 76])
@pytest.mark.parametrize("newline", ["\n", " \n"])
def test_wrapped_paragraphs_are_put_together(width: int, newline: str) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS).replace("\n", newline)
    assert lines(text) == PARAGRAPHS


def test_paragraphs_on_one_line_each_stay_apart_without_blank_lines() -> None:
    assert lines("\n".join(PARAGRAPHS)) == PARAGRAPHS


def test_a_list_of_short_lines_is_no_paragraph() -> None:
    items = [f"Item number {n}, as it is sold" for n in range(12)]
    assert lines("\n".join(f"{item}." for item in items)) == [f"{item}." for item in items]


def test_text_without_lines_has_none() -> None:
    assert unwrapped("") == unwrapped(" \n \n") == []


def test_a_wrapped_article_keeps_all_its_body(tmp_path: Path) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, 66) for paragraph in PARAGRAPHS) + "\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (article,) = ingest(documents([tmp_path], pytest.fail), pytest.fail)
    body = [fold(article.text[b.start : b.end]) for b in article.blocks if b.role == "body"]
    assert body[:3] == PARAGRAPHS[2:5]
