"""What the footers of a population's Parquet files say: its pieces, their rows, columns and categories.

No column is read here. Everything that is wrong with any file is found at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.population.core import checks
from microsim.population.core.findings import Findings
from microsim.population.io.pieces import AGAIN, LIST, Piece, in_pieces, part_paths, read_list, unlisted
from microsim.population.io.storage import HOUSEHOLDS, PERSONS, PROFILE, mark_of, open_file, refuse_no_folder

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_LINKS = {"person": ("household_id", "person_id"), "household": ("household_id", "weight")}


@dataclass(frozen=True)
class Part:
    """One piece on disk: its two files and their rows."""

    households: Path
    persons: Path
    n_households: int
    n_persons: int
    in_order: bool  # persons are in the order of their households; otherwise that must be looked up
    population: str  # hash of the content, empty for files made by other programs

    @property
    def names(self) -> dict[str, str]:
        """What to call the two tables in messages."""
        return {"persons": shown(self.persons), "households": shown(self.households)}


@dataclass(frozen=True)
class Layout:
    """A population on disk: its pieces and what all of them hold."""

    parts: tuple[Part, ...]
    columns: Mapping[str, tuple[str, ...]]  # by entity, without ids and weight
    texts: Mapping[str, frozenset[str]]  # by entity: columns of text
    categories: Mapping[str, tuple[str, ...]]  # where the footers say them
    person_ids: bool
    profile: Path | None


@dataclass(frozen=True)
class _Footer:
    rows: int
    types: Mapping[str, str]
    mark: Mapping[str, Any]


def layout_of(folder: Path) -> Layout:
    """The footers of all pieces, compared with each other. Raises ``MicrosimError`` with all offences."""
    listed: list[Piece] | None = None
    paths = [(folder / HOUSEHOLDS, folder / PERSONS)]
    if in_pieces(folder):
        listed = read_list(folder)
        paths = [part_paths(folder, number) for number in range(len(listed))]
    else:
        refuse_no_folder(folder)
    offences: list[Offence] = []
    if listed is not None:
        hint = f"{LIST} does not name it: remove it, or {AGAIN}"
        offences += [
            Offence("is not a piece of this population", shown(p), hint)
            for p in unlisted(folder, len(listed))
        ]
    footers: list[tuple[_Footer, _Footer]] = []
    parts: list[Part] = []
    for number, (households, persons) in enumerate(paths):
        findings = Findings({"households": shown(households), "persons": shown(persons)})
        absent = () if listed is None else (AGAIN,)
        of_household = _footer(households, "households", findings, *absent)
        of_person = _footer(persons, "persons", findings, *absent)
        if of_household is not None and of_person is not None:
            _compare(of_household, of_person, listed[number] if listed else None, findings)
            if footers:
                for table, first, this in zip(
                    ("households", "persons"), footers[0], (of_household, of_person), strict=True
                ):
                    _same_columns(table, first, this, shown(paths[0][table == "persons"]), findings)
            else:
                _usable(of_household, of_person, findings)
            footers.append((of_household, of_person))
            parts.append(
                Part(
                    households,
                    persons,
                    of_household.rows,
                    of_person.rows,
                    bool(of_person.mark),
                    str(of_person.mark.get("population", "")),
                )
            )
        offences += findings.offences
    if offences:
        raise FileError(offences, title=f"{shown(folder)} cannot be read as a population")
    households_of, persons_of = footers[0]
    types = {"person": persons_of.types, "household": households_of.types}
    profile = folder / PROFILE
    return Layout(
        tuple(parts),
        {entity: tuple(name for name in types[entity] if name not in _LINKS[entity]) for entity in types},
        {entity: frozenset(n for n, kind in types[entity].items() if kind == "text") for entity in types},
        {name: tuple(words) for name, words in persons_of.mark.get("categories", {}).items()},
        "person_id" in persons_of.types,
        profile if profile.is_file() else None,
    )


def _footer(path: Path, table: str, findings: Findings, *hint: str) -> _Footer | None:
    file = open_file(path, table, findings, *hint)
    if file is None:
        return None
    with file:
        return _Footer(file.metadata.num_rows, _types(file), mark_of(file))


def _types(file: pq.ParquetFile) -> dict[str, str]:
    import pyarrow as pa

    schema = file.schema_arrow
    texts = (pa.types.is_dictionary, pa.types.is_string, pa.types.is_large_string)
    return {
        field.name: "text" if any(is_text(field.type) for is_text in texts) else str(field.type)
        for field in schema
    }


def _compare(households: _Footer, persons: _Footer, listed: Piece | None, findings: Findings) -> None:
    """Whether both files are of one population, and of the one in the list."""
    ours = households.mark.get("population"), persons.mark.get("population")
    if listed is None:
        if ours[0] != ours[1]:
            hint = "write or copy both files of one population"
            findings.table("persons", f"was not written together with {HOUSEHOLDS}", hint)
        return
    rows = (households.rows, persons.rows), (listed.households, listed.persons)
    for k, table in enumerate(("households", "persons")):
        if ours[k] != listed.population:
            findings.table(table, "is a piece of another population", AGAIN)
        elif rows[0][k] != rows[1][k]:
            findings.table(table, f"has {rows[0][k]} rows, but {LIST} says {rows[1][k]}", AGAIN)


def _same_columns(table: str, first: _Footer, this: _Footer, name: str, findings: Findings) -> None:
    """Every piece has the columns of the first, of the same types and categories."""
    for column in dict.fromkeys((*first.types, *this.types)):
        if column not in this.types:
            findings.table(table, f"lacks this column of {name}", AGAIN, column=column)
        elif column not in first.types:
            findings.table(table, f"has this column, which {name} lacks", AGAIN, column=column)
        elif this.types[column] != first.types[column]:
            what = f"holds {this.types[column]}, but in {name} {first.types[column]}"
            findings.table(table, what, AGAIN, column=column)
        else:
            words = [footer.mark.get("categories", {}).get(column, ()) for footer in (this, first)]
            if list(words[0]) != list(words[1]):
                what = f"has the categories {', '.join(words[0])}, but in {name} {', '.join(words[1])}"
                findings.table(table, what, AGAIN, column=column)


def _usable(households: _Footer, persons: _Footer, findings: Findings) -> None:
    checks.column_names(persons.types, households.types, findings)
    checks.required_columns("persons", persons.types, ["household_id"], findings)
    checks.required_columns("households", households.types, ["household_id", "weight"], findings)
    for table, footer in (("persons", persons), ("households", households)):
        if footer.rows == 0:
            findings.table(table, "has no rows")
