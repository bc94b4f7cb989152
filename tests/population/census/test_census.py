"""Census tables: what is read, which county is found, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.population.census.tables import AGES, NUMBERS, read_census
from tests.population.census.census_table import other, row, write


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = (
        row(),
        other(320106, "鼓楼区", "南京市", province="江苏省"),
        other(350102, "鼓楼区", "福州市", province="福建省"),
    )
    return write(tmp_path_factory.mktemp("census") / "census.csv", *rows)


def test_kinds_of_files_say_the_same(table: Path, tmp_path: Path) -> None:
    expected = read_census(table).find("640522")
    assert expected["pop"] == 333518
    assert expected["hh_size"] == 3.14
    assert len(expected.ages("female")) == 19
    chinese = tmp_path / "gb.csv"
    chinese.write_bytes(table.read_text(encoding="utf-8").encode("gb18030"))
    for path in (write(tmp_path / "c.csv.gz"), write(tmp_path / "c.xlsx"), chinese):
        found = read_census(path).find("海原县")
        assert found.numbers == expected.numbers, path
        assert (found.code, found.city) == ("640522", "中卫市")


@pytest.mark.parametrize("wanted", ["640522", "海原县", "中卫市海原县", "宁夏回族自治区 中卫市 海原县"])
def test_a_county_is_found_by_code_and_by_name(table: Path, wanted: str) -> None:
    assert read_census(table).find(wanted).code == "640522"


def test_one_of_several_is_found_with_its_city(table: Path) -> None:
    assert read_census(table).find("福州市鼓楼区").code == "350102"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("海原", "did you mean 640522 海原县 (宁夏回族自治区, 中卫市)?"),
        ("海源县", "did you mean 640522 海原县"),
        ("鼓楼区", "has 2 counties '鼓楼区': 320106 鼓楼区 (江苏省, 南京市); 350102 鼓楼区 (福建省, 福州市)"),
        ("640523", "has no county '640523'; county names are in column 'county'"),
    ],
)
def test_no_county_or_several(table: Path, wanted: str, words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        read_census(table).find(wanted)
    assert words in str(caught.value)


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    short = {name: value for name, value in row().items() if name not in ("hh_gen2", "f_85p", "city")}
    with pytest.raises(MicrosimError) as caught:
        read_census(write(tmp_path / "c.csv", short))
    assert [offence.message for offence in caught.value.offences] == [
        f"has no column '{name}'" for name in ("city", "hh_gen2", "f_85p")
    ]
    assert "docs/census.md" in str(caught.value)


def test_the_page_names_every_column() -> None:
    page = (Path(__file__).parents[3] / "docs" / "census.md").read_text(encoding="utf-8")
    for column in NUMBERS:
        assert column in AGES or f"`{column}`" in page, column


def test_every_entry_that_is_no_count_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", row(hh="many", pop=-5))
    with pytest.raises(MicrosimError) as caught:
        read_census(path).find("640522")
    told = str(caught.value)
    assert "row 2 (code 640522): hh is 'many', not a number" in told
    assert "pop is -5; counts are not below 0" in told


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "broken.csv.gz").write_bytes(b"no archive")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "latin.csv").write_bytes(b"code,\xff\xff\n")
    (tmp_path / "c.ods").write_bytes(b"")
    for name, words in (
        ("broken.xlsx", "not a readable .xlsx file"),
        ("broken.csv.gz", "not a readable .csv.gz file"),
        ("empty.csv", "not a readable .csv file"),
        ("latin.csv", "neither UTF-8 nor GB18030"),
        ("c.ods", "known: .csv, .csv.gz, .xlsx"),
        ("absent.csv", "no such file"),
        (".", "is a folder"),
    ):
        with pytest.raises(MicrosimError) as caught:
            read_census(tmp_path / name)
        assert words in str(caught.value), name
