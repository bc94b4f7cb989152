"""Gradual exit from dibao (渐退期): work has lifted the income past the line, and the support fades out."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import at_least, below, household, person, share_reached, total


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 13 (1), 33",
    label={"en": "Counted wage of the member", "zh": "成员计入工资性收入"},
)
def counted_wage_income(in_unit: bool, assessed_wage_income: float, deducted_work_cost: float) -> float:
    """Wages net of employment cost; members only."""
    if not in_unit:
        return 0.0
    return assessed_wage_income - deducted_work_cost


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 13 (2), 33",
    label={"en": "Counted business income of the member", "zh": "成员计入经营净收入"},
)
def counted_business_income(in_unit: bool, assessed_business_income: float) -> float:
    """Farm and business income; members only."""
    if not in_unit:
        return 0.0
    return assessed_business_income


unit_wage_income = total(
    counted_wage_income,
    label={"en": "Counted wages of the unit", "zh": "家庭计入工资性收入"},
    reference="2021 review measures, arts. 13 (1), 33",
)
unit_business_income = total(
    counted_business_income,
    label={"en": "Counted business income of the unit", "zh": "家庭计入经营净收入"},
    reference="2021 review measures, arts. 13 (2), 33",
)


@household(
    unit="yuan/year",
    reference="2021 review measures, art. 33 (work of whatever kind); what was earned before: assumption",
    label={"en": "Income from work before it rose", "zh": "收入上升前的劳动收入"},
    unless_given=True,
)
def assessed_work_income_before_rise(
    counted_income: float,
    unit_wage_income: float,
    unit_business_income: float,
    dibao_line_in_force: float,
    unit_size: int,
) -> float:
    """Where the data do not say: no wages, and farm and business income as now.

    If that is not below the line, what rose was the income from farm or business, and none is taken.
    """
    if below(counted_income - unit_wage_income, dibao_line_in_force * unit_size):
        return unit_business_income
    return 0.0


@household(
    unit="yuan/year",
    reference="2021 review measures, art. 33",
    label={"en": "Counted income before it rose", "zh": "收入上升前的计入收入"},
)
def income_before_rise(
    counted_income: float,
    unit_wage_income: float,
    unit_business_income: float,
    assessed_work_income_before_rise: float,
) -> float:
    """Counted income with what work brought before in place of what it brings now."""
    now = unit_wage_income + unit_business_income
    return max(counted_income - now + assessed_work_income_before_rise, 0.0)


@household(
    reference="2021 review measures, art. 33; 2022 joint notice, 1 (3)",
    label={"en": "In gradual exit", "zh": "处于渐退期"},
)
def gradual_exit_household(
    dibao_last_year: bool,
    gradual_exit_enabled: bool,
    dibao_enabled: bool,
    dibao_within_law: bool,
    months_since_income_rose: int,
    gradual_exit_months: float,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line_in_force: float,
    gradual_exit_multiple: float,
    property_within_limits: bool,
    income_before_rise: float,
) -> bool:
    """Dibao household last year, past the line through work and not far, within the months of grace."""
    if not dibao_last_year or not gradual_exit_enabled or not dibao_enabled or dibao_within_law:
        return False
    if unit_size <= 0 or months_since_income_rose >= gradual_exit_months or not property_within_limits:
        return False
    if at_least(counted_income_per_head, gradual_exit_multiple * dibao_line_in_force):
        return False
    return below(income_before_rise, dibao_line_in_force * unit_size)


@household(
    unit="yuan/year",
    reference="2021 review measures, arts. 23, 33; rates by month: assumption",
    label={"en": "Dibao entitlement in gradual exit", "zh": "渐退期低保金"},
)
def gradual_exit_entitlement(
    gradual_exit_household: bool,
    gradual_exit_rate: Callable[[float], float],
    months_since_income_rose: int,
    income_before_rise: float,
    dibao_line_in_force: float,
    unit_size: int,
    dibao_payment: str,
    dibao_band: Callable[[float], float],
    dibao_minimum_share: float,
) -> float:
    """What the unit got before its work brought more, floor included, at the rate of the month; per year."""
    if not gradual_exit_household:
        return 0.0
    whole = dibao_line_in_force * unit_size
    if dibao_payment == "banded":
        before = dibao_band(share_reached(income_before_rise, whole)) * whole
    else:
        before = whole - income_before_rise
    before = max(before, dibao_minimum_share * whole)
    return gradual_exit_rate(months_since_income_rose) * before
