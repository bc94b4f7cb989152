"""Influence functions of what rests on quantiles.

A quantile moves with the weights as fast as the density at it is low, and the density is estimated here by a
Gaussian kernel. Where values heap up (at a line that a benefit tops up to) no density fits: prefer
:func:`microsim.measures.bootstrap` there. Totals and shares above or below a quantile need no density.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microsim.measures import inequality, poverty
from microsim.measures import quantiles as of_quantiles
from microsim.measures.arrays import Floats, no_answer, rows
from microsim.measures.influence.smooth import spread


def quantile(x: npt.ArrayLike, q: float, weights: npt.ArrayLike | None = None) -> Floats:
    """Quantile at ``q``: I = -([x <= Q] - q) / (W f(Q)).

    f is the density by a Gaussian kernel with the bandwidth 0.9 min(sd, IQR / 1.34) n^(-1/5), n Kish's number
    of effective rows. Source: Deville (1999); Osier (2009); Silverman (1986) for the bandwidth.
    Raises ``MicrosimError`` besides where all values are equal.
    """
    at = of_quantiles.quantile(x, float(q), weights)
    w, values = rows("quantile", weights, x=x)
    return spread(x, weights, _moved(values, w, at, q))


def quantile_ratio(
    x: npt.ArrayLike, upper: float = 0.9, lower: float = 0.1, weights: npt.ArrayLike | None = None
) -> Floats:
    """Ratio of two quantiles: I = (I_upper - ratio I_lower) / Q_lower."""
    ratio = of_quantiles.quantile_ratio(x, upper, lower, weights)
    low = of_quantiles.quantile(x, lower, weights)
    return (quantile(x, upper, weights) - ratio * quantile(x, lower, weights)) / low


def at_risk_of_poverty(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    share: float = 0.6,
    where: npt.ArrayLike | None = None,
) -> Floats:
    """At-risk-of-poverty rate with its line estimated from all: I = ([x < z] - P) / W + f(z) share I_median.

    Source: Deville (1999); Osier (2009). With ``where`` (bool[n]) the rate is that of these rows: the first
    term is 0 outside them, W and the density f are theirs, and the median remains that of everybody.
    """
    poverty.at_risk_of_poverty(x, weights, share)  # refuses what has no answer
    w, values = rows("at_risk_of_poverty", weights, x=x)
    own = np.ones(len(values), dtype=bool)
    if where is not None:
        everyone = np.ones(np.size(x)) if weights is None else np.asarray(weights, dtype=np.float64)
        own = np.asarray(where, dtype=bool)[everyone > 0]
        if not own.any():
            raise no_answer("at_risk_of_poverty", "no row of positive weight is selected", "where")
    median = of_quantiles.quantile(values, 0.5, w)
    line = share * median
    people = np.sum(w[own])
    rate = np.sum(w[own] * (values[own] < line)) / people
    first = np.where(own, (values < line) - rate, 0.0) / people
    moved = _density(values[own], w[own], line) * share * _moved(values, w, median, 0.5)
    return spread(x, weights, first + moved)


def s80s20(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Income quintile share ratio S80 / S20, of totals: I = (I_80 - ratio I_20) / S20.

    I_80 = x [x > Q] + Q ([x <= Q] - 0.8) at the 80 % quantile Q, I_20 = x [x <= Q] - Q ([x <= Q] - 0.2) at
    the 20 % quantile: the quantiles' own influence needs no density. Source: Osier (2009); Langel and Tillé
    (2011).
    """
    ratio = inequality.s80s20(x, weights)
    w, values = rows("s80s20", weights, x=x)
    low, high = of_quantiles.quantile(values, [0.2, 0.8], w)
    poor, rich = values <= low, values > high
    of_bottom = values * poor - low * (poor - 0.2)
    of_top = values * rich + high * (~rich - 0.8)
    # Below the quantile lies a fifth only up to the steps of the sample; what is left over is taken off.
    own = (of_top - ratio * of_bottom) / np.sum((w * values)[poor])
    return spread(x, weights, own - np.sum(w * own) / np.sum(w))


def lorenz(x: npt.ArrayLike, at: float, weights: npt.ArrayLike | None = None) -> Floats:
    """Lorenz height at the share p = ``at``: I = (x [x <= Q] - Q ([x <= Q] - p) - L(p) x) / Y.

    Source: Langel and Tillé (2011).
    """
    height = inequality.lorenz(x, weights, float(at))
    w, values = rows("lorenz", weights, x=x)
    if at in (0, 1):
        return np.zeros(np.size(x))
    border = of_quantiles.quantile(values, float(at), w)
    below = values <= border
    own = values * below - border * (below - at) - height * values
    return spread(x, weights, own / np.sum(w * values))


def palma(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Palma ratio (1 - L(0.9)) / L(0.4): I = (-I_0.9 - ratio I_0.4) / L(0.4), as :func:`lorenz`."""
    ratio = inequality.palma(x, weights)
    poor = inequality.lorenz(x, weights, 0.4)
    return (-lorenz(x, 0.9, weights) - ratio * lorenz(x, 0.4, weights)) / poor


def _moved(values: Floats, w: Floats, at: float, q: float) -> Floats:
    """Influence on the quantile that lies at ``at``; centred, as the steps of the sample leave a rest."""
    step = (values <= at) - q
    step = step - np.sum(w * step) / np.sum(w)
    return np.asarray(-step / (np.sum(w) * _density(values, w, at)))


def _density(values: Floats, w: Floats, at: float) -> float:
    """Density of the weighted values at ``at``, in 1 over their unit."""
    mean = np.sum(w * values) / np.sum(w)
    width = float(np.sqrt(np.sum(w * (values - mean) ** 2) / np.sum(w)))
    low, high = of_quantiles.quantile(values, [0.25, 0.75], w)
    if high > low:
        width = min(width, float(high - low) / 1.34)
    if not width > 0:
        raise no_answer("influence of a quantile", "all values are equal, so they have no density")
    effective = float(np.sum(w)) ** 2 / float(np.sum(w**2))
    bandwidth = 0.9 * width * effective ** (-0.2)
    bells = np.exp(-0.5 * ((values - at) / bandwidth) ** 2)
    return float(np.sum(w * bells) / (np.sum(w) * bandwidth * np.sqrt(2.0 * np.pi)))
