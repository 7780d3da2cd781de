"""The records that travel from stage to stage. Nothing else crosses a stage.

Offsets are counted in characters (Unicode code points) of `Article.text`, the article's raw text:
the decoded, mended and NFC-normalised text the article was read as, title first. For every
sentence `fold(article.text[sentence.start:sentence.end]) == sentence.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

Role: TypeAlias = Literal["title", "body", "caption", "dateline", "furniture"]
Relation: TypeAlias = Literal["equivalent", "partial"]
Matrix: TypeAlias = npt.NDArray[np.float32]

CONTENT_ROLES: frozenset[Role] = frozenset({"title", "body"})
"""The roles whose sentences are encoded and aligned; the rest is kept and marked, never paired."""


BROKEN_TRANSLATION: frozenset[str] = frozenset({"mt-copy", "mt-empty", "mt-length", "mt-loop"})
"""The flags of a translation that says something else than its source."""


def fold(text: str) -> str:
    """Fold every run of white space to one space: the only difference between raw text and a sentence."""
    return " ".join(text.split())


def stable_id(*parts: str, length: int = 12) -> str:
    """Return the first `length` hex digits of the SHA-256 of `parts`: the same on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


class Block(msgspec.Struct, frozen=True):
    """A line of an article's raw text, `text[start:end]`, and what it is on the page."""

    start: int
    end: int
    role: Role


class Mt(msgspec.Struct, frozen=True):
    """Which model made a sentence's English, its log-probability per token, and what looks wrong with it."""

    model: str
    score: float | None
    flags: tuple[str, ...] = ()


class Sentence(msgspec.Struct, frozen=True):
    """One sentence, `fold(article.text[start:end])`, with its English where there is any."""

    index: int
    text: str
    start: int
    end: int
    role: Role
    english: str | None = None
    mt: Mt | None = None

    @property
    def trusted_english(self) -> str | None:
        """The English, unless what was flagged in it shows that it does not say what the sentence says."""
        broken = self.mt is not None and not BROKEN_TRANSLATION.isdisjoint(self.mt.flags)
        return None if broken else self.english


class Article(msgspec.Struct, frozen=True):
    """One article: where it came from, its raw text, the lines in it, and (after `split`) its sentences.

    `path` names the file below the seeds, with `#n` behind it for the n-th article of a file that
    holds many; `sha256` is the hash of the bytes the article was read from.
    """

    id: str
    lang: str
    title: str
    date: str | None
    url: str | None
    source: str | None
    path: str
    sha256: str
    text: str
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    @property
    def content(self) -> tuple[Sentence, ...]:
        """The sentences that say something: titles and body, without page furniture."""
        return tuple(s for s in self.sentences if s.role in CONTENT_ROLES)


class Encoded(msgspec.Struct, frozen=True):
    """An article and the vectors of its content sentences, row for row, each row of length 1.

    `direct` has shape (n, d) and holds the sentences as written; `english` has shape (n, e) and
    holds their English: a row is zero where a sentence has none, and it is None where none has.
    """

    article: Article
    direct: Matrix
    english: Matrix | None


class Story(msgspec.Struct, frozen=True):
    """Articles that report the same event, in any languages. `score` is the mean probability over its pairs."""

    id: str
    articles: tuple[str, ...]
    languages: tuple[str, ...]
    score: float


class Explanation(msgspec.Struct, frozen=True):
    """Why two articles are, or are not, one story: each reason's value and what it adds to the log-odds.

    `story` is the story both are in, None where they are in none together. `base` is what they are added to.
    """

    articles: tuple[str, str]
    score: float
    story: str | None
    base: float
    reasons: dict[str, tuple[float, float]]


class Similarity(msgspec.Struct, frozen=True):
    """Cosines of a pair on the originals and on the English, and the ratio margin of their mean."""

    direct: float
    english: float | None
    margin: float


class Side(msgspec.Struct, frozen=True):
    """One side of a pair: 1..n consecutive content sentences of one article."""

    article: str
    sentences: tuple[int, ...]


class Pair(msgspec.Struct, frozen=True):
    """Two sides, in two languages, that report the same fact. `sides` are in order of language code."""

    story: str
    languages: tuple[str, str]
    sides: tuple[Side, Side]
    score: float
    similarity: Similarity
    relation: Relation
    flags: tuple[str, ...] = ()

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Those of the flags that say one side contradicts the other."""
        return tuple(flag for flag in self.flags if flag.endswith("-mismatch"))


class Group(msgspec.Struct, frozen=True):
    """The same fact in 2..n languages: one side per language, every two of them an accepted pair."""

    id: str
    story: str
    score: float
    sides: tuple[tuple[str, Side], ...]


class Rejection(msgspec.Struct, frozen=True):
    """Something refused: which stage refused it, where it stands, why, and what would cure it."""

    stage: str
    path: str
    reason: str
    detail: str


Couple: TypeAlias = tuple[Encoded, Encoded]
"""Two articles to judge."""

Progress: TypeAlias = Callable[[int, int], None]
"""Takes how much of a stage is done, and how much there is to do."""

Refuse: TypeAlias = Callable[[Rejection], None]
"""Takes every refusal of a stage; the build counts them and writes them to rejected.jsonl."""
