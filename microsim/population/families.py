"""Families described in words and numbers: a YAML file becomes a population of one household each.

What a file does not say of a member: no wage and no business income; in work where there is either; for the
rest the defaults of the column registry. Area, age, sex and relation must be said.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import Document, Step, read_document, shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language
from microsim.errors import InputError, Offence, did_you_mean
from microsim.population.core.columns import registry
from microsim.population.family_grammar import EXAMPLE, FAMILIES, LABEL, NEEDED

if TYPE_CHECKING:
    from microsim.population.population import Population

ADULT = 18  # age from which a member may be the earner without being named
_NO_COLUMNS = ("label", "description", "members")
_NOTHING = {"wage_income": 0.0, "business_income": 0.0}  # the registry has no default for these two


@dataclass(frozen=True, eq=False)
class Families:
    """The families of a file, in its order; household ``k`` of ``population`` (from 1) is the k-th.

    Attributes:
        path: the file.
        title: of the whole, by language; empty where it has none.
        names: keys of the families.
        labels: name -> language -> what the family is called.
        descriptions: name -> language -> what is said of it; empty where nothing is.
        population: one household of weight 1 each.
        earner: one yes/no a person: the member of each family whose income is walked.
    """

    path: Path
    title: Mapping[str, str]
    names: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    descriptions: Mapping[str, Mapping[str, str]]
    population: Population = field(repr=False)
    earner: NDArray[np.bool_] = field(repr=False)

    def select(self, names: list[str] | tuple[str, ...]) -> Families:
        """Some of the families, in the wanted order; raises ``MicrosimError`` for names that are none."""
        offences = [
            Offence(
                f"no family '{name}'",
                shown(self.path),
                did_you_mean(name, self.names) or f"known: {', '.join(self.names)}",
            )
            for name in names
            if name not in self.names
        ]
        if offences or not names:
            raise InputError(offences or [Offence("no family is named", shown(self.path))])
        rows = [self.names.index(name) for name in dict.fromkeys(names)]
        bounds = self.population.offsets
        earner = np.concatenate([self.earner[bounds[r] : bounds[r + 1]] for r in rows])
        population = self.population.select(self.population.household_id[rows])
        kept = tuple(self.names[r] for r in rows)
        return Families(self.path, self.title, kept, self.labels, self.descriptions, population, earner)


def load_families(path: str | os.PathLike[str]) -> Families:
    """Read and check a families file.

    Raises ``MicrosimError`` naming every offence with file, line and column: unknown keys and columns,
    columns of the other table, values of the wrong kind or outside their range, what must be said and is not,
    families without exactly one head or with two earners.
    """
    return families_from(
        read_document(path, "microsim init DIR makes a folder with families.yaml in scenarios/")
    )


def families_from(document: Document) -> Families:
    """The families that a parsed document describes; errors as for :func:`load_families`."""
    title = f"{shown(document.path)} cannot be used as families"
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("families"), dict) or not data["families"]:
        at: tuple[Step, ...] = ("families",) if isinstance(data, dict) and "families" in data else ()
        raise InputError(Offence("a families file lists families", document.place(*at), EXAMPLE), title)
    found = Findings(document)
    said = found.check(FAMILIES, data)
    families = {
        str(name): _family(found, ("families", name), entry) for name, entry in said["families"].items()
    }
    if found:
        raise InputError(found.offences, title)
    given = said["families"]
    labels = {name: by_language(given[name]["label"]) for name in families}
    texts = {name: by_language(given[name].get("description")) for name in families}
    population, earner = _population(list(families.values()))
    heading = by_language(said.get("title"))
    return Families(document.path, heading, tuple(labels), labels, texts, population, earner)


@dataclass(frozen=True)
class _Family:
    """One family as read: values by column, and which member is the earner."""

    household: Mapping[str, Any]
    members: list[dict[str, Any]]
    earner: int


def _family(found: Findings, steps: tuple[Step, ...], entry: Mapping[str, Any]) -> _Family:
    """One family; who its head and its earner are is checked here."""
    name = steps[-1]
    if not isinstance(name, str):
        found.add(steps, f"the name of family '{name}' is a number", "put it in quotes")
    if found.clean(*steps, "label") and "label" in entry and not by_language(entry["label"]):
        found.add((*steps, "label"), f"{name}: 'label' is missing", LABEL)
    members = entry.get("members") or []
    heads = [k for k, member in enumerate(members) if member and member.get("relation") == "head"]
    if members and not heads and all(member is None or "relation" in member for member in members):
        found.add((*steps, "members"), f"{name}: nobody is the head", NEEDED["relation"])
    for k in heads[1:]:
        found.add((*steps, "members", k, "relation"), f"{name}: a second head", NEEDED["relation"])
    earners = [k for k, member in enumerate(members) if member and member.get("earner")]
    for k in earners[1:]:
        found.add(
            (*steps, "members", k, "earner"),
            f"{name}: two members are marked as the earner",
            "mark one of them",
        )
    persons = [{key: value for key, value in (m or {}).items() if key != "earner"} for m in members]
    household = {key: value for key, value in entry.items() if key not in _NO_COLUMNS}
    return _Family(household, persons, earners[0] if earners else _first_adult(persons))


def _first_adult(members: list[dict[str, Any]]) -> int:
    return next((k for k, member in enumerate(members) if member.get("age", 0) >= ADULT), 0)


def _population(families: list[_Family]) -> tuple[Population, NDArray[np.bool_]]:
    """All families as two tables; every column that one of them gives is there for all."""
    import pandas as pd

    from microsim.population.population import Population

    members = [
        {"household_id": h, "works": _earns(member), **_NOTHING, **member}
        for h, family in enumerate(families, start=1)
        for member in family.members
    ]
    households = [
        {"household_id": h, "weight": 1.0, **family.household} for h, family in enumerate(families, start=1)
    ]
    tables = []
    for rows in (members, households):
        frame = pd.DataFrame(rows)
        for name in frame.columns.difference(["household_id", "weight"]):
            column = registry()[name]
            values = [row.get(name, column.default) for row in rows]
            dtype: Any = {"float": float, "int": int, "bool": bool, "category": object}[column.type]
            frame[name] = pd.Series(values, dtype=dtype)
        tables.append(frame)
    earner = np.array([k == family.earner for family in families for k in range(len(family.members))])
    return Population.from_frames(tables[0], tables[1]), earner


def _earns(member: Mapping[str, Any]) -> bool:
    return any(member.get(name, 0.0) > 0.0 for name in _NOTHING)
