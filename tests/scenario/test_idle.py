"""Changes that alter no figure are named with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.scenario.idle import idle_parts
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.outputs import baseline_outputs
from tests.scenario.small_county import write


def scenario(folder: Path, changes: str, more: str = "") -> ms.Scenario:
    text = f"county: county\nlaw: 2020-12-31\nchanges:\n  {changes}\n{more}"
    return ms.load_scenario(write(folder, text, "s.yaml"))


def told(one: ms.Scenario) -> list[str]:
    return [idle.text("en") for idle in idle_parts(one, baseline_outputs(one.policy()))]


OFF = "programmes: {education_aid: off}\n"
GROWTH = "economy: {income_growth: 0.06}\n"
RANKS = "economy: {by_rank: {rural: 0.01}}\n"
LINE_GROWTH = "economy: {urban_line_growth: 0.06}\n"


@pytest.mark.parametrize(
    ("changes", "more", "words"),
    [
        ("dibao.top_up.share_elderly: 0.2", "", "nothing uses it under dibao.top_up.form: amount"),
        ("dibao.floor: {by: {rural: 4200}}", "", "nothing uses it under dibao.merger: false"),
        (
            "medical_aid.cap: {on: {2025-06-01: 30000}}",
            "",
            "it takes effect after 2020-12-31, the last day of the run",
        ),
        ("education_aid.rain_dew: 3500", OFF, "the programme education_aid is off"),
        (
            "dibao.line: {by: {rural: 5400}}",
            GROWTH,
            "the county's figures are of 2020, the scenario's own year",
        ),
        ("dibao.line: {by: {rural: 5400}}", LINE_GROWTH, "it has no effect without years:"),
        ("dibao.line: {by: {rural: 5400}}", RANKS, "it has no effect without years:"),
        ("tekun.living_multiple: 1.3", "", "it is already the value in force"),
        ("dibao.line: {by: {rural: 5962.3}}", "", "it is already the value in force"),
    ],
)
def test_named_with_the_reason(tmp_path: Path, changes: str, more: str, words: str) -> None:
    found = told(scenario(tmp_path, changes, more))
    assert len(found) == 1
    assert found[0].endswith(f" changes no figure: {words}")


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ("dibao.line: {by: {rural: 5400}}", ""),
        ("dibao.top_up.share_elderly: 0.2", "programmes: {dibao: {top_up.form: share_of_line}}\n"),
        ("dibao.floor: {by: {rural: 9000}}", "programmes: {dibao: {merger: true}}\n"),
        ("medical_aid.cap: {on: {2020-06-01: 30000}}", ""),
        # The programme is off, and others read its number.
        ("dibao.line: {by: {rural: 5400}}", "programmes: {dibao: off}\n"),
        ("tekun.minimum_wage: 2000", "programmes: {tekun: off}\n"),
    ],
)
def test_what_matters_is_not_named(tmp_path: Path, changes: str, more: str) -> None:
    assert told(scenario(tmp_path, changes, more)) == []


def test_a_shock_after_the_last_year_is_named(tmp_path: Path) -> None:
    line = "dibao.line: {by: {rural: 5400}}"
    shocks = "economy: {shock: {2023: {wage_income: -0.1}, 2024: {wage_income: -0.1}}}"
    found = told(scenario(tmp_path, line, f"years: [2021, 2023]\n{shocks}\n"))
    reason = "it takes effect after 2023-12-31, the last day of the run"
    assert found == [f"economy.shock.2024 changes no figure: {reason}"]


def test_over_years_a_change_counts_if_it_counts_in_one(tmp_path: Path) -> None:
    dated = "medical_aid.cap: {on: {2022-06-01: 30000}}"
    assert told(scenario(tmp_path, dated))
    assert told(scenario(tmp_path, dated, f"years: [2021, 2023]\n{GROWTH}")) == []


def test_in_chinese(tmp_path: Path) -> None:
    one = idle_parts(scenario(tmp_path, "dibao.floor: {by: {rural: 4200}}"))[0]
    assert one.text("zh") == "dibao.floor 不改变任何数字：在 dibao.merger: false 时不起作用"


def test_a_run_tries_what_the_law_does_not_tell(tmp_path: Path) -> None:
    cap = "medical_insurance.catastrophic_cap: {value: 900000000, unusual: yes}"
    changes = f"{cap}\n  dibao.line: {{by: {{rural: 5400}}}}"
    run = run_scenario(scenario(tmp_path, changes))
    assert [(one.name, one.reason) for one in run.idle] == [("medical_insurance.catastrophic_cap", "nobody")]


def test_a_run_of_one_day_says_that_a_later_change_is_later(tmp_path: Path) -> None:
    dated = "dibao.line.rural: {on: {2023-01-01: 5400}}"
    run = run_scenario(scenario(tmp_path, dated, "years: [2021, 2023]\neconomy: {income_growth: 0.06}\n"))
    assert [(one.name, one.reason) for one in run.idle] == [("dibao.line.rural", "later")]
