"""The range of a census county's results over the counties that lend it figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim import InputError, Scenario, load_scenario, run
from microsim.cli.main import cli
from microsim.population.census.donor import read_archetypes
from microsim.population.census.tables import read_census
from microsim.studies.donors import study
from tests.population.census.census_table import ROOT, write


def test_all_donors_and_a_scenario_need_each_other(tmp_path: Path) -> None:
    census = str(write(tmp_path / "c.csv"))
    for more in (["--like", "all"], ["--scenario", str(ROOT / "scenarios" / "h-county-2020.yaml")]):
        asked = ["profile", "--census", census, "--county", "640522", "--out", str(tmp_path / "o")]
        done = CliRunner().invoke(cli, [*asked, *more])
        assert done.exit_code == 2
        assert "--like all and --scenario need each other" in done.stderr
        assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_the_range_is_of_what_run_gives_with_each_donor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = {name: county for name, county in read_archetypes().items() if name in ("h-county", "pilot-county")}
    monkeypatch.setattr(study, "read_archetypes", lambda: two)
    census = read_census(write(tmp_path / "c.csv")).find("640522")
    scenario = load_scenario(ROOT / "scenarios" / "counties" / "pilot-county.yaml")
    found = study.donor_range(census, scenario, tmp_path / "range", households=1_000)
    assert list(found.runs) == ["h-county", "pilot-county"]  # the nearest first
    low, high = (found.summary[f"{end}.caseload.dibao"]["value"] for end in ("lowest", "highest"))
    each = [one.indicators.value("caseload.dibao") for one in found.runs.values()]
    assert [low, high] == sorted(each)
    assert set(found.table["donor"]) == set(two)
    text = (ROOT / "scenarios" / "counties" / "pilot-county.yaml").read_text(encoding="utf-8")
    again = tmp_path / "again.yaml"
    county = tmp_path / "range" / "pilot-county"
    again.write_text(text.replace("../../data/synthetic/pilot-county", str(county)), encoding="utf-8")
    assert run(again).summary["caseload.dibao"]["value"] == each[1]


def test_the_scenario_of_a_county_that_is_not_made_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a newcomer types first: the county is to be made only when its range has been seen."""
    asked = []

    def no_range(census: object, scenario: Scenario, folder: Path, **_: object) -> None:
        asked.append(scenario)
        raise InputError("seen")

    monkeypatch.setattr(study, "donor_range", no_range)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "c.csv")
    Path("base.yaml").write_text("county: mine\nlaw: 2020-12-31\n", encoding="utf-8")
    Path("mine.yaml").write_text("base: base.yaml\n", encoding="utf-8")
    command = "profile --census c.csv --county 640522 --like all --scenario mine.yaml --out range"
    done = CliRunner().invoke(cli, command.split())
    assert done.stderr.endswith("seen\n")
    assert asked[0].county_path == Path("range")
    assert asked[0].calibration is None
