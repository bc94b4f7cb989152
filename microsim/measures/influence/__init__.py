"""Influence functions: how much each row moves a measure, for linearised standard errors.

The influence of row k is the derivative of the measure with respect to that row's weight, I_k = dT / dw_k
(Deville 1999). The variance of the measure is then that of the weighted total of I, which
:func:`microsim.measures.linearised_error` takes with the sampling design. Each function has the name and the
arguments of its measure and returns float64[n] in the order of the rows, in the unit of the measure over that
of the weights, 0 for rows of weight 0; sum_k w_k I_k = 0, because no measure depends on the scale of weights.
Errors are those of the measure. Negatives are kept.
"""

from __future__ import annotations

from microsim.measures.influence.from_quantiles import (
    at_risk_of_poverty,
    lorenz,
    palma,
    quantile,
    quantile_ratio,
    s80s20,
)
from microsim.measures.influence.smooth import (
    atkinson,
    concentration_index,
    fgt,
    gini,
    kakwani,
    mean,
    mean_log_deviation,
    ratio,
    reranking,
    reynolds_smolensky,
    sen,
    theil,
    watts,
)

__all__ = [
    "at_risk_of_poverty",
    "atkinson",
    "concentration_index",
    "fgt",
    "gini",
    "kakwani",
    "lorenz",
    "mean",
    "mean_log_deviation",
    "palma",
    "quantile",
    "quantile_ratio",
    "ratio",
    "reranking",
    "reynolds_smolensky",
    "s80s20",
    "sen",
    "theil",
    "watts",
]
