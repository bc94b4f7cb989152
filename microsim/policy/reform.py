"""Changes to parameters: the grammar that scenario files and ``Policy.reform`` share.

A change is, distinguished by its key: a value in the parameter's own unit; ``{value: ..., unit: ...}`` a
value in another unit that fits (``unit`` may also be next to the following three); ``{by: {...}}`` values by
the parameter's categories; ``{on: {date: ...}}`` dated values; ``{path: linear, ratio_to: ..., from: {2021:
..}, to: {2027: ..}}`` a path over the years. The name may end in categories (``dibao.line.rural``).
``unusual: yes`` beside any of these says that values outside the observed range are meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from microsim.errors import Offence, RuleError, brief, did_you_mean
from microsim.policy.change_units import in_own_unit, meant_parts
from microsim.policy.parameters import ALWAYS, DatedValue, Parameter, Problem
from microsim.policy.plain import as_date, is_number
from microsim.units import convert, fits, is_money, with_fractions

SCENARIO = "scenario"
_PATH_KEYS = ("path", "ratio_to", "from", "to")
_SHAPES = ("linear", "geometric")
MOST_TIMES = 10.0  # no path makes one number of law more than so many times another: 80 means 80 per cent


@dataclass(frozen=True)
class Path:
    """A value that moves over the years, alone or as a ratio to another parameter's value."""

    target: str
    categories: tuple[str, ...]
    shape: Literal["linear", "geometric"]
    start: tuple[int, float]
    end: tuple[int, float]
    ratio_to: tuple[str, tuple[str, ...]] | None = None

    def factor(self, year: int) -> float | None:
        """The path's number in a year: None before it starts, its last value after it ends."""
        (first, low), (last, high) = self.start, self.end
        if year < first:
            return None
        if year >= last:
            return high
        share = (year - first) / (last - first)
        if self.shape == "geometric":
            return float(low * (high / low) ** share)
        return low + (high - low) * share


@dataclass(frozen=True)
class Changed:
    """A reform in working form: new timelines by parameter name, and paths."""

    timelines: Mapping[str, Parameter]
    paths: tuple[Path, ...]
    own: Mapping[str, Any]  # the changes, every value in its parameter's own unit
    meant: tuple[tuple[str | int, ...], ...]  # steps into them beside which unusual: yes is written


