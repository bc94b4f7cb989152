"""Comparisons that look ahead: what holds just above a point of a walk along one income, and how far.

Each takes what is compared with its slope along the walked income, ``near`` (what is known so far of the
point that is being evaluated) and ``case`` (the number of the comparison in the text), and gives ``near``
back with what it adds. These functions are spliced into generated modules: scalars and array elements only.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

NEAR = 1e-6  # yuan: comparisons that flip no further apart than this flip at one place
STEADY = 1e-12  # a slope below this is rounding: nothing flips along it

# What is known while one point is evaluated: how far away the next comparison flips and which one it is, the
# first comparison that flips at this very place, a number for all outcomes, and whether anything is curved.
Near = tuple[float, np.int64, np.int64, np.uint64, bool]
NOTHING: Near = (np.inf, np.int64(-1), np.int64(-1), np.uint64(0), False)


def unordered(a: float, b: float) -> int:
    """The sign where a difference is no number: both infinite (-1, 0, 1), or no order at all (2)."""
    return -1 if a < b else (1 if a > b else (0 if a == b else 2))


def ahead(a: float, b: float, slope: float, near: Near, case: int) -> tuple[int, Near]:
    """The sign of ``a - b`` just above this place (2: they have no order), and what is known then."""
    away, next_case, here, flips, bent = near
    gap = a - b
    if abs(slope) < STEADY:
        sign = -1 if gap < 0.0 else (1 if gap > 0.0 else (0 if gap == 0.0 else unordered(a, b)))
    else:
        distance = -gap / slope
        if abs(distance) <= NEAR:
            sign = 1 if slope > 0.0 else -1
            if here < 0:
                here = np.int64(case)
        else:
            sign = -1 if gap < 0.0 else (1 if gap > 0.0 else unordered(a, b))
            if distance > 0.0 and distance < away - 1e-9:
                away, next_case = distance, np.int64(case)
            elif next_case < -1 and distance > 0.0 and distance <= away + 1e-9:
                next_case = np.int64(case)  # a bend begins there too, but no jump comes from it
    flips = flips * np.uint64(1000003) + np.uint64(case * 4 + sign + 1)
    return sign, (away, next_case, here, flips, bent)


def below(a: float, b: float, slope: float, near: Near, case: int) -> tuple[bool, Near]:
    """Whether ``a`` is less than ``b`` just above this place; ``slope`` is that of ``a - b``."""
    sign, near = ahead(a, b, slope, near, case)
    return sign < 0, near


def at_most(a: float, b: float, slope: float, near: Near, case: int) -> tuple[bool, Near]:
    """Whether ``a`` is ``b`` or less just above this place."""
    sign, near = ahead(a, b, slope, near, case)
    return sign <= 0, near


def level(a: float, b: float, slope: float, near: Near, case: int) -> tuple[bool, Near]:
    """Whether ``a`` is ``b`` just above this place: what holds at one point only does not count."""
    sign, near = ahead(a, b, slope, near, case)
    return sign == 0, near


def lower(a: float, a_slope: float, b: float, b_slope: float, near: Near, case: int) -> tuple[bool, Near]:
    """Whether a least of ``a`` and ``b`` is ``a``, also where they have no order.

    No jump begins where one takes the other's place: it causes none.
    """
    away, next_case, here = near[0], near[1], near[2]
    sign, near = ahead(a, b, a_slope - b_slope, near, case)
    if near[0] < away:
        next_case = np.int64(-2 - case)  # a bend is next
    return sign < 0 or sign == 2 or (sign == 0 and a <= b), (near[0], next_case, here, near[3], near[4])


def curved(is_so: bool, near: Near) -> Near:
    """Notes a value that is no straight line from here."""
    return (near[0], near[1], near[2], near[3], near[4] or is_so)


def whole(value: float, slope: float, near: Near, case: int) -> tuple[float, Near]:
    """The whole number at or below ``value`` just above this place."""
    down: float = math.floor(value)
    if abs(slope) >= STEADY:
        nearest = math.floor(value + 0.5)
        if abs(value - nearest) <= NEAR * abs(slope):
            _, near = ahead(value, nearest, slope, near, case)  # it steps here
            down = nearest if slope > 0.0 else nearest - 1.0
        _, near = ahead(value, down + 1.0 if slope > 0.0 else down, slope, near, case)
    flips = near[3] * np.uint64(1000003) + np.uint64(np.int64(down))  # another number, another outcome
    return down, (near[0], near[1], near[2], flips, near[4])


def toward_zero(value: float, slope: float, near: Near, case: int) -> tuple[float, Near]:
    """``value`` without its fraction, just above this place."""
    sign, near = ahead(value, 0.0, slope, near, case)
    if sign < 0:
        up, near = whole(-value, -slope, near, case)
        return -up, near
    down, near = whole(value, slope, near, case)
    return down, near


def nearest_whole(value: float, slope: float, near: Near, case: int) -> tuple[float, Near]:
    """``round(value)`` just above this place; where it stays, a half goes to the even number."""
    if abs(slope) < STEADY:
        return float(round(value)), near
    down, near = whole(value + 0.5, slope, near, case)
    return float(down), near


def step_ahead(
    P: NDArray[np.float64], at: int, x: float, x_slope: float, near: Near, case: int
) -> tuple[float, Near]:
    """``schedule_step`` just above this place."""
    n = int(P[at])
    value = P[at + 1 + n]
    for k in range(1, n):
        sign, near = ahead(x, P[at + 1 + k], x_slope, near, case)
        if sign == 0 or sign == 1:
            value = P[at + 1 + n + k]
    return value, near


def linear_ahead(
    P: NDArray[np.float64], at: int, x: float, x_slope: float, near: Near, case: int
) -> tuple[float, float, Near]:
    """``schedule_linear`` just above this place, and its slope."""
    n = int(P[at])
    value, slope = P[at + 1 + n], 0.0
    for k in range(n):
        is_lower, near = lower(x, x_slope, P[at + 1 + k], 0.0, near, case)
        if not is_lower:
            value, slope = P[at + 1 + n + k], 0.0
            if k < n - 1:
                low, high = P[at + 1 + k], P[at + 2 + k]
                rise = (P[at + 2 + n + k] - P[at + 1 + n + k]) / (high - low)
                value, slope = value + rise * (x - low), rise * x_slope
    return value if x == x else P[at + 2 * n], slope, near


def brackets_ahead(
    P: NDArray[np.float64], at: int, x: float, x_slope: float, near: Near, case: int
) -> tuple[float, float, Near]:
    """``schedule_brackets`` just above this place, and its slope."""
    n = int(P[at])
    amount, slope = 0.0 if x == x else x, 0.0
    for k in range(n):
        low = P[at + 1 + k]
        is_lower, near = lower(x, x_slope, low, 0.0, near, case)
        if not is_lower:
            amount += P[at + 1 + n + k] * (x - low)
            slope += P[at + 1 + n + k] * x_slope
            if k > 0:
                amount -= P[at + n + k] * (x - low)
                slope -= P[at + n + k] * x_slope
    return amount, slope, near
