"""The quality gate: the build of the sample set, with its English, against the gold made by hand.

The scorers have not seen this gold (scripts/fit_scorer.py), so these figures measure, as far as 17 articles can. They
are also a gate: a change that loses what was reached is noticed.
"""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import SEEDS, Built
from samestory.build import build
from samestory.evaluate import Evaluation, evaluate

GOLD = Path(__file__).parent / "gold"
GOLD_DIGEST = "cfcbc5d5d390b911"  # where the gold was changed on purpose, update this line and the floors

# Just below what was measured, which stands behind: without VNNI. With it the English, and the third digit, is another.
STRICT_F1_FLOOR = 0.845  # 0.858
LAX_F1_FLOOR = 0.955  # 0.967
LAX_PRECISION_FLOOR = 0.955  # 0.972
LAX_PRECISION_OF_SURE_FLOOR = 0.98  # 1.0: of the 84 pairs that score at least 0.9
LAX_ECE_CEILING = 0.045  # 0.034


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


SENTENCES, STORIES, PAIRS = (read(GOLD, name) for name in ("sentences", "stories", "pairs"))
TEXTS = {row["path"]: row["sentences"] for row in SENTENCES}
LANGS = {row["path"]: row["lang"] for row in SENTENCES}
EVENTS = {path: row["story"] or path for row in STORIES for path in row["articles"]}  # a lone article is its own


# The gold itself


def test_the_gold_is_the_one_the_floors_were_measured_on() -> None:
    content = b"".join((GOLD / f"{name}.jsonl").read_bytes() for name in ("sentences", "stories", "pairs"))
    assert hashlib.sha256(content).hexdigest()[:16] == GOLD_DIGEST


def test_every_article_of_the_gold_is_a_seed_and_is_in_one_story_or_alone() -> None:
    seeds = {path.name for path in (GOLD.parent.parent / "seeds").iterdir()}
    assert {path.partition("#")[0] for path in TEXTS} <= seeds
    assert sorted(path for row in STORIES for path in row["articles"]) == sorted(TEXTS)


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["path"])
def test_an_article_of_the_gold_has_one_title_first_and_folded_sentences(row: Mapping[str, Any]) -> None:
    roles = [role for role, _ in row["sentences"]]
    assert Counter(roles)["title"] == 1
    assert "body" in roles
    assert set(roles) <= {"title", "body", "caption", "dateline", "furniture"}
    assert next(role for role in roles if role in ("title", "body")) == "title"
    assert all(text and text == " ".join(text.split()) for _, text in row["sentences"])


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: f"{row['a']['path']}-{row['b']['path']}")
def test_a_pair_of_the_gold_is_of_content_sentences_of_one_story_in_two_languages(row: Mapping[str, Any]) -> None:
    sides = (row["a"], row["b"])
    assert row["languages"] == [LANGS[side["path"]] for side in sides] == sorted(set(row["languages"]))
    assert row["relation"] in ("equivalent", "partial")
    assert len({EVENTS[side["path"]] for side in sides}) == 1
    kinds = []
    for side in sides:
        content = [(role, text) for role, text in TEXTS[side["path"]] if role in ("title", "body")]
        texts = [text for _, text in content]
        assert [texts.count(text) for text in side["sentences"]] == [1] * len(side["sentences"])
        places = [texts.index(text) for text in side["sentences"]]
        assert places == list(range(places[0], places[-1] + 1))
        kinds.append({role for role, text in content if text in side["sentences"]})
    assert kinds[0] == kinds[1] in ({"title"}, {"body"})


def test_a_sentence_of_the_gold_is_in_one_pair_of_two_articles_at_most() -> None:
    uses: Counter[tuple[str, str, str, str]] = Counter()
    for row in PAIRS:
        for side in (row["a"], row["b"]):
            uses.update((row["a"]["path"], row["b"]["path"], side["path"], text) for text in side["sentences"])
    assert set(uses.values()) == {1}


# What the library makes of it


@pytest.fixture(scope="module")
def found(sample: Built) -> Evaluation:
    return evaluate(GOLD, sample.aligned, sample.corpus)


def told(made: Built) -> list[list[str]]:
    """The stories of a build, by the paths of their articles."""
    path_of = {row["id"]: row["path"] for file in made.corpus.glob("*.jsonl") for row in read(made.corpus, file.stem)}
    return sorted(sorted(path_of[a["id"]] for a in row["articles"]) for row in read(made.aligned, "stories"))


def test_all_of_the_gold_is_measured(found: Evaluation) -> None:
    assert (found.missing, found.unplaced, found.unjudged) == ((), (), 0)


def test_the_stories_are_those_of_the_gold(sample: Built, found: Evaluation) -> None:
    true = {two for two in itertools.combinations(sorted(EVENTS), 2) if EVENTS[two[0]] == EVENTS[two[1]]}
    made = {two for story in told(sample) for two in itertools.combinations(story, 2)}
    assert found.stories.total.pairs.f1 == 1.0, f"wrong: {sorted(made - true)}, missed: {sorted(true - made)}"


def test_articles_that_stand_alone_are_in_no_story(sample: Built) -> None:
    alone = {path for path, event in EVENTS.items() if event == path}
    assert len(alone) == 5
    assert alone.isdisjoint(itertools.chain(*told(sample)))


def test_alignment_keeps_to_its_floors(found: Evaluation) -> None:
    reached = found.sentences.total
    assert reached.strict.f1 >= STRICT_F1_FLOOR, reached
    assert reached.lax.f1 >= LAX_F1_FLOOR, reached
    assert reached.lax.precision >= LAX_PRECISION_FLOOR, reached


def test_a_translation_is_aligned_without_a_fault(found: Evaluation) -> None:
    lighthouse = found.sentences.by_story["lighthouse"]
    assert (lighthouse.strict.f1, lighthouse.wanted) == (1.0, 21)


def test_pairs_that_score_high_are_right(found: Evaluation) -> None:
    sure = next(point for point in found.curve if point.threshold == 0.9)
    assert sure.made >= 40
    assert sure.lax.precision >= LAX_PRECISION_OF_SURE_FLOOR


def test_scores_are_about_as_likely_as_they_say(found: Evaluation) -> None:
    assert found.calibration.lax.ece <= LAX_ECE_CEILING


def test_the_result_does_not_depend_on_the_order_of_seeds(sample: Built, tmp_path: Path) -> None:
    seeds = sorted(SEEDS.iterdir(), reverse=True)
    report = build(seeds, tmp_path / "c", tmp_path / "a", cache=sample.cache)
    turned = Built(tmp_path / "c", tmp_path / "a", sample.cache, report)
    assert told(turned) == told(sample)
    for path in sample.aligned.glob("*.jsonl"):
        assert sorted(path.read_text().splitlines()) == sorted((turned.aligned / path.name).read_text().splitlines())
