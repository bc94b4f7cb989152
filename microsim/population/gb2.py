"""Income distributions of the GB2 family, fitted to published figures: a mean with fifths or a Gini index.

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

from microsim.errors import MicrosimError, Offence

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_NODES = 128  # of the quadrature that gives the Gini index
_FAR_MEAN = 0.25  # fifths that imply a mean further off than this belong to another distribution
_LEAST_TAIL = 1.1  # a q: at 1 the mean is infinite
_STARTS = ((3.0, 0.7, 1.0), (2.0, 1.0, 2.0), (1.2, 2.0, 4.0), (4.0, 0.5, 0.6))
_MET = 1e-11  # half the sum of squared relative misses: no other start does better
_LARGEST = 60.0  # of p and q: beyond, the distribution hardly changes
# Shape of rural incomes in China, kept where only a Gini index is known: p and q of the fit to the rural
# fifths of 2020 (4,681, 10,392, 14,712, 20,885 and 38,520 yuan; source: recalled).
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
        from scipy.special import betaln

        log_ratio = betaln(self.p + 1 / self.a, self.q - 1 / self.a) - betaln(self.p, self.q)
        return float(self.b * np.exp(log_ratio))

    def cdf(self, income: Floats) -> Floats:
        """Share of persons at or below an income."""
        from scipy.special import betainc, expit

        return np.asarray(betainc(self.p, self.q, expit(self.a * np.log(np.asarray(income) / self.b))))

    def pdf(self, income: Floats) -> Floats:
        """Density of persons at an income."""
        from scipy.special import betaln

        x = np.asarray(income, dtype=np.float64)
        power = self.a * np.log(x / self.b)
        log_density = self.p * power - (self.p + self.q) * np.logaddexp(0.0, power) - betaln(self.p, self.q)
        out: Floats = self.a / x * np.exp(log_density)
        return out

    def quantile(self, rank: Floats) -> Floats:
        """Income at a rank strictly between 0 and 1."""
        low, high = self._z(np.asarray(rank, dtype=np.float64))
        out: Floats = self.b * (low / high) ** (1.0 / self.a)
        return out

    def sample(self, count: int, seed: int) -> Floats:
        """``count`` incomes drawn independently; the same numbers for the same seed."""
        return self.quantile(np.random.default_rng(seed).uniform(2.0**-53, 1.0 - 2.0**-53, count))

    def lorenz(self, rank: Floats) -> Floats:
        """Share of all income that goes to persons up to a rank."""
        from scipy.special import betainc

        low, high = self._z(np.asarray(rank, dtype=np.float64))
        p, q = self.p + 1 / self.a, self.q - 1 / self.a
        return np.asarray(np.where(low < 0.5, betainc(p, q, low), 1.0 - betainc(q, p, high)))

    def group_means(self, parts: int) -> Floats:
        """Mean income of equal parts of the population, poorest first (yuan per year)."""
        means: Floats = np.diff(self.lorenz(np.arange(parts + 1) / parts)) * parts * self.mean
        return means

    @cached_property
    def gini(self) -> float:
        """Gini index, ``1 - 2 * integral of the Lorenz curve``."""
        node, weight = np.polynomial.legendre.leggauss(_NODES)
        u = (node + 1) / 2
        # The curve is steep at rank 1; nodes crowd there, and at 0 where small p makes it flat.
        rank, width = u**2 * (3 - 2 * u), 6 * u * (1 - u)
        return float(1.0 - np.sum(weight * width * self.lorenz(rank)))

    def _z(self, rank: Floats) -> tuple[Floats, Floats]:
        """``z`` and ``1 - z`` at ranks, each with all its digits."""
        from scipy.special import betaincinv

        upper = rank > 0.5
        # The inverse of the half that a rank lies in: its complement would lose digits (and the time).
        near = np.where(upper, 1.0 - rank, rank)
        found = np.empty(np.shape(rank))
        found[upper] = betaincinv(self.q, self.p, near[upper])
        found[~upper] = betaincinv(self.p, self.q, near[~upper])
        return np.where(upper, 1.0 - found, found), np.where(upper, found, 1.0 - found)


@dataclass(frozen=True)
class Lognormal:
    """Lognormal incomes with a mean (yuan per year) and a standard deviation of the logarithm."""

    mean: float
    sigma: float

    def group_means(self, parts: int) -> Floats:
        """Mean income of equal parts of the population, poorest first (yuan per year)."""
        from scipy.special import ndtr, ndtri

        means: Floats = np.diff(ndtr(ndtri(np.arange(parts + 1) / parts) - self.sigma)) * parts * self.mean
        return means

    @property
    def gini(self) -> float:
        """Gini index."""
        from scipy.special import ndtr

        return float(2.0 * ndtr(self.sigma / np.sqrt(2.0)) - 1.0)


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
    """The GB2 distribution with a mean that comes nearest to fifths (poorest first), a Gini index, or both.

    The mean is met exactly. With fifths, ``a``, ``p`` and ``q`` minimise the squared relative misses of the
    fifths' shares (and of the Gini index where given). Where the fifths imply another mean than ``mean``, as
    rounded or differently weighted tables do, their proportions are kept and the difference is told. With a
    Gini index alone, ``p`` and ``q`` are those of ``shape`` and ``a`` meets the index.

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
                f"the fifths imply a mean of {implied:,.6g}, {implied / mean - 1.0:+.1%} from the mean "
                f"given; their proportions are kept"
            )
        names += [f"fifth {k}" for k in range(1, 6)]
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
            Offence("nothing says how incomes are spread", place, "give quintile_means, gini, or both")
        )
    if gini is not None and not 0.02 <= gini <= 0.9:
        offences.append(
            Offence(f"the Gini index is {gini!r}; it must lie between 0.02 and 0.9", place, "0.46, not 46")
        )
    if quintile_means is not None:
        fifths = [float(one) for one in quintile_means]
        if len(fifths) != 5:
            offences.append(Offence(f"{len(fifths)} fifths are given; there are five", place))
        for k, one in enumerate(fifths, start=1):
            if not (np.isfinite(one) and one > 0):
                offences.append(Offence(f"the mean of fifth {k} is {one!r}; it must be above 0", place))
            elif k > 1 and one <= fifths[k - 2]:
                below = f"not above that of fifth {k - 1} ({fifths[k - 2]:,g})"
                told = f"the mean of fifth {k} ({one:,g}) is {below}"
                offences.append(Offence(told, place, "give the poorest first"))
        if not offences and abs(float(np.mean(fifths)) / mean - 1.0) > _FAR_MEAN:
            implied = float(np.mean(fifths))
            told = f"the fifths imply a mean of {implied:,.6g}, far from the mean given, {mean:,g}"
            offences.append(Offence(told, place, "are both per person and of the same year?"))
    if offences:
        raise MicrosimError(offences, title="the income distribution cannot be fitted")


