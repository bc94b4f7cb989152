"""Vouchers for elderly care (养老服务消费补贴): part of what frail old people spend on it, in kind."""

from __future__ import annotations

from microsim.policy import at_most, person, total

NOTICE = "Notice of two ministries on care vouchers for old people of 2025-12-26"

elderly_care_costs = total(
    "elderly_care_cost",
    unit="yuan/year",
    label={"en": "Spending on care of the elderly", "zh": "家庭养老服务支出"},
    reference=NOTICE,
)


@person(
    unit="yuan/year",
    reference=f"{NOTICE}; grade by failing activities: assumption",
    label={"en": "Care vouchers used", "zh": "个人养老服务消费补贴"},
)
def person_elderly_voucher(
    elderly_care_costs: float,
    elderly_vouchers_enabled: bool,
    age: int,
    elderly_vouchers_age: float,
    failed_adls: int,
    elderly_vouchers_least_failed_adls: float,
    is_tekun: bool,
    elderly_vouchers_tekun: bool,
    in_institution: bool,
    elderly_vouchers_institution_share: float,
    elderly_vouchers_home_share: float,
    elderly_care_cost: float,
    elderly_vouchers_cap: float,
) -> float:
    """A share of the own spending, even over the year, up to so much a month; whatever the income."""
    if at_most(elderly_care_costs, 0.0) or not elderly_vouchers_enabled:
        return 0.0
    if age < elderly_vouchers_age or failed_adls < elderly_vouchers_least_failed_adls:
        return 0.0
    if is_tekun and not elderly_vouchers_tekun:
        return 0.0
    share = elderly_vouchers_institution_share if in_institution else elderly_vouchers_home_share
    return min(share * elderly_care_cost, elderly_vouchers_cap)


elderly_vouchers_benefit = total(
    person_elderly_voucher,
    role="in_kind_benefit",
    label={"en": "Vouchers for elderly care", "zh": "养老服务消费补贴合计"},
    reference=NOTICE,
)
