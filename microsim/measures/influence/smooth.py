"""Influence functions of sums, means and ranks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microsim.measures import concentration, inequality, poverty
from microsim.measures.arrays import Floats, no_answer, number, positive_total, rows
from microsim.measures.lines import with_line


def mean(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Weighted mean m: I = (x - m) / W."""
    w, values = rows("mean", weights, x=x)
    return spread(x, weights, (values - np.sum(w * values) / np.sum(w)) / np.sum(w))


def ratio(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Floats:
    """Ratio of two weighted totals, r = sum w y / sum w x: I = (y - r x) / sum w x.

    Raises ``MicrosimError`` besides where the total of the denominator is 0.
    """
    w, above, below = rows("ratio", weights, numerator=numerator, denominator=denominator)
    total = float(np.sum(w * below))
    if total == 0:
        raise no_answer("ratio", "the weighted total is 0", "denominator")
    return spread(numerator, weights, (above - np.sum(w * above) / total * below) / total)


def gini(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Gini coefficient: I_k = sum_j w_j |x_k - x_j| / (W Y) - G / W - G x_k / Y, with Y = sum w x.

    Source: Deville (1999); Langel and Tillé (2013).
    """
    w, values = rows("gini", weights, x=x)
    positive_total("gini", values, w)
    return spread(x, weights, _along(values, values, w))


def concentration_index(
    x: npt.ArrayLike, rank_by: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Floats:
    """Concentration index, ranks counted as estimated too; that of the Gini with signs from ``rank_by``.

    I_k = sum_j w_j (x_k - x_j) sign(r_k - r_j) / (W Y) - C / W - C x_k / Y.
    """
    concentration.concentration_index(x, rank_by, weights)  # refuses what has no answer
    w, values, by = rows("concentration_index", weights, x=x, rank_by=rank_by)
    return spread(x, weights, _along(values, by, w))


def kakwani(tax: npt.ArrayLike, pre: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Kakwani's index: influence of C_tax less that of G_pre."""
    return concentration_index(tax, pre, weights) - gini(pre, weights)


def reynolds_smolensky(
    pre: npt.ArrayLike, post: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Floats:
    """Reynolds and Smolensky's index: influence of G_pre less that of C_post."""
    return gini(pre, weights) - concentration_index(post, pre, weights)


def reranking(pre: npt.ArrayLike, post: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Atkinson and Plotnick's re-ranking: influence of G_post less that of C_post."""
    return gini(post, weights) - concentration_index(post, pre, weights)


def theil(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Theil's T on positive values; rows at or below 0 have influence 0.

    With W and Y over positive values and S = sum w x ln x: I = x ln x / Y - x S / Y^2 - x / Y + 1 / W.
    """
    w, values = rows("theil", weights, x=x)
    keep = _positive("theil", values)
    m, v = w[keep], values[keep]
    people, total, logs = np.sum(m), np.sum(m * v), np.sum(m * v * np.log(v))
    own = v * np.log(v) / total - v * logs / total**2 - v / total + 1.0 / people
    return spread(x, weights, _placed(own, keep))


def mean_log_deviation(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Mean log deviation on positive values: I = x / Y - 1 / W - ln x / W + sum w ln x / W^2."""
    w, values = rows("mean_log_deviation", weights, x=x)
    keep = _positive("mean_log_deviation", values)
    m, v = w[keep], values[keep]
    people, total = np.sum(m), np.sum(m * v)
    own = v / total - 1.0 / people - np.log(v) / people + np.sum(m * np.log(v)) / people**2
    return spread(x, weights, _placed(own, keep))


def atkinson(x: npt.ArrayLike, epsilon: float, weights: npt.ArrayLike | None = None) -> Floats:
    """Atkinson's index A = 1 - e / m: I = -(1 - A) (d ln e - d ln m), with d ln m = x / Y - 1 / W.

    d ln e = (x^(1-epsilon) / sum w x^(1-epsilon) - 1 / W) / (1 - epsilon), for epsilon = 1 (ln x - mean of
    ln x) / W. From epsilon 1 on taken on positive values; rows at or below 0 have influence 0.
    """
    index = float(inequality.atkinson(x, epsilon, weights))
    w, values = rows("atkinson", weights, x=x)
    keep = _positive("atkinson", values) if epsilon >= 1 else np.ones(len(values), dtype=bool)
    m, v = w[keep], values[keep]
    people, total = np.sum(m), np.sum(m * v)
    if epsilon == 1:
        equivalent = (np.log(v) - np.sum(m * np.log(v)) / people) / people
    else:
        powers = (v / (total / people)) ** (1.0 - epsilon)
        equivalent = (powers / np.sum(m * powers) - 1.0 / people) / (1.0 - epsilon)
    own = -(1.0 - index) * (equivalent - (v / total - 1.0 / people))
    return spread(x, weights, _placed(own, keep))


def fgt(x: npt.ArrayLike, line: npt.ArrayLike, alpha: float, weights: npt.ArrayLike | None = None) -> Floats:
    """Foster-Greer-Thorbecke index against a line that is no estimate: I = (gap^alpha [x < z] - P) / W."""
    w, values, z = with_line("fgt", x, line, weights, number("alpha", alpha, low=0.0))
    own = np.zeros(len(values))
    poor = values < z
    own[poor] = ((z[poor] - values[poor]) / z[poor]) ** alpha
    return spread(x, weights, (own - np.sum(w * own) / np.sum(w)) / np.sum(w))


def watts(x: npt.ArrayLike, line: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Watts index on positive values: I = (ln(z / x) [x < z] - index) / W."""
    w, values, z = with_line("watts", x, line, weights)
    keep = _positive("watts", values)
    m, v, own = w[keep], values[keep], np.zeros(int(np.sum(keep)))
    poor = v < z[keep]
    own[poor] = np.log(z[keep][poor] / v[poor])
    return spread(x, weights, _placed((own - np.sum(m * own) / np.sum(m)) / np.sum(m), keep))


def sen(x: npt.ArrayLike, line: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """Sen's index S = (sum_poor w (1 - r) + Q) / W, with r = x / z and Q = sum_poor w r (2 R - 1).

    For the poor I = (1 - r + sum_j w_j |r_k - r_j| / W_poor - Q / W_poor - S) / W, for others -S / W.
    """
    index = poverty.sen(x, line, weights)
    w, values, z = with_line("sen", x, line, weights)
    own = np.zeros(len(values))
    poor = values < z
    if poor.any():
        m, r = w[poor], values[poor] / z[poor]
        apart = signed_differences(r, r, m)
        people = np.sum(m)
        own[poor] = 1.0 - r + apart / people - np.sum(m * apart) / (2.0 * people**2)
    return spread(x, weights, (own - index) / np.sum(w))


def signed_differences(x: Floats, by: Floats, w: Floats) -> Floats:
    """sum_j w_j (x_k - x_j) sign(by_k - by_j) for each row, in O(n log n); weights positive."""
    order = np.argsort(by, kind="stable")
    ranked = by[order]
    weight = np.append(0.0, np.cumsum(w[order]))
    held = np.append(0.0, np.cumsum((w * x)[order]))
    below = np.searchsorted(ranked, by, side="left")
    above = np.searchsorted(ranked, by, side="right")
    people = weight[below] - (weight[-1] - weight[above])
    amount = held[below] - (held[-1] - held[above])
    return np.asarray(x * people - amount)


def spread(x: npt.ArrayLike, weights: npt.ArrayLike | None, own: Floats) -> Floats:
    """Values of the rows that count, in the places of all rows; 0 for rows of weight 0."""
    if weights is None:
        return own
    out = np.zeros(np.size(x))
    out[np.asarray(weights, dtype=np.float64) > 0] = own
    return out


def _along(x: Floats, by: Floats, w: Floats) -> Floats:
    """Influence on the concentration index of ``x`` along ``by``."""
    people, total = np.sum(w), np.sum(w * x)
    apart = signed_differences(x - total / people, by, w)
    index = np.sum(w * apart) / (2.0 * people * total)
    return np.asarray(apart / (people * total) - index / people - index * x / total)


def _positive(measure: str, values: Floats) -> npt.NDArray[np.bool_]:
    keep = values > 0
    if not keep.any():
        raise no_answer(measure, "no value is positive")
    return keep


def _placed(own: Floats, keep: npt.NDArray[np.bool_]) -> Floats:
    out = np.zeros(len(keep))
    out[keep] = own
    return out
