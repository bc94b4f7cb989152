"""Calibrated weights meet every control; what cannot be met is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from microsim.errors import MicrosimError
from microsim.population import calibrate
from microsim.population.calibration.design import read_design
from microsim.population.calibration.distances import distance
from microsim.population.calibration.feasibility import refuse_unmet
from tests.population.calibration import naive_calibration as naive

Floats = NDArray[np.float64]


def sample(seed: int, rows: int = 200, controls: int = 6) -> tuple[Floats, Floats, Floats]:
    """Counts of members by group, starting weights, and totals that some weights meet."""
    rng = np.random.default_rng(seed)
    members = rng.integers(0, 4, (rows, controls)).astype(float)
    weights = rng.uniform(0.5, 3.0, rows)
    totals = members.T @ (weights * rng.uniform(0.7, 1.4, rows))
    return members, totals, weights


METHODS: list[tuple[str, tuple[float, float] | None]] = [
    ("raking", None),
    ("linear", None),
    ("raking", (0.3, 3.0)),
    ("linear", (0.3, 3.0)),
    ("logit", (0.2, 5.0)),
]


@given(seed=st.integers(0, 2**32 - 1), method=st.sampled_from(METHODS))
def test_every_control_is_met_and_bounds_are_kept(
    seed: int, method: tuple[str, tuple[float, float] | None]
) -> None:
    members, totals, weights = sample(seed)
    new, report = calibrate(members, totals, weights, method=method[0], bounds=method[1])
    np.testing.assert_allclose(members.T @ new, totals, rtol=1e-9)
    np.testing.assert_allclose(report.after, totals, rtol=1e-9)
    np.testing.assert_allclose(report.before, members.T @ weights, rtol=1e-12)
    ratio = new / weights
    if method[1] is not None:
        assert method[1][0] - 1e-12 <= ratio.min() <= ratio.max() <= method[1][1] + 1e-12
    if method[0] == "raking":
        assert new.min() > 0
    assert report.lowest_ratio == ratio.min()
    assert report.highest_ratio == ratio.max()
    assert report.design_effect == pytest.approx(len(new) * (new**2).sum() / new.sum() ** 2)


def test_linear_is_the_closed_form_of_greg() -> None:
    members, totals, weights = sample(1)
    gram = members.T @ (members * weights[:, None])
    multipliers = np.linalg.solve(gram, totals - members.T @ weights)
    new, _ = calibrate(members, totals, weights, method="linear")
    np.testing.assert_allclose(new, weights * (1 + members @ multipliers), rtol=1e-9)


def test_raking_is_iterative_proportional_fitting() -> None:
    rng = np.random.default_rng(2)
    rows, columns = rng.integers(0, 3, 400), rng.integers(0, 4, 400)
    weights = rng.uniform(1, 2, 400)
    by_row, by_column = np.array([100.0, 250.0, 300.0]), np.array([150.0, 200.0, 100.0, 200.0])
    fitted = weights.copy()
    for _ in range(200):
        for group, totals in ((rows, by_row), (columns, by_column)):
            fitted *= (totals / np.bincount(group, fitted))[group]
    controls = {f"row {k}": rows == k for k in range(3)} | {f"column {k}": columns == k for k in range(4)}
    new, report = calibrate(controls, [*by_row, *by_column], weights)
    np.testing.assert_allclose(new, fitted, rtol=1e-8)
    assert report.names[0] == "row 0"


def test_weights_that_fit_already_stay() -> None:
    members, _, weights = sample(3)
    new, report = calibrate(members, members.T @ weights, weights)
    np.testing.assert_array_equal(new, weights)
    assert report.steps == 0


def test_a_row_without_weight_keeps_none() -> None:
    members, _, weights = sample(4)
    weights[:50] = 0.0
    totals = members.T @ (weights * 1.1)
    new, report = calibrate(members, totals, weights)
    assert not new[:50].any()
    assert report.lowest_ratio > 0


@pytest.mark.parametrize("form", ["array", "frame", "mapping", "sparse"])
def test_controls_may_be_given_in_any_form(form: str) -> None:
    members, totals, weights = sample(5, controls=2)
    names = ["women", "men"]
    forms: dict[str, tuple[Any, Any]] = {
        "array": (members, totals),
        "frame": (pd.DataFrame(members, columns=names), pd.Series(totals, index=names)[::-1]),
        "mapping": (dict(zip(names, members.T, strict=True)), {"men": totals[1], "women": totals[0]}),
        "sparse": (sparse.csr_array(members), totals),
    }
    expected, _ = calibrate(members, totals, weights)
    new, report = calibrate(*forms[form], weights)
    np.testing.assert_allclose(new, expected, rtol=1e-12)
    assert report.table["control"].tolist() == (
        names if form in ("frame", "mapping") else ["control 0", "control 1"]
    )
    assert "2 controls, largest miss" in str(report)


def test_less_important_controls_give_way() -> None:
    members, totals, weights = sample(6)
    totals[5] *= 1.3
    misses = []
    for importance in (1.0, 10.0, 100.0):
        wanted = np.full(6, np.inf)
        wanted[5] = importance
        _, report = calibrate(members, totals, weights, importance=wanted)
        np.testing.assert_allclose(report.after[:5], totals[:5], rtol=1e-9)
        misses.append(abs(report.misses[5]))
    assert misses[0] > 3 * misses[1] > 9 * misses[2] > 0


def refusal(*arguments: Any, **options: Any) -> str:
    with pytest.raises(MicrosimError) as caught:
        calibrate(*arguments, **options)
    return str(caught.value)


def test_contradictions_are_named() -> None:
    controls = {"rural": [1, 0, 1], "urban": [0, 1, 0], "all": [1, 1, 1], "old": [1, 1, 0]}
    message = refusal(controls, {"rural": 5, "urban": 4, "all": 10, "old": 6}, np.ones(3))
    assert "the totals of these controls are inconsistent: 'rural', 'urban', 'all'" in message
    assert "'old'" not in message
    soft, _ = calibrate(controls, [5, 4, 10, 6], np.ones(3), importance=[np.inf, np.inf, 5.0, np.inf])
    np.testing.assert_allclose(np.array([[1, 0, 1], [0, 1, 0], [1, 1, 0]]) @ soft, [5, 4, 6], rtol=1e-9)


def test_several_contradictions_are_each_named_and_nothing_is_left_to_lapack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Its threads took more processor time than all else that makes a county.
    for name in ("eigh", "qr", "svd", "solve"):
        monkeypatch.delattr(np.linalg, name)
    controls = {
        "rural": [1, 0, 1, 0],
        "urban": [0, 1, 0, 1],
        "all": [1, 1, 1, 1],
        "old": [1, 1, 0, 0],
        "young": [0, 0, 1, 1],
    }
    new, report = calibrate(controls, [5, 4, 9, 6, 3], np.ones(4))
    assert report.repeated == ("all", "young")
    np.testing.assert_allclose(new.sum(), 9.0)
    message = refusal(controls, [5, 4, 9, 6, 4], np.ones(4))
    assert all(f"'{name}'" in message for name in ("old", "young"))
    message = refusal(controls, [5, 4, 10, 6, 5], np.ones(4))
    assert all(f"'{name}'" in message for name in controls)


def test_controls_that_repeat_one_another_are_fine() -> None:
    controls = {"rural": [1, 0, 1], "urban": [0, 1, 0], "all": [1, 1, 1], "again": [1, 1, 1]}
    new, _ = calibrate(controls, [5, 4, 9, 9], np.ones(3))
    np.testing.assert_allclose(new, [2.5, 4.0, 2.5], rtol=1e-9)


def test_unreachable_controls_are_named() -> None:
    message = refusal({"old": [0, 0], "young": [1, 1], "ill": [1, 0]}, [1, -2, 1], np.ones(2))
    assert "control 'old' should be 1, but it is 0 in every row" in message
    assert "control 'young' should be -2; weights within bounds give 0 to inf" in message
    assert "'ill'" not in message
    message = refusal({"young": [1, 1]}, [9], np.ones(2), bounds=(0.5, 4))
    assert "control 'young' should be 9; weights within bounds give 1 to 8" in message


@pytest.mark.parametrize("method", ["raking", "logit"])
def test_controls_that_only_together_cannot_be_met_are_named(method: str) -> None:
    bounds = (0.01, 100.0) if method == "logit" else None
    message = refusal({"a": [1, 0, 1.0], "b": [1, 1, 1]}, [6, 5], np.ones(3), method=method, bounds=bounds)
    assert "no weights of this kind meet all controls together" in message
    assert "control 'a' stays -" in message


def test_inputs_that_make_no_sense_are_all_named() -> None:
    members = np.array([[1.0, np.nan], [1.0, 1.0]])
    message = refusal(members, [np.inf, 1.0], np.array([1.0, -1.0]))
    for words in (
        "starting weights must be finite and not negative: row 1 (-1.0)",
        "control 'control 1' has missing or infinite values",
        "the total of control 'control 0' is inf",
    ):
        assert words in message
    assert "all starting weights are 0" in refusal(np.ones((2, 1)), [1], np.zeros(2))
    assert "weights have shape (3,); X has 2 rows" in refusal(np.ones((2, 1)), [1], np.ones(3))
    assert "totals has shape (2,); there are 1 controls" in refusal(np.ones(2), [1, 2], np.ones(2))
    message = refusal({"men": [1, 1]}, {"man": 2}, np.ones(2))
    assert "totals has no value for control 'men'; did you mean 'man'?" in message
    assert "totals names 'man', which is no control; did you mean 'men'?" in message
    assert "importance of 'men' must be above 0" in refusal({"men": [1, 1]}, [2], np.ones(2), importance=[-1])


def test_methods_and_bounds_are_checked() -> None:
    assert "did you mean 'raking'?" in refusal(np.ones(2), [2], np.ones(2), method="rakin")
    assert "bounds are 0 <= low < 1 < high" in refusal(np.ones(2), [2], np.ones(2), bounds=(1.5, 2))
    assert "method 'logit' needs finite bounds" in refusal(np.ones(2), [2], np.ones(2), method="logit")


@pytest.mark.parametrize(("method", "bounds"), METHODS)
def test_slope_and_integral_belong_to_the_ratio(method: str, bounds: tuple[float, float] | None) -> None:
    shape = distance(method, bounds)
    at, step = np.linspace(-1.5, 1.5, 61) + 0.003, 1e-6
    slope = (shape.ratio(at + step) - shape.ratio(at - step)) / (2 * step)
    growth = (shape.integral(at + step) - shape.integral(at - step)) / (2 * step)
    np.testing.assert_allclose(shape.slope(at), slope, atol=1e-6)
    np.testing.assert_allclose(shape.ratio(at), growth, atol=1e-6)
    assert shape.ratio(np.zeros(1))[0] == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(3))
def test_weights_are_those_of_the_slow_twin(seed: int) -> None:
    members, totals, weights = sample(seed, rows=60, controls=4)
    new, _ = calibrate(members, totals, weights)
    np.testing.assert_allclose(new, naive.raking(members, totals, weights), rtol=1e-8)
    new, _ = calibrate(members, totals, weights, method="logit", bounds=(0.4, 2.5))
    np.testing.assert_allclose(new, naive.logit(members, totals, weights, 0.4, 2.5), rtol=1e-8)
    new, report = calibrate(members, totals, weights, method="linear", bounds=(0.9, 1.15))
    np.testing.assert_allclose(
        new, naive.bounded_linear(members, totals, weights, 0.9, 1.15), rtol=1e-4, atol=1e-4
    )
    assert (report.rows_at_bounds > 0) == bool(np.isclose(new / weights, 1.15).any())


@pytest.mark.parametrize("density", [0.0, 0.02, 0.2, 0.6, 1.0])
def test_second_moments_are_those_of_the_slow_twin(density: float) -> None:
    rng = np.random.default_rng(8)
    dense = rng.normal(size=(700, 30)) * (rng.random((700, 30)) < density)
    d = rng.uniform(0.1, 2.0, 700)
    expected = naive.second_moments(dense, d)
    matrix = read_design(dense)[0]
    np.testing.assert_array_equal(matrix.sparse.toarray(), dense)
    np.testing.assert_allclose(matrix.moments(d), expected, rtol=1e-12, atol=1e-12)
    x = rng.normal(size=30)
    np.testing.assert_allclose(matrix.times(x), dense @ x, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(matrix.sums(d), dense.T @ d, rtol=1e-12, atol=1e-12)


def test_the_report_says_what_happened_to_the_weights() -> None:
    controls = {"rural": [1, 0, 1], "urban": [0, 1, 0], "all": [1, 1, 1]}
    new, report = calibrate(controls, [5, 4, 9], np.ones(3))
    assert (report.lowest_weight, report.highest_weight) == (new.min(), new.max())
    assert report.repeated == ("all",)
    assert report.rows_at_bounds == 0
    assert "3 controls (1 follow from others)" in str(report)
    assert "weights 2.5 to 4, design effect" in str(report)


def test_bounds_that_stand_in_the_way_are_named() -> None:
    # Together they need the second row to weigh 2.5, which each alone does not.
    controls = {"persons": [1, 1, 0], "rooms": [1, 2, 0], "other": [0, 0, 1]}
    totals = [3.0, 5.5, 1.0]
    for method in ("raking", "linear", "logit"):
        message = refusal(controls, totals, np.ones(3), method=method, bounds=(0.1, 2.0))
        assert "these conflict with each other: 'persons', 'rooms'" in message
        assert "the bounds prevent it" in message
        assert "without them (ratios 0.1 to 2) all controls could be met" in message
        assert "'other'" not in message
    free, report = calibrate(controls, totals, np.ones(3), method="raking", bounds=(0.1, 2.6))
    np.testing.assert_allclose(free, [0.5, 2.5, 1.0])
    assert report.rows_at_bounds == 0


def test_totals_that_need_weights_at_the_edge_are_told_from_those_out_of_reach() -> None:
    # Both rows must weigh exactly twice as much.
    controls, totals = {"a": [1, 0], "b": [1, 1]}, [2.0, 4.0]
    new, report = calibrate(controls, totals, np.ones(2), method="linear", bounds=(0.5, 2.0))
    np.testing.assert_allclose(new, 2.0)
    assert report.rows_at_bounds == 2
    assert "(2 rows at a bound)" in str(report)
    # A solve that gives up there says so, and not that the totals are out of reach.
    design = read_design(controls)[0].scaled(np.array(totals))
    with pytest.raises(MicrosimError, match="only with weights at the very edge of the ratios allowed"):
        refuse_unmet(
            design, ("a", "b"), np.ones(2), np.ones(2), np.zeros(2), distance("logit", (0.5, 2.0)), np.ones(2)
        )


def test_controls_in_one_anothers_way_are_named() -> None:
    rng = np.random.default_rng(10)
    old = rng.random(500) < 0.3
    controls = {"old": old, "old and ill": old & (rng.random(500) < 0.5), "size": rng.integers(1, 6, 500)}
    weights = np.ones(500)
    totals = {name: float(np.sum(column)) for name, column in controls.items()}
    totals["old and ill"] = totals["old"] * 1.05
    message = refusal(controls, totals, weights)
    assert "control 'old and ill' stays -4.762% off its total" in message
    assert "these conflict with each other: 'old', 'old and ill'" in message
    assert "'size'" not in message


def test_columns_of_unequal_length_are_refused() -> None:
    assert "must be vectors of one length; shapes: 'a' (2,), 'b' (3,)" in refusal(
        {"a": [1, 1], "b": [1, 1, 1]}, [1, 1], np.ones(2)
    )


@pytest.mark.parametrize("method", ["raking", "linear", "logit"])
@pytest.mark.parametrize("seed", range(25))
def test_totals_that_push_most_weights_to_their_bounds_are_met(method: str, seed: int) -> None:
    # A whole Newton step may set every weight to a bound, where none of them moves any more.
    rng = np.random.default_rng(seed)
    rows, controls = int(rng.integers(5, 30)), int(rng.integers(1, 8))
    members = rng.normal(size=(rows, controls)) if seed % 2 else rng.poisson(0.7, (rows, controls)) + 0.0
    weights = rng.uniform(0.5, 3.0, rows)
    totals = members.T @ (weights * np.where(rng.random(rows) < 0.5, 0.35, 2.8))
    new, _ = calibrate(members, totals, weights, method=method, bounds=(0.3, 3.0))
    np.testing.assert_allclose(members.T @ new, totals, rtol=1e-9, atol=1e-9)
