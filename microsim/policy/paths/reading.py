"""A path over the years out of what a change says: its shape, its points, and everything wrong with them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from microsim.errors import brief, did_you_mean
from microsim.policy.parameters import Parameter, Problem
from microsim.policy.paths.path import CONDITIONS, SHAPES, Path, followed
from microsim.policy.plain import is_number
from microsim.units import fits, is_money

MOST_TIMES = 10.0  # no path makes one number of law more than so many times another: 80 means 80 per cent
MOST_FASTER = 1.0  # nor grows by more than so much a year faster: 3 means 3 per cent
_ENDS = {"from": "from: {2021: 0.62}", "to": "to: {2027: 1.0}"}
# Keys of each shape beside path and ratio_to; those in the second tuple may be left out.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "linear": (("from", "to"), ()),
    "geometric": (("from", "to"), ()),
    "stepped": (("at",), ()),
    "points": (("at",), ()),
    "immediate": (("to",), ()),
    "ratio_then_one": (("from", "ratio", "to"), ("hold",)),
    "catch_up": (("from", "faster"), ("until",)),
    "conditional": (("from", "step", "while"), ("until",)),
}
RATIOS_ONLY = ("ratio_then_one", "catch_up", "conditional")
YEARLY = ("from", "ratio", "at", "to")  # keys that hold years with numbers
Steps = tuple[str | int, ...]


def numbers_of(change: Mapping[str, Any]) -> Iterator[tuple[Steps, int, float]]:
    """Every value that a path names: steps to it, its year (of an end without one, the first), the number."""
    for key in YEARLY:
        for year, number in change.get(key, {}).items():
            yield (key, year), year, number
    if "until" in change or change.get("path") in ("catch_up", "conditional"):
        yield ("until",), next(iter(change["from"])), float(change.get("until", 1.0))


def path_from(
    parameters: Mapping[str, Parameter],
    parameter: Parameter,
    cell: tuple[str, ...],
    change: Mapping[str, Any],
    other: tuple[Parameter, tuple[str, ...]] | None,
    problems: list[Problem],
    name: str,
) -> Path | None:
    """The path that a change says, or None with its ``problems``; ``other``: what ``ratio_to`` names."""
    before, shape = len(problems), change["path"]
    known = shape in KEYS if isinstance(shape, str) else False
    required, optional = KEYS[shape] if known else (tuple(_ENDS), ())
    allowed = ("path", "ratio_to", *required, *optional)
    problems.extend(
        (
            (name, str(key)),
            f"unknown key '{key}'",
            did_you_mean(str(key), allowed) or _belongs(str(key), shape),
        )
        for key in change
        if key not in allowed
    )
    if not known:
        hint = did_you_mean(str(shape), SHAPES) or f"one of {', '.join(SHAPES)}"
        problems.append(((name, "path"), f"unknown path '{shape}'", hint))
    if parameter.kind != "number":
        problems.append(
            ((name,), f"{parameter.name} is a {parameter.kind}: it has no path over the years", "")
        )
    if shape in RATIOS_ONLY and "ratio_to" not in change:
        message = f"a path '{shape}' is a ratio to another number"
        problems.append(((name, "path"), message, "ratio_to: dibao.line.urban"))
    points: list[tuple[int, float]] = []
    for key in required:
        if key in YEARLY:
            points += _yearly(parameters, parameter, change, key, problems, name)
    if "at" in required or len(points) == sum(key in YEARLY for key in required):
        _check_order(shape, points, problems, name)
    rest = _rest(shape, change, points, problems, name) if known else {}
    ratio = _ratio(parameters, parameter, cell, change, other, problems, name)
    if len(problems) > before:
        return None
    if ratio is not None:
        for steps, _, number in numbers_of(change):
            problems.extend(_beyond_bounds(parameters, parameter, ratio, number, (name, *steps)))
    if len(problems) > before:
        return None
    if rest.pop("hold", None) is not None:
        points.insert(2, (int(change["hold"]), points[1][1]))
    return Path(parameter.name, cell, shape, tuple(points), ratio, **rest)


def _belongs(key: str, shape: Any) -> str:
    """Which shapes have a key that this one does not."""
    having = [one for one, keys in KEYS.items() if key in (*keys[0], *keys[1])]
    return f"'{key}' belongs to path: {', '.join(having)}" if having and shape in KEYS else ""


def _yearly(
    parameters: Mapping[str, Parameter],
    parameter: Parameter,
    change: Mapping[str, Any],
    key: str,
    problems: list[Problem],
    name: str,
) -> list[tuple[int, float]]:
    """The years and numbers under one key: one of them, or under ``at`` several."""
    entry, several = change.get(key), key == "at"
    if not isinstance(entry, Mapping) or not entry or (len(entry) != 1 and not several):
        message = f"'{key}' needs years with numbers" if several else f"'{key}' needs one year with a number"
        example = "at: {2021: 0.62, 2024: 0.8, 2027: 1.0}" if several else f"{key}: {{2021: 0.62}}"
        problems.append(((name, key), message, example))
        return []
    found = []
    for year, number in entry.items():
        steps = (name, key, year)
        if isinstance(number, int | float) and isinstance(year, int) and not is_number(number):
            problems.append((steps, f"expected a number, found {brief(number)}", ""))
        elif not isinstance(year, int) or isinstance(year, bool) or not is_number(number):
            example = f"{key}: {{2021: 0.62}}"
            problems.append(((name, key), f"'{key}' needs one year with a number", example))
        else:
            found.append((year, float(number)))
            if "ratio_to" not in change:
                problems.extend(_beyond_bounds(parameters, parameter, None, found[-1][1], steps))
            else:
                problems.extend(_ratio_problems(float(number), str(change["ratio_to"]), steps))
    return sorted(found) if several else found


def _check_order(shape: str, points: list[tuple[int, float]], problems: list[Problem], name: str) -> None:
    keys = [key for key in KEYS.get(shape, (tuple(_ENDS), ()))[0] if key in YEARLY]
    for k, ((first, _), (last, _)) in enumerate(itertools.pairwise(points)):
        if first >= last:
            key = keys[k + 1] if len(keys) > 1 else keys[0]
            message = (
                f"the path ends in {last}, not after it starts in {first}"
                if key == "to" and k == 0
                else f"the path has '{key}' in {last}, not after {first}"
            )
            problems.append(((name, key), message, ""))
    if shape == "points" and len(points) == 1:
        message = "a path through points needs two of them"
        problems.append(((name, "at"), message, "at: {2021: 0.62, 2027: 1.0}; or path: immediate"))
    if shape == "geometric" and min(value for _, value in points) <= 0:
        problems.append(((name, "path"), "a geometric path needs positive numbers", "path: linear"))


def _rest(
    shape: str,
    change: Mapping[str, Any],
    points: list[tuple[int, float]],
    problems: list[Problem],
    name: str,
) -> dict[str, Any]:
    """What a path has beside its points: ``hold``, ``faster``, ``step``, ``until``, ``condition``."""
    out: dict[str, Any] = {}
    required, optional = KEYS[shape]
    for key, most, meant in (
        ("faster", MOST_FASTER, "three percentage points are 0.03"),
        ("step", MOST_FASTER, "five percentage points are 0.05"),
        ("until", MOST_TIMES, "until: 1.0, the two are the same"),
    ):
        if key not in (*required, *optional) or (key in optional and key not in change):
            continue
        value: Any = change.get(key)
        if not is_number(value) or not 0.0 < float(value) <= most:
            least = f"'{key}' needs a number above 0, at most {most:g}"
            message = f"{least}, found {brief(value)}" if key in change else least
            problems.append(((name, key) if key in change else (name,), message, meant))
        else:
            out[key] = float(value)
    if shape in ("catch_up", "conditional") and points and points[0][1] > out.get("until", 1.0):
        message = f"the path starts at {points[0][1]:g}, beyond where it ends, {out.get('until', 1.0):g}"
        problems.append(((name, "from"), message, "it only rises: give a higher until:"))
    if "hold" in optional and "hold" in change:
        hold = change["hold"]
        good = isinstance(hold, int) and not isinstance(hold, bool)
        if not good or (len(points) == 3 and not points[1][0] <= hold < points[2][0]):
            message = f"'hold' is the last year in which the ratio holds, found {brief(hold)}"
            if len(points) == 3:
                first, last = points[1][0], points[2][0] - 1
                message = f"'hold' is a year from {first} to {last}, found {brief(hold)}"
            problems.append(((name, "hold"), message, "leave it out: the ratio is not held"))
        elif len(points) == 3 and hold > points[1][0]:
            out["hold"] = hold
    if shape == "conditional":
        condition = _condition(change.get("while"), problems, name)
        if condition is not None:
            out["condition"] = condition
    return out


def _condition(said: Any, problems: list[Problem], name: str) -> tuple[str, float] | None:
    example = "while: {county_extra: 0.05}"
    if not isinstance(said, Mapping) or len(said) != 1:
        problems.append(((name, "while"), "'while' needs one condition with its limit", example))
        return None
    ((what, limit),) = said.items()
    if what not in CONDITIONS:
        hint = did_you_mean(str(what), CONDITIONS) or f"one of {', '.join(CONDITIONS)}"
        problems.append(((name, "while", str(what)), f"no such condition '{what}'", hint))
    if not is_number(limit) or not 0.0 <= float(limit) <= MOST_TIMES:
        message = (
            f"the limit is a share of the county's revenue from 0 to {MOST_TIMES:g}, found {brief(limit)}"
        )
        problems.append(((name, "while", str(what)), message, "5 % is 0.05"))
        return None
    return str(what), float(limit)


def _ratio(
    parameters: Mapping[str, Parameter],
    parameter: Parameter,
    cell: tuple[str, ...],
    change: Mapping[str, Any],
    other: tuple[Parameter, tuple[str, ...]] | None,
    problems: list[Problem],
    name: str,
) -> tuple[str, tuple[str, ...]] | None:
    if "ratio_to" not in change:
        return None
    said = change["ratio_to"]
    if other is None:
        problems.append(
            ((name, "ratio_to"), f"no such parameter '{said}'", did_you_mean(str(said), parameters))
        )
    elif (other[0].name, other[1]) == (parameter.name, cell):
        problems.append(((name, "ratio_to"), "a path cannot be a ratio to itself", ""))
    elif not _is_one_number(*other):
        hint = f"name its category: {other[0].name}.{'.'.join(f'<{by}>' for by in other[0].by)}"
        problems.append(((name, "ratio_to"), f"'{said}' is not one number", hint if other[0].by else ""))
    elif not _comparable(parameter.unit, other[0].unit):
        message = (
            f"{parameter.name} is in {parameter.unit}, which is not a ratio to a number in {other[0].unit}"
        )
        problems.append(((name, "ratio_to"), message, ""))
    else:
        return other[0].name, other[1]
    return None


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


def _is_one_number(parameter: Parameter, cell: tuple[str, ...]) -> bool:
    latest = parameter.at(None)
    try:
        value = None if latest is None else parameter.cell(latest.value, cell)
    except KeyError:
        return False
    return parameter.kind == "number" and isinstance(value, float)
