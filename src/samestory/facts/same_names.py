"""How well the names of two texts are found in each other, letter for letter or in another spelling."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extractOne

from samestory.facts.letters import sound
from samestory.facts.record import Facts, Mention

_ALIKE, _ALIKE_COMMON = 0.84, 0.9  # Jaro-Winkler similarity of one name in two spellings, of a name and a word
_SHORTEST = 4  # letters for two words to be alike at all


def name_similarity(a: Facts, b: Facts) -> float:
    """Return how well the names of the side with fewer are found on the other, 0 to 1; 0 without names to find."""
    names = {one: len(one.mentions or one.english_mentions) for one in (a, b)}
    fewest = min(names.values())
    return max(_found(one, other) for one, other in ((a, b), (b, a)) if names[one] == fewest)


def _found(a: Facts, b: Facts) -> float:
    """Return how well the names of `a` are found in `b`, spelled in its own language or in English."""
    views = [[name for name in view if name.sure] or view for view in (a.mentions, a.english_mentions) if view]
    return max((sum(_likeness(b, name) for name in view) / len(view) for view in views), default=0.0)


def _likeness(facts: Facts, name: Mention) -> float:
    if (name.place and name.place in facts.places) or _has_initials(facts, name):
        return 1.0
    words = name.sure or name.words
    return sum(_best(facts, word) for word in words) / len(words)


def _best(facts: Facts, word: str) -> float:
    """Return how like `word` the likest name is, below what is no likeness at all 0."""
    if word in facts.words:
        return 1.0
    best = max((_alike(word, other) for other in facts.names if len(other) >= _SHORTEST), default=0.0)
    return best if best >= _ALIKE and len(word) >= _SHORTEST else 0.0


def names_differ(a: Facts, b: Facts) -> bool:
    """Return whether each of two texts has a name that the other lacks."""
    left, right = _missing(a, b), _missing(b, a)
    if any(not (one.weak and other.weak) for one in left for other in right):
        return True
    return any(_part(one, other, a, b) for one in a.mentions for other in b.mentions)


def _part(one: Mention, other: Mention, a: Facts, b: Facts) -> bool:
    """Whether two names share a word and each has another that is not in the other text: two Johnsons."""
    if one.weak or other.weak:
        return False
    shared = set(one.sure) & set(other.sure)
    return bool(shared) and not (_has_all(b, one) or _has_all(a, other))


def _missing(a: Facts, b: Facts) -> list[Mention]:
    """Return the names of `a` that `b` lacks, as `a` spells them; none where the English of `a` has none such."""
    own, english = ([name for name in view if not _has(b, name)] for view in (a.mentions, a.english_mentions))
    # Common words are a name only if a translation bears it out, and then if there are several.
    own = [name for name in own if name.sure or (len(name.words) > 1 and (a.english_mentions or b.english_mentions))]
    if 2 * len(a.mentions) <= len(a.english_mentions):  # a script without capitals, or one that gives them to nouns
        return english
    excused = a.english_mentions and all(_has_all(b, name) for name in a.english_mentions)
    return [] if excused else own


def _has(facts: Facts, name: Mention) -> bool:
    """Whether `facts` have `name`: by initials, or by most of its words, spelled alike or naming one place."""
    words = name.sure or name.words
    found = sum(_has_word(facts, word) for word in words) or (name.place in facts.places if name.place else 0)
    return _has_initials(facts, name) or 2 * found > len(words) or (found == 1 and len(words) == 2)


def _has_all(facts: Facts, name: Mention) -> bool:
    if name.place and name.place in facts.places:
        return True
    return _has_initials(facts, name) or all(_has_word(facts, word) for word in name.sure or name.words)


def _has_initials(facts: Facts, name: Mention) -> bool:
    if _initials(name) in facts.words:
        return True
    return not _all_initials(facts.mentions, facts.english_mentions).isdisjoint(name.words)


def _has_word(facts: Facts, word: str) -> bool:
    if word in facts.words:
        return True
    return len(word) >= _SHORTEST and any(
        extractOne(sound(word), others, scorer=JaroWinkler.similarity, score_cutoff=least) is not None
        for others, least in zip(_sounds(facts.words, facts.names), (_ALIKE, _ALIKE_COMMON), strict=True)
    )


@lru_cache(maxsize=20_000)
def _sounds(words: frozenset[str], names: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the sounds of those of `words` that are long enough: of names, and of others."""
    long = [word for word in words if len(word) >= _SHORTEST]
    return [sound(word) for word in long if word in names], [sound(word) for word in long if word not in names]


@lru_cache(maxsize=20_000)
def _all_initials(*names: frozenset[Mention]) -> frozenset[str]:
    return frozenset(_initials(name) for view in names for name in view)


def _initials(name: Mention) -> str:
    return "".join(word[0] for word in name.words) if len(name.words) > 1 else "?"


@lru_cache(maxsize=500_000)
def _alike(one: str, other: str) -> float:
    return JaroWinkler.similarity(sound(one), sound(other))
