"""What holds for every family under every setting of practice."""

from __future__ import annotations

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from tests.law.families import LINE, MANY, SEEDS, Row, family

pytestmark = pytest.mark.slow

PLAIN = {"dibao.line": {"by": LINE}}
GENEROUS = PLAIN | {
    "dibao.discretion_share": 0.5,
    "dibao.discretion_multiple": 1.3,
    "dibao.minimum_share": 0.1,
    "dibao.edge_tier": True,
    "dibao.single_admission_enabled": True,
    "dibao.individual_entry": True,
    "dibao.individual_entry_share": 0.5,
    "price_supplement.months": 3,
}
SETTINGS = {
    "2018 plain": ("2018-12-31", PLAIN),
    "2018 with every practice": ("2018-12-31", GENEROUS),
    "2022 plain": ("2022-12-31", PLAIN),
    "2022 with every practice": ("2022-12-31", GENEROUS),
    "2022 banded": ("2022-12-31", GENEROUS | {"dibao.payment": "banded", "dibao.top_up.cumulation": "sum"}),
}


def policy(setting: str) -> Policy:
    date, changes = SETTINGS[setting]
    return Policy.load(date).reform(changes, allow_unusual=True)


def benefit(policy: Policy, household: Row, persons: list[Row]) -> float:
    return float(Interpreter(policy, household, persons).household_value("dibao_benefit"))


@pytest.mark.parametrize("setting", SETTINGS)
def test_nobody_is_paid_twice_and_no_household_is_both_dibao_and_edge(setting: str) -> None:
    chosen = policy(setting)
    seen = {"eligible": 0, "edge": 0, "single": 0, "nothing": 0}
    for seed in MANY:
        household, persons = family(seed)
        of = Interpreter(chosen, household, persons)
        eligible, edge = of.household_value("dibao_eligible"), of.household_value("edge_household")
        single = [of.person_value("dibao_single_admission", i) for i in range(len(persons))]
        recipient = [of.person_value("dibao_recipient", i) for i in range(len(persons))]
        member = [of.person_value("in_unit", i) for i in range(len(persons))]
        seen["eligible" if eligible else "edge" if edge else "nothing"] += 1
        seen["single"] += any(single)
        assert not (eligible and edge)
        assert not (eligible and any(single))
        assert recipient == (member if eligible else single)
        assert of.household_value("dibao_recipients") == sum(recipient)
        assert of.household_value("unit_size") == sum(member)
        parts = ("dibao_entitlement", "dibao_single_entitlement", "dibao_top_up", "dibao_price_supplement")
        amounts = [of.household_value(name) for name in parts]
        assert all(amount >= 0.0 for amount in amounts)
        assert amounts[0] == 0.0 or amounts[1] == 0.0
        assert of.household_value("dibao_benefit") == pytest.approx(sum(amounts))
        if not any(recipient):
            assert sum(amounts) == 0.0
        line = LINE[household["area"]]
        if not of.household_value("dibao_by_discretion"):
            assert eligible == (
                sum(member) > 0
                and of.household_value("counted_income") / sum(member) < line
                and of.household_value("property_within_limits")
            )
    assert min(seen["eligible"], seen["nothing"]) > 10
    assert setting == "2018 plain" or seen["edge"] > 10
    assert seen["single"] > 10


@pytest.mark.parametrize("setting", SETTINGS)
def test_disposable_income_is_income_before_benefits_and_the_benefits(setting: str) -> None:
    chosen = policy(setting)
    for seed in MANY:
        household, persons = family(seed)
        of = Interpreter(chosen, household, persons)
        before = sum(
            p["wage_income"] + p["business_income"] + p["property_income"] + p["private_transfer_income"]
            + p["pension_income"] + p["basic_pension_income"] + p["excluded_transfer_income"]
            - p["social_contributions_paid"]
            for p in persons
        )  # fmt: skip
        assert of.household_value("income_before_benefits") == pytest.approx(before)
        benefits = of.household_value("total_benefits")
        assert benefits >= of.household_value("dibao_benefit")
        after = before + benefits
        assert of.household_value("disposable_income") == pytest.approx(after)
        assert of.household_value("disposable_income_per_head") == pytest.approx(after / len(persons))
        assert of.household_value("income_before_benefits_per_head") == pytest.approx(before / len(persons))
        assert 1.0 <= of.household_value("equivalent_adults") <= len(persons)


@pytest.mark.parametrize("date", ["2018-12-31", "2022-12-31"])
def test_the_whole_household_gap_never_falls_when_the_line_rises(date: str) -> None:
    base = Policy.load(date)
    higher = {area: 1.15 * line for area, line in LINE.items()}
    low, high = (
        base.reform(PLAIN, allow_unusual=True),
        base.reform({"dibao.line": {"by": higher}}, allow_unusual=True),
    )
    for seed in MANY:
        household, persons = family(seed)
        gaps = [Interpreter(p, household, persons).household_value("dibao_entitlement") for p in (low, high)]
        assert gaps[0] <= gaps[1]


@pytest.mark.parametrize("date", ["2018-12-31", "2022-12-31"])
def test_the_whole_household_gap_never_rises_with_unearned_income(date: str) -> None:
    chosen = Policy.load(date).reform(PLAIN, allow_unusual=True)
    for seed in MANY:
        household, persons = family(seed)
        richer = [dict(person) for person in persons]
        richer[0]["property_income"] += 500.0
        gaps = [
            Interpreter(chosen, household, p).household_value("dibao_entitlement") for p in (persons, richer)
        ]
        assert gaps[1] <= gaps[0] + 1e-9


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_order_of_persons_does_not_matter(setting: str) -> None:
    chosen = policy(setting)
    for seed in SEEDS:
        household, persons = family(seed)
        forward, backward = benefit(chosen, household, persons), benefit(chosen, household, persons[::-1])
        assert forward == pytest.approx(backward)


def test_with_dibao_abolished_nothing_is_paid() -> None:
    chosen = Policy.load("2020-12-31").reform(GENEROUS | {"dibao.enabled": False}, allow_unusual=True)
    assert not any(benefit(chosen, *family(seed)) for seed in MANY)
