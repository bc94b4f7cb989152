"""Changes to parameters: each form of the grammar, what it leaves alone, and what is said of each mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.policy import household
from microsim.policy.policy import Policy


def dated(*values: tuple[str, Any]) -> dict[str, Any]:
    return {day: {"value": value, "source": "cited", "reference": "law"} for day, value in values}


PARAMETERS: dict[str, Any] = {
    "dibao.line": {
        "unit": "yuan/month",
        "by": "area",
        "values": dated(
            ("2012-01-01", {"rural": 100, "urban": 200}), ("2022-01-01", {"rural": 110, "urban": 220})
        ),
    },
    "dibao.cap": {"unit": "yuan/year", "values": dated(("2012-01-01", 1000), ("2022-01-01", 2000))},
    "dibao.rate": {"by": ["area", "tier"], "values": {"rural": {"low": 0.1, "high": 0.2}, "urban": 0.3}},
    "dibao.enabled": {"kind": "boolean", "values": dated(("2012-01-01", True))},
    "dibao.payment": {"kind": "choice", "choices": ["gap", "banded"], "values": "gap"},
    "dibao.band": {"kind": "step", "values": [[0, 1.0], [0.5, 0.7]]},
    "later.amount": {"values": dated(("2023-01-01", 7))},
    "by_standing": {"by": "standing", "values": {"poor": 1.0, "other": 0.0}},
}


@household(categories=("poor", "near_poor", "other"))
def standing(income: float) -> str:
    """A categorical rule, so that its categories are known without data."""
    return "poor" if income < 1 else "other"


def law(date: str = "2021-06-30") -> Policy:
    return Policy.from_rules([standing], PARAMETERS, date=date)


def test_a_plain_value_is_in_the_files_own_unit_and_holds_always() -> None:
    policy = law().reform(
        {"dibao.line": 150, "dibao.cap": 5, "dibao.enabled": False, "dibao.payment": "banded"}
    )
    assert policy.value("dibao.line") == 150.0
    assert policy.value("dibao.cap") == 5.0
    assert policy.value("dibao.enabled") is False
    assert policy.value("dibao.payment") == "banded"
    assert policy.at("2030-01-01").value("dibao.line.rural") == 150.0
    now = policy.values["dibao.cap"]
    assert (now.source, now.reference) == ("scenario", "changed by the scenario")
    assert law().value("dibao.cap") == 1000.0


def test_a_schedule_is_replaced_whole() -> None:
    assert law().reform({"dibao.band": [[0, 2], [1, 3]]}).value("dibao.band") == [(0.0, 2.0), (1.0, 3.0)]


@pytest.mark.parametrize("change", [{"dibao.line.rural": 150}, {"dibao.line": {"by": {"rural": 150}}}])
def test_one_category_leaves_the_others_their_values_at_all_times(change: dict[str, Any]) -> None:
    policy = law().reform(change)
    assert policy.value("dibao.line") == {"rural": 150.0, "urban": 200.0}
    assert policy.at("2022-06-30").value("dibao.line") == {"rural": 150.0, "urban": 220.0}
    assert policy.at("2001-01-01").value("dibao.line.rural") == 150.0


def test_two_cells_of_one_parameter() -> None:
    policy = law().reform({"dibao.line.rural": 1, "dibao.line.urban": 2})
    assert policy.value("dibao.line") == {"rural": 1.0, "urban": 2.0}


def test_nested_cells() -> None:
    policy = law().reform({"dibao.rate.urban.low": 0.5})
    assert policy.value("dibao.rate.urban.low") == 0.5
    assert policy.value("dibao.rate.urban.high") == 0.3
    assert policy.value("dibao.rate.rural.high") == 0.2
    wide = law().reform({"dibao.rate": {"by": {"rural": 0.9}}})
    assert wide.value("dibao.rate.rural.low") == 0.9
    assert wide.value("dibao.rate.urban.low") == 0.3


def test_dated_values_hold_from_their_first_day_and_end_the_old_ones() -> None:
    policy = law().reform({"dibao.cap": {"on": {"2021-01-01": 30, dt.date(2024, 1, 1): 50}}})
    on = ["2020-12-31", "2021-01-01", "2022-01-01", "2023-12-31", "2024-01-01"]
    assert [policy.at(day).value("dibao.cap") for day in on] == [1000.0, 30.0, 30.0, 30.0, 50.0]


def test_dated_values_of_one_category_leave_the_others_what_the_law_gives_them_later() -> None:
    policy = law().reform({"dibao.line.rural": {"on": {"2021-01-01": 150, "2023-01-01": 160}}})
    lines = [
        policy.at(day).value("dibao.line") for day in ("2020-12-31", "2021-06-30", "2022-06-30", "2023-06-30")
    ]
    assert lines == [
        {"rural": 100.0, "urban": 200.0},
        {"rural": 150.0, "urban": 200.0},
        {"rural": 150.0, "urban": 220.0},
        {"rural": 160.0, "urban": 220.0},
    ]
    mixed = law().reform(
        {"dibao.line": {"on": {"2021-01-01": {"by": {"rural": 1}}, "2021-03-01": {"by": {"urban": 2}}}}}
    )
    assert mixed.value("dibao.line") == {"rural": 1.0, "urban": 2.0}


def test_a_value_may_come_before_the_parameter_exists() -> None:
    assert "later.amount" not in law().values
    assert law().reform({"later.amount": 9}).value("later.amount") == 9.0


def test_paths_over_the_years() -> None:
    moved = law().reform({"dibao.cap": {"path": "linear", "from": {2022: 1000}, "to": {2024: 2000}}})
    by_year = {y: moved.at(f"{y}-06-30").value("dibao.cap") for y in (2021, 2022, 2023, 2024, 2030)}
    assert by_year == {2021: 1000.0, 2022: 1000.0, 2023: 1500.0, 2024: 2000.0, 2030: 2000.0}
    grown = law().reform({"dibao.cap": {"path": "geometric", "from": {2022: 100}, "to": {2024: 400}}})
    assert grown.at("2023-01-01").value("dibao.cap") == pytest.approx(200.0)
    monthly = law().reform({"dibao.line.rural": {"path": "linear", "from": {2020: 100}, "to": {2022: 200}}})
    assert monthly.value("dibao.line") == {"rural": 150.0, "urban": 200.0}


def test_a_path_as_a_ratio_to_another_value_follows_it() -> None:
    path = {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.5}, "to": {2025: 1.0}}
    policy = law().reform({"dibao.line.rural": path})
    assert policy.value("dibao.line.rural") == 100.0
    assert policy.at("2023-06-30").value("dibao.line.rural") == 0.75 * 220.0
    dearer = policy.reform({"dibao.line.urban": 400})
    assert dearer.at("2025-06-30").value("dibao.line") == {"rural": 400.0, "urban": 400.0}
    assert policy.values["dibao.line"].reference == "path to 2025"


def test_values_and_a_path_in_one_reform() -> None:
    ratio = {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.5}, "to": {2025: 1.0}}
    policy = law().reform({"dibao.line": {"by": {"rural": 1, "urban": 300}}, "dibao.line.rural": ratio})
    assert policy.value("dibao.line") == {"rural": 150.0, "urban": 300.0}


def test_a_later_value_does_not_hide_behind_an_earlier_path() -> None:
    path = {"path": "linear", "from": {2020: 1}, "to": {2022: 2}}
    policy = law().reform({"dibao.line.rural": path})
    for change in (
        {"dibao.line.rural": 5},
        {"dibao.line": 5},
        {"dibao.line": {"by": {"rural": 5}}},
        {"dibao.line": {"on": {"2021-01-01": {"by": {"default": 5}}}}},
    ):
        with pytest.raises(MicrosimError, match=r"dibao\.line\.rural already follows a path"):
            policy.reform(change)
    assert policy.reform({"dibao.line.urban": 5}).value("dibao.line.urban") == 5.0
    again = policy.reform({"dibao.line.rural": {"path": "linear", "from": {2020: 7}, "to": {2022: 7}}})
    assert again.value("dibao.line.rural") == 7.0


def test_a_path_cannot_follow_what_has_no_value_yet() -> None:
    ratio = {"path": "linear", "ratio_to": "later.amount", "from": {2020: 1}, "to": {2022: 2}}
    policy = law().reform({"dibao.cap": ratio})
    with pytest.raises(
        MicrosimError, match=r"dibao\.cap follows later\.amount, which has no value on 2021-06-30"
    ):
        policy.value("dibao.cap")
    assert policy.at("2023-01-01").value("dibao.cap") == 14.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"dibao.lne": 1},
            "dibao.lne: no such parameter; did you mean 'dibao.line'? (microsim params dibao lists",
        ),
        ({"dibao.line.rural.low": 1}, "no such parameter"),
        ({"dibao.line": "high"}, "dibao.line: dibao.line: expected a number, found 'high'"),
        ({"dibao.line": {"by": 3}}, "'by' needs a value for each category, found 3"),
        ({"dibao.line": {"by": {"rural": {"low": 1}}}}, "dibao.line is already split by area"),
        ({"dibao.cap": {"by": {"rural": 1}}}, "dibao.cap has one value, not one by category"),
        ({"dibao.cap": {"bye": {"rural": 1}}}, "unknown key 'bye'; did you mean 'by'?"),
        ({"dibao.cap": {}}, "unknown key '?'; a change is a value or has one of the keys by, on or path"),
        ({"dibao.cap": {"on": {}}}, "'on' needs dates with values"),
        ({"dibao.cap": {"on": {"2021": 3}}}, "'2021' is not a date"),
        ({"dibao.cap": {"on": {"2021-01-01": 3}, "by": 1}}, "unknown key 'by' next to 'on'"),
        ({"dibao.cap": {"on": {"2021-01-01": "x"}}}, "dibao.cap.on.2021-01-01: dibao.cap: expected a number"),
        ({"dibao.payment": "bandd"}, "'bandd' is not one of gap, banded; did you mean 'banded'?"),
        ({"dibao.band": [[1, 1], [0, 1]]}, "thresholds must rise"),
        (
            {"dibao.enabled": {"path": "linear", "from": {2021: 0}, "to": {2022: 1}}},
            "is a boolean: it has no path",
        ),
        (
            {"dibao.cap": {"path": "curve", "from": {2021: 0}, "to": {2022: 1}}},
            "unknown path 'curve'; one of linear",
        ),
        (
            {"dibao.cap": {"path": "linear", "form": {2021: 0}, "to": {2022: 1}}},
            "unknown key 'form'; did you mean 'from'",
        ),
        (
            {"dibao.cap": {"path": "linear", "from": {2021: 0, 2022: 1}, "to": 3}},
            "'to' needs one year with a number",
        ),
        (
            {"dibao.cap": {"path": "linear", "from": {2022: 0}, "to": {2022: 1}}},
            "ends in 2022, not after it starts",
        ),
        ({"dibao.cap": {"path": "geometric", "from": {2021: 0}, "to": {2022: 1}}}, "needs positive numbers"),
        (
            {"dibao.cap": {"path": "linear", "ratio_to": "dibao.lin", "from": {2021: 0}, "to": {2022: 1}}},
            "no such parameter 'dibao.lin'; did you mean 'dibao.line'?",
        ),
        (
            {"dibao.cap": {"path": "linear", "ratio_to": "dibao.cap", "from": {2021: 0}, "to": {2022: 1}}},
            "a path cannot be a ratio to itself",
        ),
        (
            {"dibao.cap": {"path": "linear", "ratio_to": "dibao.line", "from": {2021: 0}, "to": {2022: 1}}},
            "'dibao.line' is not one number; name its category: dibao.line.<area>",
        ),
        (
            {
                "dibao.cap": {
                    "path": "linear",
                    "ratio_to": "dibao.line.town",
                    "from": {2021: 0},
                    "to": {2022: 1},
                }
            },
            "'dibao.line.town' is not one number",
        ),
        (
            {"dibao.cap": {"path": "linear", "ratio_to": "dibao.band", "from": {2021: 0}, "to": {2022: 1}}},
            "'dibao.band' is not one number",
        ),
        ({"by_standing": {"by": {"pour": 1}}}, "'pour' is not a category of standing; did you mean 'poor'?"),
        ({"by_standing.rich": 1}, "'rich' is not a category of standing; one of poor, near_poor, other"),
    ],
)
def test_mistakes(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        law().reform(changes)
    assert words in str(caught.value)


def test_every_offence_of_a_reform_is_told_at_once() -> None:
    with pytest.raises(MicrosimError) as caught:
        law().reform({"nothing": 1, "dibao.cap": "x", "dibao.payment": 1, "by_standing": {"by": {"pour": 1}}})
    assert len(caught.value.offences) == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dibao.lin", "no parameter 'dibao.lin'; did you mean 'dibao.line'?"),
        ("dibao.line.rual", "dibao.line has no value for 'rual'; did you mean 'rural'?"),
        ("later.amount", "no parameter 'later.amount'; it has no value on 2021-06-30"),
    ],
)
def test_asking_for_a_value_that_is_not_there(name: str, words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        law().value(name)
    assert words in str(caught.value)
