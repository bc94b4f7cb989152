"""Weighted statistics of distributions: poverty, inequality, quantiles and concentration.

Arrays in, floats or arrays out. Every function takes optional ``weights`` (how many units of the population
a row represents; all 1 when left out) and behaves as if each row were repeated that many times:

* rows of weight 0 are ignored, even for ties, quantiles and the smallest value;
* the order of rows never matters, and multiplying all weights by one number changes nothing;
* ties share: where a rank is needed, equal values have the mean rank of their group;
* negatives are kept unless the caller says ``negatives="floor"`` (set to 0) or ``"drop"`` (left out);
* input that has no answer (empty, NaN, lengths that differ, negative or all-zero weights, a total that is not
  positive where shares of it are asked for) raises :class:`microsim.MicrosimError` with every offence found.

Each docstring gives formula, units and source, so that another tool's figure can be compared with ours.
"""

from __future__ import annotations

from microsim.measures import influence
from microsim.measures.arrays import PositiveOnly
from microsim.measures.by_group import (
    GroupDecomposition,
    GroupPart,
    fgt_by_group,
    mean_log_deviation_by_group,
    theil_by_group,
)
from microsim.measures.by_source import SourcePart, gini_by_source, shapley_by_source
from microsim.measures.concentration import (
    concentration_curve,
    concentration_index,
    kakwani,
    reranking,
    reynolds_smolensky,
)
from microsim.measures.discontinuity import Jump, jump, optimal_bandwidth
from microsim.measures.gains import GainsAndLosses, gainers_and_losers
from microsim.measures.horizontal import Redistribution, redistribution
from microsim.measures.inequality import atkinson, gini, lorenz, mean_log_deviation, palma, s80s20, theil
from microsim.measures.means import mean, ratio
from microsim.measures.poverty import at_risk_of_poverty, fgt, sen, watts
from microsim.measures.quantile_groups import quantile_groups, quantile_shares
from microsim.measures.quantiles import quantile, quantile_ratio
from microsim.measures.rank_reversals import RankReversals, rank_reversals
from microsim.measures.shapley import shapley
from microsim.measures.standard_errors import (
    Bootstrap,
    bootstrap,
    linearised_error,
    replicate_error,
    replicate_weights,
)
from microsim.measures.targeting import Targeting, targeting

__all__ = [
    "Bootstrap",
    "GainsAndLosses",
    "GroupDecomposition",
    "GroupPart",
    "Jump",
    "PositiveOnly",
    "RankReversals",
    "Redistribution",
    "SourcePart",
    "Targeting",
    "at_risk_of_poverty",
    "atkinson",
    "bootstrap",
    "concentration_curve",
    "concentration_index",
    "fgt",
    "fgt_by_group",
    "gainers_and_losers",
    "gini",
    "gini_by_source",
    "influence",
    "jump",
    "kakwani",
    "linearised_error",
    "lorenz",
    "mean",
    "mean_log_deviation",
    "mean_log_deviation_by_group",
    "optimal_bandwidth",
    "palma",
    "quantile",
    "quantile_groups",
    "quantile_ratio",
    "quantile_shares",
    "rank_reversals",
    "ratio",
    "redistribution",
    "replicate_error",
    "replicate_weights",
    "reranking",
    "reynolds_smolensky",
    "s80s20",
    "sen",
    "shapley",
    "shapley_by_source",
    "targeting",
    "theil",
    "theil_by_group",
    "watts",
]
