"""Every kind of file that the package reads: valid examples, and what reads them into objects."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from microsim.cli.commands.check import check
from microsim.errors import MicrosimError
from microsim.population import County, Population, load_families
from microsim.population.survey.importing import import_survey
from microsim.population.survey.mapping import read_mapping
from tests.fuzz.mutator import damaged, damaged_zip, mutated, mutated_yaml
from tests.scenario import small_county

ROOT = Path(__file__).resolve().parents[2]
Random = random.Random
MAPPING = """\
persons:
  file: survey*
  household: 户号
  columns:
    age: {from: 年龄, missing: [-8], fill: median, clip: true}
    sex: {from: 性别, recode: {1: male, 2: female, 男: male}, otherwise: female}
    relation: {from: 关系, recode: {1: head, 2: spouse, 3: child}, otherwise: other}
    wage_income: {from: [工资, 奖金], unit: yuan/month, fill: 0}
    business_income: {value: 0}
households:
  file: survey*
  household: 户号
  weight: {from: 权重, table: persons, take: first, scale_to_persons: 1000}
  columns:
    area: {from: 城乡, recode: {0: rural, 1: urban}, fill: rural, table: persons, take: first}
    financial_assets: {from: 存款, unit: 10000 yuan, table: persons, take: largest, fill: 0}
"""
ROWS = """\
户号,年龄,性别,关系,工资,奖金,权重,城乡,存款
A01,45,1,1,3000.5,200,12.5,0,3
A01,43,女,2,,,12.5,0,3
A01,-8,1,3,0,0,12.5,0,3
B02,70,2,1,0,0,8,1,0.5
"""
SWEEP = """\
title: Lines
scenario: base.yaml
axes:
  dibao.line.rural: [4200, 4800]
  dibao.line.urban: {from: 6000, to: 8000, steps: 3}
outputs: [cost, caseload]
"""
CASES = """\
scenario: base.yaml
cases:
  - {dibao.line.rural: 4200, dibao.line.urban: 7000}
  - {dibao.minimum_share: 0.1}
