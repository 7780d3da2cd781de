"""Whether the numbers of two texts exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from samestory.facts.cldr import OR
from samestory.facts.newspapers import TIMES
from samestory.facts.record import DATELINE, Quantity
from samestory.facts.sizes import in_one_unit, is_duration
from samestory.facts.zones import exclude_each_other

_ROUGHLY = Decimal("0.1")  # share by which a round number called rough may differ
_CUT = Decimal("0.05")  # share by which a number may be cut short
_BEYOND = 10**18  # what has more digits is no count, and more than Decimal divides
_MINUTES = 20  # that a time told by the hour may be off
_ALIKE = 2  # times that a number without a unit may be another, with one
_SIZED = {"plain", "measure", "money"}
_POUNDS = {"pound", "GBP"}  # a weight or money
_POUNDS_FROM = 1000  # that are money rather than a weight, or books (livres)
_FEW = 10  # times that may multiply something else: three times less
_SCALES = (10**6, 10**9)
_WRITTEN_OUT = 10**6  # whole numbers below are given to the last digit, unless called rough; and so are whole millions
_ROUNDED_FROM = 1000  # a whole number below is taken to be exact


def numbers_differ(a: frozenset[Quantity], b: frozenset[Quantity]) -> bool:
    """Return whether each of `a` and `b` has a number that excludes one of the other.

    Numbers are matched one to one, the surest first, and what is left over is compared.
    """
    left, right = sorted(a - b), sorted(b - a)
    for same in (_equal, _equal_value, _close, _with_one_more):
        _match(left, right, same)
    in_both = {_what(one) for one in left} & {_what(other) for other in right}  # kinds and units
    for same in (_at_one_moment, _converted):
        _match(left, right, same, but=in_both)  # 7 miles (11 km) are not 12 km
    left = [one for one in left if one.unit != DATELINE and not any(_repeats(one, other) for other in b)]
    right = [one for one in right if one.unit != DATELINE and not any(_repeats(one, other) for other in a)]
    return any(_comparable(one, other) for one in left for other in right)


def _match(
    left: list[Quantity],
    right: list[Quantity],
    same: Callable[[Quantity, Quantity], bool],
    but: Collection[tuple[str, str]] = (),
) -> None:
    """Take the same numbers out of both, one to one, but for some kinds and units."""
    for one in tuple(left):
        likely = (other for other in right if _what(one) not in but and _what(other) not in but)
        other = next((other for other in likely if same(one, other)), None)
        if other is not None:
            left.remove(one)
            right.remove(other)


def _what(quantity: Quantity) -> tuple[str, str]:
    return quantity.kind, quantity.unit


def _comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two different numbers exclude each other, rather than tell of different things."""
    if one.kind == other.kind:
        return _of_one_kind_differ(one, other)
    kinds = {one.kind, other.kind}
    if kinds == {"plain", "year"}:
        return all(len(quantity.value) == 4 for quantity in (one, other))
    pounds = {one.unit, other.unit} == _POUNDS and min(Decimal(one.value), Decimal(other.value)) >= _POUNDS_FROM
    return (pounds or _loose(one, other)) and _alike(Decimal(one.value), Decimal(other.value))


def _loose(one: Quantity, other: Quantity) -> bool:
    """Whether one of two numbers has no unit: it may be of another thing."""
    kinds = {one.kind, other.kind}
    if "plain" not in kinds or not kinds <= _SIZED:
        return False
    return TIMES not in (one.unit, other.unit) or min(Decimal(one.value), Decimal(other.value)) >= _FEW


def _of_one_kind_differ(one: Quantity, other: Quantity) -> bool:
    """Whether two different numbers of one kind exclude each other."""
    if one.kind == "money":
        return "" not in (one.unit, other.unit) and not set(one.unit.split(OR)).isdisjoint(other.unit.split(OR))
    if one.kind == "measure" and _base(one) != _base(other):
        values = in_one_unit(one, other)  # durations in two units are mostly of two things: 30 hours, two days later
        return values is not None and not is_duration(one) and _alike(*values)
    return one.kind != "clock" or exclude_each_other(one.unit, other.unit, _minutes(one) - _minutes(other))


def _base(measure: Quantity) -> str:
    """Return the unit of a measure: kilometres, of those an hour too."""
    return measure.unit.partition("-per-")[0]


def _alike(x: Decimal, y: Decimal) -> bool:
    """Whether neither of two numbers is much more than the other."""
    return 0 < max(x, y) <= _ALIKE * min(x, y)


def _equal(one: Quantity, other: Quantity) -> bool:
    return one[:2] == other[:2] and (one.unit == other.unit or DATELINE in (one.unit, other.unit))


def _equal_value(one: Quantity, other: Quantity) -> bool:
    if "clock" in (one.kind, other.kind):
        return _time(one) == _time(other) is not None
    return one.value == other.value


