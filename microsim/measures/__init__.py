"""Weighted statistics of distributions: poverty, inequality, quantiles and concentration.

Arrays in, floats or arrays out. Every function takes optional ``weights`` (how many units of the population
a row stands for; all 1 when left out) and behaves as if each row were repeated that many times:

* rows of weight 0 count for nothing, not even for ties, quantiles or the smallest value;
* the order of rows never matters, and multiplying all weights by one number changes nothing;
* ties share: where a rank is needed, equal values have the mean rank of their group;
* negatives are kept unless the caller says ``negatives="floor"`` (set to 0) or ``"drop"`` (left out);
* input that has no answer (empty, NaN, lengths that differ, negative or all-zero weights, a total that is not
  positive where shares of it are asked for) raises :class:`microsim.MicrosimError` with every offence found.

Each docstring gives formula, units and source, so that another tool's figure can be compared with ours.
"""

from __future__ import annotations

from microsim.measures.arrays import PositiveOnly
from microsim.measures.concentration import (
    concentration_curve,
    concentration_index,
    kakwani,
    reranking,
    reynolds_smolensky,
)
from microsim.measures.inequality import atkinson, gini, lorenz, mean_log_deviation, palma, s80s20, theil
from microsim.measures.poverty import at_risk_of_poverty, fgt, sen, watts
from microsim.measures.quantiles import quantile

__all__ = [
    "PositiveOnly",
    "at_risk_of_poverty",
    "atkinson",
    "concentration_curve",
    "concentration_index",
    "fgt",
    "gini",
    "kakwani",
    "lorenz",
    "mean_log_deviation",
    "palma",
    "quantile",
    "reranking",
    "reynolds_smolensky",
    "s80s20",
    "sen",
    "theil",
    "watts",
]
