"""What a study over years counts beside payments: the poor, recipients' incomes, and who overtakes whom.

Rules beside those of the law, so that one pass over the households adds them up for every path. Their
yardsticks are parameters: the national poverty line, the urban line of the year, and what urban recipients
have on average, before benefits and after them, where the ratio of the lines is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.policy.parameter_spec import parameter_from
from microsim.policy.rules import household

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule

NEEDED = ("disposable_income_per_head", "income_before_benefits_per_head", "dibao_recipients")
YARDSTICKS = (
    "counted.national_line",
    "counted.urban_line",
    "counted.urban_before",
    "counted.urban_after",
    "counted.urban_after_real",
)


@household(unit="persons")
def counted_poor(
    disposable_income_per_head: float, household_size: int, counted_national_line: float
) -> float:
    """Persons whose income per head after benefits is below the national line."""
    if disposable_income_per_head < counted_national_line:
        return 1.0 * household_size
    return 0.0


@household(unit="persons")
def counted_gap(
    disposable_income_per_head: float, household_size: int, counted_national_line: float
) -> float:
    """Persons times what they lack to the national line, as a share of it; no income is below zero."""
    income = max(disposable_income_per_head, 0.0)
    if income < counted_national_line:
        return (counted_national_line - income) / counted_national_line * household_size
    return 0.0


@household(unit="persons")
def counted_below_urban(
    disposable_income_per_head: float, household_size: int, counted_urban_line: float
) -> float:
    """Persons whose income per head after benefits is below the urban line."""
    if disposable_income_per_head < counted_urban_line:
        return 1.0 * household_size
    return 0.0


@household(unit="yuan/year")
def counted_national_gap(
    disposable_income_per_head: float, household_size: int, counted_national_line: float
) -> float:
    """What persons lack to the national line, yuan a year."""
    return max(counted_national_line - max(disposable_income_per_head, 0.0), 0.0) * household_size


@household(unit="yuan/year")
def counted_urban_gap(
    disposable_income_per_head: float, household_size: int, counted_urban_line: float
) -> float:
    """What persons lack to the urban line, yuan a year."""
    return max(counted_urban_line - max(disposable_income_per_head, 0.0), 0.0) * household_size


@household(unit="yuan/year")
def counted_income_before(income_before_benefits_per_head: float, dibao_recipients: int) -> float:
    """Income per head before benefits, added up over recipients of dibao."""
    return income_before_benefits_per_head * dibao_recipients


@household(unit="yuan/year")
def counted_income_after(disposable_income_per_head: float, dibao_recipients: int) -> float:
    """Income per head after benefits, added up over recipients of dibao."""
    return disposable_income_per_head * dibao_recipients


@household(unit="persons")
def counted_overtaking(
    income_before_benefits_per_head: float,
    disposable_income_per_head: float,
    dibao_recipients: int,
    counted_urban_before: float,
    counted_urban_after: float,
) -> float:
    """Recipients below what urban recipients have on average before benefits, and above it after them."""
    if (
        income_before_benefits_per_head < counted_urban_before
        and disposable_income_per_head > counted_urban_after
    ):
        return 1.0 * dibao_recipients
    return 0.0


@household(unit="persons")
def counted_overtaking_real(
    income_before_benefits_per_head: float,
    disposable_income_per_head: float,
    dibao_recipients: int,
    counted_urban_before: float,
    counted_urban_after_real: float,
) -> float:
    """The same, with rural incomes after benefits at urban prices."""
    if (
        income_before_benefits_per_head < counted_urban_before
        and disposable_income_per_head > counted_urban_after_real
    ):
        return 1.0 * dibao_recipients
    return 0.0


INCOMES = ("counted_income_before", "counted_income_after")
RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        counted_poor,
        counted_gap,
        counted_below_urban,
        counted_national_gap,
        counted_urban_gap,
        counted_income_before,
        counted_income_after,
        counted_overtaking,
        counted_overtaking_real,
    )
}


def with_counts(policy: Policy) -> Policy:
    """The policy with the rules of this module; the policy itself where it has no incomes after benefits."""
    if not set(NEEDED) <= set(policy.rules):
        return policy
    own = {name: parameter_from(name, {"unit": "yuan/year", "values": 1.0}) for name in YARDSTICKS}
    return replace(policy, timelines={**policy.timelines, **own}).with_rules(RULES)


def counts(policy: Policy) -> bool:
    """Whether a policy has the rules of this module."""
    return counted_poor.name in policy.rules
