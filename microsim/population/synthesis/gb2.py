"""Income distributions of the GB2 family, fitted to published figures: a mean with quintile means or a Gini
index.

The generalised beta distribution of the second kind (McDonald 1984, "Some generalized functions for the size
distribution of income", Econometrica 52) has the distribution function ``F(x) = I_z(p, q)`` with
``z = (x/b)^a / (1 + (x/b)^a)``, where ``I`` is the regularised incomplete beta function. ``b`` is a scale,
``a q`` the Pareto exponent of the upper tail, ``a p`` the exponent of the lower one. Dagum (q = 1) and
Singh-Maddala (p = 1) are members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.numerics.functions import (
    beta_quantile,
    beta_share,
    exp,
    log,
    log_beta,
    normal_quantile,
    normal_share,
    power,
)
from microsim.numerics.solving import least_squares
from microsim.numerics.sums import product

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
# Of the quadrature that gives the Gini index: Gauss-Legendre with eight points in each of so many parts.
_PANELS = 16
_POINTS = (0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363)
_HEAVY = (0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763)
_NODES = (*(-point for point in reversed(_POINTS)), *_POINTS)
_WEIGHTS = (*reversed(_HEAVY), *_HEAVY)
_FAR_MEAN = 0.25  # quintiles that imply a mean further off than this belong to another distribution
_LEAST_TAIL = 1.1  # a q: at 1 the mean is infinite
_STARTS = ((3.0, 0.7, 1.0), (2.0, 1.0, 2.0), (1.2, 2.0, 4.0), (4.0, 0.5, 0.6))
_MET = 1e-11  # half the sum of squared relative misses: no other start does better
_LARGEST = 60.0  # of p and q: beyond, the distribution hardly changes
# Shape of rural incomes in China, kept where only a Gini index is known: p and q of the fit to the rural
# quintiles of 2020 (4,681, 10,392, 14,712, 20,885 and 38,520 yuan; source: recalled).
RURAL_CHINA = (0.372554, 0.735866)


@dataclass(frozen=True)
class GB2:
    """Incomes above 0 with shape ``a``, scale ``b`` (yuan per year) and shapes ``p`` and ``q``; a q > 1."""

    a: float
    b: float
    p: float
    q: float

    @cached_property
    def mean(self) -> float:
        """The mean: ``b B(p + 1/a, q - 1/a) / B(p, q)``."""
        p, q = self.p + 1 / self.a, self.q - 1 / self.a
        return self.b * float(exp(log_beta(p, q) - log_beta(self.p, self.q)))

    def cdf(self, income: Floats) -> Floats:
        """Share of persons at or below an income."""
        odds = power(np.asarray(income) / self.b, self.a)
        return beta_share(self.p, self.q, odds / (1.0 + odds), 1.0 / (1.0 + odds))

    def pdf(self, income: Floats) -> Floats:
        """Density of persons at an income."""
        x = np.asarray(income, dtype=np.float64)
        odds = power(x / self.b, self.a)
        scale = self.a / x * float(exp(-log_beta(self.p, self.q)))
        out: Floats = scale * power(odds / (1.0 + odds), self.p) * power(1.0 / (1.0 + odds), self.q)
        return out

    def quantile(self, rank: Floats) -> Floats:
        """Income at a rank strictly between 0 and 1."""
        low, high = self._z(np.asarray(rank, dtype=np.float64))
        out: Floats = self.b * power(low / high, 1.0 / self.a)
        return out

    def sample(self, count: int, seed: int) -> Floats:
        """``count`` incomes drawn independently; the same numbers for the same seed."""
        return self.quantile(np.random.default_rng(seed).uniform(2.0**-53, 1.0 - 2.0**-53, count))

    def lorenz(self, rank: Floats) -> Floats:
        """Share of all income that goes to persons up to a rank."""
        low, high = self._z(np.asarray(rank, dtype=np.float64))
        return beta_share(self.p + 1 / self.a, self.q - 1 / self.a, low, high)

    def group_means(self, parts: int) -> Floats:
        """Mean income of equal parts of the population, poorest first (yuan per year)."""
        means: Floats = np.diff(self.lorenz(np.arange(parts + 1) / parts)) * parts * self.mean
        return means

    @cached_property
    def gini(self) -> float:
        """Gini index, ``1 - 2 * integral of the Lorenz curve``."""
        start = np.arange(_PANELS)[:, None] / _PANELS
        u = (start + (np.array(_NODES) + 1.0) / (2.0 * _PANELS)).ravel()
        weight = np.tile(np.array(_WEIGHTS), _PANELS) / (2.0 * _PANELS)
        # The curve is steep at rank 1; nodes crowd there, and at 0 where small p makes it flat.
        rank, width = u * u * u * (10 - 15 * u + 6 * u * u), 30 * u * u * (1 - u) * (1 - u)
        return 1.0 - 2.0 * product(weight * width, self.lorenz(rank))

    def _z(self, rank: Floats) -> tuple[Floats, Floats]:
        """``z`` and ``1 - z`` at ranks, each with all its digits."""
        return beta_quantile(self.p, self.q, rank)


@dataclass(frozen=True)
class Lognormal:
    """Lognormal incomes with a mean (yuan per year) and a standard deviation of the logarithm."""

    mean: float
    sigma: float

    def group_means(self, parts: int) -> Floats:
        """Mean income of equal parts of the population, poorest first (yuan per year)."""
        ends = normal_share(normal_quantile(np.arange(parts + 1) / parts) - self.sigma)
        means: Floats = np.diff(ends) * parts * self.mean
        return means

    @property
    def gini(self) -> float:
        """Gini index."""
        return float(2.0 * normal_share(self.sigma / np.sqrt(2.0)) - 1.0)


@dataclass(frozen=True)
class IncomeFit:
    """A fitted distribution, and each published figure beside what it and a lognormal make of it."""

    law: GB2
    lognormal: Lognormal
    figures: tuple[str, ...]
    targets: Floats
    fitted: Floats
    by_lognormal: Floats
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> Floats:
        """Relative error of each figure."""
        return self.fitted / self.targets - 1.0

    @property
    def table(self) -> pd.DataFrame:
        """figure, target, fitted, error, lognormal, lognormal_error (errors relative)."""
        import pandas as pd

        return pd.DataFrame(
            {
                "figure": self.figures,
                "target": self.targets,
                "fitted": self.fitted,
                "error": self.errors,
                "lognormal": self.by_lognormal,
                "lognormal_error": self.by_lognormal / self.targets - 1.0,
            }
        )

    def __str__(self) -> str:
        law, other = self.law, np.abs(self.by_lognormal / self.targets - 1.0).max()
        shape = f"GB2(a={law.a:g}, b={law.b:g}, p={law.p:g}, q={law.q:g})"
        worst = f"largest error {np.abs(self.errors).max():.2%} (a lognormal: {other:.2%})"
        return "; ".join([f"{shape}, {worst}", *self.notes])


def fit_gb2(
    mean: float,
    quintile_means: Sequence[float] | None = None,
    gini: float | None = None,
    shape: tuple[float, float] = RURAL_CHINA,
) -> IncomeFit:
    """The GB2 distribution with a mean that comes nearest to quintile means (poorest first), a Gini index,
    or both.

    The mean is met exactly. With quintiles, ``a``, ``p`` and ``q`` minimise the squared relative misses of
    their shares (and of the Gini index where given). Where the quintiles imply another mean than
    ``mean``, as rounded or differently weighted tables do, their proportions are kept and the difference is
    reported. With a Gini index alone, ``p`` and ``q`` are those of ``shape`` and ``a`` meets the index.

    Incomes in yuan per year. Raises ``MicrosimError`` with everything that is wrong.
    """
    check_figures(mean, quintile_means, gini)
    notes: list[str] = []
    names, targets = ["mean"], [float(mean)]
    proportions = None
    if quintile_means is not None:
        implied = float(np.mean(quintile_means))
        proportions = np.asarray(quintile_means, dtype=np.float64) / implied
        if abs(implied / mean - 1.0) > 1e-3:
            notes.append(
                f"the quintiles imply a mean of {implied:,.6g}, {implied / mean - 1.0:+.1%} from the mean "
                f"given; their proportions are kept"
            )
        names += [f"quintile {k}" for k in range(1, 6)]
        targets += (proportions * mean).tolist()
    if gini is not None:
        names.append("gini")
        targets.append(float(gini))
    if proportions is None:
        assert gini is not None
        a, (p, q) = _a_for_gini(gini, shape), shape
        notes.append("a Gini index alone does not settle the shape: p and q are taken from elsewhere")
    else:
        a, p, q = _fit_shapes(proportions, gini)
    unscaled = GB2(a, 1.0, p, q)
    law = GB2(a, float(mean) / unscaled.mean, p, q)
    lognormal = Lognormal(float(mean), _fit_sigma(proportions, gini))
    return IncomeFit(
        law,
        lognormal,
        tuple(names),
        np.asarray(targets),
        _figures(law, proportions is not None, gini is not None),
        _figures(lognormal, proportions is not None, gini is not None),
        tuple(notes),
    )


def check_figures(
    mean: float, quintile_means: Sequence[float] | None, gini: float | None, place: str = ""
) -> None:
    """Refuse figures that no income distribution has, all at once."""
    offences = []
    if not (np.isfinite(mean) and mean > 0):
        offences.append(Offence(f"the mean income is {mean!r}; it must be above 0", place))
    if quintile_means is None and gini is None:
        offences.append(
            Offence("nothing describes the spread of incomes", place, "give quintile_means, gini, or both")
        )
    if gini is not None and not 0.02 <= gini <= 0.9:
        offences.append(
            Offence(f"the Gini index is {gini!r}; it must be between 0.02 and 0.9", place, "0.46, not 46")
        )
    if quintile_means is not None:
        quintiles = [float(one) for one in quintile_means]
        if len(quintiles) != 5:
            offences.append(Offence(f"{len(quintiles)} quintile means are given instead of five", place))
        for k, one in enumerate(quintiles, start=1):
            if not (np.isfinite(one) and one > 0):
                offences.append(Offence(f"the mean of quintile {k} is {one!r}; it must be above 0", place))
            elif k > 1 and one <= quintiles[k - 2]:
                below = f"not above that of quintile {k - 1} ({quintiles[k - 2]:,g})"
                mistake = f"the mean of quintile {k} ({one:,g}) is {below}"
                offences.append(Offence(mistake, place, "give the poorest first"))
        if not offences and abs(float(np.mean(quintiles)) / mean - 1.0) > _FAR_MEAN:
            implied = float(np.mean(quintiles))
            mistake = f"the quintiles imply a mean of {implied:,.6g}, far from the mean given, {mean:,g}"
            offences.append(Offence(mistake, place, "are both per person and of the same year?"))
    if offences:
        raise DataError(offences, title="the income distribution cannot be fitted")


def _figures(law: GB2 | Lognormal, quintiles: bool, gini: bool) -> Floats:
    parts = law.group_means(5).tolist() if quintiles else []
    return np.asarray([law.mean, *parts, *([law.gini] if gini else [])])


def _fit_shapes(proportions: Floats, gini: float | None) -> tuple[float, float, float]:
    """``a``, ``p`` and ``q``; the best of several starts, for the misses have flat valleys."""

    def law(at: Floats) -> GB2:
        tail, p, q = exp(at).tolist()
        return GB2((_LEAST_TAIL + tail) / q, 1.0, p, q)

    def misses(at: Floats) -> Floats:
        one = law(at)
        relative = one.group_means(5) / (one.mean * proportions) - 1.0
        return relative if gini is None else np.append(relative, one.gini / gini - 1.0)

    edge = float(log(_LARGEST))
    best, least = np.zeros(3), np.inf
    for a, p, q in _STARTS:
        start = log(np.array([max(a * q - _LEAST_TAIL, 0.1), p, q])).tolist()
        found, cost = least_squares(misses, start, (-8.0, -4.0, -4.0), (8.0, edge, edge), enough=_MET * 1e-3)
        if cost < least:
            best, least = found, cost
        if least < _MET:
            break
    one = law(best)
    # Six digits: more mean nothing.
    return round(one.a, 6), round(one.p, 6), round(one.q, 6)


def _a_for_gini(gini: float, shape: tuple[float, float]) -> float:
    p, q = shape
    least = (1.0 + 1e-3) / q
    # Inequality falls as a rises; at the least a the upper tail has hardly a mean.
    if GB2(least, 1.0, p, q).gini < gini:
        raise DataError(f"no GB2 distribution with p = {p:g} and q = {q:g} has a Gini index of {gini:g}")
    high = 200.0
    for _ in range(60):
        middle = 0.5 * (least + high)
        least, high = (middle, high) if GB2(middle, 1.0, p, q).gini > gini else (least, middle)
    return round(high, 9)


def _fit_sigma(proportions: Floats | None, gini: float | None) -> float:
    """The lognormal nearest to the same figures by the same rule."""
    if proportions is None:
        assert gini is not None
        return float(np.sqrt(2.0) * normal_quantile((gini + 1.0) / 2.0))

    def misses(at: Floats) -> Floats:
        law = Lognormal(1.0, float(at[0]))
        relative = law.group_means(5) / proportions - 1.0
        return relative if gini is None else np.append(relative, law.gini / gini - 1.0)

    return float(least_squares(misses, (0.6,), (1e-3,), (5.0,))[0][0])
