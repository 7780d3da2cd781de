import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from by_hand import Line, axis, encoded, mixed, near, scattered
from samestory import neighbours
from samestory.neighbours import candidates, search
from samestory.records import Encoded, Matrix


def random(count: int, seed: int, width: int = 24) -> Matrix:
    vectors = np.random.default_rng(seed).normal(size=(count, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def crowd(count: int, lang: str = "en") -> list[Encoded]:
    """Articles, many alike, that have nothing to do with axes 12 to 15."""
    return [encoded(f"{lang}{n:03}", lang, Line("x", near(n % 10, 0.9, 10)), Line("y", axis(11))) for n in range(count)]


def partners(pairs: Sequence[tuple[int, int]], n: int) -> set[int]:
    return {b if a == n else a for a, b in pairs if n in (a, b)}


# The search


def test_the_nearest_come_first_with_their_cosines() -> None:
    vectors = np.stack([near(1, 0.6, 2), near(1, 0.8, 2), axis(3), axis(1)])
    rows, cosines = search(vectors, axis(1)[None], 3)
    assert rows.tolist() == [[3, 1, 0]]
    assert cosines[0] == pytest.approx([1.0, 0.8, 0.6])


def test_equally_near_vectors_come_in_their_own_order() -> None:
    vectors = np.stack([axis(2), axis(1), axis(1), axis(1)])
    rows, _ = search(vectors, np.stack([axis(1), axis(2), axis(3)]), 3)
    assert rows.tolist() == [[1, 2, 3], [0, 1, 2], [0, 1, 2]]


def test_no_more_are_found_than_there_are() -> None:
    rows, cosines = search(random(3, seed=1), random(5, seed=2), 10)
    assert rows.shape == cosines.shape == (5, 3)
    assert sorted(rows[0]) == [0, 1, 2]


def test_many_queries_are_answered_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, queries = random(50, seed=1), random(23, seed=2)
    whole, _ = search(vectors, queries, 4)
    monkeypatch.setattr(neighbours, "_CHUNK", 5)
    parts, _ = search(vectors, queries, 4)
    assert np.array_equal(whole, parts)


def test_the_approximate_search_finds_what_the_exact_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, queries = random(600, seed=1), random(40, seed=2)
    exact, cosines = search(vectors, queries, 5)
    monkeypatch.setattr(neighbours, "_EXACT", 10)
    found, near_by = search(vectors, queries, 5)
    assert np.array_equal(found, exact)
    assert near_by == pytest.approx(cosines, abs=1e-6)


def test_the_approximate_search_is_the_same_each_time_and_leaves_the_threads_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faiss = pytest.importorskip("faiss")
    monkeypatch.setattr(neighbours, "_EXACT", 10)
    threads, vectors, queries = faiss.omp_get_max_threads(), random(2000, seed=1), random(40, seed=2)
    first, again = (search(vectors, queries, 20)[0] for _ in range(2))
    assert np.array_equal(first, again)
    assert faiss.omp_get_max_threads() == threads


# The candidates


def test_no_article_and_one_article_have_no_neighbours() -> None:
    assert candidates([]) == []
    assert candidates([scattered("a", "en", seed=1)]) == []


@pytest.mark.parametrize("count", [2, 5, 21])
def test_few_articles_are_all_candidates(count: int) -> None:
    articles = [scattered(f"a{n}", "en", seed=n, length=2) for n in range(count)]
    assert candidates(articles) == list(itertools.combinations(range(count), 2))


def test_of_many_articles_each_is_beside_the_twenty_nearest_to_it() -> None:
    articles = [scattered(f"a{n}", "en", seed=n) for n in range(60)]
    pairs = candidates(articles)
    assert len(pairs) == len(set(pairs)) < 60 * 59 / 2
    assert pairs == sorted(pairs)
    assert min(len(partners(pairs, n)) for n in range(60)) >= 20


def test_an_article_is_no_neighbour_of_itself() -> None:
    same = [encoded(f"a{n:02}", "en", Line("x", axis(1)), Line("x", axis(1))) for n in range(30)]
    pairs = candidates(same)
    assert all(a < b for a, b in pairs)
    assert min(len(partners(pairs, n)) for n in range(30)) >= 20


def test_of_many_articles_the_nearest_are_among_the_candidates() -> None:
    twins = [encoded("t", "en", Line("x", axis(14))), encoded("u", "fr", Line("y", near(14, 0.95, 3)))]
    assert (72, 73) in candidates([*crowd(72), *twins])


def test_two_reports_that_share_only_two_sentences_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = [Line("one", axis(14)), Line("two", axis(15))]
    one = encoded("t", "en", *(Line("x", near(1, 0.9, 10)), Line("y", axis(11))) * 10, *shared)
    other = encoded("u", "en", *(Line("x", near(7, 0.9, 10)), Line("y", axis(11))) * 10, *shared)
    articles = [*crowd(300), one, other]
    assert (300, 301) in candidates(articles)
    monkeypatch.setattr(neighbours, "_by_sentences", lambda *_: [])
    assert (300, 301) not in candidates(articles)  # their means alone do not bring them together


def test_a_sentence_said_over_and_over_in_its_own_article_is_still_found_in_another() -> None:
    own = encoded("t", "en", *(Line("x", axis(14)) for _ in range(9)), *(Line("z", axis(n)) for n in range(9)))
    other = encoded("u", "en", Line("y", mixed({14: 0.9}, 12)), *(Line("w", axis(n)) for n in (9, 8, 9, 8, 9, 8)))
    assert (100, 101) in candidates([*crowd(100), own, other])


def test_every_language_is_asked_for() -> None:
    articles = [*crowd(60, "en"), *(encoded(f"f{n}", "fr", Line("y", near(12, 0.9, n))) for n in range(5))]
    articles.append(encoded("i", "id", Line("z", axis(13))))
    pairs = candidates(articles)
    for n in range(60):  # however many English articles are nearer
        assert {60, 61, 62, 63, 64, 65} <= partners(pairs, n)


def test_candidates_are_the_same_with_the_approximate_search(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [scattered(f"{lang}{n}", lang, seed=n) for lang in ("en", "fr") for n in range(40)]
    exact = candidates(articles)
    monkeypatch.setattr(neighbours, "_EXACT", 5)
    assert candidates(articles) == exact
