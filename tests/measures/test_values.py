"""Values worked out by hand, and the written definitions where tools differ: ties, boundaries, negatives."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest

from microsim import measures as m
from microsim.errors import MicrosimError

TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_gini():
    assert m.gini([5, 5, 5]) == 0
    assert m.gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert m.gini([1, 2, 3, 4]) == pytest.approx(0.25)  # sum of |difference| over pairs 20, / (2 * 16 * 2.5)
    assert m.gini([0, 1], [3, 1]) == pytest.approx(0.75)
    assert m.gini([7]) == 0


def test_gini_keeps_floors_or_drops_negatives():
    x = [-2, 0, 4]
    assert m.gini(x) == pytest.approx(2)  # above 1: sum of |difference| over pairs 24, / (2 * 9 * 2/3)
    assert m.gini(x, negatives="floor") == pytest.approx(2 / 3)
    assert m.gini(x, negatives="drop") == pytest.approx(1 / 2)


def test_quantile_is_a_value_or_the_mean_of_two():
    assert m.quantile(TEN, 0.5) == 5.5
    assert m.quantile(TEN, 0.55) == 6
    assert m.quantile(TEN, 0.3) == 3.5
    assert m.quantile(TEN, [0, 0.1, 1]).tolist() == [1, 1.5, 10]
    assert m.quantile([1, 2, 3], 0.5, [1, 1, 2]) == 2.5
    assert m.quantile([1, 2, 3], 0.5, [1, 1, 2.0000001]) == 3
    assert m.quantile([3, 1, 2], 0.5, [0, 1, 0]) == 1
    assert m.quantile(TEN, np.array([[0.5, 1.0]])).shape == (1, 2)


def test_quantile_sees_equality_through_rounding():
    # 0.1 + 0.2 is not 0.3 in floating point, yet the cumulative share is meant to be equal.
    assert m.quantile([1, 2, 3], 0.3, [0.1, 0.2, 0.7]) == 2.5
    assert m.quantile(np.arange(1000), 0.7, np.full(1000, 0.1)) == 699.5


def test_quantiles_of_hyndman_and_fan_type_2():
    x = np.random.default_rng(3).normal(size=32)
    levels = np.arange(65) / 64  # exact in binary, so that both see equality where there is equality
    want = np.quantile(x, levels, method="averaged_inverted_cdf")
    assert m.quantile(x, levels) == pytest.approx(want)


def test_s80s20():
    assert m.s80s20([1, 2, 3, 4, 5]) == 5
    assert m.s80s20(TEN) == pytest.approx(9.5 / 1.5)
    # Totals, not means: with ties at the 20 % quantile the poorest group is larger and holds more.
    assert m.s80s20([1, 1, 1, 4, 5]) == pytest.approx(5 / 3)
    assert m.s80s20([1, 2, 9], [8, 1, 1]) == pytest.approx((2 + 9) / 8)


def test_palma_splits_the_boundary_unit():
    assert m.palma([5] * 7) == pytest.approx(0.25)
    assert m.palma(TEN) == pytest.approx(10 / (1 + 2 + 3 + 4))
    # Five people: the richest tenth is half of the richest person, the poorest four tenths are two persons.
    assert m.palma([1, 2, 3, 4, 10]) == pytest.approx(5 / 3)
    # Three people: four tenths are the first and a fifth of the second.
    assert m.palma([1, 2, 6]) == pytest.approx(0.3 * 6 / (1 + 0.2 * 2))


def test_lorenz():
    population, held = m.lorenz([3, 1])
    assert population.tolist() == [0, 0.5, 1]
    assert held.tolist() == [0, 0.25, 1]
    assert m.lorenz([3, 1], at=0.25) == pytest.approx(0.125)
    assert m.lorenz([3, 1], None, [0, 0.5, 1]).tolist() == [0, 0.25, 1]
    assert m.lorenz([-1, 3])[1].tolist() == [0, -0.5, 1]


def test_entropy_and_atkinson():
    assert m.theil([1, 3]) == pytest.approx((0.5 * math.log(0.5) + 1.5 * math.log(1.5)) / 2)
    assert m.mean_log_deviation([1, 3]) == pytest.approx(-(math.log(0.5) + math.log(1.5)) / 2)
    assert m.atkinson([1, 3], 1) == pytest.approx(1 - math.sqrt(3) / 2)
    assert m.atkinson([1, 3], 2) == pytest.approx(1 - 1.5 / 2)  # harmonic mean 1.5
    assert m.atkinson([0, 4], 0.5) == pytest.approx(0.5)  # ((0 + 2) / 2)^2 = 1 against a mean of 2
    assert m.atkinson([1, 1e6], 400) == pytest.approx(1, abs=1e-5)  # no overflow


def test_values_that_are_not_positive_are_left_out_and_reported():
    for value in (m.theil([-1, 0, 1, 3], [1, 2, 4, 4]), m.mean_log_deviation([-1, 0, 1, 3], [1, 2, 4, 4])):
        assert isinstance(value, float)
        assert value.excluded_weight == 3
        assert value.excluded_share == pytest.approx(3 / 11)
    assert m.theil([-1, 0, 1, 3]) == m.theil([1, 3])
    assert m.atkinson([0, 1, 3], 1).excluded_weight == 1
    assert m.atkinson([0, 1, 3], 0.5).excluded_weight == 0
    assert m.watts([0, 1, 9], 2).excluded_share == pytest.approx(1 / 3)
    for again in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert again == value
        assert again.excluded_weight == 3


def test_atkinson_below_one_takes_negatives_only_when_told_how():
    assert m.atkinson([-5, 0, 4], 0.5, negatives="drop") == pytest.approx(0.5)
    assert m.atkinson([-5, 4], 0.5, negatives="floor") == pytest.approx(0.5)


def test_poverty():
    x, line = [0, 50, 100, 150], 100
    assert m.fgt(x, line, 0) == 0.5  # 100 is not below the line
    assert m.fgt(x, line, 1) == (1 + 0.5) / 4
    assert m.fgt(x, line, 2) == (1 + 0.25) / 4
    assert m.fgt([-100, 300], line, 1) == 1.0  # a gap of twice the line
    assert m.fgt([-100, 300], line, 1, negatives="floor") == 0.5
    assert m.fgt([-100, 300], line, 1, negatives="drop") == 0
    assert m.watts([50, 200], line) == pytest.approx(math.log(2) / 2)
    assert m.fgt([0, 50], line, 0, [3, 0]) == 1


def test_lines_may_differ_between_rows():
    x, lines = [50, 50], [100, 40]
    assert m.fgt(x, lines, 1) == 0.25
    assert m.watts(x, lines) == pytest.approx(math.log(2) / 2)
    assert m.sen(x, lines) == pytest.approx(0.25)


def test_sen():
    # H = 1/2, I = (0.8 + 0.4) / 2, Gini of 20 and 60 = 1/4.
    assert m.sen([20, 60, 100, 200], 100) == pytest.approx(0.5 * (0.6 + 0.4 * 0.25))
    assert m.sen([0, 0, 100], 100) == pytest.approx(2 / 3)  # all the poor have nothing
    assert m.sen([100, 200], 100) == 0


def test_at_risk_of_poverty_uses_one_line_for_all_groups():
    x = [5, 7, 10, 10, 12, 20]
    assert m.at_risk_of_poverty(x) == pytest.approx(1 / 6)  # below 6
    assert m.at_risk_of_poverty(x, share=0.7) == pytest.approx(1 / 6)  # 7 is not below 7
    area = pd.Categorical(["rural", "rural", "urban", "urban", "urban", "rural"])
    assert m.at_risk_of_poverty(x, by=area) == pytest.approx({"rural": 1 / 3, "urban": 0})
    assert m.at_risk_of_poverty(x, [1, 1, 1, 1, 1, 0], by=[1, 1, 2, 2, 2, 3]) == pytest.approx({1: 0.5, 2: 0})


def test_concentration_averages_tied_ranks():
    assert m.concentration_index([1, 0, 0, 0], [1, 2, 3, 4]) == pytest.approx(-0.75)
    assert m.concentration_index([1, 0], [5, 5]) == 0  # which of the two comes first cannot matter
    assert m.concentration_index([0, 0, 4], [1, 2, 2]) == pytest.approx(1 / 3)
    population, held = m.concentration_curve([0, 0, 4], [1, 2, 2])
    assert population == pytest.approx([0, 1 / 3, 1])
    assert held.tolist() == [0, 0, 1]
    assert m.concentration_curve([0, 0, 4], [1, 2, 2], at=2 / 3) == pytest.approx(0.5)
    assert m.concentration_index([-1, 0], [1, 2]) == m.concentration_index([1, 0], [1, 2])


def test_progressivity_and_reranking():
    pre = [1, 2, 3, 4]
    assert m.kakwani([0, 0, 0, 1], pre) == pytest.approx(0.75 - 0.25)
    assert m.kakwani([1, 0, 0, 0], pre) == pytest.approx(-0.75 - 0.25)
    # A transfer that turns the order round: G_post = 1/4 again, C_post = -1/4.
    assert m.reynolds_smolensky(pre, [4, 3, 2, 1]) == pytest.approx(0.5)
    assert m.reranking(pre, [4, 3, 2, 1]) == pytest.approx(0.5)
    assert m.reranking(pre, [2, 2.5, 3, 4]) == pytest.approx(0)


def test_pandas_integers_and_booleans_are_numbers():
    x = pd.Series([1, 2, 3, 4], index=[9, 8, 7, 6])
    assert m.gini(x, pd.Series([1, 1, 1, 1])) == pytest.approx(0.25)
    assert m.gini(pd.array([1, 2, 3, 4], dtype="Int64")) == pytest.approx(0.25)
    assert m.fgt(np.array([True, False]), 1, 0) == 0.5


# A measure of one column keeps, floors or drops negatives as if the caller had done so.
SIGNED = {
    "gini": m.gini,
    "lorenz": lambda x, w, **k: m.lorenz(x, w, 0.7, **k),
    "s80s20": m.s80s20,
    "palma": m.palma,
    "quantile": lambda x, w, **k: m.quantile(x, 0.3, w, **k),
    "quantile_ratio": lambda x, w, **k: m.quantile_ratio(x, 0.9, 0.7, w, **k),
    "quantile_shares": lambda x, w, **k: m.quantile_shares(x, w, 2, **k)[0],
    "theil": m.theil,
    "mean_log_deviation": m.mean_log_deviation,
    "watts": lambda x, w, **k: m.watts(x, 4.5, w, **k),
    "sen": lambda x, w, **k: m.sen(x, 4.5, w, **k),
    "fgt": lambda x, w, **k: m.fgt(x, 4.5, 1, w, **k),
    "at_risk_of_poverty": lambda x, w, **k: m.at_risk_of_poverty(x, w, 0.9, **k),
    "concentration_index": lambda x, w, **k: m.concentration_index(x, np.arange(len(x)), w, **k),
    "concentration_curve": lambda x, w, **k: m.concentration_curve(x, np.arange(len(x)), w, 0.4, **k),
    "kakwani": lambda x, w, **k: m.kakwani(np.ones(len(x)), x, w, **k),
    "reynolds_smolensky": lambda x, w, **k: m.reynolds_smolensky(x, np.sin(x) + 9, w, **k),
    "redistribution": lambda x, w, **k: m.redistribution(np.arange(len(x)) % 3 + 1, x, w, **k).horizontal,
    "reranking": lambda x, w, **k: m.reranking(np.arange(len(x)) % 3 + 1, x, w, **k),
}


@pytest.mark.parametrize("name", SIGNED)
def test_negatives_are_kept_floored_or_dropped_as_asked(name):
    measure = SIGNED[name]
    x, w = np.array([3.0, 4.0, 6.0, -2.0, 7.0, 9.0, -1.0]), np.array([1.0, 2.0, 1.0, 0.1, 3.0, 1.0, 0.1])
    if name == "reynolds_smolensky":  # the column before is floored, the one after is made of x as it was
        floored = m.reynolds_smolensky(np.maximum(x, 0), np.sin(x) + 9, w)
    else:
        floored = measure(np.maximum(x, 0), w)
    assert measure(x, w, negatives="floor") == pytest.approx(floored)
    at_zero = np.where(x < 0, 0.0, w)  # to leave a row out and to weigh it with 0 are the same
    assert measure(x, w, negatives="drop") == pytest.approx(measure(x, at_zero))
    assert measure(x, w, negatives="keep") == measure(x, w)
    with pytest.raises(MicrosimError, match="negatives: 'flor' is not one of keep, floor, drop"):
        measure(x, w, negatives="flor")


def test_dropped_negatives_do_not_count_as_left_out():
    x = [-1.0, 0.0, 2.0, 4.0]
    assert m.theil(x).excluded_share == 0.5
    assert m.theil(x, negatives="drop").excluded_share == pytest.approx(1 / 3)
    assert m.watts(x, 3, negatives="floor").excluded_weight == 2
