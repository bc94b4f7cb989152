"""What is left out of an import is said with its records; received dibao has a column of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from microsim.cli.commands.check import needed_of_mapping
from microsim.population.survey.mapping import read_mapping, templates
from tests.cli.conftest import Call, call  # noqa: F401
from tests.population.survey.small_survey import MAPPING, imported, refusal, written
from tests.population.survey.small_survey import TABLE as WITH_A_GAP

TABLE = WITH_A_GAP.replace("70,2,no,,", "70,2,no,0,")

DROPPING = MAPPING.replace("age: {from: age}", "age: {from: age, fill: drop}")
TWO = MAPPING.replace("  person: number\n", "")


def test_records_that_are_left_out_are_named(tmp_path: Path) -> None:
    text = DROPPING.replace("  columns:\n    age", "  keep_if: {sex: [1, 2]}\n  columns:\n    age")
    table = TABLE.replace("1,a,40", "1,a,") + "4,c,30,1,1,5,农村\n5,d,9,7,0,0,农村\n"
    mapping, data = written(tmp_path, text, table)
    population, report = imported(mapping, data)
    assert population.n_households == 2
    told = str(report)
    assert "records of persons left out by keep_if: 1 (record 5)" in told
    assert "persons without age (fill: drop): 1 (record 1)" in told
    assert "persons of the households dropped: 2 (record 1, 2)" in told
    assert "households without persons, left out: 1 (record 5)" in told
    left = report.left_out_table()
    assert sorted(zip(left["table"], left["record"], strict=True)) == [
        ("households", 5),
        ("persons", 1),
        ("persons", 1),
        ("persons", 2),
        ("persons", 5),
    ]


def test_persons_and_households_that_do_not_meet(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, TWO, TABLE)
    homes = tmp_path / "homes.csv"
    homes.write_text("family,area\na,农村\nz,农村\n", encoding="utf-8")
    _, report = imported(mapping, data, homes)
    assert "households without persons, left out: 1 (record 2)" in str(report)
    assert "persons without a household record, left out: 1 (record 3)" in str(report)
    assert report.as_json()["left_out"]["persons without a household record, left out"]["records"] == [3]


def test_the_command_writes_them_all(call: Call, tmp_path: Path) -> None:  # noqa: F811
    written(tmp_path, DROPPING, TABLE.replace("3,b,70", "3,b,"))
    done = call("import", "mapping.yaml", "data.csv", "--out", "out", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["left_out"]["persons without age (fill: drop)"]["records"] == [3]
    left = pd.read_csv("out/import-left-out.csv")
    assert left["record"].tolist() == [3, 3]


@pytest.mark.parametrize(
    ("table", "ids"),
    [
        (TABLE.replace("2,a", "1,a"), "number"),  # within the household
        (TABLE.replace("3,b", "1,b"), "number"),  # across households
        (TABLE.replace("3,b", "1,b"), "keep"),
        (TABLE.replace("2,a", "1.0,a"), "number"),  # the same number as text
        (TABLE.replace("2,a", "１,a"), "number"),  # in full width
        (TABLE.replace("1,a", "p1,a").replace("2,a", "p1 ,a"), "number"),
    ],
)
def test_a_person_who_is_there_twice(tmp_path: Path, table: str, ids: str) -> None:
    mapping, data = written(tmp_path, MAPPING, table)
    assert "a person that occurs again in record" in refusal(mapping, data, ids=ids)


def test_what_is_received_is_taken_out_of_incomes(tmp_path: Path) -> None:
    table = "family,age,sex,works,area,transfers,dibao\na,70,1,no,农村,5000,2400\nb,60,2,no,城市,300,\n"
    text = MAPPING.replace("  person: number\n", "").replace(
        "wage_income: {from: wage, unit: yuan/month}",
        "wage_income: {value: 0}\n"
        "    private_transfer_income: {from: transfers, less: dibao, unit: yuan/year}",
    )
    text += "    dibao_received: {from: dibao, unit: yuan/year, fill: 0}\n"
    population, report = imported(*written(tmp_path, text, table))
    assert population.persons["private_transfer_income"].tolist() == [2600.0, 300.0]
    assert population.households["dibao_received"].tolist() == [2400.0, 0.0]
    row = report.table.set_index("column").loc["private_transfer_income"]
    assert (row["source"], "less dibao" in row["how"]) == ("transfers - dibao", True)
    too_much = written(tmp_path, text, table.replace("5000", "2000"))
    told = refusal(*too_much)
    assert "private_transfer_income is below 0 once dibao is taken off in record 1" in told
    clipped = text.replace("less: dibao,", "less: dibao, clip: true,")
    population, report = imported(*written(tmp_path, clipped, table.replace("5000", "2000")))
    assert population.persons["private_transfer_income"].tolist() == [0.0, 300.0]
    assert (
        "1 values outside the range" in report.table.set_index("column").loc["private_transfer_income", "how"]
    )


def test_received_dibao_among_incomes_is_pointed_out(tmp_path: Path) -> None:
    text = MAPPING.replace("wage_income: {from: wage,", "wage_income: {from: 低保金,")
    _, report = imported(*written(tmp_path, text, TABLE.replace("wage", "低保金")))
    assert "'低保金' looks like dibao received" in str(report)


def test_less_is_for_amounts(tmp_path: Path) -> None:
    text = MAPPING.replace("sex: {from: sex,", "sex: {from: sex, less: age,")
    assert "sex is no amount that something could be taken off" in refusal(*written(tmp_path, text))


def test_every_template_gives_what_the_law_needs() -> None:
    for name, path in templates().items():
        assert needed_of_mapping(read_mapping(path)) == "", name


def test_the_way_out_of_a_household_value_that_differs(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, MAPPING, TABLE.replace("2,a,38,2,0,0,农村", "2,a,38,2,0,0,城市"))
    assert "table: persons with take: first | sum | largest | any resolves this" in refusal(mapping, data)
    text = MAPPING.replace("area: {from: area,", "area: {from: area, table: persons, take: first,")
    population, _ = imported(*written(tmp_path, text, data.read_text(encoding="utf-8")))
    assert population.households["area"].tolist() == ["rural", "urban"]
