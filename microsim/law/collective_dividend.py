"""Collective dividend (村集体分红): what a village shares out to its poor, in money and in goods."""

from __future__ import annotations

from microsim.policy import at_most, household, total

PAPER = "source paper, section 2 (资金分配导向的集体经济分红)"


@household(
    reference=f"{PAPER}; monitored households recalled",
    label={"en": "Shares in the poor's dividend", "zh": "享受帮扶性集体分红的家庭"},
)
def dividend_household(
    collective_dividend_per_head: float,
    collective_dividend_enabled: bool,
    collective_dividend_filed_poor: bool,
    filed_poor_in_transition: bool,
    collective_dividend_monitored: bool,
    monitored_household: bool,
) -> bool:
    """The village declared one, and the household is on a register that it is shared out by."""
    if at_most(collective_dividend_per_head, 0.0) or not collective_dividend_enabled:
        return False
    if collective_dividend_filed_poor and filed_poor_in_transition:
        return True
    return collective_dividend_monitored and monitored_household


@household(
    unit="yuan/year",
    reference=PAPER,
    label={"en": "Dividend declared for the household", "zh": "应分红金额"},
)
def dividend_declared(
    dividend_household: bool, collective_dividend_per_head: float, household_size: int
) -> float:
    """Per head, for all persons who live there."""
    if not dividend_household:
        return 0.0
    return collective_dividend_per_head * household_size


dividend_property_income = total(
    "property_income",
    unit="yuan/year",
    label={"en": "Net property income of the household", "zh": "家庭财产净收入"},
    reference="2021 review measures, art. 13 (3) (collective dividends are property income)",
)


@household(
    unit="yuan/year",
    reference=f"{PAPER}; 2021 review measures, art. 13 (3)",
    label={"en": "Dividend in money", "zh": "现金分红"},
    role="public_dividend",
)
def collective_dividend_cash(
    dividend_declared: float, collective_dividend_in_kind_share: float, dividend_property_income: float
) -> float:
    """A part of property income that is assistance by its origin; never more than it, and added nowhere."""
    return min(dividend_declared * (1.0 - collective_dividend_in_kind_share), dividend_property_income)


@household(
    unit="yuan/year",
    reference=f"{PAPER}; share in goods: assumption",
    label={"en": "Dividend in goods", "zh": "实物分红"},
    role="in_kind_benefit",
)
def collective_dividend_benefit(dividend_declared: float, collective_dividend_in_kind_share: float) -> float:
    """Grain, oil and the like, at their value; outside property income and not seen by the means test."""
    return dividend_declared * collective_dividend_in_kind_share
