"""A small survey file with its mapping, imported or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.population.survey.importing import import_survey
from microsim.population.survey.report import ImportReport

KEY = b"sixteen bytes and more"
MAPPING = """
persons:
  household: family
  person: number
  columns:
    age: {from: age}
    sex: {from: sex, recode: {1: male, 2: female}}
    works: {from: works}
    wage_income: {from: wage, unit: yuan/month}
    business_income: {value: 0}
households:
  household: family
  weight: {value: 1}
  columns:
    area: {from: area, recode: {农村: rural, 城市: urban}}
"""
TABLE = """number,family,age,sex,works,wage,area
1,a,40,1,1,"1,000",农村
2,a,38,2,0,0,农村
3,b,70,2,no,,城市
"""


def written(folder: Path, mapping: str = MAPPING, table: str = TABLE) -> tuple[Path, Path]:
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (folder / "data.csv").write_text(table, encoding="utf-8")
    return folder / "mapping.yaml", folder / "data.csv"


def imported(mapping: Path | str, *data: Path, **options: str | bytes) -> tuple[Population, ImportReport]:
    return import_survey(mapping, data, **options)  # type: ignore[arg-type]


def refusal(mapping: Path | str, *data: Path, **options: str | bytes) -> str:
    with pytest.raises(MicrosimError) as caught:
        imported(mapping, *data, **options)
    return str(caught.value)
