"""What is known of one text: its numbers, names, negation and quotation."""

from __future__ import annotations

from typing import NamedTuple


class Mention(NamedTuple):
    """A name as it stands in a text: all its words, those that are surely names, the CLDR code of a place in it.

    `weak`: it may be no name, for it opens a sentence or is of common words, or another language may make it of
    other words, for it is initials.
    """

    words: tuple[str, ...]
    sure: tuple[str, ...] = ()
    place: str = ""
    weak: bool = False


DATELINE = "dateline"
"""The unit of a date that is that of the writing: it may be another than what is told of."""


class Quantity(NamedTuple):
    """One number of a text.

    `kind` is "plain", "ordinal", "percent", "money", "measure", "fraction", "year", "month", "day", "clock" or
    "label" (G20, A380). `value` is in ones ("1500000"), for a clock in 24 hours ("21:40"), for a fraction both its
    numbers ("2/3"). `unit` is the ISO 4217 code of money, several with "|" between them or "" where the text does not
    settle it, the unit of a measure, as the CLDR calls it or TIMES, the time zone of a clock where one is named, or
    DATELINE for the date in one. `about`: the text calls it approximate or a bound. `others`: it counts those beside
    one that is told of (nine other witnesses).
    """

    kind: str
    value: str
    unit: str = ""
    about: bool = False
    others: bool = False


class Facts(NamedTuple):
    """Numbers, by value, and names, by their letters without accents or case, of one text.

    `names` are all words with a capital, those of its English among them; `inner_names` those of the text itself
    that do not owe it to opening a sentence. `places` are CLDR codes of territories ("DE", "UN", "150" for Europe).
    `mentions` and `english_mentions` are the names of the text and of its English, word by word; `words` are all
    words of both. `negated` is None where it cannot be told, `denials` the number of negations, None where
    the language's are not known, `quoted` whether there are quotation marks.
    """

    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    inner_names: frozenset[str] = frozenset()
    kinds: frozenset[Quantity] = frozenset()
    places: frozenset[str] = frozenset()
    mentions: frozenset[Mention] = frozenset()
    english_mentions: frozenset[Mention] = frozenset()
    words: frozenset[str] = frozenset()
    negated: bool | None = None
    denials: int | None = None
    quoted: bool = False

    def __or__(self, other: object) -> Facts:
        """Return the facts of both texts."""
        if not isinstance(other, Facts):
            return NotImplemented
        known = [truth for truth in (self.negated, other.negated) if truth is not None]
        return Facts(
            self.numbers | other.numbers,
            self.names | other.names,
            self.inner_names | other.inner_names,
            self.kinds | other.kinds,
            self.places | other.places,
            self.mentions | other.mentions,
            self.english_mentions | other.english_mentions,
            self.words | other.words,
            any(known) if known else None,
            None if self.denials is None or other.denials is None else self.denials + other.denials,
            self.quoted or other.quoted,
        )


NONE = Facts()
