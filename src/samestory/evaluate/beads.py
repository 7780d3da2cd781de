"""Gold beads and made beads side by side: both cover letters of the same articles, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from samestory.evaluate.gold import Gold, GoldArticle, GoldPair, GoldRelation, GoldSide, places
from samestory.evaluate.made import Made, MadePair
from samestory.evaluate.spans import Cover, Letters, Run, Sides, cover, meet
from samestory.records import Article, Relation

Kind: TypeAlias = Literal["1-1", "1-n", "n-1", "n-m"]

NO_STORY = "(no story)"


class Text(msgspec.Struct, frozen=True):
    """One side of a bead to be read: whose it is, what it says, and its English where there is any."""

    path: str
    lang: str
    text: str
    english: str | None


class Bead(msgspec.Struct, frozen=True, kw_only=True):
    """What gold beads and made beads have in common. Sides are in order of language, then of path.

    `kind` counts sentences as the gold cuts them; `story` is that of the gold, NO_STORY across stories.
    """

    texts: tuple[Text, Text]
    sides: Sides
    kind: Kind
    story: str

    @property
    def paths(self) -> tuple[str, str]:
        """The two articles."""
        return self.texts[0].path, self.texts[1].path

    @property
    def languages(self) -> str:
        """The language pair, such as "fr-id"."""
        return f"{self.texts[0].lang}-{self.texts[1].lang}"


class GoldBead(Bead, frozen=True, kw_only=True):
    """A bead of the gold."""

    relation: GoldRelation


class MadeBead(Bead, frozen=True, kw_only=True):
    """A bead of the build."""

    id: str
    score: float
    relation: Relation


class Unplaced(msgspec.Struct, frozen=True):
    """A sentence of a gold pair that does not stand in the article as the corpus has it."""

    path: str
    text: str


class Beads(msgspec.Struct, frozen=True):
    """The beads of both. `missing` are the articles of the gold, by path, that the corpus has not.

    `unplaced` are sentences of gold beads whose article is in the corpus without them; `unjudged` counts the
    made beads of articles that the gold says nothing of.
    """

    gold: tuple[GoldBead, ...]
    made: tuple[MadeBead, ...]
    missing: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    unjudged: int


def beads(gold: Gold, made: Made) -> Beads:
    """Return the beads of `gold` and of `made`, as covers of letters of the articles in the corpus of `made`."""
    own = {article.path: article for article in made.articles.values()}
    known = {path: _Known(article, own.get(path)) for path, article in gold.articles.items()}
    story_of = gold.story_of
    judged = [pair for pair in made.pairs if all(path in known for path in _paths(pair, made))]
    listed = {*gold.articles, *(path for story in gold.stories for path in story.articles)}
    return Beads(
        gold=tuple(_gold_bead(pair, known, story_of) for pair in gold.pairs),
        made=tuple(_made_bead(pair, made, known, story_of) for pair in judged),
        missing=tuple(sorted(listed - own.keys())),
        unplaced=tuple(dict.fromkeys(lost for pair in gold.pairs for lost in _unplaced(pair, known))),
        unjudged=len(made.pairs) - len(judged),
    )


class _Side(msgspec.Struct, frozen=True):
    text: Text
    cover: Cover
    sentences: int


class _Known:
    """An article of the gold and, where the corpus has it, where its sentences stand there."""

    def __init__(self, gold: GoldArticle, own: Article | None) -> None:
        self._gold, self._own = gold, own
        self._letters = Letters(own.text if own else "")
        self._runs = self._letters.place([text for _, text in gold.sentences])

    def gold_side(self, side: GoldSide) -> _Side:
        numbers = places(self._gold, side.sentences)
        covered = cover(self._run(n) for n in numbers) if self._own else ()
        return _Side(self._text(" ".join(side.sentences), self._english(covered)), covered, len(numbers))

    def made_side(self, sentences: Sequence[int], text: str, english: str | None) -> _Side:
        assert self._own is not None  # it is made of this article
        own = (self._own.sentences[n] for n in sentences)
        covered = cover(self._letters.run(s.start, s.end) for s in own)
        runs = (self._runs[n] for n in self._gold.content)
        of_gold = sum(run is not None and meet((run,), covered) for run in runs)
        return _Side(self._text(text, english), covered, of_gold or len(sentences))

    def unplaced(self, side: GoldSide) -> Iterator[Unplaced]:
        for number, text in zip(places(self._gold, side.sentences), side.sentences, strict=True):
            if self._own and self._runs[number] is None:
                yield Unplaced(side.path, text)

    def _run(self, number: int) -> Run:
        # What does not stand in the article gets a place before it: no made bead covers that, so none is equal.
        return self._runs[number] or (-2 * number - 2, -2 * number - 1)

    def _text(self, text: str, english: str | None) -> Text:
        return Text(self._gold.path, self._gold.lang, text, None if self._gold.lang == "en" else english)

    def _english(self, covered: Cover) -> str | None:
        own = self._own.sentences if self._own else ()
        hit = [s.english for s in own if meet((self._letters.run(s.start, s.end),), covered)]
        return " ".join(filter(None, hit)) if hit and None not in hit else None


def _gold_bead(pair: GoldPair, known: Mapping[str, _Known], story_of: Mapping[str, str]) -> GoldBead:
    sides = [known[side.path].gold_side(side) for side in (pair.a, pair.b)]
    return GoldBead(relation=pair.relation, **_common(sides, story_of))


def _made_bead(pair: MadePair, made: Made, known: Mapping[str, _Known], story_of: Mapping[str, str]) -> MadeBead:
    sides = [
        known[path].made_side(source.sentences, pair.translation[lang], pair.english[lang])
        for path, (lang, source) in zip(_paths(pair, made), pair.source.items(), strict=True)
    ]
    return MadeBead(id=pair.id, score=pair.score, relation=pair.relation, **_common(sides, story_of))


def _paths(pair: MadePair, made: Made) -> Iterator[str]:
    return (made.articles[source.article].path for source in pair.source.values())


def _unplaced(pair: GoldPair, known: Mapping[str, _Known]) -> Iterator[Unplaced]:
    return (lost for side in (pair.a, pair.b) for lost in known[side.path].unplaced(side))


def _common(sides: Sequence[_Side], story_of: Mapping[str, str]) -> dict[str, Any]:
    one, other = sorted(sides, key=lambda side: (side.text.lang, side.text.path))
    stories = {story_of.get(side.text.path, NO_STORY) for side in sides}
    return {
        "texts": (one.text, other.text),
        "sides": (one.cover, other.cover),
        "kind": kind(one.sentences, other.sentences),
        "story": stories.pop() if len(stories) == 1 else NO_STORY,
    }


def kind(left: int, right: int) -> Kind:
    """Return the kind of a bead of `left` and `right` sentences."""
    if left == 1:
        return "1-1" if right == 1 else "1-n"
    return "n-1" if right == 1 else "n-m"
