"""What ``solve`` finds, beside 1,000 points of the same figure made by formulas of the test's own."""

from __future__ import annotations

import numpy as np
import pytest

import microsim as ms
from microsim.studies.solving.study import Solution, solve
from tests.studies.rationing.small_law import county, policy

pytestmark = pytest.mark.usefixtures("as_plain_python")

ENDS = (2_000.0, 9_000.0)
GRID = np.linspace(*ENDS, 1000)


def figures(population: ms.Population, line: np.ndarray) -> dict[str, np.ndarray]:
    """Name -> the figure at each line, by the formulas of the small law."""
    weight = population.weight
    size = np.diff(population.offsets)
    income = population.household_columns["assessed_income"] / size
    line = line[:, None]
    inside = income < line
    dibao = np.where(inside, size * np.maximum(line - income, 0.1 * line), 0.0)
    edge = np.where(~inside & (income < 1.5 * line), 500.0, 0.0)
    return {
        "cost.total": (dibao + edge) @ weight,
        "cost.edge": edge @ weight,
        "caseload.dibao": (inside * size) @ weight,
    }


def crossed(found: Solution, low: float, high: float) -> bool:
    """Whether one of the crossings is between two points."""
    return any(one.bracket[1] >= low and one.bracket[0] <= high for one in found.crossings)


@pytest.mark.parametrize("name", ["cost.total", "cost.edge", "caseload.dibao"])
@pytest.mark.parametrize("seed", range(4))
def test_every_crossing_of_a_thousand_points_is_found(name: str, seed: int) -> None:
    population = county(np.random.default_rng(seed), 30)
    grid = figures(population, GRID)[name]
    target = float(np.quantile(grid, 0.6)) + 1e-3
    found = solve(population, policy(), "line", name, target, ENDS)
    assert [found.scan[0][1], found.scan[-1][1]] == pytest.approx([grid[0], grid[-1]], rel=1e-12)
    places = np.flatnonzero((grid[:-1] - target) * (grid[1:] - target) < 0.0)
    assert len(places) > 0
    # Several between the same two points of the scan may be missed, as the text says.
    apart = 1000 / (len(found.scan) - 1)
    alone = [k for k in places if np.count_nonzero(abs(places - k) < apart) == 1]
    assert [k for k in alone if not crossed(found, GRID[k], GRID[k + 1])] == []
    for one in found.crossings:
        sides = figures(population, np.array(one.bracket))[name]
        assert sides == pytest.approx(one.sides, rel=1e-12)
        if one.met:
            assert sides == pytest.approx([target, target], rel=1e-6)
        else:
            assert (sides[0] - target) * (sides[1] - target) < 0.0
            assert one.bracket[1] - one.bracket[0] < 1e-3


def test_a_figure_of_households_with_three_crossings_has_three() -> None:
    """A household is near the line from two thirds of its income up to all of it."""
    made = county(np.random.default_rng(1), 2)
    population = made.with_columns(
        households={"assessed_income": np.array([3_000.0, 8_000.0]) * np.diff(made.offsets)}
    )
    weight = population.weight
    target = 250.0 * float(weight.min())
    found = solve(population, policy(), "line", "cost.edge", target, (1_500.0, 7_000.0))
    # In at 2,000 yuan, out at 3,000; the other one in at 5,333 yuan.
    assert [one.bracket[1] for one in found.crossings] == pytest.approx([2e3, 3e3, 16e3 / 3], abs=1e-3)
