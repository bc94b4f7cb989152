"""Employment, temporary and disaster aid, dividends and care: values on their days, and what always holds."""

from __future__ import annotations

import random

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from tests.law.families import LINE, SEEDS, Row, family
from tests.law.timelines import Timeline, check_completeness, check_days

PROGRAMMES = ("employment_aid", "temporary_aid", "disaster_aid", "collective_dividend", "care_services")
DATES = ("2013-06-30", "2016-12-31", "2020-12-31", "2024-06-30")
BENEFITS = (
    "employment_aid_benefit", "employment_aid_in_kind", "public_post_pay", "workshop_pay",
    "temporary_aid_benefit", "disaster_aid_benefit", "disaster_aid_in_kind", "collective_dividend_benefit",
    "care_services_benefit",
)  # fmt: skip

# Written from the documents that the law files name: the value before, then {day: value from that day on}.
TIMELINES: dict[str, Timeline] = {
    "employment_aid.enabled": {"": False, "2014-05-01": True},
    "employment_aid.eligible_tiers.dibao": {"": True, "2023-10-19": True, "2026-07-01": True},
    "employment_aid.eligible_tiers.edge": {"": False, "2023-10-19": True, "2026-07-01": True},
    "employment_aid.eligible_tiers.rigid": {"": False, "2023-10-19": True, "2026-07-01": True},
    "employment_aid.eligible_tiers.other": {"": False, "2023-10-19": False, "2026-07-01": False},
    "employment_aid.filed_poor": {"": False, "2015-11-29": True},
    "employment_aid.monitored": {"": False, "2021-01-01": True},
    "employment_aid.town_post_wages": {"": 1, "2023-12-20": 1},
    "employment_aid.workshops": {"": False, "2015-11-29": True},
    "employment_aid.insurance_share": {"": 2 / 3, "2023-12-20": 2 / 3},
    "temporary_aid.enabled": {"": False, "2014-05-01": True, "2026-07-01": True},
    "temporary_aid.quick_aid": {"": False, "2026-01-29": True},
    "temporary_aid.expenditure_tiers.dibao": {"": True, "2018-01-23": True, "2026-01-29": True},
    "temporary_aid.expenditure_tiers.none": {"": False, "2018-01-23": True, "2026-01-29": False},
    "temporary_aid.after_disaster": {"": False, "2022-10-20": True},
    "temporary_aid.jobless": {"": False, "2020-06-03": True, "2023-01-08": False},
    "disaster_aid.rebuilding_extra.dibao": {"": 0.3, "2015-11-29": 0.3, "2021-01-01": 0.3, "2023-10-19": 0.3},
    "disaster_aid.rebuilding_extra.filed_poor": {
        "": 0, "2015-11-29": 0.3, "2021-01-01": 0.3, "2023-10-19": 0.3,
    },
    "disaster_aid.rebuilding_extra.edge": {"": 0, "2015-11-29": 0, "2021-01-01": 0.3, "2023-10-19": 0.3},
    "disaster_aid.rebuilding_extra.rigid": {"": 0, "2015-11-29": 0, "2021-01-01": 0, "2023-10-19": 0.3},
    "collective_dividend.enabled": {"": False, "2015-11-29": True},
    "collective_dividend.filed_poor": {"": False, "2015-11-29": True},
    "collective_dividend.monitored": {"": False, "2021-01-01": True},
    "care_services.enabled": {"": False, "2020-08-25": True},
    "care_services.eligible_tiers.dibao": {
        "": False, "2020-08-25": True, "2023-10-19": True, "2026-07-01": True,
    },
    "care_services.eligible_tiers.edge": {
        "": False, "2020-08-25": False, "2023-10-19": True, "2026-07-01": True,
    },
    "care_services.eligible_tiers.tekun": {
        "": False, "2020-08-25": False, "2023-10-19": False, "2026-07-01": False,
    },
    "care_services.eligible_tiers.monitored": {"2020-08-25": False, "2023-10-19": True, "2026-07-01": False},
}  # fmt: skip


@pytest.mark.parametrize("name", TIMELINES)
def test_a_value_changes_on_its_day_and_not_before(name: str) -> None:
    check_days(name, TIMELINES[name])


def test_every_change_of_these_programmes_is_in_the_table() -> None:
    check_completeness(PROGRAMMES, TIMELINES)


