"""The container: what goes in comes out, in the order of the user, without copies where none are needed."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microsim.errors import MicrosimError
from microsim.population import Population, registry


def two_families() -> tuple[pd.DataFrame, pd.DataFrame]:
    persons = pd.DataFrame(
        {
            "household_id": [30, 10, 10, 20, 30],
            "person_id": [1, 2, 3, 4, 5],
            "age": [3, 40, 35, 70, 30],
            "sex": ["male", "female", "male", "male", "female"],
            "wage_income": [0, 12_000, 8_000, 0, 30_000],
            "works": [False, True, True, False, True],
            "hobby": ["chess", "go", "chess", "go", "chess"],
        }
    )
    households = pd.DataFrame(
        {"household_id": [30, 20, 10], "weight": [1.5, 2.0, 3.0], "area": ["urban", "rural", "rural"]}
    )
    return persons, households


def test_persons_follow_the_order_of_households() -> None:
    population = Population.from_frames(*two_families())
    assert population.n_households == 3
    assert population.n_persons == 5
    assert population.household_id.tolist() == [30, 20, 10]
    assert population.person_id.tolist() == [1, 5, 4, 2, 3]  # stable within the household
    assert population.offsets.tolist() == [0, 2, 3, 5]
    assert population.person_columns["age"].tolist() == [3, 30, 70, 40, 35]
    assert population.households["area"].tolist() == ["urban", "rural", "rural"]
    assert population.persons["household_id"].tolist() == [30, 30, 20, 10, 10]
    assert repr(population) == "<Population: 3 households, 5 persons>"


def test_columns_have_the_dtypes_the_engine_reads() -> None:
    population = Population.from_frames(*two_families())
    dtypes = {name: array.dtype for name, array in population.person_columns.items()}
    assert dtypes["wage_income"] == np.float64  # given as whole numbers, registered as float
    assert dtypes["age"] == np.int16  # given as int64
    assert dtypes["works"] == np.bool_
    assert dtypes["sex"] == dtypes["hobby"] == np.int8
    assert population.categories["sex"] == ("male", "female")
    assert population.categories["hobby"] == ("chess", "go")
    assert population.categories["area"] == registry()["area"].categories
    assert population.household_columns["area"].tolist() == [1, 0, 0]
    assert population.weight.dtype == np.float64


def test_frames_out_and_in_again_are_the_same_population() -> None:
    population = Population.from_frames(*two_families())
    again = Population.from_frames(population.persons, population.households)
    assert again.hash == population.hash
    pd.testing.assert_frame_equal(again.persons, population.persons)
    pd.testing.assert_frame_equal(again.households, population.households)


def test_absent_columns_get_documented_defaults_only() -> None:
    population = Population.from_frames(*two_families())
    assert "income_visible_share" in population.defaulted
    assert "pension_income" in population.defaulted
    assert "business_income" not in population.person_columns  # no harmless default
    assert population.household_columns["income_visible_share"].tolist() == [1.0, 1.0, 1.0]
    assert population.person_columns["disability_grade"].tolist() == [0] * 5
    assert population.person_columns["counts_as_member"].all()
    assert population.categories["disability_grade"][0] == "none"
    assert "pension_income" not in population.persons
    given_too = population.with_columns(persons={"pension_income": 100.0})
    assert "pension_income" not in given_too.defaulted
    assert len(population.person_columns) == len(list(population.person_columns))


@pytest.mark.parametrize("kind", ["object", "string", "category", "string[pyarrow]"])
def test_text_of_every_kind_becomes_codes(kind: str) -> None:
    persons, households = two_families()
    population = Population.from_frames(persons, households.astype({"area": kind}))
    assert population.household_columns["area"].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("age", "Int64"),
        ("age", "float64"),
        ("wage_income", "Float64"),
        ("works", "boolean"),
        ("works", "int64"),
    ],
)
def test_nullable_and_lossless_dtypes_are_taken(name: str, kind: str) -> None:
    persons, households = two_families()
    plain = Population.from_frames(persons, households)
    population = Population.from_frames(persons.astype({name: kind}), households)
    assert population.person_columns[name].tolist() == plain.person_columns[name].tolist()
    assert population.person_columns[name].dtype.kind == plain.person_columns[name].dtype.kind


def test_categories_take_the_order_of_the_registry() -> None:
    persons, households = two_families()
    persons["sex"] = pd.Categorical(persons["sex"], categories=["other", "female", "male"])
    population = Population.from_frames(persons, households)
    assert population.categories["sex"] == ("male", "female")
    assert population.persons["sex"].tolist() == ["male", "female", "male", "female", "male"]


def test_python_objects_are_taken_where_they_are_of_one_kind() -> None:
    persons, households = two_families()
    persons["works"] = pd.Series([False, True, True, False, True], dtype=object)
    persons["wage_income"] = pd.Series([0, 12_000, 8_000.5, 0, 30_000], dtype=object)
    population = Population.from_frames(persons, households)
    assert population.person_columns["works"].dtype == np.bool_
    assert population.person_columns["wage_income"].tolist() == [0.0, 30_000.0, 0.0, 12_000.0, 8_000.5]
    read_only = np.arange(2.0)
    read_only.flags.writeable = False
    kept = Population.from_arrays(np.array([0, 2]), {"rent": read_only}, {"weight": np.ones(1)})
    assert kept.person_columns["rent"].flags.writeable  # a kernel takes read-only arrays for another type


def test_categories_that_are_no_text_are_refused() -> None:
    persons, households = two_families()
    persons["tier"] = pd.Categorical([1, 2, 1, 2, 1])
    persons["sex"] = pd.Categorical([None] * 5, categories=[])
    with pytest.raises(MicrosimError) as caught:
        Population.from_frames(persons, households)
    assert "column tier: category 1 is not text; name it with text" in str(caught.value)
    assert "column sex: missing value in 5 rows" in str(caught.value)


def test_a_later_change_of_the_users_frame_does_not_reach_the_population() -> None:
    persons, households = two_families()
    persons = persons.sort_values("household_id", ascending=False, kind="stable").astype(
        {"wage_income": float}
    )
    population = Population.from_frames(persons, households)
    before = population.person_columns["wage_income"].tolist()
    persons.loc[:, "wage_income"] = -1.0
    households.loc[0, "weight"] = 99.0
    assert population.person_columns["wage_income"].tolist() == before
    assert population.weight[0] == 1.5


def test_arrays_that_fit_are_not_copied() -> None:
    offsets = np.array([0, 2, 3])
    persons = {"age": np.array([1, 2, 3], dtype=np.int16), "wage_income": np.array([0.0, 1.0, 2.0])}
    households = {"weight": np.ones(2), "area": np.array([0, 1], dtype=np.int8)}
    population = Population.from_arrays(offsets, persons, households, {"area": ("rural", "urban")})
    assert population.offsets is offsets
    assert population.weight is households["weight"]
    assert population.person_columns["age"] is persons["age"]
    assert population.person_columns["wage_income"] is persons["wage_income"]
    assert population.household_columns["area"] is households["area"]
    assert population.person_id.tolist() == [1, 2, 3]
    assert population.household_id.tolist() == [1, 2]


def test_arrays_need_no_pandas() -> None:
    code = (
        "import sys, numpy as np; from microsim.population import Population;"
        "Population.from_arrays(np.array([0, 1]), {'age': np.array([3])}, {'weight': np.ones(1)});"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_small_and_unsigned_integers_are_widened() -> None:
    persons = {"tier": np.array([1, 2], dtype=np.int8), "count": np.array([1, 2], dtype=np.uint16)}
    population = Population.from_arrays(np.array([0, 2]), persons, {"weight": np.ones(1)})
    assert population.person_columns["tier"].dtype == np.int16  # int8 is kept for codes
    assert population.person_columns["count"].dtype == np.int32


def test_select_by_mask_and_by_ids() -> None:
    population = Population.from_frames(*two_families())
    masked = population.select(np.array([True, False, True]))
    assert masked.household_id.tolist() == [30, 10]
    assert masked.person_id.tolist() == [1, 5, 2, 3]
    named = population.select([10, 30])
    assert named.household_id.tolist() == [10, 30]
    assert named.person_id.tolist() == [2, 3, 1, 5]
    assert named.persons["sex"].tolist() == ["female", "male", "male", "female"]
    assert named.defaulted == population.defaulted
    assert population.select([20]).n_persons == 1
    with pytest.raises(MicrosimError, match="no household with id 99"):
        population.select([10, 99])
    with pytest.raises(MicrosimError, match="one value for each of 3 households"):
        population.select(np.array([True]))


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=12), k=st.integers(1, 15))
def test_pieces_put_together_are_the_whole(sizes: list[int], k: int) -> None:
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    wages = np.arange(float(offsets[-1]))
    population = Population.from_arrays(offsets, {"wage_income": wages}, {"weight": np.ones(len(sizes))})
    pieces = list(population.split(k))
    assert len(pieces) == min(k, len(sizes))
    assert (
        np.concatenate([piece.person_columns["wage_income"] for piece in pieces]).tolist() == wages.tolist()
    )
    assert (
        np.concatenate([piece.household_id for piece in pieces]).tolist() == population.household_id.tolist()
    )
    assert np.concatenate([piece.person_id for piece in pieces]).tolist() == population.person_id.tolist()
    assert all(piece.offsets[0] == 0 and piece.offsets[-1] == piece.n_persons for piece in pieces)
    assert all(np.shares_memory(piece.person_columns["wage_income"], wages) for piece in pieces)


def test_a_population_is_not_split_into_nothing() -> None:
    with pytest.raises(MicrosimError, match="1 or more pieces, not 0"):
        list(Population.from_frames(*two_families()).split(0))


def test_columns_are_added_and_replaced_with_the_same_checks() -> None:
    population = Population.from_frames(*two_families())
    changed = population.with_columns(
        persons={"wage_income": population.person_columns["wage_income"] * 2, "tall": [True] * 5},
        households={"weight": [1, 1, 2], "zone": ["north", "south", "north"]},
    )
    assert changed.person_columns["wage_income"].tolist() == [0, 60_000, 0, 24_000, 16_000]
    assert changed.weight.tolist() == [1.0, 1.0, 2.0]
    assert changed.categories["zone"] == ("north", "south")
    assert population.person_columns["wage_income"].tolist() == [0, 30_000, 0, 12_000, 8_000]
    assert changed.hash != population.hash
    with pytest.raises(MicrosimError) as caught:
        population.with_columns(persons={"wage_income": -1.0, "area": "rural"}, households={"weight": 0.0})
    for words in ("negative amount in 5 rows", "area: belongs to the households table", "all weights are 0"):
        assert words in str(caught.value)


def test_pickled_and_hashed() -> None:
    population = Population.from_frames(*two_families())
    assert population.persons is population.persons
    again = pickle.loads(pickle.dumps(population))
    assert again.hash == population.hash
    pd.testing.assert_frame_equal(again.persons, population.persons)
    persons, households = two_families()
    households["weight"] = [1.5, 2.0, 3.0000001]
    assert Population.from_frames(persons, households).hash != population.hash
