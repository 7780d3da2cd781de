import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from samestory.encode import encode
from samestory.records import Article, Matrix, Role, Sentence
from samestory.store import Store


class FakeEncoder:
    """Makes a vector out of a text's hash and counts the texts it is given."""

    def __init__(self, signature: str, width: int = 4, fail_after: int | None = None) -> None:
        self.signature = signature
        self.width = width
        self.fail_after = fail_after
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        if self.fail_after is not None and len(self.seen) >= self.fail_after:
            raise KeyboardInterrupt
        self.seen += texts
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> Matrix:
        digest = hashlib.sha256((self.signature + text).encode()).digest()
        vector = np.frombuffer(digest, np.uint8)[: self.width].astype(np.float32) + 1
        return vector / np.linalg.norm(vector)


def article(name: str, lang: str, *sentences: tuple[Role, str, str | None]) -> Article:
    made = tuple(Sentence(i, text, 0, 0, role, english) for i, (role, text, english) in enumerate(sentences))
    return Article(name, lang, "", None, None, None, name, "", "", sentences=made)


FRENCH = article(
    "fr-1",
    "fr",
    ("title", "La digue tient", "The dyke holds"),
    ("furniture", "Lire aussi", "Read also"),
    ("body", "L'eau baisse.", "The water is falling."),
    ("body", "Personne n'est blessé.", None),
    ("caption", "La digue, mardi.", "The dyke on Tuesday."),
    ("dateline", "Arles", "Arles"),
    ("body", "L'eau baisse.", "The water is falling."),
)
ENGLISH = article("en-1", "en", ("title", "The dyke holds", "The dyke holds"), ("body", "Nobody is hurt.", ""))
INDONESIAN = article("id-1", "id", ("title", "Tanggul bertahan", None), ("body", "Air surut.", None))
ARTICLES = [INDONESIAN, FRENCH, ENGLISH]


@pytest.fixture
def direct() -> FakeEncoder:
    return FakeEncoder("direct")


@pytest.fixture
def english() -> FakeEncoder:
    return FakeEncoder("english", width=6)


def many(count: int) -> list[Article]:
    return [article(f"fr-{i}", "fr", ("title", f"Titre {i}", None)) for i in range(count)]


def test_each_text_that_says_something_is_encoded_once(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    list(encode(ARTICLES, direct, english, store))
    said = ["La digue tient", "L'eau baisse.", "Personne n'est blessé.", "The dyke holds", "Nobody is hurt."]
    assert sorted(direct.seen) == sorted([*said, "Tanggul bertahan", "Air surut."])
    assert sorted(english.seen) == ["The dyke holds", "The water is falling."]


def test_nothing_is_encoded_the_second_time(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    first = list(encode(ARTICLES, direct, english, store))
    again = FakeEncoder("direct"), FakeEncoder("english", width=6)
    second = list(encode(ARTICLES, *again, store))
    assert [encoder.seen for encoder in again] == [[], []]
    for before, after in zip(first, second, strict=True):
        assert np.array_equal(before.direct, after.direct)
        assert (before.english is None) == (after.english is None)
        assert before.english is None or np.array_equal(before.english, after.english)


def test_only_new_texts_are_encoded_when_an_article_comes(
    store: Store, direct: FakeEncoder, english: FakeEncoder
) -> None:
    list(encode([FRENCH], direct, english, store))
    direct.seen.clear()
    list(encode([FRENCH, INDONESIAN], direct, english, store))
    assert direct.seen == ["Air surut.", "Tanggul bertahan"]


def test_another_model_encodes_anew(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    list(encode([INDONESIAN], direct, english, store))
    other = FakeEncoder("other")
    (encoded,) = encode([INDONESIAN], other, english, store)
    assert sorted(other.seen) == ["Air surut.", "Tanggul bertahan"]
    assert np.array_equal(encoded.direct[0], other.vector("Tanggul bertahan"))


def test_rows_are_the_content_sentences_in_their_order(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    (encoded,) = encode([FRENCH], direct, english, store)
    texts = ["La digue tient", "L'eau baisse.", "Personne n'est blessé.", "L'eau baisse."]
    assert np.array_equal(encoded.direct, [direct.vector(text) for text in texts])
    assert encoded.direct.dtype == np.float32


def test_row_is_zero_where_english_is_missing(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    (encoded,) = encode([FRENCH], direct, english, store)
    water = english.vector("The water is falling.")
    assert np.array_equal(encoded.english, [english.vector("The dyke holds"), water, np.zeros(6), water])


def test_empty_english_is_missing_english(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    (encoded,) = encode([ENGLISH], direct, english, store)
    assert np.array_equal(encoded.english, [english.vector("The dyke holds"), np.zeros(6)])


def test_english_is_none_where_no_content_sentence_has_any(
    store: Store, direct: FakeEncoder, english: FakeEncoder
) -> None:
    silent = article("fr-2", "fr", ("title", "La digue", None), ("body", "Rien.", ""), ("caption", "Ici.", "Here."))
    assert [e.english for e in encode([INDONESIAN, silent], direct, english, store)] == [None, None]
    assert english.seen == []


def test_articles_keep_their_order(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    encoded = list(encode(iter(ARTICLES), direct, english, store))
    assert [e.article for e in encoded] == ARTICLES
    assert [len(e.direct) for e in encoded] == [2, 4, 2]


def test_no_articles(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    assert list(encode([], direct, english, store)) == []
    assert direct.seen == english.seen == []


def test_what_was_encoded_before_an_interruption_is_kept(store: Store, english: FakeEncoder) -> None:
    broken = FakeEncoder("direct", fail_after=1)
    with pytest.raises(KeyboardInterrupt):
        list(encode(many(1000), broken, english, store))
    after = FakeEncoder("direct")
    list(encode(many(1000), after, english, store))
    assert 0 < len(broken.seen) < 1000
    assert sorted(broken.seen + after.seen) == sorted(f"Titre {i}" for i in range(1000))


def test_progress_counts_what_is_new(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    list(encode(many(100), direct, english, store))
    calls: list[tuple[int, int]] = []
    list(encode([*many(700), ENGLISH], direct, english, store, lambda done, total: calls.append((done, total))))
    done = [call[0] for call in calls]
    assert {total for _, total in calls} == {600 + 2 + 1}
    assert done == sorted(done)
    assert done[-1] == 603
    assert len(calls) > 2


def test_no_progress_where_nothing_is_new(store: Store, direct: FakeEncoder, english: FakeEncoder) -> None:
    list(encode(ARTICLES, direct, english, store))
    calls: list[int] = []
    list(encode(ARTICLES, direct, english, store, lambda done, _total: calls.append(done)))
    assert calls == []
