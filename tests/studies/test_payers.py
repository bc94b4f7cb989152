"""Who pays each payment of the law: every rule that pays is listed, and spread payments add up to cash."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.policy.policy import Policy
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.payers import GOVERNMENT, PAYERS, source_of, sources

YEARS = range(2014, 2031)


@pytest.fixture(scope="module")
def paying() -> dict[str, Policy]:
    """Every rule that pays under the law of any year, with a policy that has it."""
    return {
        p.rule: law
        for year in YEARS
        for law in [Policy.load(f"{year}-12-31")]
        for p in account_of(law).payments
    }


def test_every_rule_that_pays_says_who_pays(paying: dict[str, Policy]) -> None:
    assert set(paying) == set(sources())
    assert {source.payer for source in sources().values()} <= set(PAYERS)


def test_what_collectives_and_employers_pay_is_not_the_budgets() -> None:
    others = {rule for rule, source in sources().items() if source.payer != GOVERNMENT}
    assert others == {"collective_dividend_benefit", "collective_dividend_cash", "workshop_pay"}
    assert source_of("public_post_pay").payer == GOVERNMENT


def test_parts_of_all_years_add_up_to_what_was_paid(paying: dict[str, Policy]) -> None:
    law = paying["housing_aid_in_kind"]
    years = float(law.value("housing_aid.repair_years"))
    parts = {"housing_aid_in_kind": {"rural": 1200.0, "urban": 0.0}}
    only = [p for p in account_of(law).payments if p.rule == "housing_aid_in_kind"]
    account = type(account_of(law))(tuple(only), {})
    table = account.table(parts, law).set_index("area")
    assert (table["timing"] == "spread").all()
    np.testing.assert_allclose(
        sum(table["value"]["rural"] for _ in range(int(years))), table["cash_paid"]["rural"]
    )
    assert table["cash_paid"]["rural"] == 1200.0 * years


def test_cash_is_counted_when_it_is_paid(paying: dict[str, Policy]) -> None:
    law = paying["dibao_benefit"]
    assert [rule for rule, source in sources().items() if source.spread_over(law) != 1.0] == [
        "housing_aid_in_kind"
    ]
