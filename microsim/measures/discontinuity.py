"""The jump of an outcome at a cut-off, by local-linear regression on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import Floats, no_answer, number, rows

_LEAST = 3  # rows with different running values on a side: two fix a line, one leaves a residual


@dataclass(frozen=True)
class Jump:
    """A jump at the cut-off: ``value`` = ``above`` - ``below``, in the unit of the outcome.

    ``below`` and ``above`` are the limits from both sides, ``standard_error`` is robust to
    heteroskedasticity; ``bandwidth`` is in the unit of the running variable, ``rows_below`` and
    ``rows_above`` count the rows inside it.
    """

    value: float
    standard_error: float
    below: float
    above: float
    slope_below: float
    slope_above: float
    bandwidth: float
    rows_below: int
    rows_above: int


def jump(
    outcome: npt.ArrayLike,
    running: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    cutoff: float = 0.0,
    bandwidth: float | None = None,
) -> Jump:
    """Local-linear estimate of the jump of ``outcome`` where ``running`` passes ``cutoff``.

    On each side a line is fitted by least squares with weights w_i max(1 - |r_i - c| / h, 0), the triangular
    kernel; the jump is the difference of the two lines at the cut-off. Rows at the cut-off belong to the
    upper side. The standard error is the sandwich of White (1980) with the factor n / (n - 2) on each side
    (HC1), for rows that are drawn independently; it measures chance around the lines and not the bias that a
    curved outcome leaves. Source: Hahn, Todd and van der Klaauw (2001); Fan and Gijbels (1996) for the kernel
    at a boundary.

    Parameters: ``outcome`` and ``running`` float[n] in any units, ``bandwidth`` h > 0 in that of
    ``running``; left out, it is :func:`optimal_bandwidth`.
    Raises ``MicrosimError`` as all measures do, and where a side has fewer than three different running
    values within the bandwidth.

    >>> found = jump([1, 2, 3, 14, 15, 16], [-3, -2, -1, 0, 1, 2], bandwidth=5)
    >>> round(found.value, 9), round(found.above, 9)
    (10.0, 14.0)
    """
    offences = number("cutoff", cutoff, low=-np.inf)
    if bandwidth is not None and (number("bandwidth", bandwidth, low=0.0) or bandwidth == 0):
        offences.append(Offence(f"is {bandwidth!r}", "bandwidth", "give a number above 0"))
    w, y, place = rows("jump", weights, offences, outcome=outcome, running=running)
    h = optimal_bandwidth(y, place, w, cutoff=cutoff) if bandwidth is None else float(bandwidth)
    distance = place - cutoff
    kernel = w * np.maximum(1.0 - np.abs(distance) / h, 0.0)
    sides = []
    for name, side in (("below", distance < 0), ("above", distance >= 0)):
        inside = side & (kernel > 0)
        if len(np.unique(distance[inside])) < _LEAST:
            text = f"the side {name} the cut-off has {int(np.sum(inside))} rows within {h:g}"
            raise no_answer("jump", text, "running", f"at least {_LEAST} different values: widen it")
        sides.append((*_line(distance[inside], y[inside], kernel[inside]), int(np.sum(inside))))
    (low, slope_low, var_low, n_low), (high, slope_high, var_high, n_high) = sides
    error = float(np.sqrt(var_low + var_high))
    return Jump(high - low, error, low, high, slope_low, slope_high, h, n_low, n_high)


def optimal_bandwidth(
    outcome: npt.ArrayLike,
    running: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    cutoff: float = 0.0,
) -> float:
    """The bandwidth of Imbens and Kalyanaraman (2012), for the triangular kernel.

    h = 3.4375 (2 s^2 / (f ((m2+ - m2-)^2 + r+ + r-)))^(1/5) n^(-1/5): s^2 and f are the variance of the
    outcome and the density of the running variable at the cut-off, from a pilot window of 1.84 sd n^(-1/5);
    m2 the second derivatives on the two sides, from quadratic fits over 3.56 (s^2 / (f m3^2))^(1/7)
    n_side^(-1/7) with m3 from a global cubic with a jump; r = 2160 s^2 / (n_2 h_2^4) regularises. Here means,
    fits and shares are weighted and n is Kish's number of effective rows, (sum w)^2 / sum w^2, so that
    neither the scale of the weights nor the units matter; no window is wider than the data.

    Parameters and unit as for :func:`jump`. Raises ``MicrosimError`` as all measures do, and where a side of
    the cut-off has too few rows for the fits.
    """
    w, y, place = rows("optimal_bandwidth", weights, outcome=outcome, running=running)
    r = place - cutoff
    lower, upper = r < 0, r >= 0
    for name, side in (("below", lower), ("above", upper)):
        if len(np.unique(r[side])) < _LEAST + 1:
            text = f"the side {name} the cut-off has {int(np.sum(side))} rows, too few to choose a bandwidth"
            raise no_answer("optimal_bandwidth", text, "running", "give more rows or a bandwidth")
    widest = float(np.max(np.abs(r)))
    n, mean = _effective(w), float(np.sum(w * r) / np.sum(w))
    spread = float(np.sqrt(np.sum(w * (r - mean) ** 2) / np.sum(w)))
    # The pilot window reaches at least the few rows nearest to the cut-off on each side.
    near = max(float(np.partition(np.abs(r[side]), _LEAST)[_LEAST]) for side in (lower, upper))
    pilot = min(max(1.84 * spread * n ** (-0.2), near), widest)
    low, high = lower & (r >= -pilot), upper & (r <= pilot)
    density = float(np.sum(w[low | high]) / np.sum(w)) / (2.0 * pilot)
    squares = sum(
        float(np.sum(w[side] * (y[side] - np.average(y[side], weights=w[side])) ** 2)) for side in (low, high)
    )
    variance = squares / float(np.sum(w[low | high]))
    if variance == 0.0:
        return widest
    cubic = np.column_stack([np.ones(len(r)), upper, r, r**2, r**3])
    third = 6.0 * float(_fit(cubic, y, w)[4])
    seconds, regular = [], 0.0
    for side, sign in ((lower, -1.0), (upper, 1.0)):
        reach = float(np.max(sign * r[side]))
        own = float(np.partition(np.abs(r[side]), _LEAST)[_LEAST])
        window = reach
        if third != 0.0:
            window = 3.56 * (variance / (density * third**2)) ** (1 / 7) * _effective(w[side]) ** (-1 / 7)
        window = min(max(window, own), reach)
        inside = side & (np.abs(r) <= window)
        quadratic = np.column_stack([np.ones(int(np.sum(inside))), r[inside], r[inside] ** 2])
        seconds.append(2.0 * float(_fit(quadratic, y[inside], w[inside])[2]))
        regular += 2160.0 * variance / (_effective(w[inside]) * window**4)
    curvature = (seconds[1] - seconds[0]) ** 2 + regular
    best = 3.4375 * (2.0 * variance / (density * curvature)) ** 0.2 * n ** (-0.2)
    return float(min(max(best, near), widest))


def _effective(w: Floats) -> float:
    """Kish's number of effective rows."""
    return float(np.sum(w) ** 2 / np.sum(w**2))


def _fit(design: Floats, y: Floats, w: Floats) -> Floats:
    """Coefficients of weighted least squares; columns are scaled first, for powers of large numbers."""
    scale = np.max(np.abs(design), axis=0)
    scale[scale == 0] = 1.0
    root = np.sqrt(w)
    found = np.linalg.lstsq(design / scale * root[:, None], y * root, rcond=None)[0]
    return np.asarray(found / scale)


def _line(r: Floats, y: Floats, k: Floats) -> tuple[float, float, float]:
    """Height at 0 and slope of the fitted line, and the variance of the height."""
    s0, s1, s2 = float(np.sum(k)), float(np.sum(k * r)), float(np.sum(k * r * r))
    # Least squares in closed form: the height is sum l_i y_i with these weights.
    shares = k * (s2 - s1 * r) / (s0 * s2 - s1 * s1)
    height = float(np.sum(shares * y))
    slope = float(np.sum(k * (s0 * r - s1) * y)) / (s0 * s2 - s1 * s1)
    residuals = y - height - slope * r
    n = len(r)
    return height, slope, float(np.sum((shares * residuals) ** 2)) * n / (n - 2)
