"""Law that is no straight line: bracketed, and said to be; functions that step; amounts not finite."""

from __future__ import annotations

import math

import numpy as np
import pytest

import microsim as ms
from microsim.engine.support.notch_walk import BRACKETED, EXACT
from tests.engine.notches.searching import ONE, left_over, made, planted, search
from tests.engine.random_populations import plain_only


@ms.household
def squared(income: float) -> float:
    """A product of the walked amount with itself: 400 are reached at 2,000."""
    share = income / 100.0
    share *= share
    return 90.0 if share < 400.0 else 20.0


@ms.household
def over_amount(income: float) -> float:
    """The walked amount over one that moves with it: half at 3,000."""
    return 55.0 if income / (income + 3000.0) >= 0.5 else 0.0


@ms.household
def of_root(income: float) -> float:
    return 33.0 if math.sqrt(income) > 70.0 else 0.01 * math.exp(-income / 1000.0)


def test_curved_law_is_flagged_and_bracketed() -> None:
    rules = [left_over, squared, over_amount, of_root]
    policy = made(**{rule.name: rule for rule in rules})
    found = search(policy, [rule.name for rule in rules], ONE, high=9000.0)
    assert found.flags.tolist() == [BRACKETED]
    at = [1000.0, 2000.0, 3000.0, 4900.0, 6000.0]
    assert found.places[:, 0] == pytest.approx(at, abs=0.001)
    assert ((found.places[:, 5] > 0.0) & (found.places[:, 5] <= 0.001)).all()
    jumps_there = [
        [-900.0, 0, 0, 0],
        [-200.0, -70.0, 0, 0],
        [0, 0, 55.0, 0],
        [0, 0, 0, 33.0],
        [500.0, 0, 0, 0],
    ]
    assert found.jumps == pytest.approx(np.array(jumps_there), abs=0.001)


@plain_only
def test_a_root_of_what_is_just_nothing_is_a_number() -> None:
    """Where a least, greatest or absolute amount turns, it is 0 but for rounding, and never below."""

    @ms.household
    def roots(income: float) -> float:
        left = max(1000.1 - 0.3 * income, 0.0)
        return math.sqrt(left) + math.sqrt(abs(700.7 - 0.7 * income)) + (9.0 if income > 5000.0 else 0.0)

    found = search(made(roots=roots), ["roots"], ONE, high=8000.0)
    assert planted(found, [(5000.0, 9.0)])
    assert np.isfinite(found.levels[0]).all()
    assert found.flags.tolist() == [BRACKETED]


@plain_only
def test_functions_that_step_and_are_not_looked_into() -> None:
    @ms.household
    def stepping(income: float) -> float:
        return math.fmod(income, 3000.0) + math.fabs(income - 2000.0)

    @ms.household
    def signed(income: float) -> float:
        return math.copysign(10.0, income - 2500.0)

    found = search(made(stepping=stepping, signed=signed), ["stepping", "signed"], ONE, high=8000.0)
    assert found.places[:, 0] == pytest.approx([2500.0, 3000.0, 6000.0])
    assert found.jumps[:, 0] == pytest.approx([0.0, -3000.0, -3000.0])
    assert found.jumps[:, 1] == pytest.approx([20.0, 0.0, 0.0])
    assert found.flags.tolist() == [EXACT]


@plain_only
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_amount_that_is_no_number_in_a_part() -> None:
    """Where an output turns infinite, that is a place, and what follows is right again."""

    @ms.household
    def share(income: float, homes: int) -> float:
        return income / homes if 2000.0 <= income < 3000.0 else (40.0 if income < 5000.0 else 0.0)

    found = search(made(share=share), ["share"], ONE, high=8000.0)
    assert found.places[:, 0] == pytest.approx([2000.0, 3000.0, 5000.0])
    assert found.jumps[:, 0].tolist() == [math.inf, -math.inf, -40.0]
