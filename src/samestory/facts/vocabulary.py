"""Which words are no names: those that Punkt, learning to split a language, saw without a capital."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from samestory.facts.cldr import locales
from samestory.facts.letters import plain

_LOWER_CASE = 16 | 32 | 64  # of nltk.tokenize.punkt: at the start of a sentence, inside one, somewhere
CAPITAL_NOUNS = frozenset(["de", "lb"])  # a capital there says noun, not name: only what is not known can be one
_OUR_OWN = frozenset(["id", "ms"])


@lru_cache
def common_words(lang: str | None) -> frozenset[str] | None:
    """Return the words of `lang` that need not be names, or None where Punkt has not learned it."""
    contexts = _contexts(lang) if lang else None
    if contexts is None:
        return None
    return frozenset(plain(word) for word, seen in contexts.items() if seen & _LOWER_CASE or lang in CAPITAL_NOUNS)


def _contexts(lang: str) -> Mapping[str, int] | None:
    if lang in _OUR_OWN:
        ours = json.loads((files("samestory") / "data" / "punkt_id.json").read_text("utf-8"))
        contexts: dict[str, int] = ours["ortho_context"]
        return contexts
    import punkt

    name = locales("en")[0].languages.get(lang, "").lower()
    return punkt.load_model(name).ortho_context if name in punkt.available_languages() else None
