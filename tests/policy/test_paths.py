"""Shapes of a path over the years beside values worked out by hand, and everything that is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from microsim.errors import MicrosimError
from tests.policy.test_reform import law

RATIO = {"ratio_to": "dibao.line.urban"}
YEARS = range(2020, 2031)


def ratios(change: dict[str, Any], years: range = YEARS, urban: Any = None) -> list[float]:
    """The rural line over the urban one in each year."""
    policy = law().reform({"dibao.line.urban": urban} if urban else {})
    policy = policy.reform({"dibao.line.rural": {**RATIO, **change}}, allow_unusual=True)
    lines = [policy.at(f"{year}-12-31").value("dibao.line") for year in years]
    return [round(line["rural"] / line["urban"], 12) for line in lines]


def test_steps_points_and_one_jump() -> None:
    at = {2022: 0.6, 2024: 0.8, 2028: 1.0}
    before = ratios({"path": "stepped", "at": at})[:2]
    assert ratios({"path": "stepped", "at": at})[2:] == [0.6] * 2 + [0.8] * 4 + [1.0] * 3
    assert ratios({"path": "points", "at": at})[2:] == [0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.0, 1.0]
    jump = ratios({"path": "immediate", "to": {2025: 1.0}})
    assert jump[:2] == before
    assert jump[5:] == [1.0] * 6
    assert ratios({"path": "points", "at": {2024: 1.0, 2022: 0.6}})[2:5] == [0.6, 0.8, 1.0]
    amounts = law().reform({"dibao.cap": {"path": "stepped", "at": {2022: 1000, 2024: 2000}}})
    assert [amounts.at(f"{y}-06-30").value("dibao.cap") for y in (2022, 2023, 2024)] == [1000, 1000, 2000]


def test_the_ratio_of_living_costs_first_and_then_one_line() -> None:
    path = {"path": "ratio_then_one", "from": {2020: 0.6}, "ratio": {2022: 0.8}, "to": {2028: 1.0}}
    assert ratios({**path, "hold": 2024}) == [0.6, 0.7, 0.8, 0.8, 0.8, 0.85, 0.9, 0.95, 1.0, 1.0, 1.0]
    assert ratios({**path, "to": {2024: 1.0}}) == [0.6, 0.7, 0.8, 0.9] + [1.0] * 7
    assert ratios({**path, "to": {2024: 1.0}}) == ratios({**path, "hold": 2022, "to": {2024: 1.0}})


def test_catching_up_grows_by_so_many_points_more() -> None:
    urban = {"on": {f"{year}-01-01": 200.0 * 1.05 ** (year - 2020) for year in YEARS}}
    found = ratios({"path": "catch_up", "from": {2021: 0.8}, "faster": 0.03}, urban=urban)
    expected = [0.8]
    for _ in range(9):
        expected.append(min(expected[-1] * 1.08 / 1.05, 1.0))
    assert found[1:] == [round(value, 12) for value in expected]
    assert found[-1] == 1.0
    flat = ratios({"path": "catch_up", "from": {2021: 0.8}, "faster": 0.1, "until": 0.9}, urban=200.0)
    assert flat[1:4] == [0.8, 0.88, 0.9]


def test_catching_up_with_what_is_on_a_path_itself() -> None:
    urban = {"dibao.line.urban": {"path": "geometric", "from": {2021: 200}, "to": {2023: 242}}}
    policy = law().reform(urban, allow_unusual=True)
    path = {"path": "catch_up", **RATIO, "from": {2021: 0.5}, "faster": 0.11}
    policy = policy.reform({"dibao.line.rural": path}, allow_unusual=True)
    line = policy.at("2022-12-31").value("dibao.line")
    assert line["rural"] / line["urban"] == pytest.approx(0.5 * 1.21 / 1.1)


def test_a_conditional_path_waits_until_it_is_decided() -> None:
    change = {"path": "conditional", "from": {2021: 0.6}, "step": 0.15, "while": {"county_extra": 0.02}}
    assert ratios(change)[1:] == [0.6] * 10
    (path,) = law().reform({"dibao.line.rural": {**RATIO, **change}}, allow_unusual=True).paths
    assert path.condition == ("county_extra", 0.02)
    for year, onward in ((2022, True), (2023, False), (2024, True), (2025, True)):
        path = path.decided(year, onward)
    assert [path.factor(year) for year in range(2020, 2027)] == pytest.approx(
        [None, 0.6, 0.75, 0.75, 0.9, 1.0, 1.0]
    )
    assert path.shifted(3).start == (2024, 0.6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "stepd", "at": {2021: 0.5}}, "unknown path 'stepd'; did you mean 'stepped'?"),
        ({"path": "stepped"}, "dibao.line.rural.at: 'at' needs years with numbers; at: {2021: 0.62"),
        ({"path": "stepped", "at": {2021: "x"}}, "'at' needs one year with a number"),
        ({"path": "stepped", "at": {2021: 0.5}, "to": {2022: 1}}, "unknown key 'to'; 'to' belongs to path:"),
        ({"path": "points", "at": {2021: 0.5}}, "a path through points needs two of them"),
        ({"path": "points", "at": {2021: 0.5, 2022: 80}}, "80 % is 0.8"),
        ({"path": "immediate", "to": {2021: 1, 2022: 1}}, "'to' needs one year with a number"),
        (
            {"path": "ratio_then_one", "from": {2021: 0.5}, "ratio": {2021: 0.8}, "to": {2025: 1}},
            "rural.ratio: the path has 'ratio' in 2021, not after 2021",
        ),
        (
            {
                "path": "ratio_then_one",
                "from": {2021: 0.5},
                "ratio": {2023: 0.8},
                "to": {2025: 1},
                "hold": 2025,
            },
            "'hold' is a year from 2023 to 2024, found 2025",
        ),
        ({"path": "catch_up", "from": {2021: 0.5}}, "'faster' needs a number above 0, at most 1"),
        ({"path": "catch_up", "from": {2021: 0.5}, "faster": 3}, "found 3; three percentage points are 0.03"),
        (
            {"path": "catch_up", "from": {2021: 1.2}, "faster": 0.03},
            "the path starts at 1.2, beyond where it ends, 1; it only rises",
        ),
        (
            {"path": "conditional", "from": {2021: 0.5}, "step": 0.05},
            "'while' needs one condition with its limit; while: {county_extra: 0.05}",
        ),
        (
            {"path": "conditional", "from": {2021: 0.5}, "step": 0.05, "while": {"county_extr": 0.05}},
            "no such condition 'county_extr'; did you mean 'county_extra'?",
        ),
        (
            {"path": "conditional", "from": {2021: 0.5}, "step": 0, "while": {"county_extra": 50}},
            "a share of the county's revenue from 0 to 10, found 50; 5 % is 0.05",
        ),
    ],
)
def test_what_is_wrong_is_said_with_a_way_out(change: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        law().reform({"dibao.line.rural": {**RATIO, **change}}, allow_unusual=True)
    assert words in str(caught.value)


def test_some_shapes_are_ratios_only() -> None:
    with pytest.raises(MicrosimError, match="'catch_up' is a ratio to another number; ratio_to:"):
        law().reform({"dibao.cap": {"path": "catch_up", "from": {2021: 1}, "faster": 0.1}})
