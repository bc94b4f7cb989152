"""What holds for the whole law, whatever the family, the day, or the order of persons and households."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.engine.runtime.drivers import evaluate
from microsim.policy.policy import Policy
from microsim.policy.programmes import load_programmes
from microsim.population import Population
from microsim.studies.common.benefits import benefits
from tests.law.cases import all_cases, outputs_of
from tests.law.families import LINE, SEEDS, whole

DATES = ("2013-06-30", "2014-12-31", "2018-12-31", "2021-12-31", "2022-12-31", "2024-06-30", "2025-06-30")
CHANGES = {
    "dibao.line": {"by": LINE},
    "low_income.local_income": {"by": {"rural": 16000, "urban": 30000}},
    "collective_dividend.in_kind_share": 0.2,
    "price_supplement.months": 2,
}
ROLES = ("cash_benefit", "in_kind_benefit", "public_wage")
PROGRAMMES = load_programmes("microsim.law")
# Amounts that may lie below zero: what is left of income when more was paid than earned.
MAY_BE_NEGATIVE = {
    "person_counted_income", "unit_income", "single_own_income", "tekun_own_income", "income_before_benefits",
    "income_before_benefits_per_head", "disposable_income", "disposable_income_per_head", "resources",
    "equivalised_disposable_income", "resources_per_head", "equivalised_resources", "counted_wage_income",
    "unit_wage_income", "gross_income", "medical_hidden_benefit",
}  # fmt: skip


@cache
def law(date: str) -> Policy:
    return Policy.load(date).reform(CHANGES, allow_unusual=True)


@cache
def abolished(date: str) -> Policy:
    """The law of the day with every programme that can be switched off switched off."""
    switches = [p.name for p in law(date).parameters.values() if p.name.endswith(".enabled")]
    return law(date).reform(dict.fromkeys(switches, False), allow_unusual=True)


def families(date: str) -> Iterator[Interpreter]:
    return (Interpreter(law(date), *whole(seed)) for seed in SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_no_entitlement_is_negative(date: str) -> None:
    money = [rule for rule in law(date).rules.values() if rule.unit == "yuan/year"]
    assert len(money) > 90
    for of in families(date):
        for rule in money:
            if rule.name in MAY_BE_NEGATIVE:
                continue
            values = (
                [of.household_value(rule.name)]
                if rule.entity == "household"
                else [of.person_value(rule.name, index) for index in range(len(of.persons))]
            )
            assert min(values) >= -1e-6, rule.name


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_what_the_programmes_pay_adds_up(date: str) -> None:
    cash = [name for names in benefits(law(date), ("cash_benefit",)).values() for name in names]
    in_kind = [name for names in benefits(law(date), ("in_kind_benefit",)).values() for name in names]
    wages = [name for names in benefits(law(date), ("public_wage",)).values() for name in names]
    assert not {*cash} & {*in_kind}
    paid = dict.fromkeys((*cash, *in_kind, *wages), 0)
    for of in families(date):
        value = of.household_value
        assert value("total_benefits") == pytest.approx(sum(map(value, cash)))
        assert value("in_kind_benefits") == pytest.approx(sum(map(value, in_kind)))
        assert value("public_wages") == pytest.approx(sum(map(value, wages)))
        income = value("market_income") + value("transfer_income") - value("social_contributions")
        income -= value("taxes_and_support")
        whole_of_it = income + value("total_benefits") + value("in_kind_benefits") - value("rigid_expenses")
        assert value("resources") == pytest.approx(whole_of_it)
        assert value("public_wages") <= value("market_income") + 1e-6
        for name in paid:
            paid[name] += value(name) > 0.0
    never = {name for name, times in paid.items() if not times}
    ended = {name for name in never if not law(date).value(f"{law(date).rules[name].programme}.enabled")}
    assert date < "2022" or not never - ended, never - ended


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_with_all_programmes_abolished_resources_are_income_less_expenses(date: str) -> None:
    for seed in SEEDS:
        household, persons = whole(seed)
        value = Interpreter(abolished(date), household, persons).household_value
        names = ("wage_income", "business_income", "property_income", "private_transfer_income")
        names += ("pension_income", "basic_pension_income", "excluded_transfer_income")
        income = sum(person[name] for person in persons for name in names)
        paid = ("social_contributions_paid", "taxes_paid", "support_paid")
        income -= sum(person[name] for person in persons for name in paid)
        assert value("total_benefits") == value("in_kind_benefits") == value("public_wages") == 0.0
        assert value("resources") == pytest.approx(income - value("rigid_expenses"))
        assert value("household_tier") not in ("tekun", "dibao", "edge")


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_nobody_is_in_two_schemes_that_exclude_each_other(date: str) -> None:
    for of in families(date):
        assert not (of.household_value("dibao_eligible") and of.household_value("edge_household"))
        for index, person in enumerate(of.persons):
            at = [of.person_value(name, index) for name in ("is_tekun", "dibao_recipient")]
            assert not all(at)
            supplements = ("person_price_supplement", "person_price_supplement_outside_dibao")
            assert not all(of.person_value(name, index) for name in supplements)
            if at[0] or person["work_injury_care"]:
                assert of.person_value("person_disability_subsidies", index) == 0.0
                assert of.person_value("person_care_hours", index) == 0.0
            single = of.person_value("dibao_single_admission", index)
            assert not (single and of.household_value("dibao_eligible"))


def test_no_aid_counts_as_income_for_another() -> None:
    """No rule that pays stands anywhere behind a test of income; wages of posts and dividends are columns."""
    for date in DATES:
        rules = law(date).rules
        waiting = ["counted_income", "unit_income", "tekun_own_income", "single_own_income", "shock_burden"]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in rules and name not in seen:
                seen.add(name)
                waiting += rules[name].arguments
        assert {rules[name].role for name in seen} <= {"", None}
        assert "wage_income" in {a for name in seen for a in rules[name].arguments}


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_the_order_of_persons_changes_nothing(date: str) -> None:
    rules = law(date).rules.values()
    for seed in SEEDS:
        household, persons = whole(seed)
        order = random.Random(seed).sample(range(len(persons)), len(persons))
        one = Interpreter(law(date), household, persons)
        other = Interpreter(law(date), household, [persons[index] for index in order])
        for rule in rules:
            if rule.entity == "household":
                pairs = [(one.household_value(rule.name), other.household_value(rule.name))]
            else:
                pairs = [
                    (one.person_value(rule.name, index), other.person_value(rule.name, place))
                    for place, index in enumerate(order)
                ]
            for value, again in pairs:
                assert again == (value if isinstance(value, str) else pytest.approx(value)), rule.name


@pytest.mark.compiled
@pytest.mark.parametrize("date", [pytest.param("2018-12-31", marks=pytest.mark.slow), "2024-06-30"])
def test_other_numbers_and_another_order_of_households_change_nothing(date: str) -> None:
    outputs = outputs_of(all_cases())  # the kernel of the hand-worked cases
    households = ("total_benefits", "in_kind_benefits", "resources", "medical_burden")
    assert {*households, "tier"} <= {*outputs}
    order = random.Random(7).sample(SEEDS, len(SEEDS))
    plain, other = (
        evaluate(law(date), _population(seeds, first), outputs, threads=1).arrays
        for seeds, first in ((list(SEEDS), 1), (order, 5001))
    )
    for name in households:
        assert np.array_equal(plain[name][order], other[name])
    sizes = [len(whole(seed)[1]) for seed in SEEDS]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    moved = np.concatenate([np.arange(starts[seed], starts[seed + 1]) for seed in order])
    assert np.array_equal(plain["tier"][moved], other["tier"])


def _population(seeds: list[int], first: int) -> Population:
    households, persons = [], []
    for number, seed in enumerate(seeds, first):
        household, members = whole(seed)
        households.append({"household_id": number, "weight": 1.0, **household})
        persons += [{"household_id": number, **member} for member in members]
    return Population.from_frames(pd.DataFrame(persons), pd.DataFrame(households))
