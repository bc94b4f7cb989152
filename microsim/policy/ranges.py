"""What is usual for a number of law: the observed range, by date.

``range: [0.3, 0.5]``, ``{rural: [...], urban: [...]}`` by category, or either by date, is what was seen:
values outside are accepted, and reported. Of a schedule it is the range of its values. It is in the
parameter's own unit. (What a number cannot be at all is in ``bounds.py``.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from microsim.policy.plain import as_date, is_number

DAYS_BEGIN = dt.date.min  # of a range that is given without a date
Bad = Callable[[tuple[str | int, ...], str, str], None]
Limits = tuple[float, float]


def range_from(given: Any, by: Sequence[str], bad: Bad) -> Mapping[dt.date, Any]:
    """``range:`` of a parameter's description by date; offences go to ``bad``."""
    if given is None:
        return {}
    days = {key: as_date(key) for key in given} if isinstance(given, Mapping) else {}
    if not any(days.values()):
        return {DAYS_BEGIN: _checked(given, by, ("range",), bad)}
    out = {}
    for key, value in given.items():
        day = days[key]
        if day is None:
            bad(("range", str(key)), f"'{key}' is not a date", "give every range of this parameter a date")
            continue
        out[day] = _checked(value, by, ("range", str(key)), bad)
    return dict(sorted(out.items()))


def limits_of(seen: Any, cell: Sequence[str]) -> Limits | None:
    """The two numbers of a range for a combination of categories; ``None`` where it names none."""
    for category in cell:
        if not isinstance(seen, Mapping):
            break
        seen = seen.get(category, seen.get("default"))
    if seen is None or isinstance(seen, Mapping):
        return None
    low, high = seen
    return float(low), float(high)


def cells_below(seen: Any, cell: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The categories that have a range of their own within a combination of categories; else it alone."""
    for category in cell:
        if isinstance(seen, Mapping):
            seen = seen.get(category, seen.get("default"))
    if not isinstance(seen, Mapping):
        yield cell
        return
    for category in seen:
        yield from ((*cell, category, *below) for below in cells_below(seen[category], ()))


def numbers_in(value: Any, cell: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every number of a value (nested by category; of a schedule its values), with its categories."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from numbers_in(item, (*cell, str(key)))
    elif isinstance(value, list | tuple):
        yield from ((cell, float(point[1])) for point in value)
    elif is_number(value):
        yield cell, float(value)


def _checked(given: Any, by: Sequence[str], steps: tuple[str | int, ...], bad: Bad) -> Any:
    if isinstance(given, Mapping):
        if not by:
            bad(steps, "a range by category, for a parameter without categories", "range: [low, high]")
            return None
        return {str(key): _checked(item, by[1:], (*steps, str(key)), bad) for key, item in given.items()}
    pair = isinstance(given, list | tuple) and len(given) == 2 and all(map(is_number, given))
    if not pair or given[0] > given[1]:
        bad(steps, f"a range is a low and a high number, not {given!r}", "range: [0.3, 0.5]")
        return None
    return (float(given[0]), float(given[1]))
