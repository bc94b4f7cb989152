"""Inequality of one distribution: Lorenz curve, Gini, share ratios, and the Theil and Atkinson families."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import (
    Floats,
    Negatives,
    PositiveOnly,
    midranks,
    no_answer,
    number,
    positive_total,
    rows,
    shares,
)
from microsim.measures.quantiles import quantile


@overload
def lorenz(
    x: npt.ArrayLike, weights: npt.ArrayLike | None = None, at: None = None, *, negatives: Negatives = "keep"
) -> tuple[Floats, Floats]: ...
@overload
def lorenz(
    x: npt.ArrayLike, weights: npt.ArrayLike | None, at: float, *, negatives: Negatives = "keep"
) -> float: ...
@overload
def lorenz(
    x: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, at: float, negatives: Negatives = "keep"
) -> float: ...
@overload
def lorenz(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    at: Sequence[float] | Floats,
    *,
    negatives: Negatives = "keep",
) -> Floats: ...
@overload
def lorenz(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    at: Sequence[float] | Floats,
    negatives: Negatives = "keep",
) -> Floats: ...
def lorenz(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    at: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float | Floats | tuple[Floats, Floats]:
    """Lorenz polygon: share of the total of ``x`` held by the poorest share ``p`` of the population.

    Corners are (w_1 + ... + w_i) / W and (w_1 x_1 + ... + w_i x_i) / sum(w x) for x sorted; straight
    between them, which splits the boundary unit proportionally. Source: Lorenz (1905); Gastwirth (1972).

    Without ``at``: a pair of float64[m + 1] arrays, population shares and shares of the total, both from 0
    to 1, where m is the number of rows of positive weight. With ``at`` (a share or an array of shares): the
    heights there.
    Ties only add corners on a straight piece. Negatives are kept (the curve then dips below 0), set to 0
    with ``negatives="floor"``, left out with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, and where the weighted total is not positive.

    >>> lorenz([1, 3], at=0.75)
    0.625
    """
    levels, offences = (None, []) if at is None else shares("at", at)
    w, values = rows("lorenz", weights, offences, negatives=negatives, x=x)
    positive_total("lorenz", values, w)
    order = np.argsort(values, kind="stable")
    population = np.append(0.0, np.cumsum(w[order]))
    held = np.append(0.0, np.cumsum((w * values)[order]))
    population /= population[-1]
    held /= held[-1]
    if levels is None:
        return population, held
    heights = np.interp(levels, population, held)
    return float(heights) if levels.ndim == 0 else heights


def gini(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
    order: npt.NDArray[np.intp] | None = None,
) -> float:
    """Gini coefficient: twice the area between the diagonal and the weighted Lorenz polygon.

    G = sum_i w_i x_i (2 R_i - 1) / sum_i w_i x_i, with R_i the tie-averaged fractional rank (``midranks``);
    the same as laeken's ``gini`` (there in percent). Ties are harmless. No small-sample factor is applied.
    Source: Gini (1914); Lerman and Yitzhaki (1989) for weights; Alfons and Templ (2013) for laeken.

    Returns a share without unit: 0 where all are equal, at most 1 - w_max / W without negatives. Negatives
    are kept (G may then exceed 1), set to 0 with ``negatives="floor"``, left out with ``"drop"``.
    ``order``: ``np.argsort(x, kind="stable")`` where it is known, so that one sorting serves the weights of
    several groups; with it negatives are kept.
    Raises ``MicrosimError`` as all measures do, and where the weighted total is not positive.

    >>> gini([0, 0, 0, 1])
    0.75
    """
    w, values = rows("gini", weights, negatives="keep" if order is not None else negatives, x=x)
    total = positive_total("gini", values, w)
    if order is not None and len(w) < len(order):  # rows of weight 0 are left out
        there = np.asarray(weights) > 0
        order = (np.cumsum(there) - 1)[order[there[order]]]
    # Deviations from the mean leave the sum unchanged (the ranks' weighted mean is 1/2) and lose no digits.
    ranks = midranks(values, w, order)
    return float(np.sum(w * (values - total / np.sum(w)) * (2.0 * ranks - 1.0)) / total)


def s80s20(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep") -> float:
    """Total of the values above the 80 % quantile over the total of those at or below the 20 % quantile.

    Quantiles as in :func:`quantile`. Ties at a quantile stay together, so a group may hold more or less than
    a fifth, and its total with it. Source: Eurostat's income quintile share ratio, as ``qsr`` of the R
    package laeken (Alfons and Templ 2013; its first releases took means) and ``svyqsr`` of convey.

    Returns a ratio without unit. Negatives are kept, set to 0 with ``negatives="floor"``, left out with
    ``"drop"``.
    Raises ``MicrosimError`` as all measures do, where nobody is above the 80 % quantile (too many ties),
    and where the total of the poorest is not positive.

    >>> s80s20([1, 2, 3, 4, 5])
    5.0
    """
    w, values = rows("s80s20", weights, negatives=negatives, x=x)
    low, high = quantile(values, [0.2, 0.8], w)
    poor, rich = values <= low, values > high
    if not rich.any():
        raise no_answer("s80s20", f"no value is above the 80 % quantile, {high:g}")
    bottom = np.sum((w * values)[poor])
    if not bottom > 0:
        raise no_answer(
            "s80s20", f"the total of the poorest quintile is {bottom:g}, so no ratio to it exists"
        )
    return float(np.sum((w * values)[rich]) / bottom)


def palma(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep") -> float:
    """Palma ratio: share of the total held by the richest 10 % over that of the poorest 40 %.

    (1 - L(0.9)) / L(0.4) on the Lorenz polygon, so the unit at a boundary is split in proportion and ties
    do not matter. Source: Palma (2011).

    Returns a ratio without unit (0.25 where all are equal). Negatives are kept, set to 0 with
    ``negatives="floor"``, left out with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, and where the share of the poorest 40 % is not positive.

    >>> round(palma([1, 1, 1, 1, 1, 1, 1, 1, 1, 11]), 9)
    2.75
    """
    w, values = rows("palma", weights, negatives=negatives, x=x)
    positive_total("palma", values, w)
    poor, nine_tenths = lorenz(values, w, [0.4, 0.9])
    if not poor > 0:
        raise no_answer("palma", f"the poorest 40 % hold {poor:g} of the total, so no ratio to it exists")
    return float((1.0 - nine_tenths) / poor)


def theil(
    x: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep"
) -> PositiveOnly:
    """Theil's T on positive values: (1/W) sum w (x/m) ln(x/m), with m their weighted mean.

    The generalised entropy measure GE(1). Source: Theil (1967).
    Returns a float without unit, 0 where all are equal, at most ln(W / w_min), whose ``excluded_weight``
    and ``excluded_share`` say how much weight was at values of 0 or below, which are left out of W and m
    as well; with ``negatives="drop"`` negative values do not count there either. Ties do not matter.
    Raises ``MicrosimError`` as all measures do, and where no value is positive.
    """
    w, values = rows("theil", weights, negatives=negatives, x=x)
    share, ratio = _positive("theil", w, values)
    return _with_excluded(float(np.sum(share * ratio * np.log(ratio))), w, values)


def mean_log_deviation(
    x: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep"
) -> PositiveOnly:
    """Mean log deviation on positive values: (1/W) sum w ln(m/x), with m their weighted mean.

    Theil's L, the generalised entropy measure GE(0). Source: Theil (1967).
    Returned value, ties, excluded weight and errors as for :func:`theil`; not bounded above.
    """
    w, values = rows("mean_log_deviation", weights, negatives=negatives, x=x)
    share, ratio = _positive("mean_log_deviation", w, values)
    return _with_excluded(-float(np.sum(share * np.log(ratio))), w, values)


def atkinson(
    x: npt.ArrayLike, epsilon: float, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep"
) -> PositiveOnly:
    """Atkinson's index: 1 - (equally distributed equivalent value) / mean.

    1 - ((1/W) sum w (x/m)^(1-epsilon))^(1/(1-epsilon)), and 1 - exp((1/W) sum w ln(x/m)) for epsilon = 1,
    with m the weighted mean. Source: Atkinson (1970).

    ``epsilon`` >= 0 is the aversion to inequality. From 1 on the index is taken on positive values, and
    ``excluded_weight`` of the returned float gives the weight left out. Below 1 zeros count in full;
    negative values have no power and are an error unless ``negatives`` is ``"floor"`` or ``"drop"``.
    Returns a float from 0 (all equal) to below 1. Ties do not matter.
    Raises ``MicrosimError`` as all measures do, and where no value is positive.
    """
    w, values = rows("atkinson", weights, number("epsilon", epsilon, low=0.0), negatives=negatives, x=x)
    if epsilon >= 1:
        share, ratio = _positive("atkinson", w, values)
        return _with_excluded(-math.expm1(_log_equivalent(ratio, share, 1.0 - epsilon)), w, values)
    if np.any(values < 0):
        text = (
            f"{np.sum(values < 0)} values are negative, which cannot be raised to the power {1.0 - epsilon:g}"
        )
        raise no_answer("atkinson", text, hint='use negatives="floor" or "drop"')
    weight = float(np.sum(w))
    ratio = values / (positive_total("atkinson", values, w) / weight)
    return PositiveOnly(-math.expm1(_log_equivalent(ratio, w / weight, 1.0 - epsilon)), 0.0, weight)


def _log_equivalent(ratio: Floats, share: Floats, power: float) -> float:
    """Logarithm of the mean of order ``power`` of ``ratio``; ``share`` sums to 1."""
    with np.errstate(divide="ignore"):  # ln 0 = -inf is right: it adds nothing to a mean of positive power
        logs = np.log(ratio)
    if power == 0.0:
        return float(np.sum(share * logs))
    scaled = power * logs
    top = float(np.max(scaled))
    if top < 1.0 and np.min(scaled) > -1.0:
        # Near power 0 the mean is near 1, and its logarithm divided by a tiny power would be noise.
        return math.log1p(np.sum(share * np.expm1(scaled))) / power
    # Powers are taken relative to the largest one, so that a large epsilon does not overflow.
    return (top + math.log(np.sum(share * np.exp(scaled - top)))) / power


def _positive(measure: str, w: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Shares of weight of the positive values, which sum to 1, and these values over their mean."""
    keep = values > 0
    if not keep.any():
        raise no_answer(measure, "no value is positive")
    share = w[keep] / np.sum(w[keep])
    return share, values[keep] / np.sum(share * values[keep])


def _with_excluded(value: float, w: Floats, values: Floats) -> PositiveOnly:
    return PositiveOnly(value, float(np.sum(w[values <= 0])), float(np.sum(w)))