def struck(seed: int) -> tuple[Row, list[Row]]:
    """A random family that also draws the columns of these programmes."""
    household, persons = family(seed)
    draw = random.Random(f"struck {seed}")
    household |= {
        "monitored": draw.random() < 0.3,
        "shock": draw.choice(["none", "illness", "accident", "disaster", "job_loss", "education", "other"]),
        "shock_months": draw.randint(0, 12),
        "shock_persons": draw.randint(0, 8),
        "shock_loss": draw.choice([0.0, 5000.0, 80000.0]),
        "house_damage": draw.choice(["none", "damaged", "collapsed"]),
        "displaced_persons": draw.randint(0, 8),
        "displaced_days": draw.choice([0, 10, 60, 300]),
        "winter_hardship": draw.random() < 0.3,
        "collective_dividend_per_head": draw.choice([0.0, 300.0]),
        "dibao_last_year": draw.random() < 0.2,
    }
    for person in persons:
        person |= {
            "public_post": draw.choice(["none", "village", "town", "forest_guard"]),
            "workshop_wage": person["wage_income"] * draw.choice([0.0, 0.0, 0.5, 1.0]),
            "in_training": draw.random() < 0.2,
            "flexible_worker": draw.random() < 0.3,
            "self_employed_loan": draw.choice([0.0, 50000.0, 200000.0]),
            "failed_adls": draw.choice([0, 0, 2, 6]),
            "work_injury_care": draw.random() < 0.1,
            "has_able_supporter": draw.random() < 0.7,
            "labour_capacity": draw.choice(["none", "partial", "full"]),
            "medical_out_of_pocket": draw.choice([0.0, 6000.0]),
            "education_cost": draw.choice([0.0, 2000.0]),
        }
    return household, persons


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_nothing_is_negative_or_counted_twice(date: str) -> None:
    law = Policy.load(date).reform(
        {"dibao.line": {"by": LINE}, "collective_dividend.in_kind_share": 0.2}, allow_unusual=True
    )
    seen = dict.fromkeys(BENEFITS, 0)
    for seed in SEEDS:
        household, persons = struck(seed)
        of = Interpreter(law, household, persons)
        value = {name: of.household_value(name) for name in BENEFITS}
        assert all(amount >= 0.0 for amount in value.values())
        for name, amount in value.items():
            seen[name] += amount > 0.0
        wages = sum(person["wage_income"] for person in persons)
        assert value["public_post_pay"] + value["workshop_pay"] <= wages + 1e-9
        shown = of.household_value("collective_dividend_cash")
        assert 0.0 <= shown <= sum(person["property_income"] for person in persons) + 1e-9
        for i in range(len(persons)):
            if of.person_value("is_tekun", i) or persons[i]["work_injury_care"]:
                assert of.person_value("person_care_hours", i) == 0.0
        income = of.household_value("disposable_income") + of.household_value("in_kind_benefits")
        spent = of.household_value("rigid_expenses")
        assert of.household_value("resources") == pytest.approx(income - spent)
    expected = {"2013-06-30": {"disaster_aid_benefit", "disaster_aid_in_kind"}, "2024-06-30": set(BENEFITS)}
    assert {name for name, times in seen.items() if times} >= expected.get(date, set())
    if date == "2013-06-30":
        assert {name for name, times in seen.items() if times} == expected[date]


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_dibao_is_the_same_with_and_without_these_programmes(date: str) -> None:
    law = Policy.load(date).reform({"dibao.line": {"by": LINE}}, allow_unusual=True)
    without = law.reform({f"{programme}.enabled": False for programme in PROGRAMMES}, allow_unusual=True)
    for seed in SEEDS:
        one, other = (Interpreter(each, *struck(seed)) for each in (law, without))
        for name in ("dibao_benefit", "counted_income", "household_tier", "market_income"):
            assert one.household_value(name) == other.household_value(name)
        assert all(other.household_value(name) == 0.0 for name in BENEFITS)


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_with_their_columns_at_the_defaults_income_is_what_it_is_without_these_programmes(date: str) -> None:
    law = Policy.load(date).reform({"dibao.line": {"by": LINE}}, allow_unusual=True)
    without = law.reform({f"{programme}.enabled": False for programme in PROGRAMMES}, allow_unusual=True)
    for seed in SEEDS:
        one, other = (Interpreter(each, *family(seed)) for each in (law, without))
        assert one.household_value("disposable_income") == other.household_value("disposable_income")
        assert one.household_value("public_wages") == 0.0
