"""Populations in pieces: the same bits as in memory, read as little as needed, refused when amiss."""

from __future__ import annotations

import json
import pickle
import shutil
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.population import County, Population, synthesize_to
from microsim.population.calibration.whole_weights import whole_households
from microsim.population.io import reading, writing
from microsim.population.io.pieces import cuts
from microsim.population.synthesis import streaming
from microsim.population.synthesis import synthesize as synthesis
from microsim.population.synthesis.synthesize import synthesize_with_report

OUTPUTS = ["poor", "gap", "income"]


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    def poor(income: float, line: float, size: int) -> bool:
        return income < line * size

    def gap(poor: bool, income: float, line: float, size: int) -> float:
        return line * size - income if poor else 0.0

    rules = {
        "income": ms.total("wage_income"),
        "size": ms.count(),
        "poor": ms.household()(poor),
        "gap": ms.household(unit="yuan/year")(gap),
    }
    return ms.Policy.from_rules(
        rules, parameters={"line": {"by": "area", "values": {"rural": 5000.0, "urban": 9000.0}}}
    )


@pytest.fixture(scope="module")
def population() -> Population:
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 6, 5000)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    persons = {
        "wage_income": rng.gamma(0.5, 9000.0, offsets[-1]),
        "age": rng.integers(0, 90, offsets[-1]),
        "works": rng.random(offsets[-1]) < 0.5,
        "trade": rng.integers(0, 3, offsets[-1]).astype(np.int8),
    }
    households = {"weight": rng.random(5000), "area": rng.integers(0, 2, 5000).astype(np.int8)}
    words = {"area": ("rural", "urban"), "trade": ("wood", "cloth", "iron")}
    return Population.from_arrays(offsets, persons, households, words)


@pytest.fixture
def folder(population: Population, tmp_path: Path) -> Path:
    population.write(tmp_path / "county", households_per_piece=1300)
    return tmp_path / "county"


