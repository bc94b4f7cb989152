"""Calibration done slowly: dense matrices, scipy's general solvers, no code shared with the package."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, minimize, root

Floats = NDArray[np.float64]


def raking(design: Floats, totals: Floats, weights: Floats) -> Floats:
    """Weights ``weights * exp(design @ u)`` with the totals, by a general root finder."""

    def misses(u: Floats) -> Floats:
        return (design.T @ (weights * np.exp(design @ u)) - totals) / np.abs(totals)

    found = root(misses, np.zeros(len(totals)), method="hybr", tol=1e-14)
    return np.asarray(weights * np.exp(design @ found.x))


def logit(design: Floats, totals: Floats, weights: Floats, low: float, high: float) -> Floats:
    """Deville and Särndal's case 6: ratios between ``low`` and ``high`` along a logistic curve."""
    a = (high - low) / ((1 - low) * (high - 1))

    def ratio(u: Floats) -> Floats:
        e = np.exp(a * (design @ u))
        return (low * (high - 1) + high * (1 - low) * e) / (high - 1 + (1 - low) * e)

    def misses(u: Floats) -> Floats:
        return (design.T @ (weights * ratio(u)) - totals) / np.abs(totals)

    found = root(misses, np.zeros(len(totals)), method="hybr", tol=1e-14)
    return np.asarray(weights * ratio(found.x))


def bounded_linear(design: Floats, totals: Floats, weights: Floats, low: float, high: float) -> Floats:
    """The primal: least ``sum((w - d)^2 / 2 d)`` subject to the totals and the bounds on ``w / d``."""
    scale = np.abs(totals)
    found = minimize(
        lambda r: float(np.sum(weights * (r - 1) ** 2) / 2),
        np.ones(len(weights)),
        jac=lambda r: weights * (r - 1),
        method="SLSQP",
        bounds=Bounds(low, high),
        constraints=LinearConstraint(
            (design * weights[:, None]).T / scale[:, None], totals / scale, totals / scale
        ),
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return np.asarray(weights * found.x)


def second_moments(design: Floats, d: Floats) -> Floats:
    """``design' diag(d) design``, one household at a time."""
    out = np.zeros((design.shape[1], design.shape[1]))
    for row, weight in zip(design, d, strict=True):
        out += weight * np.outer(row, row)
    return out
