"""A law of a few rules that has what rationing holds: dibao, an edge programme behind it, and fees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import microsim as ms

LINE = 6_000.0


@ms.household(unit="yuan/year")
def counted_income_per_head(assessed_income: float, household_size: int) -> float:
    """As the office finds it."""
    return assessed_income / household_size


@ms.person
def member(age: int) -> bool:
    """Everybody."""
    return age >= 0


@ms.household
def dibao_eligible(counted_income_per_head: float, line: float) -> bool:
    """Below the line."""
    return counted_income_per_head < line


@ms.person
def dibao_recipient(dibao_eligible: bool) -> bool:
    """All members."""
    return dibao_eligible


@ms.household(role="cash_benefit", unit="yuan/year")
def dibao_benefit(
    dibao_eligible: bool, counted_income_per_head: float, line: float, household_size: int
) -> float:
    """What is missing to the line, at least a tenth of it."""
    if not dibao_eligible:
        return 0.0
    return household_size * max(line - counted_income_per_head, 0.1 * line)


@ms.household(role="cash_benefit", unit="yuan/year")
def edge_benefit(dibao_eligible: bool, counted_income_per_head: float, line: float) -> float:
    """For those who are near the line and not in dibao."""
    return 500.0 if not dibao_eligible and counted_income_per_head < 1.5 * line else 0.0


@ms.household(unit="yuan/year")
def income_before_benefits_per_head(true_income: float, household_size: int) -> float:
    """What the household has."""
    return true_income / household_size


def policy(line: float = LINE) -> ms.Policy:
    """The law with a line in yuan a year per head."""
    programmes = {dibao_eligible: "dibao", dibao_recipient: "dibao", dibao_benefit: "dibao"}
    rules = {
        rule.name: replace(rule, programme=programmes.get(rule, "edge"))
        for rule in (
            counted_income_per_head, dibao_eligible, dibao_recipient, dibao_benefit, edge_benefit,
            income_before_benefits_per_head,
        )
    }  # fmt: skip
    return ms.Policy.from_rules({**rules, "household_size": ms.count(member)}, parameters={"line": line})


def county(random: np.random.Generator, households: int) -> ms.Population:
    """Households of one to five persons; the office sees a part of what they have."""
    size = random.integers(1, 6, households)
    number = random.permutation(households) + 1
    true = np.round(random.lognormal(9.0, 0.8, households) * size**0.5, 2)
    frame = pd.DataFrame(
        {
            "household_id": number,
            "weight": np.round(random.uniform(1.0, 60.0, households), 3),
            "area": pd.Categorical.from_codes(random.integers(0, 2, households), ["rural", "urban"]),
            "true_income": true,
            # Some have the same assessed income per head.
            "assessed_income": np.where(
                random.random(households) < 0.2,
                3_000.0 * size,
                np.round(true * random.uniform(0.3, 1.0, households), 2),
            ),
        }
    )
    persons = pd.DataFrame({"household_id": np.repeat(number, size), "age": 30})
    return ms.Population.from_frames(persons, frame)
