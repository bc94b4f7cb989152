"""Cases: families described in words and numbers, with the amounts worked out by hand.

One file of ``tests/cases/<programme>/`` is one case::

    title, reference, family     words
    date                         the policy date
    changes                      parameters pinned, so that a case does not hang on remembered averages
    household, persons           columns; what is not said stands in ``UNSAID`` or is the registry's default
    expect:
      household: {name: value}            one value each
      persons: {name: [value, ...]}       one value for each person
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from microsim.documents import read_document
from microsim.population import Population
from microsim.population.core.columns import known

FOLDER = Path(__file__).parents[1] / "cases"
# What a case need not say, beside the defaults of the registry.
UNSAID = {"sex": "female", "works": False, "wage_income": 0.0, "business_income": 0.0}
_KEYS = {"title", "reference", "family", "date", "changes", "household", "persons", "expect"}


@dataclass(frozen=True)
class Case:
    """One family on one date, and what it should get."""

    name: str
    programme: str
    title: str
    reference: str
    date: dt.date
    changes: Mapping[str, Any]
    household: Mapping[str, Any]
    persons: tuple[Mapping[str, Any], ...]
    of_household: Mapping[str, Any]
    of_persons: Mapping[str, list[Any]]

    def __str__(self) -> str:
        return self.name


def read_case(path: Path) -> Case:
    """Read a case; unknown or missing keys and lists of the wrong length are errors that name the file."""
    data = read_document(path).data
    wrong = (set(data) ^ _KEYS) - ({"changes"} - set(data))
    assert not wrong, f"{path}: keys missing or unknown: {sorted(wrong)}"
    expect = data["expect"]
    assert set(expect) <= {"household", "persons"}, f"{path}: expect has household and persons only"
    assert expect, f"{path}: a case expects something"
    persons = tuple(_filled(person, "person", path) for person in data["persons"])
    for name, values in (expect.get("persons") or {}).items():
        assert len(values) == len(persons), (
            f"{path}: {name} is expected for {len(values)} of {len(persons)} persons"
        )
    return Case(
        name=f"{path.parent.name}/{path.stem}",
        programme=path.parent.name,
        title=data["title"],
        reference=data["reference"],
        date=data["date"],
        changes=data.get("changes") or {},
        household=_filled(data["household"], "household", path),
        persons=persons,
        of_household=expect.get("household") or {},
        of_persons=expect.get("persons") or {},
    )


def _filled(given: Mapping[str, Any], entity: str, path: Path) -> dict[str, Any]:
    out: dict[str, Any] = {}
    columns = known(entity)
    for name, column in columns.items():
        value = given.get(name, UNSAID.get(name, column.default))
        assert value is not None, f"{path}: a {entity} without {name}"
        if column.categories:
            assert value in column.categories, f"{path}: {name} is {value}, not one of {column.categories}"
        out[name] = float(value) if column.type == "float" else value
    further = {name: value for name, value in given.items() if name not in columns}
    assert all(name.startswith("assessed_") for name in further), f"{path}: unknown columns {sorted(further)}"
    return {**out, **further}


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case, by programme and name."""
    return tuple(read_case(path) for path in sorted(FOLDER.glob("*/*.yaml")))


def population_of(case: Case) -> Population:
    """The case as a population of one household."""
    households = pd.DataFrame([{"household_id": 1, "weight": 1.0, **case.household}])
    persons = pd.DataFrame([{"household_id": 1, **person} for person in case.persons])
    return Population.from_frames(persons, households)
