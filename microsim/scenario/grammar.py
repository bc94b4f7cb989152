"""The words a scenario file may use, and the ends of the packaged law."""

from __future__ import annotations

import datetime as dt
from typing import Literal

# Growth rates a year of the study brings with it, as shares (0.06 = 6 % a year).
ECONOMY = {
    "income_growth": ("growth of household incomes", "居民收入增长率"),
    "revenue_growth": ("growth of the county's general public budget revenue", "一般公共预算收入增长率"),
    "urban_line_growth": ("growth of the urban dibao line", "城市低保标准增长率"),
    "rural_line_growth": ("growth of the rural dibao line", "农村低保标准增长率"),
    "price_growth": ("growth of consumer prices", "居民消费价格涨幅"),
    "living_cost_growth": (
        "growth of the cost of living that poverty lines follow",
        "生活费用（贫困线）涨幅",
    ),
    "wage_growth": ("growth of wages", "工资性收入增长率"),
    "business_growth": ("growth of farm and business income", "经营净收入增长率"),
    "property_growth": ("growth of property income", "财产净收入增长率"),
    "transfer_growth": ("growth of private transfers", "私人转移收入增长率"),
    "pension_growth": ("growth of contributory pensions", "养老金增长率"),
    "basic_pension_growth": ("growth of the basic resident pension", "城乡居民基础养老金增长率"),
    "contribution_growth": ("growth of premiums and social contributions", "社会保险缴费增长率"),
    "post_growth": ("growth of the pay of public posts", "公益性岗位补贴增长率"),
}
# Of these, what counts only from the first of the years: on.
OVER_YEARS = ("rural_line_growth", "urban_line_growth", "living_cost_growth", "post_growth")
GROWTH_RANGE = (-0.5, 1.0)
# within_year: how the money of a year is counted in which the law changes.
WithinYear = Literal["months", "year_end"]
MONTHS: WithinYear = "months"
YEAR_END: WithinYear = "year_end"
HELD = "none"  # economy: none, money stays that of the county's own year

# What can be asked for, and the command that makes it.
OUTPUTS = {
    "cost": "run",
    "caseload": "run",
    "poverty": "run",
    "inequality": "run",
    "hardship": "run",
    "budget": "run",
    "cliffs": "cliffs",
    "unification": "unify",
}
DEFAULT_OUTPUTS = ("cost", "caseload", "poverty", "inequality", "hardship", "budget")

# Whose money a payment can be; only what the government pays is shared out among the levels of budget.
GOVERNMENT = "government"
PAYERS = (GOVERNMENT, "insurance_fund", "lottery_fund", "collective", "employer", "society")

# The law is known to its authors up to this day; what is asked for later is today's law carried forward.
LAW_KNOWN_UNTIL = "2026-09-30"
LAW_BEGINS = "the packaged law begins with the dibao review measures of 2012-12-12"

YEAR_RANGE = (1990, 2100)


def law_not_known(date: dt.date | None) -> str | None:
    """The last day the law is known for, where a later one is asked for; else None."""
    known = LAW_KNOWN_UNTIL
    return known if date is not None and date > dt.date.fromisoformat(known) else None
