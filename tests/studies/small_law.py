"""Rules of a made-up law that tests of cliffs share: a line, and what is missing to it."""

from __future__ import annotations

import microsim as ms

LINE = 6_000.0


@ms.person(unit="yuan/year")
def earned(wage_income: float, pension_income: float) -> float:
    """All income of a person."""
    return wage_income + pension_income


@ms.household
def poor(income: float, line: float) -> bool:
    """Below the line."""
    return income < line


@ms.household(role="cash_benefit")
def gap(poor: bool, income: float, line: float) -> float:
    """What is missing to the line."""
    return line - income if poor else 0.0