def _figures(law: GB2 | Lognormal, fifths: bool, gini: bool) -> Floats:
    parts = law.group_means(5).tolist() if fifths else []
    return np.asarray([law.mean, *parts, *([law.gini] if gini else [])])


def _fit_shapes(proportions: Floats, gini: float | None) -> tuple[float, float, float]:
    """``a``, ``p`` and ``q``; the best of several starts, for the misses have flat valleys."""
    from scipy.optimize import least_squares

    def law(at: Floats) -> GB2:
        p, q = np.exp(at[1]), np.exp(at[2])
        return GB2((_LEAST_TAIL + np.exp(at[0])) / q, 1.0, p, q)

    def misses(at: Floats) -> Floats:
        one = law(at)
        relative = one.group_means(5) / (one.mean * proportions) - 1.0
        return relative if gini is None else np.append(relative, one.gini / gini - 1.0)

    edge = float(np.log(_LARGEST))
    best = None
    for a, p, q in _STARTS:
        found = least_squares(
            misses,
            [np.log(max(a * q - _LEAST_TAIL, 0.1)), np.log(p), np.log(q)],
            bounds=([-8.0, -4.0, -4.0], [8.0, edge, edge]),
            xtol=1e-10,
            ftol=1e-12,
            gtol=1e-10,
            max_nfev=100,
        )
        best = found if best is None or found.cost < best.cost else best
        if best.cost < _MET:
            break
    assert best is not None
    one = law(best.x)
    # Six digits: the rest would differ between processors and mean nothing.
    return round(float(one.a), 6), round(float(one.p), 6), round(float(one.q), 6)


def _a_for_gini(gini: float, shape: tuple[float, float]) -> float:
    from scipy.optimize import brentq

    p, q = shape
    least = (1.0 + 1e-3) / q
    # Inequality falls as a rises; at the least a the upper tail has hardly a mean.
    if GB2(least, 1.0, p, q).gini < gini:
        raise MicrosimError(f"no GB2 distribution with p = {p:g} and q = {q:g} has a Gini index of {gini:g}")
    return round(float(brentq(lambda a: GB2(a, 1.0, p, q).gini - gini, least, 200.0, xtol=1e-12)), 9)


def _fit_sigma(proportions: Floats | None, gini: float | None) -> float:
    """The lognormal nearest to the same figures by the same rule."""
    from scipy.optimize import least_squares
    from scipy.special import ndtri

    if proportions is None:
        assert gini is not None
        return float(np.sqrt(2.0) * ndtri((gini + 1.0) / 2.0))

    def misses(at: Floats) -> Floats:
        law = Lognormal(1.0, float(at[0]))
        relative = law.group_means(5) / proportions - 1.0
        return relative if gini is None else np.append(relative, law.gini / gini - 1.0)

    return float(least_squares(misses, [0.6], bounds=([1e-3], [5.0]), xtol=1e-14).x[0])
