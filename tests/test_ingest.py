"""The stage as a whole: what comes out of what is put in, and why the rest does not."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from samestory.ingest import Document, documents, ingest
from samestory.ingest.language import other_language
from samestory.records import Article, Rejection, fold, stable_id

EN = """The harbour master of Sandvik closed both piers on Monday after a survey found cracks in forty of the old beams.
Fishermen will land their catch in the next town until the repairs are done, which may take until the end of summer.
"We knew that this day would come," said Karin Holm, who has sold fish on the pier since her father died."""
FR = """Le port de Sandvik a fermé ses deux jetées lundi, après qu’une inspection a trouvé des fissures dans le bois.
Les pêcheurs débarqueront leurs prises dans la ville voisine jusqu’à la fin des travaux, prévue pour la fin de l’été.
« Nous savions que ce jour viendrait », a dit Karin Holm, qui vend du poisson sur la jetée depuis vingt ans."""
ID = """Pelabuhan di Sandvik menutup kedua dermaganya pada hari Senin pagi setelah petugas melihat retak pada kayu tua.
Para nelayan akan mendaratkan ikan di kota sebelah sampai perbaikan selesai, yang bisa berlangsung hingga akhir tahun.
"Kami sudah tahu hari ini akan tiba," kata Karin Holm, yang berjualan ikan di dermaga itu sejak ayahnya meninggal."""

OTHER = """Both piers of a small fishing town are shut, and nobody can say when boats will tie up at them again.
Engineers had warned the owners twice in the past ten years, papers seen by this newspaper show."""


def _ingest(texts: dict[str, str | bytes], langs: set[str] | None = None) -> tuple[list[Article], list[Rejection]]:
    refused: list[Rejection] = []
    found = [
        Document(path, text if isinstance(text, bytes) else text.encode(), "json" if "#" in path else "text")
        for path, text in texts.items()
    ]
    return list(ingest(found, refused.append, langs)), refused


def _reasons(refused: list[Rejection]) -> list[tuple[str, str]]:
    return [(r.path, r.reason) for r in refused]


def test_three_languages_become_three_articles() -> None:
    articles, refused = _ingest({"en.txt": f"Piers closed\n\n{EN}", "fr.txt": f"Jetées fermées\n\n{FR}", "id.txt": ID})
    assert refused == []
    assert [(a.path, a.lang, a.title) for a in articles] == [
        ("en.txt", "en", "Piers closed"),
        ("fr.txt", "fr", "Jetées fermées"),
        ("id.txt", "id", ""),
    ]
    first = articles[0]
    assert first.text == f"Piers closed\n\n{EN}"
    assert first.id == f"a-{stable_id(first.text)}"
    assert first.sha256 == hashlib.sha256(first.text.encode()).hexdigest()
    assert (first.date, first.url, first.source, first.sentences) == (None, None, None, ())


def test_the_same_input_gives_the_same_output() -> None:
    texts: dict[str, str | bytes] = {"b.txt": EN, "a.txt": FR, "c.txt": EN + " More."}
    assert _ingest(texts) == _ingest(texts)


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\x00\x01\x02\xff" * 99, "binary"),
        ("a.txt", b"Piers closed", "too-short"),
        ("a.jsonl#2", b'{"title": ', "broken-json"),
        ("a.txt", b"A sentence of six plain words. " * 200_000, "too-large"),
    ],
)
def test_what_is_no_article_is_refused_and_the_others_live(path: str, data: bytes, reason: str) -> None:
    articles, refused = _ingest({path: data, "z.txt": EN})
    assert [a.path for a in articles] == ["z.txt"]
    assert _reasons(refused) == [(path, reason)]
    assert refused[0].stage == "ingest"
    assert "\n" not in refused[0].detail


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_offsets_hold_in_every_encoding(encoding: str) -> None:
    articles, _ = _ingest({"a.txt": f"Jetées  fermées\r\n\r\n {FR}".encode(encoding)})
    text = articles[0].text
    assert text == f"Jetées  fermées\n\n {FR}"
    found = [fold(text[b.start : b.end]) for b in articles[0].blocks]
    assert found == ["Jetées fermées", *FR.splitlines()]


def test_two_languages_in_one_article_are_refused() -> None:
    articles, refused = _ingest({"a.txt": f"{EN}\n{FR}"})
    assert articles == []
    assert _reasons(refused) == [("a.txt", "mixed-language")]


def test_a_quote_in_another_language_is_no_mixture() -> None:
    articles, refused = _ingest({"a.txt": f"{EN}\n{OTHER}\n{FR.splitlines()[2]}"})
    assert refused == []
    assert articles[0].lang == "en"


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [(FR, "en", "fr"), (FR, "fr", None), (FR, "xx", None), (FR[:70], "en", None), ("", "en", None)],
)
def test_another_language_is_told_only_where_it_is_sure(text: str, language: str, other: str | None) -> None:
    assert other_language(text, language) == other


def test_what_is_in_no_language_is_refused() -> None:
    noise = random.Random(3)
    words = " ".join("".join(noise.choices("bcdfghjklmnpqrstvwxz", k=6)) for _ in range(60))
    refused = _ingest({"a.txt": f"{words}."})[1]
    assert _reasons(refused) == [("a.txt", "unknown-language")]


def test_a_language_not_asked_for_is_named() -> None:
    articles, refused = _ingest({"en.txt": EN, "fr.txt": FR}, {"en", "id"})
    assert [a.path for a in articles] == ["en.txt"]
    assert _reasons(refused) == [("fr.txt", "language-not-wanted")]
    assert "fr" in refused[0].detail


def test_a_declared_language_is_not_believed() -> None:
    line = json.dumps({"title": "Jetées fermées", "maintext": FR, "language": "en"})
    assert [a.lang for a in _ingest({"a.jsonl#1": line})[0]] == ["fr"]


def test_copies_are_kept_once_and_the_longest_is_kept() -> None:
    longer = EN + "\nThe county will pay for the work and for the fuel that the longer way to the market costs."
    edited = longer.replace("Monday", "Tuesday").replace("forty", "several")
    texts: dict[str, str | bytes] = {"a.txt": EN, "b.txt": longer, "c.txt": longer, "d.txt": edited, "e.txt": FR}
    articles, refused = _ingest(texts)
    assert [a.path for a in articles] == ["b.txt", "e.txt"]
    assert _reasons(refused) == [("a.txt", "duplicate"), ("c.txt", "duplicate"), ("d.txt", "duplicate")]
    assert all("b.txt" in r.detail for r in refused)


def test_reports_that_share_a_quote_are_no_copies() -> None:
    articles, refused = _ingest({"a.txt": EN, "b.txt": f"{OTHER}\n{EN.splitlines()[2]}"})
    assert refused == []
    assert len(articles) == 2


def test_many_alike_articles_take_no_quadratic_time() -> None:
    formula = "The prices of fish on the market of Sandvik are given in crowns for a kilo of each kind. "
    noise = random.Random(5)
    texts: dict[str, str | bytes] = {
        f"{n:04}.txt": formula + " ".join(f"The {w} of day {n} was good." for w in noise.sample(EN.split(), 20))
        for n in range(300)
    }
    articles, refused = _ingest(texts)
    assert len(articles) + len(refused) == 300


def test_lines_that_a_site_repeats_are_furniture() -> None:
    call = "Write to the editors of this page about what you saw today."
    texts: dict[str, str | bytes] = {}
    for number, body in enumerate((EN, FR, ID), 1):
        record = {
            "title": f"Sandvik {number}",
            "text": f"{body}\nHarbour news\n{call}\n{body[-40:]}",
            "hostname": "s.org",
        }
        texts[f"a.jsonl#{number}"] = json.dumps(record)
    marked = [{a.text[b.start : b.end]: b.role for b in a.blocks} for a in _ingest(texts)[0]]
    assert [(roles["Harbour news"], roles[call]) for roles in marked] == [("furniture", "furniture")] * 3
    other = {**texts, "b.jsonl#1": json.dumps({"title": "One", "text": f"{EN} Harbour news", "hostname": "t.org"})}
    assert len(_ingest(other)[0]) == 3


def test_files_to_articles(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "en.txt").write_text(EN)
    lines = [json.dumps({"title": "Jetées", "text": FR, "date": "2025-03-04"}), "{broken", json.dumps({"text": ID})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    refused: list[Rejection] = []
    articles = list(ingest(documents([tmp_path], refused.append), refused.append))
    assert [(a.path, a.lang, a.date) for a in articles] == [
        ("a.jsonl#1", "fr", "2025-03-04"),
        ("a.jsonl#3", "id", None),
        ("sub/en.txt", "en", None),
    ]
    assert articles[0].sha256 == hashlib.sha256(lines[0].encode()).hexdigest()
    assert _reasons(refused) == [("a.jsonl#2", "broken-json")]


def test_importing_and_fingerprinting_load_no_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(EN)
    code = (
        "import sys; from samestory.ingest import fingerprint; fingerprint(sys.argv[1:]); "
        "sys.exit(bool({'py3langid', 'trafilatura', 'ftfy', 'warcio', 'charset_normalizer'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0
