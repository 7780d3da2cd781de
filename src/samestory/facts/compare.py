"""Whether the facts of two texts agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from samestory.facts.letters import sound
from samestory.facts.record import Facts, Mention, Quantity

_ALIKE, _ALIKE_COMMON = 0.84, 0.9  # Jaro-Winkler similarity of one name in two spellings, of a name and a word
_SHORTEST = 4  # letters for two words to be alike at all
_ROUGHLY = Decimal("0.1")  # share by which a round number called rough may differ
_CUT = Decimal("0.05")  # share by which a number may be cut short
_SCALES = (10**6, 10**9)
_ROUNDED_FROM = 1000  # a whole number below is taken to be exact


def name_similarity(a: Facts, b: Facts) -> float:
    """Return how well the names of the side with fewer are found on the other, 0 to 1; 0 without names to find."""
    fewer, other = (a, b) if len(a.mentions or a.english_mentions) <= len(b.mentions or b.english_mentions) else (b, a)
    views = [view for view in (fewer.mentions, fewer.english_mentions) if view]
    return max((sum(_likeness(other, name) for name in view) / len(view) for view in views), default=0.0)


def _likeness(facts: Facts, name: Mention) -> float:
    if _has_otherwise(facts, name):
        return 1.0
    words = name.sure or name.words
    return sum(_best(facts, word) for word in words) / len(words)


def _best(facts: Facts, word: str) -> float:
    """Return how like `word` the likest name is, below what is no likeness at all 0."""
    if word in facts.words:
        return 1.0
    best = max((_alike(word, other) for other in facts.names if len(other) >= _SHORTEST), default=0.0)
    return best if best >= _ALIKE and len(word) >= _SHORTEST else 0.0


def contradictions(a: Facts, b: Facts) -> tuple[str, ...]:
    """Return in what two texts that should say the same contradict each other.

    "number-mismatch": each has a number of one kind that the other lacks; "name-mismatch": each has a name that the
    other lacks; "negation-mismatch": one of them denies.
    """
    return tuple(_contradictions(a, b))


def _contradictions(a: Facts, b: Facts) -> Iterator[str]:
    if _numbers_differ(a, b):
        yield "number-mismatch"
    if _names_differ(a, b):
        yield "name-mismatch"
    if {a.negated, b.negated} == {True, False}:
        yield "negation-mismatch"


def _numbers_differ(a: Facts, b: Facts) -> bool:
    """Match numbers one to one, the surest first, and see whether any two of the rest exclude each other."""
    left, right = sorted(a.kinds - b.kinds), sorted(b.kinds - a.kinds)
    for same in (_equal, _equal_value, _close):
        for one in tuple(left):
            other = next((other for other in right if same(one, other)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
    left = [one for one in left if not any(_repeats(one, other) for other in b.kinds)]
    right = [one for one in right if not any(_repeats(one, other) for other in a.kinds)]
    return any(_comparable(one, other) for one in left for other in right)


def _comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two different numbers exclude each other, rather than tell of different things."""
    if one.kind == other.kind == "money":
        return one.unit == other.unit != ""
    if one.kind == other.kind == "measure":
        return one.unit in other.unit or other.unit in one.unit  # kilometres, and kilometres an hour
    if one.kind == other.kind:
        return True
    kinds = {one.kind, other.kind}
    if kinds == {"plain", "year"}:
        return all(len(quantity.value) == 4 for quantity in (one, other))
    return "plain" in kinds and not kinds.isdisjoint(("measure", "ordinal", "money"))


def _equal(one: Quantity, other: Quantity) -> bool:
    return one[:3] == other[:3]


def _equal_value(one: Quantity, other: Quantity) -> bool:
    if "clock" in (one.kind, other.kind):
        return _time(one) == _time(other)
    return one.value == other.value


def _repeats(one: Quantity, other: Quantity) -> bool:
    """Whether a number left over is one that the other text has beside its counterpart: 60 people, 60 of whom."""
    return (one.kind == other.kind or "plain" in (one.kind, other.kind)) and _equal_value(one, other)


