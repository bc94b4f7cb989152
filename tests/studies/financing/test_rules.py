"""Financing rules against their definitions: averages, margins, pools; a slow twin by small steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microsim.studies.financing.rules import (
    COUNTY,
    Grant,
    Matching,
    PerRecipient,
    Pool,
    Rule,
    Share,
    Task,
    index_of,
    shared_out,
    split,
)

TASK = Task(2.4e8, 50_000.0)
SHARES = st.floats(0.0, 1.0)
YUAN = st.floats(1e3, 1e9)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Share, SHARES, st.booleans(), st.none() | st.floats(100.0, 9_000.0)),
    st.builds(PerRecipient, st.floats(0.0, 9_000.0)),
    st.builds(Matching, st.floats(0.0, 5.0), YUAN),
    st.builds(Grant, YUAN),
    st.builds(Pool, st.just(1.5e11), st.just(5e7), st.floats(0.0, 3.0)),
)
LEVELS = st.dictionaries(st.sampled_from(["centre", "province", "prefecture", "township"]), RULES)


def paid(levels: dict[str, Rule], cost: float, recipients: float) -> dict[str, float]:
    """The slow twin: yuan by level, written out rule by rule, without slopes."""
    rest, out = cost, {}
    for level in ("centre", "province", "prefecture", "township"):
        match levels.get(level):
            case None:
                continue
            case Share(share, of_rest, up_to):
                whole = rest if of_rest else cost
                amount = share * (whole if up_to is None else min(whole, up_to * recipients))
            case PerRecipient(yuan):
                amount = yuan * recipients
            case Matching(rate, cap):
                amount = min(rate / (1 + rate) * rest, cap)
            case Grant(yuan):
                amount = yuan or 0.0
            case Pool(total, others, index):
                amount = total * recipients * (index or 0.0) / (recipients * (index or 0.0) + others)
        out[level] = min(amount, rest)
        rest -= out[level]
    return {**out, COUNTY: rest}


@given(LEVELS, st.floats(1e6, 1e9), st.floats(100.0, 1e6))
def test_levels_pay_all_and_as_the_twin_says(levels: dict[str, Rule], cost: float, recipients: float) -> None:
    found = split(levels, Task(cost, recipients))
    expected = paid(levels, cost, recipients)
    assert {level: amount.value for level, amount in found.items()} == pytest.approx(
        expected, rel=1e-9, abs=1e-6
    )
    assert sum(amount.value for amount in found.values()) == pytest.approx(cost, rel=1e-12)
    assert sum(amount.per_yuan for amount in found.values()) == pytest.approx(1.0, abs=1e-12)
    assert sum(amount.per_recipient for amount in found.values()) == pytest.approx(0.0, abs=1e-6)
    assert all(amount.value >= -1e-6 for amount in found.values())


@given(LEVELS, st.floats(1e6, 1e9), st.floats(100.0, 1e6))
def test_slopes_are_those_of_small_steps(levels: dict[str, Rule], cost: float, recipients: float) -> None:
    found = split(levels, Task(cost, recipients))
    step = 1.0
    low, high = paid(levels, cost - step, recipients), paid(levels, cost + step, recipients)
    one_side = {k: high[k] - paid(levels, cost, recipients)[k] for k in high}
    for level, amount in found.items():
        slope = (high[level] - low[level]) / (2 * step)
        if one_side[level] == pytest.approx(slope, abs=1e-4):  # no cap in between
            assert amount.per_yuan == pytest.approx(slope, abs=1e-4)


def test_a_lump_sum_leaves_the_county_every_further_yuan() -> None:
    county = split({"centre": Grant(share=0.95).settled(TASK)}, TASK)[COUNTY]
    assert (county.value / TASK.cost, county.per_yuan) == (pytest.approx(0.05), 1.0)


@given(SHARES)
def test_an_open_ended_share_pays_its_share_of_every_yuan(share: float) -> None:
    found = split({"centre": Share(share)}, TASK)
    assert found["centre"].per_yuan == share
    assert found[COUNTY].per_yuan == pytest.approx(1 - share)


def test_above_the_base_standard_the_setter_pays() -> None:
    below, above = (split({"centre": Share(0.8, up_to=limit)}, TASK)[COUNTY] for limit in (6_000.0, 4_000.0))
    assert (below.value, below.per_yuan) == (pytest.approx(0.2 * TASK.cost), pytest.approx(0.2))
    assert (above.value, above.per_yuan) == (pytest.approx(TASK.cost - 0.8 * 2e8), 1.0)
    assert above.per_recipient == pytest.approx(-0.8 * 4_000.0)


def test_matching_ends_at_its_cap() -> None:
    below, above = (split({"province": Matching(1.0, cap)}, TASK) for cap in (2e8, 1e8))
    assert (below["province"].value, below[COUNTY].per_yuan) == (1.2e8, 0.5)
    assert (above["province"].value, above[COUNTY].per_yuan) == (1e8, 1.0)


def test_a_fixed_pool_pays_on_average_and_not_at_the_margin() -> None:
    pool = Pool(1.484e11, 4.9e7, share=0.75).settled(TASK)
    found = split({"centre": pool}, TASK)
    assert found["centre"].value == pytest.approx(0.75 * TASK.cost)
    assert (found["centre"].per_yuan, found[COUNTY].per_yuan) == (0.0, 1.0)
    # A county of a thousandth of the country gets nearly its mean grant for one more recipient.
    assert found["centre"].per_recipient == pytest.approx(found["centre"].value / TASK.recipients, rel=2e-3)


@given(st.floats(1e3, 1e6), st.floats(1e3, 1e6), st.floats(0.1, 3.0), st.floats(0.1, 3.0))
def test_one_countys_gain_is_the_others_loss(n: float, m: float, k: float, j: float) -> None:
    total = 1e8
    before = shared_out(total, {"a": (n, k), "b": (m, j)})
    after = shared_out(total, {"a": (n + 100.0, k), "b": (m, j)})
    assert sum(before.values()) == pytest.approx(total, rel=1e-12)
    assert sum(after.values()) == pytest.approx(total, rel=1e-12)
    assert after["a"] - before["a"] == pytest.approx(before["b"] - after["b"], rel=1e-6, abs=1e-4)
    # Each county's own rule says the same.
    alone = split({"province": Pool(total, m * j, k)}, Task(1e12, n))["province"]
    assert alone.value == pytest.approx(before["a"], rel=1e-12)


def test_the_index_is_the_weighted_mean_of_the_factors() -> None:
    assert index_of([(0.4, 1.0), (0.4, 1.5), (0.1, 0.8), (0.1, 1.2)]) == pytest.approx(1.2)
