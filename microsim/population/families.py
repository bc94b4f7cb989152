"""Families described in words and numbers: a YAML file becomes a population of one household each.

What a file does not say of a member: no wage and no business income; in work where there is either; for the
rest the defaults of the column registry. Area, age, sex and relation must be said.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import Document, Step, read_document, shown
from microsim.errors import InputError, Offence, did_you_mean
from microsim.population.core.columns import STRUCTURAL, Column, known, registry

if TYPE_CHECKING:
    from microsim.population.population import Population

ADULT = 18  # age from which a member may be the earner without being named
LANGUAGES = ("en", "zh")
_TOP = ("title", "description", "families")
_WORDS = ("label", "description")
_NEEDED = {
    "area": "area: rural, or area: urban",
    "age": "age: 42 (completed years)",
    "sex": "sex: female, or sex: male",
    "relation": "relation: head for one member, and for the others their relation to the head",
}
_NOTHING = {"wage_income": 0.0, "business_income": 0.0}  # the registry has no default for these two
_EXAMPLE = "for example label: {en: A couple with a pupil, zh: 夫妇带一名学生}"


@dataclass(frozen=True, eq=False)
class Families:
    """The families of a file, in its order; household ``k`` of ``population`` (from 1) is the k-th.

    Attributes:
        path: the file.
        title: of the whole, by language; empty where it has none.
        names: keys of the families.
        labels: name -> language -> what the family is called.
        descriptions: name -> language -> what is told of it; empty where nothing is.
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
    return _Reader(document).read()


