"""Texts of a workbook are never formulas, whatever they begin with and wherever they stand.

The workbooks of all commands are looked at in ``tests/language/test_results.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import openpyxl.chart
import pandas as pd
import pytest

import microsim
from microsim.workbook import Sheet, write_workbook
from tests.report.formulas import formulas_in

TEXTS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
    "#N/A",
)
# Where workbooks are made: the writer, and what hands over to it.
WRITERS = {"workbook.py", "outcome.py"}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_a_text_in_every_place(text: str, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            text: [text, 1.0, None],
            "code": ["a", "a; b", "c"],
            "unit": [text, "persons", ""],
            "kind": pd.Categorical([text, "x", "x"]),
        }
    )
    sheet = Sheet(
        text, table, headings={"code": text}, unit_of="unit", words={"code": {"a": text, "b": text}}
    )
    path = tmp_path / "x.xlsx"
    write_workbook(path, [sheet, sheet])
    assert formulas_in(path) == []
    page = openpyxl.load_workbook(path).worksheets[0]
    found = [cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in found} == {"s"}
    assert sum(cell.value == text for cell in found) == 6


def test_what_is_a_formula_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "x.xlsx")
    assert formulas_in(tmp_path / "x.xlsx") == ["xl/worksheets/sheet1.xml"]


def test_a_chart_names_cells_and_nothing_else(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([1, 2])
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book.active, min_col=1, max_col=2, min_row=1))
    book.active.add_chart(chart)
    book.save(tmp_path / "x.xlsx")
    assert formulas_in(tmp_path / "x.xlsx") == []
    chart.series[0].val.numRef.f = "SUM('Sheet'!$A$1)"
    book.save(tmp_path / "x.xlsx")
    assert formulas_in(tmp_path / "x.xlsx") == ["xl/charts/chart1.xml"]


def test_there_is_one_writer_of_workbooks() -> None:
    package = Path(microsim.__file__).parent
    making = re.compile(
        r"ExcelWriter|openpyxl\.Workbook|xlsxwriter|(?:frame|table|DataFrame\(.*\))\.to_excel"
    )
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if making.search(path.read_text(encoding="utf-8"))
    }
    assert found <= WRITERS
    assert "workbook.py" in found
