"""Standard errors of any measure: linearised, bootstrapped, or from a survey's own replicate weights.

Linearised and bootstrapped errors take the design as far as it is known:

* ``strata`` (drawn from separately) and ``clusters`` (drawn whole, such as villages, or households where rows
  are persons), a label for each row; a cluster's label means another cluster in another stratum;
* ``fpc``, the number of clusters (of rows, without clusters) in the population of each stratum: one number,
  or one a row. Without it clusters count as drawn with replacement; with it a stratum that was drawn whole
  has no error (finite-population correction);
* ``controls`` float64[n, k], what ``weights`` were calibrated to (their weighted totals are known without
  error), and ``design_weights``, those before calibration (left out: ``weights``). Calibrated weights taken
  for design weights overstate the errors of all that the controls explain.

They measure chance in drawing the sample. A synthetic population was not drawn from anybody: its rows have no
sampling error, and what differs between seeds of its generator is another thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import Floats, number, rows, whole
from microsim.measures.sampling_design import Design, design_of

Kind = Literal["bootstrap", "brr", "fay", "jackknife"]


def linearised_error(
    influence: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    clusters: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    controls: npt.ArrayLike | None = None,
    design_weights: npt.ArrayLike | None = None,
    fpc: npt.ArrayLike | None = None,
) -> float:
    """Standard error from an influence function: that of the weighted total of the influences.

    sqrt(sum_h (1 - n_h / N_h) n_h / (n_h - 1) sum_c (u_hc - mean_h u)^2), with u_hc = sum w_k e_k over the
    rows of cluster c in stratum h, and N_h the ``fpc`` (the factor is 1 without it). e_k is the influence
    I_k, or, with ``controls`` x_k, what their regression leaves of it: I_k - x_k'B with B = (sum d x x')^-1
    sum d x I over the design weights d. Source: Woodruff (1971); Deville (1999); for calibrated weights
    Deville and Sarndal (1992).

    ``influence`` float[n] is given by ``microsim.measures.influence`` for the same rows and weights.
    Rows of weight 0 are ignored. For a group within the sample, keep all rows and give influence 0
    outside the group: the group's size is then as random as it was.
    Returns the standard error in the unit of the measure. Raises ``MicrosimError`` as all measures do, for a
    missing label, for a stratum of a single cluster, and for an ``fpc`` that is below what was drawn.

    >>> from microsim.measures import influence
    >>> linearised_error(influence.mean([1, 2, 3, 4]))  # sd / sqrt(n)
    0.6454972243679028
    """
    design = design_of(
        "linearised_error",
        weights,
        [],
        clusters=clusters,
        strata=strata,
        controls=controls,
        design_weights=design_weights,
        fpc=fpc,
        influence=influence,
    )
    left = design.weights * design.residuals(np.asarray(influence, dtype=np.float64))
    totals = np.bincount(design.cluster, weights=left, minlength=len(design.stratum_of))
    sizes = np.bincount(design.stratum_of)
    means = np.bincount(design.stratum_of, weights=totals) / sizes
    squares = np.bincount(design.stratum_of, weights=(totals - means[design.stratum_of]) ** 2)
    return float(np.sqrt(np.sum(design.uncovered * squares * sizes / (sizes - 1))))


def replicate_weights(
    weights: npt.ArrayLike,
    replicates: int = 200,
    seed: int = 0,
    *,
    clusters: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    controls: npt.ArrayLike | None = None,
    design_weights: npt.ArrayLike | None = None,
    fpc: npt.ArrayLike | None = None,
) -> Iterator[Floats]:
    """Bootstrap weights, one float64[n] after another: the rescaled bootstrap of Rao, Wu and Yue (1992).

    In each stratum n_h - 1 of its n_h clusters are drawn with replacement; a cluster's weights are multiplied
    by n_h / (n_h - 1) times how often it was drawn. With ``fpc`` that factor f moves towards 1, to 1 + s (f -
    1) with s^2 = 1 - n_h / N_h (Rao and Wu 1988). With ``controls`` the ``design_weights`` are drawn, and
    each replicate is raked to the controls' totals under ``weights``. Replicate r draws from the
    counter-based stream (seed, r), so it is the same however many replicates there are, in whatever order and
    on however many threads they are used; with ``clusters`` the order of the rows does not matter either.
    Rows of weight 0 keep weight 0. Errors as :func:`linearised_error`.
    """
    found = [*whole("replicates", replicates, 2), *whole("seed", seed, 0)]
    design = design_of(
        "replicate_weights",
        weights,
        found,
        clusters=clusters,
        strata=strata,
        controls=controls,
        design_weights=design_weights,
        fpc=fpc,
        rows=np.ones(np.size(weights)),
    )
    return (_drawn(design, seed, r) for r in range(replicates))


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """An estimate and its value under each set of replicate weights (float64[R], or [R, k])."""

    estimate: float | Floats
    replicates: Floats

    @property
    def standard_error(self) -> float | Floats:
        """Root of the mean squared distance of the replicates from their mean, with R - 1 below."""
        error = np.std(self.replicates, axis=0, ddof=1)
        return float(error) if error.ndim == 0 else np.asarray(error)

    def interval(self, level: float = 0.95) -> tuple[Any, Any]:
        """Percentile interval: the quantiles of the replicates at (1 - level) / 2 and at its mirror.

        Source: Efron (1979); Efron and Tibshirani (1993).
        """
        tail = (1.0 - level) / 2.0
        low, high = np.quantile(self.replicates, [tail, 1.0 - tail], axis=0)
        return low, high


def bootstrap(
    statistic: Callable[[Floats], Any],
    weights: npt.ArrayLike,
    replicates: int = 200,
    seed: int = 0,
    **design: npt.ArrayLike | None,
) -> Bootstrap:
    """Bootstrap of any statistic of the weights, such as ``lambda w: gini(x, w)``.

    ``statistic`` takes float64[n] weights and returns a number or an array of numbers; it is called once with
    ``weights`` and once with each of :func:`replicate_weights`, whose ``clusters``, ``strata``, ``controls``,
    ``design_weights`` and ``fpc`` may be given.

    >>> bootstrap(lambda w: np.average([1.0, 2.0, 3.0], weights=w), [1, 1, 1], seed=7).estimate
    2.0
    """
    own = np.asarray(weights, dtype=np.float64)
    drawn = replicate_weights(weights, replicates, seed, **design)
    values = np.array([statistic(w) for w in drawn], dtype=np.float64)
    estimate = np.asarray(statistic(own), dtype=np.float64)
    return Bootstrap(float(estimate) if estimate.ndim == 0 else estimate, values)


def replicate_error(
    estimate: float, replicates: npt.ArrayLike, kind: Kind = "bootstrap", *, fay: float = 0.5
) -> float:
    """Standard error from a survey's own replicate weights: sqrt(c sum_r (theta_r - theta)^2).

    ``estimate`` is the measure under the main weights, ``replicates`` float[R] under each replicate weight. c
    is 1 / R for ``"bootstrap"`` and ``"brr"`` (balanced repeated replication), 1 / (R (1 - fay)^2) for
    ``"fay"``, (R - 1) / R for the ``"jackknife"`` that leaves out one cluster at a time. Source: Wolter
    (2007).
    Returns it in the unit of the estimate. Raises ``MicrosimError`` for fewer than 2 replicates, numbers that
    are not finite, or another kind.

    >>> replicate_error(2.0, [1.0, 3.0])
    1.0
    """
    found = number("estimate", estimate, low=-np.inf)
    if kind not in ("bootstrap", "brr", "fay", "jackknife"):
        found.append(Offence(f"'{kind}' is not one of bootstrap, brr, fay, jackknife", "kind"))
    found += number("fay", fay, low=0.0, below=1.0)
    if np.size(replicates) < 2:
        found.append(Offence(f"has {np.size(replicates)} values", "replicates", "give at least 2"))
    _, values = rows("replicate_error", None, found, replicates=replicates)
    count = len(values)
    scale = {
        "bootstrap": 1.0 / count,
        "brr": 1.0 / count,
        "fay": 1.0 / (count * (1.0 - fay) ** 2),
        "jackknife": (count - 1.0) / count,
    }[kind]
    return float(np.sqrt(scale * np.sum((values - estimate) ** 2)))


def _drawn(design: Design, seed: int, replicate: int) -> Floats:
    stream = np.random.Generator(np.random.Philox(key=[seed, replicate]))
    factors = np.zeros(len(design.stratum_of))
    for h in range(int(design.stratum_of.max()) + 1):
        members = np.flatnonzero(design.stratum_of == h)
        count = len(members)
        times = np.bincount(stream.integers(0, count, count - 1), minlength=count)
        factors[members] = times * (count / (count - 1))
    shrunk = np.sqrt(design.uncovered[design.stratum_of])
    if np.any(shrunk < 1.0):
        factors = 1.0 + shrunk * (factors - 1.0)
    if design.controls.shape[1]:
        return design.calibrated(design.design_weights * factors[design.cluster])
    return np.asarray(design.weights * factors[design.cluster])