@dataclass(frozen=True)
class _Family:
    """One family as read: values by column, and which member is the earner."""

    household: Mapping[str, Any]
    members: list[dict[str, Any]]
    earner: int


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._found: list[tuple[tuple[int, int], Offence]] = []

    def say(self, steps: tuple[Step, ...], message: str, hint: str = "") -> None:
        place = self.document.place(*steps)
        line, column = (int(part) for part in place.rsplit(":", 2)[-2:])
        self._found.append(((line, column), Offence(message, place, hint)))

    def read(self) -> Families:
        title = f"{shown(self.document.path)} cannot be used as families"
        data = self.document.data
        if not isinstance(data, dict) or not isinstance(data.get("families"), dict) or not data["families"]:
            at: tuple[Step, ...] = ("families",) if isinstance(data, dict) and "families" in data else ()
            hint = "families: {single-elder: {label: ..., area: rural, members: [...]}, ...}"
            raise InputError(Offence("a families file lists families", self.document.place(*at), hint), title)
        self._unknown((), data, _TOP, "key")
        words = {key: self._text((key,), data.get(key)) for key in ("title", "description")}
        labels, told, families = {}, {}, []
        for name, entry in data["families"].items():
            steps = ("families", name)
            if not isinstance(name, str) or not isinstance(entry, dict):
                self.say(steps, f"family '{name}' is a name with keys: label, area, members and columns")
                continue
            labels[name] = self._label(steps, entry)
            told[name] = self._text((*steps, "description"), entry.get("description"))
            families.append(self._family(steps, entry))
        if self._found:
            raise InputError([o for _, o in sorted(self._found, key=lambda item: item[0])], title)
        population, earner = _population(families)
        return Families(self.document.path, words["title"], tuple(labels), labels, told, population, earner)

    # -- families and members

    def _label(self, steps: tuple[Step, ...], entry: Mapping[Any, Any]) -> dict[str, str]:
        before = len(self._found)
        label = self._text((*steps, "label"), entry.get("label"))
        if not label and len(self._found) == before:
            self.say(
                (*steps, "label") if "label" in entry else steps, f"{steps[-1]}: 'label' is missing", _EXAMPLE
            )
        return label

    def _family(self, steps: tuple[Step, ...], entry: Mapping[Any, Any]) -> _Family:
        name = str(steps[-1])
        columns = {key: value for key, value in entry.items() if key not in (*_WORDS, "members")}
        household = self._columns(steps, columns, "household", (*_WORDS, "members"))
        if "area" not in entry:
            self.say(steps, f"{name}: 'area' is missing", _NEEDED["area"])
        given = entry.get("members")
        if not isinstance(given, list) or not given:
            example = "members: [{relation: head, sex: female, age: 70}]"
            place = (*steps, "members") if "members" in entry else steps
            self.say(place, f"{name}: 'members' is a list of at least one member", example)
            return _Family(household, [], 0)
        members: list[dict[str, Any]] = []
        earners: list[int] = []
        for k, member in enumerate(given):
            place = (*steps, "members", k)
            if not isinstance(member, dict):
                self.say(
                    place,
                    f"{name}: a member has keys and values, found '{member}'",
                    "{relation: head, age: 70}",
                )
                continue
            if self._is_earner(place, member):
                earners.append(k)
            own = {key: value for key, value in member.items() if key != "earner"}
            members.append(self._columns(place, own, "person", ("earner",)))
            for needed in ("relation", "sex", "age"):
                if needed not in member:
                    self.say(place, f"{name}: a member's '{needed}' is missing", _NEEDED[needed])
        self._one_head(steps, given)
        for k in earners[1:]:
            self.say(
                (*steps, "members", k, "earner"),
                f"{name}: two members are marked as the earner",
                "mark one of them",
            )
        return _Family(household, members, earners[0] if earners else _first_adult(members))

    def _is_earner(self, place: tuple[Step, ...], member: Mapping[Any, Any]) -> bool:
        marked = member.get("earner", False)
        if type(marked) is not bool:
            self.say(
                (*place, "earner"),
                f"'earner' is true or false, found '{marked}'",
                "earner: true for one member",
            )
            return False
        return marked

    def _one_head(self, steps: tuple[Step, ...], given: list[Any]) -> None:
        relations = [(k, m.get("relation")) for k, m in enumerate(given) if isinstance(m, dict)]
        heads = [k for k, relation in relations if relation == "head"]
        if not heads and all(r in registry()["relation"].categories for _, r in relations):
            self.say((*steps, "members"), f"{steps[-1]}: nobody is the head", _NEEDED["relation"])
        for k in heads[1:]:
            self.say((*steps, "members", k, "relation"), f"{steps[-1]}: a second head", _NEEDED["relation"])

    # -- values

    def _columns(
        self, steps: tuple[Step, ...], given: Mapping[Any, Any], entity: str, others: tuple[str, ...]
    ) -> dict[str, Any]:
        """The columns of one household or member that can be used."""
        columns = known(entity)
        out = {}
        for key, value in given.items():
            if key in columns:
                if self._fits((*steps, key), columns[key], value):
                    out[key] = value
            elif key in STRUCTURAL:
                self.say((*steps, key), f"'{key}' is set automatically", "leave it out")
            elif key in registry():
                owner = "the family" if entity == "person" else "one of its members"
                self.say(
                    (*steps, key), f"'{key}' is a column of {registry()[key].table}", f"write it with {owner}"
                )
            else:
                hint = did_you_mean(str(key), [*columns, *others])
                self.say(
                    (*steps, key), f"no such column '{key}'", hint or "columns are those of a population"
                )
        return out

    def _fits(self, steps: tuple[Step, ...], column: Column, value: Any) -> bool:
        before = len(self._found)
        number = type(value) in (int, float)
        if column.type == "category":
            if value not in column.categories:
                near, allowed = did_you_mean(str(value), column.categories), ", ".join(column.categories)
                self.say(
                    steps, f"{column.name} has no category '{value}'", f"{near} allowed: {allowed}".strip()
                )
        elif column.type == "bool":
            if type(value) is not bool:
                self.say(steps, f"{column.name} is true or false, found '{value}'")
        elif not number or not math.isfinite(value):
            self.say(steps, f"{column.name} is a number ({column.unit}), found '{value}'")
        elif column.type == "int" and value != int(value):
            self.say(steps, f"{column.name} is a whole number, found {value}")
        elif (column.minimum is not None and value < column.minimum) or (
            column.maximum is not None and value > column.maximum
        ):
            low = "" if column.minimum is None else f" from {column.minimum:g}"
            high = "" if column.maximum is None else f" to {column.maximum:g}"
            self.say(steps, f"{column.name} is {value}", f"allowed: values{low}{high} ({column.unit})")
        return len(self._found) == before

    def _text(self, steps: tuple[Step, ...], value: Any) -> dict[str, str]:
        """Text in one language or two, as in a scenario."""
        if value is None or isinstance(value, str):
            return {"en": value} if value else {}
        if not isinstance(value, dict):
            self.say(steps, f"'{steps[-1]}' must be text or {{en: ..., zh: ...}}, found '{value}'")
            return {}
        self._unknown(steps, value, LANGUAGES, "language")
        for language, text in value.items():
            if not isinstance(text, str):
                self.say(
                    (*steps, language),
                    f"{steps[-1]}.{language} must be text, found '{text}'",
                    "put it in quotes",
                )
        return {k: v for k, v in value.items() if isinstance(v, str)}

    def _unknown(
        self, steps: tuple[Step, ...], given: Mapping[Any, Any], allowed: tuple[str, ...], word: str
    ) -> None:
        for key in given:
            if key not in allowed:
                hint = did_you_mean(str(key), allowed) or f"known: {', '.join(allowed)}"
                self.say((*steps, key), f"no such {word} '{key}'", hint)


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
            # Whole numbers as in the packaged counties, so that both share compiled kernels.
            small = (
                column.type == "int"
                and max((abs(v or 0) for v in values), default=0) <= np.iinfo(np.int16).max
            )
            whole = np.int16 if small else int
            dtype: Any = {"float": float, "int": whole, "bool": bool, "category": object}[column.type]
            frame[name] = pd.Series(values, dtype=dtype)
        tables.append(frame)
    earner = np.array([k == family.earner for family in families for k in range(len(family.members))])
    return Population.from_frames(tables[0], tables[1]), earner


def _earns(member: Mapping[str, Any]) -> bool:
    return any(member.get(name, 0.0) > 0.0 for name in _NOTHING)
