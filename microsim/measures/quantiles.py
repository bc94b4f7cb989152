"""Weighted quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, Negatives, no_answer, rows, shares

# A cumulative share this near to q counts as equal to it: sums such as 0.1 + 0.2 are off in the last digit,
# and whether one value or the mean of two is returned must not hang on that.
_EQUAL = 1e-12


@overload
def quantile(
    x: npt.ArrayLike, q: float, weights: npt.ArrayLike | None = None, *, negatives: Negatives = "keep"
) -> float: ...
@overload
def quantile(
    x: npt.ArrayLike,
    q: Sequence[float] | Floats,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> Floats: ...
def quantile(
    x: npt.ArrayLike,
    q: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float | Floats:
    """Smallest value whose cumulative share of weight reaches ``q``; on equality the mean with the next.

    With x sorted and F_i = (w_1 + ... + w_i) / W: x_k for the smallest k with F_k >= q, and (x_k + x_{k+1})
    / 2 where F_k = q (to 1e-12). ``q = 0`` is the smallest value, ``q = 1`` the largest.
    Source: the default of ``weightedQuantile`` in the R package laeken (Alfons and Templ 2013), type 2 of
    Hyndman and Fan (1996).

    Parameters: ``x`` float[n] in any unit, ``q`` a share or an array of shares from 0 to 1, ``weights``
    float[n].
    Returns a float for a single ``q``, else an array of its shape, in the unit of ``x``.
    Ties change nothing; rows of weight 0 are left out; negatives are kept, set to 0 with
    ``negatives="floor"``, left out with ``"drop"``.
    Raises ``MicrosimError`` for empty input, NaN, lengths that differ, negative or all-zero weights, q
    outside 0 to 1.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3], 0.5), quantile([1, 2, 3], 0.5, weights=[1, 1, 4])
    (2.5, 2.0, 3.0)
    """
    levels, offences = shares("q", q)
    w, values = rows("quantile", weights, offences, negatives=negatives, x=x)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    cumulative = np.cumsum(w[order])
    reached = cumulative / cumulative[-1]
    last = len(ranked) - 1
    first = np.minimum(np.searchsorted(reached, levels - _EQUAL), last)
    equal = (np.abs(reached[first] - levels) <= _EQUAL) & (levels > 0) & (levels < 1)
    second = np.where(equal, np.minimum(first + 1, last), first)
    result = ranked[first] + (ranked[second] - ranked[first]) / 2.0
    result = np.where(levels >= 1, ranked[last], result)
    return float(result) if levels.ndim == 0 else result


def quantile_ratio(
    x: npt.ArrayLike,
    upper: float = 0.9,
    lower: float = 0.1,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Ratio of two quantiles, such as P90 / P10: Q(upper) / Q(lower), each as :func:`quantile`.

    Parameters: ``x`` float[n] in any unit, ``upper`` and ``lower`` shares from 0 to 1. Returns a ratio
    without unit. Negatives as in ``quantile``.
    Raises ``MicrosimError`` as all measures do, and where the lower quantile is not positive.

    >>> quantile_ratio([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    6.333333333333333
    """
    _, offences = shares("upper", upper)
    _, of_lower = shares("lower", lower)
    w, values = rows("quantile_ratio", weights, [*offences, *of_lower], negatives=negatives, x=x)
    high, low = quantile(values, [upper, lower], w)
    if not low > 0:
        raise no_answer("quantile_ratio", f"the {lower:.0%} quantile is {low:g}, so no ratio to it exists")
    return float(high / low)
