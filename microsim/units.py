"""Units of parameters and rules. Inside, money is yuan per year."""

from __future__ import annotations

from microsim.errors import did_you_mean

# What a unit in a file is multiplied by, and the unit that values carry afterwards.
_CONVERSIONS: dict[str, tuple[float, str]] = {"yuan/month": (12.0, "yuan/year")}

KNOWN_UNITS = (
    "1",
    "yuan",
    "yuan/year",
    "yuan/hour",
    "yuan/day",
    "persons",
    "households",
    "months",
    "years",
    "days",
    "hours",
    "hours/month",
    "yes/no",
    "choice",
    "category",
)


def to_internal(unit: str) -> tuple[float, str]:
    """Factor and internal unit of a unit as written in a file.

    >>> to_internal("yuan/month")
    (12.0, 'yuan/year')

    Raises ``ValueError`` in words for a unit that is not known.
    """
    if unit in _CONVERSIONS:
        return _CONVERSIONS[unit]
    if unit in KNOWN_UNITS:
        return (1.0, unit)
    allowed = [*KNOWN_UNITS, *_CONVERSIONS]
    hint = did_you_mean(unit, allowed) or f"known units: {', '.join(allowed)}"
    raise ValueError(f"unknown unit '{unit}'; {hint}")
