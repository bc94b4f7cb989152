"""Parameters of law: dated values with unit, categories and source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

from microsim.errors import Offence, RuleError, brief, did_you_mean
from microsim.policy.bounds import FREE, Bounds
from microsim.policy.plain import is_number
from microsim.renamed import renamed_attribute
from microsim.units import convert, exact, is_money, to_internal

ParameterKind = Literal["number", "boolean", "choice", "step", "linear", "brackets"]
KINDS: tuple[ParameterKind, ...] = ("number", "boolean", "choice", "step", "linear", "brackets")
SCHEDULES: tuple[ParameterKind, ...] = ("step", "linear", "brackets")
LANGUAGES = ("en", "zh")  # of labels and descriptions
SOURCES = ("cited", "inferred", "recalled", "assumption", "scenario")
ALWAYS = dt.date.min  # date of values given without one

Dated = TypeVar("Dated")
Problem = tuple[tuple[str | int, ...], str, str]  # steps into the value, what is wrong, the suggestion


@dataclass(frozen=True)
class DatedValue:
    """One value with the day from which it holds and where it comes from."""

    value: Any
    source: str = "assumption"
    reference: str = ""
    note: str = ""
    confidence: str = ""
    since: dt.date = ALWAYS
    known: dt.date | None = None  # when it was adopted or published, where that is another day


@dataclass(frozen=True, eq=False)
class Parameter:
    """A number of law (or a switch, a choice, a schedule) over time.

    ``by`` names the categoricals it is looked up by; a value is then a mapping nested in that order, in which
    ``default`` represents every category not named. Values are in ``unit``, the parameter's own, in which
    they are read, changed and printed; :meth:`inside` gives them as rules take them (money per year). An
    unknown unit is refused.
    """

    name: str
    argument: str
    kind: ParameterKind = "number"
    unit: str = "1"
    by: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    programme: str = ""
    ranges: Mapping[dt.date, Any] = field(default_factory=dict)  # what was seen, by date (``ranges.py``)
    bounds: Bounds = FREE
    values: Mapping[dt.date, DatedValue] = field(default_factory=dict)
    file: str = ""
    place: str = ""
    rising: tuple[str, ...] = ()  # categories in the order in which the values usually rise
    access: bool = False  # a term of access, which a regime holds: who may enter, at which rates

    gate = renamed_attribute("gate", "access")

    def __post_init__(self) -> None:
        try:
            to_internal(self.unit)
        except ValueError as error:
            raise RuleError(Offence(str(error), self.place or f"parameter {self.name}")) from None

    @cached_property
    def internal_unit(self) -> str:
        """The unit in which rules take the values."""
        return to_internal(self.unit)[1]

    def inside(self, value: Any) -> Any:
        """One value (of one combination of categories) as rules take it, in the internal unit."""
        return self._in_unit(value, self.unit, self.internal_unit)

    def own(self, value: Any, unit: str) -> Any:
        """A number, or the values of a schedule, given in ``unit``, in the parameter's own unit.

        Raises ``ValueError`` in words where the unit is unknown or does not fit.
        """
        return self._in_unit(value, unit, self.unit)

    def _in_unit(self, value: Any, unit: str, to: str) -> Any:
        if unit == to or self.kind in ("boolean", "choice"):
            return value
        if self.kind == "number":
            return convert(value, unit, to)
        return [(x, convert(y, unit, to)) for x, y in value]

    def at(self, date: dt.date | None) -> DatedValue | None:
        """The value in force on ``date``; None before the first one. Without a date, the latest."""
        return _latest(self.values, date)

    def range_on(self, date: dt.date | None) -> Any:
        """The observed range on a day, in the parameter's own unit; ``None`` where none is known."""
        return _latest(self.ranges, date)

    def with_values(self, values: Mapping[dt.date, DatedValue]) -> Parameter:
        return replace(self, values=dict(sorted(values.items())))

    def cell(self, value: Any, categories: Sequence[str]) -> Any:
        """The value for one combination of categories (``KeyError`` with the one that is not covered)."""
        for category in categories:
            if not isinstance(value, Mapping):
                return value
            if category in value:
                value = value[category]
            elif "default" in value:
                value = value["default"]
            else:
                raise KeyError(category)
        return value

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with ``value`` as a value of this parameter; an empty list where nothing is."""
        return list(self._problems(value, (), len(self.by)))

    def _problems(self, value: Any, steps: tuple[str | int, ...], depth: int) -> Iterator[Problem]:
        if isinstance(value, Mapping):
            if depth == 0:
                wrong = (
                    f"{self.name} is already split by {', '.join(self.by)}"
                    if self.by
                    else f"{self.name} has one value, not one by category"
                )
                yield steps, wrong, "give a single value"
                return
            if not value:
                yield (
                    steps,
                    f"{self.name} has no categories here",
                    f"name the categories of {self.by[-depth]}",
                )
            for key, item in value.items():
                yield from self._problems(item, (*steps, str(key)), depth - 1)
            return
        message = self._leaf_problem(value)
        if message:
            yield steps, f"{self.name}: {message}", _way_out(self.kind, self.unit, value)
        elif self.kind == "number":
            yield from self._beyond(steps, value)
        elif self.kind in SCHEDULES:
            for index, (_, number) in enumerate(value):
                yield from self._beyond((*steps, index), number)

    def _beyond(self, steps: tuple[str | int, ...], number: float) -> Iterator[Problem]:
        message, hint = self.bounds.problem(self.name, number, self.unit)
        if message and number == self.bounds.above and self.programme:
            hint = f"to switch {self.programme} off, write programmes: {{{self.programme}: off}}"
        if message:
            yield steps, message, hint

    def _leaf_problem(self, value: Any) -> str:
        match self.kind:
            case "boolean":
                return "" if isinstance(value, bool) else f"expected true or false, found {brief(value)}"
            case "choice":
                if value in self.choices:
                    return ""
                hint = did_you_mean(str(value), self.choices)
                return f"{brief(value)} is not one of {', '.join(self.choices)}" + (
                    f"; {hint}" if hint else ""
                )
            case "number":
                return "" if is_number(value) else f"expected a number, found {brief(value)}"
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            return f"expected a list of [threshold, value] pairs, found {brief(value)}"
        if not all(
            isinstance(point, Sequence) and len(point) == 2 and all(map(is_number, point)) for point in value
        ):
            return "each point of a schedule is a pair of numbers [threshold, value]"
        thresholds = [float(point[0]) for point in value]
        return "" if thresholds == sorted(set(thresholds)) else "thresholds must rise from point to point"

    def plain(self, value: Any) -> Any:
        """A checked value -> plain mappings, floats and pairs of floats."""
        if isinstance(value, Mapping):
            return {str(key): self.plain(item) for key, item in value.items()}
        match self.kind:
            case "boolean" | "choice":
                return value
            case "number":
                return float(value)
        return [(float(x), float(y)) for x, y in value]


def _latest(dated: Mapping[dt.date, Dated], date: dt.date | None) -> Dated | None:
    """Of what holds from a day on, what holds on ``date``."""
    found = None
    for since in sorted(dated):
        if date is not None and since > date:
            break
        found = dated[since]
    return found


def _way_out(kind: ParameterKind, unit: str, value: Any) -> str:
    """What to do about a value of the wrong kind, where that can be inferred from the value."""
    if kind == "boolean" and isinstance(value, str):
        switch = value.lower()
        return "write true" if switch in ("yes", "on") else "write false" if switch in ("no", "off") else ""
    if kind != "number" or isinstance(value, bool):
        return ""
    if isinstance(value, list | tuple):
        return f"a schedule states its kind: kind: {' | '.join(SCHEDULES)} (docs/writing-rules.md, Schedules)"
    if isinstance(value, str):
        return _number_meant(value, unit)
    return ""


def _number_meant(text: str, unit: str) -> str:
    """What to write for a number that is text: in quotes, with commas, a unit or a per cent sign."""
    plain = text.replace(",", "").replace("，", "").replace(" ", "").lstrip("¥￥").removesuffix("元")
    if plain.endswith(("%", "％")) and is_money(unit):
        return "a change gives the new amount, not by how many per cent it changes"
    for sign, factor in (("", 1.0), ("万", 1e4), ("%", 0.01), ("％", 0.01)):
        number = _read(plain.removesuffix(sign)) if plain.endswith(sign) else None
        if is_number(number):
            assert number is not None
            meant = exact(round(number * factor, 9), "")
            return f"write {meant}, without quotes, commas or units"
    return ""


def _read(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def argument_name(dotted: str) -> str:
    """``dibao.line`` is the argument ``dibao_line``."""
    return dotted.replace(".", "_")
