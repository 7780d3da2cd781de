import itertools
import json

import msgspec
import pytest

from by_hand import Line, article
from samestory import rows
from samestory.records import Article, Explanation, Group, Pair, Rejection, Side, Similarity, Story, fold

EN = article(
    "a-1",
    "en",
    [
        Line("Harbour closed", None, "title", "Harbour closed"),
        Line("The quay cracked.", None, "body", "The quay cracked."),
        Line("Nobody was hurt.", None, "body", "Nobody was hurt."),
    ],
)
FR = article(
    "a-2",
    "fr",
    [
        Line("Port fermé", None, "title"),
        Line("Photo : la mairie", None, "caption"),
        Line("Le quai s’est fendu.", None, "body", "The quay split."),
        Line("Personne n’est blessé.", None, "body"),
    ],
)
ID = msgspec.structs.replace(
    article("a-3", "id", [Line("Dermaga retak.", None, "body")]),
    date="2024-04-17",
    url="https://contoh.example/1",
    path="0.txt",
)
DE = article("a-0", "de", [Line("Der Kai ist gerissen.", None, "body", "The quay has cracked.")])
ARTICLES = {made.id: made for made in (DE, EN, FR, ID)}


def pair(left: Side, right: Side, **changes) -> Pair:
    langs = (ARTICLES[left.article].lang, ARTICLES[right.article].lang)
    made = Pair("s-1", langs, (left, right), 0.94, Similarity(0.78, 0.81, 1.42), "equivalent")
    return msgspec.structs.replace(made, **changes)


ONE_TO_TWO = pair(Side("a-1", (1,)), Side("a-2", (2, 3)))
TO_INDONESIAN = pair(
    Side("a-2", (2,)), Side("a-3", (0,)), similarity=Similarity(0.5, None, 1.1), flags=("length-ratio",)
)
PAIRS = [ONE_TO_TWO, TO_INDONESIAN]


@pytest.mark.parametrize("made", PAIRS)
def test_the_keys_of_a_pair_row_are_those_of_the_design_in_its_order(made: Pair) -> None:
    row = rows.pair_row(made, ARTICLES)
    assert list(row) == [
        "id", "story", "translation", "english", "score", "similarity", "relation", "flags", "source",
    ]  # fmt: skip
    assert list(row["similarity"]) == ["direct", "english", "margin"]
    for by_language in (row["translation"], row["english"], row["source"]):
        assert list(by_language) == list(made.languages)
    for source in row["source"].values():
        assert list(source) == ["article", "sentences", "start", "end", "title", "date", "url"]


def test_a_pair_row_holds_what_the_pair_says() -> None:
    row = rows.pair_row(ONE_TO_TWO, ARTICLES)
    assert row["story"] == "s-1"
    assert row["translation"] == {"en": "The quay cracked.", "fr": "Le quai s’est fendu. Personne n’est blessé."}
    assert (row["score"], row["relation"], row["flags"]) == (0.94, "equivalent", [])
    assert row["similarity"] == {"direct": 0.78, "english": 0.81, "margin": 1.42}
    assert [source["article"] for source in row["source"].values()] == ["a-1", "a-2"]
    assert [source["sentences"] for source in row["source"].values()] == [[1], [2, 3]]


def test_dates_and_addresses_stand_in_the_source_and_are_null_where_unknown() -> None:
    source = rows.pair_row(TO_INDONESIAN, ARTICLES)["source"]
    assert (source["fr"]["title"], source["fr"]["date"], source["fr"]["url"]) == ("Title of a-2", None, None)
    assert (source["id"]["date"], source["id"]["url"]) == ("2024-04-17", "https://contoh.example/1")


@pytest.mark.parametrize("made", PAIRS)
def test_the_raw_text_at_the_offsets_of_a_row_folds_to_its_text(made: Pair) -> None:
    row = rows.pair_row(made, ARTICLES)
    for lang, source in row["source"].items():
        raw = ARTICLES[source["article"]].text[source["start"] : source["end"]]
        assert raw != row["translation"][lang]  # there is something to fold
        assert fold(raw) == row["translation"][lang]


def test_english_is_null_where_a_sentence_of_the_side_has_none() -> None:
    assert rows.pair_row(ONE_TO_TWO, ARTICLES)["english"] == {"en": "The quay cracked.", "fr": None}
    assert rows.pair_row(TO_INDONESIAN, ARTICLES)["english"] == {"fr": "The quay split.", "id": None}


def test_english_of_several_sentences_is_joined() -> None:
    assert rows.english(Side("a-1", (1, 2)), EN) == "The quay cracked. Nobody was hurt."


@pytest.mark.parametrize(
    ("lang", "joined"),
    [("zh", "a.b."), ("ja", "a.b."), ("th", "a. b."), ("ko", "a. b."), ("fr", "a. b."), ("en", "a. b.")],
)
def test_sentences_are_joined_by_a_space_only_where_the_script_uses_one(lang: str, joined: str) -> None:
    assert rows.text(Side("x", (0, 1)), article("x", lang, ["a.", "b."])) == joined


def test_the_id_of_a_pair_names_its_languages_and_its_sentences_and_nothing_else() -> None:
    same = pair(*ONE_TO_TWO.sides, score=0.4, story="s-9", flags=("mt-loop",), relation="partial")
    first, again = (rows.pair_row(made, ARTICLES)["id"] for made in (ONE_TO_TWO, same))
    assert first == again
    assert first.startswith("en-fr/")
    assert len(first) == len("en-fr/") + 12


