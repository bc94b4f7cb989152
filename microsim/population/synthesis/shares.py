"""Shares between 0 and 1, by their quantile function."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microsim.numerics import functions

Floats = NDArray[np.float64]


def beta_quantile(rank: Floats, mean: float, spread: float) -> Floats:
    """Shares between 0 and 1 with a given mean and standard deviation, by rank.

    A spread near its limit sqrt(mean (1 - mean)) puts nearly all on 0 and 1.
    """
    if spread == 0 or mean in (0.0, 1.0):
        return np.full(len(rank), mean)
    number = mean * (1.0 - mean) / (spread * spread) - 1.0
    return functions.beta_quantile(mean * number, (1.0 - mean) * number, rank)[0]
