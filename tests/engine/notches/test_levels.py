"""What is told beside the places: levels, slopes, dead zones, bends, and the present income."""

from __future__ import annotations

import math

import numpy as np
import pytest

import microsim as ms
from tests.engine.notches.planted_law import benefit, not_that_point
from tests.engine.notches.searching import ONE, left_over, made, planted, search
from tests.engine.random_populations import plain_only


@ms.household
def gone_for_good(income: float) -> float:
    return 5000.0 if income < 1000.0 else 0.1 * income


@ms.household
def bent(income: float) -> float:
    return max(3000.0 - income, 0.0) + 1.0 * min(income, 4000.0)


def test_dead_zones_levels_and_slopes() -> None:
    """Just below 1,000 one has 1,600; after the drops 0.5 x 3,200 are the first to be as much again."""
    found = search(made(left_over=left_over), ["left_over"], ONE, high=10_000.0)
    assert planted(found, [(1000.0, -900.0), (2000.0, -200.0), (6000.0, 500.0)])
    assert found.places[:, 1] == pytest.approx([1600.0, 1200.0, 3000.0])  # just below
    assert found.places[:, 4] == pytest.approx([2200.0, 400.0, 0.0])
    assert found.places[:, 2:4] == pytest.approx(np.full((3, 2), 0.5))
    assert found.levels[0, :4] == pytest.approx([1100.0, 1250.0, 0.5, 5500.0])


@plain_only
def test_a_dead_zone_ends_with_a_rise_or_not_at_all() -> None:
    @ms.household
    def regained(income: float) -> float:
        return 0.0 if 1000.0 <= income < 4000.0 else 80.0

    policy = made(regained=regained, gone_for_good=gone_for_good)
    found = search(policy, ["regained"], ONE, high=9000.0)
    assert found.places[:, 4].tolist() == pytest.approx([3000.0, 0.0])
    found = search(policy, ["gone_for_good"], ONE, high=45_000.0)
    assert planted(found, [(1000.0, -4900.0)])
    assert np.isnan(found.places[0, 4])  # 0.1 x 45,000 are no 5,000
    found = search(policy, ["gone_for_good"], ONE, high=60_000.0)
    assert found.places[0, 4] == pytest.approx(49_000.0)


@plain_only
def test_bends_are_told_where_they_are_asked_for() -> None:
    policy = made(bent=bent, left_over=left_over)
    assert len(search(policy, ["bent"], ONE, high=9000.0).row) == 0
    found = search(policy, ["bent"], ONE, high=9000.0, kinks=True)
    assert found.places[:, 0] == pytest.approx([3000.0, 4000.0])
    assert found.places[:, 2:4].ravel() == pytest.approx([0.0, 1.0, 1.0, 0.0])
    assert found.jumps.tolist() == [[0.0], [0.0]]
    assert found.case.tolist() == [-1, -1]
    both = search(policy, ["bent", "left_over"], ONE, high=9000.0, kinks=True)
    assert both.places[:, 0] == pytest.approx([1000.0, 2000.0, 3000.0, 4000.0, 6000.0])


def test_the_present_income_may_stand_anywhere() -> None:
    """Also on a notch: there the law just above it is told."""
    policy = made(left_over=left_over)
    for present in (0.0, 999.9, 1000.0, 1000.1, 1500.0, 2000.0, 6000.0, 10_000.0):
        _present(policy, present)


def _present(policy: ms.Policy, present: float) -> None:
    found = search(policy, ["left_over"], ONE, high=10_000.0, present=present)
    assert planted(found, [(1000.0, -900.0), (2000.0, -200.0), (6000.0, 500.0)])
    assert found.places[:, 4] == pytest.approx([2200.0, 400.0, 0.0])
    expected = 0.5 * present + (1100.0 if present < 1000 else 200.0 if present < 2000 else 0.0)
    assert found.levels[0, 1] == pytest.approx(expected + (500.0 if present >= 6000.0 else 0.0))
    assert found.levels[0, 2] == 0.5


def test_a_present_income_outside_the_range_is_not_seen() -> None:
    for present in (-1.0, 10_001.0, math.nan):
        found = search(made(left_over=left_over), ["left_over"], ONE, high=10_000.0, present=present)
        assert np.isnan(found.levels[0, 1:3]).all()
        assert len(found.row) == 3


@plain_only
def test_not_a_bend_but_the_comparison_there_is_the_cause() -> None:
    """What is left of a benefit reaches 0, which is a bend; that it is asked for at all makes the jump."""
    policy = made(benefit=benefit, not_that_point=not_that_point)
    found = search(policy, ["not_that_point"], ONE)
    assert planted(found, [(8000.0, -14.0)])
    case = found.kernel.text.cases[found.case[0]]
    assert (case.rule, case.text) == ("not_that_point", "benefit != 0.0")
