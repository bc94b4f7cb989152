"""The normal copula of two ranks: its correlations, and what it says of those at the bottom."""

from __future__ import annotations

import math

import numpy as np

from microsim.numerics.functions import normal_quantile, normal_share
from microsim.numerics.sums import total

_NODES = 2_000  # of the mean over those at the bottom
_HALVINGS = 50


def rank_correlation(correlation: float) -> float:
    """Spearman's correlation of two normal numbers with this correlation: 6/pi asin(r/2)."""
    return 6.0 / math.pi * math.asin(0.5 * correlation)


def leaving_share(correlation: float, poorest: float) -> float:
    """Of the ``poorest`` share, those whose second number lies above the same share of all.

    The mean over ranks u of the poorest of 1 - Phi((c - r z(u)) / sqrt(1 - r^2)) with c = z(poorest), at the
    middles of 2,000 equal parts.
    """
    if correlation >= 1.0:
        return 0.0
    limit = float(normal_quantile(poorest))
    first = normal_quantile(poorest * (np.arange(_NODES) + 0.5) / _NODES)
    above = normal_share((correlation * first - limit) / math.sqrt(1.0 - correlation * correlation))
    return total(above) / _NODES


def correlation_of_leaving(share: float, poorest: float) -> float:
    """The correlation under which this share of the poorest leave: between 0 and 1, found by halving.

    0 where more leave than under independence.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if leaving_share(middle, poorest) > share:
            low = middle
        else:
            high = middle
    return round(high, 9)
