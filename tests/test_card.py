import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml

from samestory.card import card
from samestory.files import Folder
from samestory.records import Article, Pair, Sentence, Side, Similarity
from samestory.rows import Row, pair_row

TEXTS = {
    "en": ("The ferry is back in service.", "The ferry is back in service."),
    "no": ("Fergen går igjen.", None),
    "fr": ("Le bac circule de nouveau.", "The ferry runs again."),
    "id": ("Feri beroperasi lagi.", None),
    "zh": ("渡轮恢复运营。", None),
}
HASHES = {"en-fr.jsonl": "e" * 64, "fr-id.jsonl": "1" * 64}
STRING = datasets.Value("string")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    datasets.disable_progress_bars()


def row(*languages: str) -> Row:
    articles = {}
    for lang in languages:
        text, english = TEXTS[lang]
        sentences = (Sentence(0, text, 0, len(text), "title", english),)
        articles[lang] = Article(lang, lang, text, None, None, None, lang, "", text, sentences=sentences)
    first, second = languages
    sides = (Side(first, (0,)), Side(second, (0,)))
    return pair_row(Pair("s-1", (first, second), sides, 0.9, Similarity(0.8, None, 1.25), "equivalent"), articles)


def dataset(folder: Path, rows: Sequence[Row]) -> Path:
    """A folder of pairs with their card, as a build writes it."""
    by_name: dict[str, list[Row]] = {}
    for each in rows:
        by_name.setdefault("-".join(each["translation"]), []).append(each)
    out = Folder(folder / "aligned")
    for name, own in by_name.items():
        out.write_rows(f"{name}.jsonl", own)
    for name in ("stories.jsonl", "groups.jsonl", "rejected.jsonl"):
        out.write_rows(name, [{"not": "a pair"}])
    languages = sorted({lang for each in rows for lang in each["translation"]})
    counts = {name: len(own) for name, own in by_name.items()}
    out.write("README.md", card(counts, out.hashes, languages, 1, "a|b"))
    return out.path


def load(path: Path, name: str) -> Any:
    return datasets.load_dataset(str(path), name, split="train", cache_dir=str(path.parent / "cache"))


def front_matter(text: bytes) -> dict[str, Any]:
    empty, head, _ = text.decode().split("---\n", 2)
    assert empty == ""
    return yaml.safe_load(head)


def test_each_pair_of_languages_is_a_configuration_with_a_translation(tmp_path: Path) -> None:
    rows = [row("en", "fr"), row("fr", "zh"), row("en", "fr")]
    path = dataset(tmp_path, rows)
    assert datasets.get_dataset_config_names(str(path)) == ["en-fr", "fr-zh"]
    for name in ("en-fr", "fr-zh"):
        loaded = load(path, name)
        assert loaded.features["translation"] == datasets.Translation(languages=name.split("-"))
        assert loaded.to_list() == [each for each in rows if "-".join(each["translation"]) == name]


def test_norwegian_is_a_language_and_no_denial(tmp_path: Path) -> None:
    loaded = load(dataset(tmp_path, [row("en", "no")]), "en-no")
    assert loaded[0]["translation"] == {"en": TEXTS["en"][0], "no": TEXTS["no"][0]}


def test_columns_are_typed_where_every_value_is_null_or_empty(tmp_path: Path) -> None:
    features = load(dataset(tmp_path, [row("id", "zh")]), "id-zh").features
    assert features["english"] == {"id": STRING, "zh": STRING}
    assert features["flags"] == datasets.List(STRING)
    assert features["similarity"]["english"] == datasets.Value("float64")
    for lang in ("id", "zh"):
        assert features["source"][lang]["sentences"] == datasets.List(datasets.Value("int64"))
        assert [features["source"][lang][key] for key in ("title", "date", "url")] == [STRING] * 3


def test_configurations_that_know_english_and_not_have_the_same_columns(tmp_path: Path) -> None:
    path = dataset(tmp_path, [row("en", "fr"), row("id", "zh")])
    known, unknown = load(path, "en-fr"), load(path, "id-zh")
    assert known.column_names == unknown.column_names == list(row("en", "fr"))
    assert known["english"][0] == {"en": TEXTS["en"][1], "fr": TEXTS["fr"][1]}
    assert unknown["english"][0] == {"id": None, "zh": None}


def test_rows_of_a_later_build_are_loaded_and_not_those_kept_of_the_earlier(tmp_path: Path) -> None:
    first = row("en", "fr")
    later = {**first, "score": 0.5}
    assert load(dataset(tmp_path, [first]), "en-fr").to_list() == [first]
    assert load(dataset(tmp_path, [later]), "en-fr").to_list() == [later]


def test_front_matter_names_languages_and_files() -> None:
    head = front_matter(card({"en-fr": 2, "fr-id": 1}, HASHES, ["en", "fr", "id"], 2, "sig"))
    assert head["language"] == ["en", "fr", "id"]
    assert [(config["config_name"], config["data_files"]) for config in head["configs"]] == [
        ("en-fr", "en-fr.jsonl"),
        ("fr-id", "fr-id.jsonl"),
    ]
    assert [info["config_name"] for info in head["dataset_info"]] == ["en-fr", "fr-id"]


@pytest.mark.parametrize("languages", [[], ["fr"], ["fr", "id"]])
def test_card_without_pairs_is_valid(languages: list[str]) -> None:
    text = card({}, {}, languages, 0, "sig")
    head = front_matter(text)
    assert head["pretty_name"]
    assert head.get("language", []) == languages
    assert not {"configs", "dataset_info"} & set(head)
    assert b"Signature: `sig`" in text


def test_text_tells_pairs_stories_and_signature() -> None:
    text = card({"en-fr": 1234, "fr-id": 5}, HASHES, ["en", "fr", "id"], 7, "direct:a+sha256:0|mt:none").decode()
    assert "| [en-fr](en-fr.jsonl) | 1234 |\n| [fr-id](fr-id.jsonl) | 5 |\n" in text
    assert " 7 stories" in text
    assert 'load_dataset("aligned", "en-fr", split="train")' in text
    assert "`direct:a+sha256:0|mt:none`" in text


@pytest.mark.parametrize(("stories", "words"), [(0, "0 stories"), (1, "1 story."), (2, "2 stories")])
def test_stories_are_counted_in_words_that_fit(stories: int, words: str) -> None:
    assert words in card({"en-fr": 1}, HASHES, ["en", "fr"], stories, "sig").decode()


def test_nothing_of_the_template_is_left() -> None:
    text = card({"en-fr": 1, "fr-id": 2}, HASHES, ["en", "fr", "id"], 2, "sig").decode()
    assert not any(mark in text for mark in ("{%", "{{", "}}", "%}"))
    assert text.endswith("\n")