def _close(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be one, rounded, called rough or cut short."""
    if not {one.kind, other.kind} <= {"plain", "percent", "money", "measure", "year"}:
        return False
    x, y = Decimal(one.value), Decimal(other.value)
    if "year" in (one.kind, other.kind):
        return min(x, y) < 100 and max(x, y) % 100 == min(x, y)  # 1995-96
    if one.about != other.about:
        rough, exact = (x, y) if one.about else (y, x)
        if rough % 10 == 0 and exact % 10 and abs(x - y) <= _ROUGHLY * exact:
            return True
    if min(x, y) and max(x, y) / min(x, y) in _SCALES and min(x, y) < 1000:
        return True  # "two to three million"
    return _rounded(x, y) or _rounded(y, x)


def _rounded(fine: Decimal, coarse: Decimal) -> bool:
    """Whether `coarse` is `fine` rounded: 48.6 to 49, 5,234,000 to 5.2 million."""
    if coarse < _ROUNDED_FROM and fine == fine.to_integral_value():
        return False
    exponent = coarse.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    cut = abs(fine - coarse) <= _CUT * fine and fine.quantize(Decimal(1).scaleb(exponent), ROUND_DOWN) == coarse
    return cut or fine.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) == coarse


def _time(quantity: Quantity) -> tuple[int, int]:
    """Return hour and minute on the dial of a clock, for 3 p.m. may stand as 3 or as 15."""
    hour, _, minute = quantity.value.partition(":")
    return (int(Decimal(hour)) % 12, int(minute or 0))


def _names_differ(a: Facts, b: Facts) -> bool:
    left, right = _missing(a, b), _missing(b, a)
    if any(not (one.initials and other.initials) for one in left for other in right):
        return True
    return any(_part(one, other, a, b) for one in a.mentions for other in b.mentions)


def _part(one: Mention, other: Mention, a: Facts, b: Facts) -> bool:
    """Whether two names share a word and each has another that is not in the other text: two Johnsons."""
    shared = set(one.sure) & set(other.sure)
    return bool(shared) and not (_has_all(b, one) or _has_all(a, other))


def _missing(a: Facts, b: Facts) -> list[Mention]:
    """Return the names of `a` that `b` lacks, as `a` spells them; none where the English of `a` has none such."""
    own, english = (
        [name for name in view if name.sure and not _has(b, name)] for view in (a.mentions, a.english_mentions)
    )
    if 2 * len(a.mentions) <= len(a.english_mentions):  # a script without capitals, or one that gives them to nouns
        return english
    excused = a.english_mentions and all(_has_all(b, name) for name in a.english_mentions)
    return [] if excused else own


def _has(facts: Facts, name: Mention) -> bool:
    """Whether `facts` have `name`: by its place, by initials, or half of its words, spelled alike."""
    return _has_otherwise(facts, name) or 2 * sum(_has_word(facts, word) for word in name.sure) >= len(name.sure)


def _has_all(facts: Facts, name: Mention) -> bool:
    return _has_otherwise(facts, name) or all(_has_word(facts, word) for word in name.sure or name.words)


def _has_otherwise(facts: Facts, name: Mention) -> bool:
    if (name.place and name.place in facts.places) or _initials(name) in facts.words:
        return True
    return any(_initials(other) in name.words for other in (*facts.mentions, *facts.english_mentions))


def _has_word(facts: Facts, word: str) -> bool:
    if word in facts.words:
        return True
    return len(word) >= _SHORTEST and any(
        _alike(word, other) >= (_ALIKE if other in facts.names else _ALIKE_COMMON)
        for other in facts.words
        if len(other) >= _SHORTEST
    )


def _initials(name: Mention) -> str:
    return "".join(word[0] for word in name.words) if len(name.words) > 1 else "?"


@lru_cache(maxsize=500_000)
def _alike(one: str, other: str) -> float:
    return JaroWinkler.similarity(sound(one), sound(other))
