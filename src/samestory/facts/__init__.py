"""What two texts in different languages can share word for word: numbers, names, negation.

Numbers are compared by value, so 22.118.952 (id), 22 118 952 (fr) and 22,118,952 (en) are one number
and 1,5 juta is 1.5 million. Names are compared by their letters without accents or case, places by their code.
"""

from __future__ import annotations

import re
from functools import lru_cache

from samestory.facts.contradict import contradictions
from samestory.facts.names import named
from samestory.facts.negation import denials, negated
from samestory.facts.quantities import quantities
from samestory.facts.record import NONE, Facts, Mention, Quantity
from samestory.facts.same_names import name_similarity

__all__ = ["NONE", "Facts", "Mention", "Quantity", "contradictions", "facts", "name_similarity"]

_QUOTED = re.compile(r"[\"«»“”„‟「」『』]|(?:^|(?<=\s))[‘'‹][^‘’'‹›]{2,}[’'›](?!\w)")


@lru_cache(maxsize=100_000)
def facts(text: str, lang: str | None = None, english: str | None = None) -> Facts:
    """Return the facts of `text`, in `lang` (ISO 639-1). `english`, its translation, is a second source of names."""
    values, kinds = quantities(text, lang)
    own = named(text, lang)
    other = named(english, "en") if english and lang != "en" else None
    return Facts(
        numbers=values,
        names=own.names | other.names if other else own.names,
        inner_names=own.inner,
        kinds=kinds,
        places=own.places | other.places if other else own.places,
        mentions=own.mentions,
        english_mentions=other.mentions if other else frozenset(),
        words=own.words | other.words if other else own.words,
        negated=negated(text, lang),
        denials=denials(text, lang),
        quoted=_QUOTED.search(text) is not None,
    )
