"""What a reform or a programme changes: gainers, targeting, reversed pairs, unequal treatment of equals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microsim import measures as m
from microsim.errors import MicrosimError
from tests.measures import naive
from tests.measures.test_groups_and_sources import MONEY, POSITIVE, table

few = settings(max_examples=40, deadline=None, derandomize=True)


# ---------------------------------------------------------------- gainers and losers


def test_gainers_and_losers():
    found = m.gainers_and_losers([100, 100, 100, 0], [130, 90, 100.004, -20], [1, 2, 3, 4])
    assert (found.gainers, found.losers, found.unchanged, found.total) == (1, 6, 3, 10)
    assert found.mean_gain == 30
    assert found.mean_loss == pytest.approx((2 * 10 + 4 * 20) / 6)
    assert found.losing_share == 0.6
    within = m.gainers_and_losers([100, 100, 100, 0], [130, 90, 101, -20], [1, 2, 3, 4], relative=0.15)
    assert (within.gainers, within.losers, within.unchanged) == (1, 4, 5)
    nobody = m.gainers_and_losers([1, 2], [1, 2])
    assert nobody.mean_gain == nobody.mean_loss == 0


@few
@given(data=table(MONEY, MONEY, weight=st.integers(0, 4)))
def test_gains_less_losses_are_the_change_and_swapping_mirrors(data):
    before, after, w = data
    found, back = m.gainers_and_losers(before, after, w), m.gainers_and_losers(after, before, w)
    change = sum(u * (b - a) for a, b, u in zip(before, after, w, strict=True))
    assert found.total_gain - found.total_loss == pytest.approx(change)
    assert (found.gainers, found.total_gain) == (back.losers, back.total_loss)
    rows = [k for k, times in enumerate(w) for _ in range(times)]
    alone = m.gainers_and_losers([before[k] for k in rows], [after[k] for k in rows])
    assert alone == found


# ---------------------------------------------------------------- targeting


def test_targeting_in_a_table_of_four():
    # 40 poor of 100: 30 get 2 each; 10 of the others get 4 each.
    found = m.targeting([2, 0, 4, 0], [1, 1, 0, 0], [30, 10, 10, 50])
    assert found.coverage == pytest.approx(0.75)
    assert found.exclusion_error == pytest.approx(0.25)
    assert found.inclusion_error == pytest.approx(0.25)
    assert found.leakage == pytest.approx(0.4)
    assert found.cgh == pytest.approx(0.6 / 0.4)
    assert found.target_share == found.recipient_share == 0.4


def test_a_universal_benefit_has_index_one_and_nobody_is_not_a_share():
    assert m.targeting([5, 5, 5], [True, False, False]).cgh == pytest.approx(1)
    nothing = m.targeting([0, 0], [True, False])
    assert math.isnan(nothing.leakage)
    assert math.isnan(nothing.cgh)
    assert math.isnan(nothing.inclusion_error)
    assert nothing.coverage == 0
    assert math.isnan(m.targeting([1, 2], [False, False]).coverage)


@few
@given(data=table(MONEY, st.booleans(), weight=st.integers(0, 4)))
def test_targeting_takes_weights_as_repetition_and_counts_as_sets(data):
    benefit, target, w = data
    people = [(b, t) for b, t, times in zip(benefit, target, w, strict=True) for _ in range(times)]
    found = m.targeting(benefit, target, w)
    alone = m.targeting(*map(list, zip(*people, strict=True)))
    poor, paid = [p for p in people if p[1]], [p for p in people if p[0] > 0]
    both = [p for p in poor if p[0] > 0]
    for name in ("coverage", "leakage", "cgh", "inclusion_error", "exclusion_error"):
        assert getattr(found, name) == pytest.approx(getattr(alone, name), nan_ok=True)
    if poor:
        assert found.coverage == pytest.approx(len(both) / len(poor))
    if paid:
        assert found.inclusion_error == pytest.approx(1 - len(both) / len(paid))
        outside = sum(b for b, t in people if not t)
        assert found.leakage == pytest.approx(outside / sum(b for b, _ in people))


# ---------------------------------------------------------------- reversed pairs


def test_reversed_and_levelled_pairs():
    whole = m.rank_reversals([1, 2, 3, 4], [4, 3, 2, 1])
    assert (whole.reversed, whole.pairs) == (1, 6)
    # Ties before are no pairs: (1, 3) and (1, 3) remain, one of them levelled.
    ties = m.rank_reversals([1, 1, 3], [2, 9, 2])
    assert (ties.pairs, ties.reversed, ties.levelled, ties.kept) == (2, 0.5, 0.5, 0)
    assert m.rank_reversals([1, 2], [2, 1], [3, 5]).pairs == 15


@few
@given(data=table(MONEY, MONEY))
def test_reversals_and_their_twin(data):
    pre, post, w = data
    assume(len({x for x, u in zip(pre, w, strict=True) if u > 0}) > 1)
    turned, level = naive.rank_reversals(pre, post, w)
    found = m.rank_reversals(pre, post, w)
    assert found.reversed == pytest.approx(turned, abs=1e-12)
    assert found.levelled == pytest.approx(level, abs=1e-12)
    assert found.reversed + found.levelled + found.kept == pytest.approx(1)


@few
@given(data=table(POSITIVE, POSITIVE, weight=st.integers(0, 3)), seed=st.integers(0, 99))
def test_reversals_take_weights_as_repetition_and_no_order_or_scale(data, seed):
    pre, post, w = map(np.array, data)
    assume(len(np.unique(pre[w > 0])) > 1)
    found = m.rank_reversals(pre, post, w)
    rows = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(w)), w))
    again = m.rank_reversals(pre[rows] * 7, np.log(post[rows]))
    assert again.reversed == pytest.approx(found.reversed, abs=1e-12)
    assert again.levelled == pytest.approx(found.levelled, abs=1e-12)


def test_reversals_of_many_against_kendalls_tau():
    from scipy.stats import kendalltau  # two seconds, in each worker

    rng = np.random.default_rng(1)
    pre = rng.normal(size=3000)
    post = pre + rng.normal(size=3000)
    tau = kendalltau(pre, post).statistic
    assert m.rank_reversals(pre, post).reversed == pytest.approx((1 - tau) / 2, rel=1e-10)


# ---------------------------------------------------------------- equals and unequals


def test_equals_made_unequal_are_horizontal_and_overtaking_is_reranking():
    equals = m.redistribution([2, 2, 6, 6], [1, 3, 6, 6])
    assert equals.vertical == 0
    assert equals.horizontal == pytest.approx(m.gini([1, 3]) * 0.5 * 0.25)
    assert equals.reranking == pytest.approx(0, abs=1e-15)
    swapped = m.redistribution([1, 2], [2, 1])
    assert swapped.total == pytest.approx(0)
    assert swapped.vertical == pytest.approx(swapped.reranking)
    assert swapped.reranking == pytest.approx(m.reranking([1, 2], [2, 1]))


@few
@given(data=table(POSITIVE, POSITIVE), width=st.sampled_from([0.0, 900.0, 5000.0]))
def test_redistribution_and_its_twin(data, width):
    pre, post, w = data
    found = m.redistribution(pre, post, w, equals_within=width)
    slow = naive.redistribution(pre, post, w, width)
    assert (found.total, found.vertical, found.horizontal, found.reranking) == pytest.approx(slow, abs=1e-11)
    assert found.total == pytest.approx(found.vertical - found.horizontal - found.reranking, abs=1e-12)
    assert found.reranking >= -1e-11


@few
@given(data=table(POSITIVE, POSITIVE, weight=st.floats(0.01, 50)), scale=st.sampled_from([0.5, 4.0]))
def test_redistribution_scales_with_the_width_of_equals(data, scale):
    pre, post, w = map(np.array, data)
    found = m.redistribution(pre, post, w, equals_within=1000.0)
    again = m.redistribution(pre * scale, post * scale, w * 3, equals_within=1000.0 * scale)
    assert again.horizontal == pytest.approx(found.horizontal, abs=1e-11)
    assert again.vertical == pytest.approx(found.vertical, abs=1e-11)
    one = m.redistribution(pre, post, w, equals_within=1e9)  # everybody an equal: all is horizontal
    assert (one.vertical, one.reranking) == pytest.approx((0, 0), abs=1e-11)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.gainers_and_losers([1], [1], tolerance=-1), "tolerance: is -1"),
        (lambda: m.gainers_and_losers([1, 2], [1]), "after: has 1 values but before has 2"),
        (lambda: m.targeting([-1, 2], [0, 1]), "benefit: 1 of 2 values are negative"),
        (lambda: m.targeting([1, 2], [0, 2]), "target: holds values other than 0 and 1"),
        (lambda: m.rank_reversals([1, 1], [1, 2]), "pre: all values are equal"),
        (lambda: m.redistribution([1, 1], [1, 2], equals_within=-1), "equals_within: is -1"),
        (lambda: m.redistribution([1, 1], [0, 0]), "post: the weighted total is 0"),
    ],
)
def test_what_has_no_answer_is_told(call, words):
    with pytest.raises(MicrosimError) as caught:
        call()
    assert words in str(caught.value)
