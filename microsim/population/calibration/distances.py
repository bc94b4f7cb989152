"""How far new weights are from old ones: the ratio new/old as a function of the multipliers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, did_you_mean
from microsim.numerics import functions

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
METHODS = ("raking", "linear", "logit")


@dataclass(frozen=True)
class Distance:
    """Ratio of new to old weight, its slope and its integral, at ``u = x' multipliers`` of each row."""

    ratio: Function
    slope: Function
    integral: Function
    low: float  # ratios lie between low and high
    high: float


def distance(method: str, bounds: tuple[float, float] | None) -> Distance:
    """The distance of a method (Deville and Särndal 1992, table 1), with ratios kept within ``bounds``."""
    if method not in METHODS:
        hint = did_you_mean(method, METHODS)
        raise InputError(f"no calibration method '{method}'; {hint} methods: {', '.join(METHODS)}")
    if bounds is not None and not 0 <= bounds[0] < 1 < bounds[1]:
        raise InputError(f"bounds are 0 <= low < 1 < high, not {bounds[0]} and {bounds[1]}")
    if method == "logit":
        if bounds is None or not np.isfinite(bounds[1]):
            raise InputError("method 'logit' needs finite bounds, for example bounds=(0.2, 5)")
        return _logit(*bounds)
    plain = _raking() if method == "raking" else _linear()
    if bounds is None:
        return plain
    edges = tuple(functions.log(np.array(bounds)).tolist())
    if method == "linear":
        edges = (bounds[0] - 1.0, bounds[1] - 1.0)
    return _clipped(plain, bounds, edges)


def _raking() -> Distance:
    # Ratio, slope and integral are one function; a solver asks for all three at the same point.
    at: Floats = np.empty(0)
    value: Floats = np.empty(0)

    def exp(u: Floats) -> Floats:
        nonlocal at, value
        if u is not at:  # after a step that is too long: infinite, and so refused by the solver
            at, value = u, functions.exp(u)
        return value

    return Distance(exp, exp, exp, 0.0, np.inf)


def _linear() -> Distance:
    return Distance(lambda u: 1.0 + u, np.ones_like, lambda u: u + 0.5 * u * u, -np.inf, np.inf)


def _clipped(plain: Distance, bounds: tuple[float, float], edges: tuple[float, float]) -> Distance:
    """The same ratio, cut off at the bounds; beyond the edges the integral goes on as a straight line."""
    low, high = bounds
    first, last = edges

    def ratio(u: Floats) -> Floats:
        return np.clip(plain.ratio(np.clip(u, first, last)), low, high)

    def slope(u: Floats) -> Floats:
        return np.where((u > first) & (u < last), plain.slope(np.clip(u, first, last)), 0.0)

    def integral(u: Floats) -> Floats:
        inside = np.clip(u, first, last)
        return plain.integral(inside) + np.where(u < inside, low, high) * (u - inside)

    return Distance(ratio, slope, integral, low, high)


def _logit(low: float, high: float) -> Distance:
    steepness = (high - low) / ((1.0 - low) * (high - 1.0))
    odds = (high - 1.0) / (1.0 - low)

    def share(u: Floats) -> Floats:
        return 1.0 / (1.0 + odds * functions.exp(-steepness * u))

    def slope(u: Floats) -> Floats:
        s = share(u)
        return (high - low) * steepness * s * (1.0 - s)

    def integral(u: Floats) -> Floats:
        return low * u + (high - low) / steepness * _log_of_sum(odds, steepness * u)

    return Distance(lambda u: low + (high - low) * share(u), slope, integral, low, high)


def _log_of_sum(odds: float, power: Floats) -> Floats:
    """``log(odds + exp(power))``, also where exp is infinite."""
    small = functions.exp(-np.abs(power))
    return np.where(power > 0, power + functions.log(odds * small + 1.0), functions.log(odds + small))