def split_name(parameters: Mapping[str, Parameter], name: str) -> tuple[Parameter, tuple[str, ...]] | None:
    """``dibao.line.rural`` -> (dibao.line, ("rural",)); None where no parameter's name begins it."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        parameter = parameters.get(".".join(parts[:end]))
        if parameter is not None:
            rest = tuple(parts[end:])
            return (parameter, rest) if len(rest) <= len(parameter.by) else None
    return None


def apply_changes(
    parameters: Mapping[str, Parameter], changes: Mapping[str, Any]
) -> tuple[Changed, list[Problem]]:
    """Check and apply ``changes``; the problems name the steps into ``changes``."""
    problems: list[Problem] = []
    timelines: dict[str, Parameter] = {}
    paths: list[Path] = []
    own: dict[str, Any] = {}
    meant: list[tuple[str | int, ...]] = []
    for name, given in changes.items():
        found = split_name(parameters, str(name))
        if found is None:
            hint = did_you_mean(str(name), parameters)
            programme = str(name).split(".")[0]
            listing = f"(microsim params {programme} lists them)"
            problems.append(((str(name),), "no such parameter", f"{hint} {listing}".strip()))
            continue
        parameter, cell = timelines.get(found[0].name, found[0]), found[1]
        before = len(problems)
        typed = given if parameter.kind in ("boolean", "choice") else with_fractions(given)
        change = in_own_unit(parameter, typed, problems, (str(name),))
        if len(problems) > before:
            continue
        if isinstance(change, Mapping) and "path" in change:
            path = _path(parameters, parameter, cell, change, problems, str(name))
            if path is not None:
                paths.append(path)
        else:
            dated = _dated(parameter, cell, change, problems, str(name))
            if len(problems) == before:
                timelines[parameter.name] = parameter.with_values(dated)
        if len(problems) == before:
            own[str(name)] = change
            meant += meant_parts(given, (str(name),))
    return Changed(timelines, tuple(paths), own, tuple(meant)), problems


def _dated(
    parameter: Parameter, cell: tuple[str, ...], change: Any, problems: list[Problem], name: str
) -> dict[dt.date, DatedValue]:
    """The parameter's timeline after one change."""
    if isinstance(change, Mapping) and "on" in change:
        problems.extend(((name, str(k)), f"unknown key '{k}' next to 'on'", "") for k in change if k != "on")
        entries = change["on"] if isinstance(change["on"], Mapping) else {}
        if not entries:
            problems.append(((name, "on"), "'on' needs dates with values", "on: {2021-01-01: 30000}"))
        days: list[tuple[dt.date, Any]] = []
        for key, value in entries.items():
            day = as_date(key)
            if day is None:
                hint = "write dates as 2021-01-01"
                problems.append(((name, "on", str(key)), f"'{key}' is not a date", hint))
            elif any(day == other for other, _ in days):
                problems.append(((name, "on", str(key)), f"{day} is given twice", "leave one of them out"))
            else:
                days.append((day, value))
        days.sort(key=lambda pair: pair[0])
        return _dated_from(parameter, cell, days, problems, name)
    # One undated value holds at all times, laid over each value that was there before (other categories keep
    # theirs).
    timeline = dict(parameter.values) if cell or (isinstance(change, Mapping) and "by" in change) else {}
    timeline.setdefault(ALWAYS, parameter.at(None) or DatedValue(None))
    out, seen = {}, len(problems)
    for since, old in sorted(timeline.items()):
        out[since] = _changed(parameter, cell, change, old, problems, (name,), since)
        if len(problems) > seen:
            break
    return out


def _dated_from(
    parameter: Parameter,
    cell: tuple[str, ...],
    days: Sequence[tuple[dt.date, Any]],
    problems: list[Problem],
    name: str,
) -> dict[dt.date, DatedValue]:
    """The timeline with new values from the first of ``days`` on; categories not named go on as they did."""
    out = {since: old for since, old in parameter.values.items() if not days or since < days[0][0]}
    some = bool(cell) or any(isinstance(value, Mapping) for _, value in days)
    moments = {day for day, _ in days} | {day for day in parameter.values if some and day not in out}
    for moment in sorted(moments):
        value = parameter.at(moment)
        for day, change in days:
            if day <= moment:
                found = problems if day == moment else []  # each problem once
                step = (name, "on", day.isoformat())
                value = _changed(parameter, cell, change, value, found, step, moment)
        assert value is not None
        out[moment] = value
    return out


def _changed(
    parameter: Parameter,
    cell: tuple[str, ...],
    change: Any,
    old: DatedValue | None,
    problems: list[Problem],
    steps: tuple[str | int, ...],
    since: dt.date,
) -> DatedValue:
    inside: tuple[str | int, ...] = ()
    if isinstance(change, Mapping):
        unknown = [key for key in change if key != "by"]
        if unknown or "by" not in change:
            known = "by, on or path, or value with unit"
            for key in unknown or ["?"]:
                hint = (
                    did_you_mean(str(key), ("value", "by", "on", "path"))
                    or (f"values by {parameter.by[0]} go under by:" if parameter.by and key != "?" else "")
                    or f"a change is a value or has one of the keys {known}"
                )
                problems.append(((*steps, str(key)), f"unknown key '{key}'", hint))
            return DatedValue(None)
        change, inside = change["by"], ("by",)
        if not isinstance(change, Mapping):
            problems.append(
                (
                    (*steps, "by"),
                    f"'by' needs a value for each category, found {change!r}",
                    "by: {rural: 6000}",
                )
            )
            return DatedValue(None)
    value = change
    for category in reversed(cell):
        value = {category: value}
    found = parameter.problems(value)
    problems.extend(((*steps, *inside, *where[len(cell) :]), message, hint) for where, message, hint in found)
    if found:
        return DatedValue(None)
    new = parameter.plain(value)
    if isinstance(new, Mapping):
        new = _overlaid(None if old is None else old.value, new)
    return DatedValue(new, SCENARIO, "changed by the scenario", since=since)


