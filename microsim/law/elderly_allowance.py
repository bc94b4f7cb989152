"""Old-age allowance (高龄津贴): a monthly amount from 80 on, more for the very old and for the low-income."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import at_most, largest, person, total

LAW = "Law on the rights of the elderly (in force from 2013-07-01), art. 33; amounts local"

oldest_age = largest(
    "age", unit="years", label={"en": "Age of the oldest", "zh": "家中最年长者年龄"}, reference=LAW
)


@person(unit="yuan/year", reference=LAW, label={"en": "Old-age allowance by age", "zh": "高龄津贴应发额"})
def elderly_allowance_due(
    elderly_allowance_enabled: bool,
    oldest_age: int,
    elderly_allowance_age: float,
    age: int,
    elderly_allowance_low_income_tiers: bool,
    elderly_allowance_low_income: Callable[[float], float],
    elderly_allowance_others: Callable[[float], float],
) -> float:
    """The amount of the age band, by whether the person is in a low-income tier."""
    if not elderly_allowance_enabled or oldest_age < elderly_allowance_age or age < elderly_allowance_age:
        return 0.0
    if elderly_allowance_low_income_tiers:
        return elderly_allowance_low_income(age)
    return elderly_allowance_others(age)


@person(
    unit="yuan/year",
    reference=f"{LAW}; beside the two subsidies for the disabled: local rules",
    label={"en": "Old-age allowance", "zh": "高龄津贴"},
)
def person_elderly_allowance(
    elderly_allowance_due: float, elderly_allowance_higher_only: bool, disability_living_subsidy: float
) -> float:
    """In full; where the place pays the higher only, what the allowance has more than the living subsidy."""
    if at_most(elderly_allowance_due, 0.0) or not elderly_allowance_higher_only:
        return elderly_allowance_due
    return max(elderly_allowance_due - disability_living_subsidy, 0.0)


elderly_allowance_benefit = total(
    person_elderly_allowance,
    role="cash_benefit",
    label={"en": "Old-age allowances", "zh": "高龄津贴合计"},
    reference=LAW,
)
