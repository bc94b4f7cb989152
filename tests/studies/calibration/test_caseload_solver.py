"""The solver of the caseload study, and the ranges in which it moves: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.studies.caseload.levers import Lever, county_values
from microsim.studies.caseload.solving import solve_levers


def test_unevenness_becomes_a_spread_that_the_profile_accepts():
    values = {
        "assumptions.income_visible_share.rural.mean": 0.9,
        "assumptions.income_visible_share.rural.unevenness": 0.5,
    }
    assert county_values(values)["assumptions.income_visible_share.rural.spread"] == pytest.approx(0.15)


def test_rounding_stays_in_the_range():
    lever = Lever("x", "", "1", 0.05, 0.95, 0.5, 0.1, "", None)
    assert lever.rounded(0.04) == pytest.approx(0.1)
    assert lever.rounded(0.96) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("slope", "aim", "expected"),
    [
        # By the pseudoinverse: without any of the three, squares would grow by more than three quarters.
        (0.8, (0.3, 0.3), (0.3 / 2.28, 0.48 / 2.28, 0.3 / 2.28, 0.0)),
        # Without the third, squares add up to 0.05 and not to 0.0467: it is hardly needed.
        (1.0, (0.3, 0.2), (0.1, 0.2, 0.0, 0.0)),
    ],
)
def test_solver_finds_small_moves_of_few_levers(
    slope: float, aim: tuple[float, ...], expected: tuple[float, ...]
):
    levers = tuple(Lever(name, "", "1", -0.5, 0.5, 0.0, 1e-4, "", None) for name in "abcd")
    slopes = np.array([[1.0, slope, 0.0, 0.0], [0.0, slope, 1.0, 0.0]])

    def misses(tried):
        return np.array([slopes @ [values[name] for name in "abcd"] - aim for values in tried])

    found = solve_levers(levers, misses, ("rural", "urban"), "abcd")
    assert [found.values[name] for name in "abcd"] == pytest.approx(expected, abs=2e-4)
    assert np.abs(found.misses).max() < 5e-4


def test_solver_stops_at_bounds():
    levers = (Lever("a", "", "1", 0.0, 1.0, 0.5, 0.01, "", None),)

    def misses(tried):
        return np.array([[values["a"] - 3.0] for values in tried])

    found = solve_levers(levers, misses, ("rural",), ["a"])
    assert found.values["a"] == 1.0
    assert found.misses[0] == pytest.approx(-2.0)
