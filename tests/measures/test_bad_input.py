"""What bad input gets: one error with every offence, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microsim import measures as m
from microsim.errors import MicrosimError

ALL = {
    "gini": lambda x, w: m.gini(x, w),
    "quantile": lambda x, w: m.quantile(x, 0.5, w),
    "s80s20": lambda x, w: m.s80s20(x, w),
    "palma": lambda x, w: m.palma(x, w),
    "theil": lambda x, w: m.theil(x, w),
    "mean_log_deviation": lambda x, w: m.mean_log_deviation(x, w),
    "atkinson": lambda x, w: m.atkinson(x, 0.5, w),
    "fgt": lambda x, w: m.fgt(x, 100, 1, w),
    "watts": lambda x, w: m.watts(x, 100, w),
    "sen": lambda x, w: m.sen(x, 100, w),
    "lorenz": lambda x, w: m.lorenz(x, w),
    "at_risk_of_poverty": lambda x, w: m.at_risk_of_poverty(x, w),
    "concentration_index": lambda x, w: m.concentration_index(x, x, w),
    "concentration_curve": lambda x, w: m.concentration_curve(x, x, w),
    "kakwani": lambda x, w: m.kakwani(x, x, w),
    "reynolds_smolensky": lambda x, w: m.reynolds_smolensky(x, x, w),
    "reranking": lambda x, w: m.reranking(x, x, w),
    "quantile_groups": lambda x, w: m.quantile_groups(x, w),
    "quantile_shares": lambda x, w: m.quantile_shares(x, w),
    "quantile_ratio": lambda x, w: m.quantile_ratio(x, 0.9, 0.1, w),
    "gainers_and_losers": lambda x, w: m.gainers_and_losers(x, x, w),
    "targeting": lambda x, w: m.targeting(x, x, w),
    "rank_reversals": lambda x, w: m.rank_reversals(x, x, w),
    "redistribution": lambda x, w: m.redistribution(x, x, w),
    "linearised_error": lambda x, w: m.linearised_error(x, w),
    "jump": lambda x, w: m.jump(x, x, w),
    "optimal_bandwidth": lambda x, w: m.optimal_bandwidth(x, x, w),
}
WORDS = {
    "empty": ([], None, ["is empty"]),
    "NaN": ([1, np.nan, np.inf], None, ["2 of 3 values are NaN or infinite, at positions 1, 2"]),
    "lengths": ([1, 2, 3], [1, 2], ["weights: has 2 values", "has 3"]),
    "negative weights": ([1, 2], [1, -2], ["weights: 1 of 2 values are negative, at positions 1"]),
    "zero weights": ([1, 2], [0, 0], ["weights: are all zero"]),
    "text": (["a", "b"], None, ["values that are not numbers"]),
    "missing": (pd.array([1.0, None], dtype="Float64"), None, ["cannot be computed"]),
    "two dimensions": ([[1, 2]], None, ["has 2 dimensions"]),
    "many": (
        [1] * 9 + [np.nan] * 9,
        [-1, np.nan],
        ["at positions 9, 10, 11, 12, 13, ...", "has 2 values", "NaN", "negative"],
    ),
}


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("case", WORDS)
def test_every_measure_says_what_is_wrong(measure, case):
    x, weights, words = WORDS[case]
    with pytest.raises(MicrosimError) as caught:
        ALL[measure](x, weights)
    assert str(caught.value).startswith(f"{measure} cannot be computed")
    for word in words:
        assert word in str(caught.value)


def test_all_offences_come_at_once():
    with pytest.raises(MicrosimError) as caught:
        m.fgt([1, np.nan], [0.0, 5.0], -1, [1, -1, 2], negatives="ignore")
    text = str(caught.value)
    for word in (
        "NaN",
        "lines are not positive",
        "alpha: is -1",
        "negative",
        "has 3 values",
        "negatives: 'ignore' is not one of",
    ):
        assert word in text
    assert len(caught.value.offences) == 6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.gini([0, 0]), "x: the weighted total is 0, so shares of it do not exist"),
        (lambda: m.gini([-3, 1]), "the weighted total is -2"),
        (
            lambda: m.gini([-3, -1], negatives="drop"),
            "every row with positive weight is negative and was dropped",
        ),
        (lambda: m.lorenz([1, 2], at=[0.5, 50]), "at: 1 of 2 values are outside 0 to 1, at positions 1"),
        (lambda: m.lorenz([1, 2], at="half"), "at: holds values that are not numbers"),
        (lambda: m.quantile([1, 2], 1.5), "q: 1 of 1 values are outside 0 to 1"),
        (lambda: m.quantile([1, 2], np.nan), "q: 1 of 1 values are outside 0 to 1"),
        (lambda: m.s80s20([1, 1, 1]), "no value is above the 80 % quantile, 1"),
        (lambda: m.s80s20([0, 0, 2, 3, 4]), "the total of the poorest quintile is 0, so no ratio"),
        (lambda: m.palma([0, 0, 0, 0, 1]), "the poorest 40 % hold 0 of the total"),
        (lambda: m.theil([0, -1]), "no value is positive"),
        (lambda: m.watts([0, -1], 5), "no value is positive"),
        (
            lambda: m.atkinson([1, -1, 5], 0.5),
            'x: 1 values are negative, which cannot be raised to the power 0.5; use negatives="floor"',
        ),
        (lambda: m.atkinson([1, 2], -0.5), "epsilon: is -0.5; give a number of at least 0"),
        (lambda: m.atkinson([1, 2], "1"), "epsilon: is '1'"),
        (lambda: m.sen([1, 2], 0), "line: 1 of 1 lines are not positive, such as 0"),
        (lambda: m.sen([1, 2], [1, np.nan]), "line: 1 of 2 values are NaN"),
        (lambda: m.fgt([1, 2], [1, 2, 3], 0), "line: has 3 values but x has 2"),
        (lambda: m.at_risk_of_poverty([0, 0, 5]), "the median is 0, so no line can be drawn from it"),
        (
            lambda: m.at_risk_of_poverty([1, 2, 3], by=["a", None, np.nan]),
            "by: 2 of 3 labels are missing, such as at positions 1, 2",
        ),
        (
            lambda: m.at_risk_of_poverty([1, 2, 3], by=np.array(["a", 1, "b"], object)),
            "by: mixes labels of different types",
        ),
        (lambda: m.at_risk_of_poverty([1, 2, 3], by=["a", "b"]), "by: has 2 values but x has 3"),
        (lambda: m.concentration_index([1, -1], [1, 2]), "x: the weighted total is 0"),
        (lambda: m.concentration_index([1, 2], [1, np.nan]), "rank_by: 1 of 2 values are NaN"),
        (lambda: m.kakwani([0, 0], [1, 2]), "tax: the weighted total is 0"),
        (lambda: m.kakwani([1, 2], [0, 0]), "pre: the weighted total is 0"),
        (lambda: m.reranking([1, 2, 3], [1, 2]), "post: has 2 values but pre has 3"),
    ],
)
def test_sound_columns_without_an_answer_and_wrong_options(call, words):
    with pytest.raises(MicrosimError) as caught:
        call()
    assert words in str(caught.value)
