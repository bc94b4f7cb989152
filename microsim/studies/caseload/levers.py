"""The levers of the caseload: what may be moved, from where, and how far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import read_document
from microsim.documents.findings import Findings
from microsim.errors import InputError, Offence, RuleError
from microsim.studies.caseload.grammar import AREAS, BOOK

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County

_COUNTY = "assumptions."
_UNEVEN = ".unevenness"


@dataclass(frozen=True)
class Lever:
    """One number that may be moved, in its own unit.

    ``name`` is a dotted parameter of law with its area, or a dotted figure of the county. ``area`` is empty
    for a number that both areas share. ``step`` is the finest value that is written down.
    """

    name: str
    area: str
    unit: str
    low: float
    high: float
    start: float
    step: float
    reference: str
    lawful: float | None  # the value of the law on the day, for parameters of law

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def of_county(self) -> bool:
        """A figure of the county's profile, rather than a parameter of law."""
        return self.name.startswith(_COUNTY)

    @property
    def parameter(self) -> str:
        """The name without the area: levers of one parameter, in different areas, do not meet."""
        return self.name.replace(f".{self.area}", "") if self.area else self.name

    def moved(self, value: float) -> float:
        """How far a value lies from the start, as a share of the range."""
        return (value - self.start) / self.width

    def rounded(self, value: float) -> float:
        """The nearest value that is written down and lies in the range."""
        steps = round(value / self.step)
        while steps * self.step > self.high + 1e-9:
            steps -= 1
        while steps * self.step < self.low - 1e-9:
            steps += 1
        return round(steps * self.step, 9)


@dataclass(frozen=True)
class Variant:
    """One way to the figures: what is settled beforehand, and which levers may not move.

    ``settings`` are changes to the law, ``starts`` other starts by lever name, ``held`` names of levers, or
    beginnings of names.
    """

    name: str
    title: str
    why: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    starts: Mapping[str, float] = field(default_factory=dict)
    held: tuple[str, ...] = ()


def variants() -> dict[str, Variant]:
    """The variants of ``levers.yaml`` by name, the main one first."""
    return {
        name: Variant(
            name,
            entry["title"],
            " ".join(entry["why"].split()),
            entry.get("settings", {}),
            entry.get("starts", {}),
            tuple(entry.get("held", ())),
        )
        for name, entry in _book()["variants"].items()
    }


def read_levers(
    county: County, policy: Policy, starts: Mapping[str, float] | None = None
) -> tuple[Lever, ...]:
    """All levers of ``levers.yaml`` for the county's year; ``starts`` replaces starts by lever name.

    Raises ``MicrosimError`` for a start outside its range and for a name in ``starts`` that is no lever.
    """
    of_year = year_of(county).get("levers", {})
    levers = [
        _lever(
            template.replace("{area}", area), area, entry | of_year.get(template, {}), policy, starts or {}
        )
        for template, entry in _book()["levers"].items()
        for area in (AREAS if "{area}" in template else ("",))
    ]
    names = {lever.name for lever in levers}
    offences = [
        Offence(f"'{name}' is no lever of the caseload") for name in starts or {} if name not in names
    ]
    offences += [
        Offence(f"{lever.name} starts at {lever.start:g}, outside {lever.low:g} to {lever.high:g}")
        for lever in levers
        if not lever.low <= lever.start <= lever.high
    ]
    if offences:
        raise InputError(offences, title="the levers of the caseload cannot be used")
    return tuple(levers)


def year_of(county: County) -> Mapping[str, Any]:
    """What ``levers.yaml`` has for the county's year alone: ``because`` and ``levers``; mostly nothing."""
    found: Mapping[str, Any] = _book().get("years", {}).get(county.year, {})
    return found


def _lever(
    name: str,
    area: str,
    entry: Mapping[str, Any],
    policy: Policy,
    starts: Mapping[str, float],
) -> Lever:
    if name.startswith(_COUNTY):
        unit, bounds, lawful = "1", entry["range"], None
        value = entry["start"]
    else:
        parameter = policy.parameters[name.removesuffix(f".{area}") if area else name]
        unit, bounds = parameter.unit, entry.get("range", parameter.range_on(policy.date))
        lawful = float(_of(policy.value(parameter.name), area))
        value = entry.get("start", lawful)
    start = starts.get(name, float(_of(value, area)))
    low, high = _of(bounds, area)
    reference = " ".join(str(entry["reference"]).split())
    step = float(entry["step"])
    return Lever(name, area, unit, float(low), float(high), start, step, reference, lawful)


def _of(value: Any, area: str) -> Any:
    return value[area] if isinstance(value, Mapping) else value


@cache
def _book() -> Mapping[str, Any]:
    document = read_document(Path(__file__).with_name("levers.yaml"))
    found = Findings(document)
    book: Mapping[str, Any] = found.check(BOOK, document.data)
    if found:
        raise RuleError(found.offences, title="the levers of the caseload cannot be read")
    return book


def county_values(values: Mapping[str, float]) -> dict[str, float]:
    """The part of lever values that belongs into the county's profile, by dotted figure.

    Unevenness is a spread as a share of the greatest that the mean allows.
    """
    figures = {}
    for name, value in values.items():
        if name.endswith(_UNEVEN):
            share = name.removesuffix(_UNEVEN)
            mean = values[share + ".mean"]
            figures[share + ".spread"] = round(value * math.sqrt(mean * (1.0 - mean)), 4)
        elif name.startswith(_COUNTY):
            figures[name] = value
    return figures


def values_in(levers: Sequence[Lever], county: County, policy: Policy) -> dict[str, float]:
    """The value of each lever in a county and a law, by lever name: ``county_values`` the other way round."""
    found = {}
    for lever in levers:
        if lever.name.endswith(_UNEVEN):
            share = lever.name.removesuffix(_UNEVEN)
            mean = county[f"{share}.mean"]
            most = math.sqrt(mean * (1.0 - mean))
            found[lever.name] = round(county[f"{share}.spread"] / most, 4) if most else 0.0
        elif lever.of_county:
            found[lever.name] = float(county[lever.name])
        else:
            found[lever.name] = float(_of(policy.value(lever.parameter), lever.area))
    return found


def law_changes(
    levers: Sequence[Lever], values: Mapping[str, float], all_of_them: bool = True
) -> dict[str, Any]:
    """The part of lever values that belongs under a scenario's ``changes``, areas gathered under ``by``.

    Without ``all_of_them`` parameters are left out whose values are those of the law.
    """
    changes: dict[str, Any] = {}
    differing = {lever.parameter for lever in levers if values[lever.name] != lever.lawful}
    for lever in levers:
        if lever.of_county or not (all_of_them or lever.parameter in differing):
            continue
        value = values[lever.name]
        number = int(value) if value == int(value) else value
        if lever.area:
            changes.setdefault(lever.parameter, {"by": {}})["by"][lever.area] = number
        else:
            changes[lever.parameter] = number
    return changes
