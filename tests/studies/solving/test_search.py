"""The search for every crossing, against plain functions and a fine grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from microsim.studies.common.crossings import Crossing, Effort, Found, search

SUMS = Effort(scan=33, parts=4, narrow=1e-8, beside=64)
EVALUATED = Effort(scan=17, parts=2, narrow=1e-7)
EFFORTS = pytest.mark.parametrize("effort", [SUMS, EVALUATED], ids=["sums", "evaluated"])
ENDS = (2000.0, 9000.0)


def searched(
    function: Callable[[float], float],
    target: float,
    effort: Effort = SUMS,
    ends: tuple[float, float] = ENDS,
) -> Found:
    """As the study asks: many points at once."""

    def many(points: Sequence[float]) -> list[float]:
        assert len(set(points)) == len(points)
        return [function(x) for x in points]

    return search(many, ends, target, effort)


@EFFORTS
def test_a_continuous_figure_meets_its_target(effort: Effort) -> None:
    (one,) = searched(lambda x: 3.0 * x + (x / 1000.0) ** 4, 15_000.0, effort).crossings
    assert one.met
    assert one.reached == pytest.approx(15_000.0, rel=1e-8)
    assert 3.0 * one.value + (one.value / 1000.0) ** 4 == one.reached
    assert one.bracket == (one.value, one.value)


@EFFORTS
def test_three_crossings_are_three(effort: Effort) -> None:
    def wave(x: float) -> float:
        return (x - 3000.0) * (x - 5000.0) * (x - 8000.0) / 1e6 + 70.0

    found = searched(wave, 70.0, effort)
    assert [one.value for one in found.crossings] == pytest.approx([3000.0, 5000.0, 8000.0], rel=1e-6)
    assert all(one.met for one in found.crossings)


@EFFORTS
def test_a_jump_has_two_sides(effort: Effort) -> None:
    (one,) = searched(lambda x: 1.0 if x < 6123.456 else 9.0, 4.0, effort).crossings
    assert not one.met
    low, high = one.bracket
    assert low < 6123.456 <= high
    assert high - low <= effort.narrow * (ENDS[1] - ENDS[0])
    assert one.sides == (1.0, 9.0)
    assert one.reached == 1.0


def test_a_target_that_is_met_along_a_stretch_gives_its_ends() -> None:
    (one,) = searched(lambda x: min(max(x, 4000.0), 6000.0), 6000.0).crossings
    assert one.met
    assert one.bracket[0] == pytest.approx(6000.0, abs=2 * 7000 / 64)
    assert one.bracket[1] == 9000.0


@pytest.mark.parametrize(("target", "at"), [(1.0, 2000.0), (99.0, 9000.0)])
def test_out_of_reach_says_how_near(target: float, at: float) -> None:
    found = searched(lambda x: x / 100.0, target)
    assert not found.crossings
    assert not found.nearest.met
    assert found.nearest.value == at
    assert found.nearest.reached == at / 100.0


def test_a_peak_between_two_points_of_the_scan_is_found() -> None:
    peak = 4571.0  # no point of the scan
    found = searched(lambda x: 100.0 - abs(x - peak) / 10.0, 98.0)
    assert [one.value for one in found.crossings] == pytest.approx([peak - 20.0, peak + 20.0], rel=1e-8)


def test_a_peak_below_the_target_is_what_is_nearest() -> None:
    found = searched(lambda x: 100.0 - ((x - 4571.0) / 100.0) ** 2, 101.0)
    assert not found.crossings
    assert found.nearest.reached == pytest.approx(100.0, abs=1e-3)


def test_where_there_is_no_figure_nothing_is_met() -> None:
    found = searched(lambda x: math.nan if x < 4000.0 else x, 3000.0)
    assert not found.crossings
    assert found.nearest.value >= 4000.0


@pytest.mark.parametrize("seed", range(40))
def test_all_that_a_fine_grid_shows_is_found(seed: int) -> None:
    """Random piecewise linear figures with jumps."""
    random = np.random.default_rng(seed)
    bends = np.sort(random.choice(np.arange(1, 24), 5, replace=False)) / 24.0 * 7000.0 + 2000.0
    slopes, steps = random.normal(0.0, 1.0, 6), random.normal(0.0, 300.0, 5) * (random.random(5) < 0.5)

    def figure(x: float) -> float:
        edges = [2000.0, *bends.tolist(), 9001.0]
        parts = zip(slopes, edges, edges[1:], strict=False)
        rise = sum(slope * max(min(x, b) - a, 0.0) for slope, a, b in parts)
        return float(rise + sum(step for step, bend in zip(steps, bends, strict=True) if x >= bend))

    target = figure(float(random.uniform(*ENDS))) + 1e-3
    grid = np.linspace(*ENDS, 1000)
    misses = np.array([figure(x) for x in grid]) - target
    sign_changes = np.flatnonzero(misses[:-1] * misses[1:] < 0.0)
    found = searched(figure, target).crossings
    coarse = np.array([figure(x) for x in np.linspace(*ENDS, SUMS.scan)]) - target
    assert len(found) >= np.count_nonzero(coarse[:-1] * coarse[1:] < 0.0)
    # Of several between the same two points of the scan some may be missed, as the text says.
    alone = [k for k in sign_changes if np.count_nonzero(abs(sign_changes - k) < 1000 / (SUMS.scan - 1)) == 1]
    for k in alone:
        assert [one for one in found if _meets(one, grid[k], grid[k + 1])]
    for one in found:
        assert np.sign(figure(one.bracket[0]) - target) != np.sign(figure(one.bracket[1]) - target) or one.met


def _meets(one: Crossing, low: float, high: float) -> bool:
    return one.bracket[1] >= low and one.bracket[0] <= high
