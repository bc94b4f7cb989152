"""Distributions given by their quantile functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microsim.population.quantiles import Dagum, beta_quantile, fit_dagum


@given(a=st.floats(2.0, 6.0), p=st.floats(0.2, 3.0))
def test_dagum_has_mean_one_and_its_own_shares(a: float, p: float) -> None:
    law = Dagum(a, p)
    # Midpoints that crowd towards rank 1: the upper tail is heavy.
    points = (np.arange(20_000) + 0.5) / 20_000
    grid, width = 1.0 - points**3, 3.0 * points**2 / 20_000
    income = law.quantile(grid)
    assert (income * width).sum() == pytest.approx(1.0, rel=2e-3)
    lowest = (income * width)[grid < 0.2].sum()
    assert law.shares(5)[0] == pytest.approx(lowest, rel=2e-3)
    assert law.shares(5).sum() == pytest.approx(1.0)
    assert (np.diff(law.shares(5)) > 0).all()
    back = (1.0 + (income[200:-200] / law.scale) ** -a) ** -p
    np.testing.assert_allclose(back, grid[200:-200], rtol=1e-9)


def test_a_dagum_law_is_found_again_from_its_fifths() -> None:
    fit, misses = fit_dagum(Dagum(3.2, 0.6).shares(5).tolist())
    assert fit.a == pytest.approx(3.2, abs=1e-4)
    assert fit.p == pytest.approx(0.6, abs=1e-4)
    assert np.abs(misses).max() < 1e-5


def test_chinese_fifths_are_fitted_within_four_per_cent() -> None:
    for means in ([4681, 10392, 14712, 20885, 38520], [17838, 30922, 44082, 61979, 111439]):
        _, misses = fit_dagum(means)
        assert np.abs(misses).max() < 0.04


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
