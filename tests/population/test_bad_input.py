"""Each bad input stands beside the words that its message must contain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim.documents import read_document
from microsim.errors import MicrosimError
from microsim.population import County, Population

BAD = Path(__file__).parents[1] / "bad_input" / "population"
TABLES = sorted((BAD / "tables").glob("*.yaml"))
# A Parquet column has one type: values of several kinds in one column cannot come from there.
PARQUET = [file for file in TABLES if file.stem != "text_in_numbers"]
PROFILES = sorted((BAD / "profiles").glob("*.yaml"))
H_COUNTY = Path(__file__).parents[2] / "data" / "synthetic" / "h-county"


def expect(message: str, case: dict[str, Any]) -> None:
    for words in case["words"]:
        assert words in message
    for words in case.get("without", ()):
        assert words not in message


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.stem)
def test_bad_tables_are_refused_with_row_and_column(file: Path) -> None:
    case = read_document(file).data
    with pytest.raises(MicrosimError) as caught:
        Population.from_frames(pd.DataFrame(case["persons"]), pd.DataFrame(case["households"]))
    expect(str(caught.value), case)


@pytest.mark.parametrize("file", PARQUET, ids=lambda file: file.stem)
def test_the_same_offences_are_found_in_parquet(file: Path, tmp_path: Path) -> None:
    case = read_document(file).data
    for table in ("persons", "households"):
        pd.DataFrame(case[table]).to_parquet(tmp_path / f"{table}.parquet")
    with pytest.raises(MicrosimError) as caught:
        Population.read(tmp_path)
    message = str(caught.value)
    for table in ("persons", "households"):
        message = message.replace(f"{tmp_path}/{table}.parquet", table)
    expect(message, case)


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_bad_profiles_are_refused_with_line_and_column(file: Path, tmp_path: Path) -> None:
    case = read_document(file).data
    text = (H_COUNTY / "profile.yaml").read_text(encoding="utf-8")
    for old, new in case["replace"].items():
        assert old in text, f"{old!r} is not in the profile: mend the case"
        text = text.replace(old, new, 1)
    bad = tmp_path / "profile.yaml"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        County.read(bad)
    expect(str(caught.value), case)


def test_frames_must_be_frames() -> None:
    with pytest.raises(MicrosimError, match="persons must be a pandas DataFrame, not list"):
        Population.from_frames([1, 2], pd.DataFrame())  # type: ignore[arg-type]


def test_repeated_and_unnamed_columns() -> None:
    persons = pd.DataFrame([[1, 2.0, 3.0, 4.0]], columns=["household_id", "rent", "rent", 7])
    households = pd.DataFrame({"household_id": [1], "weight": [1.0]})
    with pytest.raises(MicrosimError) as caught:
        Population.from_frames(persons, households)
    expect(str(caught.value), {"words": ["column rent: appears more than once", "column name 7 is not text"]})


def test_dates_and_too_many_categories() -> None:
    persons = pd.DataFrame(
        {
            "household_id": [1] * 200,
            "born": pd.Timestamp("2000-01-01"),
            "remark": [f"remark {i}" for i in range(200)],
        }
    )
    with pytest.raises(MicrosimError) as caught:
        Population.from_frames(persons, pd.DataFrame({"household_id": [1], "weight": [1.0]}))
    words = [
        "column born: holds values of type datetime64",
        "200 different texts; a category column has at most 127",
    ]
    expect(str(caught.value), {"words": words})


def test_arrays_are_checked_like_frames() -> None:
    offsets = np.array([0, 2, 2, 1])
    with pytest.raises(MicrosimError) as caught:
        Population.from_arrays(offsets, {}, {"weight": np.ones(3)})
    words = ["offsets decrease in 1 row: row 2", "empty household (no persons) in 1 row: row 1"]
    expect(str(caught.value), {"words": words})
    with pytest.raises(MicrosimError) as caught:
        Population.from_arrays(
            np.array([0, 1, 3]),
            {
                "wage_income": np.array([1.0, -2.0, np.nan]),
                "kind": np.array([0, 1, 2]),
                "age": np.ones((3, 1)),
            },
            {"weight": np.ones(3), "household_id": np.array([4, 4])},
            {"kind": ("a", "b")},
        )
    words = [
        "column weight: has 3 values where the table has 2 rows",
        "negative amount in 1 row: row 1 (-2.0)",
        "column wage_income: missing value in 1 row: row 2",
        "column kind: code outside its 2 categories in 1 row: row 2 (2)",
        "column age: must have one dimension, not 2",
        "duplicate household_id in 1 row: row 1 (4)",
    ]
    expect(str(caught.value), {"words": words})
    for bad in (np.array([1, 2]), np.array([0.0, 1.0]), np.zeros((2, 2), dtype=int)):
        with pytest.raises(MicrosimError, match="offsets must be whole numbers that start with 0"):
            Population.from_arrays(bad, {}, {"weight": np.ones(1)})
    with pytest.raises(MicrosimError, match="households: has no rows"):
        Population.from_arrays(np.array([0]), {}, {"weight": np.ones(0)})


def test_folders_that_hold_no_population(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such folder; a population is a folder with persons"):
        Population.read(tmp_path / "nowhere")
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(MicrosimError, match="is a file, not a folder"):
        Population.read(file)
    with pytest.raises(MicrosimError) as caught:
        Population.read(tmp_path)
    expect(
        str(caught.value), {"words": ["persons.parquet: no such file", "households.parquet: no such file"]}
    )
    (tmp_path / "persons.parquet").write_text("not Parquet at all")
    with pytest.raises(MicrosimError, match=r"persons\.parquet: not a readable Parquet file"):
        Population.read(tmp_path)


def test_files_of_two_populations_are_not_mixed(tmp_path: Path) -> None:
    for name, wage in (("one", 1.0), ("other", 2.0)):
        persons = pd.DataFrame({"household_id": [1], "wage_income": [wage]})
        Population.from_frames(persons, pd.DataFrame({"household_id": [1], "weight": [1.0]})).write(
            tmp_path / name
        )
    (tmp_path / "one" / "persons.parquet").replace(tmp_path / "other" / "persons.parquet")
    with pytest.raises(MicrosimError, match=r"was not written together with households\.parquet"):
        Population.read(tmp_path / "other")
