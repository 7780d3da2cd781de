import io
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from samestory.config import DEFAULTS
from samestory.errors import UsageError
from samestory.inspect import show
from samestory.manifest import MANIFEST, Models
from samestory.records import Article, Pair, Sentence, Side, Similarity, Story
from samestory.write import Result, write

MARKUP = ["[red]Tarif[/red]", "[link=http://x]", "[/]", "[bold]", "a[0]", "\\[dim]", "[/nothing open]"]
FERRY = ["Feri berangkat.", "Tarifnya naik.", "Ombak tinggi.", "Semua selamat."]


def article(name: str, lang: str, title: str, *body: str, gloss: bool = True) -> Article:
    texts = (title, *body)
    sentences = tuple(
        Sentence(i, text, i * 10, i * 10 + 9, "body" if i else "title", f"EN {text}" if gloss else None)
        for i, text in enumerate(texts)
    )
    return Article(name, lang, title, "2024-05-22", None, None, f"{name}.txt", "", "", sentences=sentences)


def pair(story: str, score: float, first: tuple[str, str, int], second: tuple[str, str, int], *flags: str) -> Pair:
    sides = (Side(first[1], (first[2],)), Side(second[1], (second[2],)))
    similarity = Similarity(0.7, None, 1.2)
    return Pair(story, (first[0], second[0]), sides, score, similarity, "equivalent", tuple(flags))


ARTICLES = [
    article("a-fr", "fr", "Le bac repart", "Le bac part.", "Le prix monte.", "La mer est forte.", "Tous sont saufs."),
    article("a-id", "id", "Feri beroperasi lagi", *FERRY, gloss=False),
    article("a-en", "en", "The ferry is back", "The ferry leaves."),
    article("b-fr", "fr", "Un toit solaire", "Le toit brille."),
    article("b-id", "id", "Atap surya", "Atap itu berkilau.", gloss=False),
]
STORIES = [
    Story("s-ferry", ("a-en", "a-fr", "a-id"), ("en", "fr", "id"), 0.9),
    Story("s-roof", ("b-fr", "b-id"), ("fr", "id"), 0.6),
]
PAIRS = [
    pair("s-ferry", 0.99, ("fr", "a-fr", 1), ("id", "a-id", 1)),
    pair("s-ferry", 0.8, ("fr", "a-fr", 2), ("id", "a-id", 2), "number-mismatch"),
    pair("s-ferry", 0.5, ("fr", "a-fr", 3), ("id", "a-id", 3)),
    pair("s-ferry", 0.4, ("fr", "a-fr", 4), ("id", "a-id", 4)),
    pair("s-ferry", 0.7, ("en", "a-en", 1), ("fr", "a-fr", 1)),
    pair("s-roof", 0.6, ("fr", "b-fr", 1), ("id", "b-id", 1)),
]
MODELS = Models("direct", "english", "scorer", "cross", "monotone", {}, {})


def build(folder: Path, pairs: list[Pair] = PAIRS, articles: list[Article] = ARTICLES) -> Path:
    stories = [s for s in STORIES if {*s.articles} <= {a.id for a in articles}]
    write(Result(articles, stories, pairs, [], []), folder / "corpus", folder / "aligned", DEFAULTS, MODELS, "")
    return folder / "aligned"


@pytest.fixture
def aligned(tmp_path: Path) -> Path:
    return build(tmp_path)


def shown(aligned: Path, width: int = 160, **chosen: Any) -> str:
    console = Console(file=io.StringIO(), width=width)
    show(console, aligned, **chosen)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def scores(text: str) -> list[float]:
    """The scores of the pairs, in the order they are shown."""
    return [float(score) for score in re.findall(r"│ (\d\.\d{3})", text)]


def test_every_story_with_its_articles_and_pairs_is_shown(aligned: Path) -> None:
    text = shown(aligned)
    assert text.index("s-ferry") < text.index("s-roof")
    for each in ARTICLES:
        assert re.search(rf"^{each.lang}  {each.title}  2024-05-22  {each.id}$", text, re.MULTILINE)
    assert sorted(scores(text)) == sorted(p.score for p in PAIRS)


def test_pair_shows_both_texts_english_and_source(aligned: Path) -> None:
    text = shown(aligned, story="s-roof")
    for part in ("0.600", "equivalent", "Le toit brille.", "EN Le toit brille.", "Atap itu berkilau.", "b-id 10:19"):
        assert part in text
    assert "EN Atap" not in text
    assert "None" not in text


def test_english_has_no_english_of_its_own(aligned: Path) -> None:
    text = shown(aligned, pair="en-fr")
    assert "The ferry leaves." in text
    assert "EN The ferry leaves." not in text


def test_flags_are_shown_whole(aligned: Path) -> None:
    assert shown(aligned).count("number-mismatch") == 1


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"pair": "en-fr"}, [0.7]),
        ({"pair": "fr-id"}, [0.99, 0.8, 0.5, 0.4, 0.6]),
        ({"story": "s-roof"}, [0.6]),
        ({"story": "s-roof", "pair": "en-fr"}, []),
        ({"scores": (0.5, 0.8)}, [0.7, 0.8, 0.5, 0.6]),
        ({"scores": (0.985, 1.0)}, [0.99]),
        ({"scores": (0.9, 0.1)}, []),
        ({"pair": "fr-id", "limit": 2}, [0.99, 0.8, 0.6]),
        ({"pair": "fr-id", "story": "s-ferry", "scores": (0.0, 0.8), "limit": 1}, [0.8]),
    ],
)
def test_only_what_fits_is_shown(aligned: Path, chosen: dict[str, Any], expected: list[float]) -> None:
    assert scores(shown(aligned, **chosen)) == expected


