"""The normal copula against draws, and against what is known at its ends."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from microsim.numerics.changes import changes_by_group
from microsim.numerics.copula import (
    correlation_of_leaving,
    leaving_share,
    rank_correlation,
)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.86, 0.99])
@pytest.mark.parametrize("poorest", [0.05, 0.2])
def test_who_leaves_the_poorest_as_in_draws(correlation: float, poorest: float) -> None:
    random = np.random.default_rng(1)
    one, chance = random.normal(size=(2, 1_000_000))
    other = correlation * one + math.sqrt(1.0 - correlation**2) * chance
    limit = NormalDist().inv_cdf(poorest)
    drawn = float(np.mean(other[one < limit] >= limit))
    assert leaving_share(correlation, poorest) == pytest.approx(drawn, abs=0.005)


def test_independent_places_and_places_that_stay() -> None:
    assert leaving_share(0.0, 0.1) == pytest.approx(0.9, abs=1e-9)
    assert leaving_share(1.0, 0.1) == 0.0


@pytest.mark.parametrize("share", [0.05, 0.37, 0.8])
def test_the_correlation_gives_the_share_back(share: float) -> None:
    assert leaving_share(correlation_of_leaving(share, 0.1), 0.1) == pytest.approx(share, abs=1e-6)


def test_ranks_of_correlated_scores_as_in_draws() -> None:
    random = np.random.default_rng(2)
    one, chance = random.normal(size=(2, 200_000))
    for correlation in (0.0, 0.2, 0.9, 1.0):
        other = correlation * one + math.sqrt(1.0 - correlation**2) * chance
        ranks = [np.argsort(np.argsort(scores)) for scores in (one, other)]
        drawn = float(np.corrcoef(*ranks)[0, 1])
        assert rank_correlation(correlation) == pytest.approx(drawn, abs=0.01)
    assert rank_correlation(1.0) == pytest.approx(1.0, abs=1e-15)


def test_changes_counted_one_by_one() -> None:
    random = np.random.default_rng(3)
    owner = np.sort(random.integers(0, 50, 200))
    before, after = random.random((2, 200)) < 0.4
    early, late = random.random((2, 50)) + 0.5
    group = random.integers(0, 2, 50)
    found = changes_by_group(before, after, owner, early, late, group, 2)
    for g in range(2):
        mine = [
            (b, a, early[h], late[h]) for b, a, h in zip(before, after, owner, strict=True) if group[h] == g
        ]
        wanted = [
            math.fsum(w for b, a, w, v in mine if b),
            math.fsum(w for b, a, w, v in mine if a and not b),
            math.fsum(w for b, a, w, v in mine if b and not a),
            math.fsum(v - w for b, a, w, v in mine if a),
            math.fsum(v for b, a, w, v in mine if a),
        ]
        assert found[g] == pytest.approx(wanted, rel=1e-12)
        assert found[g, 4] == pytest.approx(found[g, 0] + found[g, 1] - found[g, 2] + found[g, 3], rel=1e-12)
