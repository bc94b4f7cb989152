"""``--xlsx``: one workbook of a results folder, read back as its reader finds it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from microsim.report.books.book import Book, sheets_of
from microsim.report.books.headings import COLUMNS, heading
from microsim.report.results import write_results
from microsim.workbook import Sheet, write_workbook

MANIFEST = {
    "scenario": {
        "name": "small",
        "title": {"en": "A small county", "zh": "小县"},
        "changes": {"dibao.line": 5600},
    },
    "law": "2020-12-31",
    "law_package": "mylaw",
    "hashes": {"scenario": "aa", "law_package": "bb", "policy": "cc"},
    "withheld": {"min_count": 10, "figures": ["caseload.heating.urban"]},
    "versions": {"microsim": "0.1.0", "numpy": "2.2"},
    "command": "microsim run small.yaml",
    "time": "2026-01-01T00:00:00+08:00",
}
FIGURES = pd.DataFrame(
    [
        ("caseload", "dibao", "rural", 1295.18, "persons", float("nan")),
        ("cost", "dibao", "", 1_234_567.89, "yuan/year", 1.0),
        ("resident_share", "dibao", "", 0.0123456, "1", float("inf")),
    ],
    columns=["measure", "subject", "group", "value", "unit", "paper"],
)
ASSUMED = pd.DataFrame(
    [
        ("care.hours", "48", "hours", "2012-12-12", "assumption", "=left to the county", ""),
        ("dibao.band", "0 1; 1/3 0.7", "1", "", "scenario", "+ by the scenario", "-"),
    ],
    columns=["name", "value", "unit", "since", "source", "reference", "note"],
)
TABLES = {
    "assumptions": ASSUMED,
    "figures": FIGURES,
    "notches": pd.DataFrame({"household_id": [19632], "drop": [6479.99]}),
}
LABELS = {"dibao": {"en": "Minimum living guarantee", "zh": "最低生活保障"}}


def written(folder: Path, lang: str) -> openpyxl.Workbook:
    path = folder / "small.xlsx"
    write_workbook(path, sheets_of(Book(lang, ASSUMED, LABELS), MANIFEST, TABLES))
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize(
    ("lang", "sheets", "heads"),
    [
        (
            "en",
            ["About", "Figures", "Notches", "Assumptions", "Parameters"],
            ["Measure", "Subject", "Group", "Value", "Unit", "Source paper"],
        ),
        (
            "zh",
            ["说明", "主要指标", "断点", "假设", "政策参数"],
            ["指标", "对象", "分组", "数值", "单位", "来源论文"],
        ),
    ],
)
def test_sheets_and_headings_in_the_chosen_language(
    tmp_path: Path, lang: str, sheets: list[str], heads: list[str]
) -> None:
    book = written(tmp_path, lang)
    assert book.sheetnames == sheets
    assert [cell.value for cell in book[sheets[1]][1]] == heads
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
        assert all(8 <= column.width <= 62 for column in sheet.column_dimensions.values())


def test_codes_and_units_in_words_and_numbers_as_numbers(tmp_path: Path) -> None:
    book = written(tmp_path, "zh")
    rows = [[cell.value for cell in row] for row in book["主要指标"].iter_rows(min_row=2)]
    assert rows[0] == ["保障人数", "最低生活保障", "农村", 1295.18, "人", None]
    assert rows[2] == ["占常住人口比重", "最低生活保障", None, 0.0123456, "比值", "inf"]
    forms = [row[3].number_format for row in book["主要指标"].iter_rows(min_row=2)]
    assert forms == ["#,##0", "#,##0", "0.0000"]
    assert [cell.value for cell in book["断点"][1]] == ["户号", "损失（元/年）"]
    assert book["断点"]["A2"].number_format == "0"
    assert [row[1].value for row in book["假设"].iter_rows(min_row=2)] == [48, "0 1; 1/3 0.7"]


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    for row in written(tmp_path, "en")["Assumptions"].iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type in ("s", "n")
    cells = written(tmp_path, "en")["Assumptions"]
    assert cells["F2"].value == "=left to the county"
    assert [bool(cells[at].quotePrefix) for at in ("A2", "F2", "F3", "G3")] == [False, True, True, True]


def test_what_a_reader_needs_to_know_of_the_results(tmp_path: Path) -> None:
    facts = {row[0].value: row[1].value for row in written(tmp_path, "en")["About"].iter_rows(min_row=2)}
    assert facts["Scenario: Title"] == "A small county"
    assert facts["Scenario: Changed: dibao.line"] == "5600"
    assert (facts["Law of"], facts["Own law"], facts["SHA-256: Own law"]) == ("2020-12-31", "mylaw", "bb")
    # Which figures were withheld is for the manifest alone, and the day of the run would change the bytes.
    assert facts["Smallest count shown"] == "10"
    assert not any("heating" in str(value) or "2026" in str(value) for value in facts.values())


def test_equal_results_have_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "en")
    first = (tmp_path / "small.xlsx").read_bytes()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    written(tmp_path, "en")
    assert (tmp_path / "small.xlsx").read_bytes() == first


def test_a_results_folder_with_its_workbook(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    write_results(
        folder, manifest={**MANIFEST, "study": "s"}, summary={}, tables=TABLES, figures={}, book=Book("en")
    )
    book = openpyxl.load_workbook(folder / "small.xlsx")
    assert book.sheetnames == ["About", "Figures", "Notches", "Assumptions"]


def test_names_of_sheets_and_signs_that_no_cell_holds(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    table = pd.DataFrame({"a": ["bell \x07", None], "b": [True, False]})
    write_workbook(path, [Sheet("a/b" * 20, table), Sheet("A b" * 20, table)])
    book = openpyxl.load_workbook(path)
    assert len({name.lower() for name in book.sheetnames}) == 2
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book.worksheets[0]["A2"].value == "bell \ufffd"
    assert book.worksheets[0]["B2"].value is True


def test_every_heading_is_there_in_both_languages() -> None:
    assert all(en and zh for en, zh, _ in COLUMNS.values())
    assert heading("next_percent", "zh") == "距下一断点占收入比重（%）"
