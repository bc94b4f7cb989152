"""Identifiers stand for one household or person each, exactly, or the population is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim.errors import MicrosimError, MicrosimWarning
from microsim.population import Population

A, B = 110101199001011234, 110101199001011237  # as float64 they are one


def both(ids: pd.Series, **columns: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two households, the second of two persons."""
    return (
        pd.DataFrame({"household_id": ids.take([0, 1, 1]).array, **columns}),
        pd.DataFrame({"household_id": ids, "weight": [1.0, 1.0]}),
    )


@pytest.mark.parametrize("dtype", ["int64", "uint64", "Int64", object])
def test_whole_numbers_of_18_digits_stay_apart(dtype: Any, tmp_path: Path) -> None:
    persons, households = both(pd.Series([A, B], dtype=dtype))
    population = Population.from_frames(persons, households)
    assert population.household_id.tolist() == [A, B]
    assert np.diff(population.offsets).tolist() == [1, 2]
    population.write(tmp_path)
    for again in (Population.read(tmp_path), Population.open(tmp_path)):
        assert again.household_id.tolist() == [A, B]


@pytest.mark.parametrize(
    ("dtype", "ids"),
    [
        ("float64", [A, B]),
        ("float64", [2**53, 5]),
        ("float32", [2**24, 5]),
        ("float16", [2**11, 5]),
        ("Float64", [A, 5]),
        ("uint64", [2**63, 5]),
        (object, [2**64, 5]),
        (object, [A, 5.0]),
    ],
)
def test_ids_that_run_together_are_refused(dtype: Any, ids: list[int], tmp_path: Path) -> None:
    persons, households = both(pd.Series(ids, dtype=dtype))
    with pytest.raises(MicrosimError) as caught:
        Population.from_frames(persons, households)
    assert "persons, column household_id: not an exact id" in str(caught.value)
    assert "households, column household_id: not an exact id" in str(caught.value)
    if dtype is object:
        return
    for name, frame in (("persons", persons), ("households", households)):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    for read in (Population.read, lambda folder: Population.open(folder).offsets):
        with pytest.raises(MicrosimError, match="household_id: not an exact id"):
            read(tmp_path)


@pytest.mark.parametrize(("dtype", "last"), [("float64", 2**53), ("float32", 2**24), ("float16", 2**11)])
def test_floating_point_is_exact_up_to_its_digits(dtype: str, last: int) -> None:
    persons, households = both(pd.Series([last - 1, 5], dtype=dtype))
    assert Population.from_frames(persons, households).household_id.tolist() == [last - 1, 5]


def test_odd_relations_are_told_with_their_households() -> None:
    persons, households = both(pd.Series([70, 8]), relation=["child", "head", "head"])
    with pytest.warns(MicrosimWarning) as caught:
        Population.from_frames(persons, households)
    assert str(caught[0].message) == (
        "1 household has no head: household_id 70; 1 household has several heads: household_id 8; "
        "were ids of different households rounded to the same number, or is relation wrong?"
    )
    assert caught[0].filename == __file__
    persons, households = both(pd.Series([70, 8]), relation=["head", "spouse", "spouse"])
    with pytest.warns(MicrosimWarning, match="1 household has several spouses: household_id 8"):
        Population.from_frames(persons, households)


def test_odd_relations_are_told_when_a_folder_is_read(tmp_path: Path) -> None:
    persons, households = both(pd.Series([70, 8]), relation=["head", "head", "head"])
    for name, frame in (("persons", persons), ("households", households)):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    with pytest.warns(MicrosimWarning, match="1 household has several heads: household_id 8"):
        Population.read(tmp_path)


@pytest.mark.filterwarnings("error")
def test_what_is_in_order_is_not_mentioned() -> None:
    persons, households = both(pd.Series([70, 8]), relation=["head", "head", "spouse"])
    Population.from_frames(persons, households)
    Population.from_frames(persons.drop(columns="relation"), households)


def test_ids_used_twice_are_refused_by_whatever_reads_them_first(tmp_path: Path) -> None:
    persons, households = both(pd.Series([70, 8]), person_id=[1, 2, 2])
    households.loc[2] = [8, 1.0]
    for name, frame in (("persons", persons), ("households", households.astype({"household_id": int}))):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    for use in (lambda one: one.offsets, lambda one: one.select([70]), lambda one: one.hash):
        with pytest.raises(MicrosimError) as caught:
            use(Population.open(tmp_path))
        words = "households.parquet, column household_id: duplicate household_id in 1 row: row 2 (8)"
        assert words in str(caught.value)
    with pytest.raises(MicrosimError, match=r"persons.parquet, column person_id: duplicate .* row 2 \(2\)"):
        assert Population.open(tmp_path).offsets
