"""Medical, education, housing and other aid: what holds for every family, and every value on its day."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from tests.law.families import LINE, SEEDS, Row, family

PROGRAMMES = (
    "medical_insurance", "medical_aid", "education_aid", "housing_aid", "disability_subsidies",
    "elderly_allowance", "heating",
)  # fmt: skip
REGIMES = ("2014-05-01", "2015-11-29", "2021-01-01", "2023-10-19")
DATES = ("2014-12-31", "2018-12-31", "2022-06-30", "2024-06-30")
CHANGES = {"dibao.line": {"by": LINE}, "low_income.local_income": {"by": {"rural": 16000, "urban": 30000}}}
LAW = Policy.load("2020-12-31")


@cache
def policy(date: str) -> Policy:
    return LAW.at(date).reform(CHANGES, allow_unusual=True)


def in_need(seed: int) -> tuple[Row, list[Row]]:
    """A random family with bills, schooling, rent and the statuses that open aid."""
    household, persons = family(seed)
    draw = random.Random(f"need {seed}")
    household |= {
        "filed_poor": draw.random() < 0.4,
        "monitored": draw.random() < 0.2,
        "dwelling_grade": draw.choice(["A", "B", "C", "D"]),
        "tenant": draw.random() < 0.4,
        "rent_paid": draw.choice([0.0, 1500.0, 9000.0]),
        "heating_area": draw.random() < 0.5,
    }
    for person in persons:
        person |= {
            "has_able_supporter": draw.random() < 0.8,
            "in_institution": draw.random() < 0.3,
            "medical_bill": draw.choice([0.0, 400.0, 9000.0, 60000.0, 700000.0]),
            "medical_insurance": draw.choice(["resident", "resident", "employee", "none"]),
            "medical_out_of_pocket": draw.choice([0.0, 15000.0]),
            "education_cost": draw.choice([0.0, 700.0, 5000.0]),
            "boards": draw.random() < 0.5,
            "in_school": draw.choice(["none", "preschool", "primary", "junior", "vocational", "university"]),
            "work_injury_care": draw.random() < 0.2,
        }
    return household, persons


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_layers_add_up_to_the_bill_and_no_layer_pays_more_than_is_left(date: str) -> None:
    aided = 0
    for seed in SEEDS:
        household, persons = in_need(seed)
        of = Interpreter(policy(date), household, persons)
        paid = 0.0
        for i, person in enumerate(persons):
            value = {
                name: of.person_value(name, i)
                for name in (
                    "basic_insurance_payment", "catastrophic_payment", "person_medical_aid",
                    "person_tilted_aid", "person_medical_burden", "person_premium_subsidy",
                )
            }  # fmt: skip
            assert min(value.values()) >= 0.0
            premium = value.pop("person_premium_subsidy")
            assert sum(value.values()) == pytest.approx(person["medical_bill"])
            paid += value["person_medical_aid"] + value["person_tilted_aid"] + premium
            aided += value["person_medical_aid"] > 0.0
            assert premium <= policy(date).value("medical_aid.premium")
        assert of.household_value("medical_aid_benefit") == pytest.approx(paid)
        assert of.household_value("medical_hidden_benefit") >= -1e-6
        before = of.household_value("medical_burden_before_aid")
        assert 0.0 <= of.household_value("medical_burden") <= before + 1e-9
    assert aided > 20


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_without_a_tier_a_status_hides_nothing_and_opens_nothing(date: str) -> None:
    seen = 0
    for seed in SEEDS:
        of = Interpreter(policy(date), *in_need(seed))
        if of.household_value("household_tier") != "none":
            continue
        seen += 1
        assert of.household_value("medical_hidden_benefit") == pytest.approx(0.0)
        for name in (
            "education_aid_benefit",
            "education_aid_in_kind",
            "heating_benefit",
            "housing_aid_benefit",
        ):
            assert of.household_value(name) == 0.0
    assert seen > 3


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_being_registered_poor_as_well_never_costs_anything(date: str) -> None:
    names = ("education_aid_benefit", "education_aid_in_kind", "housing_aid_benefit", "housing_aid_in_kind")
    for seed in SEEDS:
        household, persons = in_need(seed)
        # Entry of single members hangs on being registered poor; here only the aid is looked at.
        law = policy(date).reform({"dibao.individual_entry": False}, allow_unusual=True)
        with_it = Interpreter(law, household | {"filed_poor": True}, persons)
        without = Interpreter(law, household | {"filed_poor": False}, persons)
        for name in names:
            assert with_it.household_value(name) >= without.household_value(name) - 1e-9
        assert with_it.household_value("medical_burden") <= without.household_value("medical_burden") + 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_being_monitored_as_well_never_costs_anything(date: str) -> None:
    better = 0
    for seed in SEEDS:
        household, persons = in_need(seed)
        with_it = Interpreter(policy(date), household | {"monitored": True}, persons)
        without = Interpreter(policy(date), household | {"monitored": False}, persons)
        gain = without.household_value("medical_burden") - with_it.household_value("medical_burden")
        assert gain >= -1e-6
        better += gain > 1.0
        for name in ("total_benefits", "housing_aid_in_kind"):
            assert with_it.household_value(name) >= without.household_value(name) - 1e-9
    assert better > 5 or date < "2020"


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_nobody_has_subsidies_that_exclude_each_other(date: str) -> None:
    both = 0
    for seed in SEEDS:
        household, persons = in_need(seed)
        of = Interpreter(policy(date).reform({"elderly_allowance.higher_only": True}), household, persons)
        for i, person in enumerate(persons):
            subsidies = of.person_value("person_disability_subsidies", i)
            if of.person_value("is_tekun", i) or person["work_injury_care"]:
                assert subsidies == 0.0
            due = of.person_value("elderly_allowance_due", i)
            living = of.person_value("disability_living_subsidy", i)
            allowance = of.person_value("person_elderly_allowance", i)
            assert (allowance + living) == pytest.approx(max(due, living))
            both += living > 0.0
        assert (
            of.household_value("housing_aid_benefit") == 0.0
            or of.household_value("housing_aid_in_kind") == 0.0
        )
        assert of.household_value("housing_aid_benefit") <= household["rent_paid"]
        assert of.household_value("education_burden") >= 0.0
    assert both > 3 or date < "2016"


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_gates_are_dated_on_the_first_day_of_each_regime(programme: str) -> None:
    days = {dt.date.fromisoformat(day) for day in REGIMES}
    terms = [p for p in LAW.parameters.values() if p.programme == programme and p.access]
    assert terms or programme == "medical_insurance"
    for parameter in terms:
        assert days <= set(parameter.values), parameter.name


# The value before, then {day: value from that day on}; amounts in yuan per year.
TIMELINES: dict[str, dict[str, Any]] = {
    "medical_aid.premium": {
        "": 60, "2014-01-01": 90, "2015-01-01": 120, "2016-01-01": 150, "2017-01-01": 180, "2018-01-01": 220,
        "2019-01-01": 250, "2020-01-01": 280, "2021-01-01": 320, "2022-01-01": 350, "2023-01-01": 380,
        "2024-01-01": 400, "2026-01-01": 400,
    },
    "medical_aid.rate.edge": {"2021-01-01": 0, "2022-01-01": 0.65, "2023-10-19": 0.65},
    "medical_aid.rate.rigid": {"2022-01-01": 0, "2023-10-19": 0.6},
    "medical_aid.rate.dibao": {"": 0, "2014-05-01": 0.7, "2023-10-19": 0.7},
    "medical_aid.filed_poor_rate": {
        "2014-05-01": 0, "2015-11-29": 0.7, "2022-01-01": 0.65, "2023-01-01": 0.6, "2024-01-01": 0.55,
        "2025-01-01": 0.5,
    },
    "medical_aid.filed_poor_premium_rate": {
        "2014-05-01": 0, "2015-11-29": 1, "2022-01-01": 0.75, "2023-01-01": 0.5, "2024-01-01": 0.25,
        "2025-01-01": 0,
    },
    "medical_aid.cap.dibao": {"": 30000, "2015-11-29": 50000},
    "medical_aid.cap.rigid": {"2015-11-29": 50000, "2023-10-19": 30000},
    "medical_aid.illness_poor": {"2014-05-01": False, "2015-11-29": True},
    "medical_insurance.pool_income": {
        "": 28228, "2020-01-01": 30733, "2021-01-01": 32189, "2022-01-01": 35128, "2023-01-01": 36883,
        "2024-01-01": 39218, "2025-01-01": 41314, "2026-01-01": 43377,
    },
    "medical_insurance.catastrophic_deductible_share": {"": 1, "2019-01-01": 0.5},
    "medical_insurance.catastrophic_rate.resident": {"": 0.5, "2019-01-01": 0.6},
    "education_aid.enabled": {"": False, "2014-05-01": True},
    "education_aid.day_share": {"": 0, "2019-09-01": 0.5},
    "education_aid.grant.senior": {"": 1500, "2015-03-01": 2000, "2025-03-01": 2300},
    "education_aid.living.junior": {"": 1250, "2024-03-01": 1500},
    "education_aid.grant.university": {"": 3000, "2019-03-01": 3300, "2024-09-01": 3700},
    "education_aid.fee_relief.senior": {"": 0, "2016-09-01": 800},
    "housing_aid.repair.D": {"": 12000, "2017-01-01": 20000, "2021-01-01": 30000},
    "disability_subsidies.enabled": {"": False, "2016-01-01": True},
    "disability_subsidies.living.grade1": {"": 50, "2024-01-01": 105},
    "disability_subsidies.nursing.grade2": {"": 100, "2024-01-01": 108},
    "elderly_allowance.enabled": {"": False, "2013-07-01": True},
    "heating.enabled": {"": False, "2020-08-25": True},
}  # fmt: skip


@pytest.mark.parametrize("name", TIMELINES)
def test_a_value_changes_on_its_day_and_not_before(name: str) -> None:
    programme, key, *category = name.split(".")

    def value(day: dt.date) -> Any:
        found = LAW.at(day).value(f"{programme}.{key}")
        return found.get(category[0], found.get("default")) if category else found

    for (_, before), (day, after) in pairwise(TIMELINES[name].items()):
        since = dt.date.fromisoformat(day)
        assert value(since - dt.timedelta(days=1)) == before
        assert value(since) == after
