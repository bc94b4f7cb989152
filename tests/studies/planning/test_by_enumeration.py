"""The planner's answers are those of trying everything: all paths on a small grid, all splits of a budget."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from microsim.studies.planning.paths import cheapest, fastest, least_cap, reachable
from microsim.studies.planning.splitting import split_budget

RATIOS = np.linspace(0.6, 1.0, 9)
YEARS = 6
PAIRS = pytest.mark.parametrize("pairs", [False, True])  # whether the year before matters
Floats = NDArray[np.float64]


def all_paths(largest: float | None) -> list[tuple[int, ...]]:
    """Every path of six years that starts at the first ratio, never falls, and keeps to the largest step."""
    most = 9 if largest is None else round(largest / 0.05)
    rises = itertools.product(range(min(most, 8) + 1), repeat=YEARS - 1)
    sums = ((0, *itertools.accumulate(one)) for one in rises)
    return [path for path in sums if path[-1] <= 8]


def along(table: Floats, path: tuple[int, ...]) -> Floats:
    if table.ndim == 3:
        return table[np.arange(YEARS), [0, *path[:-1]], list(path)]
    return table[np.arange(YEARS), list(path)]


def curves(seed: int, monotone: bool, pairs: bool) -> tuple[Floats, Floats, Floats]:
    """Burden, cost and gap by year and ratio (with ``pairs``, by that of the year before, too).

    The first two rise with the ratio or wander.
    """
    size = (3, YEARS, 9, 9) if pairs else (3, YEARS, 9)
    draws = np.random.default_rng(seed).uniform(size=size)
    if monotone:
        return draws[0].cumsum(axis=-1), draws[1].cumsum(axis=-1), -draws[2].cumsum(axis=-1) + 10.0
    return draws[0], draws[1], draws[2]


@PAIRS
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("largest", [None, 0.05, 0.1])
def test_the_fastest_path_is_the_fastest_of_all(seed: int, largest: float | None, pairs: bool) -> None:
    burden, _, _ = curves(seed, seed % 2 == 0, pairs)
    onward = reachable(RATIOS, largest)
    paths = all_paths(largest)
    for share in (0.2, float(np.median(burden)), 0.9 * float(burden.max()), float(burden.max())):
        feasible = [path for path in paths if (along(burden, path) <= share).all()]
        found = fastest(burden, share, onward, 0)
        if not feasible:
            assert found.steps is None
            continue
        wanted = min((sum(k < 8 for k in path), -sum(path)) for path in feasible)
        assert found.steps in feasible
        assert found.value == wanted
        assert (sum(k < 8 for k in found.steps or ()), -sum(found.steps or ())) == wanted


@PAIRS
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("largest", [None, 0.1])
def test_the_least_cap_is_that_of_the_best_path(seed: int, largest: float | None, pairs: bool) -> None:
    burden, _, _ = curves(seed, False, pairs)
    onward, paths = reachable(RATIOS, largest), all_paths(largest)
    for end in (None, 8):
        worst = [along(burden, path).max() for path in paths if end is None or path[-1] == end]
        assert least_cap(burden, onward, 0, end) == min(worst)
    assert fastest(burden, least_cap(burden, onward, 0, None) - 1e-6, onward, 0).steps is None


@PAIRS
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("largest", [None, 0.1])
def test_the_cheapest_path_is_the_cheapest_of_all(seed: int, largest: float | None, pairs: bool) -> None:
    _, cost, gap = curves(seed, seed % 2 == 0, pairs)
    onward = reachable(RATIOS, largest)
    within = np.ones((YEARS, 9), dtype=bool)
    within[2, 1:3] = False
    for by, weight, discount in ((5, 0.0, 0.03), (4, 1.0, 0.03), (5, 2.0, 0.0)):
        factor = (1.0 + discount) ** -np.arange(YEARS)

        def total(path: tuple[int, ...], weight: float = weight, factor: Floats = factor) -> float:
            return float(np.sum((along(cost, path) + weight * along(gap, path)) * factor))

        feasible = [
            path
            for path in all_paths(largest)
            if all(k == 8 for k in path[by:]) and along(within.astype(float), path).all()
        ]
        found = cheapest(cost, gap, discount, weight, within, onward, 0, by)
        if not feasible:
            assert found.steps is None
            continue
        assert found.steps in feasible
        assert found.value[0] == pytest.approx(min(map(total, feasible)), rel=1e-12)
        assert total(found.steps or ()) == pytest.approx(found.value[0], rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_split_is_the_best_of_all_and_its_bound_is_below_it(seed: int) -> None:
    """Four counties with six lines each; every other time the curves are not convex."""
    random = np.random.default_rng(seed)
    costs = [np.concatenate([[0.0], random.uniform(1e6, 2e7, 5).cumsum()]) for _ in range(4)]
    closed = [np.concatenate([[0.0], random.uniform(1e5, 3e7, 5).cumsum()]) for _ in range(4)]
    if seed % 2:  # a line of which less is closed than of one below it
        closed = [random.permutation(one) for one in closed]
    gaps = [1e9 - one for one in closed]
    for budget in (0.0, 1e7, 5e7, 1e8, 1e9):
        found = split_budget(costs, gaps, budget)
        tried = [
            (sum(g[k] for g, k in zip(gaps, points, strict=True)), points)
            for points in itertools.product(range(6), repeat=4)
            if sum(c[k] for c, k in zip(costs, points, strict=True)) <= budget
        ]
        least = min(tried)[0]
        assert found.gap == pytest.approx(least, rel=1e-12)
        assert found.spent <= budget + 0.01
        assert found.bound <= found.gap * (1.0 + 1e-9)
        assert 0.0 <= found.slack <= 1.0
        assert found.shadow_price >= 0.0


def test_the_shadow_price_is_what_one_more_yuan_closes() -> None:
    random = np.random.default_rng(3)
    costs = [np.concatenate([[0.0], random.uniform(1e6, 2e7, 5).cumsum()]) for _ in range(4)]
    gaps = [1e9 - random.uniform(0.2, 2.0) * one for one in costs]
    for budget in (2.3e7, 7.1e7):
        low, high = (split_budget(costs, gaps, budget + step).bound for step in (-1e4, 1e4))
        price = split_budget(costs, gaps, budget).shadow_price
        assert price == pytest.approx((low - high) / 2e4, rel=1e-4)
