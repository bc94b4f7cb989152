"""A law of three programmes with known notches, and households of one earner each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import microsim as ms
from tests.studies.small_law import LINE, earned, gap, poor


@ms.household
def near(income: float, line: float, poor: bool) -> bool:
    """From the line to half as much again."""
    return not poor and income < 1.5 * line


@ms.household(role="cash_benefit")
def lump(poor: bool) -> float:
    """A fixed amount for the poor."""
    return 1000.0 if poor else 0.0


@ms.household(role="cash_benefit")
def aid(near: bool) -> float:
    """A smaller one for those just above."""
    return 300.0 if near else 0.0


@ms.household(unit="yuan/year")
def disposable_income(income: float, gap: float, lump: float, aid: float) -> float:
    """Income and all benefits."""
    return income + gap + lump + aid


def law() -> ms.Policy:
    """Three programmes, each of one rule."""
    programmes = {rule.name: replace(rule, programme=rule.name) for rule in (gap, lump, aid)}
    rules = {"earned": earned, "income": ms.total(earned), "poor": poor, "near": near, **programmes}
    return ms.Policy.from_rules({**rules, "disposable_income": disposable_income}, parameters={"line": LINE})


def households(wages: list[float], pensions: list[float] | None = None) -> ms.Population:
    """One earner a household, in town and country by turns; household k has weight k."""
    number = np.arange(1, len(wages) + 1)
    areas = pd.Categorical(np.where(number % 2, "rural", "urban"), categories=["rural", "urban"])
    return ms.Population.from_frames(
        pd.DataFrame(
            {
                "household_id": number,
                "age": 40,
                "sex": "male",
                "relation": "head",
                "wage_income": np.array(wages, dtype=float),
                "pension_income": np.array(pensions or [0.0] * len(wages)),
            }
        ),
        pd.DataFrame({"household_id": number, "weight": number.astype(float), "area": areas}),
    )
