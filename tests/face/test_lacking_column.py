"""A column that the rules need and the population lacks is named as one, by every driver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError


@ms.person(unit="yuan/year")
def earned(wage_income: float, tax: float) -> float:
    """Wages less a tax."""
    return wage_income - tax


POLICY = ms.Policy.from_rules({"earned": earned, "income": ms.total(earned)})
CALLS: dict[str, Callable[[ms.Population], Any]] = {
    "simulate": lambda people: ms.simulate(people, POLICY, ["income"]),
    "simulate_many": lambda people: ms.simulate_many(people, POLICY, [{}], ["income"], by=None),
    "walk": lambda people: ms.walk(people, POLICY, "property_income", np.array([0.0, 40.0]), ["income"]),
}


def population(**columns: float) -> ms.Population:
    persons = pd.DataFrame({"household_id": [1, 2], "age": [30, 40], **columns})
    return ms.Population.from_frames(persons, pd.DataFrame({"household_id": [1, 2], "weight": 1.0}))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_how_to_give_it(call: Callable[[ms.Population], Any]) -> None:
    with pytest.raises(MicrosimError) as caught:
        call(population())
    known, unknown = caught.value.offences
    assert known.message == "the population has no column 'wage_income'"
    assert known.hint == "add it, or map it in the import (persons: columns: wage_income:)"
    assert unknown.message == "no rule, parameter or column named 'tax'"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_slip_in_its_name(call: Callable[[ms.Population], Any]) -> None:
    with pytest.raises(MicrosimError) as caught:
        call(population(wage_incom=1.0))
    assert caught.value.offences[0].hint == "did you mean 'wage_incom'?"
