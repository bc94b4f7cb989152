"""Changes to parameters: the grammar that scenario files and ``Policy.reform`` share.

A change is, distinguished by its key: a value in the parameter's own unit; ``{value: ..., unit: ...}`` a
value in another unit that fits (``unit`` may also be next to the following three); ``{by: {...}}`` values by
the parameter's categories; ``{on: {date: ...}}`` dated values; ``{path: linear, ratio_to: ..., from: {2021:
..}, to: {2027: ..}}`` a path over the years (``paths``). The name may end in categories
(``dibao.line.rural``).
``unusual: yes`` beside any of these says that values outside the observed range are meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microsim.errors import did_you_mean
from microsim.policy.change_units import in_own_unit, meant_parts
from microsim.policy.parameters import ALWAYS, DatedValue, Parameter, Problem
from microsim.policy.paths.path import SCENARIO, Path, overlaid
from microsim.policy.paths.reading import path_from
from microsim.policy.plain import as_date
from microsim.units import with_fractions


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
            ratio = change.get("ratio_to")
            other = None if ratio is None else split_name(parameters, str(ratio))
            path = path_from(parameters, parameter, cell, change, other, problems, str(name))
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
        new = overlaid(None if old is None else old.value, new)
    return DatedValue(new, SCENARIO, "changed by the scenario", since=since)


def as_change(value: Any) -> Any:
    """The value of a parameter on a day, as a change that sets it: values by category under ``by``.

    >>> as_change(5), as_change({"rural": 4560, "urban": 7200})
    (5, {'by': {'rural': 4560, 'urban': 7200}})
    """
    return {"by": value} if isinstance(value, Mapping) else value


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
