"""What each setting of a build does, with the real models."""

from __future__ import annotations

import json
import shutil
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import SEEDS, Built, files
from samestory import argos, scorer
from samestory.build import build
from samestory.config import DEFAULTS, Config
from samestory.errors import UsageError
from samestory.judge import STORY_FEATURES


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Few(NamedTuple):
    """A translation and its original, and two reports of one event; with the cache of the sample."""

    seeds: list[Path]
    cache: Path

    def build(self, folder: Path, **settings: Any) -> Path:
        build(self.seeds, folder / "c", folder / "a", config=Config(**settings), cache=self.cache)
        return folder / "a"


@pytest.fixture(scope="module")
def cache(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's cache, to be written to."""
    return Path(shutil.copy(sample.cache, tmp_path_factory.mktemp("settings") / "cache.sqlite"))


@pytest.fixture
def few(cache: Path) -> Few:
    names = ("lighthouse-en.txt", "lighthouse-fr.txt", "wickr-en-1.txt", "wickr-fr-1.txt")
    return Few([SEEDS / name for name in names], cache)


def settings(aligned: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((aligned / "manifest.json").read_text())["settings"]
    return told


# Models and languages


def test_translation_packages_give_english_and_are_named_in_the_manifest(
    cache: Path, tiny_argos: Any, tmp_path: Path
) -> None:
    build([SEEDS], tmp_path / "c", tmp_path / "a", argos_packages=[tiny_argos.folder], cache=cache)
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert sorted(manifest["models"]["packages"]) == ["fr", "id"]
    sentences = [s for row in rows(tmp_path / "c" / "id.jsonl") for s in row["sentences"]]
    assert {s["mt"]["model"] for s in sentences} == {manifest["models"]["packages"]["id"]}
    assert sum(s["english"] is not None for s in sentences) > len(sentences) / 2
    pairs = rows(tmp_path / "a" / "fr-id.jsonl")
    assert any(pair["similarity"]["english"] is not None for pair in pairs)
    again = build([SEEDS], tmp_path / "c", tmp_path / "a", argos_packages=[tiny_argos.folder], cache=cache)
    assert again.up_to_date


def test_rows_carry_the_english_of_both_sides(sample: Built) -> None:
    for row in rows(sample.aligned / "en-fr.jsonl"):
        assert row["english"]["en"] == row["translation"]["en"]
        assert row["english"]["fr"] not in {None, "", row["translation"]["fr"]}
        assert -1 <= row["similarity"]["english"] <= 1


def test_english_is_null_where_no_package_translates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argos, "STARTER_PACKAGES", tmp_path)
    seeds = [SEEDS / f"lighthouse-{lang}.txt" for lang in ("en", "fr")]
    build(seeds, tmp_path / "c", tmp_path / "a", cache=tmp_path / "cache.sqlite")
    made = rows(tmp_path / "a" / "en-fr.jsonl")
    assert len(made) >= 15
    for row in made:
        assert row["english"] == {"en": row["translation"]["en"], "fr": None}
        assert row["similarity"]["english"] is None


def test_other_languages_are_rejected_when_some_are_named(cache: Path, tmp_path: Path) -> None:
    report = build([SEEDS], tmp_path / "c", tmp_path / "a", config=Config(langs=("fr",)), cache=cache)
    assert list(report.counts.articles) == ["fr"]
    assert sum(report.counts.rejected.values()) == 17 - report.counts.articles["fr"]
    assert report.counts.stories == 0


# The least score


def test_min_score_keeps_only_pairs_of_that_score(sample: Built, cache: Path, tmp_path: Path) -> None:
    build([SEEDS], tmp_path / "c", tmp_path / "a", config=Config(min_score=0.9), cache=cache)
    scores = [row["score"] for row in rows(tmp_path / "a" / "en-fr.jsonl")]
    assert 0 < len(scores) < sample.report.counts.pairs["en-fr"]
    assert min(scores) >= 0.9


def test_without_a_least_score_it_is_that_of_the_precision_and_stands_in_the_manifest(
    sample: Built, cache: Path, tmp_path: Path
) -> None:
    least = scorer.load().calibration.threshold(DEFAULTS.precision)
    assert settings(sample.aligned)["min_score"] == least
    scores = [row["score"] for path in sample.aligned.glob("??-??.jsonl") for row in rows(path)]
    assert min(scores) >= round(least, 3)
    corpus, aligned = shutil.copytree(sample.corpus, tmp_path / "c"), shutil.copytree(sample.aligned, tmp_path / "a")
    assert build([SEEDS], corpus, aligned, config=Config(min_score=least), cache=cache).up_to_date


def test_less_precision_asked_for_is_a_lower_score_and_more_pairs(few: Few, tmp_path: Path) -> None:
    strict, loose = (few.build(tmp_path / str(wanted), precision=wanted) for wanted in (0.97, 0.5))
    for aligned, wanted in ((strict, 0.97), (loose, 0.5)):
        assert settings(aligned)["min_score"] == scorer.load().calibration.threshold(wanted)
    assert settings(loose)["min_score"] < settings(strict)["min_score"]
    assert len(rows(loose / "en-fr.jsonl")) > len(rows(strict / "en-fr.jsonl"))


def test_a_least_score_goes_before_the_precision(few: Few, tmp_path: Path) -> None:
    assert settings(few.build(tmp_path, min_score=0.93, precision=0.5))["min_score"] == 0.93


# The order of facts


def runs(aligned: Path) -> dict[str, list[int]]:
    """By story, the places of the French sides of its pairs in the order of the English ones, without titles."""
    found: dict[str, list[int]] = {}
    for row in rows(aligned / "en-fr.jsonl"):
        if row["source"]["en"]["sentences"] != [0]:
            found.setdefault(row["story"], []).append(row["source"]["fr"]["sentences"][0])
    return found


def test_in_one_order_no_pair_crosses_another_and_in_free_order_some_do(few: Few, tmp_path: Path) -> None:
    monotone, free = (few.build(tmp_path / order, order=order) for order in ("monotone", "free"))
    assert [settings(aligned)["order"] for aligned in (monotone, free)] == ["monotone", "free"]
    assert len(runs(monotone)) == 2
    assert all(places == sorted(places) for places in runs(monotone).values())
    assert any(places != sorted(places) for places in runs(free).values())


def test_the_order_is_found_out_for_every_two_articles(few: Few, tmp_path: Path) -> None:
    auto, monotone, free = (few.build(tmp_path / order, order=order) for order in ("auto", "monotone", "free"))
    lighthouse, wickr = (
        next(row["story"] for row in rows(auto / "stories.jsonl") if word in str(row["articles"]))
        for word in ("lighthouse", "Wickr")
    )
    pairs = {
        (made, story): [row for row in rows(made / "en-fr.jsonl") if row["story"] == story]
        for made in (auto, monotone, free)
        for story in (lighthouse, wickr)
    }
    assert pairs[auto, lighthouse] == pairs[monotone, lighthouse]
    assert pairs[auto, wickr] == pairs[free, wickr] != pairs[monotone, wickr]


# Pairs that contradict


@pytest.fixture
def changed(few: Few, tmp_path: Path) -> Few:
    """The lighthouse and its translation, by which it has 92 steps and not 156."""
    (tmp_path / "s").mkdir()
    for name in ("lighthouse-en.txt", "lighthouse-fr.txt"):
        text = (SEEDS / name).read_text(encoding="utf-8")
        (tmp_path / "s" / name).write_text(text.replace("156 marches", "92 marches"), encoding="utf-8")
    return Few([tmp_path / "s"], few.cache)


def test_a_pair_that_contradicts_is_refused_and_named(changed: Few, tmp_path: Path) -> None:
    aligned = changed.build(tmp_path)
    assert not any("156 steps" in row["translation"]["en"] for row in rows(aligned / "en-fr.jsonl"))
    (row,) = [row for row in rows(aligned / "rejected.jsonl") if "156 steps" in row["detail"]]
    assert (row["stage"], row["path"], row["reason"]) == ("align", "lighthouse-en.txt", "number-mismatch")
    assert "92 marches" in row["detail"]
    assert "lighthouse-fr.txt; --keep-divergent" in row["detail"]
    assert json.loads((aligned / "manifest.json").read_text())["counts"]["rejected"]["number-mismatch"] >= 1


def test_with_keep_divergent_the_same_pair_is_kept_and_flagged(changed: Few, tmp_path: Path) -> None:
    refused, kept = (changed.build(tmp_path / str(keep), keep_divergent=keep) for keep in (False, True))
    flagged = [row for row in rows(kept / "en-fr.jsonl") if "number-mismatch" in row["flags"]]
    assert ["156 steps" in row["translation"]["en"] for row in flagged] == [True]
    assert "92 marches" in flagged[0]["translation"]["fr"]
    assert [row for row in rows(kept / "en-fr.jsonl") if row not in flagged] == rows(refused / "en-fr.jsonl")
    assert rows(kept / "rejected.jsonl") == []
    assert settings(kept)["keep_divergent"] is True


# Reasons


@pytest.fixture(scope="module")
def explained(sample: Built, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample built again, with reasons."""
    folder = tmp_path_factory.mktemp("explained")
    corpus, aligned = shutil.copytree(sample.corpus, folder / "c"), shutil.copytree(sample.aligned, folder / "a")
    report = build([SEEDS], corpus, aligned, config=Config(explain=True), cache=cache)
    return Built(corpus, aligned, cache, report)


def test_every_two_articles_of_the_sample_are_explained_the_likeliest_first(explained: Built) -> None:
    told = rows(explained.aligned / "explained.jsonl")
    paths = {row["path"] for path in explained.corpus.glob("*.jsonl") for row in rows(path)}
    assert len({frozenset(article["path"] for article in row["articles"]) for row in told}) == 17 * 16 / 2 == len(told)
    assert {article["path"] for row in told for article in row["articles"]} == paths
    assert [row["score"] for row in told] == sorted((row["score"] for row in told), reverse=True)


def test_the_reasons_add_up_to_the_score(explained: Built) -> None:
    for row in rows(explained.aligned / "explained.jsonl"):
        assert tuple(row["reasons"]) == STORY_FEATURES
        odds = row["base"] + sum(reason["adds"] for reason in row["reasons"].values())
        assert row["score"] == pytest.approx(1 / (1 + exp(-odds)), abs=0.003)


def test_an_explanation_names_the_story_that_both_articles_are_in(explained: Built) -> None:
    members = {
        row["story"]: {article["id"] for article in row["articles"]}
        for row in rows(explained.aligned / "stories.jsonl")
    }
    told = rows(explained.aligned / "explained.jsonl")
    for row in told:
        two = {article["id"] for article in row["articles"]}
        assert row["story"] == next((story for story, ids in members.items() if two <= ids), None)
    assert sum(row["story"] is not None for row in told) == sum(
        len(ids) * (len(ids) - 1) // 2 for ids in members.values()
    )


def test_reasons_change_nothing_else_and_are_removed_by_a_build_without(sample: Built, explained: Built) -> None:
    assert "explained.jsonl" not in {path.name for path in sample.aligned.iterdir()}
    assert "explained.jsonl" in json.loads((explained.aligned / "manifest.json").read_text())["aligned"]
    made = files(explained.corpus, explained.aligned)
    told = {"aligned/explained.jsonl", "aligned/manifest.json", "aligned/README.md"}
    assert {n: c for n, c in made.items() if n not in told} == {
        n: c for n, c in sample.files().items() if n not in told
    }
    report = build([SEEDS], explained.corpus, explained.aligned, cache=explained.cache)
    assert not report.up_to_date
    assert files(explained.corpus, explained.aligned) == sample.files()


# What makes no sense


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"min_score": 5.0}, "min_score is 5.0"),
        ({"min_score": -0.1}, "min_score is -0.1"),
        ({"min_score": float("nan")}, "min_score is nan"),
        ({"precision": 1.5}, "precision is 1.5"),
        ({"precision": -1.0}, "precision is -1.0"),
        ({"order": "sideways"}, "order is 'sideways': it is one of auto, free, monotone"),
        ({"langs": "fr"}, "langs is 'fr'"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_one_line(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named) as caught:
        Config(**wrong)
    assert "\n" not in str(caught.value)


def test_the_least_score_is_not_known_before_a_build_asks_the_calibration() -> None:
    with pytest.raises(ValueError, match="not known yet"):
        assert DEFAULTS.threshold
    assert Config(min_score=0.0).threshold == 0.0
