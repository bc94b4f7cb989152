"""Quantile groups, and decompositions by group of people, by source of income and by Shapley value."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microsim import measures as m
from microsim.errors import MicrosimError
from tests.measures import naive

MONEY = st.integers(0, 60).map(lambda k: 250.0 * k)
POSITIVE = st.integers(1, 60).map(lambda k: 250.0 * k)
WEIGHT = st.one_of(st.integers(0, 4).map(float), st.floats(0.01, 50.0))
few = settings(max_examples=40, deadline=None, derandomize=True)


def table(*columns, weight=WEIGHT):
    rows = st.lists(st.tuples(*columns, weight), min_size=1, max_size=25)
    return rows.filter(lambda rows: any(row[-1] > 0 for row in rows)).map(
        lambda rows: tuple(map(list, zip(*rows, strict=True)))
    )


# ---------------------------------------------------------------- quantile groups


def test_ten_equal_people_are_ten_deciles():
    x = [7, 3, 9, 1, 10, 2, 8, 5, 4, 6]
    assert m.quantile_groups(x).tolist() == x
    assert m.quantile_shares(x) == pytest.approx(np.arange(1, 11) / 55)


def test_ties_stand_together_and_may_leave_groups_empty():
    assert m.quantile_groups([0, 0, 0, 0, 5], groups=5).tolist() == [1, 1, 1, 1, 5]
    assert m.quantile_groups([5, 5, 5, 5], groups=2).tolist() == [1, 1, 1, 1]


def test_rows_of_weight_zero_move_no_boundary_but_have_a_group():
    assert m.quantile_groups([1, 2, 100, 3, 4], [1, 1, 0, 1, 1], groups=2).tolist() == [1, 1, 2, 2, 2]


def test_negatives_are_kept_floored_or_set_apart():
    x = [-5, -1, 0, 2, 4, 6]
    assert m.quantile_groups(x, groups=2).tolist() == [1, 1, 1, 2, 2, 2]
    assert m.quantile_groups(x, groups=2, negatives="floor").tolist() == [1, 1, 1, 2, 2, 2]
    assert m.quantile_groups(x, groups=2, negatives="drop").tolist() == [0, 0, 1, 1, 2, 2]
    assert m.quantile_shares([-1, 1, 2, 4], groups=2).tolist() == [0, 1]
    assert m.quantile_shares([-1, 1, 2, 4], groups=2, negatives="floor") == pytest.approx([1 / 7, 6 / 7])


@few
@given(data=table(MONEY), groups=st.integers(2, 10))
def test_groups_and_their_twin(data, groups):
    x, w = data
    found = m.quantile_groups(x, w, groups)
    assert found.tolist() == naive.decile_groups(x, w, groups)
    assert all(a <= b for a, b in itertools.pairwise(found[np.argsort(x, kind="stable")]))
    assert m.quantile_groups(np.array(x) * 3.0, np.array(w) * 8.0, groups).tolist() == found.tolist()


@few
@given(data=table(POSITIVE, weight=st.floats(0.01, 50.0)))
def test_fifths_are_those_of_s80s20(data):
    x, w = map(np.array, data)
    fifth = m.quantile_groups(x, w, 5)
    assume(np.any(fifth == 5))
    held = [np.sum((w * x)[fifth == k]) for k in (1, 5)]
    assert m.s80s20(x, w) == pytest.approx(held[1] / held[0])


@few
@given(data=table(POSITIVE, weight=st.integers(0, 4)))
def test_shares_sum_to_one_rise_and_take_weights_as_repetition(data):
    x, w = data
    shares = m.quantile_shares(x, w)
    assert shares.sum() == pytest.approx(1)
    assert np.all(np.diff(shares) >= -1e-12)
    repeated = [value for value, times in zip(x, w, strict=True) for _ in range(times)]
    assert m.quantile_shares(repeated) == pytest.approx(shares, abs=1e-11)
    assert shares[0] == pytest.approx(naive.lorenz(x, w, 0.1), abs=1e-11)


def test_quantile_ratio():
    assert m.quantile_ratio(range(1, 11)) == pytest.approx(9.5 / 1.5)
    assert m.quantile_ratio([1, 2, 3], 0.5, 0.1, [1, 1, 8]) == pytest.approx(3 / 1.5)


# ---------------------------------------------------------------- within, between


def test_two_groups_of_equals_have_no_inequality_within():
    found = m.theil_by_group([1, 1, 3, 3], ["a", "a", "b", "b"])
    assert found.within == pytest.approx(0, abs=1e-15)
    # Means 1 and 3 around 2: a quarter and three quarters of the income at ratios 1/2 and 3/2.
    assert found.between == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))
    also = m.mean_log_deviation_by_group([1, 1, 3, 3], ["a", "a", "b", "b"])
    assert also.between == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(2 / 3))


@few
@given(data=table(MONEY, st.sampled_from(["rural", "town", "urban"])))
def test_within_and_between_add_up(data):
    x, by, w = data
    assume(any(v > 0 and u > 0 for v, u in zip(x, w, strict=True)))
    for decomposed, index in (
        (m.theil_by_group, m.theil),
        (m.mean_log_deviation_by_group, m.mean_log_deviation),
    ):
        found, whole = decomposed(x, by, w), index(x, w)
        assert found.within + found.between == pytest.approx(float(whole), abs=1e-11)
        assert found.between >= -1e-12
        assert found.index == pytest.approx(float(whole), abs=1e-12)
        assert found.excluded_weight == pytest.approx(whole.excluded_weight)
        assert sum(part.weight_share for part in found.groups.values()) == pytest.approx(1)
        assert list(found.groups) == sorted(found.groups)
        assert found.within == pytest.approx(
            sum(part.contribution for part in found.groups.values()), abs=1e-15
        )


@few
@given(data=table(MONEY, st.sampled_from([1, 2, 3])), alpha=st.sampled_from([0, 1, 2]))
def test_poverty_of_groups_adds_up(data, alpha):
    x, by, w = data
    parts = m.fgt_by_group(x, 6000.0, alpha, by, w)
    assert sum(part.contribution for part in parts.values()) == pytest.approx(m.fgt(x, 6000.0, alpha, w))
    for label, part in parts.items():
        own = [k for k, name in enumerate(by) if name == label]
        alone = naive.fgt([x[k] for k in own], 6000.0, alpha, [w[k] for k in own])
        assert part.index == pytest.approx(alone)


def test_a_group_without_weight_is_no_group():
    assert set(m.theil_by_group([1, 2, 3], ["a", "b", "a"], [1, 0, 1]).groups) == {"a"}
    assert set(m.fgt_by_group([1, 2, 3], 2, 0, ["a", "b", "a"], [1, 0, 1])) == {"a"}


# ---------------------------------------------------------------- sources


@few
@given(data=table(MONEY, MONEY, MONEY))
def test_sources_add_up_to_the_gini(data):
    a, b, c, w = data
    income = [sum(row) for row in zip(a, b, c, strict=True)]
    assume(sum(v * u for v, u in zip(income, w, strict=True)) > 0)
    whole = naive.gini(income, w)
    parts = m.gini_by_source({"a": a, "b": b, "c": c}, w)
    assert sum(part.contribution for part in parts.values()) == pytest.approx(whole, abs=1e-11)
    assert sum(part.share for part in parts.values()) == pytest.approx(1)
    for name, column in (("a", a), ("b", b), ("c", c)):
        part = parts[name]
        if not math.isnan(part.gini):
            assert part.gini == pytest.approx(naive.gini(column, w), abs=1e-11)
        if not math.isnan(part.correlation):
            assert -1 - 1e-9 <= part.correlation <= 1 + 1e-9
            assert part.contribution == pytest.approx(part.share * part.gini * part.correlation, abs=1e-11)


def test_the_elasticity_is_what_one_per_cent_more_does():
    rng = np.random.default_rng(3)
    wage, farm, w = rng.lognormal(9, 1, 300), rng.lognormal(8, 0.6, 300), rng.uniform(0.5, 2, 300)
    part = m.gini_by_source({"wage": wage, "farm": farm}, w)["wage"]
    before = m.gini(wage + farm, w)
    after = m.gini(wage * (1 + 1e-7) + farm, w)
    assert (after - before) / before / 1e-7 == pytest.approx(part.elasticity, abs=1e-4)
    assert sum(p.elasticity for p in m.gini_by_source({"wage": wage, "farm": farm}, w).values()) == (
        pytest.approx(0, abs=1e-12)
    )


def test_taxes_are_negative_sources_and_a_source_of_nothing_is_told():
    parts = m.gini_by_source({"gross": [2, 4, 10], "tax": [0, -1, -3], "none": [1, -1, 0]})
    assert sum(part.contribution for part in parts.values()) == pytest.approx(m.gini([3, 2, 7]))
    assert math.isnan(parts["none"].gini)
    same = m.gini_by_source({"a": [2, 2], "b": [1, 1]})
    assert math.isnan(same["a"].relative)
    assert same["a"].contribution == 0


def test_shapley_of_the_glove_game():
    # One left glove, two right ones; a pair is worth 1: the classical values 2/3, 1/6, 1/6.
    found = m.shapley(["left", "r1", "r2"], lambda team: float("left" in team and len(team) > 1))
    assert found == pytest.approx({"left": 2 / 3, "r1": 1 / 6, "r2": 1 / 6})


def test_shapley_is_the_mean_over_all_orders():
    rng = np.random.default_rng(2)
    worth = {frozenset(t): rng.normal() for n in range(5) for t in itertools.combinations("abcd", n)}
    slow = dict.fromkeys("abcd", 0.0)
    for order in itertools.permutations("abcd"):
        for k, name in enumerate(order):
            slow[name] += (worth[frozenset(order[: k + 1])] - worth[frozenset(order[:k])]) / 24
    found = m.shapley("abcd", worth.__getitem__)
    assert found == pytest.approx(slow)
    assert sum(found.values()) == pytest.approx(worth[frozenset("abcd")] - worth[frozenset()])


@few
@given(data=table(POSITIVE, POSITIVE, POSITIVE), absent=st.sampled_from(["mean", "zero"]))
def test_shapley_of_sources_adds_up(data, absent):
    a, b, c, w = data
    income = [sum(row) for row in zip(a, b, c, strict=True)]
    parts = m.shapley_by_source({"a": a, "b": b, "c": c}, w, absent=absent)
    assert sum(parts.values()) == pytest.approx(naive.gini(income, w), abs=1e-11)
    swapped = m.shapley_by_source({"c": a, "b": b, "a": c}, w, m.gini, absent=absent)
    assert swapped["c"] == pytest.approx(parts["a"], abs=1e-11)


def test_an_equal_source_adds_nothing_by_its_spread_and_takes_away_by_its_presence():
    sources = {"wage": [1.0, 2.0, 9.0], "grant": [2.0, 2.0, 2.0]}
    assert m.shapley_by_source(sources)["grant"] == pytest.approx(0)
    assert m.shapley_by_source(sources, absent="zero")["grant"] < 0
    theil = m.shapley_by_source(sources, None, m.theil)
    assert sum(theil.values()) == pytest.approx(m.theil([3, 4, 11]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.quantile_groups([1, 2], groups=1), "groups: is 1; give a whole number of at least 2"),
        (lambda: m.quantile_groups([1, 2], groups=2.5), "groups: is 2.5"),
        (lambda: m.quantile_shares([0, 0]), "the weighted total is 0"),
        (lambda: m.quantile_ratio([0, 0, 1]), "the 10% quantile is 0"),
        (lambda: m.quantile_ratio([1, 2], 9), "upper: 1 of 1 values are outside 0 to 1"),
        (lambda: m.theil_by_group([1, 2], ["a", None]), "by: 1 of 2 labels are missing"),
        (lambda: m.theil_by_group([0, -2], ["a", "b"]), "no value is positive"),
        (lambda: m.fgt_by_group([1, 2], 0, -1, ["a", "b"]), "alpha: is -1"),
        (lambda: m.gini_by_source({}), "sources: is empty"),
        (lambda: m.gini_by_source({"measure": [1, 2], "x": [1]}), "sources.x: has 1 values"),
        (lambda: m.gini_by_source({"a": [1, -2]}), "sources: the weighted total is -1"),
        (lambda: m.shapley_by_source({"a": [1, 2]}, absent="gone"), "absent: 'gone'"),
        (lambda: m.shapley(["a", "a"], len), "names a player twice"),
        (lambda: m.shapley(map(str, range(17)), len), "17 players"),
    ],
)
def test_what_has_no_answer_is_told(call, words):
    with pytest.raises(MicrosimError) as caught:
        call()
    text = str(caught.value)
    assert "cannot be computed" in text
    assert words in text.replace("10 %", "10%")