def columns_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of columns from here on, as they are read."""
    names: list[str] = []
    read = reading.read_column

    def spy(file: Any, name: str, place: str) -> Any:
        names.append(name)
        return read(file, name, place)

    monkeypatch.setattr(reading, "read_column", spy)
    return names


def test_metadata_without_columns(
    population: Population, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = columns_read(monkeypatch)
    county = Population.open(folder)
    assert (county.n_households, county.n_persons) == (population.n_households, population.n_persons)
    assert set(county.person_columns) == set(population.person_columns)
    assert set(county.household_columns) == set(population.household_columns)
    assert county.categories == population.categories
    assert county.defaulted == population.defaulted
    assert "4 pieces on disk" in repr(county)
    assert [piece.n_households for piece in county.pieces()] == [1250] * 4
    assert names == []


def test_read_and_opened_are_the_same(population: Population, folder: Path) -> None:
    county, again = Population.open(folder), Population.read(folder)
    assert county.hash == again.hash == population.hash
    pd.testing.assert_frame_equal(county.persons, population.persons)
    pd.testing.assert_frame_equal(again.households, population.households)
    np.testing.assert_array_equal(county.offsets, population.offsets)
    joined = [piece.person_id for piece in county.pieces()]
    np.testing.assert_array_equal(np.concatenate(joined), population.person_id)
    copy = pickle.loads(pickle.dumps(county))
    assert copy.n_persons == population.n_persons
    assert len(pickle.dumps(county)) < 20_000
    chosen = county.select(population.household_id[::7])
    assert chosen.hash == population.select(population.household_id[::7]).hash
    assert county.with_columns(households={"weight": 1.0}).weight.sum() == 5000
    assert [part.n_households for part in county.split(2)] == [2500, 2500]
    expanded = [whole_households(one, seed=1) for one in (county, population)]
    assert expanded[0].hash == expanded[1].hash


def test_person_ids_that_are_no_numbering(population: Population, tmp_path: Path) -> None:
    some = population.select(population.household_id[::3])
    some.write(tmp_path, households_per_piece=500)
    assert Population.read(tmp_path).hash == Population.open(tmp_path).hash == some.hash


@pytest.mark.parametrize("largest", [1, 1024, 1300, 4999, 5000])
@pytest.mark.parametrize("threads", [1, 2])
def test_simulated_to_the_same_bits(
    population: Population, policy: ms.Policy, tmp_path: Path, largest: int, threads: int
) -> None:
    few = population if largest > 1 else population.select(population.household_id[:7])
    few.write(tmp_path, households_per_piece=largest)
    county = Population.open(tmp_path)
    assert len(county.parts) == len(cuts(few.n_households, largest))
    outputs = [*OUTPUTS, "age"]
    whole = ms.simulate(few, policy, outputs, totals=["gap", "poor"], threads=threads)
    parts = ms.simulate(county, policy, outputs, totals=["gap", "poor"], threads=threads)
    for name in outputs:
        assert parts.array(name).tobytes() == whole.array(name).tobytes()
        assert parts.array(name).dtype == whole.array(name).dtype
    for name in ("gap", "poor", "income"):
        assert parts.total(name, by="area").tolist() == whole.total(name, by="area").tolist()
    pd.testing.assert_frame_equal(parts.persons, whole.persons)
    again = ms.simulate(county, policy, outputs, totals=["gap"], reuse=parts, threads=threads)
    assert again.array("gap") is parts.array("gap")
    changes = [{}, {"line": {"by": {"rural": 6000.0}}}, {"line": {"by": {"urban": 8000.0}}}]
    frames = [ms.simulate_many(p, policy, changes, ["gap", "age"], threads=threads) for p in (county, few)]
    pd.testing.assert_frame_equal(*frames, check_exact=True)
    walks = [ms.walk(p, policy, grid=[0.0, 5000.0], outputs=["gap"])["gap"] for p in (county, few)]
    assert walks[0].tobytes() == walks[1].tobytes()


def test_only_what_the_rules_need_is_read(
    folder: Path, policy: ms.Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = columns_read(monkeypatch)
    result = ms.simulate(Population.open(folder), policy, ["gap"], totals=["gap"])
    assert set(names) == {"wage_income", "area", "weight", "household_id"}
    # Once a piece, and household_id in both files to know who belongs to whom.
    assert names.count("wage_income") == names.count("area") == 4
    names.clear()
    assert result.total("gap", by="area").sum() > 0
    assert names == []


def test_one_piece_is_held_at_a_time(population: Population, policy: ms.Policy, tmp_path: Path) -> None:
    many = population.select(np.tile(population.household_id, 60)).with_columns()
    ids = np.arange(1, many.n_households + 1)
    persons = {name: many.person_columns[name] for name in ("wage_income", "age")}
    households = {"weight": many.weight, "area": many.household_columns["area"], "household_id": ids}
    many = Population.from_arrays(many.offsets, persons, households, {"area": ("rural", "urban")})
    many.write(tmp_path, households_per_piece=5000)
    column = many.person_columns["wage_income"].nbytes
    county = Population.open(tmp_path)
    ms.simulate_many(county, policy, [{}], ["gap"])  # compiled, and the areas by which totals are taken
    tracemalloc.start()
    ms.simulate_many(county, policy, [{}], ["gap"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < column / 3


# --- Files of other programs, and two files


def test_two_files_are_opened_too(population: Population, policy: ms.Policy, tmp_path: Path) -> None:
    population.write(tmp_path)
    county = Population.open(tmp_path)
    assert county.hash == population.hash
    assert len(list(county.pieces())) == 1
    assert county.categories == population.categories
    whole = ms.simulate(population, policy, ["gap"], totals=["gap"])
    assert (
        ms.simulate(county, policy, ["gap"], totals=["gap"])
        .total("gap", "area")
        .equals(whole.total("gap", "area"))
    )


def test_persons_of_other_programs_in_any_order(tmp_path: Path) -> None:
    persons = pd.DataFrame({"household_id": [2, 1, 2], "sex": ["male", "female", "male"], "age": [1, 2, 3]})
    households = pd.DataFrame({"household_id": [1, 2], "weight": [1, 2], "colour": ["red", "blue"]})
    persons.to_parquet(tmp_path / "persons.parquet")
    households.to_parquet(tmp_path / "households.parquet")
    county = Population.open(tmp_path)
    assert county.person_columns["age"].tolist() == [2, 1, 3]
    assert county.categories["colour"] == Population.read(tmp_path).categories["colour"]
    pd.testing.assert_frame_equal(county.households, Population.read(tmp_path).households)


def test_one_layout_gives_way_to_the_other(population: Population, tmp_path: Path) -> None:
    population.write(tmp_path)
    population.write(tmp_path, households_per_piece=2000)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["households", "persons", "pieces.json"]
    assert Population.read(tmp_path).hash == population.hash
    population.write(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["households.parquet", "persons.parquet"]


# --- What is refused


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
    assert "households/part-00002.parquet: no such file; make the population again" in message
    assert "persons/part-00003.parquet: not a readable Parquet file" in message
    assert "persons/part-00004.parquet: is a piece of another population" in message
    assert "persons/part-00005.parquet: is no piece of this population" in message
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
        (None, "its end"),
    ],
)
def test_a_list_that_is_none(folder: Path, text: str | None, said: str) -> None:
    (folder / "pieces.json").unlink()
    if text is not None:
        (folder / "pieces.json").write_text(text)
    assert said in refusal(folder)


def test_two_populations_in_one_folder(population: Population, folder: Path) -> None:
    (folder / "persons.parquet").touch()
    assert "holds pieces and persons.parquet besides" in refusal(folder)


def test_no_population(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such folder"):
        Population.open(tmp_path / "nowhere")
    with pytest.raises(MicrosimError, match="no such file"):
        Population.open(tmp_path)


def test_a_folder_of_other_things_is_left_alone(population: Population, tmp_path: Path) -> None:
    (tmp_path / "persons").mkdir()
    (tmp_path / "persons" / "letters.txt").write_text("dear")
    with pytest.raises(MicrosimError, match=r"holds letters.txt, which is no piece; name another folder"):
        population.write(tmp_path, households_per_piece=2000)
    assert [path.name for path in tmp_path.iterdir()] == ["persons"]


# --- Synthesis in pieces


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "LARGEST_PIECE", 2500)
    monkeypatch.setattr(streaming, "LARGEST_PIECE", 2500)


@pytest.mark.usefixtures("small_pieces")
def test_made_to_the_same_bytes_however_many_at_a_time(profile: County, tmp_path: Path) -> None:
    told: list[str] = []
    for threads in (1, 3):
        made = synthesize_to(profile, tmp_path / str(threads), 3, 6001, threads, told.append)
    files = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("1", "3")
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 8
    population, report = synthesize_with_report(profile, 3, 6001)
    assert made == (6001, population.n_persons, report.controls, report.left_out)
    assert told[0] == "piece 1 of 3"
    county = Population.open(tmp_path / "1")
    assert county.hash == Population.read(tmp_path / "1").hash == population.hash
    assert county.county is not None
    assert county.household_id.tolist() == list(range(1, 6002))
    # Each piece stands for its share, and all of them meet the county's margins.
    assert np.abs(report.margins.misses).max() < 1e-6
    residents = np.sum(np.diff(county.offsets) * county.weight)
    assert residents == pytest.approx(sum(profile.residents.values()), rel=1e-6)
    shares = [piece.weight.sum() / county.weight.sum() for piece in county.pieces()]
    assert shares == pytest.approx([1 / 3] * 3, rel=1e-2)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("there_before", [True, False])
def test_a_stop_leaves_nothing_behind(
    profile: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    target = tmp_path / "deep" / "county"
    if there_before:
        synthesize_to(profile, target, 1, 300)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write, calls = writing.write_tables, []

    def stopped(*given: Any) -> None:
        calls.append(given)
        if len(calls) > 1:
            raise KeyboardInterrupt
        write(*given)

    monkeypatch.setattr(writing, "write_tables", stopped)
    with pytest.raises(KeyboardInterrupt):
        synthesize_to(profile, target, 1, 6001, threads=1)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (tmp_path / "deep").exists() == there_before


@pytest.mark.usefixtures("small_pieces")
def test_a_stop_gives_up_the_pieces_in_hand(
    profile: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits until they are whole: the second piece is left at its next step."""
    steps: list[int] = []
    sample = streaming.synthesize_sample

    def slow(county: County, seed: int, count: int, first: int, go_on: Callable[[], None]) -> Any:
        if first == 1:
            raise KeyboardInterrupt
        while True:
            steps.append(first)
            time.sleep(0.01)
            go_on()

    monkeypatch.setattr(streaming, "synthesize_sample", slow)
    with pytest.raises(KeyboardInterrupt):
        synthesize_to(profile, tmp_path / "county", 1, 6001, threads=2)
    assert len(steps) < 100
    assert not (tmp_path / "county").exists()
    count = iter(range(9))
    sample(profile, 1, 300, 1, lambda: next(count))
    assert next(count) >= 4


@pytest.mark.parametrize(
    ("households", "largest", "sizes"), [(10, 4, [3, 3, 4]), (4, 4, [4]), (5, 4, [2, 3])]
)
def test_cut_evenly(households: int, largest: int, sizes: list[int]) -> None:
    assert [last - first for first, last in cuts(households, largest)] == sizes


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
    with pytest.raises(MicrosimError, match=r"part-00002.parquet: no such file; it was there when"):
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


def test_no_households_cannot_be_made(profile: County, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="at least one household, not 0"):
        synthesize_to(profile, tmp_path / "x", households=0)
    assert not (tmp_path / "x").exists()
