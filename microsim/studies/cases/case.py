"""Cases as they are read: one file, one family, one day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import Document, read_document, shown
from microsim.documents.findings import Findings
from microsim.errors import FileError, InputError, MicrosimError, Offence
from microsim.population.core.columns import known
from microsim.studies.cases.grammar import CASE, UNSAID

if TYPE_CHECKING:
    from microsim.population import Population


@dataclass(frozen=True)
class Case:
    """One family on one date, and what it should get.

    ``household`` and ``persons`` hold a value for every column; ``of_household`` gives the expected value of
    a rule, ``of_persons`` one for each person.
    """

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
    document: Document = field(repr=False, compare=False)

    def __str__(self) -> str:
        return self.name

    def population(self) -> Population:
        """The family as a population of one household."""
        import pandas as pd

        from microsim.population import Population

        households = pd.DataFrame([{"household_id": 1, "weight": 1.0, **self.household}])
        persons = pd.DataFrame([{"household_id": 1, **person} for person in self.persons])
        return Population.from_frames(persons, households)


def read_case(path: str | os.PathLike[str]) -> Case:
    """Read a case. Raises ``MicrosimError`` with the place of every key that is missing, unknown or wrong,
    and of lists that are not one value for each person.
    """
    document = read_document(path)
    found = Findings(document, "case")
    said = found.check(CASE, document.data)
    if found:
        raise InputError(found.offences, f"{shown(document.path)} cannot be used as a case")
    persons, expect = said["persons"], said["expect"]
    for name, values in expect.get("persons", {}).items():
        if len(values) != len(persons):
            message = f"{name} is expected for {len(values)} of {len(persons)} persons"
            found.add(("expect", "persons", name), message, "give one value for each, in their order")
    if found:
        raise InputError(found.offences, f"{shown(document.path)} cannot be used as a case")
    place = document.path
    return Case(
        name=f"{place.parent.name}/{place.stem}",
        programme=place.parent.name,
        title=said["title"],
        reference=said["reference"],
        date=said["date"],
        changes=said.get("changes") or {},
        household=_filled(said["household"], "household"),
        persons=tuple(_filled(person, "person") for person in persons),
        of_household=expect.get("household", {}),
        of_persons=expect.get("persons", {}),
        document=document,
    )


def read_cases(paths: Iterable[str | os.PathLike[str]]) -> list[Case]:
    """The cases in files, and in all YAML files below folders, in the order of their paths.

    Raises ``MicrosimError`` with the offences of all of them, and where there is no case at all.
    """
    cases, offences = [], list[Offence]()
    for given in map(Path, paths):
        files = sorted(given.rglob("*.yaml")) if os.path.isdir(given) else [given]
        if not files:
            offences.append(
                Offence("contains no case (*.yaml)", shown(given), "docs/writing-rules.md, Cases")
            )
        for file in files:
            try:
                cases.append(read_case(file))
            except MicrosimError as error:
                offences += error.offences
    if offences:
        raise FileError(offences, title="nothing was tested")
    return cases


def _filled(said: Mapping[str, Any], entity: str) -> dict[str, Any]:
    """A value for every column: what is said, else what a case need not say, else the column's default."""
    columns = known(entity)
    values = {name: said.get(name, UNSAID.get(name, column.default)) for name, column in columns.items()}
    values |= {name: value for name, value in said.items() if name not in columns}
    floats = {name for name, column in columns.items() if column.type == "float"}
    return {name: float(value) if name in floats else value for name, value in values.items()}