def _repeats(one: Quantity, other: Quantity) -> bool:
    """Whether a number left over is one that the other text has beside its counterpart: 60 people, 60 of whom."""
    return (one.kind == other.kind or "plain" in (one.kind, other.kind)) and _equal_value(one, other)


def _close(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be one, rounded, called rough or cut short."""
    if one.kind == other.kind == "clock":
        return (one.about or other.about) and _near_the_hour(one, other)
    if not {one.kind, other.kind} <= {"plain", "percent", "money", "measure", "year"}:
        return False
    x, y = Decimal(one.value), Decimal(other.value)
    if max(x, y) >= _BEYOND:
        return False
    years = (one.kind, other.kind).count("year")
    if years == 2 or (years and not (one.about or other.about)):
        return min(x, y) < 100 and max(x, y) % 100 == min(x, y)  # 1995-96
    if (one.about and _rough_for(x, y)) or (other.about and _rough_for(y, x)):
        return True
    low, high = sorted((x, y))
    several = 0 < low < 1000 and high / low in _SCALES  # "two to three million"
    return several or _rounded(x, y, called_rough=other.about) or _rounded(y, x, called_rough=one.about)


def _with_one_more(one: Quantity, other: Quantity) -> bool:
    """Whether one number may be the other with one that is told of by itself: ten witnesses, he and nine others."""
    if not one.kind == other.kind == "plain":
        return False
    few, many = sorted((one, other), key=lambda quantity: Decimal(quantity.value))
    return few.others and not many.others and Decimal(many.value) == Decimal(few.value) + 1


def _at_one_moment(one: Quantity, other: Quantity) -> bool:
    """Whether two times of the day may be one, told in two time zones."""
    clocks = one.kind == other.kind == "clock" and one.unit != other.unit
    return clocks and not exclude_each_other(one.unit, other.unit, _minutes(one) - _minutes(other))


def _converted(one: Quantity, other: Quantity) -> bool:
    """Whether two measures may be one, told in two units: 38 nautical miles and 70 km, 46 hours and nearly two days."""
    values = in_one_unit(one, other) if one.unit != other.unit else None
    share = 2 * _ROUGHLY if one.about or other.about else _ROUGHLY
    return values is not None and max(values) - min(values) <= share * max(values)


def _rough_for(rough: Decimal, exact: Decimal) -> bool:
    """Whether `rough`, so called, may be said for `exact`, which has more digits that tell: over 400 for 420."""
    return rough % 10 == 0 and _telling(rough) < _telling(exact) and abs(rough - exact) <= _ROUGHLY * exact


def _telling(value: Decimal) -> int:
    """Return how many digits of `value` are not idle zeros."""
    return len(value.normalize().as_tuple().digits)


def _rounded(fine: Decimal, coarse: Decimal, *, called_rough: bool) -> bool:
    """Whether `coarse` is `fine` rounded: 48.6 to 49, 5,234,000 to 5.2 million; not 35,000 to 40,000."""
    if coarse < _ROUNDED_FROM and fine == fine.to_integral_value():
        return False
    written_out = fine == fine.to_integral_value() and (fine < _WRITTEN_OUT or fine % _scale(fine) == 0)
    if written_out and not called_rough and abs(fine - coarse) > _ROUGHLY * fine:
        return False
    exponent = coarse.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    cut = abs(fine - coarse) <= _CUT * fine and fine.quantize(Decimal(1).scaleb(exponent), ROUND_DOWN) == coarse
    return cut or fine.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) == coarse


def _scale(value: Decimal) -> Decimal:
    """Return the word that `value`, a million or more, is told by: of 120,000,000 the million."""
    return Decimal(1).scaleb(value.adjusted() // 3 * 3)


def _near_the_hour(one: Quantity, other: Quantity) -> bool:
    """Whether one of two times is the whole hour that the other is near to: 03.40 for not yet four."""
    x, y = _minutes(one), _minutes(other)
    apart = abs(x - y)
    return 0 in (x % 60, y % 60) and min(apart, 12 * 60 - apart) <= _MINUTES


def _minutes(clock: Quantity) -> int:
    """Return the minutes of a clock time since twelve."""
    time = _time(clock)
    assert time is not None  # of a clock there is one
    return 60 * time[0] + time[1]


def _time(quantity: Quantity) -> tuple[int, int] | None:
    """Return hour and minute on the dial of a clock, for 3 p.m. may stand as 3 or as 15; None for what is no time."""
    if quantity.kind == "clock":
        hour, _, minute = quantity.value.partition(":")
        return int(hour) % 12, int(minute)
    hours = quantity.kind == "plain" or quantity.unit == "hour"
    return (int(quantity.value) % 12, 0) if hours and quantity.value.isdigit() and len(quantity.value) < 3 else None
