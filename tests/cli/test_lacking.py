"""A column that a county lacks is told, with the programmes that go without, by run, check and manifest."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from microsim.cli.commands.check import check
from microsim.errors import MicrosimWarning
from microsim.policy.policy import Policy
from microsim.population import Population
from microsim.simulation import simulate
from microsim.studies.common.lacking import lacking_columns
from microsim.studies.common.outputs import baseline_outputs
from tests.cli.conftest import Call
from tests.scenario.small_county import write


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("lacking"))


def lacking(
    small: Path, date: str = "2020-12-31", changes: dict[str, object] | None = None
) -> dict[str, tuple[str, ...]]:
    policy = Policy.load(date).reform(changes or {}, allow_unusual=True)
    population = Population.read(small.parent / "county")
    return dict(lacking_columns(policy, population, baseline_outputs(policy)))


def test_each_lacking_column_names_the_programmes_that_read_it(small: Path) -> None:
    found = lacking(small)
    assert found["has_able_supporter"] == ("tekun",)
    assert found["dwelling_grade"] == ("housing_aid",)
    assert set(found["shock"]) == {"temporary_aid", "low_income"}
    assert "wage_income" not in found
    # No rule reads it.
    assert "chronic_illness" not in found


def test_a_programme_that_is_off_goes_without_nothing(small: Path) -> None:
    assert "heating_area" in lacking(small)
    assert "heating_area" not in lacking(small, changes={"heating.enabled": False})
    assert "months_since_income_rose" not in lacking(small)
    assert lacking(small, "2021-12-31")["months_since_income_rose"] == ("gradual_exit",)


def test_run_and_manifest_tell_it(small: Path, tmp_path: Path, call: Call) -> None:
    done = call("run", str(small), "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert "columns are missing from the data and were taken at their defaults, so these programmes" in text
    assert "Heating relief 1" in text
    manifest = json.loads((tmp_path / "small" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["lacking_columns"]["dwelling_grade"] == ["housing_aid"]
    assert set(manifest["lacking_columns"]) <= set(manifest["defaulted_columns"])


def test_check_tells_it(small: Path) -> None:
    assert any("heating_area (heating)" in note for note in check(small).notes)
    assert check(small.parent / "county").notes[0].startswith("columns not given: vehicles")


def changed(small: Path, folder: Path, persons: dict[str, object] | None = None, drop: str = "") -> Path:
    """The small county with other columns, and its scenario beside it."""
    population = Population.read(small.parent / "county")
    frame = population.persons.assign(**(persons or {}))
    frame = frame.drop(columns=drop) if drop else frame
    new = Population.from_frames(frame, population.households)
    new.write(folder / "county")
    (folder / "county" / "profile.yaml").write_bytes((small.parent / "county" / "profile.yaml").read_bytes())
    (folder / "small.yaml").write_bytes(small.read_bytes())
    return folder / "small.yaml"


def test_check_refuses_a_county_that_the_law_cannot_be_applied_to(
    small: Path, tmp_path: Path, call: Call
) -> None:
    scenario = changed(small, tmp_path, drop="relation")
    done = call("check", str(scenario))
    assert done.exit_code == 2
    assert "county: has no column relation, which the law needs (means_test)" in done.stderr
    needed = "the law cannot be applied without: relation (means_test)"
    assert check(tmp_path / "county").needed == needed
    assert check(small.parent / "county").needed == ""


OWN = {"counted_income": 1.0, "tekun_minimum_wage": 9.0, "wage_incomes": 5.0, "my_stratum": 3}


def test_columns_that_count_for_nothing_are_told_once(small: Path, tmp_path: Path, call: Call) -> None:
    """A rule's name, a parameter's, one that is misspelt and one of the user's own."""
    scenario = changed(small, tmp_path, OWN, drop="pension_income")
    (text,) = [note for note in check(scenario).notes if note.startswith("columns that are not used: ")]
    assert "counted_income (the rule of that name is used instead)" in text
    assert "tekun_minimum_wage (the parameter of that name is used instead)" in text
    assert "my_stratum (no rule reads it)" in text
    done = call("run", str(scenario), "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    note = " ".join(done.output.split())
    assert note.count("In the county's data but not used: counted_income") == 1
    manifest = json.loads((tmp_path / "small" / "manifest.json").read_text(encoding="utf-8"))
    assert set(OWN) <= set(manifest["ignored_columns"])
    assert "wage_income" not in manifest["ignored_columns"]


def test_simulate_warns_of_columns_that_are_meant_to_count(small: Path) -> None:
    population = Population.read(small.parent / "county")
    households = {"financial_asset": 5.0, "dibao_line": 1.0, "counted_income": 2.0, "my_stratum": 3}
    frame = population.households.assign(**households).drop(columns="financial_assets")
    own = Population.from_frames(population.persons, frame)
    policy = Policy.load("2020-12-31")
    with pytest.warns(MicrosimWarning) as caught:
        simulate(own, policy, ["dibao_entitlement"])
    assert str(caught[0].message) == (
        "columns that are not used: counted_income (the rule of that name is used instead); "
        "dibao_line (the parameter of that name is used instead); "
        "financial_asset (no rule reads it; did you mean 'financial_assets'?)"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulate(population, policy, ["dibao_entitlement"])
