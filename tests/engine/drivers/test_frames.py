"""DataFrames of a result: made without copying, and yet nobody's change shows anywhere else."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from microsim.errors import InputError
from microsim.policy import household
from microsim.policy.policy import Policy
from microsim.simulation import simulate
from microsim.simulation.result import Result
from tests.engine.random_populations import TinyPopulation

ASKED = ["payment", "standing", "fee", "area"]


@pytest.fixture
def result(policy: Policy, small: TinyPopulation) -> Result:
    return simulate(small, policy, ASKED)


def shown(frame: pd.DataFrame, name: str) -> np.ndarray:
    values = frame[name]
    return values.cat.codes.to_numpy() if values.dtype == "category" else values.to_numpy()


def test_outputs_are_not_copied_and_the_rest_is(result: Result, small: TinyPopulation) -> None:
    frames = {"payment": result.households, "fee": result.persons}
    for name, frame in frames.items():
        assert np.shares_memory(shown(frame, name), result.arrays[name])
    for column in (small.weight, small.household_id, small.household_columns["area"]):
        for name in ("weight", "household_id", "area"):
            assert not np.shares_memory(shown(result.households, name), column)


def test_what_a_user_writes_shows_nowhere_else(result: Result, small: TinyPopulation) -> None:
    before = {name: values.copy() for name, values in result.arrays.items()}
    weight, total = small.weight.copy(), result.total("payment", by="area")
    households = result.households
    households.loc[0, "payment"] = -1.0
    households["weight"] *= 2.0
    households.loc[:, "standing"] = "some"
    result.persons.loc[0, "fee"] = -1.0
    assert households.loc[0, "payment"] == -1.0
    bare = result.array("payment")
    bare[1] = -2.0  # its own memory by now: a frame had the other
    assert households.loc[1, "payment"] == before["payment"][1]
    bare[1] = before["payment"][1]
    for name, values in before.items():
        assert np.array_equal(result.arrays[name], values), name
    assert np.array_equal(small.weight, weight)
    assert result.total("payment", by="area").equals(total)
    first = result.total("payment", by="area")
    first.index.name = "elsewhere"
    assert result.total("payment", by="area").index.name == "area"


def test_a_bare_array_and_a_frame_are_two_memories_once_the_result_is_gone(
    policy: Policy, small: TinyPopulation
) -> None:
    for bare_first in (True, False):
        result = simulate(small, policy, ASKED)
        bare = result.array("payment") if bare_first else None
        households = result.households
        bare = result.array("payment") if bare is None else bare
        kept, weight = bare.copy(), small.weight.copy()
        del result
        households["payment"] += 1.0
        households.loc[0, ["payment", "weight"]] = 99.0
        assert np.array_equal(bare, kept)
        assert np.array_equal(small.weight, weight)


def test_a_later_run_does_not_write_to_what_a_frame_shows(policy: Policy, small: TinyPopulation) -> None:
    result = simulate(small, policy, ASKED)
    households, before = result.households, result.households.copy()
    again = simulate(small, policy.reform({"paid": False}), ASKED, reuse=result)
    assert households.equals(before)
    assert not again.households.equals(before)
    assert again.arrays["fee"] is result.arrays["fee"]  # no frame of persons was made


def test_columns_of_the_population_stand_beside_the_outputs(result: Result, small: TinyPopulation) -> None:
    frame = result.households_with("tier", "homes", "area", "tier")
    assert [*frame.columns] == [
        "household_id", "weight", "tier", "homes", "payment", "standing", "area",
    ]  # fmt: skip
    assert frame["tier"].dtype == pd.CategoricalDtype(small.categories["tier"])
    assert np.array_equal(frame["tier"].cat.codes, small.household_columns["tier"])
    assert np.array_equal(frame["homes"], small.household_columns["homes"])
    assert "tier" not in result.households
    weighted = frame.assign(cost=frame["payment"] * frame["weight"])
    by_tier = weighted.groupby("tier", observed=False)["cost"].sum()
    assert by_tier.to_numpy() == pytest.approx(result.total("payment", by="tier").to_numpy(), rel=1e-12)

    frame.loc[0, "homes"] = 77
    assert small.household_columns["homes"][0] != 77


def test_persons_have_the_columns_of_their_household_too(result: Result, small: TinyPopulation) -> None:
    frame = result.persons_with("wage_income", "tier")
    assert [*frame.columns] == ["person_id", "household_id", "weight", "wage_income", "tier", "fee"]
    assert np.array_equal(frame["wage_income"], small.person_columns["wage_income"])
    owner = np.repeat(np.arange(len(small.weight)), np.diff(small.offsets))
    assert np.array_equal(frame["tier"].cat.codes, small.household_columns["tier"][owner])


def test_every_column_that_is_not_there_is_named(result: Result) -> None:
    with pytest.raises(InputError) as caught:
        result.households_with("teir", "wage_income", "homes")
    assert [str(offence) for offence in caught.value.offences] == [
        "columns: 'teir' is no household column of the population; did you mean 'tier'?",
        "columns: 'wage_income' is no household column of the population; "
        "it differs from person to person: persons_with has it",
    ]
    with pytest.raises(InputError, match="'hoems' is no column of the population; did you mean 'homes'"):
        result.persons_with("hoems")


def test_a_column_is_added_to_a_wide_frame_without_a_warning(small: TinyPopulation) -> None:
    def named(k: int) -> object:
        @household
        def value(homes: int) -> float:
            return homes + 0.0

        return value.named(f"value_{k}")

    rules = {f"value_{k}": named(k) for k in range(110)}
    frame = simulate(small, Policy.from_rules(rules), list(rules)).households
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame["more"] = 1.0
