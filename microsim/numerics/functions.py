"""Exponential, logarithm, and the normal and beta distributions, bit for bit the same everywhere.

Arrays in, arrays of the same shape out. Each is right to a few units in the last place; tests compare them
with SciPy's.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from microsim.numerics.compiled import compiled

Floats = NDArray[np.float64]
# Together log 2; the first has so few bits that whole multiples of it are exact.
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG2_E = 1.44269504088896338700
_LARGEST, _SMALLEST = 709.782712893384, -745.1332191019412  # exp of more is infinite, of less is 0
_HALF_ROOT = 0.70710678118654752440
_HALF_LOG_2PI = 0.91893853320467274178
_ROOT_2PI = 2.5066282746310005024
_TINY = 1e-300
_STEPS = 2_000  # of a continued fraction: more than any shape below 1e5 needs
_NEAR, _ALMOST = 1e-16, 1e-8

# --- elementary functions


@compiled
def _exp(x: float) -> float:
    if x > _LARGEST:
        return np.inf
    if x < _SMALLEST:
        return 0.0
    if x != x:
        return x
    k = math.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # Taylor: r is at most 0.35, so that what is left out is below 1e-17.
    total = 1.0
    for n in range(14, 0, -1):
        total = 1.0 + r * total / n
    return math.ldexp(total, int(k))


@compiled
def _log(x: float) -> float:
    if x <= 0.0:
        return -np.inf if x == 0.0 else np.nan
    if x == np.inf or x != x:
        return x
    fraction, power = math.frexp(x)
    if fraction < _HALF_ROOT:
        fraction, power = 2.0 * fraction, power - 1
    f = fraction - 1.0
    s = f / (2.0 + f)
    square = s * s
    # log((1 + s) / (1 - s)) = 2 (s + s^3/3 + s^5/5 + ...), with s at most 0.172
    total = 0.0
    for n in range(23, 1, -2):
        total = square * (1.0 / n + total)
    return power * _LN2_HIGH + (2.0 * s + (2.0 * s * total + power * _LN2_LOW))


# --- the normal distribution


# Numerators and denominators of AS 241, highest power first: near the median, further out, in the tails.
_CENTRE_ABOVE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRE_BELOW = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_BETWEEN_ABOVE = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_BETWEEN_BELOW = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_TAIL_ABOVE = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_TAIL_BELOW = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


@compiled
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


@compiled
def _normal_quantile(rank: float) -> float:
    """Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", PPND16."""
    if not 0.0 < rank < 1.0:
        return -np.inf if rank == 0.0 else np.inf if rank == 1.0 else np.nan
    q = rank - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_CENTRE_ABOVE, r) / _polynomial(_CENTRE_BELOW, r)
    r = math.sqrt(-_log(rank if q < 0.0 else 1.0 - rank))
    if r <= 5.0:
        size = _polynomial(_BETWEEN_ABOVE, r - 1.6) / _polynomial(_BETWEEN_BELOW, r - 1.6)
    else:
        size = _polynomial(_TAIL_ABOVE, r - 5.0) / _polynomial(_TAIL_BELOW, r - 5.0)
    return -size if q < 0.0 else size


@compiled
def _normal_share(x: float) -> float:
    """Near 0 the series of Marsaglia (2004), "Evaluating the normal distribution"; further out a fraction."""
    size = abs(x)
    if size > 38.5:
        return 0.0 if x < 0.0 else 1.0
    density = _exp(-0.5 * size * size) / _ROOT_2PI
    if size < 3.0:
        term, total, n = size, size, 1.0
        while term > _NEAR * total:
            n += 2.0
            term = term * size * size / n
            total += term
        return 0.5 + density * total if x > 0.0 else 0.5 - density * total
    fraction = size
    for n in range(120, 0, -1):
        fraction = size + n / fraction
    return density / fraction if x < 0.0 else 1.0 - density / fraction


# --- the beta distribution


@compiled
def _log_gamma(x: float) -> float:
    """For x > 0: Stirling's series above 12, where its rest is below 1e-17; below by recurrence."""
    product = 1.0
    while x < 12.0:
        product *= x
        x += 1.0
    inverse = 1.0 / (x * x)
    rest = -691.0 / 360360.0
    for term in (1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0):
        rest = rest * inverse + term
    return (x - 0.5) * _log(x) - x + _HALF_LOG_2PI + rest / x - _log(product)


@compiled
def _log_beta(p: float, q: float) -> float:
    return _log_gamma(p) + _log_gamma(q) - _log_gamma(p + q)


