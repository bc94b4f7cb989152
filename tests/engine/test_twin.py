"""The compiled kernel and the interpreter, which share no code, agree on random policies and households.

Compiling a random policy takes seconds, so few are compiled here: some fixed ones, named by a seed. With
``NUMBA_DISABLE_JIT=1`` the generated text runs as plain Python: many are tried, some made up by Hypothesis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import microsim as ms
from microsim.engine.reference.interpreter import Interpreter, household_from, interpret_all
from tests.engine.random_policies import (
    RandomPolicy,
    Seeded,
    policies,
    populations,
    random_changes,
    random_policy,
    reforms,
)
from tests.engine.random_populations import PLAIN, TinyPopulation, plain_only, tiny_population

RELATIVE = 1e-9
GRID = np.array([0.0, 50.5, 100.0, 300.0, 400.0, 600.0, 1000.0, 1200.0, 1234.5, 2400.0, 9999.0])
SEEDS = range(40) if PLAIN else (2, 15, 48, 58)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made_up")


def trying(examples: int) -> Any:
    """Hypothesis settings. The default run is the same every time."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # shrinking would try hundreds of policies
        suppress_health_check=list(HealthCheck),
    )


# --- what is compared ---


def agree(name: str, compiled: Any, interpreted: Sequence[Any], scale: float = 1.0) -> None:
    """The same words, or numbers within 1e-9 of the larger one (or of ``scale`` where sums cancel)."""
    got, expected = np.asarray(compiled), np.asarray(interpreted)
    assert got.shape == expected.shape, name
    if expected.dtype.kind == "U":
        same = got == expected
    else:
        got, expected = got.astype(np.float64), expected.astype(np.float64)
        with np.errstate(invalid="ignore"):
            near = np.abs(got - expected) <= RELATIVE * np.maximum(
                scale, np.maximum(np.abs(got), np.abs(expected))
            )
        same = near | (got == expected) | (np.isnan(got) & np.isnan(expected))
    first = tuple(np.argwhere(~same)[0]) if not same.all() else ()
    assert same.all(), f"{name} at {first}: compiled {got[first]}, interpreted {expected[first]}"


def check_values(made: RandomPolicy, data: TinyPopulation) -> None:
    """Every asked-for output of every household and person."""
    result = ms.simulate(data, made.policy, made.outputs)
    by_household, by_person = interpret_all(data, made.policy, made.outputs)
    assert set(by_household) | set(by_person) == set(made.outputs)
    for name, values in {**by_household, **by_person}.items():
        words = result.categories(name)
        column = result.array(name)
        agree(name, np.array(words)[column] if words else column, values)


def numeric(made: RandomPolicy) -> list[str]:
    """Outputs that can be added up."""
    return [name for name in made.outputs if made.policy.rules[name].dtype != "category"]


def check_totals(made: RandomPolicy, data: TinyPopulation, changes: Sequence[Mapping[str, Any]]) -> None:
    """Weighted sums by area under each reform, from one pass over the data."""
    outputs = numeric(made)
    if not outputs:
        return
    table = ms.simulate_many(data, made.policy, changes=changes, outputs=outputs, by="area")
    got = table.set_index(["scenario", "output", "area"])["value"]
    area = np.array(data.categories["area"])[data.household_columns["area"]]
    owner = np.repeat(np.arange(data.n_households), np.diff(data.offsets))
    for scenario, change in enumerate(changes):
        by_household, by_person = interpret_all(data, made.policy.reform(change), outputs)
        for name in outputs:
            of_person = name in by_person
            values = np.array(by_person[name] if of_person else by_household[name], dtype=np.float64)
            weighed = values * (data.weight[owner] if of_person else data.weight)
            where = area[owner] if of_person else area
            for one in data.categories["area"]:
                chosen = weighed[where == one]
                scale = max(1.0, float(np.abs(chosen).sum()))
                agree(
                    f"scenario {scenario}, {name}, {one}", [got[scenario, name, one]], [chosen.sum()], scale
                )


def check_walk(made: RandomPolicy, data: TinyPopulation, marked: Sequence[int] | None = None) -> None:
    """Household outputs along the wage of one member: by default the first with the largest."""
    outputs = [name for name in numeric(made) if made.policy.rules[name].entity == "household"]
    if not outputs:
        return
    member = None
    if marked is not None:
        member = np.zeros(data.n_persons, dtype=bool)
        member[data.offsets[:-1] + np.array(marked)] = True
    walk = ms.walk(data, made.policy, vary="wage_income", grid=GRID, outputs=outputs, member=member)
    for index in range(data.n_households):
        household, persons = household_from(data, index)
        wages = [person["wage_income"] for person in persons]
        walked = wages.index(max(wages)) if marked is None else marked[index]
        for column, wage in enumerate(GRID.tolist()):
            others = [
                {**person, "wage_income": wage} if number == walked else person
                for number, person in enumerate(persons)
            ]
            alone = Interpreter(made.policy, household, others)
            for name in outputs:
                value = alone.household_value(name)
                agree(f"{name} of household {index} at {wage}", [walk[name][index, column]], [value])


