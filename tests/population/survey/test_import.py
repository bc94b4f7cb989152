"""Values and identifiers of survey files: nothing is filled, dropped or refused in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from microsim.population.survey.mapping import find_mapping, text_of
from tests.population.survey import survey_files
from tests.population.survey.small_survey import KEY, MAPPING, TABLE, imported, refusal, written


def test_units_codes_and_gaps(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: median}"))
    population, report = imported(mapping, data)
    assert population.persons["wage_income"].tolist() == [12000.0, 0.0, 6000.0]
    assert population.persons["works"].tolist() == [True, False, False]
    assert "filled: wage_income of persons, 1 of 3 with 6000.0" in str(report)
    row = report.table.set_index("column").loc["business_income"]
    assert row["how"] == "assumed: not in the data"


def test_a_gap_is_refused_unless_the_mapping_says_what_to_do(tmp_path: Path) -> None:
    mapping, data = written(tmp_path)
    message = refusal(mapping, data)
    assert "data.csv, column wage: wage_income is missing in 1 of 3 persons: record 3" in message
    assert "fill: drop (leaves the household out)" in message
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: drop}"))
    population, report = imported(mapping, data)
    assert population.n_households == 1
    assert report.counts["households dropped for missing values (fill: drop)"] == 1


def test_all_that_is_wrong_in_the_data_is_named_with_its_record(tmp_path: Path) -> None:
    table = (
        TABLE.replace("1,a,40,1,1", "1,a,400,9,maybe")
        .replace('"1,000"', "much")
        .replace("2,a,38", "2,a,38.5")
    )
    mapping, data = written(tmp_path, table=table)
    message = refusal(mapping, data)
    for words in (
        "records are counted from 1, without the header",
        "column age: 400 gives age 400, out of range in record 1; age must be in 0 to 120 years",
        "column age: 38.5 gives age 38.5, which is not a whole number in record 2",
        "column sex: code '9' of sex is not in recode in record 1",
        "column works: 'maybe' is neither yes nor no in record 1",
        "column wage: 'much' is not a number in record 1",
    ):
        assert words in message, message


def test_values_that_differ_within_a_household_are_told(tmp_path: Path) -> None:
    table = TABLE.replace("2,a,38,2,0,0,农村", "2,a,38,2,0,0,城市")
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: 0}"), table)
    assert (
        "column area: area differs within a household in record 2; table: persons with take: first | sum"
        in refusal(mapping, data)
    )
    settled = MAPPING.replace("yuan/month}", "yuan/month, fill: 0}").replace(
        "area: {", "area: {table: persons, take: first, "
    )
    mapping, data = written(tmp_path, settled, table)
    assert imported(mapping, data)[0].households["area"].tolist() == ["rural", "urban"]


@pytest.mark.parametrize(
    ("take", "values"), [("sum", [1000.0, 0.0]), ("largest", [1000.0, 0.0]), ("any", [True, False])]
)
def test_values_of_persons_make_one_of_the_household(tmp_path: Path, take: str, values: list[object]) -> None:
    more = (
        f"    wages_seen: {{from: wage, table: persons, take: {take}, unit: yuan/year, fill: 0, new: true}}\n"
    )
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: 0}") + more)
    assert imported(mapping, data)[0].households["wages_seen"].tolist() == values


@pytest.mark.parametrize(("give", "shares"), [("head", [900.0, 0.0]), ("equal", [450.0, 450.0])])
def test_an_amount_of_the_household_goes_to_persons(tmp_path: Path, give: str, shares: list[float]) -> None:
    text = MAPPING.replace(
        "business_income: {value: 0}",
        f"business_income: {{from: age, table: households, "
        f"take: first, give: {give}, unit: yuan/year, fill: 0}}",
    ).replace("yuan/month}", "yuan/month, fill: 0}")
    text = text.replace(", take: first", "")
    table = TABLE.replace("1,a,40", "1,a,90").replace("2,a,38", "2,a,90")
    mapping, data = written(tmp_path, text, table)
    population, _ = imported(mapping, data)
    np.testing.assert_allclose(population.persons["business_income"][:2], np.array(shares) / 10)


def test_records_can_be_left_out_and_weights_scaled(tmp_path: Path) -> None:
    text = MAPPING.replace("  person: number\n", "  person: number\n  keep_if: {works: [1, 0]}\n")
    text = text.replace("{value: 1}", "{value: 2, scale_to_persons: 1000}")
    mapping, data = written(tmp_path, text)
    population, report = imported(mapping, data)
    assert population.weight.tolist() == [500.0]
    assert report.counts["records of persons left out by keep_if"] == 1
    assert report.counts["households without persons, left out"] == 1


# --- Identifiers


def test_ids_are_numbered_hashed_or_kept(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: 0}"))
    assert imported(mapping, data)[0].household_id.tolist() == [1, 2]
    hashed = imported(mapping, data, ids="hash", key=KEY)[0]
    assert (
        hashed.household_id.tolist() == imported(mapping, data, ids="hash", key=KEY)[0].household_id.tolist()
    )
    assert (
        set(hashed.household_id) & set(imported(mapping, data, ids="hash", key=KEY + b"!")[0].household_id)
        == set()
    )
    assert "need a secret key of at least 16 bytes" in refusal(mapping, data, ids="hash", key=b"short")
    assert "2 ids are not whole numbers" in refusal(mapping, data, ids="keep")
    mapping, data = written(
        tmp_path,
        MAPPING.replace("yuan/month}", "yuan/month, fill: 0}"),
        TABLE.replace(",a,", ",70,").replace(",b,", ",8,"),
    )
    kept = imported(mapping, data, ids="keep")[0]
    assert kept.household_id.tolist() == [70, 8]
    assert kept.person_id.tolist() == [1, 2, 3]


def test_identity_numbers_are_not_carried_over(tmp_path: Path) -> None:
    frame = survey_files.register()
    path = tmp_path / "register.csv"
    frame.to_csv(path, index=False)
    text = find_mapping("civil-register").read_text(encoding="utf-8")
    (tmp_path / "m.yaml").write_text(text.replace("from: 保障人数", "from: 身份证号"), encoding="utf-8")
    message = refusal(tmp_path / "m.yaml", path)
    assert "recipients contains what look like identity or telephone numbers" in message
    frame.loc[0, "身份证号"] = frame.loc[0, "身份证号"][:-1] + "0"
    frame.loc[1, "身份证号"] = "12345"
    frame.to_csv(path, index=False)
    message = refusal("civil-register", path)
    assert "identity number whose check digit is wrong in record 1" in message
    assert "no identity number of 18 digits in record 2" in message
    assert "12345" not in message


def test_words_are_not_added_up(tmp_path: Path) -> None:
    text = MAPPING.replace("from: sex", "from: [sex, works]")
    assert text != MAPPING
    mapping, data = written(tmp_path, text)
    assert "sex holds words, and several sources are added up; name one" in refusal(mapping, data)


def test_codes_are_compared_as_a_person_would() -> None:
    assert [text_of(one) for one in (1, 1.0, "1", " 1 ", "1.0", True)] == ["1", "1", "1", "1", "1", "true"]
    assert [text_of(one) for one in (None, float("nan"), "inf", "1e3", 10**18)] == [
        "",
        "",
        "inf",
        "1000",
        str(10**18),
    ]
    assert [text_of(one) for one in ("0012", "-8", "0", 2.5, "农村")] == ["0012", "-8", "0", "2.5", "农村"]


def test_values_in_words_numbers_and_neither(tmp_path: Path) -> None:
    text = MAPPING.replace("recode: {1: male, 2: female}", "fill: drop").replace(
        "yuan/month}", "yuan/month, fill: 0}"
    )
    text += "    kind: {from: kind, new: true}\n"
    table = (
        "number,family,age,sex,works,wage,area,kind\n1,a,40,male,是,inf,农村,x\n2,b,30,feminine,2,5,农村,y\n"
    )
    mapping, data = written(tmp_path, text, table)
    message = refusal(mapping, data)
    assert "'feminine' is not a category of sex in record 2; recode it to one of male, female" in message
    assert "'2' is neither yes nor no in record 2; recode it to true and false" in message
    assert "'inf' is not a finite number in record 1" in message
    good = table.replace("feminine", "female").replace("是,inf", "是,1").replace(",2,5", ",否,5")
    mapping, data = written(tmp_path, text, good)
    population, _ = imported(mapping, data)
    assert population.households["kind"].tolist() == ["x", "y"]
    assert population.persons["works"].tolist() == [True, False]


def test_numbers_of_persons_never_stand_in_a_message(tmp_path: Path) -> None:
    number = survey_files.identity_number("19800101", 1)
    table = TABLE.replace("1,a,40,1", f"1,a,40,{number}").replace("2,a,38", "2,a,13800000000")
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: 0}"), table)
    message = refusal(mapping, data)
    assert number not in message
    assert "13800000000" not in message
    assert "code '(a personal number)' of sex is not in recode in record 1" in message


def test_an_identity_number_must_hold_a_day_before_the_day_asked_for(tmp_path: Path) -> None:
    for born, words in (("20230101", "born after 2020-12-31"), ("20201301", "without a valid date of birth")):
        frame = survey_files.register()
        frame.loc[0, "身份证号"] = survey_files.identity_number(born, 1)
        frame.to_csv(tmp_path / "register.csv", index=False)
        assert words in refusal("civil-register", tmp_path / "register.csv")


def test_a_household_without_its_id_is_told(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, table=TABLE.replace("2,a,38", "2,,38"))
    assert "column family: no household in record 2; leave such records out with keep_if:" in refusal(
        mapping, data
    )
