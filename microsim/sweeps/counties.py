"""The counties of a sweep: folders, patterns of folders, profiles, or a table with values of each county."""

from __future__ import annotations

import csv
import glob
import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from microsim.documents import Step, read_text, shown
from microsim.documents.findings import Findings
from microsim.documents.scalars import plain
from microsim.errors import InputError, MicrosimError, Offence
from microsim.population.io.footers import layout_of
from microsim.scenario.calibration import calibration_file
from microsim.scenario.practice.ensemble import ensemble_file
from microsim.scenario.reading import county_at
from microsim.sweeps.source import County

KEY, NAME = "county", "name"  # columns of a table that are no parameters
TABLES = (".csv", ".tsv")
_PATTERN = "the pattern is relative to this file: '../data/*-county'"
_EXAMPLES = "write counties: [../data/a, ../data/b], '../data/*-county', or a table counties.csv"
Row = tuple[County, tuple[Step, ...]]  # a county, and where what is said of it is


def counties_of(found: Findings, given: Any, folder: Path) -> tuple[list[Row], Findings]:
    """The counties that ``counties:`` names, each once, with the place of each.

    Paths are relative to ``folder``, and in a table to the table. What is wrong is noted in ``found``, or for
    a table in findings of its own, which are given back. Raises ``MicrosimError`` where there is no such
    table, or it has no counties.
    """
    if isinstance(given, str) and Path(given).suffix.lower() in TABLES:
        return _of_table(folder / given)
    entries = given if isinstance(given, list | tuple) else [given]
    rows: list[Row] = []
    for k, entry in enumerate(entries):
        steps: tuple[Step, ...] = ("counties", k) if isinstance(given, list | tuple) else ("counties",)
        if isinstance(entry, Mapping):
            changes = {str(name): value for name, value in entry.items() if name not in (KEY, NAME)}
            named, called = entry.get(KEY), entry.get(NAME)
        else:
            changes, named, called = {}, entry, None
        if not isinstance(named, str) or not named.strip():
            found.add(steps, f"a county is the path of a folder or a profile, found {named!r}", _EXAMPLES)
            continue
        rows += [
            (County(path, "" if called is None else str(called), changes), steps)
            for path in _paths(found, steps, folder, named)
        ]
    return _named(_each_once(found, rows)), found


def _paths(found: Findings, steps: tuple[Step, ...], folder: Path, named: str) -> Iterator[Path]:
    """The counties at a path; of a pattern all that it finds, in the order of their names."""
    if not glob.has_magic(named):
        path = county_at(found, steps, folder, named)
        yield from () if path is None else (path,)
        return
    places = sorted(glob.glob(os.path.join(folder, named)))
    counties = [place for place in places if _is_county(Path(place))]
    if not counties:
        what = f"{len(places)} files and folders, none of which is a county" if places else "nothing"
        found.add(steps, f"'{named}' finds {what}", _PATTERN)
    yield from (Path(os.path.normpath(place)) for place in counties)


def _is_county(path: Path) -> bool:
    if path.suffix in (".yaml", ".yml"):
        return path.is_file()
    return path.is_dir() and (any(path.glob("*.parquet")) or any(path.glob("households*")))


def _of_table(path: Path) -> tuple[list[Row], Findings]:
    """Counties of a CSV file: columns ``county``, perhaps ``name``, and the parameters of its own."""
    text, place = read_text(path, "the table is relative to this file"), shown(path)
    reader = csv.reader(io.StringIO(text), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    header = [column.strip() for column in next(reader, [])]
    if KEY not in header:
        hint = "its first line names the columns: county,dibao.line.rural"
        raise InputError(Offence(f"has no column '{KEY}'", place, hint))
    found = Findings(lambda *steps: ":".join((place, *map(str, steps))), place)
    rows: list[Row] = []
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            found.add((line, 1), f"has {len(cells)} cells, and the first line {len(header)} columns")
            continue
        said = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
        steps = (line, header.index(KEY) + 1)
        own = {column: cell for column, cell in said.items() if column not in (KEY, NAME) and cell}
        changes = {
            column: _value(found, (line, header.index(column) + 1), cell) for column, cell in own.items()
        }
        rows += [
            (County(one, said.get(NAME, ""), changes), steps)
            for one in _paths(found, steps, path.parent, said[KEY])
        ]
    if not rows and not found:
        raise InputError(Offence("names no county", place, "one county a line"))
    return _named(_each_once(found, rows)), found


def _value(found: Findings, steps: tuple[Step, ...], cell: str) -> Any:
    """What a cell says: a number, true or false, else text."""
    try:
        return plain(cell)
    except ValueError as error:
        found.add(steps, str(error))
        return cell


def _each_once(found: Findings, rows: list[Row]) -> list[Row]:
    """Without counties that a pattern finds and that are named already; others named twice are noted."""
    known: dict[str, County] = {}
    out = []
    for county, steps in rows:
        key = os.path.realpath(str(county.path))
        if key not in known:
            known[key] = county
            out.append((county, steps))
        elif county.changes or known[key].changes:
            found.add(steps, f"the county {shown(Path(str(county.path)))} is given twice", "leave one out")
    return out


def _named(rows: list[Row]) -> list[Row]:
    """Each with a name of its own: as it is called, its folder's, or where two have that, its whole path."""
    wanted = [county.name or name_of(county.path) for county, _ in rows]
    often = Counter(wanted)
    return [
        (replace(county, name=name if often[name] == 1 else shown(Path(str(county.path)))), steps)
        for (county, steps), name in zip(rows, wanted, strict=True)
    ]


def households_in(path: Path) -> int | None:
    """How many households a county has, by the footers of its files; None where they do not say."""
    try:
        return sum(part.n_households for part in layout_of(path).parts) if path.is_dir() else None
    except MicrosimError:
        return None


def stored_hash(path: Path) -> str:
    """SHA-256 over the files of a county: its households, its profile, and what lies beside that."""
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file()]
    else:
        files = [file for file in (path, calibration_file(path), ensemble_file(path)) if file.is_file()]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\n".encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def name_of(path: Path | None) -> str:
    """The name of a county's folder, or of its profile."""
    if path is None:
        return ""
    return path.parent.name if path.stem == "profile" else path.stem
