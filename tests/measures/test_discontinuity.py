"""The jump at a cut-off: planted ones are found, within the error that is stated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microsim import measures as m
from microsim.errors import MicrosimError

few = settings(max_examples=25, deadline=None, derandomize=True)


def planted(seed, n=1500, size=-800.0, noise=300.0):
    """Running variable, outcome with a jump of ``size`` at 0, noise that grows along the way, weights."""
    rng = np.random.default_rng(seed)
    r = rng.uniform(-3000.0, 3000.0, n)
    y = 5000.0 + 0.4 * r + size * (r >= 0)
    return r, y + rng.normal(size=n) * noise * (1 + r / 6000.0), rng.uniform(0.5, 2.0, n)


def bent(r):
    """A curve that turns at the cut-off."""
    return np.where(r < 0, -1, 1) * 900 * (r / 1000) ** 2


def twin(y, r, w, h):
    """The jump and its sandwich error from one regression with all four terms, by the matrix formulas."""
    k = w * np.maximum(1 - np.abs(r) / h, 0)
    use = k > 0
    y, r, k, up = y[use], r[use], k[use], (r[use] >= 0).astype(float)
    x = np.column_stack([np.ones(len(r)), up, r, up * r])
    bread = np.linalg.inv(x.T @ (k[:, None] * x))
    beta = bread @ x.T @ (k * y)
    residual = y - x @ beta
    n_up, n_low = up.sum(), (1 - up).sum()
    factor = np.where(up > 0, n_up / (n_up - 2), n_low / (n_low - 2))
    meat = x.T @ (((k * residual) ** 2 * factor)[:, None] * x)
    return beta[1], np.sqrt((bread @ meat @ bread)[1, 1])


def test_lines_without_noise_are_found_exactly():
    r = np.linspace(-10, 10, 41)
    found = m.jump(np.where(r < 0, 1 + 2 * r, 7 - 3 * r), r, bandwidth=6.0)
    assert found.value == pytest.approx(6)
    assert (found.below, found.above) == pytest.approx((1, 7))
    assert (found.slope_below, found.slope_above) == pytest.approx((2, -3))
    assert found.standard_error == pytest.approx(0, abs=1e-12)
    assert (found.rows_below, found.rows_above) == (11, 12)  # -5.5 to -0.5, and 0 to 5.5
    moved = m.jump(np.where(r < 0, 1 + 2 * r, 7 - 3 * r), r + 100, cutoff=100, bandwidth=6.0)
    assert moved.value == pytest.approx(6)


@pytest.mark.parametrize("seed", range(4))
def test_one_regression_with_four_terms_gives_the_same(seed):
    r, y, w = planted(seed)
    found = m.jump(y, r, w, bandwidth=1000.0)
    assert (found.value, found.standard_error) == pytest.approx(twin(y, r, w, 1000.0))


def test_a_planted_jump_is_found_as_often_as_its_error_says():
    estimates = [m.jump(y, r, w, bandwidth=1200.0) for r, y, w in map(planted, range(400))]
    values = np.array([found.value for found in estimates])
    errors = np.array([found.standard_error for found in estimates])
    assert values.mean() == pytest.approx(-800, abs=3 * values.std() / 20)
    assert errors.mean() == pytest.approx(values.std(), rel=0.1)
    assert np.mean(np.abs(values + 800) < 1.96 * errors) == pytest.approx(0.95, abs=0.03)


def test_nothing_planted_nothing_found():
    inside = 0
    for seed in range(200):
        r, y, w = planted(1000 + seed, size=0.0)
        found = m.jump(y, r, w, bandwidth=1200.0)
        inside += abs(found.value) < 1.96 * found.standard_error
    assert inside / 200 == pytest.approx(0.95, abs=0.04)


def test_the_chosen_bandwidth_narrows_with_curvature_and_with_rows():
    r, y, w = planted(5)
    straight = m.optimal_bandwidth(y, r, w)
    curved = m.optimal_bandwidth(y + bent(r), r, w)
    assert 100 < curved < straight <= 3000
    more, of_more, its_weights = planted(5, n=60_000)
    assert m.optimal_bandwidth(of_more + bent(more), more, its_weights) < curved
    found = m.jump(y + bent(r), r, w)
    assert found.bandwidth == curved
    assert abs(found.value + 800) < 3 * found.standard_error


@few
@given(seed=st.integers(0, 10_000), unit=st.sampled_from([0.01, 12.0]), times=st.integers(2, 4))
def test_units_weights_and_order_do_not_matter(seed, unit, times):
    r, y, w = planted(seed, n=200)
    found = m.jump(y, r, w)
    order = np.random.default_rng(seed).permutation(len(r))
    again = m.jump(y[order] * unit, r[order] * unit, w[order] * 7)
    assert again.bandwidth == pytest.approx(found.bandwidth * unit, rel=1e-6)
    assert again.value == pytest.approx(found.value * unit, rel=1e-6)
    assert again.standard_error == pytest.approx(found.standard_error * unit, rel=1e-6)
    repeated = m.jump(np.repeat(y, times), np.repeat(r, times), np.repeat(w, times), bandwidth=900.0)
    assert repeated.value == pytest.approx(m.jump(y, r, w * times, bandwidth=900.0).value)


def test_the_jump_of_a_sum_is_the_sum_of_the_jumps():
    r, y, w = planted(3)
    other = np.where(r < 0, 100.0, 0.0) + 0.1 * r
    both = m.jump(y + other, r, w, bandwidth=700.0).value
    assert both == pytest.approx(m.jump(y, r, w, bandwidth=700.0).value - 100.0)


def test_a_constant_outcome_uses_all_rows():
    r = np.linspace(-2, 3, 30)
    found = m.jump(np.full(30, 4.0), r)
    assert (found.value, found.standard_error, found.bandwidth) == pytest.approx((0, 0, 3), abs=1e-12)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.jump([1, 2, 3], [-1, 0, 1], bandwidth=0), "bandwidth: is 0; give a number above 0"),
        (lambda: m.jump([1, 2, 3], [-1, 0, 1], bandwidth=-2), "bandwidth: is -2"),
        (
            lambda: m.jump([1, 2, 3], [-1, 0, 1], bandwidth=5),
            "the side below the cut-off has 1 rows within 5",
        ),
        (
            lambda: m.jump([1] * 9, [-1, -2, -3] + [0] * 6, bandwidth=9),
            "the side above the cut-off has 6 rows",
        ),
        (lambda: m.jump([1, 2, 3], [1, 2, 3]), "too few to choose a bandwidth"),
        (lambda: m.jump([1, np.nan], [1, 2]), "outcome: 1 of 2 values are NaN"),
        (lambda: m.jump([1, 2], [1, 2, 3]), "running: has 3 values but outcome has 2"),
        (lambda: m.jump([1, 2], [1, 2], cutoff=np.inf), "cutoff: is inf"),
    ],
)
def test_what_has_no_answer_is_told(call, words):
    with pytest.raises(MicrosimError) as caught:
        call()
    assert words in str(caught.value)
