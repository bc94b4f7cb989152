"""The values of one axis: a list, or from one end to the other by number of values or by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microsim.documents import Step
from microsim.documents.findings import Findings, is_number
from microsim.policy.plain import as_date
from microsim.sweeps.grammar import COUNT, MOST, RANGE

Value = float | bool | str
Steps = tuple[Step, ...]
_CLOSE = 1e-9  # of a step: nearer than this, the last step ends at the end
EXAMPLES = "write a list [4200, 4800] or {from: 4200, to: 4800, steps: 4}"


@dataclass(frozen=True)
class Span:
    """Any value between two ends: what a design draws from."""

    low: float
    high: float

    def at(self, share: float) -> float:
        """The value at a ``share`` from 0 to 1 of the way, to twelve digits."""
        return short(self.low * (1.0 - share) + self.high * share)


Values = list[Any] | Span


def short(value: float) -> float:
    """To twelve digits: 0.715 and not 0.7150000000000001.

    >>> short(0.62 + 0.095)
    0.715
    """
    return float(f"{value:.12g}")


def read_range(found: Findings, name: str, given: Mapping[Any, Any], steps: Steps, *, drawn: bool) -> Values:
    """Values from one end to the other; ``drawn``: whether two ends alone will do, as in a design.

    What is wrong is noted, and nothing given back.
    """
    for key in given:
        if key not in RANGE:
            found.add((*steps, key), f"{name}: unknown key '{key}'", f"known: {', '.join(RANGE)}")
    missing = [key for key in ("from", "to") if key not in given]
    if not drawn and not any(key in given for key in COUNT):
        missing.append("steps")
    if missing:
        found.add(steps, f"{name}: {', '.join(missing)} missing", EXAMPLES)
        return []
    if all(key in given for key in COUNT):
        found.add((*steps, "step"), f"{name}: steps and step are both given", "leave one of them out")
        return []
    low, high = given["from"], given["to"]
    if name == "law":
        return _years_between(found, name, given, steps)
    wrong = [key for key, end in (("from", low), ("to", high)) if not is_number(end)]
    if wrong:
        if all(isinstance(end, str | bool) for end in (low, high)):
            message = f"{name} is not a number, so there are no values between two ends"
            found.add(steps, message, "write a list")
        else:
            for key in wrong:
                found.add((*steps, key), f"{name}: expected a number, found {given[key]!r}")
        return []
    if low == high:
        found.add((*steps, "to"), f"{name}: from and to are the same", "write a list of one value")
        return []
    if "step" in given:
        return _by_step(found, name, given, steps)
    return _by_count(found, name, given, steps) if "steps" in given else Span(float(low), float(high))


def _by_count(found: Findings, name: str, given: Mapping[Any, Any], steps: Steps) -> Values:
    count, low, high = given["steps"], given["from"], given["to"]
    if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= MOST:
        message = f"{name}: steps must be a whole number from 2 to {MOST:,}, found {count!r}"
        found.add((*steps, "steps"), message, "the number of values, including both ends")
        return []
    # Divided first: the distance of two numbers can be more than the largest number. The last is the end
    # itself, which a sum need not come to.
    step = high / (count - 1) - low / (count - 1)
    return [short(value) for value in (*(low + step * k for k in range(count - 1)), high)]


def _by_step(found: Findings, name: str, given: Mapping[Any, Any], steps: Steps) -> Values:
    step, low, high = given["step"], given["from"], given["to"]
    if not is_number(step) or step == 0 or (step > 0) is not (high > low):
        message = f"{name}: step must be a number that leads from {low} to {high}, found {step!r}"
        found.add((*steps, "step"), message, "step: 400, or step: -400 downwards")
        return []
    count = high / step - low / step
    if round(count) + 1 > MOST:
        message = f"{name}: more than {MOST:,} values between {low} and {high}"
        found.add((*steps, "step"), message, "take a larger step")
        return []
    if abs(count - round(count)) > _CLOSE * max(1.0, abs(count)):
        last = short(low + step * int(count))
        message = f"{name}: steps of {step} from {low} do not end at {high}"
        found.add((*steps, "to"), message, f"write to: {last:.12g}, or to: {short(last + step):.12g}")
        return []
    return [short(value) for value in (*(low + step * k for k in range(round(count))), high)]


def _years_between(found: Findings, name: str, given: Mapping[Any, Any], steps: Steps) -> Values:
    """The same day of every ``step``-th year."""
    first, last = as_date(given["from"]), as_date(given["to"])
    step, hint = given.get("step"), "write {from: 2016-12-31, to: 2020-12-31, step: 1}: a day in every year"
    if first is None or last is None or type(step) is not int or step < 1 or first >= last:
        found.add(steps, f"{name}: a range of days has from, a later to, and step in whole years", hint)
        return []
    days = [_in_year(first, year) for year in range(first.year, last.year + 1, step)]
    if days[-1] != last:
        found.add((*steps, "to"), f"{name}: steps of {step} from {first} do not end at {last}", hint)
        return []
    return days


def _in_year(day: dt.date, year: int) -> dt.date:
    leap = day.month == 2 and day.day == 29
    return dt.date(year, 2, 28) if leap and not _is_leap(year) else day.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
