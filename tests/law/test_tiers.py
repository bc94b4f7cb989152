"""Tiers, tekun, gradual exit and imputed income: what holds for every family."""

from __future__ import annotations

import random
from functools import cache

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from tests.law.families import LINE, MANY, SEEDS, Row, family

ORDER = ("tekun", "dibao", "edge", "rigid", "monitored", "filed_poor", "other", "none")
CHANGES = {"dibao.line": {"by": LINE}, "low_income.local_income": {"by": {"rural": 16000, "urban": 30000}}}
SETTINGS = {
    "2018": ("2018-12-31", CHANGES),
    "2020": ("2020-12-31", CHANGES | {"dibao.discretion_share": 0.4, "dibao.minimum_share": 0.1}),
    "2022": ("2022-12-31", CHANGES | {"dibao.payment": "banded"}),
    "2025": ("2025-06-30", CHANGES | {"single_admission.support_disregarded": 0.5}),
}


@cache
def policy(setting: str) -> Policy:
    date, changes = SETTINGS[setting]
    return Policy.load(date).reform(changes, allow_unusual=True)


def hard_pressed(seed: int) -> tuple[Row, list[Row]]:
    """A random family that also draws the columns which the other families leave at their defaults."""
    household, persons = family(seed)
    draw = random.Random(f"hardship {seed}")
    household |= {
        "dibao_last_year": draw.random() < 0.5,
        "months_since_income_rose": draw.randint(0, 8),
        "monitored": draw.random() < 0.2,
        "shock": draw.choice(["none", "illness", "disaster"]),
    }
    for person in persons:
        person |= {
            "has_able_supporter": draw.random() < 0.6,
            "in_institution": draw.random() < 0.3,
            "failed_adls": draw.randint(0, 6),
            "labour_capacity": draw.choice(["none", "partial", "full"]),
            "in_school": draw.choice(["none", "none", "senior", "university"]),
            "medical_out_of_pocket": draw.choice([0.0, 4000.0, 20000.0]),
            "education_cost": draw.choice([0.0, 3000.0]),
            "refused_work": draw.choice([0, 3]),
            "children_apart": draw.choice([0, 2]),
            "children_apart_income": draw.choice([0.0, 25000.0]),
            "own_registration": draw.random() < 0.3,
        }
    return household, persons


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_everybody_has_one_primary_tier_the_first_that_holds_and_keeps_the_other_flags(setting: str) -> None:
    seen: set[str] = set()
    several = 0
    for seed in MANY:
        household, persons = hard_pressed(seed)
        of = Interpreter(policy(setting), household, persons)
        found = []
        for i in range(len(persons)):
            member = of.person_value("in_unit", i)
            holds = {
                "tekun": of.person_value("is_tekun", i),
                "dibao": of.person_value("dibao_recipient", i),
                "edge": of.person_value("edge_member", i),
                "rigid": of.household_value("rigid_household") and member,
                "monitored": of.household_value("monitored_household"),
                "filed_poor": of.household_value("filed_poor_in_transition"),
                "other": of.household_value("other_low_income") and member,
                "none": True,
            }
            found.append(of.person_value("tier", i))
            assert found[-1] == next(name for name in ORDER if holds[name])
            several += sum(map(bool, holds.values())) > 2
        seen |= set(found)
        assert of.household_value("household_tier") == min(found, key=ORDER.index)
        assert of.household_value("low_income_persons") == sum(name != "none" for name in found)
    expected = set(ORDER) - ({"edge", "rigid", "monitored", "other"} if setting == "2018" else set())
    if setting in ("2020", "2022"):
        expected -= {"rigid", "other"} | ({"edge"} if setting == "2020" else set())
    assert seen == expected
    assert several > 20


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_household_tiers_by_income_exclude_each_other(setting: str) -> None:
    for seed in MANY:
        of = Interpreter(policy(setting), *hard_pressed(seed))
        exclusive = [of.household_value(name) for name in ("dibao_eligible", "edge_household")]
        assert sum(exclusive) <= 1
        for name in ("rigid_household", "other_low_income", "hard_up_household"):
            assert not (of.household_value(name) and of.household_value("dibao_eligible"))
        assert not (of.household_value("rigid_household") and of.household_value("edge_household"))


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_nobody_is_paid_by_tekun_and_by_dibao(setting: str) -> None:
    tekun = homes = 0
    for seed in MANY:
        household, persons = hard_pressed(seed)
        of = Interpreter(policy(setting), household, persons)
        line = LINE[household["area"]]
        for i, person in enumerate(persons):
            is_tekun = of.person_value("is_tekun", i)
            paid = of.person_value("person_tekun_living", i)
            tekun += is_tekun
            homes += is_tekun and person["in_institution"]
            assert not (is_tekun and of.person_value("in_unit", i))
            assert not (is_tekun and of.person_value("dibao_recipient", i))
            assert paid == (pytest.approx(1.3 * line) if is_tekun else 0.0)
            if is_tekun:
                assert not person["has_able_supporter"]
                assert of.person_value("tekun_own_income", i) < line
                assert of.person_value("person_counted_income", i) == 0.0
                assert of.person_value("person_top_up", i) == 0.0
                assert of.person_value("person_price_supplement", i) == 0.0
        whole = of.household_value("tekun_benefit") + of.household_value("tekun_in_kind")
        members = range(len(persons))
        parts = ("person_tekun_living", "person_tekun_care")
        assert whole == pytest.approx(sum(of.person_value(name, i) for name in parts for i in members))
    assert tekun > homes > 10


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_reductions_never_take_more_than_the_own_share(setting: str) -> None:
    reduced = leaving = 0
    for seed in MANY:
        household, persons = hard_pressed(seed)
        of = Interpreter(policy(setting), household, persons)
        reduction = of.household_value("dibao_work_reduction")
        basic = of.household_value("dibao_entitlement") + of.household_value("dibao_single_entitlement")
        reduced += reduction > 0.0
        leaving += of.household_value("gradual_exit_household")
        assert 0.0 <= reduction <= basic + 1e-9
        assert of.household_value("dibao_benefit") >= -1e-9
        if of.household_value("gradual_exit_household"):
            assert household["dibao_last_year"]
            assert household["months_since_income_rose"] < 6
            assert not of.household_value("dibao_within_law")
            assert 0.0 < of.household_value("dibao_entitlement") <= LINE[household["area"]] * len(persons)
        for i, person in enumerate(persons):
            if person["refused_work"] < 3 or person["labour_capacity"] == "none":
                assert of.person_value("person_work_reduction", i) == 0.0
            assert of.person_value("imputed_kin_support", i) >= 0.0
            assert of.person_value("imputed_labour_income", i) == 0.0
    assert reduced > 5
    assert leaving > 0 or setting in ("2018", "2020")


