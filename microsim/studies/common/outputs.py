"""Which rules a run asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsim.studies.common.benefits import parts
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.hardship import hardship_rules
from microsim.studies.common.typical_family import NEEDED

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

INCOMES = ("income_before_benefits_per_head", "disposable_income_per_head", "household_size")
TIER = "household_tier"


def baseline_outputs(policy: Policy) -> list[str]:
    """The rules that a run asks for: benefits and recipients of each programme, incomes and tier."""
    account = account_of(policy)
    wanted: list[str] = []
    for programme in dict.fromkeys(payment.programme for payment in account.payments if payment.counts):
        wanted += [p.rule for p in account.payments if p.counts and p.programme == programme]
        wanted += filter(None, [account.recipients.get(programme)])
    wanted += [payment.rule for payment in account.payments if not payment.counts]
    wanted += [*parts(policy), *INCOMES, TIER, *NEEDED, *hardship_rules(policy)]
    return [name for name in dict.fromkeys(wanted) if name in policy.rules]
