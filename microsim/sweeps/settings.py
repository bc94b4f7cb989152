"""What varies in a sweep and is no parameter: the day of the law, regimes, the economy, ensembles, seeds.

Programmes switched on and off are parameters (``dibao.enabled``) under the name a scenario has for them. All
else makes another scenario of the base (a variant), read by the ordinary loader from changed content.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from microsim.documents import Step
from microsim.documents.findings import Findings, is_number
from microsim.policy.plain import as_date
from microsim.scenario.base import changes_over
from microsim.scenario.lawful import SWITCH
from microsim.sweeps.spread import Value

LAW, REGIME, ECONOMY, ENSEMBLE, SEED, PROGRAMMES = (
    *("law", "regime", "economy", "ensemble"),
    *("seed", "programmes"),
)
BASE = "base"  # the column that says which of several base scenarios a point is of
SINGLE = (LAW, ENSEMBLE, SEED)
BY_NAME = (REGIME, ECONOMY)  # with a name behind: regime.medical_aid
OWN = 0  # the seed of the county as it is in its folder
LEAST_MEMBERS = 2  # of an ensemble


def is_setting(name: str) -> bool:
    """Whether a name is of what makes a variant of the base scenario, and of no parameter."""
    head, _, inner = name.partition(".")
    return name in SINGLE or (head in BY_NAME and bool(inner))


def parameter_of(name: str) -> str:
    """The parameter behind the name of an axis: ``dibao.enabled`` for ``programmes.dibao``."""
    head, _, programme = name.partition(".")
    return f"{programme}.enabled" if head == PROGRAMMES and programme else name


def switched(name: str, value: Any) -> Any:
    """A value as the parameter takes it: on and off of a programme as true and false."""
    if name.startswith(f"{PROGRAMMES}.") and isinstance(value, str):
        return SWITCH.get(value.lower(), value)
    return value


def read_setting(found: Findings, name: str, value: Any, steps: tuple[Step, ...]) -> Value | None:
    """A value of a setting in the form in which rows have it, or None where it cannot be one (noted).

    Whether the law has such a regime, or the county so many members, the loader says.
    """
    if name == LAW:
        day = as_date(value) if isinstance(value, dt.date | str) else None
        if day is None:
            found.add(steps, f"law: '{value}' is not a date", "write a full date, for example 2020-12-31")
        return None if day is None else day.isoformat()
    if name in (SEED, ENSEMBLE):
        least = OWN if name == SEED else 1
        if type(value) is int and value >= least:
            return value
        if isinstance(value, float) and value == int(value) >= least:  # of a range
            return int(value)
        what = "0 is the county as it is" if name == SEED else "1 is the first set of the county's ensemble"
        found.add(steps, f"{name}: expected a whole number from {least}, found {value!r}", what)
        return None
    if name.startswith(REGIME):
        if isinstance(value, str):
            return value
        found.add(steps, f"{name}: expected the name of a regime, found {value!r}")
    elif is_number(value):
        return float(value)
    else:
        found.add(steps, f"{name}: expected a growth rate such as 0.06, found {value!r}")
    return None


def content_with(
    data: Mapping[str, Any],
    merged: Mapping[str, Any],
    settings: Mapping[str, Value | None],
    changes: Mapping[str, Any],
) -> dict[str, Any]:
    """What a scenario file would say with other settings, and with additional changes of parameters.

    ``merged``: what it says together with its own base. A setting of None is as there.
    """
    out = dict(data)
    for name, value in settings.items():
        head, _, inner = name.partition(".")
        if value is None or name == SEED:
            continue
        if name == LAW:
            day, given = dt.date.fromisoformat(str(value)), merged.get(LAW)
            out[LAW] = {**given, "date": day} if isinstance(given, Mapping) else day
        elif name == ENSEMBLE:
            out[ENSEMBLE] = max(LEAST_MEMBERS, int(value))
        else:
            own = out.get(head)
            out[head] = {**(own if isinstance(own, Mapping) else {}), inner: value}
    if changes:
        out["changes"] = changes_over(out.get("changes") or {}, changes)
    return out


def of_base(merged: Mapping[str, Any], name: str) -> Value | None:
    """What a base scenario says of a setting, or None where it says nothing."""
    head, _, inner = name.partition(".")
    said = merged.get(head)
    if name == LAW:
        day = as_date(said.get("date")) if isinstance(said, Mapping) else as_date(said)
        return None if day is None else day.isoformat()
    if inner and isinstance(said, Mapping):
        value = said.get(inner)
        return value if isinstance(value, str | int | float) else None
    return None


def setting_unit(name: str) -> str:
    """What the values of a setting are."""
    if name == LAW:
        return "date"
    return "choice" if name == BASE or name.startswith(f"{REGIME}.") else "1"
