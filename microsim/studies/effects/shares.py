"""Shares of several causes in one change: the mean of what each adds over all orders (Shapley)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Corner = frozenset[str]  # the factors that are those of the other year


def corners(factors: Sequence[str]) -> list[Corner]:
    """Every mixture of the two years, by the factors that are of the other one; ``2 ** len(factors)``."""
    return [frozenset(some) for n in range(len(factors) + 1) for some in combinations(factors, n)]


def shapley(values: Mapping[Corner, Floats], factors: Sequence[str]) -> dict[str, Floats]:
    """Each factor's share in ``values[all] - values[none]``, an array as long as those given.

    The share of factor f is the sum over the sets S of the other factors of
    ``|S|! (n - 1 - |S|)! / n! * (v(S + f) - v(S))``: the mean of what f adds over all ``n!`` orders in which
    the factors can be changed one by one (Shapley 1953; for income distributions Shorrocks 2013). The shares
    add up to the whole change, and a factor that changes nothing in any mixture has none.
    """
    n = len(factors)
    shares = {}
    for factor in factors:
        others = [name for name in factors if name != factor]
        share = np.zeros_like(values[frozenset()])
        for some in corners(others):
            weight = factorial(len(some)) * factorial(n - 1 - len(some)) / factorial(n)
            share = share + weight * (values[some | {factor}] - values[some])
        shares[factor] = share
    return shares


def extremes(values: Mapping[Corner, Floats], factors: Sequence[str]) -> dict[str, tuple[Floats, Floats]]:
    """The least and the most that each factor adds in any order."""
    found = {}
    for factor in factors:
        others = [name for name in factors if name != factor]
        added = np.array([values[some | {factor}] - values[some] for some in corners(others)])
        found[factor] = (added.min(axis=0), added.max(axis=0))
    return found
