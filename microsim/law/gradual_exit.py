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


unit_wage_income = total(
    counted_wage_income,
    label={"en": "Counted wages of the unit", "zh": "家庭计入工资性收入"},
    reference="2021 review measures, arts. 13 (1), 33",
)


@household(
    unit="yuan/year",
    reference="2021 review measures, art. 33",
    label={"en": "Counted income without wages", "zh": "不含工资的计入收入"},
)
def income_without_wages(counted_income: float, unit_wage_income: float) -> float:
    """Counted income as if nobody had taken up work for wages."""
    return max(counted_income - unit_wage_income, 0.0)


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
    income_without_wages: float,
) -> bool:
    """Dibao household last year, past the line through wages and not far, within the months of grace."""
    if not dibao_last_year or not gradual_exit_enabled or not dibao_enabled or dibao_within_law:
        return False
    if unit_size <= 0 or months_since_income_rose >= gradual_exit_months or not property_within_limits:
        return False
    if at_least(counted_income_per_head, gradual_exit_multiple * dibao_line_in_force):
        return False
    return below(income_without_wages, dibao_line_in_force * unit_size)


@household(
    unit="yuan/year",
    reference="2021 review measures, arts. 23, 33; rates by month: assumption",
    label={"en": "Dibao entitlement in gradual exit", "zh": "渐退期低保金"},
)
def gradual_exit_entitlement(
    gradual_exit_household: bool,
    gradual_exit_rate: Callable[[float], float],
    months_since_income_rose: int,
    income_without_wages: float,
    dibao_line_in_force: float,
    unit_size: int,
    dibao_payment: str,
    dibao_band: Callable[[float], float],
    dibao_minimum_share: float,
) -> float:
    """What the unit would get without wages, floor included, at the rate of the month; per year."""
    if not gradual_exit_household:
        return 0.0
    whole = dibao_line_in_force * unit_size
    if dibao_payment == "banded":
        before = dibao_band(share_reached(income_without_wages, whole)) * whole
    else:
        before = whole - income_without_wages
    before = max(before, dibao_minimum_share * whole)
    return gradual_exit_rate(months_since_income_rose) * before
