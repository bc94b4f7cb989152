"""Distributions by their quantile function: incomes (Dagum) and shares (beta)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dagum:
    """Dagum (1977) type I incomes with mean 1: a member of the GB2 family with a closed quantile function.

    The distribution function is ``F(x) = (1 + (x / scale) ** -a) ** -p``; ``a`` > 1 shapes the upper tail
    (Pareto exponent a), ``a p`` the lower one.
    """

    a: float
    p: float

    @property
    def scale(self) -> float:
        """Scale at which the mean is 1."""
        from scipy.special import gammaln

        log_mean = gammaln(self.p + 1 / self.a) + gammaln(1 - 1 / self.a) - gammaln(self.p)
        return float(np.exp(-log_mean))

    def quantile(self, rank: Floats) -> Floats:
        """Income relative to the mean at a rank strictly between 0 and 1."""
        # expm1 keeps its digits near rank 1, where rank ** (-1 / p) - 1 would lose them.
        out: Floats = self.scale * np.expm1(-np.log(rank) / self.p) ** (-1.0 / self.a)
        return out

    def shares(self, parts: int) -> Floats:
        """Income shares of equal parts of the population, poorest first."""
        from scipy.special import betainc

        ranks = np.arange(parts + 1) / parts
        lorenz = betainc(self.p + 1 / self.a, 1 - 1 / self.a, ranks ** (1 / self.p))
        shares: Floats = np.diff(lorenz)
        return shares


def fit_dagum(means: Sequence[float]) -> tuple[Dagum, Floats]:
    """The Dagum distribution nearest to the proportions of quantile-group means, poorest first.

    Minimises the squared relative misses of the group shares. Returns the fit and the relative miss of each.
    """
    from scipy.optimize import least_squares

    target = np.asarray(means, dtype=np.float64) / np.sum(means)

    def misses(at: Floats) -> Floats:
        relative: Floats = Dagum(1.0 + np.exp(at[0]), np.exp(at[1])).shares(len(target)) / target
        return relative - 1.0

    found = least_squares(misses, [0.7, 0.0], xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    # Six digits: the rest would differ between processors and mean nothing.
    fit = Dagum(round(1.0 + float(np.exp(found[0])), 6), round(float(np.exp(found[1])), 6))
    return fit, fit.shares(len(target)) / target - 1.0


def beta_quantile(rank: Floats, mean: float, spread: float) -> Floats:
    """Shares between 0 and 1 with a given mean and standard deviation, by rank.

    A spread near its limit sqrt(mean (1 - mean)) puts nearly all on 0 and 1.
    """
    from scipy.special import betaincinv

    if spread == 0 or mean in (0.0, 1.0):
        return np.full(len(rank), mean)
    total = mean * (1 - mean) / spread**2 - 1
    out: Floats = betaincinv(mean * total, (1 - mean) * total, rank)
    return out
