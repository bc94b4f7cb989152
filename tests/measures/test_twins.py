"""Every measure against its naive twin, and the invariances that any weighted statistic must have."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microsim import measures as m
from microsim.errors import MicrosimError
from tests.measures import naive

MONEY = st.integers(0, 200).map(lambda k: 250.0 * k)  # few distinct values, so that ties and zeros are common
POSITIVE = st.integers(1, 200).map(lambda k: 250.0 * k)
WEIGHT = st.one_of(st.integers(0, 4).map(float), st.floats(0.01, 50.0))
LINE = 12_000.0
few = settings(max_examples=40, deadline=None, derandomize=True)


def table(*columns, weight=WEIGHT, least=1):
    """Rows of the columns and a weight, at least one of them counting; as tuples of lists."""
    rows = st.lists(st.tuples(*columns, weight), min_size=least, max_size=25)
    return rows.filter(lambda rows: any(row[-1] > 0 for row in rows)).map(
        lambda rows: tuple(map(list, zip(*rows, strict=True)))
    )


# name -> (function of x and weights, its twin)
ONE_COLUMN = {
    "gini": (m.gini, naive.gini),
    "median": (lambda x, w: m.quantile(x, 0.5, w), lambda x, w: naive.quantile(x, 0.5, w)),
    "quintile": (lambda x, w: m.quantile(x, 0.2, w), lambda x, w: naive.quantile(x, 0.2, w)),
    "s80s20": (m.s80s20, naive.s80s20),
    "palma": (m.palma, naive.palma),
    "lorenz": (lambda x, w: m.lorenz(x, w, 0.37), lambda x, w: naive.lorenz(x, w, 0.37)),
    "theil": (m.theil, naive.theil),
    "mean_log_deviation": (m.mean_log_deviation, naive.mean_log_deviation),
    "atkinson_0": (lambda x, w: m.atkinson(x, 0, w), lambda x, w: naive.atkinson(x, 0, w)),
    "atkinson_half": (lambda x, w: m.atkinson(x, 0.5, w), lambda x, w: naive.atkinson(x, 0.5, w)),
    "atkinson_1": (lambda x, w: m.atkinson(x, 1, w), lambda x, w: naive.atkinson(x, 1, w)),
    "atkinson_2": (lambda x, w: m.atkinson(x, 2.0, w), lambda x, w: naive.atkinson(x, 2.0, w)),
    "headcount": (lambda x, w: m.fgt(x, LINE, 0, w), lambda x, w: naive.fgt(x, LINE, 0, w)),
    "gap": (lambda x, w: m.fgt(x, LINE, 1, w), lambda x, w: naive.fgt(x, LINE, 1, w)),
    "severity": (lambda x, w: m.fgt(x, LINE, 2, w), lambda x, w: naive.fgt(x, LINE, 2, w)),
    "watts": (lambda x, w: m.watts(x, LINE, w), lambda x, w: naive.watts(x, LINE, w)),
    "sen": (lambda x, w: m.sen(x, LINE, w), lambda x, w: naive.sen(x, LINE, w)),
    "at_risk": (m.at_risk_of_poverty, naive.at_risk_of_poverty),
}
# Those that change when all values are multiplied: quantiles go along, poverty is against a fixed line.
SCALED = {"median": 1, "quintile": 1}
AGAINST_LINE = {"headcount", "gap", "severity", "watts", "sen"}
TWO_COLUMNS = {
    "concentration_index": (m.concentration_index, naive.concentration_index),
    "kakwani": (m.kakwani, naive.kakwani),
    "reynolds_smolensky": (m.reynolds_smolensky, naive.reynolds_smolensky),
    "reranking": (m.reranking, naive.reranking),
}


def value_or_none(measure, *args):
    """The measure, or None where the data have no answer (a total of 0, nobody above a quantile ...)."""
    try:
        return measure(*args)
    except MicrosimError:
        return None


@pytest.mark.parametrize("name", ONE_COLUMN)
@few
@given(data=table(MONEY))
def test_twin(name, data):
    fast, slow = ONE_COLUMN[name]
    try:
        want = slow(*data)
    except ZeroDivisionError:  # no answer: the package says so in words
        with pytest.raises(MicrosimError):
            fast(*data)
    else:
        assert fast(*data) == pytest.approx(want, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", TWO_COLUMNS)
@few
@given(data=table(POSITIVE, POSITIVE))
def test_twin_of_two_columns(name, data):
    fast, slow = TWO_COLUMNS[name]
    assert fast(*data) == pytest.approx(slow(*data), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", ONE_COLUMN)
@few
@given(data=table(POSITIVE, weight=st.integers(0, 4)))
def test_weights_mean_repetition(name, data):
    x, w = data
    fast, _ = ONE_COLUMN[name]
    repeated = [value for value, times in zip(x, w, strict=True) for _ in range(times)]
    assume(name != "s80s20" or len(set(repeated)) > 5)
    got = value_or_none(fast, x, w)
    alone = value_or_none(fast, repeated, None)
    assert got is alone is None or got == pytest.approx(alone, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", TWO_COLUMNS)
@few
@given(data=table(POSITIVE, POSITIVE, weight=st.integers(0, 4)))
def test_weights_mean_repetition_in_two_columns(name, data):
    first, second, w = data
    fast, _ = TWO_COLUMNS[name]
    rows = [k for k, times in enumerate(w) for _ in range(times)]
    alone = fast([first[k] for k in rows], [second[k] for k in rows])
    assert fast(first, second, w) == pytest.approx(alone, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", ONE_COLUMN)
@few
@given(
    data=table(POSITIVE, weight=st.floats(0.01, 50.0)),
    seed=st.integers(0, 2**31),
    scale=st.sampled_from([0.25, 3.0, 1e4]),
)
def test_order_and_scale_do_not_matter(name, data, seed, scale):
    x, w = map(np.array, data)
    fast, _ = ONE_COLUMN[name]
    want = value_or_none(fast, x, w)
    assume(want is not None)
    order = np.random.default_rng(seed).permutation(len(x))
    assert fast(x[order], w[order]) == pytest.approx(want, rel=1e-9, abs=1e-11)
    assert fast(x, w * scale) == pytest.approx(want, rel=1e-9, abs=1e-11)
    if name not in AGAINST_LINE:
        assert fast(x * scale, w) == pytest.approx(want * scale ** SCALED.get(name, 0), rel=1e-9, abs=1e-11)


@few
@given(data=table(POSITIVE, POSITIVE, weight=st.floats(0.01, 50.0)), scale=st.sampled_from([0.25, 1e4]))
def test_two_columns_scale_with_neither(data, scale):
    first, second, w = map(np.array, data)
    for fast, _ in TWO_COLUMNS.values():
        assert fast(first * scale, second * scale, w) == pytest.approx(
            fast(first, second, w), rel=1e-9, abs=1e-11
        )
    index = m.concentration_index(first, second, w)
    assert m.concentration_index(first, np.log(second), w) == pytest.approx(
        index, abs=1e-11
    )  # only ranks count


@few
@given(data=table(MONEY), line=st.integers(1, 60_000), alpha=st.floats(0, 4))
def test_bounds(data, line, alpha):
    x, w = data
    assume(sum(a * b for a, b in zip(x, w, strict=True)) > 0)
    whole = sum(w)
    assert -1e-12 <= m.gini(x, w) <= 1 - min(b for b in w if b > 0) / whole + 1e-12
    assert 0 <= m.atkinson(x, 0.5, w) + 1e-12 <= 1 + 2e-12
    assert m.theil(x, w) >= -1e-12
    assert m.mean_log_deviation(x, w) >= -1e-12
    head, deeper = m.fgt(x, line, 0, w), m.fgt(x, line, alpha, w)
    assert 0 <= deeper <= head + 1e-12 <= 1 + 2e-12
    assert m.fgt(x, line, 1, w) - 1e-12 <= m.sen(x, line, w) <= head + 1e-12
    population, held = m.lorenz(x, w)
    assert population[0] == held[0] == 0.0
    assert population[-1] == held[-1] == 1.0
    assert np.all(held <= population + 1e-12)
    assert np.all(np.diff(held) >= 0)


@few
@given(data=table(POSITIVE, POSITIVE, weight=st.floats(0.01, 50.0)))
def test_identities(data):
    pre, post, w = data
    g_pre, g_post, c_post = m.gini(pre, w), m.gini(post, w), m.concentration_index(post, pre, w)
    assert m.concentration_index(pre, pre, w) == pytest.approx(g_pre, abs=1e-12)
    assert m.kakwani(post, pre, w) == pytest.approx(c_post - g_pre, abs=1e-12)
    assert m.reynolds_smolensky(pre, post, w) == pytest.approx(g_pre - c_post, abs=1e-12)
    assert m.reranking(pre, post, w) == pytest.approx(g_post - c_post, abs=1e-12)
    assert m.reynolds_smolensky(pre, post, w) - m.reranking(pre, post, w) == pytest.approx(
        g_pre - g_post, abs=1e-12
    )
    assert m.reranking(pre, post, w) >= -1e-12
    assert abs(c_post) <= g_post + 1e-12
    assert m.kakwani(0.3 * np.array(pre), pre, w) == pytest.approx(0, abs=1e-12)  # a proportional tax
    assert m.reynolds_smolensky(pre, 0.7 * np.array(pre), w) == pytest.approx(0, abs=1e-12)


@few
@given(data=table(POSITIVE, POSITIVE, weight=st.floats(0.01, 50.0)))
def test_areas_below_the_curves_are_the_indices(data):
    x, by, w = data
    population, held = m.lorenz(x, w)
    assert 1 - 2 * np.trapezoid(held, population) == pytest.approx(m.gini(x, w), abs=1e-11)
    population, held = m.concentration_curve(x, by, w)
    assert 1 - 2 * np.trapezoid(held, population) == pytest.approx(m.concentration_index(x, by, w), abs=1e-11)


@few
@given(data=table(POSITIVE, weight=st.floats(0.01, 50.0)))
def test_atkinson_is_smooth_around_one_and_grows_with_aversion(data):
    x, w = data
    at_one = m.atkinson(x, 1, w)
    assert m.atkinson(x, 1 + 1e-9, w) == pytest.approx(at_one, abs=1e-7)
    assert m.atkinson(x, 1 - 1e-9, w) == pytest.approx(at_one, abs=1e-7)
    values = [m.atkinson(x, e, w) for e in (0.0, 0.3, 0.9, 1.0, 1.5, 3.0, 30.0, 300.0)]
    assert all(a <= b + 1e-11 for a, b in itertools.pairwise(values))
    assert values[-1] < 1


@few
@given(data=table(MONEY, st.sampled_from(["rural", "urban"])))
def test_at_risk_of_poverty_by_group(data):
    x, area, w = data
    assume(naive.quantile(x, 0.5, w) > 0)
    got = m.at_risk_of_poverty(x, w, 0.5, area)
    assert got == pytest.approx(naive.at_risk_of_poverty(x, w, 0.5, area))
    assert list(got) == sorted(got)


@few
@given(data=table(MONEY))
def test_rows_of_weight_zero_count_for_nothing(data):
    x, w = data
    more_x, more_w = [*x, 0.0, 9e9], [*w, 0.0, 0.0]
    for fast, _ in ONE_COLUMN.values():
        got = value_or_none(fast, more_x, more_w)
        assert got == value_or_none(fast, x, w) or got == pytest.approx(value_or_none(fast, x, w), rel=1e-12)


def test_a_large_sample_against_the_twin():
    rng = np.random.default_rng(5)
    x, w = np.round(rng.lognormal(9.5, 0.8, 700), 0), rng.uniform(0.5, 3.0, 700)
    for fast, slow in ONE_COLUMN.values():
        assert fast(x, w) == pytest.approx(slow(x, w), rel=1e-10)
