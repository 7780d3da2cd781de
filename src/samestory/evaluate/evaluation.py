"""The evaluation of a build: everything there is to know of how far it is what the gold says."""

from __future__ import annotations

from pathlib import Path

import msgspec

from samestory.errors import UsageError
from samestory.evaluate.beads import Unplaced, beads
from samestory.evaluate.calibration import Calibration, Point, calibration, curve
from samestory.evaluate.gold import read_gold
from samestory.evaluate.made import read_made
from samestory.evaluate.measure import Breakdown, Relations, breakdown, judge, relations
from samestory.evaluate.mistakes import Mistakes, mistakes
from samestory.evaluate.telling import StoryBreakdown, story_figures


class Evaluation(msgspec.Struct, frozen=True):
    """What came of an evaluation.

    `signature` names all that the scores depend on. `missing` are the articles of the gold that the corpus has
    not: what is wanted of them counts as missed. `unplaced` are sentences of gold pairs that do not stand in
    the article as the corpus has it: their beads cannot be strictly right. `unjudged` counts the made beads of
    articles that the gold does not have: they count neither way.
    """

    signature: str
    missing: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    unjudged: int
    stories: StoryBreakdown
    sentences: Breakdown
    relations: Relations
    calibration: Calibration
    curve: tuple[Point, ...]
    errors: Mistakes


def evaluate(gold: Path, aligned: Path, corpus: Path | None = None, errors: int = 5) -> Evaluation:
    """Return how far the build in the folder `aligned` is what the folder `gold` says.

    `corpus` is the corpus folder of the build, the folder of that name beside `aligned` unless given; `errors`
    the number of mistakes of each sort to show. Beads are compared as the letters and digits they cover in the
    articles, so it does not matter where gold and build end a sentence. A gold bead that is `partial` is neutral:
    it is not wanted, and what overlaps it alone counts neither way. What overlaps a `divergent` one and no
    equivalent one is false.

    Raises UsageError where a file is missing or damaged, or where the folders do not belong together.
    """
    if errors < 0:
        raise UsageError(f"errors is {errors}: give the number of mistakes to show, 0 for none")
    by_hand = read_gold(gold)
    made = read_made(aligned, aligned.resolve().parent / "corpus" if corpus is None else corpus)
    if by_hand.articles and by_hand.articles.keys().isdisjoint(article.path for article in made.articles.values()):
        raise UsageError(
            f"{aligned} holds none of the {len(by_hand.articles)} articles of {gold}: name a build of these articles"
        )
    both = beads(by_hand, made)
    judged, sought = judge(both)
    return Evaluation(
        signature=made.signature,
        missing=both.missing,
        unplaced=both.unplaced,
        unjudged=both.unjudged,
        stories=story_figures(by_hand, made),
        sentences=breakdown(judged, sought),
        relations=relations(judged),
        calibration=calibration(judged),
        curve=curve(judged, sought),
        errors=mistakes(judged, sought, errors),
    )
