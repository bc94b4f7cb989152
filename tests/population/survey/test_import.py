"""Survey and register files become populations; nothing is filled, dropped or refused in silence."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.population.survey.files import read_file
from microsim.population.survey.importing import import_survey
from microsim.population.survey.mapping import find_mapping, read_mapping, templates, text_of
from microsim.population.survey.report import ImportReport
from tests.population.survey import survey_files

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
    return import_survey(read_mapping(find_mapping(str(mapping))), data, **options)  # type: ignore[arg-type]


def refusal(mapping: Path | str, *data: Path, **options: str | bytes) -> str:
    with pytest.raises(MicrosimError) as caught:
        imported(mapping, *data, **options)
    return str(caught.value)


# --- The layouts that come with the package


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
    assert "1 values beyond the range moved to its bound" in table.loc["business_income", "how"]
    assert "missing parts of sums taken as 0" in table.loc["private_transfer_income", "how"]
    assert "qa301" in report.unused["persons"]
    assert "source columns not verified against the data's own documents: in_school" in str(report)
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
    assert households["dibao_paid"].tolist() == [640.5 * 12, 560 * 12]
    assert households["recipients"].tolist() == [2.0, 1.0]
    assert "甲" not in str(persons.to_csv()) + str(households.to_csv())
    assert "999999" not in str(persons.to_csv()) + str(households.to_csv())


# --- What happens to values


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
        "records are counted from 1, header left out",
        "column age: 400 gives age 400, out of range in record 1; age lies in 0 to 120 years",
        "column age: 38.5 gives age 38.5, which is not a whole number in record 2",
        "column sex: code '9' of sex is not in recode in record 1",
        "column works: 'maybe' is neither yes nor no in record 1",
        "column wage: 'much' is not a number in record 1",
    ):
        assert words in message, message


def test_values_that_differ_within_a_household_are_told(tmp_path: Path) -> None:
    table = TABLE.replace("2,a,38,2,0,0,农村", "2,a,38,2,0,0,城市")
    mapping, data = written(tmp_path, MAPPING.replace("yuan/month}", "yuan/month, fill: 0}"), table)
    assert "column area: area differs within a household in record 2; take: first, sum" in refusal(
        mapping, data
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
    assert "recipients holds what looks like identity or telephone numbers" in message
    frame.loc[0, "身份证号"] = frame.loc[0, "身份证号"][:-1] + "0"
    frame.loc[1, "身份证号"] = "12345"
    frame.to_csv(path, index=False)
    message = refusal("civil-register", path)
    assert "identity number whose check digit is wrong in record 1" in message
    assert "no identity number of 18 digits in record 2" in message
    assert "12345" not in message


# --- Mapping files and data files that cannot be used


def test_all_that_is_wrong_in_a_mapping_is_named_with_its_place(tmp_path: Path) -> None:
    text = """
persons:
  household: family
  colums: {}
  columns:
    aeg: {from: age}
    sex: {from: sex, recode: {1: man, 2: female}}
    wage_income: {from: wage}
    business_income: {from: profit, unit: dollars}
    area: {from: area}
    works: {from: works, take: sum, fill: perhaps}
    property_income: {from: rent, table: households, unit: yuan/year}
    age: {}
    severe_illness: {from: ill, fill: median}
    person_id: {from: number}
    pension_income: {from: id, identity: age, unit: yuan/year, clip: true}
households:
  household: family
