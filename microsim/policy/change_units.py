"""Changes whose values carry a unit, or that say they are meant though unusual.

``{value: 17760, unit: yuan/year}`` for a parameter in yuan/month; ``{value: 458, unusual: yes}`` for a
value outside the observed range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from microsim.errors import did_you_mean
from microsim.policy.parameters import SCHEDULES, Parameter, Problem
from microsim.policy.plain import as_date, is_number

_FORMS = ("by", "on", "path")
_VALUE = ("value", "unit", "unusual")
_MARK = "unusual"
_YES = (True, "yes", "true", "on")
_NO = (False, "no", "false", "off")
Steps = tuple[str | int, ...]


def in_own_unit(parameter: Parameter, change: Any, problems: list[Problem], steps: Steps) -> Any:
    """A change with every value in the parameter's own unit, so that no unit is left in it.

    ``unit`` is beside ``value``, or beside ``by``, ``on`` or ``path`` for all values in them, and so is
    ``unusual`` (:func:`meant_parts`), which is left out as well. What does not fit goes to ``problems``; such
    a value is left out of what is returned (None).
    """
    return _settled(parameter, change, None, problems, steps)


def meant_parts(change: Any, steps: Steps) -> Iterator[Steps]:
    """The parts of a change, by their steps, beside which ``unusual: yes`` is written."""
    if not isinstance(change, Mapping):
        return
    if _is_marked(change) and change[_MARK] in _YES:
        yield steps
    for key, item in change.items():
        yield from meant_parts(item, (*steps, str(as_date(key) or key)))


def _is_marked(change: Mapping[Any, Any]) -> bool:
    return _MARK in change and ("value" in change or any(form in change for form in _FORMS))


def _settled(
    parameter: Parameter, change: Any, unit: str | None, problems: list[Problem], steps: Steps
) -> Any:
    if not isinstance(change, Mapping):
        return _number(parameter, change, unit, problems, steps)
    given = dict(change)
    if _is_marked(given):
        mark = given.pop(_MARK)
        if mark not in _YES and mark not in _NO:
            problems.append(((*steps, _MARK), f"'unusual' is yes or no, not {mark!r}", "unusual: yes"))
            return None
    if "unit" in given and ("value" in given or any(form in given for form in _FORMS)):
        unit = _unit(given.pop("unit"), problems, (*steps, "unit"))
        if unit is None:
            return None
    if "value" in given:
        unknown = [key for key in given if key != "value"]
        for key in unknown:
            hint = did_you_mean(str(key), _VALUE) or "only unit and unusual can go with value"
            problems.append(((*steps, str(key)), f"unknown key '{key}' next to 'value'", hint))
        inside = given["value"]
        if isinstance(inside, Mapping):
            example = f"{{by: {{rural: 4800}}, unit: {unit or parameter.unit}}}"
            problems.append(((*steps, "value"), "'value' is one value", f"for several: {example}"))
        elif not unknown:
            return _number(parameter, inside, unit, problems, (*steps, "value"))
        return None
    if "path" in given:
        return _path(parameter, given, unit, problems, steps)
    if "on" in given:
        days = given["on"]
        if isinstance(days, Mapping):
            given["on"] = {
                day: _settled(parameter, item, unit, problems, (*steps, "on", str(as_date(day) or day)))
                for day, item in days.items()
            }
        return given
    if "by" in given:
        given["by"] = _cells(parameter, given["by"], unit, problems, (*steps, "by"))
    return given


def _cells(parameter: Parameter, value: Any, unit: str | None, problems: list[Problem], steps: Steps) -> Any:
    """Values by category, nested as the parameter is; one of them may be ``{value: ..., unit: ...}``."""
    if isinstance(value, Mapping) and "value" not in value:
        return {
            key: _cells(parameter, item, unit, problems, (*steps, str(key))) for key, item in value.items()
        }
    return _settled(parameter, value, unit, problems, steps)


def _path(
    parameter: Parameter, given: dict[Any, Any], unit: str | None, problems: list[Problem], steps: Steps
) -> dict[Any, Any]:
    if unit is not None and "ratio_to" in given:
        problems.append(((*steps, "unit"), "a path that is a ratio has no unit", "leave unit: out"))
        return given
    for key in ("from", "ratio", "at", "to"):
        ends = given.get(key)
        if isinstance(ends, Mapping):
            given[key] = {
                year: _settled(parameter, number, unit, problems, (*steps, key, year))
                if "ratio_to" not in given
                else number
                for year, number in ends.items()
            }
    return given


def _unit(unit: Any, problems: list[Problem], steps: Steps) -> str | None:
    if isinstance(unit, str | int) and not isinstance(unit, bool):
        return str(unit)
    problems.append((steps, f"the unit is text such as yuan/month, not {unit!r}", ""))
    return None


def _number(parameter: Parameter, value: Any, unit: str | None, problems: list[Problem], steps: Steps) -> Any:
    if unit is None or unit == parameter.unit:
        return value
    if parameter.kind in ("boolean", "choice"):
        problems.append((steps, f"{parameter.name} is a {parameter.kind} and has no unit", "leave unit: out"))
        return None
    points = value if parameter.kind in SCHEDULES and not parameter.problems(value) else None
    if not is_number(value) and points is None:
        return value  # of the wrong kind: reported where values are checked
    try:
        return parameter.own(value, unit)
    except ValueError as error:
        place = steps[:-1] if steps[-1] == "value" else steps
        problems.append((place, f"{parameter.name}: {error}", ""))
        return None
