"""H county's ensembles: every set meets the targets, the first is today's calibration, spread is wide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.population import County, synthesize
from microsim.scenario import Scenario
from microsim.scenario.practice.ensemble import ensemble_file, read_ensemble
from microsim.studies.caseload.__main__ import main as make_caseload
from microsim.studies.caseload.study import TOLERANCE, known_figures
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.remade import seen_anew
from microsim.studies.ensemble.study import level_ranges, members_at_work, run_over

ROOT = Path(__file__).resolve().parents[3]
COUNTIES = ["h-county", "h-county-2016"]
SCENARIOS = {"h-county": "h-county-2020", "h-county-2016": "h-county-2016"}


def scenario_of(county: str, members: slice = slice(None)) -> Scenario:
    loaded = ms.load_scenario(ROOT / "scenarios" / f"{SCENARIOS[county]}.yaml")
    return replace(loaded, ensemble=read_ensemble(ensemble_file(loaded.county_path))[members])


def misses(scenario: Scenario) -> np.ndarray:
    """Relative misses of the paper's recipients and expenditure, members x targets, by plain simulation."""
    county = scenario.profile
    assert county is not None
    rows = []
    for _, own, population in members_at_work(scenario):
        result = ms.simulate(population, own.policy(), ["dibao_recipients", "dibao_benefit"])
        rows.append(
            [
                float(result.total(rule, by="area")[area]) / target - 1.0
                for (rule, area), target in known_figures(county).items()
            ]
        )
    return np.array(rows)


@pytest.mark.compiled
@pytest.mark.parametrize("county", COUNTIES)
def test_two_members_meet_the_targets_as_stored(county: str) -> None:
    scenario = scenario_of(county, slice(1, 3))
    found = misses(scenario)
    assert found.shape == (2, 4)
    assert np.abs(found).max() <= TOLERANCE
    for row, member in zip(found, scenario.ensemble, strict=True):
        np.testing.assert_allclose(row, list(member.misses.values()), atol=1e-5)


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize("county", COUNTIES)
def test_every_member_meets_the_targets(county: str) -> None:
    scenario = scenario_of(county)
    assert len(scenario.ensemble) >= 20
    assert np.abs(misses(scenario)).max() <= TOLERANCE


@pytest.mark.compiled
@pytest.mark.parametrize("county", COUNTIES)
def test_the_first_member_is_the_calibration_of_today_in_bits(county: str) -> None:
    scenario = scenario_of(county, slice(1))
    ((member, own, population),) = members_at_work(scenario)
    given = scenario.population()
    assert member.name == "calibration"
    assert population.hash == given.hash
    assert np.array_equal(population.weight, given.weight)
    for name, dated in scenario.policy().values.items():
        assert own.policy().values[name].value == dated.value, name
    outputs = ["dibao_recipients", "dibao_benefit"]
    one, two = ms.simulate(population, own.policy(), outputs), ms.simulate(given, scenario.policy(), outputs)
    for name in outputs:
        assert np.array_equal(one.array(name), two.array(name))


@pytest.mark.parametrize("county", COUNTIES)
def test_members_are_spread_over_what_the_targets_leave_open(county: str) -> None:
    members = read_ensemble(ensemble_file(ROOT / "data" / "synthetic" / county))
    moved = {
        f"{name}.{area}": [member.changes[name]["by"][area] for member in members]
        for name, change in members[0].changes.items()
        if isinstance(change, dict) and name not in ("dibao.payment", "dibao.line")
        for area in ("rural", "urban")
    }
    spread = {name: max(values) - min(values) for name, values in moved.items()}
    assert spread["dibao.individual_entry_share.rural"] > 0.8
    assert spread["dibao.discretion_share.urban"] > 0.4
    # The differences from the first member span more directions than there are targets.
    points = np.array(list(moved.values()), dtype=float).T
    away = (points - points[0]) / np.maximum(points.std(axis=0), 1e-12)
    assert np.linalg.matrix_rank(away[1:], tol=1e-6) >= 12


@pytest.mark.compiled
def test_a_run_carries_the_range_and_calls_it_one() -> None:
    scenario = scenario_of("h-county", slice(0, 3))
    run = run_over(scenario)
    plain = run_scenario(replace(scenario, ensemble=()))
    assert plain.ranges == {}
    for name, value in ((row.name, row.value) for row in plain.indicators.rows):
        if name in run.ranges:
            low, high, _ = run.ranges[name]
            assert low <= value <= high, name
    low, high, unit = run.ranges["caseload.dibao.rural"]
    assert unit == "persons"
    assert high / low - 1.0 < 2.5 * TOLERANCE
    assert run.summary["low.cost.total"]["value"] < run.summary["high.cost.total"]["value"]
    assert "range over 3 calibrations" in run.headline
    assert "confidence" not in run.headline
    assert level_ranges(run) == run.ranges


