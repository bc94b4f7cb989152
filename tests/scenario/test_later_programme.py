"""An own programme that begins in 2024: both sides of its first day, and the calibration of a county."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import microsim as ms
from microsim.cli.main import cli
from microsim.engine.reference.interpreter import Interpreter
from microsim.scenario import load_scenario
from microsim.scenario.calibration import calibration_file
from tests.scenario.own_law import NUMBERS, RULES, own_law, was_run
from tests.scenario.small_county import write

BEGINS = dt.date(2024, 3, 1)
LATER_RULES = RULES.replace("@person(unit=", '@person(start="2024-03-01", unit=')
LATER_NUMBERS = NUMBERS.replace("2012-12-12", BEGINS.isoformat())
SCENARIO = """\
county: county
law: {date}
law_package: mylaw
changes:
  dibao.line: {{by: {{rural: 4600, urban: 7000}}}}
"""
CAKE = "  cake.amount: 20\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small county with a law whose only programme begins in 2024."""
    assert "start=" in LATER_RULES
    own_law(tmp_path, LATER_RULES, LATER_NUMBERS)
    return tmp_path


def scenario(folder: Path, date: str, more: str = "") -> Path:
    return write(folder, SCENARIO.format(date=date) + more, "own.yaml")


def microsim(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.mark.parametrize("before", [dt.date(2014, 12, 31), BEGINS - dt.timedelta(days=1)])
def test_before_its_first_day_it_is_not_there(folder: Path, before: dt.date) -> None:
    policy = ms.Policy.load(before, own=folder / "mylaw")
    packaged = ms.Policy.load(before)
    assert set(policy.rules) == set(packaged.rules)
    assert policy.values == packaged.values


def test_from_its_first_day_it_pays(folder: Path) -> None:
    policy = ms.Policy.load(BEGINS, own=folder / "mylaw")
    assert Interpreter(policy, {}, [{"age": 75}, {"age": 30}]).household_value("cake_benefit") == 120.0
    assert {"cake_benefit", "person_cake"} == set(policy.rules) - set(ms.Policy.load(BEGINS).rules)


def test_commands_on_both_sides(folder: Path) -> None:
    """Before its day a change of it is told to be for nothing; everything else is as it is without."""
    for date in ("2020-12-31", "2024-12-31"):
        path = scenario(folder, date)
        for command in (["check", path], ["explain", path, "--household", "7"]):
            done = microsim(*command, "--allow-code")
            assert done.exit_code == 0, done.output
        assert ("Cake money" in done.output) == (date > "2024")
    for_nothing = "cake.amount changes no figure: no rule in force on 2020-12-31 uses it"
    for date in ("2020-12-31", "2024-12-31"):
        done = microsim("check", scenario(folder, date, CAKE), "--allow-code")
        assert done.exit_code == 0
        assert (for_nothing in done.output) == (date < "2024")


@pytest.mark.compiled
def test_a_county_is_calibrated_under_its_own_law(folder: Path) -> None:
    path = scenario(folder, "2024-12-31", CAKE)
    county = folder / "county"
    words = ["calibrate", county, "--scenario", path, "--recipients", "rural=400"]
    refused = microsim(*words)
    assert refused.exit_code == 2
    assert "'mylaw' holds rules in Python" in refused.output
    assert not was_run(folder)
    assert not calibration_file(county).exists()
    done = microsim(*words, "--allow-code")
    assert done.exit_code == 0, done.output
    assert was_run(folder)
    again = load_scenario(path, allow_code=True)
    assert again.calibration is not None
    result = ms.simulate(again.population(), again.policy(), ["dibao_recipients"], warn=False)
    assert result.total("dibao_recipients", by="area")["rural"] == pytest.approx(400.0, rel=1e-3)
    assert again.policy().value("cake.amount") == 20.0
