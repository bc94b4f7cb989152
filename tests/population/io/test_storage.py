"""Populations on disk: the same data give the same bytes, and nothing half written is left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from microsim.errors import MicrosimError
from microsim.population import Population, SynthesisReport
from microsim.population.io import storage


def test_written_and_read_is_the_same(small: tuple[Population, SynthesisReport], tmp_path: Path) -> None:
    population = small[0]
    population.write(tmp_path / "out")
    again = Population.read(tmp_path / "out")
    assert again.hash == population.hash
    assert again.categories == population.categories
    assert again.defaulted == population.defaulted
    pd.testing.assert_frame_equal(again.persons, population.persons)
    pd.testing.assert_frame_equal(again.households, population.households)
    assert again.county is not None
    assert again.county.name["zh"] == "H县"
    again.write(tmp_path / "again")
    for name in ("persons.parquet", "households.parquet", "profile.yaml"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "households.parquet",
        "persons.parquet",
        "profile.yaml",
    ]


def test_files_are_readable_by_others(small: tuple[Population, SynthesisReport], tmp_path: Path) -> None:
    small[0].write(tmp_path)
    frame = pd.read_parquet(tmp_path / "persons.parquet")
    assert frame["sex"].cat.categories.tolist() == ["male", "female"]
    metadata = pq.ParquetFile(tmp_path / "persons.parquet").metadata.row_group(0)
    columns = {metadata.column(i).path_in_schema: metadata.column(i) for i in range(metadata.num_columns)}
    assert columns["wage_income"].compression == "ZSTD"
    assert "BYTE_STREAM_SPLIT" in columns["wage_income"].encodings


def test_parquet_of_other_programs_in_any_order(tmp_path: Path) -> None:
    persons = pd.DataFrame({"household_id": [2, 1, 2], "sex": ["male", "female", "male"], "age": [1, 2, 3]})
    households = pd.DataFrame({"household_id": [1, 2], "weight": [1, 2], "area": ["urban", "rural"]})
    persons.to_parquet(tmp_path / "persons.parquet")
    households.to_parquet(tmp_path / "households.parquet")
    population = Population.read(tmp_path)
    assert population.persons["age"].tolist() == [2, 1, 3]
    assert population.hash == Population.from_frames(persons, households).hash
    assert population.county is None


def test_person_ids_and_dates(tmp_path: Path) -> None:
    persons = pd.DataFrame({"household_id": [1, 1], "person_id": [7, 3]})
    households = pd.DataFrame({"household_id": [1], "weight": [1.0]})
    Population.from_frames(persons, households).write(tmp_path)
    assert Population.read(tmp_path).person_id.tolist() == [7, 3]
    persons["born"] = pd.Timestamp("2000-01-01")
    persons.to_parquet(tmp_path / "persons.parquet")
    households.to_parquet(tmp_path / "households.parquet")
    with pytest.raises(MicrosimError, match="column born: holds values of type"):
        Population.read(tmp_path)


def test_damaged_and_strange_parquet_files_are_refused_with_their_place(tmp_path: Path) -> None:
    persons = pa.table({"household_id": [1, 2], "age": [30, 40], "sex": ["male", "female"]})
    households = pa.table({"household_id": [1, 2], "weight": [1.0, 2.0], "area": ["urban", "rural"]})
    text = pa.StringArray.from_buffers(
        2, pa.py_buffer(np.int32([0, 1, 2]).tobytes()), pa.py_buffer(b"\xf5\xf5")
    )
    twice = pa.Table.from_arrays(
        [*households.columns, households["area"]], [*households.column_names, "area"]
    )
    pq.write_table(persons, tmp_path / "persons.parquet")
    for table, told in (
        (twice, "column area: has several columns named 'area'; keep one of them"),
        (
            households.set_column(2, "area", text),
            r"households.parquet, column area: cannot be read \(.*utf-8",
        ),
        *(
            (
                households.replace_schema_metadata({"microsim": mark}),
                "households.parquet: the metadata in",
            )
            for mark in (b"{", b"\xff", b"[]", b"[" * 100_000, b'{"categories": 1}', b'{"population": []}')
        ),
    ):
        pq.write_table(table, tmp_path / "households.parquet")
        for read in (Population.read, lambda folder: Population.open(folder).hash):
            with pytest.raises(MicrosimError, match=told):
                read(tmp_path)


def test_several_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_ROWS", 3)
    kinds = np.arange(10, dtype=np.int8) % 3
    population = Population.from_arrays(
        np.arange(11),
        {"wage_income": np.arange(10.0), "kind": kinds, "works": kinds > 1},
        {"weight": np.ones(10)},
        {"kind": ("c", "a", "b")},
    )
    population.write(tmp_path)
    assert pq.ParquetFile(tmp_path / "persons.parquet").num_row_groups == 4
    again = Population.read(tmp_path)
    assert again.persons.equals(population.with_columns().persons)
    assert again.categories["kind"] == ("c", "a", "b")


def test_a_write_that_fails_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    persons = pd.DataFrame({"household_id": [1], "wage_income": [1.0]})
    households = pd.DataFrame({"household_id": [1], "weight": [1.0]})
    Population.from_frames(persons, households).write(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full_disk(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(storage, "_arrow", full_disk)
    with pytest.raises(OSError, match="no space left"):
        Population.from_frames(persons * 2, households * 2).write(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_making_a_county_does_without_pandas(root: Path, tmp_path: Path) -> None:
    """Its import would take a seventh of the time of a county of 100,000 households."""
    code = (
        "import sys; from pathlib import Path; from microsim.population import County\n"
        "from microsim.population.synthesis.streaming import synthesize_to\n"
        "county = County.read(sys.argv[1]); synthesize_to(county, Path(sys.argv[2]), households=50)\n"
        "sys.exit('pandas' in sys.modules)"
    )
    profile = str(root / "data" / "synthetic" / "h-county" / "profile.yaml")
    subprocess.run([sys.executable, "-c", code, profile, str(tmp_path / "county")], check=True)
    assert Population.read(tmp_path / "county").n_households == 50
