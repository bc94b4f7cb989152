"""Holding a yes/no rule for some households: others keep their bits, and what follows is done again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.simulation.gates import held_at, is_held, with_gates

pytestmark = pytest.mark.usefixtures("as_plain_python")

OUTPUTS = ["main", "near"]


@ms.household
def admitted(income: float, line: float) -> bool:
    """On the programme."""
    return income < line


@ms.household(role="cash_benefit")
def main(admitted: bool, income: float, line: float) -> float:
    """What is missing to the line."""
    return line - income if admitted else 0.0


@ms.household(role="cash_benefit")
def near(admitted: bool, income: float, line: float) -> float:
    """What those get who are near the line and not on the programme."""
    return 500.0 if not admitted and income < 1.5 * line else 0.0


def test_who_is_kept_out_falls_into_the_next_programme() -> None:
    rules = {"admitted": admitted, "main": main, "near": near}
    policy = ms.Policy.from_rules(rules, parameters={"line": 6000.0})
    incomes = np.array([1000.0, 3000.0, 7000.0, 20000.0])
    columns = {"household_id": np.arange(4), "weight": 1.0, "income": incomes}
    persons = pd.DataFrame({"household_id": np.arange(4)})

    def outcomes(held: list[bool]) -> dict[str, list[float]]:
        gates = with_gates(policy, ["admitted"])
        assert gates.columns == {is_held("admitted"): "household", held_at("admitted"): "household"}
        own = pd.DataFrame({**columns, is_held("admitted"): held, held_at("admitted"): False})
        result = ms.simulate(ms.Population.from_frames(persons, own), gates.policy, OUTPUTS)
        return {name: result.array(name).tolist() for name in OUTPUTS}

    before = ms.simulate(ms.Population.from_frames(persons, pd.DataFrame(columns)), policy, OUTPUTS)
    assert outcomes([False] * 4) == {name: before.array(name).tolist() for name in OUTPUTS}
    assert outcomes([False, True, False, False]) == {
        "main": [5000.0, 0.0, 0.0, 0.0],
        "near": [0.0, 500.0, 500.0, 0.0],
    }