def test_what_the_limit_hides_is_counted(aligned: Path) -> None:
    text = shown(aligned, pair="fr-id", limit=1)
    assert "and 3 more" in text
    assert text.count("more") == 1
    assert "more" not in shown(aligned, pair="fr-id", limit=4)


def test_story_without_pairs_is_shown(tmp_path: Path) -> None:
    text = shown(build(tmp_path, pairs=[]))
    assert "Le bac repart" in text
    assert scores(text) == []


def test_stories_of_which_no_pair_fits_are_left_out(aligned: Path) -> None:
    text = shown(aligned, scores=(0.985, 1.0))
    assert "s-ferry" in text
    assert "s-roof" not in text
    assert "no pair fits" not in text
    assert "s-roof" not in shown(aligned, pair="en-fr")


def test_a_pair_may_be_named_in_either_order(aligned: Path) -> None:
    assert shown(aligned, pair="id-fr") == shown(aligned, pair="fr-id")


def test_that_there_is_no_story_is_said(tmp_path: Path) -> None:
    assert shown(build(tmp_path, pairs=[], articles=ARTICLES[:1])).strip() == "no stories"


def test_that_no_pair_fits_is_said(aligned: Path) -> None:
    assert shown(aligned, scores=(0.995, 1.0)).strip() == "no pair fits"
    text = shown(aligned, story="s-roof", scores=(0.995, 1.0))
    assert "Atap surya" in text  # what was asked for is shown
    assert text.endswith("no pair fits\n")


def test_wrong_pair_is_an_error_that_names_the_pairs(aligned: Path) -> None:
    with pytest.raises(UsageError, match=r"de-fr.*en-fr, fr-id"):
        shown(aligned, pair="de-fr")


@pytest.mark.parametrize("name", ["id-de", "fr", "", "stories", "../corpus/fr"])
def test_what_is_no_pair_is_an_error(aligned: Path, name: str) -> None:
    with pytest.raises(UsageError, match="en-fr, fr-id"):
        shown(aligned, pair=name)


def test_wrong_pair_where_there_are_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none at all"):
        shown(build(tmp_path, pairs=[]), pair="fr-id")


def test_wrong_story_is_an_error_that_tells_where_they_are_listed(aligned: Path) -> None:
    with pytest.raises(UsageError, match=rf"s-none.*samestory inspect {re.escape(str(aligned))}"):
        shown(aligned, story="s-none")


@pytest.mark.parametrize("made", [(), ("folder",), ("folder", "manifest")])
def test_folder_that_is_not_finished_is_an_error_with_its_cure(tmp_path: Path, made: tuple[str, ...]) -> None:
    folder = tmp_path / "aligned"
    if "folder" in made:
        folder.mkdir()
    if "manifest" in made:
        (folder / MANIFEST).write_text('{"half":')
    with pytest.raises(UsageError, match=f"{re.escape(str(folder))}.*samestory build"):
        shown(folder)


@pytest.mark.parametrize("content", [None, b'{"story":', b"\xff\xfe"])
def test_file_that_is_missing_or_damaged_is_an_error_with_its_cure(aligned: Path, content: bytes | None) -> None:
    (aligned / "stories.jsonl").unlink()
    if content is not None:
        (aligned / "stories.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=r"stories\.jsonl.*samestory build"):
        shown(aligned)


def test_numbers_between_colons_are_no_pictures(tmp_path: Path) -> None:
    title, body = "Ratio 1:100:2", "Rasio :fire: 1:100:2 tetap."
    articles = [article("b-fr", "fr", title, body), article("b-id", "id", "Atap surya", body)]
    text = shown(build(tmp_path, PAIRS[-1:], articles), width=400)
    assert title in text
    assert text.count(body) == 4


def test_markup_in_texts_is_printed_as_it_is(tmp_path: Path) -> None:
    title, body = "[red]Tarif[/red] [/] judul", " ".join(["Harga", *MARKUP, "naik."])
    articles = [article("b-fr", "fr", title, body), article("b-id", "id", "Atap surya", body)]
    text = shown(build(tmp_path, PAIRS[-1:], articles), width=400)
    assert title in text
    assert text.count(body) == 4  # two texts, each with its English


@pytest.mark.parametrize("width", [120, 80, 60, 50])
def test_nothing_of_the_texts_is_lost_on_a_narrow_terminal(aligned: Path, width: int) -> None:
    text = shown(aligned, width, story="s-roof")
    assert max(map(len, text.splitlines())) <= width
    for part in ("toit", "brille.", "berkilau.", "0.600", "equivalent"):
        assert part in text


@pytest.mark.parametrize("width", [1, 2, 10, 20])
def test_terminal_too_narrow_for_a_table_is_no_error(aligned: Path, width: int) -> None:
    assert max(map(len, shown(aligned, width).splitlines())) <= width
