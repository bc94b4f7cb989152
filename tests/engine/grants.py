"""A small policy of means-tested grants, known to several tests."""

from __future__ import annotations

from typing import Any

from microsim.policy import count, household, person, total


@person(unit="yuan/year", label={"en": "Net wage", "zh": "净工资"}, reference="Income act, art. 3")
def net_wage(wage: float, rate: float, area: str) -> float:
    """Wage less the cost of work, which only townspeople may deduct."""
    return wage * rate if area == "urban" else wage


@household(unit="yuan/year", label={"en": "Income per head", "zh": "人均收入"})
def per_head(income: float, size: int) -> float:
    """Income of the household over its members."""
    return income / size


@household(categories=("poor", "near_poor", "other"), label={"en": "Standing", "zh": "类别"})
def standing(per_head: float, line: float) -> str:
    """Where the household stands against the line."""
    if per_head < line:
        return "poor"
    return "near_poor" if per_head < 1.5 * line else "other"


@person(unit="yuan/year", label={"en": "Grant", "zh": "补助"}, reference="Aid act, art. 7")
def grant(standing: str, grant_amount: float, age: int) -> float:
    """For the young, by standing."""
    return grant_amount if standing != "other" and age < 18 else 0.0


RULES = {
    "net_wage": net_wage,
    "income": total(net_wage, label={"en": "Income", "zh": "收入"}),
    "size": count(label={"en": "Size", "zh": "人口"}),
    "per_head": per_head,
    "standing": standing,
    "grant": grant,
    "grants": total(grant, label={"en": "Grants", "zh": "补助合计"}),
}
PARAMETERS: dict[str, Any] = {
    "rate": 0.75,
    "line": {"by": "area", "values": {"rural": 100.0, "default": 200.0}},
    "grant_amount": {
        "by": ["area", "standing"],
        "values": {
            "rural": {"poor": 50.0, "default": 20.0},
            "urban": {"poor": 80.0, "near_poor": 30.0, "other": 0.0},
        },
    },
}
