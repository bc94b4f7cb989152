"""What those who write their first policy get wrong, and the sentence that helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError


@ms.household
def pay(rate, income):
    return rate * income


@ms.household(name="allowance", end="2020-12-31")
def allowance_until_2020(income):
    return income


@ms.household(name="allowance", start="2021-01-01")
def allowance_from_2021(income):
    return income / 2


def undecorated(income):
    return income


def population(**households: Any) -> ms.Population:
    persons = pd.DataFrame({"household_id": [1, 1, 2, 3], "wage_income": [1000.0, 2000.0, 6000.0, 4500.0]})
    return ms.Population.from_frames(
        persons, pd.DataFrame({"household_id": [1, 2, 3], "weight": 1.0, **households})
    )


def policy(rate: Any = 0.5) -> ms.Policy:
    return ms.Policy.from_rules({"pay": pay, "income": ms.total("wage_income")}, {"rate": rate})


BY_TIER = {"by": "tier", "values": {0: 0.1, 1: 0.2, 2: 0.3}}
NAMED = "households['tier'] = households['tier'].map({0: 'tier_0', 1: 'tier_1', 2: 'tier_2'})"
FIRST = "a policy is given for the population; the population comes first: "


def paid(data: ms.Population, rate: Any = BY_TIER) -> ms.Result:
    return ms.simulate(data, policy(rate), outputs=["pay"])


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "categories as numbers": (
        lambda: paid(population(tier=[0, 1, 2])),
        "parameter rate is by 'tier', which has no categories; its values are numbers; name them in the data "
        f"and in the parameter: {NAMED}",
    ),
    "a categorical of numbers": (
        lambda: population(tier=pd.Categorical([0, 1, 2])),
        f"column tier: category 0 is not text; name it with text: {NAMED}",
    ),
    "split by yes/no": (
        lambda: paid(population(tier=[True, False, True])),
        "which has no categories; take a parameter for each: yes_amount if tier else no_amount",
    ),
    "a rule that returns numbers as categories": (
        lambda: ms.household(categories=(0, 1))(undecorated),  # type: ignore[arg-type]
        "categories are words, not (0, 1); write categories=('low', 'high'), and return one of them",
    ),
    "values by category without by": (
        lambda: policy({"values": {"rural": 0.1, "urban": 0.2}}),
        "rate has a value for each of rural, urban, and does not say of what; "
        "name what splits it, e.g. by: area",
    ),
    "a bare mapping": (
        lambda: policy({"rural": 0.1, "urban": 0.2}),
        "does not say of what; write {'by': 'area', 'values': {'rural': 0.1, 'urban': 0.2}}",
    ),
    "dated rules without a date": (
        lambda: ms.Policy.from_rules([allowance_until_2020, allowance_from_2021]),
        "is law from 2021-01-01, but the policy has no date; say the day: "
        "Policy.from_rules(..., date='2021-01-01')",
    ),
    "dates without a key": (
        lambda: policy({"2020-01-01": 0.1, "2021-01-01": 0.2}),
        "dates without the key under which dated values go; "
        "write {'values': {'2020-01-01': 0.1, '2021-01-01': 0.2}}",
    ),
    "a policy made directly": (
        lambda: ms.Policy([pay]),  # type: ignore[call-arg,list-item,arg-type]
        "Policy is not made from such arguments; write ms.Policy.from_rules(rules, parameters), or",
    ),
    "a population made directly": (
        lambda: ms.Population(persons=pd.DataFrame(), households=pd.DataFrame()),  # type: ignore[call-arg]
        "Population is not made from such arguments; write ms.Population.from_frames(persons, households)",
    ),
    "options without names": (
        lambda: ms.person("yuan/year"),  # type: ignore[call-overload]
        "only a plain Python function can be a rule; options have names: @person(unit='yuan/year')",
    ),
    "an undecorated function": (
        lambda: ms.Policy.from_rules([undecorated]),  # type: ignore[list-item]
        "undecorated: is not a rule; decorate the function with @person or @household",
    ),
    "no mapping": (
        lambda: ms.Policy.from_rules("pay"),  # type: ignore[arg-type]
        "rules are a mapping name -> rule, a module or a list, not str",
    ),
    "a date in place of a policy": (
        lambda: ms.simulate(population(), "2020-12-31", outputs=["pay"]),  # type: ignore[arg-type]
        "a str is given for the policy; ms.Policy.load('2020-12-31') is the law of a day",
    ),
    **{
        f"swapped in {name}": (
            lambda call=call: call(policy(), population()),
            f"{FIRST}{name}(population, policy",
        )
        for name, call in {
            "simulate": lambda p, q: ms.simulate(p, q, outputs=["pay"]),
            "simulate_many": lambda p, q: ms.simulate_many(p, q, changes=[{}], outputs=["pay"]),
            "walk": lambda p, q: ms.walk(p, q, grid=np.array([0.0]), outputs=["pay"]),
            "cliffs": ms.cliffs,
            "explain": lambda p, q: ms.explain(p, q, 1),
        }.items()
    },
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_with_the_way_out(mistake: str) -> None:
    make, words = MISTAKES[mistake]
    with pytest.raises(MicrosimError) as caught:
        make()
    assert words in str(caught.value)


def test_one_rule_alone_is_a_policy() -> None:
    assert ms.Policy.from_rules(pay, {"rate": 0.5}).rules.keys() == {"pay"}  # type: ignore[arg-type]
