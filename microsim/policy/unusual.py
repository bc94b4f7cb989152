"""Values that are possible and yet hardly meant: outside the observed range, or in an unusual order.

Whoever types one confirms it: ``unusual: yes`` beside it (:mod:`change_units`), or all at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from microsim.policy.parameters import DatedValue, Parameter, Problem
from microsim.policy.paths.path import SCENARIO, followed
from microsim.policy.paths.reading import numbers_of
from microsim.policy.plain import as_date
from microsim.policy.ranges import Limits, cells_below, limits_of, numbers_in
from microsim.policy.reform import Changed, split_name
from microsim.units import exact, is_money

Steps = tuple[str | int, ...]
Typed = tuple[Steps, tuple[str, ...], float, dt.date | None]  # place, categories, number, day it is for
_MEANT = "if this is intended, write unusual: yes beside it"


@dataclass(frozen=True)
class Unusual:
    """One value outside the observed range of its parameter, both in the parameter's own unit."""

    parameter: str
    cell: tuple[str, ...]
    value: float
    low: float
    high: float
    unit: str

    @property
    def name(self) -> str:
        """Dotted, with the categories: ``dibao.line.rural``."""
        return ".".join((self.parameter, *self.cell))

    def text(self, lang: Literal["en", "zh"]) -> str:
        """One sentence: the value, and the range."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        value, low, high = exact(self.value), exact(self.low), exact(self.high)
        if lang == "zh":
            return f"{self.name} 取值 {value}{unit}，超出已知范围 {low} 至 {high}"
        return f"{self.name} is {value}{unit}, outside the observed range, {low} to {high}"

    @property
    def hint(self) -> str:
        """What may be meant, and how to confirm the value."""
        return f"{self.slip}; {_MEANT}" if self.slip else _MEANT

    @property
    def slip(self) -> str:
        """The unit in which the number would be usual; no text where there is none."""
        said, unit = exact(self.value, ""), self.unit
        if unit == "yuan/year" and (meant := self._usual(12.0)):
            return f"{said} a month is {meant} a year: write unit: yuan/month beside it"
        if unit == "yuan/month" and (meant := self._usual(1 / 12)):
            return f"{said} a year is {meant} a month: write unit: yuan/year beside it"
        if is_money(unit) and (meant := self._usual(1e4)):
            return f"{said} in units of 10,000 yuan is {meant} yuan"
        if unit == "1" and (meant := self._usual(0.01)):
            return f"{said} % is {meant}"
        return ""

    def _usual(self, factor: float) -> str:
        """So many times the value, where that is usual; else no text."""
        meant = round(self.value * factor, 6)
        return exact(meant) if self.low <= meant <= self.high else ""


def unusual_values(
    values: Mapping[str, DatedValue],
    parameters: Mapping[str, Parameter],
    date: dt.date | None,
    confirmed: Collection[str] = (),
) -> list[Unusual]:
    """Every changed value in force on a day that lies outside the observed range on that day.

    0, which is "none", is usual; so is whatever is ``confirmed`` (names of parameters).
    """
    found = []
    for name, dated in values.items():
        if dated.source != SCENARIO or name in confirmed:
            continue
        parameter = parameters[name]
        for given, number in numbers_in(dated.value):
            for cell in cells_below(parameter.range_on(date), given):
                limits = _beyond(parameter, cell, number, date)
                if limits:
                    found.append(Unusual(name, cell, number, *limits, parameter.unit))
    return found


def unusual_changes(
    changed: Changed,
    parameters: Mapping[str, Parameter],
    date: dt.date | None,
    confirmed: Collection[str] = (),
) -> list[Problem]:
    """What is unusual in changes and not confirmed: steps into them, what it is, and what may be meant.

    ``parameters``: those before the change. ``date``: the day whose range holds for what is not dated; None
    is the latest. ``confirmed``: names of parameters that may be anything.
    """
    after = {**parameters, **changed.timelines}
    problems: list[Problem] = []
    for steps, parameter, cell, number, day in _unconfirmed(changed, parameters, date, confirmed):
        limits = _beyond(parameter, cell, number, day or date)
        if limits:
            one = Unusual(parameter.name, cell, number, *limits, parameter.unit)
            problems.append((steps, one.text("en"), one.hint))
        else:
            problems += _out_of_order(after[parameter.name], cell, number, day or date, steps)
    # Both categories of a pair that are out of order are typed in one change: once is enough.
    return list({message: (steps, message, hint) for steps, message, hint in problems}.values())


def unusual_values_of(
    changed: Changed,
    parameters: Mapping[str, Parameter],
    date: dt.date | None,
    confirmed: Collection[str] = (),
) -> Iterator[Unusual]:
    """The values outside their range among :func:`unusual_changes`."""
    for _, parameter, cell, number, day in _unconfirmed(changed, parameters, date, confirmed):
        limits = _beyond(parameter, cell, number, day or date)
        if limits:
            yield Unusual(parameter.name, cell, number, *limits, parameter.unit)


def _unconfirmed(
    changed: Changed, parameters: Mapping[str, Parameter], date: dt.date | None, confirmed: Collection[str]
) -> Iterator[tuple[Steps, Parameter, tuple[str, ...], float, dt.date | None]]:
    """Every number of the changes that nobody has said to be meant, and the day it is dated.

    One number for several categories is there once for each that has a range of its own.
    """
    after = {**parameters, **changed.timelines}
    for name, change in changed.own.items():
        found = split_name(parameters, name)
        if found is None or found[0].name in confirmed:
            continue
        for steps, cell, number, day in _typed(after, *found, change, None, (name,)):
            if not any(steps[: len(mark)] == mark for mark in changed.meant):
                for one in cells_below(found[0].range_on(day or date), cell):
                    yield steps, found[0], one, number, day


def _beyond(parameter: Parameter, cell: tuple[str, ...], number: float, day: dt.date | None) -> Limits | None:
    """The range that a number is outside of; None where it is usual. 0 is "none", and usual."""
    limits = limits_of(parameter.range_on(day), cell)
    return limits if limits and number != 0.0 and not limits[0] <= number <= limits[1] else None


def _typed(
    after: Mapping[str, Parameter],
    parameter: Parameter,
    cell: tuple[str, ...],
    change: Any,
    day: dt.date | None,
    steps: Steps,
) -> Iterator[Typed]:
    """Every number that a change gives, in the parameter's own unit; of a path, each that it names."""
    if not isinstance(change, Mapping):
        yield from ((steps, cells, number, day) for cells, number in numbers_in(change, cell))
    elif "path" in change:
        for where, year, given in numbers_of(change):
            number = given
            end = dt.date(int(year), 12, 31)
            if "ratio_to" in change:
                base = split_name(after, str(change["ratio_to"]))
                dated = base[0].at(end) if base else None
                if base is None or dated is None:
                    continue
                number *= followed(parameter, base[0], dated, base[1])
            yield (*steps, *where), cell, float(number), end
    elif "on" in change:
        for key, item in change["on"].items():
            since = as_date(key)
            assert since is not None, "days were checked when the change was applied"
            yield from _typed(after, parameter, cell, item, since, (*steps, "on", since.isoformat()))
    else:
        for cells, number in numbers_in(change["by"], cell):
            yield (*steps, "by", *cells[len(cell) :]), cells, number, day


def _out_of_order(
    parameter: Parameter, cell: tuple[str, ...], number: float, day: dt.date | None, steps: Steps
) -> Iterator[Problem]:
    """A category whose value usually is no more than the next one's, and now is.

    ``number`` is the value of the cell: where it is the end of a path, the parameter has another by then.
    """
    dated = parameter.at(day)
    if dated is None or parameter.kind != "number" or not isinstance(dated.value, Mapping):
        return
    for low, high in zip(parameter.rising, parameter.rising[1:], strict=False):
        if cell[-1:] not in ((low,), (high,)) or not {low, high} <= {*dated.value}:
            continue
        values = {**dated.value, cell[-1]: number}
        below, above = values[low], values[high]
        if below > above:
            message = f"{parameter.name}: {low} ({exact(below)}) is above {high} ({exact(above)})"
            yield steps, message, f"are the two swapped? {_MEANT}"