@compiled
def _beta_fraction(p: float, q: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (Lentz's way), quick for x below p/(p + q)."""
    c = 1.0
    d = 1.0 - (p + q) * x / (p + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    out = d
    for m in range(1, _STEPS):
        two = 2.0 * m
        a = m * (q - m) * x / ((p + two - 1.0) * (p + two))
        d = 1.0 + a * d
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = 1.0 + a / c
        c = c if abs(c) > _TINY else _TINY
        out *= d * c
        a = -(p + m) * (p + q + m) * x / ((p + two) * (p + two + 1.0))
        d = 1.0 + a * d
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = 1.0 + a / c
        c = c if abs(c) > _TINY else _TINY
        step = d * c
        out *= step
        if abs(step - 1.0) < 4.0 * _NEAR:
            break
    return out


@compiled
def _beta_share(p: float, q: float, x: float, rest: float, log_beta: float) -> float:
    """The share up to ``x``; ``rest`` is 1 - x with all its digits."""
    if x <= 0.0:
        return 0.0
    if rest <= 0.0:
        return 1.0
    front = _exp(p * _log(x) + q * _log(rest) - log_beta)
    if x < (p + 1.0) / (p + q + 2.0):
        return front * _beta_fraction(p, q, x) / p
    return 1.0 - front * _beta_fraction(q, p, rest) / q


@compiled
def _lower_beta_quantile(p: float, q: float, rank: float, log_beta: float) -> float:
    """The quantile where it is at most 1/2: Newton on the logarithm of the share by that of x.

    Near 0 the share is a power of x, so that the logarithms lie on a line; where a step leaves what is known
    to hold the solution, the middle of that is taken.
    """
    goal = _log(rank)
    low, high = -745.0 / min(p, 1.0), _log(0.5)
    u = min(max((goal + _log(p) + log_beta) / p, low), high)
    for _ in range(200):
        x = _exp(u)
        if x == 0.0:
            return 0.0
        rest = 1.0 - x
        log_power = p * u + q * _log(rest) - log_beta
        if x < (p + 1.0) / (p + q + 2.0):
            log_share = log_power + _log(_beta_fraction(p, q, x) / p)
        else:
            log_share = _log(1.0 - _exp(log_power) * _beta_fraction(q, p, rest) / q)
        miss = log_share - goal
        if miss > 0.0:
            high = u
        else:
            low = u
        ahead = u - miss / (_exp(log_power - log_share) / rest)
        if not low <= ahead <= high:
            ahead = 0.5 * (low + high)
        near = abs(ahead - u) <= _ALMOST * max(abs(u), 1.0)
        u = ahead
        if near:  # each step doubles the digits
            break
    return _exp(u)


@compiled
def _beta_quantile(p: float, q: float, rank: float, log_beta: float, half: float) -> tuple[float, float]:
    """The quantile and 1 less the quantile; ``half`` is the share up to 1/2."""
    if not 0.0 < rank < 1.0:
        return (rank, 1.0 - rank) if rank == 0.0 or rank == 1.0 else (np.nan, np.nan)
    if rank <= half:
        x = _lower_beta_quantile(p, q, rank, log_beta)
        return x, 1.0 - x
    rest = _lower_beta_quantile(q, p, 1.0 - rank, log_beta)
    return 1.0 - rest, rest


# --- over arrays


@compiled
def _each(which: int, values: Floats) -> Floats:
    out = np.empty(len(values))
    for k in range(len(values)):
        if which == 0:
            out[k] = _exp(values[k])
        elif which == 1:
            out[k] = _log(values[k])
        elif which == 2:
            out[k] = _normal_quantile(values[k])
        else:
            out[k] = _normal_share(values[k])
    return out


@compiled
def _each_beta_share(p: float, q: float, x: Floats, rest: Floats) -> Floats:
    out, log_beta = np.empty(len(x)), _log_beta(p, q)
    for k in range(len(x)):
        out[k] = _beta_share(p, q, x[k], rest[k], log_beta)
    return out


@compiled
def _each_beta_quantile(p: float, q: float, rank: Floats) -> tuple[Floats, Floats]:
    low, high, log_beta = np.empty(len(rank)), np.empty(len(rank)), _log_beta(p, q)
    half = _beta_share(p, q, 0.5, 0.5, log_beta)
    for k in range(len(rank)):
        low[k], high[k] = _beta_quantile(p, q, rank[k], log_beta, half)
    return low, high


def _flat(values: npt.ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    array = np.asarray(values, dtype=np.float64)
    return np.ascontiguousarray(array).reshape(-1), array.shape


def _over(which: int, values: npt.ArrayLike) -> Floats:
    flat, shape = _flat(values)
    out: Floats = _each(which, flat).reshape(shape)
    return out


def exp(x: npt.ArrayLike) -> Floats:
    """The exponential; infinite above 709.78, 0 below -745.13."""
    return _over(0, x)


def log(x: npt.ArrayLike) -> Floats:
    """The natural logarithm; minus infinity at 0, not a number below."""
    return _over(1, x)


def power(base: npt.ArrayLike, exponent: float) -> Floats:
    """``base`` (0 or above) to a power: exp(exponent log(base))."""
    return exp(exponent * log(base))


def normal_quantile(rank: npt.ArrayLike) -> Floats:
    """The standard normal number at a rank from 0 to 1 (Wichura 1988, AS 241)."""
    return _over(2, rank)


def normal_share(x: npt.ArrayLike) -> Floats:
    """The share of a standard normal distribution at or below ``x``."""
    return _over(3, x)


def log_beta(p: float, q: float) -> float:
    """The logarithm of the beta function, for ``p`` and ``q`` above 0."""
    return float(_log_beta(float(p), float(q)))


def beta_share(p: float, q: float, x: npt.ArrayLike, rest: npt.ArrayLike | None = None) -> Floats:
    """The share of a beta distribution with shapes ``p`` and ``q`` at or below ``x``.

    ``rest`` is 1 - x, for those who know it with more digits than the subtraction leaves.
    """
    flat, shape = _flat(x)
    other = 1.0 - flat if rest is None else _flat(rest)[0]
    out: Floats = _each_beta_share(float(p), float(q), flat, other).reshape(shape)
    return out


def beta_quantile(p: float, q: float, rank: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The quantile ``x`` of a beta distribution at ranks from 0 to 1, and ``1 - x``, both with all digits."""
    flat, shape = _flat(rank)
    low, high = _each_beta_quantile(float(p), float(q), flat)
    return low.reshape(shape), high.reshape(shape)