def _overlaid(old: Any, new: Any) -> Any:
    """``new`` categories over ``old`` ones; what is not named keeps its value."""
    if not isinstance(new, Mapping):
        return new
    base = dict(old) if isinstance(old, Mapping) else ({} if old is None else {"default": old})
    inherited = base.get("default")
    return {**base, **{key: _overlaid(base.get(key, inherited), value) for key, value in new.items()}}


def _path(
    parameters: Mapping[str, Parameter],
    parameter: Parameter,
    cell: tuple[str, ...],
    change: Mapping[str, Any],
    problems: list[Problem],
    name: str,
) -> Path | None:
    before = len(problems)
    problems.extend(
        ((name, str(key)), f"unknown key '{key}'", did_you_mean(str(key), _PATH_KEYS))
        for key in change
        if key not in _PATH_KEYS
    )
    if change["path"] not in _SHAPES:
        problems.append(((name, "path"), f"unknown path '{change['path']}'", f"one of {', '.join(_SHAPES)}"))
    if parameter.kind != "number":
        problems.append(
            ((name,), f"{parameter.name} is a {parameter.kind}: it has no path over the years", "")
        )
    ends = []
    for key in ("from", "to"):
        entry = change.get(key)
        good = isinstance(entry, Mapping) and len(entry) == 1
        year: Any
        number: Any
        year, number = next(iter(entry.items())) if good and entry else (None, None)
        if isinstance(number, int | float) and isinstance(year, int) and not is_number(number):
            problems.append(((name, key, year), f"expected a number, found {brief(number)}", ""))
        elif not isinstance(year, int) or isinstance(year, bool) or not is_number(number):
            problems.append(((name, key), f"'{key}' needs one year with a number", f"{key}: {{2021: 0.62}}"))
        else:
            ends.append((year, float(number)))
            if "ratio_to" not in change:
                problems.extend(_beyond_bounds(parameters, parameter, None, ends[-1][1], (name, key, year)))
            else:
                problems.extend(_ratio_problems(float(number), str(change["ratio_to"]), (name, key, year)))
    if len(ends) == 2 and ends[0][0] >= ends[1][0]:
        problems.append(
            ((name, "to"), f"the path ends in {ends[1][0]}, not after it starts in {ends[0][0]}", "")
        )
    if change.get("path") == "geometric" and len(ends) == 2 and min(ends[0][1], ends[1][1]) <= 0:
        problems.append(((name, "path"), "a geometric path needs positive numbers", "path: linear"))
    ratio = None
    if "ratio_to" in change:
        other = split_name(parameters, str(change["ratio_to"]))
        if other is None:
            hint = did_you_mean(str(change["ratio_to"]), parameters)
            problems.append(((name, "ratio_to"), f"no such parameter '{change['ratio_to']}'", hint))
        elif (other[0].name, other[1]) == (parameter.name, cell):
            problems.append(((name, "ratio_to"), "a path cannot be a ratio to itself", ""))
        elif not _is_one_number(*other):
            hint = f"name its category: {other[0].name}.{'.'.join(f'<{by}>' for by in other[0].by)}"
            message = f"'{change['ratio_to']}' is not one number"
            problems.append(((name, "ratio_to"), message, hint if other[0].by else ""))
        elif not _comparable(parameter.unit, other[0].unit):
            message = (
                f"{parameter.name} is in {parameter.unit}, which is not a ratio to a number in "
                f"{other[0].unit}"
            )
            problems.append(((name, "ratio_to"), message, ""))
        else:
            ratio = (other[0].name, other[1])
    if len(problems) > before:
        return None
    for key, (year, number) in zip(("from", "to"), ends if ratio else (), strict=False):
        problems.extend(_beyond_bounds(parameters, parameter, ratio, number, (name, key, year)))
    if len(problems) > before:
        return None
    start, end = ends
    return Path(parameter.name, cell, change["path"], start, end, ratio)


