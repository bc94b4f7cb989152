"""A census table for tests: H county's counts out of its profile, and made ones where that has none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from microsim.population import County
from microsim.population.census.tables import AGE_GROUPS, SEXES, age_column

ROOT = Path(__file__).resolve().parents[3]
H_COUNTY = ROOT / "data" / "synthetic" / "h-county"
_NEAR = ROOT.parent / "shared" / "realdata" / "china_county_census2020.csv.gz"


def real_census() -> Path:
    """The real tables, which are not part of the project; the test is skipped where they are not at hand."""
    path = Path(os.environ.get("MICROSIM_CENSUS", _NEAR))
    if not path.is_file():
        pytest.skip("no census tables: set MICROSIM_CENSUS to the file that docs/census.md describes")
    return path


def row(**changes: Any) -> dict[str, Any]:
    """H county's row; ``changes`` replace columns."""
    county = County.read(H_COUNTY)
    ages = county["demography.age_by_sex"]
    counts = {age_column(sex, group): int(ages[sex][group]) for sex in SEXES for group in AGE_GROUPS}
    return {
        "code": 640522,
        "province": "宁夏回族自治区",
        "city": "中卫市",
        "county": "海原县",
        "pop": 333518,
        "pop_m": sum(counts[age_column("male", group)] for group in AGE_GROUPS),
        "pop_f": sum(counts[age_column("female", group)] for group in AGE_GROUPS),
        "urban": 117462,
        "rural": 216056,
        "hh": 102663,
        "hh_pop": 322469,
        "hh_size": 3.14,
        "hh_1person": 18006,
        "hh_gen1": 38569,
        "hh_gen2": 52527,
        "hh_gen3": 11222,
        "hh_gen4p": 345,
        # Made: 28,700 persons in 20,300 households.
        "hh_65p": 20300,
        "hh_65p_one": 12000,
        "hh_65p_two": 8200,
        "hh_65p_three": 100,
        "emp_long": 13031,
        "emp_agri_long": 5335,
        "pop15p_long": 25502,
        "hh_long": 9295,
        "hh_car_long": 2588,
        "hh_rent_long": 957,
        **counts,
    } | changes


def other(code: int, county: str, city: str, **changes: Any) -> dict[str, Any]:
    """Another county of the same people."""
    return row(code=code, county=county, city=city, **changes)


def write(path: Path, *rows: dict[str, Any]) -> Path:
    """The rows (H county alone unless given) as a table; how is told by the end of the name."""
    table = pd.DataFrame(list(rows) or [row()])
    if path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False)
    return path