"""
    mapping, _ = written(tmp_path, text)
    with pytest.raises(MicrosimError) as caught:
        read_mapping(mapping)
    message = str(caught.value)
    for words in (
        "mapping.yaml:4:3: no such key 'colums'; did you mean 'columns'?",
        "mapping.yaml:6:5: no known column 'aeg'; did you mean 'age'? new: true keeps it all the same",
        "mapping.yaml:7:31: 'man' is no category of sex",
        "the unit of 'wage_income' in the source is not given; unit: one of yuan/year, yuan/month",
        "'dollars' cannot become yuan/year",
        "'area' is a column of households; move it to households",
        "'take' is for columns that come from the persons",
        "works is true or false, not 'perhaps'",
        "'property_income' of persons comes from the households; give: head, equal, adults says who gets it",
        "'age' needs either 'from' or 'value'",
        "severe_illness has no median",
        "'person_id' is not a column of its own",
        "age from an identity number needs a day; on: 2020-12-31",
        "says nothing of weights",
    ):
        assert words in message, message


def test_damaged_excel_files_are_refused(tmp_path: Path) -> None:
    mapping, data = written(tmp_path)
    pd.read_csv(data).to_excel(tmp_path / "x.xlsx", index=False)
    whole = (tmp_path / "x.xlsx").read_bytes()
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(tmp_path / "x.xlsx") as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts[part]
    for wrong in (
        sheet[:300],
        b"",
        b"<a/>",
        sheet.replace(b"<row", b"<\x00row"),
        sheet.replace(b't="s"', b't="d"'),
        sheet.replace(b'r="A2"', b'r="A' + b"5" * 30 + b'"'),  # a place far beyond where a sheet ends
    ):
        with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as new:
            for name, content in parts.items():
                new.writestr(name, wrong if name == part else content)
        assert "x.xlsx" in refusal(mapping, tmp_path / "x.xlsx")
    for cut in (10, len(whole) // 2, len(whole) - 30):
        (tmp_path / "x.xlsx").write_bytes(whole[:cut])
        assert "x.xlsx: not a readable Excel file" in refusal(mapping, tmp_path / "x.xlsx")


def test_words_are_not_added_up(tmp_path: Path) -> None:
    text = MAPPING.replace("from: sex", "from: [sex, works]")
    assert text != MAPPING
    mapping, data = written(tmp_path, text)
    assert "sex holds words, and several sources are added up; name one" in refusal(mapping, data)


@pytest.mark.parametrize("below", ["", "\n", "\n,,,,,,\n\n"])
def test_a_header_without_records_is_refused(below: str, tmp_path: Path) -> None:
    mapping, data = written(tmp_path, table=TABLE.splitlines()[0] + below)
    assert "data.csv: has no records below the header in line 1; is the file cut off" in refusal(
        mapping, data
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, MAPPING.replace("from: wage", "from: wages"))
    assert "has no column 'wages'; did you mean 'wage'?" in refusal(mapping, data)
    assert "no such file" in refusal(mapping, tmp_path / "absent.csv")
    (tmp_path / "x.doc").write_text("")
    assert "cannot read files that end in '.doc'" in refusal(mapping, tmp_path / "x.doc")
    for name in ("x.dta", "x.sav", "x.xlsx", "x.parquet"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        assert "not a readable" in refusal(mapping, tmp_path / name)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xff\xff\x00")
    assert "is neither UTF-8 nor GB18030" in refusal(mapping, tmp_path / "bytes.csv")
    assert "which file holds the persons" in refusal("cfps-2018", data, mapping)
    assert "no such mapping file or template; did you mean 'cfps-2018'" in refusal("cfps-2081", data)
    other = TABLE.replace(",a,", ",x,")
    mapping, data = written(tmp_path, table=other)
    (tmp_path / "h.csv").write_text("family,area\nq,农村\n", encoding="utf-8")
    assert "no person belongs to any household" in refusal(mapping, data, tmp_path / "h.csv")


def test_a_missing_reader_is_named_with_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for name, library in (("x.dta", "pyreadstat"), ("x.sav", "pyreadstat"), ("x.xlsx", "openpyxl")):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(MicrosimError) as caught:
            read_file(tmp_path / name)
        assert f"needs {library}, which is not installed; pip install 'microsim[survey]'" in str(caught.value)


def test_labels_and_sheets(tmp_path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(
        {
            "family": [1.0, 2.0],
            "number": [1.0, 2.0],
            "age": [30.0, 40.0],
            "sex": [1.0, 2.0],
            "works": [1.0, 0.0],
            "wage": [1.0, 2.0],
            "area": [1.0, 2.0],
        }
    )
    path = tmp_path / "labelled.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"area": {1.0: "农村", 2.0: "城市"}})
    mapping, _ = written(tmp_path)
    assert imported(mapping, path)[0].households["area"].tolist() == ["rural", "urban"]
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        pd.DataFrame({"note": ["read the second sheet"]}).to_excel(book, sheet_name="note", index=False)
        frame.assign(area="农村").to_excel(book, sheet_name="data", index=False)
    mapping, _ = written(tmp_path, "read: {sheet: data}\n" + MAPPING)
    assert imported(mapping, tmp_path / "book.xlsx")[0].n_households == 2
    mapping, _ = written(tmp_path, "read: {sheet: dat}\n" + MAPPING)
    assert "has no sheet 'dat'; did you mean 'data'?" in refusal(mapping, tmp_path / "book.xlsx")


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
    assert "'feminine' is no category of sex in record 2; recode it to one of male, female" in message
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
    for born, words in (("20230101", "born after 2020-12-31"), ("20201301", "without a day of birth")):
        frame = survey_files.register()
        frame.loc[0, "身份证号"] = survey_files.identity_number(born, 1)
        frame.to_csv(tmp_path / "register.csv", index=False)
        assert words in refusal("civil-register", tmp_path / "register.csv")


def test_a_household_without_its_id_is_told(tmp_path: Path) -> None:
    mapping, data = written(tmp_path, table=TABLE.replace("2,a,38", "2,,38"))
    assert "column family: no household in record 2; leave such records out with keep_if:" in refusal(
        mapping, data
    )


def test_mappings_of_the_wrong_form(tmp_path: Path) -> None:
    mapping, _ = written(tmp_path, "[1, 2]")
    with pytest.raises(MicrosimError, match="a mapping file has keys and values"):
        read_mapping(mapping)
    text = """
persons:
  household: [1]
  weight: {value: 1}
  missing: [{a: 1}]
  columns:
    age: {from: age, recode: 7}
    sex: {from: sex, table: villages, identity: name}
    in_school: {from: s, clip: true}
    wage_income: {from: w, unit: yuan/year, table: households, give: everybody}
households:
  weight: {value: 1, scale_to_persons: many}
  columns: [age]
  keep_if: 3
read: {encode: utf-8}
"""
    mapping, _ = written(tmp_path, text)
    with pytest.raises(MicrosimError) as caught:
        read_mapping(mapping)
    for words in (
        "weights belong to households",
        "codes are a list of numbers or texts",
        "recode is a table of code: value",
        "no table 'villages'; persons or households",
        "'identity' cannot be 'name'; one of age, sex",
        "in_school has no range to be kept in",
        "'give' cannot be 'everybody'; one of head, equal, adults",
        "households need the column that names the household",
        "persons are a number above 0, not 'many'",
        "'columns' has keys and values, not ['age']",
        "no such key 'encode'; did you mean 'encoding'?",
    ):
        assert words in str(caught.value), str(caught.value)
