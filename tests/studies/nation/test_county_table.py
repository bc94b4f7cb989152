"""The table of counties that a user gives: what is read of it, and every offence at its row and column."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.studies.nation import read_county_table

GOOD = """\
code,county,urban_line,rural_line,urban_income,rural_income,revenue,zone,labels,source
640522,海原县,7200,4560,27000,"11,500",235000000,hills,重点帮扶县；脱贫县,county plan
320106,鼓楼区,9600,9600,,,,,,
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_what_is_given_and_nothing_else(tmp_path: Path) -> None:
    table = read_county_table(write(tmp_path / "c.csv", GOOD))
    one = table.of("640522")
    assert one.numbers == {
        "urban_line": 7200.0,
        "rural_line": 4560.0,
        "urban_income": 27000.0,
        "rural_income": 11500.0,
        "revenue": 235e6,
    }
    assert (one.zone, one.labels, one.source) == ("hills", ("重点帮扶县", "脱贫县"), "county plan")
    other = table.of("320106")
    assert other.numbers == {"urban_line": 9600.0, "rural_line": 9600.0}
    assert other.source == "c.csv, row 3"
    assert table.of("110101").numbers == {}
    assert table.unmatched(("640522", "110101")) == ["320106"]


def test_chinese_headings_other_encodings_and_workbooks(tmp_path: Path) -> None:
    text = "代码,县名,城市低保标准,农村低保标准\n640522,海原县,7200,4560\n"
    for encoding in ("utf-8-sig", "gb18030"):
        found = read_county_table(write(tmp_path / f"{encoding}.csv", text, encoding))
        assert found.of("640522").numbers == {"urban_line": 7200.0, "rural_line": 4560.0}
    frame = pd.DataFrame({"code": [640522], "urban_line": [7200], "rural_line": [4560]})
    frame.to_excel(tmp_path / "c.xlsx", index=False)
    assert read_county_table(tmp_path / "c.xlsx").of("640522").numbers["rural_line"] == 4560.0


def test_every_offence_has_its_row_and_column(tmp_path: Path) -> None:
    text = (
        "code,urban_line,rural_line,revenue\n"
        "640522,600,380,235000000\n"  # a month, not a year
        "64052,7200,4560,\n"
        "320106,7200,x,23500\n"  # ten thousand yuan
        "320106,7200,7200,\n"
        "110101,7200,9600,\n"
    )
    with pytest.raises(MicrosimError) as caught:
        read_county_table(write(tmp_path / "c.csv", text))
    said = [(one.place.split(", ", 1)[1], one.message) for one in caught.value.offences]
    assert said == [
        ("row 2, column urban_line", "600 is outside 2,000 to 40,000"),
        ("row 2, column rural_line", "380 is outside 2,000 to 40,000"),
        ("row 3, column code", "'64052' is not a county's code of six digits"),
        ("row 4, column rural_line", "'x' is not a number"),
        ("row 4, column revenue", "23500 is outside 1,000,000 to 1,000,000,000,000"),
        ("row 5, column code", "county 320106 is in row 4 already"),
        ("row 6, column rural_line", "the rural line 9,600 is above the urban one"),
    ]
    assert "not a month" in caught.value.offences[0].hint
    assert "not ten thousand yuan" in caught.value.offences[4].hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("urban_line\n7200\n", "has no column 'code'"),
        ("code,urban_lin\n640522,7200\n", "no such column 'urban_lin'"),
        ("code,urban_line,城市低保标准\n640522,7200,7200\n", "column 'urban_line' is there twice"),
        ("code,county\n640522,海原县\n", "gives nothing of the counties"),
        ("code,urban_line\n", "has no row with a county"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        read_county_table(write(tmp_path / "c.csv", text))
    assert message in [one.message for one in caught.value.offences]


def test_files_that_are_none(tmp_path: Path) -> None:
    for name in ("absent.csv", "c.txt"):
        path = tmp_path / name
        if name == "c.txt":
            path.write_text("code", encoding="utf-8")
        with pytest.raises(MicrosimError):
            read_county_table(path)
    (tmp_path / "c.xlsx").write_bytes(b"no workbook")
    with pytest.raises(MicrosimError, match=r"not a readable \.xlsx file"):
        read_county_table(tmp_path / "c.xlsx")
