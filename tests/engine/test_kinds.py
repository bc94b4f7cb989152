"""Rules without annotations give what their text says: compiled, interpreted and along a wage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.engine.reference.interpreter import interpret_all
from microsim.engine.runtime.notches import notches
from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from microsim.policy.rules import Rule

SMALL = 1000.0


def near(a, b):
    return abs(a - b) < SMALL


def halved(a):
    return a / 2


@ms.household
def poor(income, line):
    return income < line


@ms.household
def below_line(income, line):
    return ms.below(income, line)


@ms.household
def poor_and_rural(poor, rural):
    return poor and rural


@ms.household
def is_rural(rural):
    return rural


@ms.household
def elsewhere(is_rural):
    found = not is_rural
    return found


@ms.household
def near_line(income, line):
    return near(income, line)


@ms.household
def any_earned(income):
    earned = False
    for k in range(3):
        if income > k * 1000:
            earned = True
    return earned


@ms.household
def allowed(switch, poor):
    return poor if switch else False


@ms.household
def gap(allowed, income, line):
    if not allowed:
        return 0
    return line - income


@ms.household
def half_gap(gap):
    return halved(gap)


@ms.household
def members(size):
    return size


@ms.household
def poor_as_number(poor) -> float:
    return poor


@ms.household
def poor_counted(income, line) -> int:
    return income < line


@ms.household
def paid(poor, rural, gap):
    return gap * float(poor) + float(rural)


YES_NO = [poor, below_line, poor_and_rural, is_rural, elsewhere, near_line, any_earned, allowed]
NUMBERS = [gap, half_gap, members, poor_as_number, paid]
RULES = {rule.name: rule for rule in (*YES_NO, *NUMBERS, poor_counted)}
RULES |= {"income": ms.total("wage_income"), "size": ms.count()}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.from_rules(RULES, {"line": 5000.0, "switch": True})


@pytest.fixture(scope="module")
def population() -> ms.Population:
    ids, wages = [1, 1, 2, 3], [1000.0, 2000.0, 6000.0, 4500.0]
    persons = pd.DataFrame({"household_id": ids, "wage_income": wages, "earner": [True, False, True, True]})
    rural = [True, False, False]
    return ms.Population.from_frames(
        persons, pd.DataFrame({"household_id": [1, 2, 3], "weight": 1.0, "rural": rural})
    )


def test_each_rule_gives_what_its_text_says(policy: Policy, population: ms.Population) -> None:
    found = ms.simulate(population, policy, outputs=list(RULES)).households
    interpreted, _ = interpret_all(population, policy, list(RULES))
    for rule in YES_NO:
        assert found[rule.name].dtype == np.bool_
    for rule in NUMBERS:
        assert found[rule.name].dtype == np.float64
    for name in RULES:
        assert found[name].tolist() == interpreted[name]
        assert {type(value) for value in found[name].tolist()} == {type(v) for v in interpreted[name]}
    assert found["poor_and_rural"].tolist() == [True, False, False]
    assert found["paid"].tolist() == [2001.0, 0.0, 500.0]


def test_the_kind_is_shown_where_no_column_decides(policy: Policy) -> None:
    assert (policy.rules["allowed"].dtype, policy.rules["allowed"].unit) == ("bool", "yes/no")
    assert policy.rules["gap"].dtype == "float"
    assert policy.at("2020-12-31").book is policy.book  # so that another day compiles nothing


def test_along_a_wage_they_are_the_same(policy: Policy, population: ms.Population) -> None:
    outputs = ["poor", "poor_and_rural", "gap"]
    grid = np.array([0.0, 1000.0, 3000.0, 5000.0])
    walked = ms.walk(
        population, policy, vary="wage_income", grid=grid, outputs=outputs, households=[1], member="earner"
    )
    for k, wage in enumerate(grid):
        persons = population.persons.assign(wage_income=[wage, 2000.0, 6000.0, 4500.0])
        moved = ms.Population.from_frames(persons, population.households)
        interpreted, _ = interpret_all(moved, policy, outputs)
        assert [walked[name][0][k] for name in outputs] == [interpreted[name][0] for name in outputs]


def test_the_search_for_notches_finds_where_they_flip(policy: Policy, population: ms.Population) -> None:
    rows, first = np.array([0], np.uint64), np.array([0], np.uint64)
    outputs = ["poor", "poor_and_rural"]
    found = notches(policy, population, "wage_income", outputs, rows, first, 0.0, 9000.0, np.array([1000.0]))
    assert found.places[:, 0].tolist() == pytest.approx([3000.0])  # the other member has 2,000 of the 5,000
    assert found.jumps.tolist() == [[-1.0, -1.0]]


def test_another_population_may_decide_otherwise(policy: Policy, population: ms.Population) -> None:
    """A column of 0 and 1 in place of yes and no: the rule that passes it on gives numbers."""
    households = population.households.assign(rural=[1, 0, 0])
    other = ms.Population.from_frames(population.persons, households)
    for data, dtype in ((population, np.bool_), (other, np.float64), (population, np.bool_)):
        assert ms.simulate(data, policy, outputs=["is_rural"]).households["is_rural"].dtype == dtype


@ms.household
def either(income, poor):
    return poor or income


@ms.household
def mixed(income, poor):
    if poor:
        return True
    return income * 2


@ms.household
def words(poor):
    return "much" if poor else "little"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (either, "'poor or income' may be yes/no or a number; say which it is: -> bool: or -> float:"),
        (mixed, "returns both yes/no (line "),
        (words, "returns text but names no categories; name them: @household(categories=('much', 'little'))"),
    ],
    ids=lambda value: value.name if isinstance(value, Rule) else "",
)
def test_what_cannot_be_told_is_refused_by_both_ways(
    rule: Rule, message: str, population: ms.Population
) -> None:
    policy = Policy.from_rules(RULES | {rule.name: rule}, {"line": 5000.0, "switch": True})
    for way in (ms.simulate, lambda data, law, outputs: interpret_all(data, law, outputs)):
        with pytest.raises(MicrosimError) as caught:
            way(population, policy, outputs=[rule.name])
        assert message in str(caught.value)
        assert f"rule {rule.name} ({__file__}:{rule.source_line + 2}" in str(caught.value) or rule is mixed
