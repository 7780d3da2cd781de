import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from by_hand import Line, axis, between, encoded, near, scattered
from samestory.evidence import FEATURES, Collection
from samestory.records import Encoded, Story
from samestory.scorer import Logistic, load
from samestory.stories import STORY_FEATURES, SharedFacts, candidates, stories


class Table:
    """A judge that looks the probability up: by two names, else `otherwise`."""

    def __init__(self, scores: Mapping[str, float], otherwise: float = 0.0) -> None:
        self._scores, self._otherwise = scores, otherwise
        self.asked: set[str] = set()

    def score(self, a: Encoded, b: Encoded) -> float:
        key = " ".join(sorted((a.article.id, b.article.id)))
        self.asked.add(key)
        return self._scores.get(key, self._otherwise)


def some(*names: str) -> list[Encoded]:
    """Articles by name; the language is what follows the dot, English where there is none."""
    return [scattered(name, name.partition(".")[2] or "en", seed=n, length=2) for n, name in enumerate(names)]


def found(names: str, scores: Mapping[str, float], otherwise: float = 0.0) -> list[Story]:
    return list(stories(some(*names.split()), Table(scores, otherwise)))


def members(told: Sequence[Story]) -> list[tuple[str, ...]]:
    return sorted(story.articles for story in told)


def test_no_articles_no_stories() -> None:
    assert list(stories([], Table({}))) == []


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
    every = [list(stories(order, Table(scores))) for order in itertools.permutations(articles)]
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


@pytest.mark.parametrize("count", [2, 5, 21])
def test_few_articles_are_all_judged(count: int) -> None:
    articles = some(*(f"a{n}" for n in range(count)))
    assert candidates(articles) == list(itertools.combinations(range(count), 2))


def test_of_many_articles_each_is_judged_with_the_twenty_nearest_to_it() -> None:
    articles = [scattered(f"a{n}", "en", seed=n) for n in range(60)]
    pairs = candidates(articles)
    assert len(pairs) == len(set(pairs)) < 60 * 59 / 2
    assert all(a < b for a, b in pairs)
    judged = [sum(n in pair for pair in pairs) for n in range(60)]
    assert min(judged) >= 20


def test_of_many_articles_the_nearest_are_among_the_candidates() -> None:
    crowd = [encoded(f"a{n}", "en", Line("x", near(n % 12, 0.9, 13))) for n in range(72)]
    twins = [encoded("t", "en", Line("x", axis(14))), encoded("u", "fr", Line("y", near(14, 0.95, 3)))]
    assert (72, 73) in candidates([*crowd, *twins])


def test_many_articles_with_the_same_text_are_no_trouble() -> None:
    articles = [encoded(f"a{n:02}", "en", Line("x", axis(1))) for n in range(30)]
    pairs = candidates(articles)
    assert min(sum(n in pair for pair in pairs) for n in range(30)) >= 20
    assert not any(a == b for a, b in pairs)


def test_only_candidates_are_judged() -> None:
    articles = [scattered(f"a{n:02}", "en", seed=n) for n in range(40)]
    judge = Table({})
    assert list(stories(articles, judge)) == []
    assert len(judge.asked) == len(candidates(articles)) < 40 * 39 / 2


PAIR = Logistic(FEATURES, tuple(20.0 if name == "similarity" else 0.0 for name in FEATURES), -14.0)


def judge(*articles: Encoded) -> SharedFacts:
    return SharedFacts(Collection(articles), PAIR, load().story)


def evidence(a: Encoded, b: Encoded, *others: Encoded) -> dict[str, float]:
    return dict(zip(STORY_FEATURES, judge(a, b, *others).evidence(a, b).tolist(), strict=True))


def event(name: str, lang: str, first: int, *texts: str) -> Encoded:
    """An article about what lies along axis `first` and those that follow."""
    return encoded(name, lang, *(Line(text, axis(first + n)) for n, text in enumerate(texts)))


ALPHA = event("a", "en", 1, "Fire at Sandvik", "Crews from Orsta came.", "It took 31 men.", "It cost 4,500 crowns.")
BETA = event("b", "fr", 1, "Incendie à Sandvik", "Ceux d’Orsta sont venus.", "Il a fallu 31 gens.", "Coût : 4 500.")
OTHER = event("c", "id", 8, "Banjir di Muara", "Warga Telaga pergi.", "Ada 77 rumah.", "Airnya 2 meter.")


