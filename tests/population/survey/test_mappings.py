"""Mapping files and data files that cannot be used: all that is wrong is named with its place."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.population.survey.files import read_file
from microsim.population.survey.mapping import read_mapping
from tests.population.survey.small_survey import MAPPING, TABLE, imported, refusal, written


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
        "mapping.yaml:6:5: no known column 'aeg'; did you mean 'age'? new: true keeps it anyway",
        "mapping.yaml:7:31: sex has no category 'man'",
        "the unit of 'wage_income' in the source is not given; unit: one of yuan/year, yuan/month",
        "'dollars' cannot become yuan/year",
        "'area' is a column of households; move it to households",
        "'take' is for columns that come from the persons",
        "works is true or false, found 'perhaps'",
        "'property_income' of persons comes from the households; give: head, equal, adults says who gets it",
        "'age' needs either 'from' or 'value'",
        "severe_illness has no median",
        "'person_id' is not a column of its own",
        "age from an identity number needs a day; on: 2020-12-31",
        "does not give weights",
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


@pytest.mark.parametrize("below", ["", "\n", "\n,,,,,,\n\n"])
def test_a_header_without_records_is_refused(below: str, tmp_path: Path) -> None:
    mapping, data = written(tmp_path, table=TABLE.splitlines()[0] + below)
    assert "data.csv: has no records below the header in line 1; is the file truncated" in refusal(
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
        "in_school has no range to clip to",
        "'give' cannot be 'everybody'; one of head, equal, adults",
        "households need the column that names the household",
        "persons are a number above 0, not 'many'",
        "'columns' has keys and values, not ['age']",
        "no such key 'encode'; did you mean 'encoding'?",
    ):
        assert words in str(caught.value), str(caught.value)