# --- fixed policies ---


@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_policies(seed: int, folder: Path) -> None:
    made = random_policy(Seeded(seed), folder)
    check_values(made, tiny_population(seed, households=40))


@pytest.mark.parametrize("seed", [2, 48])
@pytest.mark.compiled
@pytest.mark.skipif(PLAIN, reason="plain Python does not divide by zero")
def test_fixed_policies_that_divide_by_zero(seed: int, folder: Path) -> None:
    made = random_policy(Seeded(seed), folder, undefined=True)
    check_values(made, tiny_population(seed, households=40))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_totals(seed: int, folder: Path) -> None:
    chooser = Seeded(1000 + seed)
    made = random_policy(Seeded(seed), folder)
    check_totals(
        made, tiny_population(seed, households=30), [{}, *(random_changes(chooser) for _ in range(5))]
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_walks(seed: int, folder: Path) -> None:
    made = random_policy(Seeded(seed), folder)
    data = tiny_population(seed, households=15)
    check_walk(made, data)
    last = (np.diff(data.offsets) - 1).tolist()
    check_walk(made, data, marked=last)


# --- policies that Hypothesis makes up ---


@pytest.mark.slow
@plain_only
@trying(examples=50)
@given(st.data(), populations(), populations())
def test_any_policy(folder: Path, data: st.DataObject, first: TinyPopulation, second: TinyPopulation) -> None:
    made = data.draw(policies(folder))
    check_values(made, first)
    check_values(made, second)


@pytest.mark.slow
@plain_only
@trying(examples=25)
@given(st.data(), populations(), st.lists(reforms(), min_size=1, max_size=4))
def test_any_totals(
    folder: Path, data: st.DataObject, people: TinyPopulation, changes: list[dict[str, Any]]
) -> None:
    check_totals(data.draw(policies(folder)), people, changes)


@pytest.mark.slow
@plain_only
@trying(examples=25)
@given(st.data(), populations())
def test_any_walk(folder: Path, data: st.DataObject, people: TinyPopulation) -> None:
    check_walk(data.draw(policies(folder)), people)


# --- shapes that were wrong once ---


@ms.person
def poor(wage_income: float, line: float) -> bool:
    return wage_income < line


@ms.household
def many_poor(poor_members: int) -> bool:
    return poor_members > 1


@ms.person(unit="yuan/year")
def aid(many_poor: bool, poor: bool) -> float:
    return (int(many_poor) + int(poor)) if many_poor else 100.0 - int(poor)


@pytest.mark.parametrize("seed", range(4))
def test_a_person_rule_counted_first_and_summed_under_a_condition_on_the_count(seed: int) -> None:
    rules = {
        "poor": poor,
        "poor_members": ms.count(poor),
        "many_poor": many_poor,
        "aid": aid,
        "aids": ms.total(aid),
    }
    line = {"by": "area", "values": {"rural": 250.0, "urban": 350.0}}
    policy = ms.Policy.from_rules(rules, {"line": line})
    made = RandomPolicy(policy, "", {"line": line}, ("aids", "poor_members"))
    data = tiny_population(seed, households=8)
    check_values(made, data)
    check_totals(made, data, [{}, {"line": 100.0}, {"line.urban": 1200.0}])
    check_walk(made, data)
    check_walk(made, data, marked=(np.diff(data.offsets) - 1).tolist())


@ms.person(unit="yuan/year")
def by_number(poor_members: int, age: int) -> float:
    return 100.0 * poor_members if age < 60 else 0.0


@pytest.mark.parametrize("seed", range(2))
def test_a_sum_over_a_person_rule_that_reads_a_count_itself(seed: int) -> None:
    """The others' part of the second sum is not the same all along the walk."""
    rules = {
        "poor": poor,
        "poor_members": ms.count(poor),
        "by_number": by_number,
        "aids": ms.total(by_number),
        "most": ms.largest(by_number),
    }
    made = RandomPolicy(ms.Policy.from_rules(rules, {"line": 250.0}), "", {}, ("aids", "most"))
    check_walk(made, tiny_population(seed, households=8))


def test_a_walk_along_which_nothing_changes() -> None:
    data = tiny_population(1, households=3)
    walk = ms.walk(data, ms.Policy.from_rules({"size": ms.count()}), grid=[0.0, 1.0], outputs=["size"])
    assert walk["size"].tolist() == [[n, n] for n in np.diff(data.offsets).tolist()]
