"""Schedules as they lie in the vector of parameters: how many points, then every x, then every y.

``P`` is the vector of parameters (float64), ``at`` the place where the schedule begins in it. These functions
are spliced into generated modules: scalars and array elements only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def schedule_step(P: NDArray[np.float64], at: int, x: float) -> float:
    """Value of the last threshold that x has reached (below the first one: the first value)."""
    n = int(P[at])
    value: float = P[at + 1 + n]
    for k in range(1, n):
        if x >= P[at + 1 + k]:
            value = P[at + 1 + n + k]
    return value


def schedule_linear(P: NDArray[np.float64], at: int, x: float) -> float:
    """Straight lines between the points, flat outside them."""
    n = int(P[at])
    first: float = P[at + 1 + n]
    if x <= P[at + 1]:
        return first
    for k in range(1, n):
        if x <= P[at + 1 + k]:
            low, high = P[at + k], P[at + 1 + k]
            value: float = P[at + n + k] + (P[at + 1 + n + k] - P[at + n + k]) * ((x - low) / (high - low))
            return value
    last: float = P[at + 2 * n]
    return last


def schedule_brackets(P: NDArray[np.float64], at: int, x: float) -> float:
    """Sum of each bracket's rate times the part of x inside it; the last bracket is open."""
    n = int(P[at])
    amount = 0.0 if x == x else x
    for k in range(n):
        low = P[at + 1 + k]
        if x > low:
            high = x if k == n - 1 else min(x, P[at + 2 + k])
            amount += P[at + 1 + n + k] * (high - low)
    return amount
