"""The walk of the notch search: what was passed on the way to a point, and which point is next.

These functions are spliced into generated modules: scalars and array elements only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDTH = 1e-5  # yuan: how narrowly a flip is bracketed where the law is not piecewise linear
STEP = 500.0  # yuan: the longest stride there,
SHARE = 0.02  # or this share of the income that is reached, where that is longer
MOST_STEPS = 1_000_000  # evaluations of one household after which it is given up, and said so

# Columns of what is known of each household, and of each place found.
LEVELS = ("at_low", "at_present", "slope_at_present", "at_high", "evaluations")
PLACES = ("at", "before", "slope_before", "slope_after", "dead_zone", "width")
EXACT, BRACKETED, GIVEN_UP = 0, 1, 2


def leap(value: float, base: float, rate: float, gone: float) -> float:
    """How far ``value`` is from where the line from ``base`` leads; nan where only one is a number."""
    if np.isfinite(base):
        return value - (base + rate * gone)
    return 0.0 if value == base or (value != value and base != base) else value - base


def advance(
    earned: float,
    near: tuple[float, np.int64, np.int64, np.uint64, bool],
    values: NDArray[np.float64],
    slopes: NDArray[np.float64],
    base: NDArray[np.float64],
    rates: NDArray[np.float64],
    state: NDArray[np.float64],
    known: NDArray[np.uint64],
    row: int,
    low: float,
    high: float,
    present: float,
    smallest: float,
    kinks: bool,
    levels: NDArray[np.float64],
    flags: NDArray[np.uint8],
    owners: NDArray[np.uint64],
    places: NDArray[np.float64],
    jumps: NDArray[np.float64],
    cases: NDArray[np.uint64],
    opening: int,
    found: int,
) -> tuple[int, float]:
    """After the evaluation at ``earned``: notes what was passed, and says where to evaluate next.

    ``base`` and ``rates`` are values and slopes at the last place, ``state`` is that place, the upper end of
    a bracket, whether the law is curved between, whether the walk has begun, and the number of evaluations.
    ``known`` holds the outcomes at the last place, and which comparison flips next. Returns the number of
    places found and the next place (nan: the household is done).
    """
    away, next_case, here, flips, bent = near
    next_case = -2 - next_case if next_case < -1 else next_case
    room = len(owners)
    state[4] += 1.0
    begun = state[3]
    if begun > 0.0:
        gone = earned - state[0]
        flipped = flips != known[0]
        if state[2] > 0.0 and flipped and gone > WIDTH:  # somewhere between: halve
            state[1] = earned
            return found, state[0] + 0.5 * gone
        smooth = state[2] > 0.0 and not flipped
        before = values[0] if smooth else base[0] + rates[0] * gone
        for k in range(opening, min(found, room)):  # lost amounts that are earned back by now
            if places[k, 4] != places[k, 4]:
                lost = places[k, 1]
                if before >= lost - 1e-7 and before > base[0]:
                    share = max((lost - base[0]) / (before - base[0]), 0.0)
                    places[k, 4] = max(state[0] + share * gone - places[k, 0], 0.0)
                elif values[0] >= lost - 1e-7:
                    places[k, 4] = earned - places[k, 0]
        if not smooth:
            largest = 0.0
            for k in range(len(values)):
                jump = leap(values[k], base[k], rates[k], gone)
                largest = max(largest, abs(jump) if jump == jump else np.inf)
            bend = kinks and begun > 1.0 and abs(slopes[0] - rates[0]) > 1e-9
            if largest >= smallest or bend:
                if found < room:
                    owners[found] = row
                    cases[found] = np.uint64(here + 1)
                    if state[2] > 0.0 or (here < 0 and largest >= smallest):
                        cases[found] = known[1]  # what was to flip next
                    places[found, 0] = earned
                    places[found, 1] = before
                    places[found, 2] = rates[0]
                    places[found, 3] = slopes[0]
                    places[found, 4] = np.nan if values[0] - before < -1e-7 else 0.0
                    places[found, 5] = gone if state[2] > 0.0 else 0.0
                    for k in range(len(values)):
                        jump = leap(values[k], base[k], rates[k], gone)
                        jumps[found, k] = 0.0 if abs(jump) <= 1e-7 else jump
                found += 1
        state[1] = np.inf if flipped else state[1]
    for k in range(len(values)):
        base[k], rates[k] = values[k], slopes[k]
    state[0], state[2] = earned, 1.0 if bent else 0.0
    known[0], known[1] = flips, np.uint64(next_case + 1)
    if begun == 0.0:  # at the very start: the law as it stands there; now just above it
        state[3] = 1.0
        levels[row, 0] = values[0]
        return found, low
    state[3] = 2.0
    if earned == present:
        levels[row, 1], levels[row, 2] = values[0], slopes[0]
    if bent and flags[row] == EXACT:
        flags[row] = BRACKETED
    if earned >= high or state[4] > MOST_STEPS:
        if earned < high:
            flags[row] = GIVEN_UP
        levels[row, 3], levels[row, 4] = values[0], state[4]
        return found, np.nan
    goal = min(earned + away, high)
    if bent:
        goal = min(goal, earned + max(STEP, SHARE * earned))
        if state[1] < np.inf:
            far = state[1] - earned
            goal = state[1] if far <= WIDTH else earned + 0.5 * far
            if far <= WIDTH:
                state[1] = np.inf
    if earned < present and present < goal:
        goal = present
    return found, goal
