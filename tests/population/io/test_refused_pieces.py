"""Folders of pieces that are amiss: all that is wrong is said at once, and what is not ours is left alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.population import Population


def refusal(folder: Path) -> str:
    messages = []
    for door in (Population.open, Population.read):
        with pytest.raises(MicrosimError) as caught:
            door(folder)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    return messages[0]


def test_all_that_is_wrong_is_said_at_once(population: Population, folder: Path, tmp_path: Path) -> None:
    (folder / "households" / "part-00002.parquet").unlink()
    path = folder / "persons" / "part-00003.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    population.with_columns(households={"weight": 2.0}).write(tmp_path / "b", households_per_piece=1300)
    shutil.copy(tmp_path / "b" / "persons" / "part-00004.parquet", folder / "persons" / "part-00004.parquet")
    shutil.copy(tmp_path / "b" / "persons" / "part-00004.parquet", folder / "persons" / "part-00005.parquet")
    message = refusal(folder)
    assert "households/part-00002.parquet: no such file; generate the population again" in message
    assert "persons/part-00003.parquet: not a readable Parquet file" in message
    assert "persons/part-00004.parquet: is a piece of another population" in message
    assert "persons/part-00005.parquet: is not a piece of this population" in message
    assert len(message.splitlines()) == 5


def test_pieces_with_other_columns(population: Population, folder: Path) -> None:
    path = folder / "persons" / "part-00002.parquet"
    table = pq.read_table(path)
    mark = dict(table.schema.metadata)
    said = json.loads(mark[b"microsim"])
    said["categories"]["trade"] = ["iron", "cloth", "wood"]
    changed = table.drop_columns(["age"]).append_column("shoes", pa.array([1] * len(table)))
    changed = changed.set_column(
        changed.schema.get_field_index("works"), "works", table["works"].cast(pa.int16())
    )
    pq.write_table(changed.replace_schema_metadata({b"microsim": json.dumps(said).encode()}), path)
    message = refusal(folder)
    for problem in (
        "column age: lacks this column of",
        "column shoes: has this column, which",
        "column works: holds int16, but in",
        "column trade: has the categories iron, cloth, wood, but in",
    ):
        assert f"persons/part-00002.parquet, {problem}" in message
    assert len(message.splitlines()) == 5


def test_rows_that_the_list_does_not_know(folder: Path) -> None:
    path = folder / "households" / "part-00001.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert "households/part-00001.parquet: has 1249 rows, but pieces.json says 1250" in refusal(folder)


def test_values_are_checked_where_they_are_read(folder: Path, policy: ms.Policy) -> None:
    for number in (2, 3):
        path = folder / "persons" / f"part-0000{number}.parquet"
        table = pq.read_table(path)
        wages = table["wage_income"].to_numpy().copy()
        wages[5] = -1.0
        place = table.schema.get_field_index("wage_income")
        field = table.schema.field("wage_income")
        pq.write_table(table.set_column(place, field, pa.array(wages)), path)
    county = Population.open(folder)
    assert county.person_columns["age"].max() == 89  # what is asked for is in order
    with pytest.raises(
        MicrosimError, match=r"part-00002.parquet, column wage_income: negative amount"
    ) as one:
        ms.simulate(county, policy, ["gap"])
    assert "part-00003" not in str(one.value)
    with pytest.raises(MicrosimError, match=r"part-00002.*\n.*part-00003"):
        Population.read(folder)


def test_a_folder_that_is_written_anew_meanwhile(population: Population, folder: Path) -> None:
    county = Population.open(folder)
    assert county.weight.sum() > 0
    population.with_columns(households={"weight": 2.0}).write(folder, households_per_piece=1300)
    with pytest.raises(MicrosimError, match=r"has changed since the population was opened; open it again"):
        county.person_columns["age"].sum()


def test_a_damaged_column(folder: Path) -> None:
    path = folder / "persons" / "part-00001.parquet"
    column = pq.ParquetFile(path).metadata.row_group(0).column(1)
    content = bytearray(path.read_bytes())
    middle = column.data_page_offset + column.total_compressed_size // 2
    content[middle : middle + 8] = b"\0" * 8
    path.write_bytes(content)
    with pytest.raises(MicrosimError, match=r"part-00001.parquet, column \w+: cannot be read .* damaged"):
        Population.read(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a list of pieces"),
        ('{"format": 1, "pieces": []}', "not a list of pieces"),
        ("[" * 100_000, "not a list of pieces"),
        (
            '{"format": 1, "pieces": [{"population": "", "households": Infinity, "persons": 1}]}',
            "not a list of pieces",
        ),
        (None, "not completely written"),
    ],
)
def test_a_list_that_is_none(folder: Path, text: str | None, said: str) -> None:
    (folder / "pieces.json").unlink()
    if text is not None:
        (folder / "pieces.json").write_text(text)
    assert said in refusal(folder)


def test_two_populations_in_one_folder(population: Population, folder: Path) -> None:
    (folder / "persons.parquet").touch()
    assert "contains pieces and also persons.parquet" in refusal(folder)


def test_no_population(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such folder"):
        Population.open(tmp_path / "nowhere")
    with pytest.raises(MicrosimError, match="no such file"):
        Population.open(tmp_path)


def test_a_folder_of_other_things_is_left_alone(population: Population, tmp_path: Path) -> None:
    (tmp_path / "persons").mkdir()
    (tmp_path / "persons" / "letters.txt").write_text("dear")
    with pytest.raises(
        MicrosimError, match=r"contains letters.txt, which is not a piece; name another folder"
    ):
        population.write(tmp_path, households_per_piece=2000)
    assert [path.name for path in tmp_path.iterdir()] == ["persons"]


def test_two_files_of_different_populations(population: Population, tmp_path: Path) -> None:
    population.write(tmp_path / "a")
    population.with_columns(households={"weight": 2.0}).write(tmp_path / "b")
    shutil.copy(tmp_path / "b" / "persons.parquet", tmp_path / "a" / "persons.parquet")
    with pytest.raises(MicrosimError, match=r"was not written together with households.parquet"):
        Population.open(tmp_path / "a")


def test_files_without_rows(tmp_path: Path) -> None:
    pd.DataFrame({"household_id": [], "age": []}).to_parquet(tmp_path / "persons.parquet")
    pd.DataFrame({"household_id": [], "area": []}).to_parquet(tmp_path / "households.parquet")
    with pytest.raises(MicrosimError) as caught:
        Population.open(tmp_path)
    said = str(caught.value)
    assert said.count("has no rows") == 2
    assert "has no column weight" in said


def test_a_file_that_goes_away(folder: Path) -> None:
    county = Population.open(folder)
    (folder / "persons" / "part-00002.parquet").unlink()
    with pytest.raises(MicrosimError, match=r"part-00002.parquet: no such file; it existed when"):
        county.person_columns["age"].sum()


def test_categories_that_the_footer_does_not_say(folder: Path) -> None:
    path = folder / "persons" / "part-00001.parquet"
    table = pq.read_table(path)
    words = pa.array(["copper"] * len(table)).dictionary_encode()
    metadata = table.schema.metadata
    changed = table.set_column(table.schema.get_field_index("trade"), "trade", words)
    pq.write_table(changed.replace_schema_metadata(metadata), path)
    with pytest.raises(MicrosimError, match=r"column trade: categories copper, but the footer says wood, cl"):
        Population.read(folder)


def test_text_in_a_column_of_numbers(tmp_path: Path) -> None:
    pd.DataFrame({"household_id": [1], "age": ["old"]}).to_parquet(tmp_path / "persons.parquet")
    pd.DataFrame({"household_id": [1], "weight": [1.0]}).to_parquet(tmp_path / "households.parquet")
    county = Population.open(tmp_path)
    assert county.weight.tolist() == [1.0]
    with pytest.raises(MicrosimError, match=r"column age: must be whole numbers, but holds text"):
        county.person_columns["age"].max()


def test_places_that_are_no_folder(population: Population, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MicrosimError, match="is a file, not a folder; name another folder"):
        population.write(tmp_path / "file", households_per_piece=2000)
    with pytest.raises(MicrosimError, match="is a file, not a folder"):
        Population.open(tmp_path / "file")
