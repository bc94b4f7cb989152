"""Data as offices keep them: read exactly and with a note, or refused with rows and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from microsim.documents import read_document
from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.population.survey.encoding import ungarbled
from microsim.population.survey.importing import import_survey
from microsim.population.survey.mapping import read_mapping
from microsim.population.survey.report import ImportReport

BAD = sorted((Path(__file__).parents[2] / "bad_input" / "import").glob("*.yaml"))
MAPPING = """
{read}
persons:
  household: {names[0]}
  person: {names[1]}
  {layout}
  columns:
    age: {{from: {names[2]}}}
    relation: {{from: {names[3]}, recode: {{户主: head, 配偶: spouse, 子: child}}, otherwise: other}}
    wage_income: {{from: {names[4]}, unit: yuan/month, fill: 0}}
    works: {{value: false}}
    business_income: {{from: {names[4]}, unit: yuan/year, fill: 0, clip: true}}
households:
  household: {names[0]}
  weight: {{value: 1}}
  columns:
    area: {{value: rural}}
"""
CHINESE = ("户编号", "成员编号", "年龄", "关系", "月收入")
LATIN = ("hh", "pid", "age", "rel", "wage")


def mapping(folder: Path, names: tuple[str, ...] = CHINESE, read: str = "", layout: str = "") -> Path:
    path = folder / "mapping.yaml"
    path.write_text(MAPPING.format(names=names, read=read, layout=layout), encoding="utf-8")
    return path


def sheet(folder: Path, rows: list[list[Any]], merge: str = "") -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    book.save(folder / "data.xlsx")
    return folder / "data.xlsx"


def imported(path: Path, *data: Path, **options: Any) -> tuple[Population, ImportReport]:
    return import_survey(read_mapping(path), data, **options)


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


CASES = [
    pytest.param(read_document(file).data, form, id=f"{file.stem}-{form}")
    for file in BAD
    for form in ("csv", "xlsx")
    if form in read_document(file).data
]


@pytest.mark.parametrize(("case", "form"), CASES)
def test_bad_data_are_refused_in_words(case: dict[str, Any], form: str, tmp_path: Path) -> None:
    data = (
        table(tmp_path, case["csv"], case.get("encoding", "utf-8"))
        if form == "csv"
        else sheet(tmp_path, case["xlsx"])
    )
    names = LATIN if "hh" in str(case[form])[:12] else CHINESE
    path = mapping(tmp_path, names, case.get("read", ""), case.get("layout", ""))
    for ids in ("number", "keep"):
        with pytest.raises(MicrosimError) as caught:
            imported(path, data, ids=ids)
        message = str(caught.value)
        for words in case["words"]:
            assert words in message, message


GOOD = "户编号,成员编号,年龄,关系,月收入\n7,1,40,户主,100\n7,2,38,配偶,0\n8,3,70,户主,0\n"


def test_ids_are_read_exactly_where_they_can_be(tmp_path: Path) -> None:
    long = GOOD.replace("\n7,", "\n110101199001011234,").replace("\n8,", "\n110101199001011237,")
    population, _ = imported(mapping(tmp_path), table(tmp_path, long), ids="keep")
    assert population.household_id.tolist() == [110101199001011234, 110101199001011237]
    odd = GOOD.replace("\n7,2", "\n７ ,2").replace("\n8,", "\n8.0,").replace("7,1", " 7\u3000,1")
    population, report = imported(mapping(tmp_path), table(tmp_path, odd), ids="keep")
    assert population.household_id.tolist() == [7, 8]
    assert any("3 ids read without stray spaces, full-width digits or '.0'" in note for note in report.notes)
    _, report = imported(mapping(tmp_path), table(tmp_path, GOOD))
    assert report.notes == []


@pytest.mark.parametrize("ids", ["number", "keep"])
def test_a_family_twice_in_its_own_file_is_refused(tmp_path: Path, ids: str) -> None:
    persons = table(tmp_path, GOOD)
    families = tmp_path / "families.csv"
    families.write_text("户编号,line\n7,1\n8,1\n7,2\n", encoding="utf-8")
    path = mapping(tmp_path)
    with pytest.raises(MicrosimError) as caught:
        imported(path, persons, families, ids=ids)
    assert "families.csv, column 户编号: a household that occurs again in record 3" in str(caught.value)
    assert "name the column that distinguishes them under households: person:" in str(caught.value)
    text = path.read_text(encoding="utf-8").replace("  weight:", "  person: line\n  weight:")
    path.write_text(text, encoding="utf-8")
    assert imported(path, persons, families, ids=ids)[0].n_households == 2


def test_records_that_are_copies_are_told_where_nothing_names_persons(tmp_path: Path) -> None:
    path = mapping(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("  person: 成员编号\n", ""), encoding="utf-8")
    _, report = imported(path, table(tmp_path, GOOD + "8,3,70,子,0\n8,4,70,子,0\n"))
    assert "data.csv: 1 record says the same as an earlier one" in report.notes[0]
    assert "(record 5): identical persons, or duplicates? person: COLUMN would settle it" in report.notes[0]


def test_an_identity_number_stands_in_one_record(tmp_path: Path) -> None:
    from tests.population.survey.survey_files import register

    frame = register()
    frame.loc[2, "身份证号"] = frame.loc[0, "身份证号"]
    frame.to_csv(tmp_path / "register.csv", index=False)
    from microsim.population.survey.mapping import find_mapping

    with pytest.raises(MicrosimError) as caught:
        imported(find_mapping("civil-register"), tmp_path / "register.csv")
    assert "column 身份证号: an identity number that occurs again in record 3" in str(caught.value)
    assert "999999" not in str(caught.value)


def test_zeros_lost_in_one_of_two_files(tmp_path: Path) -> None:
    families = tmp_path / "families.csv"
    families.write_text("户编号\n007\n008\n", encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        imported(
            mapping(tmp_path), table(tmp_path, GOOD + "008,9,9,户主,0\n".replace("008", "009")), families
        )
    assert "households whose ids match except for leading zeros; write the ids in the same way" in str(
        caught.value
    )


def test_floats_of_stata_and_parquet_that_run_together(tmp_path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(
        {"hh": [16777217.0, 16777219.0], "pid": [1.0, 2.0], "age": [40.0, 38.0], "wage": 0.0}
    )
    frame["rel"] = "户主"
    for name, limit in (("data.dta", "16,777,216"), ("data.parquet", "16,777,216")):
        if name.endswith("dta"):
            frame.astype({"hh": "float32"}).to_stata(tmp_path / name, write_index=False, version=118)
            assert pyreadstat.read_dta(str(tmp_path / name))[0]["hh"].nunique() < 3
        else:
            frame.astype({"hh": "float32"}).to_parquet(tmp_path / name)
        with pytest.raises(MicrosimError) as caught:
            imported(mapping(tmp_path, LATIN), tmp_path / name)
        assert f"not exact here (from {limit} on they are rounded)" in str(caught.value)
    frame.to_parquet(tmp_path / "data.parquet")
    kept = imported(mapping(tmp_path, LATIN), tmp_path / "data.parquet", ids="keep")[0]
    assert kept.household_id.tolist() == [16777217, 16777219]


def test_titles_blank_rows_and_merged_cells(tmp_path: Path) -> None:
    rows = [
        ["某县低保对象花名册"],
        [],
        list(CHINESE),
        ["0007", 1, 40, "户主", 100],
        [None, 2, 38, "配偶", 0],
        [],
        ["0008", 3, 70, "户主", 0],
        [],
    ]
    data = sheet(tmp_path, rows, merge="A4:A5")
    path = mapping(tmp_path, layout="header_row: 3\n  fill_down: [户编号]")
    population, report = imported(path, data)
    assert population.persons["household_id"].tolist() == [1, 1, 2]
    assert population.persons["age"].tolist() == [40, 38, 70]
    assert report.notes == [
        f"{data}: 2 rows above the header skipped",
        f"{data}: 1 blank row left out (row 6)",
        f"{data}, column 户编号: 1 blank cell filled with the value above",
    ]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    population, _ = imported(path, table(tmp_path, text))
    assert population.persons["household_id"].tolist() == [1, 1, 2]


def test_merged_cells_that_are_not_filled_are_told(tmp_path: Path) -> None:
    rows = [list(CHINESE), [7, 1, 40, "户主", 100], [7, 2, 38, "配偶", None]]
    data = sheet(tmp_path, rows, merge="E2:E3")
    _, report = imported(mapping(tmp_path), data)
    assert f"{data}, column 月收入: 1 merged cell with one value for several rows (row 2)" in report.notes[0]
    assert "fill_down: [月收入] repeats it" in report.notes[0]


def test_records_are_counted_with_blank_rows(tmp_path: Path) -> None:
    bad = GOOD.replace("7,2,38", "\n7,2,380")
    with pytest.raises(MicrosimError, match="380 gives age 380, out of range in record 3"):
        imported(mapping(tmp_path), table(tmp_path, bad))


def test_what_fell_into_otherwise_is_counted_and_shown(tmp_path: Path) -> None:
    odd = GOOD + "8,4,30,女婿,0\n8,5,30,女婿,0\n8,6,30,邻居,0\n"
    _, report = imported(mapping(tmp_path), table(tmp_path, odd))
    assert report.notes == [
        "relation: 3 values are not in recode and became 'other' (otherwise:): '女婿' 2 times, '邻居' once"
    ]
    assert report.table.set_index("column").loc["relation", "otherwise"] == 3
    assert "look at: relation: 3 values are not in recode" in str(report)
    assert report.as_json()["notes"] == report.notes


def test_codes_for_no_answer_among_amounts_are_told(tmp_path: Path) -> None:
    odd = GOOD.replace("配偶,0", "配偶,9999998").replace("70,户主,0", "70,户主,-8") + "9,4,30,户主,9999998\n"
    text = (
        mapping(tmp_path)
        .read_text(encoding="utf-8")
        .replace("yuan/month, fill: 0", "yuan/month, fill: 0, clip: true")
    )
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    _, report = imported(tmp_path / "mapping.yaml", table(tmp_path, odd))
    assert report.notes[0] == (
        "wage_income: amounts that look like codes for no answer: '9999998' 2 times, '-8' once; "
        "missing: [9999998, -8] under wage_income declares them missing"
    )
    declared = text.replace("  person:", "  missing: [9999998, -8]\n  person:")
    (tmp_path / "mapping.yaml").write_text(declared, encoding="utf-8")
    assert imported(tmp_path / "mapping.yaml", table(tmp_path, odd))[1].notes == []


def test_labels_of_a_stata_file_in_gbk(tmp_path: Path) -> None:
    """Old Stata files do not say their encoding; labels come out garbled unless the mapping does."""
    frame = pd.DataFrame({"hh": [7.0, 7.0], "pid": [1.0, 2.0], "age": [40.0, 38.0], "wage": [0.0, 0.0]})
    garbled = [text.encode("gbk").decode("latin-1") for text in ("户主", "配偶")]
    frame["rel"] = pd.Categorical.from_codes([0, 1], garbled)
    frame.to_stata(tmp_path / "data.dta", write_index=False, version=114)
    with pytest.raises(MicrosimError) as caught:
        imported(mapping(tmp_path, LATIN), tmp_path / "data.dta")
    assert "column rel: relation contains garbled text: '»§Ö÷' is '户主'; read: {encoding: gb18030}" in str(
        caught.value
    )
    path = mapping(tmp_path, LATIN, "read: {encoding: gb18030}")
    population, report = imported(path, tmp_path / "data.dta")
    assert population.persons["relation"].tolist() == ["head", "spouse"]
    assert report.notes == []


def test_households_without_a_head_are_told_with_their_records(tmp_path: Path) -> None:
    odd = GOOD.replace("8,3,70,户主", "8,3,70,子").replace("7,2,38,配偶", "7,2,38,户主")
    _, report = imported(mapping(tmp_path), table(tmp_path, odd))
    assert report.notes == [
        "1 household has no head: the one that starts in record 3",
        "1 household has several heads: the one that starts in record 1",
    ]


@pytest.mark.parametrize("text", ["户主", "联通", "年", "其他（亲属）", "Müller", "café", "plain", ""])
def test_text_that_is_right_is_not_taken_for_garbled(text: str) -> None:
    assert ungarbled(text) is None


@pytest.mark.parametrize("text", ["户主", "配偶", "农村", "其他亲属", "是"])
@pytest.mark.parametrize(
    ("written", "read"), [("gb18030", "latin-1"), ("gb18030", "cp1252"), ("utf-8", "latin-1")]
)
def test_garbled_text_is_recognised(text: str, written: str, read: str) -> None:
    found = ungarbled(text.encode(written).decode(read))
    assert found == (text, written)