def _beyond_bounds(
    parameters: Mapping[str, Parameter],
    parameter: Parameter,
    ratio: tuple[str, tuple[str, ...]] | None,
    number: float,
    steps: tuple[str | int, ...],
) -> list[Problem]:
    """What is wrong with the value at one end of a path; a ratio is of the latest value it follows."""
    if ratio is not None:
        other = parameters[ratio[0]]
        dated = other.at(None)
        number *= followed(parameter, other, dated, ratio[1]) if dated is not None else 1.0
    found = parameter.bounds.problem(parameter.name, number, parameter.unit)
    return [(steps, *found)] if found[0] else []


def _ratio_problems(number: float, other: str, steps: tuple[str | int, ...]) -> list[Problem]:
    if 0.0 <= number <= MOST_TIMES:
        return []
    if number < 0.0:
        return [(steps, f"{number:g} is negative, and a ratio of two numbers of the law cannot be", "")]
    meant = f"{number:g} % is {number / 100:g}"
    return [(steps, f"a ratio of {number:g} makes it {number:g} times {other}", meant)]


def _comparable(unit: str, other: str) -> bool:
    """Whether one may be so many times the other; what is given in Python without a unit has the unit 1."""
    return "1" in (unit, other) or fits(unit, other) or (is_money(unit) and is_money(other))


def followed(target: Parameter, other: Parameter, dated: DatedValue, cell: tuple[str, ...]) -> float:
    """The number that a path is a ratio to, in the unit of the parameter on the path."""
    number = float(other.cell(dated.value, cell))
    # A stock follows a flow as it is: a grant of two lines is twice the number of the line.
    return convert(number, other.unit, target.unit) if fits(other.unit, target.unit) else number


def _is_one_number(parameter: Parameter, cell: tuple[str, ...]) -> bool:
    latest = parameter.at(None)
    try:
        value = None if latest is None else parameter.cell(latest.value, cell)
    except KeyError:
        return False
    return parameter.kind == "number" and isinstance(value, float)


def given_cells(cell: tuple[str, ...], change: Any) -> list[tuple[str, ...]]:
    """Cells that a change gives values to: none for a path."""
    if isinstance(change, Mapping):
        if "on" in change and isinstance(change["on"], Mapping):
            return [found for value in change["on"].values() for found in given_cells(cell, value)]
        if "path" in change:
            return []
        if "value" in change:
            return [cell]
        inside = change.get("by", change)
        if isinstance(inside, Mapping):
            return [found for key, value in inside.items() for found in given_cells((*cell, key), value)]
    return [cell]


def meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two cells (a shorter one represents all below it) have a category in common."""
    return all(x == y or "default" in (x, y) for x, y in zip(a, b, strict=False))


def follow_paths(
    values: Mapping[str, DatedValue],
    parameters: Mapping[str, Parameter],
    paths: Sequence[Path],
    date: dt.date,
) -> dict[str, DatedValue]:
    """Values on ``date`` with the paths laid over them, in the order in which they were given."""
    out = dict(values)
    for path in paths:
        factor = path.factor(date.year)
        if factor is None:
            continue
        number = factor
        if path.ratio_to is not None:
            other, cell = path.ratio_to
            if other not in out:
                message = f"{path.target} follows {other}, which has no value on {date}"
                raise RuleError(Offence(message, parameters[other].place))
            number = factor * followed(parameters[path.target], parameters[other], out[other], cell)
        new: Any = number
        for category in reversed(path.categories):
            new = {category: new}
        old = out.get(path.target)
        merged = _overlaid(old.value if old else None, new) if path.categories else new
        since = dt.date(date.year, 1, 1)
        out[path.target] = replace(
            old or DatedValue(None),
            value=merged,
            source=SCENARIO,
            reference=f"path to {path.end[0]}",
            since=since,
        )
    return out
