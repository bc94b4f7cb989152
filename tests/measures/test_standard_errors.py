"""Influence functions against derivatives by difference, and standard errors against what samples do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microsim import measures as m
from microsim.errors import MicrosimError
from tests.measures import naive
from tests.measures.test_groups_and_sources import POSITIVE, table

LINE = 6000.0
inf = m.influence
# name -> (influence of x and weights, twin of the measure)
ONE = {
    "mean": (
        inf.mean,
        lambda x, w: math.fsum(a * b for a, b in zip(x, w, strict=True)) / math.fsum(w),
    ),
    "gini": (inf.gini, naive.gini),
    "theil": (inf.theil, naive.theil),
    "mean_log_deviation": (inf.mean_log_deviation, naive.mean_log_deviation),
    "atkinson_half": (lambda x, w: inf.atkinson(x, 0.5, w), lambda x, w: naive.atkinson(x, 0.5, w)),
    "atkinson_1": (lambda x, w: inf.atkinson(x, 1, w), lambda x, w: naive.atkinson(x, 1, w)),
    "atkinson_2": (lambda x, w: inf.atkinson(x, 2, w), lambda x, w: naive.atkinson(x, 2, w)),
    "headcount": (lambda x, w: inf.fgt(x, LINE, 0, w), lambda x, w: naive.fgt(x, LINE, 0, w)),
    "gap": (lambda x, w: inf.fgt(x, LINE, 1, w), lambda x, w: naive.fgt(x, LINE, 1, w)),
    "watts": (lambda x, w: inf.watts(x, LINE, w), lambda x, w: naive.watts(x, LINE, w)),
    "sen": (lambda x, w: inf.sen(x, LINE, w), lambda x, w: naive.sen(x, LINE, w)),
}
TWO = {
    "ratio": (
        inf.ratio,
        lambda a, b, w: (
            math.fsum(x * u for x, u in zip(a, w, strict=True))
            / math.fsum(x * u for x, u in zip(b, w, strict=True))
        ),
    ),
    "concentration_index": (inf.concentration_index, naive.concentration_index),
    "kakwani": (inf.kakwani, naive.kakwani),
    "reynolds_smolensky": (inf.reynolds_smolensky, naive.reynolds_smolensky),
    "reranking": (inf.reranking, naive.reranking),
}
few = settings(max_examples=15, deadline=None, derandomize=True)
SOME = st.floats(0.5, 20.0)


@pytest.mark.parametrize("name", ONE)
@few
@given(data=table(POSITIVE, weight=SOME))
def test_influence_is_the_derivative_with_respect_to_the_weight(name, data):
    x, w = data
    fast, slow = ONE[name]
    found = fast(x, w)
    for k in range(len(x)):
        want = naive.derivative(lambda v: slow(x, v), w, k)
        assert found[k] == pytest.approx(want, rel=1e-4, abs=1e-6 * max(1.0, abs(max(x)) * (name == "mean")))
    assert np.dot(found, w) == pytest.approx(0, abs=1e-9 * (1e4 if name == "mean" else 1))


@pytest.mark.parametrize("name", TWO)
@few
@given(data=table(POSITIVE, POSITIVE, weight=SOME))
def test_influence_of_two_columns_is_the_derivative(name, data):
    a, b, w = data
    fast, slow = TWO[name]
    found = fast(a, b, w)
    for k in range(len(a)):
        assert found[k] == pytest.approx(naive.derivative(lambda v: slow(a, b, v), w, k), abs=1e-6)
    assert np.dot(found, w) == pytest.approx(0, abs=1e-9)


def test_influence_of_the_palma_ratio_is_the_derivative():
    rng = np.random.default_rng(4)
    x, w = rng.lognormal(9, 0.7, 60), rng.uniform(0.5, 3, 60)
    found = inf.palma(x, w)
    want = [naive.derivative(lambda v: naive.palma(x, v), list(w), k) for k in range(60)]
    assert found == pytest.approx(want, abs=1e-7)
    assert np.dot(found, w) == pytest.approx(0, abs=1e-10)
    third = [naive.derivative(lambda v: naive.lorenz(x, v, 0.3), list(w), k) for k in range(60)]
    assert inf.lorenz(x, 0.3, w) == pytest.approx(third, abs=1e-8)
    assert not inf.lorenz(x, 1, w).any()


def test_rows_of_weight_zero_and_values_left_out_have_no_influence():
    for fast, _ in ONE.values():
        found = fast([5.0, 1e9, 3.0, 8.0], [1, 0, 2, 1])
        assert found[1] == 0
        assert found[[0, 2, 3]] == pytest.approx(fast([5.0, 3.0, 8.0], [1, 2, 1]))
    assert inf.theil([0.0, 1.0, 2.0]).tolist()[0] == 0
    assert inf.sen([LINE, 2 * LINE], LINE).tolist() == [0, 0]


# ---------------------------------------------------------------- linearised, known values


def test_known_errors():
    x = np.array([1.0, 4.0, 2.0, 9.0, 5.0])
    assert m.linearised_error(inf.mean(x)) == pytest.approx(np.std(x, ddof=1) / math.sqrt(5))
    poor = np.mean(x < 4.5)
    assert m.linearised_error(inf.fgt(x, 4.5, 0)) == pytest.approx(math.sqrt(poor * (1 - poor) / 4))


def test_error_of_the_gini_of_an_exponential():
    # Gail and Gastwirth (1978): the variance is 1 / (12 n) for large n.
    x = np.random.default_rng(8).exponential(size=200_000)
    assert m.linearised_error(inf.gini(x)) == pytest.approx(math.sqrt(1 / 12 / 200_000), rel=0.02)
    assert m.gini(x) == pytest.approx(0.5, abs=0.003)


def test_error_of_a_quantile_of_an_exponential():
    # sqrt(p (1 - p) / n) / f(Q), with f(Q) = 1 - p.
    n = 100_000
    x = np.random.default_rng(9).exponential(size=n)
    for p in (0.5, 0.9):
        assert m.linearised_error(inf.quantile(x, p)) == pytest.approx(
            math.sqrt(p * (1 - p) / n) / (1 - p), rel=0.05
        )


SAMPLED = {
    "gini": (m.gini, inf.gini),
    "s80s20": (m.s80s20, inf.s80s20),
    "palma": (m.palma, inf.palma),
    "p90_p10": (
        lambda x, w: m.quantile_ratio(x, 0.9, 0.1, w),
        lambda x, w: inf.quantile_ratio(x, 0.9, 0.1, w),
    ),
    "at_risk": (m.at_risk_of_poverty, inf.at_risk_of_poverty),
    "sen": (lambda x, w: m.sen(x, LINE, w), lambda x, w: inf.sen(x, LINE, w)),
    "theil": (m.theil, inf.theil),
}


@pytest.mark.slow
def test_linearised_errors_are_the_spread_between_samples():
    """400 samples of 500 with unequal weights: mean of the errors against the spread of the estimates."""
    rng = np.random.default_rng(6)
    estimates = {name: [] for name in SAMPLED}
    errors = {name: [] for name in SAMPLED}
    for _ in range(400):
        x, w = rng.lognormal(9, 0.6, 500), rng.uniform(0.5, 2.0, 500)
        for name, (measure, influence) in SAMPLED.items():
            estimates[name].append(float(measure(x, w)))
            errors[name].append(m.linearised_error(influence(x, w), w))
    for name in SAMPLED:
        assert np.mean(errors[name]) == pytest.approx(np.std(estimates[name]), rel=0.12), name


def test_influence_on_s80s20_by_hand_where_the_fifths_are_uneven():
    # Quantiles 1 and 1.5; S20 = 8, S80 = 11. Ties make the poorest four fifths of the weight.
    x, w = np.array([1.0, 2.0, 9.0]), np.array([8.0, 1.0, 1.0])
    of_top = np.array([1.5 * 0.2, 2 - 1.5 * 0.8, 9 - 1.5 * 0.8])
    of_bottom = np.array([1 - 1 * 0.8, 0.2, 0.2])
    own = (of_top - 11 / 8 * of_bottom) / 8
    assert inf.s80s20(x, w) == pytest.approx(own - np.sum(w * own) / 10)
    # And where they are even, by convey's form without a rest.
    ten = np.arange(1.0, 11.0)
    of_top = np.where(ten > 8.5, ten - 8.5 * 0.8, 8.5 * 0.2)
    of_bottom = np.where(ten <= 2.5, ten - 2.5 * 0.8, 2.5 * 0.2)
    assert inf.s80s20(ten) == pytest.approx((of_top - 19 / 3 * of_bottom) / 3)


def test_the_rate_of_a_group_with_the_line_of_all():
    rng = np.random.default_rng(12)
    rates, errors = [], []
    for _ in range(300):
        rural = rng.random(600) < 0.4
        x = rng.lognormal(9, 0.6, 600) * np.where(rural, 0.8, 1.0)
        rates.append(m.at_risk_of_poverty(x, None, 0.6, by=rural)[True])
        errors.append(m.linearised_error(inf.at_risk_of_poverty(x, None, 0.6, where=rural)))
    assert np.mean(errors) == pytest.approx(np.std(rates), rel=0.12)


def test_clusters_and_strata():
    x = np.array([1.0, 2.0, 5.0, 6.0, 9.0, 8.0])
    own = inf.mean(x)
    villages = ["a", "a", "b", "b", "c", "c"]
    means = np.array([1.5, 5.5, 8.5])
    assert m.linearised_error(own, clusters=villages) == pytest.approx(np.std(means, ddof=1) / math.sqrt(3))
    strata = [1, 1, 1, 2, 2, 2]
    by_hand = sum(9 / 36 * np.var(part, ddof=1) / 3 for part in (x[:3], x[3:]))
    assert m.linearised_error(own, strata=strata) == pytest.approx(math.sqrt(by_hand))
    # A village's label may come again in another stratum.
    again = m.linearised_error(own, strata=strata, clusters=["a", "b", "c", "a", "b", "c"])
    assert again == pytest.approx(math.sqrt(by_hand))


# ---------------------------------------------------------------- bootstrap


def test_replicates_are_the_same_in_any_number_and_for_any_order_of_rows():
    w = np.array([1.0, 2.0, 0.0, 3.0, 1.0])
    ten = list(m.replicate_weights(w, 10, seed=3))
    three = list(m.replicate_weights(w, 3, seed=3))
    assert all(np.array_equal(a, b) for a, b in zip(ten, three, strict=False))
    assert not np.array_equal(ten[0], ten[1])
    assert all(weights[2] == 0 for weights in ten)
    order = np.array([4, 0, 2, 1, 3])
    ids = np.array(["v", "w", "x", "y", "z"])
    straight = m.replicate_weights(w, 3, seed=3, clusters=ids)
    turned = m.replicate_weights(w[order], 3, seed=3, clusters=ids[order])
    assert all(np.array_equal(a[order], b) for a, b in zip(straight, turned, strict=True))


def test_a_replicate_draws_one_cluster_less_and_keeps_the_total_of_equal_weights():
    for weights in m.replicate_weights(np.ones(8), 20, strata=[1, 1, 1, 1, 2, 2, 2, 2]):
        assert np.sum(weights[:4]) == pytest.approx(4)
        assert np.all(np.isin(np.round(weights / (4 / 3), 9), range(4)))


def test_bootstrap_and_linearised_errors_agree():
    rng = np.random.default_rng(15)
    x, w = rng.lognormal(9, 0.6, 800), rng.uniform(0.5, 2.0, 800)
    strata = np.repeat([1, 2, 3, 4], 200)
    found = m.bootstrap(lambda v: [m.gini(x, v), m.fgt(x, LINE, 1, v)], w, 400, seed=1, strata=strata)
    assert found.estimate == pytest.approx([m.gini(x, w), m.fgt(x, LINE, 1, w)])
    want = [m.linearised_error(own, w, strata=strata) for own in (inf.gini(x, w), inf.fgt(x, LINE, 1, w))]
    assert found.standard_error == pytest.approx(want, rel=0.12)
    low, high = found.interval(0.95)
    assert np.all((low < found.estimate) & (found.estimate < high))
    assert (high - low) == pytest.approx(2 * 1.96 * np.array(want), rel=0.2)


def test_replicate_weights_that_came_with_the_data():
    assert m.replicate_error(2.0, [1.0, 3.0, 2.0, 2.0]) == pytest.approx(math.sqrt(0.5))
    assert m.replicate_error(2.0, [1.0, 3.0], "fay", fay=0.5) == pytest.approx(2.0)
    # The jackknife that leaves out one unit gives the mean its textbook error.
    x = np.array([1.0, 4.0, 2.0, 9.0])
    left_out = [np.mean(np.delete(x, k)) for k in range(4)]
    error = m.replicate_error(float(np.mean(x)), left_out, "jackknife")
    assert error == pytest.approx(np.std(x, ddof=1) / 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.linearised_error([1.0]), "1 of 1 strata have a single cluster"),
        (lambda: m.linearised_error([1.0, 2, 3], strata=[1, 1, 2]), "1 of 2 strata have a single cluster"),
        (lambda: m.linearised_error([1.0, np.nan]), "influence: 1 of 2 values are NaN"),
        (lambda: m.linearised_error([1.0, 2], clusters=["a", None]), "clusters: 1 of 2 labels are missing"),
        (lambda: m.linearised_error([1.0, 2], strata=["a"]), "strata: has 1 values"),
        (lambda: m.replicate_weights([1, 1], 1), "replicates: is 1"),
        (lambda: m.replicate_weights([1, 1], 5, seed=-1), "seed: is -1"),
        (lambda: m.replicate_weights([1, -1]), "weights: 1 of 2 values are negative"),
        (lambda: m.replicate_error(1.0, [1.0]), "replicates: has 1 values"),
        (lambda: m.replicate_error(1.0, [1.0, 2.0], "jack"), "kind: 'jack' is not one of"),
        (lambda: m.replicate_error(1.0, [1.0, 2.0], fay=1.0), "fay: is 1.0"),
        (lambda: m.replicate_error(np.nan, [1.0, 2.0]), "estimate: is nan; give a finite number"),
        (lambda: inf.quantile([3, 3, 3], 0.5), "all values are equal, so they have no density"),
        (lambda: inf.theil([0, -1]), "no value is positive"),
        (lambda: inf.ratio([1, 2], [0, 0]), "denominator: the weighted total is 0"),
        (lambda: inf.gini([0, 0]), "the weighted total is 0"),
        (lambda: inf.at_risk_of_poverty([1, 2, 3], where=[False] * 3), "where: no row of positive weight"),
    ],
)
def test_what_has_no_answer_is_told(call, words):
    with pytest.raises(MicrosimError) as caught:
        call()
    assert words in str(caught.value)