@pytest.mark.compiled
def test_a_reform_keeps_its_own_values_under_every_member(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    base = (ROOT / "scenarios" / "h-county-2020.yaml").as_posix()
    path.write_text(
        f"base: {base}\nensemble: 3\nchanges: {{dibao.top_up.minor: {{by: {{rural: 1500}}}}}}\n", "utf-8"
    )
    reform = ms.load_scenario(path)
    assert len(reform.ensemble) == 3
    for member in reform.ensemble:
        own = reform.under(member)
        assert own.policy().value("dibao.top_up.minor.rural") == 1500
        assert own.base is not None
        of_base = member.changes["dibao.top_up.minor"]["by"]["rural"]
        assert own.base.policy().value("dibao.top_up.minor.rural") == of_base
        assert own.policy().value("dibao.line.rural") == 4560
    found = ms.compare(reform.base, reform)
    low, high, _ = found.ranges["cost.dibao.rural"]
    change = found.values["cost.dibao.rural"][1] - found.values["cost.dibao.rural"][0]
    assert low <= change <= high
    assert low < high
    assert "range over calibrations" in found.headline


@pytest.mark.compiled
def test_a_reform_that_changes_nothing_has_no_effect_under_any_member(tmp_path: Path) -> None:
    path = tmp_path / "null.yaml"
    base = (ROOT / "scenarios" / "h-county-2020.yaml").as_posix()
    path.write_text(f"base: {base}\nensemble: 2\nchanges: {{dibao.line: {{by: {{rural: 4560}}}}}}\n", "utf-8")
    reform = ms.load_scenario(path)
    assert {(low, high) for low, high, _ in ms.compare(reform.base, reform).ranges.values()} == {(0.0, 0.0)}


def test_only_the_households_that_the_profile_gives_can_be_made_anew(tmp_path: Path) -> None:
    """The same shares of income seen under other weights, or other incomes, are another county."""
    profile = ROOT / "data" / "synthetic" / "h-county" / "profile.yaml"
    made = synthesize(County.read(profile), households=300)
    wages = np.asarray(made.person_columns["wage_income"])
    own = {
        "as-made": made,
        "reweighted": replace(made, weight=1.5 * made.weight),
        "richer": made.with_columns(persons={"wage_income": wages + 1.0}),
    }
    found = {}
    for name, population in own.items():
        population.write(tmp_path / name)
        (tmp_path / name / "profile.yaml").write_bytes(profile.read_bytes())
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"county: {name}\nlaw: 2020-12-31\n", "utf-8")
        found[name] = seen_anew(ms.load_scenario(path)) is not None
    assert found == {"as-made": True, "reweighted": False, "richer": False}


BAD = {
    "ensemble: 1": "at least two",
    "ensemble: some": "'ensemble' is all or a number of sets",
    "ensemble: 500": "500 members are asked for",
    "ensemble: 3\nbudget: {money: {programmes: [dibao], cap: 1.0e6, rule: pro_rata}}": "no account of caps",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_ensemble_is_refused_at_its_place(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    base = (ROOT / "scenarios" / "h-county-2020.yaml").as_posix()
    path.write_text(f"base: {base}\n{text}\n", "utf-8")
    with pytest.raises(ms.InputError) as refused:
        ms.load_scenario(path)
    assert BAD[text] in str(refused.value)
    assert "bad.yaml:2:" in str(refused.value)


def test_a_county_without_an_ensemble_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    county = (ROOT / "data" / "synthetic" / "pilot-county").as_posix()
    path.write_text(f"county: {county}\nlaw: 2020-12-31\nensemble: all\n", "utf-8")
    with pytest.raises(ms.InputError, match="--ensemble 24") as refused:
        ms.load_scenario(path)
    assert "the county has no ensemble" in str(refused.value)


def test_what_is_wrong_in_the_file_is_said_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "ensemble.yaml"
    path.write_text(
        "law: 2020-12-31\nmembers:\n- {name: one, county: {}, changes: {dibao.lne: 3}}\n"
        "- {name: two, changes: {}}\n"
        "- {name: four, county: {assumptions.filed_poor_share.rural: 0.1}, changes: {}}\n"
        "- {name: three, county: {}, changes: {take_up.dibao: 0.5}}\n",
        "utf-8",
    )
    with pytest.raises(ms.InputError) as refused:
        read_ensemble(path)
    said = str(refused.value)
    assert "dibao.lne" in said
    assert "ensemble.yaml:4" in said
    assert "county" in said
    assert "ensemble.yaml:5" in said
    assert "a set cannot give another 'assumptions.filed_poor_share.rural'" in said


def test_the_file_is_written_where_scenarios_look_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the profile of a folder, and beside a profile that a scenario names; with all that makes it."""

    class Sets:
        headline = "2 of 2 sets"

        def text(self, command: str) -> str:
            return f"# {command}\n"

    monkeypatch.setattr("microsim.studies.caseload.ensemble.calibrate_ensemble", lambda *_, **__: Sets())
    text = (ROOT / "data" / "synthetic" / "h-county" / "profile.yaml").read_text("utf-8")
    for name, county in (("profile.yaml", tmp_path), ("own.yaml", tmp_path / "own.yaml")):
        profile = tmp_path / name
        profile.write_text(text, "utf-8")
        options = ["--ensemble", "2", "--seed", "7", "--households", "900"]
        done = CliRunner().invoke(make_caseload, [str(profile), *options])
        assert done.exit_code == 0, done.output
        said = ensemble_file(county).read_text("utf-8")
        assert said.startswith(f"# python -m microsim.studies.caseload {profile} ")
        assert all(option in said for option in ("--ensemble 2", "--seed 7", "--households 900"))
    assert ensemble_file(tmp_path) == ensemble_file(tmp_path / "profile.yaml")
    assert ensemble_file(tmp_path / "own.yaml").name == "own.ensemble.yaml"
