"""Whose money each payment of the law is, and whether it is counted when it is paid (``payers.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from microsim.documents import read_document
from microsim.scenario.grammar import GOVERNMENT, PAYERS

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

__all__ = ["GOVERNMENT", "PAYERS", "Source", "source_of", "sources"]


class Source(NamedTuple):
    """Who pays a payment; ``years``: the parameter over whose years it is spread, empty where it is cash."""

    payer: str = GOVERNMENT
    years: str = ""

    @property
    def timing(self) -> str:
        """``cash`` or ``spread``."""
        return "spread" if self.years else "cash"

    def spread_over(self, policy: Policy) -> float:
        """Years over which one payment is counted: cash paid is what is counted in a year times these."""
        return float(policy.value(self.years)) if self.years else 1.0


@cache
def sources() -> Mapping[str, Source]:
    """Rule that pays -> who pays and when, for the packaged law."""
    rows = read_document(Path(__file__).with_name("payers.yaml")).data
    return {rule: Source(row["payer"], row.get("years", "")) for rule, row in rows.items()}


def source_of(rule: str) -> Source:
    """Who pays and when; the budget, in cash, for a rule that is not of the packaged law."""
    return sources().get(rule, Source())
