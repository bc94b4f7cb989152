"""A policy with parameters of every kind, and households cut and shuffled, for tests of the drivers."""

from __future__ import annotations

from typing import Any

import numpy as np

from microsim.engine.compiler.emit import BLOCK
from microsim.policy import any_member, count, household, person, total
from tests.engine.random_populations import PLAIN, TinyPopulation

HOUSEHOLDS = 3000 if PLAIN else 20 * BLOCK + 123


@person
def net(wage_income: float, rate: float) -> float:
    """Wage after tax."""
    return wage_income * (1 - rate)


@household
def poor(income: float, line: float, size: int) -> bool:
    """Below the line."""
    return income < line * size


@household
def payment(poor: bool, income: float, line: float, size: int, form: str, paid: bool) -> float:
    """The gap to the line, or a flat amount."""
    if not poor or not paid:
        return 0.0
    if form == "flat":
        return 60.0 * size / 7
    return line * size - income


@person
def fee(poor: bool, pension_income: float, rates: Any, disabled: bool) -> float:
    """What the poor are spared."""
    return 0.0 if poor and disabled else rates(pension_income)


@household
def left(income: float, payment: float, fees: float) -> float:
    return income + payment - fees


@household(categories=("none", "some"))
def standing(payment: float) -> str:
    return "some" if payment > 0 else "none"


RULES = {
    "net": net,
    "income": total(net),
    "size": count(),
    "poor": poor,
    "payment": payment,
    "fee": fee,
    "fees": total(fee),
    "any_disabled": any_member("disabled"),
    "left": left,
    "standing": standing,
}
PARAMETERS: dict[str, Any] = {
    "rate": 0.3,
    "line": {"by": ["area", "tier"], "values": {"rural": 300, "urban": {"low": 400, "default": 500}}},
    "form": {"kind": "choice", "choices": ["gap", "flat"], "values": "gap"},
    "paid": True,
    "rates": {"kind": "brackets", "values": [[0, 0.0], [300, 0.1], [600, 0.3]]},
}
MONEY = ["payment", "left", "poor"]
# The same everywhere, so that few kernels are compiled.
OUTPUTS = ["payment", "left", "poor", "fee", "fees", "standing", "any_disabled"]
WALKED = ["left", "payment", "poor", "standing", "fees"]


def part(data: TinyPopulation, first: int, last: int, weight: np.ndarray | None = None) -> TinyPopulation:
    """Households ``first`` to ``last`` (not included)."""
    low, high = data.offsets[first], data.offsets[last]
    return TinyPopulation(
        data.offsets[first : last + 1] - low,
        {name: column[first:last] for name, column in data.household_columns.items()},
        {name: column[low:high] for name, column in data.person_columns.items()},
        (data.weight if weight is None else weight)[first:last],
        data.household_id[first:last],
        data.person_id[low:high],
        data.categories,
    )


def shuffled(data: TinyPopulation, households: np.ndarray, persons: np.ndarray) -> TinyPopulation:
    """The same families with households, and members within them, in another order."""
    sizes = np.diff(data.offsets)[households]
    return TinyPopulation(
        np.concatenate([[0], np.cumsum(sizes)]),
        {name: column[households] for name, column in data.household_columns.items()},
        {name: column[persons] for name, column in data.person_columns.items()},
        data.weight[households],
        data.household_id[households],
        data.person_id[persons],
        data.categories,
    )


def bits(array: Any) -> bytes:
    return np.ascontiguousarray(array).tobytes()