@pytest.mark.slow
@pytest.mark.parametrize("date", ["2013-06-30", "2018-12-31", "2020-12-31", "2021-12-31"])
def test_with_the_newer_columns_at_their_defaults_dibao_is_what_it_is_without_these_programmes(
    date: str,
) -> None:
    law = Policy.load(date).reform(CHANGES, allow_unusual=True)
    without = law.reform(
        {
            "tekun.enabled": False,
            "imputed_income.kin": False,
            "gradual_exit.enabled": False,
            "single_admission.own_register": False,
            "dibao.refusal_reduction": 0.0,
        },
        allow_unusual=True,
    )
    for seed in SEEDS:
        household, persons = family(seed)
        one, other = Interpreter(law, household, persons), Interpreter(without, household, persons)
        for name in ("dibao_benefit", "counted_income", "unit_size", "disposable_income"):
            assert one.household_value(name) == other.household_value(name)


@pytest.mark.slow
def test_imputed_labour_income_never_lowers_counted_income() -> None:
    law = Policy.load("2022-12-31").reform(CHANGES, allow_unusual=True)
    imputing = law.reform({"imputed_income.labour": True}, allow_unusual=True)
    raised = 0
    for seed in MANY:
        household, persons = hard_pressed(seed)
        plain = Interpreter(law, household, persons)
        imputed = Interpreter(imputing, household, persons)
        difference = imputed.household_value("unit_income") - plain.household_value("unit_income")
        assert difference >= -1e-9
        raised += difference > 0.0
    assert raised > 50