"""


@dataclass(frozen=True)
class Kind:
    """Examples (name, content) of one kind of file, what makes them wrong, and what reads them.

    ``read`` is given the file, in a folder that holds what such a file names.
    """

    name: str
    examples: tuple[tuple[str, bytes], ...]
    spoil: Callable[[bytes, Random], bytes]
    read: Callable[[Path], object]


def furnish(folder: Path) -> None:
    """What the examples name: a small county, a scenario, a survey, and a population in pieces."""
    county = small_county.write(folder, name="base.yaml").parent / "county"
    population = Population.read(county)
    population.select(population.household_id[:12]).write(folder / "few")
    population.select(population.household_id[:12]).write(folder / "pieces", households_per_piece=5)
    (folder / "survey.csv").write_text(ROWS, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")


def kinds(folder: Path) -> tuple[Kind, ...]:
    """All kinds; ``folder`` is one that ``furnish`` has been in."""

    def texts(paths: list[Path]) -> tuple[tuple[str, bytes], ...]:
        return tuple((path.name, path.read_bytes()) for path in sorted(paths))

    scenarios = tuple(
        (name, content.replace(b"county: ../data/synthetic/", b"county: county # "))
        for name, content in texts(list((ROOT / "scenarios").glob("*.yaml")))
        if b"\ncounty: ../data" in content
    )
    mosaic = tuple(
        (name, re.sub(rb"\.\./\.\./\.\./scenarios/\S+", b"base.yaml", content))
        for name, content in texts([ROOT / "data" / "synthetic" / "national-mosaic" / "mosaic.yaml"])
    )
    population = ROOT / "microsim" / "population"
    sheet = (("survey.xlsx", _sheet(folder)),)
    tables = tuple((p.name, p.read_bytes()) for p in sorted((folder / "few").glob("*.parquet")))
    part = (folder / "pieces" / "persons" / "part-00001.parquet").read_bytes()
    templates = texts(list((population / "templates").glob("*.yaml")))
    profiles = texts(list((ROOT / "data" / "synthetic").glob("h-*/profile.yaml")))
    listed = ("pieces.json", (folder / "pieces" / "pieces.json").read_bytes())
    return (
        Kind("scenario", scenarios, mutated_yaml, _scenario),
        Kind("sweep", (("sweep.yaml", SWEEP.encode()), ("cases.yaml", CASES.encode())), mutated_yaml, _sweep),
        Kind("families", texts([ROOT / "scenarios" / "families.yaml"]), mutated_yaml, _families),
        Kind("profile", profiles, mutated_yaml, _profile),
        Kind("mapping", (*templates, ("m.yaml", MAPPING.encode())), mutated_yaml, _mapping),
        Kind("law", texts(list((ROOT / "microsim" / "law").glob("*.yaml"))), mutated_yaml, _law),
        Kind("mosaic", mosaic, mutated_yaml, _mosaic),
        Kind("csv", (("survey.csv", ROWS.encode()),), mutated, _survey),
        Kind("xlsx", sheet, damaged_zip, _survey),
        Kind("parquet", tables, _table, _population),
        Kind("pieces", (listed, ("part.parquet", part)), _piece, _pieces),
    )


def _sheet(folder: Path) -> bytes:
    import pandas as pd

    path = folder / "whole.xlsx"
    pd.read_csv(folder / "survey.csv").to_excel(path, index=False)
    return path.read_bytes()


def _agreed(path: Path, read: Callable[[], object]) -> None:
    """What ``microsim check`` calls good can be read."""
    check(path)
    try:
        read()
    except MicrosimError as error:
        raise AssertionError(f"check calls it good, and reading does not: {error}") from error


def _scenario(path: Path) -> None:
    from microsim.scenario import load_scenario

    def read() -> None:
        scenario = load_scenario(path)
        for year in (None, *(scenario.years or ())):
            scenario.policy(year)
        json.dumps(scenario.title_in("zh") + scenario.hash + str(scenario.law_known_until))
        if not scenario.is_profile:
            scenario.population()

    _agreed(path, read)


def _sweep(path: Path) -> None:
    from microsim.sweeps.sweep_file import read_grid

    def read() -> None:
        grid = read_grid(path)
        for change in grid.changes(range(min(3, len(grid.points)))):
            grid.policy.reform(change, allow_unusual=True)

    _agreed(path, read)


def _families(path: Path) -> None:
    _agreed(path, lambda: load_families(path).population.hash)


def _profile(path: Path) -> None:
    def read() -> None:
        county = County.read(path)
        assert County.parse(county.text).figures == county.figures
        assert county.assumptions() is not None

    _agreed(path, read)


def _mapping(path: Path) -> None:
    check(path)
    import_survey(read_mapping(path), [path.parent / "survey.csv"])


def _law(path: Path) -> None:
    from microsim.policy.programmes import load_parameters

    def read() -> None:
        for parameter in load_parameters(path)[1]:
            for day in (dt.date(1995, 1, 1), dt.date(2016, 12, 31), dt.date(2026, 7, 1)):
                parameter.at(day)

    _agreed(path, read)


def _mosaic(path: Path) -> None:
    from microsim.studies.mosaic.drawing import read_mosaic

    read_mosaic(path)


def _survey(path: Path) -> None:
    import_survey(read_mapping(path.parent / "mapping.yaml"), [path])


def _population(path: Path) -> None:
    """One of the two files of a population takes the place of the valid one."""
    home = path.parent / "few"
    kept = (home / path.name).read_bytes()
    try:
        (home / path.name).write_bytes(path.read_bytes())
        _agreed(home, lambda: (Population.read(home).hash, Population.open(home).hash))
    finally:
        (home / path.name).write_bytes(kept)


def _pieces(path: Path) -> None:
    home = path.parent / "pieces"
    place = home / "pieces.json" if path.suffix == ".json" else home / "persons" / "part-00001.parquet"
    kept = place.read_bytes()
    try:
        place.write_bytes(path.read_bytes())
        _agreed(home, lambda: (Population.read(home).hash, Population.open(home).hash))
    finally:
        place.write_bytes(kept)


def _piece(content: bytes, chance: Random) -> bytes:
    return mutated(content, chance) if content.startswith(b"{") else _table(content, chance)


def _table(content: bytes, chance: Random) -> bytes:
    """A Parquet file damaged, or written anew with something else in a column or in its footer."""
    if chance.random() < 0.5:
        return damaged(content, chance)
    table = pq.read_table(pa.BufferReader(content))
    name = chance.choice(table.column_names)
    k, rows = table.column_names.index(name), table.num_rows
    wrong: list[pa.Array] = [
        pa.nulls(rows),
        *(
            pa.array([value] * rows)
            for value in (float("nan"), float("inf"), -1, 2**62, 1e300, "", "rural", True)
        ),
        *(pa.array([value] * rows) for value in (dt.date(2020, 1, 1), b"\xff", [1], {"a": 1})),
        pa.array([None] * rows, pa.string()),
        pa.array(["\u3000"] * rows).dictionary_encode(),
        pa.array([2**64 - 1] * rows, pa.uint64()),
        pa.array([chance.choice((0, 1, -5, 2**40)) for _ in range(rows)]),
    ]
    what = chance.randrange(6)
    if what == 0:
        table = table.drop_columns([name])
    elif what == 1:
        new = chance.choice(("", "x", "age", "area", "weight", "é\n"))
        table = table.rename_columns([new if old == name else old for old in table.column_names])
    elif what == 2:
        table = table.slice(0, chance.choice((0, 1, rows - 1)))
    elif what == 3:
        said = (table.schema.metadata or {}).get(b"microsim", b"{}")
        table = table.replace_schema_metadata({b"microsim": mutated(said, chance)})
    else:
        table = table.set_column(k, name, chance.choice(wrong))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()
