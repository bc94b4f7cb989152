"""Populations in pieces: the same bits as in memory, read as little as needed."""

from __future__ import annotations

import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.population import Population
from microsim.population.calibration.whole_weights import whole_households
from microsim.population.io import reading
from microsim.population.io.pieces import cuts

OUTPUTS = ["poor", "gap", "income"]


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


@pytest.mark.parametrize(
    ("households", "largest", "sizes"), [(10, 4, [3, 3, 4]), (4, 4, [4]), (5, 4, [2, 3])]
)
def test_cut_evenly(households: int, largest: int, sizes: list[int]) -> None:
    assert [last - first for first, last in cuts(households, largest)] == sizes
