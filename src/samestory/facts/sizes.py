"""How large units are beside others of their dimension: 38 nautical miles are some 70 km."""

from __future__ import annotations

from decimal import Decimal

from samestory.facts.record import Quantity

_LENGTHS = {
    "kilometer": "1000", "meter": "1", "centimeter": "0.01", "millimeter": "0.001", "mile": "1609",
    "nautical-mile": "1852", "yard": "0.9144", "foot": "0.3048", "inch": "0.0254",
}  # fmt: skip
_DURATIONS = {
    "year": "8766", "month": "730.5", "week": "168", "day": "24", "hour": "1", "minute": "0.01667",
    "second": "0.0002778",
}  # fmt: skip
_MASSES = {"tonne": "1000", "kilogram": "1", "gram": "0.001", "pound": "0.4536", "ounce": "0.02835"}
_AREAS = {"square-kilometer": "100", "square-mile": "259", "hectare": "1", "acre": "0.4047", "square-meter": "0.0001"}
_VOLUMES = {"cubic-meter": "1000", "barrel": "159", "gallon": "3.785", "liter": "1", "milliliter": "0.001"}
_SPEEDS = {"kilometer-per-hour": "1", "mile-per-hour": "1.609", "meter-per-second": "3.6"}
_SIZES = {
    unit: (dimension, Decimal(size))
    for dimension, units in enumerate((_LENGTHS, _DURATIONS, _MASSES, _AREAS, _VOLUMES, _SPEEDS))
    for unit, size in units.items()
}


def in_one_unit(one: Quantity, other: Quantity) -> tuple[Decimal, Decimal] | None:
    """Return the values of two measures in one unit, nearly; None where they are not of one dimension."""
    if not one.kind == other.kind == "measure" or one.unit not in _SIZES or other.unit not in _SIZES:
        return None
    (dimension, size), (other_dimension, other_size) = _SIZES[one.unit], _SIZES[other.unit]
    return (Decimal(one.value) * size, Decimal(other.value) * other_size) if dimension == other_dimension else None


def is_duration(quantity: Quantity) -> bool:
    """Return whether a measure is of time."""
    return quantity.unit in _DURATIONS