def test_two_reports_of_one_event_are_likelier_one_story_than_of_two() -> None:
    told = judge(ALPHA, BETA, OTHER)
    assert told.score(ALPHA, BETA) > 0.9
    assert told.score(ALPHA, OTHER) < 0.1
    assert [story.articles for story in stories([OTHER, BETA, ALPHA], told)] == [("a", "b")]


def test_a_judgement_is_the_same_from_either_side() -> None:
    told = judge(ALPHA, BETA, OTHER)
    assert told.evidence(ALPHA, BETA) == pytest.approx(told.evidence(BETA, ALPHA))


def test_names_and_numbers_in_common_are_told_as_shares() -> None:
    same, different = evidence(ALPHA, BETA, OTHER), evidence(ALPHA, OTHER, BETA)
    assert same["share of numbers"] == pytest.approx(1.0)
    assert 0.0 < same["share of names"] < 1.0
    assert different["share of numbers"] == different["share of names"] == 0.0


def test_facts_in_common_count_sentences_that_choose_each_other() -> None:
    a = encoded("a", "en", Line("x", axis(1)), Line("y", axis(2)), Line("z", axis(3)))
    b = encoded("b", "fr", Line("u", axis(1)), Line("v", near(1, 0.99, 4)), Line("w", axis(2)), Line("t", axis(5)))
    sure = 1 / (1 + np.exp(-6.0))  # the scorer's probability of a cosine of 1
    for told in (evidence(a, b), evidence(b, a)):
        assert told["facts in common"] == pytest.approx(np.log1p(2 * sure))
        assert told["share of the shorter article"] == pytest.approx(2 * sure / 3)


def test_what_is_likelier_wrong_than_right_is_no_fact_in_common() -> None:
    a, b = encoded("a", "en", Line("x", axis(1))), encoded("b", "fr", Line("u", near(1, 0.69, 2)))
    assert evidence(a, b)["facts in common"] == 0.0


def test_two_sentences_are_not_merged_to_judge_a_story() -> None:
    a, b = encoded("a", "en", Line("x", between(1, 2))), encoded("b", "fr", Line("u", axis(1)), Line("v", axis(2)))
    assert evidence(a, b)["best match of a sentence"] == pytest.approx(np.sqrt(0.5))


def test_titles_are_compared() -> None:
    a = encoded("a", "en", Line("t", axis(1), "title"), Line("x", axis(2)))
    b = encoded("b", "fr", Line("u", near(1, 0.6, 3), "title"), Line("y", axis(2)))
    assert evidence(a, b)["title similarity"] == pytest.approx(0.6)


def test_articles_of_one_sentence_without_names_or_numbers_can_be_judged() -> None:
    a, b = encoded("a", "en", Line("so it was", axis(1))), encoded("b", "fr", Line("ainsi", axis(1)))
    told = evidence(a, b)
    assert told["share of names"] == told["share of numbers"] == 0.0
    assert 0.0 < judge(a, b).score(a, b) < 1.0


def test_two_articles_in_one_language_can_be_judged() -> None:
    twin = event("d", "en", 1, "Fire at Sandvik", "Crews from Orsta came.")
    assert judge(ALPHA, twin).score(ALPHA, twin) > 0.9


def test_english_on_one_side_only_does_not_matter() -> None:
    plain = encoded("b", "fr", Line("un", near(1, 0.8, 2)))
    translated = encoded("b", "fr", Line("un", near(1, 0.8, 2), english_vector=axis(9)))
    other = encoded("a", "en", Line("one", axis(1)))
    assert evidence(other, plain) == evidence(other, translated)


def test_scorers_fitted_on_other_evidence_are_refused() -> None:
    with pytest.raises(ValueError, match="fit it again"):
        SharedFacts(Collection([]), PAIR, PAIR)
    with pytest.raises(ValueError, match="fit it again"):
        SharedFacts(Collection([]), load().story, load().story)


def test_an_event_of_more_articles_than_candidates_is_one_story() -> None:
    (story,) = stories([scattered(f"a{n:03}", "en", seed=n) for n in range(60)], Table({}, otherwise=1.0))
    assert (len(story.articles), story.score) == (60, 1.0)


def test_equal_scores_fall_the_same_way_for_any_order_of_articles() -> None:
    articles = [scattered(name, "en", seed=n) for n, name in enumerate("abc")]
    judge = Table({"a b": 0.9, "b c": 0.9})
    assert len({tuple(s.articles for s in stories(o, judge)) for o in itertools.permutations(articles)}) == 1
