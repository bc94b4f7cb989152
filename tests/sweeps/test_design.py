"""Ranges, linked axes and designs: which points a sweep has."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microsim.errors import MicrosimError
from microsim.sweeps.grid import Grid
from microsim.sweeps.sweep_file import read_grid
from tests.scenario.small_county import write

RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
BOX = {RURAL: {"from": 4000, "to": 5000}, URBAN: {"from": 7000, "to": 7400}}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("design"))


def grid(scenario: Path, **content: Any) -> Grid:
    return read_grid({"scenario": scenario, **content})


def test_a_range_by_step_has_both_ends_and_goes_down_too(scenario: Path) -> None:
    axes = {RURAL: {"from": 4000, "to": 4600, "step": 200}, URBAN: {"from": 7200, "to": 7000, "step": -100}}
    found = grid(scenario, axes=axes)
    assert [point[0] for point in found.points[::3]] == [4000, 4200, 4400, 4600]
    assert [point[1] for point in found.points[:3]] == [7200, 7100, 7000]


def test_a_range_by_step_of_decimal_numbers_ends_where_it_says(scenario: Path) -> None:
    axis = {"from": 0.1, "to": 0.7, "step": 0.1}
    found = grid(scenario, axes={"dibao.top_up.share_elderly": axis}, unusual=["dibao.top_up.share_elderly"])
    assert [point[0] for point in found.points] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_a_day_in_every_year(scenario: Path) -> None:
    axis = {"from": "2018-12-31", "to": "2020-12-31", "step": 1}
    found = grid(scenario, axes={"law": axis}, unusual=["dibao.line"])
    assert [point[0] for point in found.points] == ["2018-12-31", "2019-12-31", "2020-12-31"]


def test_linked_axes_move_together_and_cross_with_the_others(scenario: Path) -> None:
    linked = [{RURAL: [4200, 4800], URBAN: {"from": 7000, "to": 7300, "step": 300}}]
    found = grid(scenario, axes={"dibao.payment": ["gap", "banded"]}, linked=linked)
    assert found.axes == ("dibao.payment", RURAL, URBAN)
    assert found.points == (
        *(("gap", 4200, 7000), ("gap", 4800, 7300)),
        *(("banded", 4200, 7000), ("banded", 4800, 7300)),
    )
    alone = grid(scenario, linked=linked)
    assert alone.points == ((4200, 7000), (4800, 7300))


def test_a_latin_hypercube_has_one_value_in_each_part_of_every_axis(scenario: Path) -> None:
    axes = {**BOX, "dibao.payment": ["gap", "banded"]}
    found = grid(scenario, axes=axes, design={"latin_hypercube": 20, "seed": 3})
    values = np.array([point[:2] for point in found.points], dtype=float)
    for column, (low, high) in enumerate(((4000, 5000), (7000, 7400))):
        parts = np.floor((values[:, column] - low) / (high - low) * 20)
        assert sorted(parts) == list(range(20))
    assert [point[2] for point in found.points].count("gap") == 10
    again = grid(scenario, axes=axes, design={"latin_hypercube": 20, "seed": 3})
    other = grid(scenario, axes=axes, design={"latin_hypercube": 20, "seed": 4})
    assert again.points == found.points != other.points


def test_a_sobol_sequence_goes_on_where_it_ended(scenario: Path) -> None:
    """The points of two sweeps are those of one, by number, so that together they are as balanced."""
    whole = grid(scenario, axes=BOX, design={"sobol": 64, "seed": 5})
    first = grid(scenario, axes=BOX, design={"sobol": 32, "seed": 5})
    second = grid(scenario, axes=BOX, design={"sobol": 32, "seed": 5, "first": 32})
    assert first.points + second.points == whole.points
    assert (first.first, second.first) == (0, 32)
    # Balance: of a power of two of points, as many in each half of each axis.
    values = np.array(whole.points)
    assert (values < values.min(axis=0) + np.ptp(values, axis=0) / 2).sum(axis=0).tolist() == [32, 32]


def test_a_sobol_sequence_of_another_length_is_said_to_be_less_balanced(scenario: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = grid(scenario, axes=BOX, design={"sobol": 100, "seed": 5})
    assert len(found.points) == 100
    assert "such as 128" in found.design.note
    assert grid(scenario, axes=BOX, design={"sobol": 64}).design.note == ""


def test_base_scenarios_are_the_first_axis(scenario: Path) -> None:
    other = write(scenario.parent, "base: small.yaml\nchanges: {dibao.edge_tier: true}\n", "other.yaml")
    found = read_grid({"scenarios": [str(scenario), str(other)], "axes": {RURAL: [4200, 4800]}})
    assert found.axes == ("base", RURAL)
    assert found.points == (("small", 4200), ("small", 4800), ("other", 4200), ("other", 4800))
    pattern = read_grid({"scenarios": str(scenario.parent / "*.yaml"), "axes": {RURAL: [4200, 4800]}})
    assert pattern.names == ("other", "small")
    drawn = {"scenarios": [str(scenario), str(other)], "axes": BOX, "design": {"sobol": 4, "first": 4}}
    points = read_grid(drawn).points
    assert [point[0] for point in points] == ["small", "other"] * 4
    assert read_grid(drawn).first == 8


def test_cases_may_name_settings(scenario: Path) -> None:
    cases = [{"law": "2019-12-31"}, {RURAL: 4800, "regime.medical_aid": "linked", "programmes.dibao": "off"}]
    found = grid(scenario, cases=cases, unusual=["dibao.line"])
    assert found.axes == ("law", RURAL, "regime.medical_aid", "programmes.dibao")
    assert found.points == (("2019-12-31", None, None, None), ("2020-12-31", 4800, "linked", False))
    assert found.changes((1,)) == [{RURAL: 4800, "dibao.enabled": False}]
    assert found.variant(found.points[1]) == (0, (("law", "2020-12-31"), ("regime.medical_aid", "linked")))


REFUSED = [
    ({"axes": {RURAL: {"from": 4000, "to": 4500, "step": 200}}}, "steps of 200 from 4000 do not end at 4500"),
    ({"axes": {RURAL: {"from": 4000, "to": 4400, "step": -200}}}, "step must be a number that leads from"),
    ({"axes": {RURAL: {"from": 4000, "to": 4400, "steps": 2, "step": 400}}}, "steps and step are both given"),
    ({"axes": {RURAL: {"from": 4000, "to": 4400}}}, "steps missing"),
    ({"axes": {"law": ["2020-13-31"]}}, "'2020-13-31' is not a date"),
    ({"axes": {"law": ["2001-12-31"]}}, "no law is included for 2001-12-31"),
    ({"axes": {"regime.medical_aid": ["linkd"]}}, "did you mean 'linked'?"),
    ({"axes": {"regime.medicalaid": ["linked"]}}, "did you mean 'medical_aid'?"),
    ({"axes": {"economy.income_grwth": [0.03]}}, "did you mean 'income_growth'?"),
    ({"axes": {"economy.income_growth": ["much"]}}, "expected a growth rate such as 0.06, found 'much'"),
    ({"axes": {"regime": ["linked"]}}, "'regime' is not one value; name what varies: regime.medical_aid"),
    ({"axes": {"programmes.dibo": ["on"]}}, "that can be switched off; did you mean 'dibao'"),
    ({"axes": {"seed": [1.5, -1]}}, "seed: expected a whole number from 0, found 1.5"),
    ({"axes": {"ensemble": [2]}}, "the county has no ensemble"),
    ({"axes": {"ensemble": "all"}}, "no such file"),
    ({"linked": [{RURAL: [4200, 4800], URBAN: [7000]}]}, f"as many values of each: {RURAL} 2, {URBAN} 1"),
    ({"linked": [{RURAL: [4200]}]}, "a link has two parameters at least"),
    ({"linked": {RURAL: [4200]}}, "'linked' must be a list of axes that move together"),
    ({"linked": [{RURAL: [4200], "seed": [1]}]}, "seed is crossed with everything"),
    ({"axes": {RURAL: [1]}, "linked": [{RURAL: [4200], URBAN: [7000]}]}, f"{RURAL} is an axis already"),
    ({"axes": BOX, "design": {"sobol": 0}}, "design: sobol must be a whole number from 1"),
    ({"axes": BOX, "design": {"sobel": 8}}, "'design' is one of grid, latin_hypercube, sobol"),
    ({"axes": BOX, "design": {"latin_hypercube": 8, "first": 8}}, "design: unknown key 'first'"),
    ({"cases": [{RURAL: 4200}], "design": "grid"}, "a sweep has design: or cases:, not both"),
    ({"cases": [{RURAL: 4200, "seed": 3}]}, "a case has no seed"),
    ({"scenarios": ["no-*.yaml"], "axes": {RURAL: [4200]}}, "'no-*.yaml' finds no file"),
    ({"axes": {RURAL: [4200]}, "outputs": ["gini.income"]}, "no such output 'gini.income'"),
    ({"axes": {RURAL: [4200]}, "outputs": ["cost.dibo"]}, "did you mean 'cost.dibao'?"),
    ({"axes": {RURAL: [4200]}, "outputs": ["paid.townshp"]}, "did you mean 'paid.township'?"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED, ids=lambda one: str(one)[:40])
def test_what_cannot_be_is_refused_in_words(scenario: Path, content: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        grid(scenario, **content)
    assert words in str(caught.value)
