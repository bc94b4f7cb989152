"""Shares given by their quantile function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microsim.population.synthesis.shares import beta_quantile


@settings(max_examples=25)
@given(mean=st.floats(0.05, 0.95), part=st.floats(0.05, 0.9))
def test_shares_have_the_mean_and_spread_asked_for(mean: float, part: float) -> None:
    spread = part * (mean * (1 - mean)) ** 0.5
    ranks = (np.arange(4_000) + 0.5) / 4_000
    share = beta_quantile(ranks, mean, spread)
    assert 0 <= share.min() <= share.max() <= 1
    assert (np.diff(share) >= 0).all()
    assert share.mean() == pytest.approx(mean, abs=2e-3)
    assert share.std() == pytest.approx(spread, abs=6e-3)


def test_shares_without_spread_are_constant() -> None:
    assert beta_quantile(np.array([0.1, 0.9]), 0.7, 0.0).tolist() == [0.7, 0.7]
    assert beta_quantile(np.array([0.1, 0.9]), 1.0, 0.2).tolist() == [1.0, 1.0]
