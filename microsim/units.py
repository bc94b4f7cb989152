"""Units of parameters and rules, and what one is worth in another. Inside, money is yuan per year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from microsim.errors import did_you_mean

# What a unit measures, and its worth in the first unit of that measure as a fraction of two whole numbers:
# a month's amount is 12 of a year's, a percent 1 of 100.
_FRACTION = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")
_Worth = tuple[str, float, float]
_PLAIN = (
    "yuan/hour",
    "yuan/day",
    "persons",
    "households",
    "days",
    "hours",
    "hours/month",
    "yes/no",
    "choice",
    "category",
)
# Every unit that rules, parameters and changes may name.
KNOWN_UNITS: dict[str, _Worth] = {
    "1": ("1", 1.0, 1.0),
    "percent": ("1", 1.0, 100.0),
    "months": ("time", 1.0, 1.0),
    "years": ("time", 12.0, 1.0),
    **{unit: (unit, 1.0, 1.0) for unit in _PLAIN},
}
# Words that people write, and the unit that is meant.
_MEANT = {
    "%": "percent",
    "ratio": "1",
    "share": "1",
    "month": "months",
    "year": "years",
    "day": "days",
    "hour": "hours",
    "person": "persons",
    "household": "households",
    "元": "yuan",
    "元/年": "yuan/year",
    "元/月": "yuan/month",
    "万元": "10000 yuan",
    "万元/年": "10000 yuan/year",
    "人": "persons",
    "户": "households",
    "cny/year": "yuan/year",
    "rmb/year": "yuan/year",
    "cny/month": "yuan/month",
    "rmb/month": "yuan/month",
}


def define_currency(name: str) -> None:
    """Make another money than the yuan known: ``define_currency("thaler")`` allows ``thaler/year``.

    For a policy of another country. Rules and parameters then accept it once, per year, per month, the
    quarter, day and hour, and in thousands and ten thousands; inside it is per year, as the yuan is.
    """
    KNOWN_UNITS[name] = (name, 1.0, 1.0)
    a_year = f"{name}/year"
    for per, times in (("year", 1.0), ("quarter", 4.0), ("month", 12.0)):
        KNOWN_UNITS[f"{name}/{per}"] = (a_year, times, 1.0)
    for per in ("day", "hour"):
        KNOWN_UNITS[f"{name}/{per}"] = (f"{name}/{per}", 1.0, 1.0)
    for thousands in (1000, 10000):
        KNOWN_UNITS[f"{thousands} {name}"] = (name, float(thousands), 1.0)
        KNOWN_UNITS[f"{thousands} {a_year}"] = (a_year, float(thousands), 1.0)


define_currency("yuan")


def to_internal(unit: str) -> tuple[float, str]:
    """What a unit is multiplied by on the way to the rules, and the unit it has there.

    >>> to_internal("yuan/month")
    (12.0, 'yuan/year')

    Raises ``ValueError`` in words for a unit that is not known.
    """
    _check(unit)
    measure, many, few = KNOWN_UNITS[unit]
    return (1.0, unit) if measure == "time" else (many / few, measure)


def convert(value: float, unit: str, to: str) -> float:
    """A number given in one unit, in another of the same measure.

    >>> convert(17760, "yuan/year", "yuan/month"), convert(50, "percent", "1")
    (1480.0, 0.5)

    Raises ``ValueError`` in words for units that are not known or do not fit.
    """
    if unit == to:
        return value
    if not fits(unit, to):
        allowed = [other for other in KNOWN_UNITS if fits(other, to)]
        raise ValueError(f"{unit} does not fit {to}; units that do: {', '.join(allowed)}")
    (_, many, few), (_, its_many, its_few) = KNOWN_UNITS[unit], KNOWN_UNITS[to]
    return value * (many * its_few) / (few * its_many)


def fits(unit: str, to: str) -> bool:
    """Whether a number in one unit can be given in the other. Raises as :func:`convert` for unknown units."""
    _check(unit)
    _check(to)
    return KNOWN_UNITS[unit][0] == KNOWN_UNITS[to][0]


def exact(value: Any, thousands: str = ",") -> str:
    """A value of law as it can be typed back: no digit that counts is left out.

    >>> exact(17760.0), exact(2 / 3), exact(True), exact("gap"), exact(1234567.25, "")
    ('17,760', '2/3', 'true', 'gap', '1234567.25')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    fraction = fraction_text(value)
    if fraction:
        return fraction
    sign, text = "-" if value < 0 else "", repr(abs(float(value))).removesuffix(".0")
    whole, dot, rest = text.partition(".")
    return f"{sign}{int(whole):{thousands}}{dot}{rest}" if whole.isdigit() else f"{sign}{text}"


def fraction_text(value: float) -> str:
    """``2/3`` for a number that is a simple fraction below 1 and no short decimal; "" for any other.

    >>> fraction_text(2 / 3), fraction_text(0.25), fraction_text(0.6667)
    ('2/3', '', '')
    """
    if not 0.0 < value < 1.0 or len(repr(float(value))) < 12:
        return ""
    for below in range(3, 100):
        if round(value * below) / below == value:
            return f"{round(value * below)}/{below}"
    return ""


def with_fractions(value: Any) -> Any:
    """``2/3`` as it is typed becomes the number, also in mappings and lists.

    >>> with_fractions({"rural": "2/3", "urban": [[0, 1], ["1/3", 0.5]]})
    {'rural': 0.6666666666666666, 'urban': [[0, 1], [0.3333333333333333, 0.5]]}
    """
    if isinstance(value, Mapping):
        return {key: with_fractions(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_fractions(item) for item in value]
    found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else int(found[1]) / int(found[2])


def is_money(unit: str) -> bool:
    """Whether a known unit is an amount, once or per year, month, day or hour."""
    return unit not in _PLAIN[2:] and KNOWN_UNITS[unit][0] not in ("1", "time")


def _check(unit: str) -> None:
    if unit in KNOWN_UNITS:
        return
    meant = _MEANT.get(unit.strip().lower())
    hint = f"did you mean '{meant}'?" if meant else did_you_mean(unit, KNOWN_UNITS)
    raise ValueError(f"unknown unit '{unit}'; {hint or 'known units: ' + ', '.join(KNOWN_UNITS)}")