def test_different_pairs_have_different_ids() -> None:
    left = [Side("a-1", run) for run in ((0,), (1,), (0, 1))]
    right = [Side("a-2", run) for run in ((1,), (2,), (1, 2))] + [Side("a-3", (0,))]
    ids = {rows.pair_row(pair(a, b), ARTICLES)["id"] for a, b in itertools.product(left, right)}
    assert len(ids) == len(left) * len(right)


def test_the_id_of_a_pair_is_the_same_on_every_machine() -> None:
    assert rows.pair_row(ONE_TO_TWO, ARTICLES)["id"] == "en-fr/54c355c0038e"


def test_a_corpus_row_holds_the_article_with_the_text_its_offsets_count_in() -> None:
    row = rows.article_row(FR)
    assert list(row) == [
        "id", "lang", "title", "date", "url", "source", "path", "sha256", "text", "sentences",
    ]  # fmt: skip
    assert [list(s) for s in row["sentences"]] == [["index", "text", "start", "end", "role", "english", "mt"]] * 4
    assert [s["role"] for s in row["sentences"]] == ["title", "caption", "body", "body"]
    for sentence in row["sentences"]:
        assert fold(row["text"][sentence["start"] : sentence["end"]]) == sentence["text"]


def test_a_corpus_row_tells_what_made_the_english() -> None:
    made = article("x", "fr", [Line("Oui.", None, "body", "Yes.", None, ("mt-loop",)), Line("Non.", None)])
    told, none = rows.article_row(made)["sentences"]
    assert (told["mt"]["model"], told["mt"]["score"], *told["mt"]["flags"]) == ("model", -0.5, "mt-loop")
    assert (none["english"], none["mt"]) == (None, None)


def test_a_story_row_lists_its_articles_by_language() -> None:
    row = rows.story_row(Story("s-1", ("a-3", "a-2", "a-1"), ("en", "fr", "id"), 0.9), ARTICLES)
    assert list(row) == ["story", "score", "languages", "articles"]
    assert [member["lang"] for member in row["articles"]] == ["en", "fr", "id"]
    assert row["articles"][2] == {
        "id": "a-3",
        "lang": "id",
        "title": "Title of a-3",
        "date": "2024-04-17",
        "url": "https://contoh.example/1",
    }


def group(*sides: Side) -> Group:
    return Group("g-1", "s-1", 0.7, tuple((ARTICLES[side.article].lang, side) for side in sides))


def test_a_group_row_lists_its_members_with_their_source() -> None:
    row = rows.group_row(group(Side("a-1", (1,)), Side("a-2", (2, 3))), ARTICLES)
    assert list(row) == ["id", "story", "score", "languages", "english", "members"]
    assert row["languages"] == ["en", "fr"]
    assert [member["text"] for member in row["members"]] == [
        "The quay cracked.",
        "Le quai s’est fendu. Personne n’est blessé.",
    ]
    for member in row["members"]:
        assert fold(ARTICLES[member["article"]].text[member["start"] : member["end"]]) == member["text"]


@pytest.mark.parametrize(
    ("sides", "english"),
    [
        ((Side("a-0", (0,)), Side("a-1", (1,))), "The quay cracked."),
        ((Side("a-0", (0,)), Side("a-2", (2,))), "The quay has cracked."),
        ((Side("a-2", (2,)), Side("a-3", (0,))), "The quay split."),
        ((Side("a-2", (3,)), Side("a-3", (0,))), None),
    ],
)
def test_the_english_of_a_group_is_english_itself_else_that_of_a_member_that_has_any(
    sides: tuple[Side, ...], english: str | None
) -> None:
    assert rows.group_row(group(*sides), ARTICLES)["english"] == english


def test_a_rejection_row_tells_what_where_and_why() -> None:
    row = rows.rejection_row(Rejection("ingest", "x.txt", "empty", "the file holds no text"))
    assert row == {"stage": "ingest", "path": "x.txt", "reason": "empty", "detail": "the file holds no text"}


REASONS = {"title similarity": (0.5, 1.25), "days apart": (0.1, -0.4)}
EXPLANATION = Explanation(("a-1", "a-2"), 0.83, "s-1", -2.5, REASONS)


def test_an_explanation_row_tells_two_articles_and_each_reason() -> None:
    assert rows.explanation_row(EXPLANATION, ARTICLES) == {
        "score": 0.83,
        "story": "s-1",
        "articles": [
            {"id": "a-1", "path": "a-1.txt", "title": "Title of a-1"},
            {"id": "a-2", "path": "a-2.txt", "title": "Title of a-2"},
        ],
        "base": -2.5,
        "reasons": {
            "title similarity": {"value": 0.5, "adds": 1.25},
            "days apart": {"value": 0.1, "adds": -0.4},
        },
    }


def test_the_story_of_an_explanation_is_null_where_the_articles_share_none() -> None:
    row = rows.explanation_row(msgspec.structs.replace(EXPLANATION, story=None), ARTICLES)
    assert list(row) == ["score", "story", "articles", "base", "reasons"]
    assert row["story"] is None


def every_row(made: Article) -> list[rows.Row]:
    return [
        rows.article_row(made),
        rows.story_row(Story("s-1", (made.id,), (made.lang,), 0.9), ARTICLES),
        *(rows.pair_row(one, ARTICLES) for one in PAIRS),
        rows.group_row(group(Side("a-1", (1,)), Side("a-2", (2, 3))), ARTICLES),
        rows.explanation_row(EXPLANATION, ARTICLES),
    ]


@pytest.mark.parametrize("made", [EN, FR, ID])
def test_rows_are_plain_json(made: Article) -> None:
    for row in every_row(made):
        assert msgspec.json.encode(json.loads(json.dumps(row))) == msgspec.json.encode(row)
