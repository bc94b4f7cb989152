"""Poverty against a line. Poor means strictly below the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, Negatives, PositiveOnly, midranks, no_answer, number, rows
from microsim.measures.labels import labels
from microsim.measures.lines import with_line
from microsim.measures.quantiles import quantile


def fgt(
    x: npt.ArrayLike,
    line: npt.ArrayLike,
    alpha: float,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Foster-Greer-Thorbecke index: (1/W) sum over x < z of w ((z - x) / z)^alpha.

    ``alpha`` 0 is the headcount ratio, 1 the poverty gap, 2 the squared gap; any number >= 0 is allowed.
    Source: Foster, Greer and Thorbecke (1984). Normalised by line and by total weight.

    Parameters: ``x`` float[n] and ``line`` (one number, or float[n] where lines differ, as by area) in the
    same unit.
    Returns a share without unit, from 0 to 1 without negatives. A value equal to the line is not poor.
    Negatives are kept and then count with a gap above 1; ``negatives="floor"`` sets them to 0, ``"drop"``
    leaves them out.
    Raises ``MicrosimError`` as all measures do, and for a line at or below 0 or a negative ``alpha``.

    >>> fgt([0, 50, 100], 100, 0), fgt([0, 50, 100], 100, 1)
    (0.6666666666666666, 0.5)
    """
    w, values, z = with_line("fgt", x, line, weights, number("alpha", alpha, low=0.0), negatives)
    return fgt_of_rows(values, z, w, (alpha,))[0]


def fgt_of_rows(values: Floats, lines: Floats, weights: Floats, alphas: Sequence[float]) -> list[float]:
    """:func:`fgt` for each of ``alphas`` of checked columns, float64[n]; weights are positive."""
    poor = np.flatnonzero(values < lines)
    gap, w = (lines[poor] - values[poor]) / lines[poor], weights[poor]
    whole = np.sum(weights)
    return [float(np.sum(w * gap**alpha) / whole) for alpha in alphas]


def watts(
    x: npt.ArrayLike,
    line: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> PositiveOnly:
    """Watts index on positive values: (1/W) sum over x < z of w ln(z / x).

    Source: Watts (1968); Zheng (1993). ``line`` as in :func:`fgt`.
    Returns a float without unit whose ``excluded_weight`` and ``excluded_share`` say how much weight was
    at values of 0 or below. These are the poorest: they are left out of W as well, so read the index beside
    the excluded share; with ``negatives="drop"`` negative values do not count there.
    Raises ``MicrosimError`` as all measures do, for a line at or below 0, and where no value is positive.
    """
    w, values, z = with_line("watts", x, line, weights, negatives=negatives)
    keep = values > 0
    if not keep.any():
        raise no_answer("watts", "no value is positive")
    poor = keep & (values < z)
    index = np.sum(w[poor] * np.log(z[poor] / values[poor])) / np.sum(w[keep])
    return PositiveOnly(float(index), float(np.sum(w[~keep])), float(np.sum(w)))


def sen(
    x: npt.ArrayLike,
    line: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Sen's index in the form that does not change when the population is replicated: H [I + (1 - I) G].

    H is the headcount ratio, I the mean of (z - x) / z among the poor and G the Gini coefficient of x / z
    among them. (1 - I) G is taken as sum w (x/z) (2 R - 1) / W_poor with tie-averaged ranks R among the
    poor, which stays defined where all the poor have 0. Source: Sen (1976), limit of its equation for many
    poor.

    ``line``, ``negatives`` and errors as in :func:`fgt`. Returns a float without unit, from 0 (nobody is
    poor) to H without negatives. Where lines differ between rows, ranks are those of x / z.
    """
    w, values, z = with_line("sen", x, line, weights, negatives=negatives)
    poor = values < z
    if not poor.any():
        return 0.0
    weight, ratio = w[poor], values[poor] / z[poor]
    people = float(np.sum(weight))
    gap = np.sum(weight * (1.0 - ratio)) / people
    spread = np.sum(weight * ratio * (2.0 * midranks(ratio, weight) - 1.0)) / people
    return float(people / np.sum(w) * (gap + spread))


@overload
def at_risk_of_poverty(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    share: float = 0.6,
    by: None = None,
    *,
    negatives: Negatives = "keep",
) -> float: ...
@overload
def at_risk_of_poverty(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    share: float = 0.6,
    *,
    by: npt.ArrayLike,
    negatives: Negatives = "keep",
) -> dict[Any, float]: ...
@overload
def at_risk_of_poverty(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    share: float,
    by: npt.ArrayLike,
    *,
    negatives: Negatives = "keep",
) -> dict[Any, float]: ...
def at_risk_of_poverty(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    share: float = 0.6,
    by: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float | dict[Any, float]:
    """Share of weight strictly below ``share`` times the weighted median of everybody.

    The line comes from the whole population also inside groups. Median as :func:`quantile` at 0.5.
    Source: Eurostat's at-risk-of-poverty rate; ``arpr`` of the R package laeken (Alfons and Templ 2013).

    Parameters: ``x`` float[n], ``share`` >= 0, ``by`` a label for each row (text, numbers, a Categorical).
    Returns a share from 0 to 1, or with ``by`` a dict from label to share, labels sorted; rows of weight 0
    are ignored, and a label with no other rows is not in the dict. Negatives are kept, set to 0
    with ``negatives="floor"``, left out of line and shares with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, for a missing label, and where the median is not positive.

    >>> at_risk_of_poverty([1, 2, 10, 10, 12])
    0.4
    >>> at_risk_of_poverty([1, 10, 10], by=["rural", "rural", "urban"])
    {'rural': 0.5, 'urban': 0.0}
    """
    offences = number("share", share, low=0.0)
    names, codes = ([], None) if by is None else labels("by", by, offences)
    if codes is None:
        w, values = rows("at_risk_of_poverty", weights, offences, negatives=negatives, x=x)
    else:
        w, values, codes = rows("at_risk_of_poverty", weights, offences, negatives=negatives, x=x, by=codes)
    median = quantile(values, 0.5, w)
    if not median > 0:
        raise no_answer("at_risk_of_poverty", f"the median is {median:g}, so no line can be drawn from it")
    poor = w * (values < share * median)
    if codes is None:
        return float(np.sum(poor) / np.sum(w))
    present = ((label, codes == k) for k, label in enumerate(names))
    return {label: float(np.sum(poor[own]) / np.sum(w[own])) for label, own in present if own.any()}
