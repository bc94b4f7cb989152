"""What a good sweep file gives: its points, in order, and what each changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from microsim.sweeps.grid import Grid
from microsim.sweeps.sweep_file import read_grid
from tests.scenario.small_county import write


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("grid"))


LINE = ["dibao.line"]


def grid(scenario: Path, **content: Any) -> Grid:
    return read_grid({"scenario": scenario, **content})


def test_axes_cross_and_the_last_moves_fastest(scenario: Path) -> None:
    found = grid(scenario, axes={"dibao.line.rural": [4200, 4800], "dibao.payment": ["gap", "banded"]})
    assert found.axes == ("dibao.line.rural", "dibao.payment")
    assert found.points == ((4200, "gap"), (4200, "banded"), (4800, "gap"), (4800, "banded"))
    assert found.outputs == ("cost", "caseload")
    assert found.changes(range(1, 3)) == [
        {"dibao.line.rural": 4200, "dibao.payment": "banded"},
        {"dibao.line.rural": 4800, "dibao.payment": "gap"},
    ]


def test_a_range_has_both_ends_and_short_numbers(scenario: Path) -> None:
    axes = {
        "dibao.line.rural": {"from": 4000, "to": 7200, "steps": 9},
        "dibao.edge_multiple": {"from": 1.0, "to": 0.62, "steps": 5},
    }
    found = grid(scenario, axes=axes, unusual=["dibao.edge_multiple"])
    assert [point[0] for point in found.points[::5]] == [4000 + 400 * k for k in range(9)]
    assert [point[1] for point in found.points[:5]] == [1.0, 0.905, 0.81, 0.715, 0.62]


def test_ends_may_be_as_large_as_numbers_are(scenario: Path) -> None:
    axis = {"from": 1e307, "to": 1.7e308, "steps": 1000}
    grid = read_grid({"scenario": scenario, "axes": {"dibao.line.rural": axis}}, allow_unusual=True)
    values = [point[0] for point in grid.points]
    assert (values[0], values[-1]) == (1e307, 1.7e308)
    assert values == sorted(values)


def test_an_axis_ends_where_it_says(scenario: Path) -> None:
    found = grid(scenario, axes={"dibao.line.rural": {"from": 1e308, "to": 8000, "steps": 3}}, unusual=LINE)
    assert [point[0] for point in found.points][-1] == 8000.0


def test_a_case_keeps_the_base_values_of_what_it_does_not_name(scenario: Path) -> None:
    cases = [{"dibao.line.rural": 4800}, {"dibao.payment": "banded", "dibao.edge_tier": True}]
    found = grid(scenario, cases=cases)
    assert found.axes == ("dibao.line.rural", "dibao.payment", "dibao.edge_tier")
    assert found.points == ((4800, "gap", False), (4600.0, "banded", True))


def test_a_file_is_read_beside_its_scenario(scenario: Path) -> None:
    path = scenario.parent / "lines.yaml"
    path.write_text(
        "title: {zh: 标准}\nscenario: small.yaml\naxes: {dibao.line: [4800]}\noutputs: [caseload]\n",
        encoding="utf-8",
    )
    found = read_grid(path)
    assert (found.path, found.scenario.path, found.outputs) == (path, scenario, ("caseload",))
    assert found.title_in("zh") == found.title_in("en") == "标准"
    assert found.policy.value("dibao.line.rural") == 4600
    assert grid(scenario, axes={"dibao.line": [1]}, unusual=LINE).title_in("en") == "small"
