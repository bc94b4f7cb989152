"""The search for notches as its tests call it: made-up households, small laws, and where an output jumps."""

from __future__ import annotations

from typing import Any

import numpy as np

import microsim as ms
from microsim.engine.runtime.notches import Found, notches
from microsim.policy.rules import Rule
from tests.engine.random_populations import TinyPopulation

HIGH = 20_000.0


def people(wages: list[list[float]], **columns: list[float]) -> TinyPopulation:
    """Households of persons with these wages; ``columns``: others, one value a person."""
    sizes = [len(of) for of in wages]
    persons = {"wage_income": np.array([w for of in wages for w in of])}
    persons |= {name: np.array(values) for name, values in columns.items()}
    return TinyPopulation(
        offsets=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        household_columns={"homes": np.zeros(len(sizes), np.int64)},
        person_columns=persons,
        weight=np.ones(len(sizes)),
        household_id=np.arange(1, len(sizes) + 1),
        person_id=np.arange(1, sum(sizes) + 1),
        categories={},
    )


THREE = people([[4000.0, 1000.0, 2000.0]], pension_income=[0.0, 500.0, 0.0])


def search(
    policy: ms.Policy,
    outputs: list[str],
    data: TinyPopulation = THREE,
    *,
    vary: str = "wage_income",
    member: int = 0,
    low: float = 0.0,
    high: float = HIGH,
    present: float | None = None,
    **options: Any,
) -> Found:
    """The search for notches of every household of ``data``, along the same member of each."""
    rows = np.arange(len(data.weight), dtype=np.uint64)
    walked = data.offsets[:-1].astype(np.uint64) + np.uint64(member)
    now = data.person_columns[vary][walked] if present is None else np.full(len(rows), present)
    return notches(policy, data, vary, outputs, rows, walked, low, high, now, **options)


def of_output(found: Found, number: int, row: int = 0) -> list[tuple[float, float]]:
    """Places where one output jumps, and how much."""
    chosen = (found.row == row) & (found.jumps[:, number] != 0.0)
    return list(zip(found.places[chosen, 0].tolist(), found.jumps[chosen, number].tolist(), strict=True))


def planted(found: Found, expected: list[tuple[float, float]]) -> bool:
    """Whether these are the notches of the first output: places and jumps."""
    got = np.array(of_output(found, 0)).reshape(-1, 2)
    return got.shape == (len(expected), 2) and bool(np.abs(got - np.array(expected)).max() < 1e-5)


def made(**rules: Any) -> ms.Policy:
    """A law of ``income`` (the household's wages) and these rules."""
    named = {name: rule for name, rule in rules.items() if isinstance(rule, Rule)}
    parameters = {name: value for name, value in rules.items() if name not in named}
    return ms.Policy.from_rules({"income": ms.total("wage_income"), **named}, parameters)


ONE = people([[2500.0]], pension_income=[300.0])


@ms.household
def left_over(income: float) -> float:
    """Half of the wage is kept; a drop of 900 at 1,000, one of 200 at 2,000, a rise of 500 at 6,000."""
    aid = 1100.0 if income < 1000.0 else (200.0 if income < 2000.0 else 0.0)
    return 0.5 * income + aid + (500.0 if income >= 6000.0 else 0.0)
