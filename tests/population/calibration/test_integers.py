"""Whole weights keep what the weights say: exactly by group, and every sum in expectation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microsim.errors import MicrosimError
from microsim.population import Population, SynthesisReport
from microsim.population.calibration.whole_weights import integer_weights, whole_households


@given(weights=st.lists(st.floats(0.0, 20.0), min_size=1, max_size=60), seed=st.integers(0, 2**31))
def test_each_weight_is_rounded_down_or_up(weights: list[float], seed: int) -> None:
    whole = integer_weights(weights, seed)
    assert (whole >= np.floor(np.array(weights) - 1e-6)).all()
    assert (whole <= np.ceil(np.array(weights) + 1e-6)).all()
    assert abs(whole.sum() - sum(weights)) < 1 + 1e-6
    np.testing.assert_array_equal(whole, integer_weights(weights, seed))


def test_the_expectation_is_the_weight() -> None:
    weights = np.array([0.05, 2.3, 1.0, 0.5, 7.65, 0.0])
    draws = np.array([integer_weights(weights, seed) for seed in range(4000)])
    np.testing.assert_allclose(draws.mean(axis=0), weights, atol=0.03)
    assert (draws[:, 2] == 1).all()
    assert not draws[:, 5].any()


def test_groups_that_stand_together_keep_their_weight() -> None:
    rng = np.random.default_rng(1)
    group, weights = rng.integers(0, 5, 400), rng.uniform(0, 3, 400)
    whole = integer_weights(weights, 2, np.argsort(group, kind="stable"))
    assert (np.abs(np.bincount(group, whole) - np.bincount(group, weights)) < 1 + 1e-6).all()


def test_whole_weights_stay() -> None:
    weights = np.full(10_000, 0.1)
    assert integer_weights(weights, 3).sum() == 1000
    np.testing.assert_array_equal(integer_weights([3.0, 1.0, 2.0], 4), [3, 1, 2])


def test_one_row_per_household(small: tuple[Population, SynthesisReport]) -> None:
    population = small[0].with_columns(households={"weight": small[0].weight / 20})
    whole = whole_households(population, seed=5)
    assert set(whole.weight) == {1.0}
    assert abs(whole.n_households - population.weight.sum()) < 1
    frame, given_frame = whole.households, population.households
    sizes, given_sizes = np.diff(whole.offsets), np.diff(population.offsets)
    for area in ("rural", "urban"):
        for size in range(1, 9):
            ours = ((frame["area"] == area) & (sizes == size)).sum()
            theirs = given_frame["weight"][(given_frame["area"] == area) & (given_sizes == size)].sum()
            assert abs(ours - theirs) < 1 + 1e-6
    # Each copy is its original, persons included.
    by_id = given_frame.set_index("household_id")
    for row in (0, 17, whole.n_households - 1):
        origin = frame["copied_from"][row]
        assert frame["financial_assets"][row] == by_id["financial_assets"][origin]
        ours = whole.persons[whole.persons["household_id"] == row + 1]
        theirs = population.persons[population.persons["household_id"] == origin]
        assert ours["age"].tolist() == theirs["age"].tolist()
        assert ours["wage_income"].tolist() == theirs["wage_income"].tolist()
    assert whole.hash == whole_households(population, seed=5).hash
    assert whole.hash != whole_households(population, seed=6).hash


def test_sums_of_persons_are_kept_in_expectation(small: tuple[Population, SynthesisReport]) -> None:
    population = small[0].with_columns(households={"weight": small[0].weight / 50})
    owner = np.repeat(np.arange(population.n_households), np.diff(population.offsets))
    columns = population.person_columns
    measures = [np.bincount(owner, columns["age"] >= 65), np.bincount(owner, columns["wage_income"])]
    position = {number: row for row, number in enumerate(population.household_id.tolist())}
    sums = []
    for seed in range(60):
        rows = [position[number] for number in whole_households(population, seed).households["copied_from"]]
        sums.append([measure[rows].sum() for measure in measures])
    expected = [float(population.weight @ measure) for measure in measures]
    error = np.std(sums, axis=0) / np.sqrt(len(sums))
    assert (np.abs(np.mean(sums, axis=0) - expected) < 4 * error).all()


def test_what_cannot_be_made_whole_is_refused(small: tuple[Population, SynthesisReport]) -> None:
    with pytest.raises(
        MicrosimError, match=r"2 weights cannot be made integer(.|\n)*-1.0 in row 1(.|\n)*nan in row 2"
    ):
        integer_weights([1.0, -1.0, float("nan")], 1)
    with pytest.raises(MicrosimError, match="households have no column aera; did you mean 'area'"):
        whole_households(small[0], 1, by=["aera"])
    # A weight this small leaves nothing whatever the draw.
    tiny = small[0].with_columns(households={"weight": small[0].weight * 1e-12})
    with pytest.raises(MicrosimError, match="none would remain"):
        whole_households(tiny, 1)
