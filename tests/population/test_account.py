"""The county's account: a published one balances, and what does not is refused with the difference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from microsim.errors import DataError
from microsim.population import County

PROFILE = Path(__file__).parents[2] / "data" / "synthetic" / "h-county" / "profile.yaml"
# Qiongzhong (Hainan), 2020, in units of 10,000 yuan: own revenue, transfers and debt; what is done with it:
# expenditure, debt repaid, sent up, stabilisation fund and carried over.
QIONGZHONG = {
    "general_public_budget_revenue": 32044,
    "transfers": 361934,
    "debt_income": 47060,
    "general_public_budget_expenditure": 397114,
    "debt_repaid": 16223,
    "sent_up": 10800,
    "to_stabilisation": 150,
    "carried_over": 16751,
}


def profile(**figures: float) -> str:
    """H county's profile with this account of public finance, given in 10,000 yuan."""
    text = PROFILE.read_text(encoding="utf-8")
    lines = [
        f"  {name}: {{value: {value * 1e4}, unit: yuan/year, source: recalled, reference: final accounts}}"
        for name, value in figures.items()
    ]
    return re.sub(
        r"public_finance:\n.*?(?=\npaper:)",
        "public_finance:\n" + "\n".join(lines) + "\n",
        text,
        flags=re.DOTALL,
    )


def test_a_published_account_balances() -> None:
    county = County.parse(profile(**QIONGZHONG))
    assert county.revenue == 320_440_000
    assert county.get("public_finance.carried_over") == 167_510_000


def test_own_revenue_alone_is_enough() -> None:
    county = County.parse(profile(general_public_budget_revenue=32044))
    assert county.expenditure is None


def test_an_account_that_does_not_balance_is_refused_with_the_difference() -> None:
    with pytest.raises(DataError) as refused:
        County.parse(profile(**{**QIONGZHONG, "carried_over": 16651}))
    (offence,) = refused.value.offences
    assert "a difference of +1,000,000" in offence.message
    assert offence.place.startswith("profile.yaml:")
    assert "final accounts" in offence.hint


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tax_revenue": 40000}, "tax_revenue is 400,000,000 and general_public_budget_revenue 320,440,000"),
        ({"general_transfers": 400000}, "general_transfers is 4,000,000,000 and transfers 3,619,340,000"),
        (
            {"general_transfers": 1, "shared_matter_transfers": 1, "special_transfers": 1},
            "general_transfers + shared_matter_transfers + special_transfers is 30,000",
        ),
        ({"social_protection_expenditure": 400000}, "a difference of +28,860,000"),
    ],
)
def test_parts_fit_into_their_whole(more: dict[str, float], said: str) -> None:
    with pytest.raises(DataError) as refused:
        County.parse(profile(**{**QIONGZHONG, **more}))
    (offence,) = refused.value.offences
    assert said in offence.message
