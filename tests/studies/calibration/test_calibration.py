"""A county calibrated to figures that known levers made, and figures that nobody can meet."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.scenario import load_scenario
from microsim.scenario.calibration import calibration_file
from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.study import calibrate_county
from tests.scenario.small_county import write
from tests.studies.calibration.known_levers import trial
from tests.wrapped import says

pytestmark = pytest.mark.compiled
COUNTIES = 20  # of the long check


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A survey of 300 households without draws for take-up, and its scenario."""
    return write(tmp_path)


def entitled(scenario: Path) -> dict[str, float]:
    """Dibao recipients by area if everybody claimed."""
    loaded = load_scenario(scenario)
    result = ms.simulate(loaded.population(), loaded.policy(), ["dibao_recipients"], warn=False)
    return {area: float(v) for area, v in result.total("dibao_recipients", by="area").items()}


def test_every_command_uses_what_was_found(scenario: Path) -> None:
    target = {"rural": round(0.6 * entitled(scenario)["rural"] / 40.0) * 40.0}
    county = load_scenario(scenario).county_path
    options = ["--scenario", str(scenario), "--recipients", f"rural={target['rural']}"]
    said = CliRunner().invoke(cli, ["calibrate", str(county), *options])
    assert said.exit_code == 0, said.output
    assert says(said.stdout, "Dibao, recipients, persons, rural")
    assert max(map(len, said.stdout.split("\n"))) <= 80 or str(county) in said.stdout
    found = entitled(scenario)
    assert found["rural"] == pytest.approx(target["rural"], rel=1e-3)
    loaded = load_scenario(scenario)
    assert loaded.calibration is not None
    assert loaded.calibrated_by(None).policy().value("take_up.dibao") == 1.0
    assert 5 <= 1 + len(loaded.calibration.others) <= 10
    assert any(way.draws for way in loaded.calibration.others)
    plain = Bench(loaded.population(), loaded.calibrated_by(None).policy())
    for way in loaded.calibration.others:
        other = plain.redrawn(way.draws).amounts(way.changes)
        inside = Bench(loaded.population(), loaded.policy()).inside("rural")
        assert other["dibao", "recipients"][inside].sum() == pytest.approx(target["rural"], rel=1e-3)
    again = CliRunner().invoke(cli, ["explain", str(scenario), "--household", "3", "--lang", "zh"])
    assert says(again.stdout, "已按本县数字校准")


def test_what_nobody_can_meet_is_refused_and_nothing_is_written(scenario: Path) -> None:
    loaded = load_scenario(scenario)
    most = entitled(scenario)["rural"]
    with pytest.raises(ms.DataError) as error:
        calibrate_county(
            loaded.county_path,
            {
                "dibao": {"recipients": {"rural": 1e7}, "expenditure": {"urban": 9e9}},
                "tekun": {"recipients": 9e4},
            },
            scenario,
        )
    said = str(error.value)
    assert "dibao, recipients, rural: 10,000,000 persons, more than the" in said
    assert "dibao, expenditure, urban: 9,000,000,000 yuan, but at most" in said
    half = round(0.5 * most / 40.0) * 40.0  # of rows of 40 persons each, so that it can be met
    with pytest.raises(ms.DataError, match=r"yuan each a year, but the rules pay [\d,]+ to [\d,]+ yuan each"):
        calibrate_county(
            loaded.county_path,
            {"dibao": {"recipients": {"rural": half}, "expenditure": {"rural": half * 90_000}}},
            scenario,
        )
    assert not calibration_file(loaded.county_path).exists()


def test_take_up_that_the_scenario_sets_is_not_looked_for(scenario: Path) -> None:
    scenario.write_text(scenario.read_text() + "  take_up.dibao: 0.7\n")
    with pytest.raises(ms.InputError, match=r"the scenario sets take_up\.dibao"):
        calibrate_county(load_scenario(scenario).county_path, {"dibao": {"recipients": 50}}, scenario)


def test_known_levers_are_met_and_a_reform_is_in_the_range() -> None:
    """Two of the counties below."""
    for number in (14, 19):
        found = trial(number)
        assert found.worst <= 0.001
        assert found.inside("recipients")
        assert found.inside("expenditure")


@pytest.mark.long
def test_twenty_counties_of_known_levers() -> None:
    found = [trial(number) for number in range(COUNTIES)]
    assert max(one.worst for one in found) <= 0.001
    for kind in ("recipients", "expenditure"):
        assert sum(one.inside(kind) for one in found) >= 18
