"""Which rules a run asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsim.studies.common.benefits import WITHIN_MARKET_INCOME, benefits, cost_rules, parts, recipient_rule
from microsim.studies.common.typical_family import NEEDED

if TYPE_CHECKING:
    from microsim.engine.policy.policy import Policy

INCOMES = ("income_before_benefits_per_head", "disposable_income_per_head", "household_size")


def baseline_outputs(policy: Policy) -> list[str]:
    """The rules that a run asks for: benefits and recipients of each programme, and incomes."""
    wanted: list[str] = []
    for programme, rules in cost_rules(policy).items():
        wanted += [*rules, *filter(None, [recipient_rule(policy, programme)])]
    for within in benefits(policy, WITHIN_MARKET_INCOME).values():
        wanted += within
    wanted += [*parts(policy), *INCOMES, *NEEDED]
    return [name for name in dict.fromkeys(wanted) if name in policy.rules]
