"""Articles and a judge made by hand, to judge by what is reckoned by hand whether articles are one story."""

from __future__ import annotations

import msgspec

from by_hand import Line, Step, axis, by_similarity, by_steps, encoded
from samestory.collection import Collection
from samestory.judge import STORY_FEATURES, SharedFacts
from samestory.records import Encoded
from samestory.scorer import Trees

BIAS = -3.0
FACTS = Step("odds of the facts", 1.0, 5.0)
LEADS = Step("behind the best article", -1.0, 2.0)
LATER = Step("days apart", 0.05, -4.0)
STEPS = by_steps(BIAS, FACTS, LEADS, LATER)
"""Trees that know three things of a story."""


def event(name: str, lang: str, first: int, *texts: str) -> Encoded:
    """An article about what lies along axis `first` and those that follow."""
    return encoded(name, lang, *(Line(text, axis(first + n)) for n, text in enumerate(texts)))


def dated(made: Encoded, date: str | None) -> Encoded:
    return msgspec.structs.replace(made, article=msgspec.structs.replace(made.article, date=date))


ALPHA = event("a", "en", 1, "Fire at Sandvik", "Crews from Orsta came.", "It took 31 men.", "It cost 4,500 crowns.")
BETA = event("b", "fr", 1, "Incendie à Sandvik", "Ceux d’Orsta sont venus.", "Il a fallu 31 gens.", "Coût : 4 500.")
OTHER = event("c", "id", 8, "Banjir di Muara", "Warga Telaga pergi.", "Ada 77 rumah.", "Airnya 2 meter.")


def judge(*articles: Encoded, trees: Trees | None = None, story: Trees = STEPS) -> SharedFacts:
    """The judge by whom two sentences are as likely one fact as they are similar."""
    return SharedFacts(Collection(articles), trees or by_similarity(), story)


def evidence(a: Encoded, b: Encoded, *others: Encoded, trees: Trees | None = None) -> dict[str, float]:
    """What is told of `a` and `b`, judged alone in a collection with `others`."""
    (values,) = judge(a, b, *others, trees=trees).evidence([(a, b)])
    return dict(zip(STORY_FEATURES, values.tolist(), strict=True))
