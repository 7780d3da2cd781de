#!/usr/bin/env python3
"""Fit the two scorers of src/samestory/data/scorer.json and print how well they do on stories left out.

Material: the hand-made gold of the sample set (tests/gold), seen as builds of different sizes, since
margins and rarity depend on what else a build holds; and, with little weight, articles regrouped
from FLORES-200 dev, which stays outside the project. Run it from the root of the repository:

    python scripts/fit_scorer.py --flores ../shared/dev/flores200
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from samestory.align import FreeOrder, select
from samestory.config import DEFAULTS
from samestory.encode import encode
from samestory.encoders import DIRECT, ENGLISH, encoder
from samestory.evidence import FEATURES, Collection, Spans, spans
from samestory.records import Article, Encoded, Sentence
from samestory.scorer import Logistic, Scorers
from samestory.store import Store
from samestory.stories import STORY_FEATURES, SharedFacts

FLORES_FILES = {"en": "dev.eng", "fr": "dev.fra", "id": "dev.ind"}
FLORES_WEIGHT = {"pair": 0.05, "story": 0.1}  # its sentences are translations, not reports: they only steady the fit
PARTIAL_WEIGHT = 0.5
AGAINST = {"numbers of one side only", "names of one side only", "length ratio"}  # evidence against a pair

Beads = dict[tuple[tuple[int, ...], tuple[int, ...]], str]
Array = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """Evidence, whether it is true, its weight, and the story it is from."""

    evidence: Array
    truth: npt.NDArray[np.bool_]
    weight: Array
    story: npt.NDArray[np.str_]


class Gold(NamedTuple):
    """The sample set: articles by path, the story of each, and the beads of each pair of articles."""

    articles: dict[str, Encoded]
    story: dict[str, str]
    beads: dict[tuple[str, str], Beads]


class Tally(NamedTuple):
    """Counts of beads on one story: made, exactly right, overlapping a right one, and right ones to find."""

    story: str
    made: int
    exact: int
    overlapping: int
    wanted: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=Path("tests/gold"))
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--out", type=Path, default=Path("src/samestory/data/scorer.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "store.sqlite") as store:
        gold = read_gold(options.gold, store)
        topics, flores = read_flores(options.flores, store)
    print_english_scale([e for e in gold.articles.values() if e.article.lang == "en"])

    builds = [(collection, paths) for collection, paths in gold_builds(gold)]
    rows = concatenate([pair_rows(gold, collection, paths) for collection, paths in builds])
    more = flores_pair_rows(flores, topics)
    tallies = []
    for left_out in sorted(set(rows.story)):
        kept = Rows(*(column[rows.story != left_out] for column in rows))
        tallies.append(alignment(left_out, gold, fit([kept, more], FEATURES, c=10)))
    print_alignment([*tallies, total(tallies)])
    pair = fit([rows, more], FEATURES, c=10)

    thin = [thinned(gold, seed) for seed in range(4)]
    by_story = concatenate(
        [story_rows(collection, paths, gold, pair) for collection, paths in builds if len(paths) > 2]
        + [story_rows(collection, paths, part, pair) for part in thin for collection, paths in gold_builds(part)]
    )
    other = flores_story_rows(flores, pair)
    story = fit([by_story, other], STORY_FEATURES, c=1)
    scores = story.probability(by_story.evidence)
    print(
        f"stories, in sample: least score of one story {scores[by_story.truth].min():.3f}, "
        f"greatest of two {scores[~by_story.truth].max():.3f}"
    )
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(Scorers(pair, story)), indent=1) + b"\n")
    print(f"written: {options.out}")


def read_gold(folder: Path, store: Store) -> Gold:
    articles = [
        gold_article(row["path"], row["lang"], row["sentences"]) for row in read_json(folder / "sentences.jsonl")
    ]
    encoded = {e.article.path: e for e in encode(articles, encoder(DIRECT, 2), encoder(ENGLISH, 2), store)}
    story = {}
    for row in read_json(folder / "stories.jsonl"):
        story.update({path: row["story"] or path for path in row["articles"]})
    beads: dict[tuple[str, str], Beads] = {}
    for row in read_json(folder / "pairs.jsonl"):
        sides = [row["a"], row["b"]]
        key = tuple(positions(encoded[side["path"]], side["sentences"]) for side in sides)
        beads.setdefault((sides[0]["path"], sides[1]["path"]), {})[key] = row["relation"]  # type: ignore[index]
    return Gold(encoded, story, beads)


def gold_article(name: str, lang: str, sentences: Sequence[tuple[Any, str]]) -> Article:
    made, start = [], 0
    for index, (role, text) in enumerate(sentences):
        made.append(Sentence(index, text, start, start + len(text), role, text if lang == "en" else None))
        start += len(text) + 1
    text = "\n".join(text for _, text in sentences)
    return Article(name, lang, sentences[0][1], None, None, None, name, "", text, (), tuple(made))


def read_json(path: Path) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]


def positions(encoded: Encoded, texts: Sequence[str]) -> tuple[int, ...]:
    content = [sentence.text for sentence in encoded.article.content]
    return tuple(content.index(text) for text in texts)


def gold_builds(gold: Gold) -> Iterator[tuple[Collection, list[str]]]:
    """Yield the sample set as builds: all of it, each language, each story with and without look-alikes, each pair."""
    lone = [path for path, story in gold.story.items() if story == path]
    builds = [list(gold.articles)]
    for lang in sorted({encoded.article.lang for encoded in gold.articles.values()}):
        builds.append([path for path, encoded in gold.articles.items() if encoded.article.lang == lang])
        builds.append([path for path, encoded in gold.articles.items() if encoded.article.lang != lang])
    for story in sorted(set(gold.story.values()) - set(lone)):  # lone articles are stories of their own
        members = [path for path in gold.articles if gold.story[path] == story]
        builds += [members, members + lone]
    builds += [list(pair) for pair in sorted(gold.beads)]
    for paths in builds:
        yield Collection([gold.articles[path] for path in paths]), paths


def thinned(gold: Gold, seed: int) -> Gold:
    """Return the articles with half of their sentences each: reports that share fewer facts than ours do."""
    rng = random.Random(seed)
    return gold._replace(articles={path: thin(encoded, rng) for path, encoded in gold.articles.items()})


def thin(encoded: Encoded, rng: random.Random) -> Encoded:
    content = encoded.article.content
    rows = [n for n, sentence in enumerate(content) if sentence.role == "title" or rng.random() < 0.5]
    article = msgspec.structs.replace(encoded.article, sentences=tuple(content[n] for n in rows))
    english = None if encoded.english is None else encoded.english[rows]
    return Encoded(article, encoded.direct[rows], english)


def pair_rows(gold: Gold, collection: Collection, paths: Sequence[str]) -> Rows:
    rows = []
    for (a, b), beads in sorted(gold.beads.items()):
        if a not in paths or b not in paths:
            continue
        left, right = spans(gold.articles[a]), spans(gold.articles[b])
        evidence = collection.features(left, right)
        for (i, one), (j, other) in itertools.product(enumerate(left.positions), enumerate(right.positions)):
            relation = beads.get((tuple(one), tuple(other)))
            if relation is None and (len(one) + len(other) > 2 or overlaps(beads, one, other)):
                continue  # part of a bead, or more than it: neither true nor false
            weight = PARTIAL_WEIGHT if relation == "partial" else 1.0
            rows.append((evidence[i, j], relation is not None, weight, gold.story[a]))
    return as_rows(rows, len(FEATURES))


def overlaps(beads: Beads, one: Sequence[int], other: Sequence[int]) -> bool:
    return any(set(one) & set(a) and set(other) & set(b) for a, b in beads)


def story_rows(collection: Collection, paths: Sequence[str], gold: Gold, pair: Logistic) -> Rows:
    judge = SharedFacts(collection, pair, Logistic(STORY_FEATURES, (0.0,) * len(STORY_FEATURES), 0.0))
    return as_rows(
        [
            (judge.evidence(gold.articles[a], gold.articles[b]), gold.story[a] == gold.story[b], 1.0, gold.story[a])
            for a, b in itertools.combinations(paths, 2)
        ],
        len(STORY_FEATURES),
    )


def read_flores(folder: Path, store: Store) -> tuple[dict[str, list[int]], list[Encoded]]:
    """Return articles of shuffled FLORES lines with a third dropped, and the lines of each article by id."""
    rng = random.Random(1)
    lines = {lang: (folder / name).read_text(encoding="utf-8").splitlines() for lang, name in FLORES_FILES.items()}
    kept: dict[str, list[int]] = {}
    articles = []
    for start in range(0, 300, 12):
        for lang, texts in lines.items():
            numbers = [n for n in range(start, start + 12) if rng.random() > 0.35]
            rng.shuffle(numbers)
            name = f"{start}/{lang}"
            kept[name] = numbers
            articles.append(gold_article(name, lang, [("body", texts[n]) for n in numbers]))
    return kept, list(encode(articles, encoder(DIRECT, 2), encoder(ENGLISH, 2), store))


def flores_pair_rows(articles: Sequence[Encoded], lines: dict[str, list[int]]) -> Rows:
    collection = Collection(articles)
    rows = []
    for a, b in same_topic(articles, lambda a, b: a.article.lang < b.article.lang):
        evidence = collection.features(spans(a, 1), spans(b, 1))
        for (i, one), (j, other) in itertools.product(enumerate(lines[a.article.id]), enumerate(lines[b.article.id])):
            rows.append((evidence[i, j], one == other, FLORES_WEIGHT["pair"], "flores"))
    return as_rows(rows, len(FEATURES))


def flores_story_rows(articles: Sequence[Encoded], pair: Logistic) -> Rows:
    judge = SharedFacts(Collection(articles), pair, Logistic(STORY_FEATURES, (0.0,) * len(STORY_FEATURES), 0.0))
    same = {(a.article.id, b.article.id) for a, b in same_topic(articles, lambda _a, _b: True)}
    rows = [
        (judge.evidence(a, b), (a.article.id, b.article.id) in same, FLORES_WEIGHT["story"], "flores")
        for a, b in itertools.combinations(articles, 2)
        if a.article.lang != b.article.lang
    ]
    return as_rows(rows, len(STORY_FEATURES))


def same_topic(
    articles: Sequence[Encoded], wanted: Callable[[Encoded, Encoded], bool]
) -> Iterator[tuple[Encoded, Encoded]]:
    for a, b in itertools.permutations(articles, 2):
        if a.article.id.split("/")[0] == b.article.id.split("/")[0] and wanted(a, b):
            yield a, b


def as_rows(rows: Sequence[tuple[Array, bool, float, str]], width: int) -> Rows:
    return Rows(
        np.array([row[0] for row in rows], dtype=np.float64).reshape(-1, width),
        np.array([row[1] for row in rows], dtype=np.bool_),
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array([row[3] for row in rows], dtype=np.str_),
    )


def concatenate(rows: Sequence[Rows]) -> Rows:
    return Rows(*(np.concatenate(columns) for columns in zip(*rows, strict=True)))


def fit(parts: Sequence[Rows], features: Sequence[str], c: float) -> Logistic:
    """Fit a logistic regression whose weights have the sign that their feature's meaning gives them.

    Without that bound a small sample makes a pair surer for saying different things.
    """
    rows = concatenate(parts)
    sign = np.where(rows.truth, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = sign * (rows.evidence @ weights[:-1] + weights[-1])
        share = rows.weight * sign / (1.0 + np.exp(margins))
        slope = np.append(-(rows.evidence.T @ share) + weights[:-1] / c, -share.sum())
        return float((rows.weight * np.logaddexp(0.0, -margins)).sum() + (weights[:-1] ** 2).sum() / (2 * c)), slope

    bounds = [(None, 0.0) if name in AGAINST else (0.0, None) for name in features]
    best = minimize(loss, np.zeros(len(features) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = [round(float(weight), 3) + 0.0 for weight in best.x]
    return Logistic(tuple(features), tuple(weights[:-1]), weights[-1])


def alignment(story: str, gold: Gold, scorer: Logistic) -> Tally:
    """Return how a scorer that has not seen `story` aligns it; partial beads count neither way."""
    collection = Collection(list(gold.articles.values()))
    made = exact = overlapping = wanted = 0
    for (a, b), beads in gold.beads.items():
        if gold.story[a] == story:
            aligner = FreeOrder(collection, scorer, DEFAULTS.min_score)
            found = aligned(aligner, collection, spans(gold.articles[a]), spans(gold.articles[b]))
            counted = [bead for bead in found if beads.get(bead) != "partial"]
            made += len(counted)
            exact += sum(bead in beads for bead in counted)
            overlapping += sum(overlaps(beads, *bead) for bead in counted)
            wanted += sum(relation == "equivalent" for relation in beads.values())
    return Tally(story, made, exact, overlapping, wanted)


def total(tallies: Sequence[Tally]) -> Tally:
    return Tally("all", *(sum(column) for column in list(zip(*tallies, strict=True))[1:]))


def print_alignment(tallies: Sequence[Tally]) -> None:
    print("| story left out | pairs made | exactly right | overlapping a true one | true ones | P | R | F1 | lax P |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for story, made, exact, overlapping, wanted in tallies:
        rates = (exact / made, exact / wanted, 2 * exact / (made + wanted), overlapping / made)
        print(f"| {story} | {made} | {exact} | {overlapping} | {wanted} | {' | '.join(f'{r:.2f}' for r in rates)} |")


def aligned(aligner: FreeOrder, collection: Collection, a: Spans, b: Spans) -> list[tuple[Any, Any]]:
    beads = select(a, b, aligner.candidates(a, b, collection.features(a, b)))
    return [(tuple(a.positions[bead.row]), tuple(b.positions[bead.column])) for bead in beads]


def print_english_scale(articles: Sequence[Encoded]) -> None:
    """Print the line that takes English cosines to the scale of direct ones: through two high percentiles."""
    direct, english = [], []
    for a, b in itertools.combinations(articles, 2):
        assert a.english is not None and b.english is not None
        direct.append((a.direct @ b.direct.T).ravel())
        english.append((a.english @ b.english.T).ravel())
    low, high = np.percentile(np.concatenate(english), [95, 99.5])
    bottom, top = np.percentile(np.concatenate(direct), [95, 99.5])
    slope = (top - bottom) / (high - low)
    print(f"English scale: slope {slope:.3f}, offset {bottom - slope * low:.3f}")


if __name__ == "__main__":
    main()
