"""The layouts that come with the package, and registers in every form of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.population.survey.mapping import read_mapping, templates
from tests.population.survey import survey_files
from tests.population.survey.small_survey import imported


def test_every_template_is_a_good_mapping_that_says_what_was_verified() -> None:
    assert set(templates()) == {"cfps-2018", "chip-2013-rural", "chfs-2017", "civil-register"}
    for name, path in templates().items():
        mapping = read_mapping(path)
        for rule in (*mapping.persons.columns, *mapping.households.columns):
            assert rule.verified in (True, False) or not rule.sources, f"{name}: {rule.name}"


def test_cfps(tmp_path: Path) -> None:
    population, report = imported("cfps-2018", *survey_files.cfps(tmp_path))
    persons, households = population.persons, population.households
    assert households["weight"].tolist() == [1200.5, 800.0]
    assert households["area"].tolist() == ["rural", "urban"]
    assert persons["age"].tolist() == [45, 43, 12, 70]
    assert persons["sex"].tolist() == ["male", "female", "male", "female"]
    # Wages of the family go to its two adults; the missing one of the second is filled with 0.
    assert persons["wage_income"].tolist() == [15000.0, 15000.0, 0.0, 0.0]
    assert persons["private_transfer_income"].tolist() == [1200.0, 0.0, 0.0, 9000.0]
    assert persons["business_income"].tolist() == [0.0] * 4  # a loss of 500 stands as 0
    assert persons["in_school"].tolist() == ["none", "none", "primary", "none"]
    assert persons["household_id"].tolist() == [1, 1, 1, 2]
    assert report.counts["households without persons, left out"] == 1
    table = report.table.set_index("column")
    assert table.loc["wage_income", "filled"] == 1
    assert "1 values outside the range set to the nearest bound" in table.loc["business_income", "how"]
    assert "missing parts of sums counted as 0" in table.loc["private_transfer_income", "how"]
    assert "qa301" in report.unused["persons"]
    assert "source columns not verified against the data's documentation: in_school" in str(report)
    assert "not in the data, left at their defaults:" in str(report)


def test_chip(tmp_path: Path) -> None:
    population, report = imported(
        "chip-2013-rural", *survey_files.chip(tmp_path)[::-1]
    )  # told by their names
    assert population.persons["age"].tolist() == [63, 50, 48]
    assert population.persons["relation"].tolist() == ["head", "head", "spouse"]
    assert population.persons["wage_income"].tolist() == [0.0, 21000.0, 0.0]
    assert population.households["financial_assets"].tolist() == [0.0, 12000.0]
    assert population.households["disposable_income_reported"].tolist() == [8000.0, 30000.0]
    assert "filled: wage_income of persons, 2 of 3 with 0" in str(report)


def test_chfs(tmp_path: Path) -> None:
    population, report = imported("chfs-2017", *survey_files.chfs(tmp_path))
    assert population.persons["wage_income"].tolist() == [40000.0, 0.0, 0.0]
    assert population.households["total_income_reported"].tolist() == [42000.0, -300.0]
    assert population.households["weight"].tolist() == [15000.0, 22000.0]
    assert population.persons["age"].tolist() == [47, 7, 69]
    assert report.counts["persons imported"] == 3


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv with mark", "csv in GB18030", "sav", "parquet"])
def test_a_register_in_any_form(tmp_path: Path, form: str) -> None:
    frame = survey_files.register()
    path = tmp_path / f"register.{form.split()[0]}"
    if form == "xlsx":
        frame.to_excel(path, index=False)
    elif form == "sav":
        import pyreadstat

        pyreadstat.write_sav(frame, str(path))
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        encoding = {"csv": "utf-8", "csv with mark": "utf-8-sig"}.get(form, "gb18030")
        frame.to_csv(path, index=False, encoding=encoding)
    population, _ = imported("civil-register", path)
    persons, households = population.persons, population.households
    assert persons["age"].tolist() == [70, 68, 10]
    assert persons["sex"].tolist() == ["male", "female", "male"]
    assert persons["relation"].tolist() == ["head", "spouse", "head"]
    assert persons["wage_income"].tolist() == [14400.0, 0.0, 0.0]
    assert persons["disability_grade"].tolist() == ["grade2", "none", "none"]
    assert households["dibao_received"].tolist() == [640.5 * 12, 560 * 12]
    assert households["recipients"].tolist() == [2.0, 1.0]
    assert "甲" not in str(persons.to_csv()) + str(households.to_csv())
    assert "999999" not in str(persons.to_csv()) + str(households.to_csv())
