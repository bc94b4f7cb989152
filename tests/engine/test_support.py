"""Functions that generated modules hold besides the rules: right in plain Python, part of a kernel's name."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from microsim.engine.compiler import emit, emit_notches
from microsim.engine.compiler.splicing import spliced
from microsim.engine.runtime.kernels import generate, kernel_and_layout
from microsim.engine.support import comparisons, notch_walk, schedules
from microsim.engine.support.comparisons import NOTHING, ahead, curved, level, lower, nearest_whole, whole
from microsim.policy import household
from microsim.policy.policy import Policy
from microsim.simulation import simulate
from tests.engine.random_populations import tiny_population

STEPS = np.array([0.0, 3.0, 0.0, 100.0, 200.0, 1.0, 2.0, 5.0])  # a schedule at place 1
SCHEDULES = [
    ("schedule_step", {-1.0: 1.0, 0.0: 1.0, 99.0: 1.0, 100.0: 2.0, 250.0: 5.0}),
    ("schedule_linear", {-1.0: 1.0, 50.0: 1.5, 100.0: 2.0, 150.0: 3.5, 250.0: 5.0}),
    ("schedule_brackets", {-1.0: 0.0, 50.0: 50.0, 150.0: 200.0, 300.0: 800.0}),
]


@pytest.mark.parametrize(("name", "points"), SCHEDULES)
def test_schedules(name: str, points: dict[float, float]) -> None:
    for x, y in points.items():
        assert getattr(schedules, name)(STEPS, 1, x) == y
    ahead_of = getattr(comparisons, name.replace("schedule_", "") + "_ahead")
    for x, y in points.items():  # just above a point that is no threshold it is the same
        assert ahead_of(STEPS, 1, x, 1.0, NOTHING, 0)[0] == y


def test_a_comparison_says_how_far_it_holds() -> None:
    sign, near = ahead(100.0, 400.0, 0.5, NOTHING, 7)
    assert (sign, near[0], near[1], near[2]) == (-1, 600.0, 7, -1)
    sign, near = ahead(100.0, 130.0, 0.5, near, 8)  # the nearer one is next
    assert (near[0], near[1]) == (60.0, 8)
    sign, near = ahead(5.0, 5.0, -1.0, near, 9)  # it flips here, and just above it is below
    assert (sign, near[0], near[2]) == (-1, 60.0, 9)
    assert ahead(math.inf, math.inf, 0.0, NOTHING, 1)[0] == 0
    assert ahead(math.nan, 1.0, 0.0, NOTHING, 1)[0] == 2
    assert level(1.0, 1.0, 1.0, NOTHING, 1)[0] is False  # for one point only
    assert ahead(1.0, 2.0, 0.0, NOTHING, 1)[1][3] != ahead(3.0, 2.0, 0.0, NOTHING, 1)[1][3]


def test_the_lesser_of_two_causes_no_jump() -> None:
    takes_first, near = lower(1.0, 1.0, 11.0, 0.0, NOTHING, 4)
    assert takes_first
    assert (near[0], near[1]) == (10.0, -6)  # a bend comes next, by comparison 4
    assert curved(True, near)[4] is True


def test_whole_numbers_just_above_a_point() -> None:
    assert whole(3.0, 1.0, NOTHING, 0)[0] == 3.0
    assert whole(3.0, -1.0, NOTHING, 0)[0] == 2.0
    assert whole(2.25, 0.5, NOTHING, 0)[1][0] == 1.5
    assert nearest_whole(2.5, 0.0, NOTHING, 0)[0] == 2.0
    assert nearest_whole(2.5, 1.0, NOTHING, 0)[0] == 3.0


def test_a_leap_is_measured_from_where_the_line_leads() -> None:
    assert notch_walk.leap(10.0, 4.0, 2.0, 5.0) == -4.0
    assert notch_walk.leap(math.inf, math.inf, 0.0, 1.0) == 0.0
    assert math.isnan(notch_walk.leap(math.nan, 1.0, 0.0, 1.0))


# -- spliced into a kernel -----------------------------------------------------------------------------------


@household
def graded(assets: float, grades: float) -> float:
    """By a table."""
    return grades(assets)  # type: ignore[operator]


def graded_policy() -> Policy:
    table = {"kind": "step", "values": [[0, 1], [1000, 2]]}
    return Policy.from_rules([graded], {"grades": table})


def edited(module: ModuleType, path: Path, old: str, new: str) -> ModuleType:
    """The module with another text."""
    assert module.__file__ is not None
    text = Path(module.__file__).read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_an_edited_function_is_another_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    population = tiny_population(3, 20)
    before = simulate(population, graded_policy(), ["graded"])
    other = edited(schedules, tmp_path / "schedules_edited.py", "if x >= P[at", "if x > 0 * P[at")
    monkeypatch.setattr(emit, "schedules", other)
    after = simulate(population, graded_policy(), ["graded"])
    assert before.kernel.hash != after.kernel.hash
    assets = population.household_columns["assets"]
    np.testing.assert_array_equal(before.array("graded"), np.where(assets >= 1000, 2.0, 1.0))
    np.testing.assert_array_equal(after.array("graded"), np.where(assets > 0, 2.0, 1.0))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("comparisons", "NEAR = 1e-6", "NEAR = 2e-6"), ("notch_walk", "goal = present", "goal = present + 0.0")],
)
def test_an_edited_search_is_another_kernel(
    name: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    population = tiny_population(3, 20)
    texts = [
        generate(graded_policy(), ["graded"], population, driver="notches", varying=["wage_income"])[0].source
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    module = getattr(emit_notches, name)
    monkeypatch.setattr(emit_notches, name, edited(module, tmp_path / "edited.py", old, new))
    text, _ = generate(graded_policy(), ["graded"], population, driver="notches", varying=["wage_income"])
    assert text.source == texts[0].replace(old, new)


def test_what_is_spliced_is_the_text_of_the_module() -> None:
    text = spliced(comparisons)
    assert text.count("@njit(**OPTIONS)\ndef ") == text.count("\ndef ") == 13
    assert "NEAR = 1e-6" in text
    assert "\nimport" not in text
    population = tiny_population(3, 20)
    kernel = kernel_and_layout(graded_policy(), ["graded"], population)[0]
    assert spliced(schedules) in kernel.source
    assert spliced(comparisons) not in kernel.source
