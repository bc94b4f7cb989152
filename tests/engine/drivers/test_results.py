"""Results as tables, and what is said where the data lack something."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import parameter_vector
from microsim.engine.runtime.kernels import kernel_and_layout
from microsim.errors import MicrosimError
from microsim.policy import household, person, total
from microsim.policy.policy import Policy
from microsim.simulation import simulate, simulate_many
from tests.engine.drivers.mixed_policy import OUTPUTS, PARAMETERS, RULES
from tests.engine.random_populations import TinyPopulation, tiny_population


def test_households_and_persons_as_tables(policy: Policy, small: TinyPopulation) -> None:
    result = simulate(small, policy, ["payment", "standing", "fee", "stage", "area", "homes"])
    households, persons = result.households, result.persons
    assert list(households.columns) == ["household_id", "weight", "payment", "standing", "area", "homes"]
    assert list(persons.columns) == ["person_id", "household_id", "weight", "fee", "stage"]
    assert households["standing"].dtype == pd.CategoricalDtype(["none", "some"])
    assert (households["standing"].eq("some") == households["payment"].gt(0)).all()
    assert households["homes"].dtype == small.household_columns["homes"].dtype
    assert persons["household_id"].tolist() == np.repeat(small.household_id, np.diff(small.offsets)).tolist()
    assert result.categories("standing") == ("none", "some")
    assert (result.is_person("fee"), result.is_person("area")) == (True, False)
    fees = persons["fee"] * persons["weight"]
    assert result.total("fee") == pytest.approx(fees.sum(), rel=1e-12)
    with pytest.raises(MicrosimError, match="'standing' is a category and has no total"):
        result.total("standing")
    with pytest.raises(MicrosimError, match="'paymet' is not among the outputs of this run; did you mean"):
        result.total("paymet")


def test_totals_by_another_categorical(policy: Policy, small: TinyPopulation) -> None:
    series = simulate(small, policy, OUTPUTS).total("payment", by="tier")
    assert list(series.index) == ["low", "middle", "high"]
    assert (series.name, series.index.name) == ("payment", "tier")
    values = simulate(small, policy, OUTPUTS).array("payment") * small.weight
    for k, name in enumerate(series.index):
        assert series[name] == pytest.approx(values[small.household_columns["tier"] == k].sum(), rel=1e-12)


def test_sums_follow_an_array_that_its_holder_changes(policy: Policy, small: TinyPopulation) -> None:
    result = simulate(small, policy, OUTPUTS)
    before = result.sums("payment", "tier")
    assert result.sums("payment", "tier") == before
    assert result.sums("payment", "area") != before
    result.array("payment")[:] *= 2.0
    assert result.sums("payment", "tier") == {name: 2.0 * value for name, value in before.items()}
    assert result.total("payment") == pytest.approx(2.0 * sum(before.values()), rel=1e-12)


@pytest.mark.parametrize("output", ["payment", "fee"])
def test_households_that_an_output_reaches(policy: Policy, small: TinyPopulation, output: str) -> None:
    result = simulate(small, policy, OUTPUTS)
    found = result.reached(output, "tier")
    values, wanted = result.array(output), dict.fromkeys(small.categories["tier"], 0.0)
    for h, (first, last) in enumerate(itertools.pairwise(small.offsets.tolist())):
        own = values[first:last].sum() if result.is_person(output) else values[h]
        if own > 0.0:
            wanted[small.categories["tier"][small.household_columns["tier"][h]]] += small.weight[h]
    assert found == pytest.approx(wanted, rel=1e-12)
    assert 0.0 < sum(found.values()) < small.weight.sum()
    assert result.reached(output)["all"] == pytest.approx(sum(wanted.values()), rel=1e-12)


def test_a_population_without_areas_is_one_group() -> None:
    data = tiny_population(3, 5)
    bare = TinyPopulation(
        data.offsets, {}, data.person_columns, data.weight, data.household_id, data.person_id, data.categories
    )
    made = Policy.from_rules({"wages": total("wage_income")})
    expected = simulate(data, made, ["wages"]).total("wages")
    table = simulate_many(bare, made, [{}], ["wages"])
    assert table["value"].tolist() == [expected]
    assert simulate(bare, made, ["wages"], totals=["wages"]).total("wages") == expected


def test_values_that_did_not_change_are_not_looked_up_again(policy: Policy, small: TinyPopulation) -> None:
    changes: list[dict[str, Any]] = [
        {}, {"rate": 0.4}, {"paid": False}, {"form": "flat"}, {"line.rural": 350},
        {"rates": [[0, 0.05], [300, 0.2]]}, {},
    ]  # fmt: skip
    vectors = []
    for change in changes:
        made = policy.reform(change, allow_unusual=True)
        kernel, _ = kernel_and_layout(made, OUTPUTS, small)
        vectors.append(drivers.parameters_for(made, kernel).tolist())
        assert vectors[-1] == parameter_vector(made, kernel.plan).tolist()
    assert kernel.cells["rate"][2] == [0.3]
    assert vectors[0] == vectors[-1]
    assert all(vectors[0] != other for other in vectors[1:-1])


# -- what the data lacks -------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, where the text runs as plain Python
def test_values_that_are_not_finite_are_named(small: TinyPopulation) -> None:
    @household
    def ratio(assets: float, homes: int) -> float:
        return assets / homes

    @person
    def own(wage_income: float, pension_income: float) -> float:
        return wage_income / pension_income

    made = Policy.from_rules({"ratio": ratio, "own": own})
    result = simulate(small, made, ["ratio", "own"])
    homeless = small.household_id[small.household_columns["homes"] == 0]
    for by in (None, "area"):
        with pytest.raises(MicrosimError) as caught:
            result.total("ratio", by=by)
        message = str(caught.value)
        assert f"{len(homeless)} values of 'ratio' are not finite (households {homeless[0]}, " in message
        assert "rule ratio (" in message
    with pytest.raises(MicrosimError, match=r"values of 'own' are not finite \(households "):
        result.total("own")


def test_missing_columns_are_listed_at_once(policy: Policy, small: TinyPopulation) -> None:
    kept = {
        name: column
        for name, column in small.person_columns.items()
        if name not in ("wage_income", "disabled")
    }
    lacking = TinyPopulation(
        small.offsets,
        {"area": small.household_columns["area"]},
        kept,
        small.weight,
        small.household_id,
        small.person_id,
    )
    with pytest.raises(MicrosimError) as caught:
        simulate(lacking, policy, ["left", "any_disabled"])
    assert [offence.message for offence in caught.value.offences] == [
        "no rule, parameter or column named 'wage_income'",
        "no rule, parameter or column named 'tier'",
        "no rule, parameter or column named 'disabled'",
    ]


def test_parameters_without_a_value_for_a_day_or_a_category(small: TinyPopulation) -> None:
    parameters: dict[str, Any] = {
        **PARAMETERS,
        "rate": {"values": {"2021-01-01": 0.3}},
        "line": {"by": ["area", "tier"], "values": {"rural": {"low": 1, "hig": 2}, "urbn": 3}},
    }
    with pytest.raises(MicrosimError) as caught:
        simulate(small, Policy.from_rules(RULES, parameters, date="2020-12-31"), ["payment"])
    told = str(caught.value)
    assert "rate has no value on 2020-12-31; its first value is of 2021-01-01" in told
    assert "line has a value for 'urbn', which is not a category of area; did you mean 'urban'?" in told
    assert "line has a value for 'hig', which is not a category of tier; did you mean 'high'?" in told
    assert "line has no value for rural x middle (middle); add it, or a default" in told
    assert "line has no value for urban x low (urban)" in told
    made = Policy.from_rules(RULES, parameters, date="2021-01-01")
    with pytest.raises(MicrosimError, match="line has no value for urban x low"):
        simulate_many(small, made, [{"line.rural": 1}], ["payment"])


def test_threads_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROSIM_THREADS", "3")
    assert drivers.threads_in_use() == 3
    assert drivers.threads_in_use(2) == 2
    monkeypatch.setenv("MICROSIM_THREADS", "many")
    with pytest.raises(MicrosimError, match="MICROSIM_THREADS: the number of threads is 'many'"):
        drivers.threads_in_use()
    monkeypatch.delenv("MICROSIM_THREADS")
    assert drivers.threads_in_use() >= 1
