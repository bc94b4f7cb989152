"""Hardship beyond income poverty: against plain loops over households, and what must add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.population import Population
from microsim.simulation import Result
from microsim.studies.common.estimates import by_area, by_type, everybody, persons
from microsim.studies.common.hardship import PAID, hardship_of, hardship_rules

LINES = {"dibao_line": {"rural": 4_000.0, "urban": 6_000.0}}


@ms.household(unit="yuan/year")
def income_before_benefits_per_head(own: float) -> float:
    """Own income."""
    return own


@ms.household(unit="yuan/year", role="cash_benefit")
def gap(own: float, need: float) -> float:
    """What is missing to a need."""
    return max(need - own, 0.0)


@ms.household(unit="yuan/year", role="in_kind_benefit")
def aid(bills: float, own: float) -> float:
    """Half of the bills of those who have little."""
    return 0.5 * bills if own < 8_000.0 else 0.0


@ms.household(unit="yuan/year", role="cash_benefit")
def heating(own: float) -> float:
    """The same for all but the richest."""
    return 100.0 if own < 20_000.0 else 0.0


@ms.household(unit="yuan/year")
def disposable_income_per_head(own: float, gap: float, heating: float) -> float:
    """Income with what is paid in cash."""
    return own + gap + heating


@ms.household(unit="yuan/year")
def resources_per_head(disposable_income_per_head: float, bills: float, aid: float) -> float:
    """Less bills, with aid."""
    return disposable_income_per_head + aid - bills


@ms.household(unit="yuan/year")
def illness_expenses(bills: float, other_illness: float) -> float:
    """Bills, and what no aid looks at."""
    return bills + other_illness


@ms.household(unit="yuan/year")
def medical_burden_before_aid(bills: float) -> float:
    """Bills."""
    return bills


@ms.household(unit="yuan/year")
def medical_burden(bills: float, aid: float) -> float:
    """Bills less aid."""
    return bills - aid


RULES = [
    income_before_benefits_per_head,
    gap,
    aid,
    heating,
    disposable_income_per_head,
    resources_per_head,
    illness_expenses,
    medical_burden_before_aid,
    medical_burden,
]


@pytest.fixture(scope="module")
def result() -> Result:
    random = np.random.default_rng(5)
    count = 400
    size = random.integers(1, 5, count)
    owner = np.repeat(np.arange(1, count + 1), size)
    people = pd.DataFrame(
        {
            "household_id": owner,
            "age": random.integers(0, 95, len(owner)).astype(np.int16),
            "disability_grade": random.choice(["none", "grade1", "grade3"], len(owner), p=[0.8, 0.1, 0.1]),
        }
    )
    households = pd.DataFrame(
        {
            "household_id": np.arange(1, count + 1),
            "weight": random.uniform(1.0, 9.0, count),
            "area": pd.Categorical(random.choice(["rural", "urban"], count), categories=["rural", "urban"]),
            "own": random.normal(6_000.0, 6_000.0, count).round(2),  # some are below zero
            "need": np.where(random.random(count) < 0.5, 5_000.0, 0.0),
            "bills": np.where(random.random(count) < 0.5, random.exponential(4_000.0, count), 0.0),
            "other_illness": np.where(random.random(count) < 0.1, 900.0, 0.0),
        }
    )
    population = Population.from_frames(people, households)
    policy = ms.Policy.from_rules(RULES)
    return ms.simulate(
        population, policy, outputs=[*hardship_rules(policy), *(r.name for r in RULES[:1]), RULES[4].name]
    )


def test_every_figure_is_that_of_a_plain_loop(result: Result) -> None:
    households = result.population.households
    value = {name: np.asarray(result.array(name), dtype=float) for name in result.outputs}
    size = np.diff(result.population.offsets)
    counted: dict[tuple[str, str, str], float] = {}
    people: dict[str, float] = {}
    for i in range(len(size)):
        weight, area = float(households["weight"].iloc[i] * size[i]), str(households["area"].iloc[i])
        told = [("programmes", str(k) if k < 4 else "4_or_more") for k in range(5)]
        n = sum(value[name][i] > PAID for name in ("gap", "aid", "heating"))
        holds = dict.fromkeys(told, False)
        holds["programmes", str(n) if 0 < n < 4 else "none"] = True
        spent = value["illness_expenses"][i]
        for suffix, left, income in (
            ("_before", spent, value["income_before_benefits_per_head"][i]),
            ("", spent - value["aid"][i], value["disposable_income_per_head"][i]),
        ):
            for share in (10, 25):
                limit = share / 100 * max(income, 0.0) * size[i]
                holds["catastrophic_health", f"over_{share}{suffix}"] = left > limit + PAID
        line = LINES["dibao_line"][area]
        holds["expenditure_poverty", "headcount"] = (
            value["disposable_income_per_head"][i] >= line > value["resources_per_head"][i]
        )
        for group in (area, ""):
            people[group] = people.get(group, 0.0) + weight
            for (measure, subject), yes in holds.items():
                key = (measure, subject, group)
                counted[key] = counted.get(key, 0.0) + weight * yes
    weights = persons(result)
    found = {
        (one.measure, one.subject, one.group[0]): one.value(weights)
        for one in hardship_of(result, LINES, [*by_area(result), everybody(result)])
    }
    counted = {key: total for key, total in counted.items() if key[1] != "0"}
    assert set(found) == set(counted)
    for key, total in counted.items():
        assert found[key] == pytest.approx(total / people[key[2]], rel=1e-12, abs=1e-15), key
    for name in ("over_10", "over_25"):
        assert (
            0.0 < found["catastrophic_health", name, ""] < found["catastrophic_health", f"{name}_before", ""]
        )
    assert 0.0 < found["expenditure_poverty", "headcount", ""] < 1.0


def test_shares_by_programmes_add_up(result: Result) -> None:
    weights = persons(result)
    shares = [
        one.value(weights)
        for one in hardship_of(result, LINES, [everybody(result)])
        if one.measure == "programmes"
    ]
    assert len(shares) == 5
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)


def test_a_law_without_such_rules_has_no_such_figures(result: Result) -> None:
    policy = ms.Policy.from_rules([income_before_benefits_per_head, gap])
    alone = ms.simulate(result.population, policy, outputs=["gap", "income_before_benefits_per_head"])
    found = {one.measure for one in hardship_of(alone, {}, [everybody(alone)])}
    assert found == {"programmes"}


def test_each_household_is_of_one_type(result: Result) -> None:
    groups = dict(by_type(result))
    assert sum(mask.astype(int) for mask in groups.values()).tolist() == [1] * len(result.population.weight)
    members = result.population.persons.groupby("household_id")
    oldest, youngest = members["age"].max(), members["age"].min()
    severe = members["disability_grade"].agg(lambda grades: "grade1" in set(grades))
    expected = np.select(
        [youngest >= 60, severe, (youngest < 18) & (oldest >= 0)],
        ["type_elderly", "type_disabled", "type_children"],
        "type_others",
    )
    for name, mask in groups.items():
        assert mask.tolist() == (expected == name).tolist(), name
        assert mask.any()
