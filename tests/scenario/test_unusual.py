"""Values outside the range seen are refused in every file, unless it says that they are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.policy.unusual import Unusual, unusual_values
from microsim.sweeps.sweep_file import read_grid
from tests.cli.conftest import (
    Call,
    call,  # noqa: F401
)
from tests.scenario.small_county import write
from tests.wrapped import says

CHANGES = "  means_test.work_cost_rate: 0.9\n  dibao.line: {by: {rural: 5400}}\n"


def scenario(folder: Path, more: str = "", changes: str = CHANGES, **options: bool) -> ms.Scenario:
    text = f"county: county\nlaw: 2020-12-31\nchanges:\n{changes}{more}"
    return ms.load_scenario(write(folder, text, "s.yaml"), **options)


def refusal(folder: Path, more: str = "", changes: str = CHANGES) -> str:
    with pytest.raises(MicrosimError) as refused:
        scenario(folder, more, changes)
    return str(refused.value)


def noted(scenario: ms.Scenario) -> list[Unusual]:
    policy = scenario.policy()
    return unusual_values(policy.values, policy.parameters, policy.date, scenario.unusual)


def test_refused_with_value_range_and_the_way_to_confirm(tmp_path: Path) -> None:
    told = refusal(tmp_path)
    assert "s.yaml:4:" in told
    assert "work_cost_rate is 0.9, outside the observed range, 0.3 to 0.5; if this is intended, write" in told


def test_taken_where_all_are_allowed_and_told(tmp_path: Path) -> None:
    (found,) = noted(scenario(tmp_path, allow_unusual=True))
    assert found.text("en") == "means_test.work_cost_rate is 0.9, outside the observed range, 0.3 to 0.5"
    assert "超出已知范围 0.3 至 0.5" in found.text("zh")


@pytest.mark.parametrize(
    ("more", "changes"),
    [
        ("unusual: [means_test.work_cost_rate]\n", CHANGES),
        ("", "  means_test.work_cost_rate: {value: 0.9, unusual: yes}\n"),
        ("", "  means_test.work_cost_rate: {on: {2020-01-01: 0.9}, unusual: yes}\n"),
        ("", "  dibao.line: {by: {rural: {value: 458, unusual: true}}}\n"),
        ("programmes: {means_test: {work_cost_rate: {value: 0.9, unusual: yes}}}\n", "  {}\n"),
    ],
)
def test_what_is_confirmed_is_neither_refused_nor_told(tmp_path: Path, more: str, changes: str) -> None:
    assert noted(scenario(tmp_path, more, changes)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("  dibao.line.rural: 458\n", "458 a month is 5,496 a year: write unit: yuan/month beside it"),
        (
            "  dibao.line: {by: {rural: 458, urban: 700}}\n",
            "changes.dibao.line.by.rural: dibao.line.rural is 458 yuan/year",
        ),
        ("  dibao.line: {by: {rural: 7200, urban: 4800}}\n", "are the two swapped?"),
        (
            "  dibao.line.rural: {path: linear, from: {2021: 4600}, to: {2027: 80}}\n",
            "dibao.line.rural is 80 yuan/year, outside the observed range",
        ),
        (
            "  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban,\n"
            "    from: {2021: 0.6}, to: {2027: 80}}\n",
            "a ratio of 80 makes it 80 times dibao.line.urban; 80 % is 0.8",
        ),
    ],
)
def test_plausible_mistakes(tmp_path: Path, changes: str, words: str) -> None:
    assert words in refusal(tmp_path, changes=changes)


def test_a_reform_keeps_what_its_base_confirmed_and_no_more(tmp_path: Path) -> None:
    scenario(tmp_path, "", "  dibao.line: {by: {rural: 458}, unusual: yes}\n")
    reform = tmp_path / "r.yaml"
    reform.write_text("base: s.yaml\nchanges: {dibao.line: {by: {urban: 9000}}}\n", encoding="utf-8")
    assert ms.load_scenario(reform).policy().value("dibao.line") == {"rural": 458, "urban": 9000}
    reform.write_text("base: s.yaml\nchanges: {dibao.line: {by: {urban: 900}}}\n", encoding="utf-8")
    with pytest.raises(MicrosimError, match=r"dibao\.line\.urban is 900"):
        ms.load_scenario(reform)
    scenario(tmp_path, "unusual: [means_test.work_cost_rate]\n")
    reform.write_text("base: s.yaml\nunusual: [dibao.line]\nchanges: {dibao.line.rural: 458}\n", "utf-8")
    assert ms.load_scenario(reform).unusual == ("means_test.work_cost_rate", "dibao.line")


def test_the_axes_and_cases_of_a_sweep(tmp_path: Path) -> None:
    write(tmp_path)
    sweep = {"scenario": tmp_path / "small.yaml", "axes": {"dibao.line.rural": [458, 4800]}}
    with pytest.raises(MicrosimError) as refused:
        read_grid(sweep)
    (offence,) = refused.value.offences
    assert "dibao.line.rural is 458 yuan/year, outside the observed range" in offence.message
    assert "unusual: [...]" in offence.hint
    for more in ({"unusual": ["dibao.line"]}, {}):
        assert len(read_grid({**sweep, **more}, allow_unusual=not more).points) == 2
    for bad in (
        {"axes": {"dibao.line.rural": {"from": 400, "to": 4800, "steps": 3}}},
        {"cases": [{"dibao.line.rural": 458}]},
    ):
        with pytest.raises(MicrosimError, match="outside the observed range"):
            read_grid({"scenario": tmp_path / "small.yaml", **bad})
    with pytest.raises(MicrosimError, match=r"no such parameter 'dibao\.lne'"):
        read_grid({**sweep, "unusual": ["dibao.lne"]})


def test_a_command_that_allows_them(call: Call, tmp_path: Path) -> None:  # noqa: F811
    with pytest.raises(MicrosimError):
        scenario(tmp_path)
    assert "outside the observed range" in call("check", "s.yaml").stderr
    done = call("check", "s.yaml", "--allow-unusual")
    assert done.exit_code == 0
    assert says(done.stdout, "means_test.work_cost_rate is 0.9, outside the observed range, 0.3 to 0.5")
    assert call("kernel", "s.yaml", "--output", "dibao_line_in_force").exit_code == 2
    assert call("kernel", "s.yaml", "--output", "dibao_line_in_force", "--allow-unusual").exit_code == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("unusual: means_test.work_cost_rate\n", "'unusual' must be a list of parameters"),
        (
            "unusual: [means_test.work_cost_rat]\n",
            "s.yaml:6:11: no such parameter 'means_test.work_cost_rat'",
        ),
    ],
)
def test_names_that_are_no_parameters(tmp_path: Path, more: str, words: str) -> None:
    assert words in refusal(tmp_path, more)
