"""Hard bounds of the law: one guard for scenario files, sweeps, ``Policy.reform`` and law files."""

from __future__ import annotations

from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.policy.bounds import Bounds
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.policy import Policy
from microsim.units import is_money

LAW = Policy.load("2020-12-31")
LINE = "dibao.line.urban"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dibao.line": -5}, "dibao.line: -5 is negative, and the law has no negative numbers"),
        (
            {"dibao.line": 0},
            "dibao.line must be more than 0; to switch dibao off, write programmes: {dibao: off}",
        ),
        ({"dibao.line": {"by": {"rural": 0}}}, "dibao.line.by.rural: dibao.line must be more than 0"),
        ({"means_test.work_cost_rate": 50}, "work_cost_rate is at most 1, found 50; 50 % is 0.5"),
        ({"means_test.work_cost_rate": {"value": 150, "unit": "percent"}}, "is at most 1, found 1.5"),
        ({"dibao.edge_multiple": 150}, "dibao.edge_multiple is at most 10, found 150"),
        ({"dibao.band": [[0, 1.0], [0.5, 70]]}, "dibao.band is at most 1, found 70; 70 % is 0.7"),
        ({"dibao.line": {"on": {"2021-01-01": -1}}}, "dibao.line.on.2021-01-01: -1 is negative"),
        (
            {"means_test.work_cost_rate": {"path": "linear", "from": {2021: 0.3}, "to": {2025: 30}}},
            "rate.to.2025: means_test.work_cost_rate is at most 1, found 30; 30 % is 0.3",
        ),
        (
            {"dibao.line.rural": {"path": "linear", "ratio_to": LINE, "from": {2021: 0}, "to": {2027: 1}}},
            "dibao.line.rural.from.2021: dibao.line must be more than 0",
        ),
    ],
)
def test_a_reform_in_python_is_refused_as_in_a_file(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        LAW.reform(changes, allow_unusual=True)
    assert words in str(caught.value)


def test_both_ends_of_every_packaged_parameter_are_guarded() -> None:
    for name, parameter in LAW.parameters.items():
        if parameter.kind != "number":
            continue
        assert parameter.bounds != Bounds(), name
        assert parameter.bounds.least >= 0 or parameter.bounds.above >= 0, name
        if not is_money(parameter.unit) and parameter.unit == "1" and name != "employment_aid.post_quota":
            assert parameter.bounds.most <= 10_000, name
        with pytest.raises(MicrosimError, match="negative"):
            LAW.reform({name: -0.01}, allow_unusual=True)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"lesat": 0}, "unknown key 'lesat' of bounds; did you mean 'least'?"),
        ([0, 1], "'bounds' gives least, above or most; bounds: {least: 0, most: 10}"),
        ({"most": "ten"}, "bounds: most is a number, not 'ten'"),
        ({"least": 2, "most": 1}, "bounds: there is nothing between them"),
    ],
)
def test_bounds_that_say_nothing(bounds: Any, words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        parameter_from("x", {"unit": "1", "bounds": bounds, "values": 1})
    assert words in str(caught.value)


def test_a_parameter_of_python_is_as_free_as_it_says() -> None:
    assert parameter_from("x", -5).values
    assert parameter_from("x", {"unit": "1", "values": 3}).values
    with pytest.raises(MicrosimError, match="is negative"):
        parameter_from("x", {"unit": "yuan/year", "values": -5})
    assert parameter_from("x", {"unit": "yuan/year", "bounds": {"least": -10}, "values": -5}).values
