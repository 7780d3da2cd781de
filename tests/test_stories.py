import itertools
from collections.abc import Mapping, Sequence

import pytest

from by_hand import scattered
from samestory.neighbours import candidates
from samestory.records import Encoded, Explanation, Story
from samestory.stories import Couple, Link, Progress, explained, stories


@pytest.fixture(autouse=True)
def middling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judges here are sure from .6 on, so that scores on either side can be told apart."""
    monkeypatch.setattr("samestory.stories._STORY_SCORE", 0.6)


def key(a: Encoded, b: Encoded) -> str:
    return " ".join(sorted((a.article.id, b.article.id)))


class Table:
    """A judge that looks the probability up: by two names, else `otherwise`."""

    base = -1.5

    def __init__(self, scores: Mapping[str, float], otherwise: float = 0.0) -> None:
        self._scores, self._otherwise = scores, otherwise
        self.asked: list[list[str]] = []
        """The couples that were judged together, each time."""

    def scores(self, couples: Sequence[Couple], progress: Progress = lambda _done, _total: None) -> list[float]:
        self.asked.append([key(*couple) for couple in couples])
        for n in range(len(couples)):
            progress(n + 1, len(couples))
        return [self._scores.get(name, self._otherwise) for name in self.asked[-1]]

    def reasons(self, couples: Sequence[Couple]) -> list[dict[str, tuple[float, float]]]:
        return [{"looked up": (self._scores.get(key(*couple), self._otherwise), 1.0)} for couple in couples]


def every_two(articles: Sequence[Encoded]) -> list[Link]:
    return list(itertools.combinations(range(len(articles)), 2))


def some(*names: str) -> list[Encoded]:
    """Articles by name; the language is what follows the dot, English where there is none."""
    return [scattered(name, name.partition(".")[2] or "en", seed=n, length=2) for n, name in enumerate(names)]


def found(names: str, scores: Mapping[str, float], otherwise: float = 0.0) -> list[Story]:
    return list(stories(some(*names.split()), Table(scores, otherwise), every_two))


def members(told: Sequence[Story]) -> list[tuple[str, ...]]:
    return sorted(story.articles for story in told)


def test_no_articles_no_stories() -> None:
    assert list(stories([], Table({}), candidates)) == []


def test_one_article_is_no_story() -> None:
    assert found("a", {}, otherwise=1.0) == []


def test_two_articles_of_one_event_are_a_story() -> None:
    (story,) = found("a.en b.fr", {"a.en b.fr": 0.8126})
    assert (story.articles, story.languages, story.score) == (("a.en", "b.fr"), ("en", "fr"), 0.813)


@pytest.mark.parametrize(("score", "count"), [(0.0, 0), (0.3, 0), (0.8, 1), (1.0, 1)])
def test_articles_are_a_story_only_when_that_is_likely(score: float, count: int) -> None:
    assert len(found("a b", {"a b": score})) == count


def test_articles_of_one_language_can_be_a_story() -> None:
    (story,) = found("a.fr b.fr", {"a.fr b.fr": 0.9})
    assert story.languages == ("fr",)


def test_different_events_are_different_stories_and_a_lone_article_is_in_none() -> None:
    told = found("a b c d e", {"a b": 0.9, "c e": 0.8, "a c": 0.2})
    assert members(told) == [("a", "b"), ("c", "e")]


def test_a_chain_of_look_alikes_is_not_one_story() -> None:
    chain = {"a b": 0.95, "b c": 0.6, "c d": 0.9, "d e": 0.6, "e f": 0.85}
    assert members(found("a b c d e f", chain)) == [("a", "b"), ("c", "d"), ("e", "f")]


def test_a_newcomer_must_fit_the_members_on_the_whole() -> None:
    core = {"a b": 0.9, "a c": 0.9, "b c": 0.9}
    assert members(found("a b c d", {**core, "a d": 0.8})) == [("a", "b", "c")]
    assert members(found("a b c d", {**core, "a d": 0.8, "b d": 0.8, "c d": 0.4})) == [("a", "b", "c", "d")]


def test_the_score_of_a_story_is_the_mean_over_its_pairs() -> None:
    (story,) = found("a b c", {"a b": 0.9, "a c": 0.8, "b c": 0.6})
    assert story.score == round((0.9 + 0.8 + 0.6) / 3, 3) == 0.767


def test_ids_articles_and_scores_do_not_depend_on_the_order_of_articles() -> None:
    scores = {"a b": 0.9, "a c": 0.8, "b c": 0.7, "d e": 0.9, "c d": 0.55}
    articles = some("a", "b", "c", "d", "e")
    every = [list(stories(order, Table(scores), every_two)) for order in itertools.permutations(articles)]
    assert members(every[0]) == [("a", "b", "c"), ("d", "e")]
    assert all(told == every[0] for told in every)


def test_stories_come_in_order_of_their_ids_which_are_all_different() -> None:
    names = [f"{letter}{n}" for letter in "abcdef" for n in (1, 2)]
    told = found(" ".join(names), {f"{letter}1 {letter}2": 0.9 for letter in "abcdef"})
    ids = [story.id for story in told]
    assert len(set(ids)) == 6
    assert ids == sorted(ids)


def test_the_id_of_a_story_is_that_of_its_articles_alone() -> None:
    (first,) = found("a b", {"a b": 0.9})
    (again,) = found("z b y a", {"a b": 0.6})
    (other,) = found("a c", {"a c": 0.9})
    assert first.id == again.id != other.id
    assert first.id.startswith("s-")


def test_only_candidates_are_judged() -> None:
    articles = some("a", "b", "c", "d")
    judge = Table({"a b": 0.3, "c d": 0.5})
    assert list(stories(articles, judge, lambda _: [(0, 1), (2, 3)])) == []
    assert judge.asked == [["a b", "c d"]]


def test_within_a_story_that_candidates_hint_at_every_two_are_judged() -> None:
    judge = Table({"a b": 0.9, "b c": 0.9, "a c": 0.8})
    (story,) = stories(some("c", "b", "a"), judge, lambda _: [(0, 1), (1, 2)])
    assert (story.articles, story.score) == (("a", "b", "c"), 0.867)
    assert {name for asked in judge.asked for name in asked} == {"a b", "b c", "a c"}


def test_the_further_pairs_of_all_tangles_are_judged_once_beside_every_candidate() -> None:
    judge = Table({"a b": 0.9, "b c": 0.9, "d e": 0.9, "e f": 0.9, "a g": 0.1}, otherwise=0.8)
    links = [(0, 1), (1, 2), (3, 4), (4, 5), (0, 6)]
    assert members(list(stories(some(*"abcdefg"), judge, lambda _: links))) == [("a", "b", "c"), ("d", "e", "f")]
    first, second = judge.asked
    assert first == ["a b", "b c", "d e", "e f", "a g"]
    assert sorted(second) == sorted([*first, "a c", "d f"])


class Second(Table):
    """A judge that thinks otherwise of everything the second time."""

    def scores(self, couples: Sequence[Couple], progress: Progress = lambda _done, _total: None) -> list[float]:
        told = super().scores(couples, progress)
        return told if len(self.asked) == 1 else [0.75] * len(told)


def test_candidates_keep_their_score_when_further_pairs_are_judged_beside_them() -> None:
    judge = Second({"a b": 0.9, "b c": 0.8, "c d": 0.3})
    (story,) = stories(some("a", "b", "c", "d"), judge, lambda _: [(0, 1), (1, 2), (2, 3)])
    assert (story.articles, story.score) == (("a", "b", "c"), round((0.9 + 0.8 + 0.75) / 3, 3))


def test_where_all_of_a_tangle_were_candidates_nothing_is_judged_again() -> None:
    judge = Table({"a b": 0.9, "b c": 0.9, "a c": 0.8, "d e": 0.7})
    assert len(list(stories(some(*"abcde"), judge, every_two))) == 2
    assert len(judge.asked) == 1


def test_in_a_great_tangle_what_was_no_candidate_counts_as_unlike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samestory.stories._JUDGED_IN_FULL", 2)
    judge = Table({}, otherwise=1.0)
    (story,) = stories(some("a", "b", "c"), judge, lambda _: [(0, 1), (1, 2)])
    assert (len(story.articles), story.score) == (2, 1.0)
    assert judge.asked == [["a b", "b c"]]


def test_candidates_are_places_among_the_articles_in_order_of_their_ids() -> None:
    seen: list[list[str]] = []

    def none(articles: Sequence[Encoded]) -> list[Link]:
        seen.append([e.article.id for e in articles])
        return []

    assert list(stories(some("b", "c", "a"), Table({}), none)) == []
    assert seen == [["a", "b", "c"]]


def test_progress_is_told_of_every_candidate() -> None:
    told: list[tuple[int, int]] = []
    list(stories(some("a", "b", "c"), Table({}), every_two, lambda done, total: told.append((done, total))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_event_of_more_articles_than_candidates_is_one_story() -> None:
    articles = [scattered(f"a{n:03}", "en", seed=n) for n in range(60)]
    judge = Table({}, otherwise=1.0)
    assert len(candidates(articles)) < 60 * 59 / 2
    (story,) = stories(articles, judge, candidates)
    assert (len(story.articles), story.score) == (60, 1.0)


def test_equal_scores_fall_the_same_way_for_any_order_of_articles() -> None:
    judge = Table({"a b": 0.9, "b c": 0.9})
    every = [list(stories(order, judge, every_two)) for order in itertools.permutations(some("a", "b", "c"))]
    assert all(told == every[0] for told in every)


# The reasons


def reasons_for(names: str, scores: Mapping[str, float]) -> list[Explanation]:
    judge, articles = Table(scores), some(*names.split())
    found = list(stories(articles, judge, every_two))
    return list(explained(articles, judge, found, every_two))


def test_every_two_candidates_are_explained_the_likeliest_first_and_ties_by_name() -> None:
    told = reasons_for("c b a", {"a b": 0.2, "b c": 0.95})
    assert [(row.articles, row.score) for row in told] == [(("b", "c"), 0.95), (("a", "b"), 0.2), (("a", "c"), 0.0)]
    assert told[0].reasons == {"looked up": (0.95, 1.0)}
    assert {row.base for row in told} == {-1.5}


def test_an_explanation_names_the_story_only_where_both_articles_are_in_it() -> None:
    told = {row.articles: row.story for row in reasons_for("a b c d e", {"a b": 0.9, "c d": 0.9, "a c": 0.2})}
    assert told["a", "b"] is not None
    assert told["c", "d"] is not None
    assert told["a", "b"] != told["c", "d"]
    assert [told[two] for two in (("a", "c"), ("a", "e"), ("b", "d"))] == [None] * 3


def test_only_candidates_are_explained() -> None:
    articles, judge = some("a", "b", "c"), Table({}, otherwise=1.0)
    found = list(stories(articles, judge, every_two))
    assert [row.articles for row in explained(articles, judge, found, lambda _: [(0, 2)])] == [("a", "c")]


def test_nothing_is_explained_of_nothing() -> None:
    assert list(explained([], Table({}), [], candidates)) == []


def test_all_candidates_are_explained_by_what_is_told_of_them_together() -> None:
    judge = Table({"a b": 0.9, "b c": 0.4})
    assert len(list(explained(some("c", "b", "a"), judge, [], every_two))) == 3
    assert judge.asked == [["a b", "a c", "b c"]]
