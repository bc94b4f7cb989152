"""The law is whole: every programme, rule and value says what it is and where it comes from."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from microsim.policy.policy import Policy
from microsim.policy.programmes import Programme, load_programmes
from microsim.policy.rules import Rule
from tests.law.cases import all_cases

PROGRAMMES = load_programmes("microsim.law")
RULES = [rule for programme in PROGRAMMES for rule in programme.rules]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_a_programme_has_labels_description_and_five_cases(programme: Programme) -> None:
    assert {"en", "zh"} <= set(programme.label)
    assert {"en", "zh"} <= set(programme.description)
    assert sum(case.programme == programme.name for case in all_cases()) >= 5


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name}-{rule.start or 'always'}")
def test_a_rule_has_label_reference_unit_and_description(rule: Rule) -> None:
    assert {"en", "zh"} <= set(rule.label), rule.place
    assert rule.reference, rule.place
    assert rule.unit, rule.place
    assert rule.description, rule.place


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_a_programme_has_a_page(programme: Programme) -> None:
    page = (Path(__file__).parents[2] / "docs" / "law" / f"{programme.name}.md").read_text(encoding="utf-8")
    for name in (*(rule.name for rule in programme.rules), *(p.name for p in programme.parameters)):
        assert f"### `{name}`" in page, f"{name} is not on the page; run: python tools/law_pages.py"


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_who_pays_names_a_financing_key(programme: Programme) -> None:
    pays = any(rule.role in ("cash_benefit", "in_kind_benefit", "public_wage") for rule in programme.rules)
    assert programme.header.get("financing") or not pays


def test_local_choices_have_the_range_seen() -> None:
    """Numbers that no document gives; those below are one for the whole country."""
    national = {"employment_aid.least_age", "medical_aid.catastrophic_favour"}
    without = {
        parameter.name
        for programme in PROGRAMMES
        for parameter in programme.parameters
        if not parameter.ranges
        and parameter.kind not in ("boolean", "choice")
        and {"recalled", "assumption"} & {dated.source for dated in parameter.values.values()}
    }
    assert without == national


def test_every_parameter_is_asked_for_by_a_rule() -> None:
    asked = {argument for rule in RULES for argument in rule.arguments}
    unused = [p.name for programme in PROGRAMMES for p in programme.parameters if p.argument not in asked]
    assert not unused


def test_every_expected_name_is_a_rule_and_every_rule_of_amounts_is_expected_somewhere() -> None:
    expected = {name for case in all_cases() for name in (*case.of_household, *case.of_persons)}
    names = {rule.name for rule in RULES}
    assert expected <= names
    # Steps on the way that a case sees through the amounts they lead to.
    steps = {
        "assessed_wage_income", "assessed_business_income", "assessed_property_income",
        "assessed_private_transfer_income", "person_market_income", "person_transfer_income",
        "household_size", "social_contributions", "severely_disabled", "single_from_edge",
        "single_from_filed_poor", "person_single_entitlement", "top_up_for_age",
        "top_up_for_disability", "top_up_for_illness", "counts_as_adult", "scale_adults",
        "income_seen_share",
        "counted_wage_income", "counted_business_income", "unit_business_income",
        "assessed_work_income_before_rise", "person_taxes_and_support", "taxes_and_support",
        "temporary_persons", "risk_of_poverty", "can_earn", "persons_at_risk", "earners_possible",
        "jobless_disabled_adult", "low_income_person",
        "person_education_spending", "person_illness_spending", "person_preschool_relief",
        "person_childcare_subsidy", "youngest_age", "person_tekun_cash",
        "person_tekun_in_kind", "single_by_own_income",
    }  # fmt: skip
    assert names - expected == steps


def test_rules_of_one_name_follow_each_other_without_gap_or_overlap() -> None:
    windows: dict[str, list[Rule]] = {}
    for rule in RULES:
        windows.setdefault(rule.name, []).append(rule)
    for rules in windows.values():
        ordered = sorted(rules, key=lambda rule: rule.start or dt.date.min)
        for earlier, later in pairwise(ordered):
            assert earlier.end is not None, earlier.place
            assert later.start is not None, later.place
            assert later.start - earlier.end == dt.timedelta(days=1), later.place
        assert ordered[-1].end is None, ordered[-1].place


def test_each_window_has_cases_on_the_day_it_ends_and_on_the_day_the_next_begins() -> None:
    days = {case.date for case in all_cases()}
    edges = {rule.end for rule in RULES if rule.end} | {rule.start for rule in RULES if rule.start}
    assert edges - {dt.date(2012, 12, 12)} <= days


def test_national_urban_lines_are_twelve_monthly_ones_and_above_the_rural() -> None:
    line = Policy.load("2020-12-31").parameters["dibao.line"]
    monthly = {
        2012: 330.1, 2013: 373.3, 2014: 410.5, 2015: 451.1, 2016: 494.6, 2017: 540.6, 2018: 579.7,
        2019: 624.0, 2020: 677.6, 2021: 711.4, 2022: 752.3, 2023: 785.9, 2024: 798.1, 2025: 9725 / 12,
    }  # fmt: skip
    assert {since.year for since in line.values} == set(monthly)
    for since, dated in line.values.items():
        assert dated.value["urban"] == pytest.approx(12 * monthly[since.year], abs=1e-6)
        assert dated.value["rural"] < dated.value["urban"]


@pytest.mark.parametrize(
    ("name", "day_before", "day", "before", "after"),
    [
        ("dibao.edge_tier", "2021-06-30", "2021-07-01", False, True),
        ("dibao.single_admission_enabled", "2021-06-30", "2021-07-01", False, True),
        ("dibao.individual_entry", "2015-11-28", "2015-11-29", False, True),
        ("dibao.individual_entry", "2020-12-31", "2021-01-01", True, False),
        ("means_test.work_cost", "2021-06-30", "2021-07-01", "none", "lesser_of_both"),
        ("means_test.basic_pension_counted", "2021-06-30", "2021-07-01", True, False),
        ("price_supplement.months", "2018-12-31", "2019-01-01", 0, 9),
        ("price_supplement.months", "2020-12-31", "2021-01-01", 9, 0),
    ],
)
def test_values_change_on_their_day(
    name: str, day_before: str, day: str, before: object, after: object
) -> None:
    assert Policy.load(day_before).value(name) == before
    assert Policy.load(day).value(name) == after
