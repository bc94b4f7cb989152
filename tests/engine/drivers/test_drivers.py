"""The drivers: identical bits however the work is cut, walks, many scenarios, and what is said of bad use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim.engine import any_member, count, household, person, total
from microsim.engine.compiler.emit import BLOCK
from microsim.engine.policy.policy import Policy
from microsim.engine.runtime import drivers
from microsim.errors import MicrosimError
from microsim.simulation import simulate, simulate_many, walk
from tests.engine.random_populations import PLAIN, TinyPopulation, tiny_population

HOUSEHOLDS = 3000 if PLAIN else 20 * BLOCK + 123


@person
def net(wage_income: float, rate: float) -> float:
    """Wage after tax."""
    return wage_income * (1 - rate)


@household
def poor(income: float, line: float, size: int) -> bool:
    """Below the line."""
    return income < line * size


@household
def payment(poor: bool, income: float, line: float, size: int, form: str, paid: bool) -> float:
    """The gap to the line, or a flat amount."""
    if not poor or not paid:
        return 0.0
    if form == "flat":
        return 60.0 * size / 7
    return line * size - income


@person
def fee(poor: bool, pension_income: float, rates: Any, disabled: bool) -> float:
    """What the poor are spared."""
    return 0.0 if poor and disabled else rates(pension_income)


@household
def left(income: float, payment: float, fees: float) -> float:
    return income + payment - fees


@household(categories=("none", "some"))
def standing(payment: float) -> str:
    return "some" if payment > 0 else "none"


RULES = {
    "net": net,
    "income": total(net),
    "size": count(),
    "poor": poor,
    "payment": payment,
    "fee": fee,
    "fees": total(fee),
    "any_disabled": any_member("disabled"),
    "left": left,
    "standing": standing,
}
PARAMETERS: dict[str, Any] = {
    "rate": 0.3,
    "line": {"by": ["area", "tier"], "values": {"rural": 300, "urban": {"low": 400, "default": 500}}},
    "form": {"kind": "choice", "choices": ["gap", "flat"], "values": "gap"},
    "paid": True,
    "rates": {"kind": "brackets", "values": [[0, 0.0], [300, 0.1], [600, 0.3]]},
}
MONEY = ["payment", "left", "poor"]
# The same everywhere, so that few kernels are compiled.
OUTPUTS = ["payment", "left", "poor", "fee", "fees", "standing", "any_disabled"]
WALKED = ["left", "payment", "poor", "standing", "fees"]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS)


@pytest.fixture(scope="module")
def population() -> TinyPopulation:
    """Weights with many digits, so that the order of additions shows."""
    data = tiny_population(23, HOUSEHOLDS)
    return part(data, 0, HOUSEHOLDS, np.random.default_rng(1).random(HOUSEHOLDS))


@pytest.fixture(scope="module")
def small() -> TinyPopulation:
    return tiny_population(9, 40)


def part(data: TinyPopulation, first: int, last: int, weight: np.ndarray | None = None) -> TinyPopulation:
    """Households ``first`` to ``last`` (not included)."""
    low, high = data.offsets[first], data.offsets[last]
    return TinyPopulation(
        data.offsets[first : last + 1] - low,
        {name: column[first:last] for name, column in data.household_columns.items()},
        {name: column[low:high] for name, column in data.person_columns.items()},
        (data.weight if weight is None else weight)[first:last],
        data.household_id[first:last],
        data.person_id[low:high],
        data.categories,
    )


def shuffled(data: TinyPopulation, households: np.ndarray, persons: np.ndarray) -> TinyPopulation:
    """The same families with households, and members within them, in another order."""
    sizes = np.diff(data.offsets)[households]
    return TinyPopulation(
        np.concatenate([[0], np.cumsum(sizes)]),
        {name: column[households] for name, column in data.household_columns.items()},
        {name: column[persons] for name, column in data.person_columns.items()},
        data.weight[households],
        data.household_id[households],
        data.person_id[persons],
        data.categories,
    )


# -- identical bits ------------------------------------------------------------------------------------------

CUTS = [0, 1, 2, BLOCK - 1, BLOCK, 2 * BLOCK + 500, 2 * BLOCK + 501, HOUSEHOLDS]


def bits(array: Any) -> bytes:
    return np.ascontiguousarray(array).tobytes()


def test_totals_have_the_same_bits_on_any_number_of_threads(
    policy: Policy, population: TinyPopulation
) -> None:
    one, two, five = (
        drivers.evaluate(policy, population, OUTPUTS, totals=MONEY, by="tier", threads=n) for n in (1, 2, 5)
    )
    assert one.totals.shape == (3, 3)
    assert bits(one.totals) == bits(two.totals) == bits(five.totals)
    assert bits(one.arrays["fee"]) == bits(two.arrays["fee"])
    assert (one.total_names, one.groups) == (("payment", "left", "poor"), ("low", "middle", "high"))


def test_and_for_data_that_comes_in_pieces(policy: Policy, population: TinyPopulation) -> None:
    whole = drivers.evaluate(policy, population, OUTPUTS, totals=MONEY, by="tier", threads=1)
    carry, arrays = drivers.Carry(), []
    for first, last in pairwise(CUTS):
        piece = part(population, first, last)
        done = drivers.evaluate(policy, piece, OUTPUTS, totals=MONEY, by="tier", carry=carry, threads=2)
        arrays.append(done.arrays["payment"])
    assert carry.households == HOUSEHOLDS
    assert bits(done.totals) == bits(whole.totals)
    assert bits(np.concatenate(arrays)) == bits(whole.arrays["payment"])


def scenarios(policy: Policy) -> list[Policy]:
    changes: list[dict[str, Any]] = [{}, {"rate": 0.1}, {"line.urban.low": 700, "paid": False}, {"line": 111}]
    return [policy.reform(change) for change in changes]


@pytest.mark.parametrize("wave_bytes", [1, drivers.WAVE_BYTES])
def test_totals_of_scenarios_have_the_same_bits_however_they_are_cut(
    policy: Policy, population: TinyPopulation, wave_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    varying = ["rate", "line", "paid"]
    whole, groups = drivers.totals(scenarios(policy), varying, population, MONEY, by="tier", threads=1)
    assert groups.names == ("low", "middle", "high")
    assert whole.shape == (3, 3, 4)
    monkeypatch.setattr(drivers, "WAVE_BYTES", wave_bytes)
    for threads in (1, 2):
        again, _ = drivers.totals(scenarios(policy), varying, population, MONEY, by="tier", threads=threads)
        assert bits(again) == bits(whole)
    carry = drivers.Carry()
    for first, last in pairwise(CUTS):
        piece = part(population, first, last)
        reached, _ = drivers.totals(scenarios(policy), varying, piece, MONEY, by="tier", carry=carry)
    assert bits(reached) == bits(whole)


def test_totals_in_the_kernel_and_from_the_arrays_have_the_same_bits(
    policy: Policy, population: TinyPopulation
) -> None:
    early = simulate(population, policy, OUTPUTS, totals=MONEY, by="tier")
    late = simulate(population, policy, OUTPUTS)
    for name in MONEY:
        assert bits(early.total(name, by="tier")) == bits(late.total(name, by="tier"))
    whole = simulate(population, policy, OUTPUTS, totals=MONEY, by=None)
    assert [whole.total(name) for name in MONEY] == [late.total(name) for name in MONEY]
    assert late.total("payment", by="area").sum() == pytest.approx(late.total("payment"), rel=1e-12)


def test_walks_have_the_same_bits_on_any_number_of_threads(policy: Policy, small: TinyPopulation) -> None:
    one, two = (walk(small, policy, grid=[0, 500.0, 900.0], outputs=WALKED, threads=n) for n in (1, 2))
    assert bits(one["left"]) == bits(two["left"])


def test_arrays_of_an_old_result_are_written_anew(policy: Policy, small: TinyPopulation) -> None:
    old = simulate(small, policy, OUTPUTS)
    before = {name: array.copy() for name, array in old.arrays.items()}
    new = simulate(small, policy.reform({"paid": False}), OUTPUTS, reuse=old)
    assert all(new.arrays[name] is old.arrays[name] for name in OUTPUTS)
    assert before["payment"].any()
    assert not new.array("payment").any()
    smaller = simulate(part(small, 0, 10), policy, OUTPUTS, reuse=old)
    assert all(smaller.arrays[name] is not old.arrays[name] for name in OUTPUTS)
    first = walk(small, policy, grid=[0.0, 1.0], outputs=WALKED)
    assert walk(small, policy, grid=[2.0, 3.0], outputs=WALKED, reuse=first)["left"] is first["left"]


def test_neither_the_order_of_households_nor_of_members_matters(
    policy: Policy, small: TinyPopulation
) -> None:
    draw = np.random.default_rng(4)
    households = draw.permutation(len(small.weight))
    persons = np.concatenate(
        [draw.permutation(np.arange(small.offsets[h], small.offsets[h + 1])) for h in households]
    )
    plain = simulate(small, policy, OUTPUTS)
    mixed = simulate(shuffled(small, households, persons), policy, OUTPUTS)
    np.testing.assert_allclose(mixed.array("left"), plain.array("left")[households], rtol=1e-12)
    np.testing.assert_allclose(mixed.array("fee"), plain.array("fee")[persons], rtol=1e-12)
    assert mixed.total("left") == pytest.approx(plain.total("left"), rel=1e-12)


# -- results as tables ---------------------------------------------------------------------------------------


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


def test_nobody_at_all(policy: Policy, small: TinyPopulation) -> None:
    nobody = part(small, 0, 0)
    result = simulate(nobody, policy, OUTPUTS)
    assert result.households.empty
    assert (result.total("payment"), result.total("fee", by="area").tolist()) == (0.0, [0.0, 0.0])
    assert simulate_many(nobody, policy, CHANGES, MANY)["value"].eq(0.0).all()
    assert walk(nobody, policy, grid=[0.0, 1.0], outputs=WALKED)["left"].shape == (0, 2)


# -- walks ---------------------------------------------------------------------------------------------------


def test_a_walk_at_the_actual_wage_is_the_household_as_it_is(policy: Policy, small: TinyPopulation) -> None:
    wages = small.person_columns["wage_income"]
    walked = walk(small, policy, grid=np.unique(wages), outputs=WALKED)
    plain = simulate(small, policy, OUTPUTS)
    owners = np.maximum.reduceat(wages, small.offsets[:-1])
    at = np.searchsorted(walked.grid, owners)
    for name in WALKED:
        now = walked[name][np.arange(len(at)), at]
        np.testing.assert_allclose(
            now.astype(float), plain.array(name).astype(float), rtol=1e-12, err_msg=name
        )


def test_a_walk_is_a_household_whose_member_earns_each_wage(policy: Policy, small: TinyPopulation) -> None:
    walked = walk(small, policy, vary="pension_income", grid=[0.0, 450.0, 800.0], outputs=WALKED)
    for point, amount in enumerate(walked.grid):
        pensions = small.person_columns["pension_income"].copy()
        pensions[np.isin(small.person_id, walked.person_id)] = amount
        changed = TinyPopulation(
            small.offsets,
            small.household_columns,
            {**small.person_columns, "pension_income": pensions},
            small.weight,
            small.household_id,
            small.person_id,
        )
        plain = simulate(changed, policy, OUTPUTS)
        for name in ("left", "fees"):
            np.testing.assert_allclose(walked[name][:, point], plain.array(name), rtol=1e-12, atol=1e-9)


def test_who_is_walked(policy: Policy, small: TinyPopulation) -> None:
    wages = small.person_columns["wage_income"]
    by_default = walk(small, policy, grid=[0.0], outputs=WALKED)
    for h, chosen in enumerate(by_default.person_id):
        members = range(small.offsets[h], small.offsets[h + 1])
        first_of_the_highest = max(members, key=lambda p: (wages[p], -p))
        assert chosen == small.person_id[first_of_the_highest]
    last = np.zeros(len(small.person_id), dtype=bool)
    last[small.offsets[1:] - 1] = True
    marked = walk(small, policy, grid=[0.0], outputs=WALKED, member=last)
    assert marked.person_id.tolist() == small.person_id[last].tolist()
    with_column = TinyPopulation(
        small.offsets,
        small.household_columns,
        {**small.person_columns, "last": last},
        small.weight,
        small.household_id,
        small.person_id,
    )
    wanted = small.household_id[[7, 2, 7]]
    some = walk(with_column, policy, grid=[0.0, 9.0], outputs=WALKED, member="last", households=wanted)
    assert some.household_id.tolist() == wanted.tolist()
    assert some.person_id.tolist() == small.person_id[small.offsets[[8, 3, 8]] - 1].tolist()
    np.testing.assert_array_equal(some["left"][0], some["left"][2])
    np.testing.assert_array_equal(some["left"][:, 0], marked["left"][[7, 2, 7], 0])


def test_a_walk_of_what_does_not_depend_on_the_wage(policy: Policy, small: TinyPopulation) -> None:
    walked = walk(small, policy, grid=[0.0, 5.0], outputs="any_disabled")
    plain = simulate(small, policy, OUTPUTS).array("any_disabled")
    np.testing.assert_array_equal(walked["any_disabled"], np.column_stack([plain, plain]))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vary": "wage_incom"}, "'wage_incom' is not an amount of each person; did you mean 'wage_income'?"),
        ({"vary": "age"}, "vary: 'age' is not an amount of each person; one of pension_income, wage_income"),
        ({"vary": "net"}, "'net' is not an amount of each person"),
        (
            {"grid": [0.0, np.nan]},
            "the grid is a list of finite amounts; for example np.linspace(0, 60000, 101)",
        ),
        ({"grid": [[0.0], [1.0]]}, "the grid is a list of finite amounts"),
        ({"grid": []}, "the grid is a list of finite amounts"),
        ({"grid": ["much"]}, "the grid is a list of finite amounts"),
        ({"households": [10**6, 10**7]}, "households: 2 unknown household ids (1000000, 10000000)"),
        ({"member": "hed"}, "member 'hed' is not a yes/no person column"),
        ({"member": "age"}, "member 'age' is not a yes/no person column"),
        ({"member": np.ones(3, dtype=bool)}, "is not a yes/no person column"),
        ({"member": "disabled"}, "households without exactly one marked member (households "),
        (
            {"outputs": ["fee"]},
            "'fee' differs from person to person; take total(fee) or another household value",
        ),
        ({"outputs": ["wage_income"]}, "'wage_income' differs from person to person"),
        ({"outputs": []}, "no outputs are asked for"),
        ({"outputs": ["lft"]}, "no rule, parameter or column named 'lft'; did you mean 'left'?"),
        ({"threads": 0}, "threads: the number of threads is 0; a whole number from 1"),
    ],
)
def test_bad_walks(policy: Policy, small: TinyPopulation, options: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        walk(small, policy, **{"outputs": ["left"], "grid": [0.0], **options})
    assert words in str(caught.value)


# -- many scenarios ------------------------------------------------------------------------------------------

MANY = ["payment", "fee", "poor", "left", "disabled"]
CHANGES: Sequence[Mapping[str, Any]] = [
    {},
    {"rate": 0.0},
    {"line.rural": 200, "rate": 0.5},
    {"line": {"by": {"urban": {"high": 900}}}},
    {"paid": False},
    {"form": "flat"},
    {"rates": [[0, 0.5]]},
    {"rates": [[0, 0.2], [100, 0.4]], "form": "flat", "line": 444},
]


@pytest.mark.parametrize("by", ["area", "tier", None])
def test_many_scenarios_are_the_runs_one_by_one(
    policy: Policy, small: TinyPopulation, by: str | None
) -> None:
    table = simulate_many(small, policy, CHANGES, MANY, by=by)
    assert list(table.columns) == ["scenario", "output", *([by] if by else []), "value"]
    rows = iter(table.itertuples(index=False))
    for k, change in enumerate(CHANGES):
        result = simulate(small, policy.reform(change), [*OUTPUTS, "disabled"])
        for name in MANY:
            totals = result.total(name, by=by)
            for group, expected in totals.items() if by else [(None, totals)]:
                row = next(rows)
                assert (row.scenario, row.output) == (k, name)
                assert by is None or getattr(row, by) == group
                assert row.value == pytest.approx(expected, rel=1e-12), (change, name, group)
    assert next(rows, None) is None


def test_a_scenario_that_changes_nothing_asked_for(policy: Policy, small: TinyPopulation) -> None:
    table = simulate_many(small, policy, [{"rate": 0.9}, {"rate": 0.1}], "any_disabled", by=None)
    assert table["value"].tolist() == [simulate(small, policy, OUTPUTS).total("any_disabled")] * 2


def test_paths_and_dates_in_many_scenarios(small: TinyPopulation) -> None:
    dated = Policy.from_rules({"net": net, "income": total(net)}, {"rate": 0.3}, date="2023-06-30")
    changes = [
        {"rate": {"path": "linear", "from": {2021: 0.0}, "to": {2025: 1.0}}},
        {"rate": {"on": {"2022-01-01": 0.5, "2024-01-01": 0.9}}},
        {"rate": 0.5},
    ]
    values = simulate_many(small, dated, changes, ["income"], by=None)["value"]
    assert values[0] == values[1] == values[2]


@pytest.mark.parametrize(
    ("outputs", "options", "words"),
    [
        (
            ["payment"],
            {"by": "aera"},
            "totals by 'aera': not a categorical household column; known: area, tier",
        ),
        (["payment"], {"by": "assets"}, "totals by 'assets': not a categorical household column"),
        (["payment"], {"by": "stage"}, "totals by 'stage': not a categorical household column"),
        (["standing", "stage"], {}, "'standing' is a category and has no total; count a yes/no rule instead"),
        (["standing", "stage"], {}, "'stage' is a category and has no total"),
        (["rates"], {}, "'rates' is a brackets and no value of households; policy.value('rates') gives it"),
        (["paymnt"], {}, "no rule, parameter or column named 'paymnt'; did you mean 'payment'?"),
    ],
)
def test_bad_totals(
    policy: Policy, small: TinyPopulation, outputs: list[str], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(MicrosimError) as caught:
        simulate_many(small, policy, [{}], outputs, **options)
    assert words in str(caught.value)


def test_person_values_have_no_total_in_the_kernel(policy: Policy, small: TinyPopulation) -> None:
    with pytest.raises(MicrosimError, match=r"'fee' differs from person to person; take total\(fee\)"):
        simulate(small, policy, ["payment"], totals=["fee"])


def test_bad_scenarios_are_told_with_their_numbers(policy: Policy, small: TinyPopulation) -> None:
    with pytest.raises(MicrosimError) as caught:
        simulate_many(small, policy, [{"rat": 1}, {}, {"rate": "x", "form": "gapp"}], ["payment"])
    assert [offence.place for offence in caught.value.offences] == [
        "scenario 0: rat",
        "scenario 2: rate",
        "scenario 2: form",
    ]


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
    assert "rate has no value on 2020-12-31; its first is of 2021-01-01" in told
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
