"""Whose income is walked which, and names that are the text's own."""

from __future__ import annotations

import numpy as np
import pytest

import microsim as ms
from microsim.engine.support.notch_walk import GIVEN_UP
from microsim.errors import MicrosimError
from tests.engine.notches.naive_notches import along, jumps
from tests.engine.notches.planted_law import net_wage
from tests.engine.notches.searching import (
    ONE,
    left_over,
    made,
    of_output,
    people,
    planted,
    search,
)
from tests.engine.random_populations import plain_only


@plain_only
def test_any_amount_of_any_member_can_be_walked() -> None:
    @ms.household
    def by_pension(pensions: float, best: float) -> float:
        return (20.0 if pensions > 1200.0 else 0.0) + (5.0 if best < 3500.0 else 0.0)

    rules = {
        "pensions": ms.total("pension_income"),
        "best": ms.largest("wage_income"),
        "by_pension": by_pension,
    }
    policy = made(**rules)
    for member, at in ((0, 700.0), (1, 1200.0), (2, 700.0)):
        found = search(policy, ["by_pension"], vary="pension_income", member=member, high=5000.0)
        assert planted(found, [(at, 20.0)])
    # The other members' wages decide, however much the first one earns.
    assert of_output(search(policy, ["by_pension"], member=2, high=5000.0), 0) == []
    assert planted(search(policy, ["by_pension"], member=0, high=5000.0), [(3500.0, -5.0)])


@plain_only
def test_what_is_walked_may_play_no_part() -> None:
    @ms.household
    def by_homes(homes: int) -> float:
        return 3.0 if homes < 1 else 0.0

    found = search(made(by_homes=by_homes), ["by_homes"], vary="pension_income", kinks=True)
    assert len(found.row) == 0
    assert found.levels[0, :4].tolist() == [3.0, 3.0, 0.0, 3.0]


def test_no_households() -> None:
    nobody = people([], pension_income=[])
    found = search(made(left_over=left_over), ["left_over"], nobody)
    assert found.places.shape == (0, 6)
    assert found.jumps.shape == (0, 1)
    assert found.levels.shape == (0, 5)
    assert len(found.flags) == 0


def test_values_of_persons_are_refused() -> None:
    with pytest.raises(MicrosimError, match="differs from person to person"):
        search(made(net_wage=net_wage), ["net_wage"])


@ms.household
def many_steps(income: float) -> float:
    return 2.0 * (income // 100.0)


def test_more_places_than_there_was_room_for() -> None:
    data = people([[float(k)] for k in range(3)])
    found = search(made(many_steps=many_steps), ["many_steps"], data, high=5000.0)
    assert np.bincount(found.row).tolist() == [50, 50, 50]
    for row in range(3):
        assert [at for at, _ in of_output(found, 0, row)] == pytest.approx(100.0 * np.arange(1, 51))
        assert {jump for _, jump in of_output(found, 0, row)} == {2.0}


@pytest.mark.compiled
def test_a_household_with_too_many_places_is_given_up_and_said_so() -> None:
    @ms.household
    def dust(income: float) -> float:
        return round(income, 2)

    found = search(made(dust=dust), ["dust"], ONE, high=60_000.0, smallest=1.0)
    assert found.flags.tolist() == [GIVEN_UP]


# --- names ---


@ms.household
def amount_1(income: float) -> float:
    return min(income, 500.0) + (1.0 if income < 700.0 else 0.0)


@ms.household
def amount_1_slope(amount_1: float) -> float:
    return 2.0 * amount_1


@ms.household
def near(amount_1_slope: float, income: float) -> float:
    return amount_1_slope + (10.0 if income < 800.0 else 0.0)


@ms.person
def x(wage_income: float, near: float) -> float:
    return min(wage_income, 900.0) + near


@ms.person
def x_slope(x: float) -> float:
    return x + (100.0 if x >= 2010.0 else 0.0)


@ms.household
def base(x_slopes: float, xs: float, is_2: bool) -> float:
    return x_slopes - xs + (1000.0 if is_2 else 0.0)


@ms.household
def is_2(xs: float, pace: float) -> bool:
    return xs < 1800.0 and pace > 0.0


@ms.household
def pace(near: float) -> float:
    return near


@plain_only
def test_names_of_rules_may_be_those_of_the_text() -> None:
    """x is min(w, 900) + 2 min(w, 500) (+ 2 below 700, + 10 below 800) and reaches 1,800 at 800 only."""
    names = [amount_1, amount_1_slope, near, x, x_slope, base, is_2, pace]
    rules = {rule.name: rule for rule in names}
    policy = made(**rules, x_slopes=ms.total(x_slope), xs=ms.largest(x))
    found = search(policy, ["base", "near", "amount_1"], ONE, high=3000.0)
    values = along(policy, ONE, 0, 0, "wage_income", ["base", "near", "amount_1"])
    slow = list(jumps(values, -1.0, 2999.0, 100.0, 0.5))
    assert len(slow) >= 3
    assert found.places[:, 0] == pytest.approx([at for at, _ in slow], abs=1e-4)
    assert found.jumps == pytest.approx(np.array([jump for _, jump in slow]), abs=1e-2)
