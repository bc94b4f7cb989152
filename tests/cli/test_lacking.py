"""A column that a county lacks is told, with the programmes that go without, by run, check and manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microsim.cli.check import check
from microsim.engine.policy import Policy
from microsim.population import Population
from microsim.studies.baseline import baseline_outputs
from microsim.studies.lacking import lacking_columns
from tests.cli.conftest import Call
from tests.scenario.small_county import write


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("lacking"))


def lacking(
    small: Path, date: str = "2020-12-31", changes: dict[str, object] | None = None
) -> dict[str, tuple[str, ...]]:
    policy = Policy.load(date).reform(changes or {})
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
    assert "Not in the county's data, so that these programmes go without:" in text
    assert "Heating area (Heating relief)" in text
    manifest = json.loads((tmp_path / "small" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["lacking_columns"]["dwelling_grade"] == ["housing_aid"]
    assert set(manifest["lacking_columns"]) <= set(manifest["defaulted_columns"])


def test_check_tells_it(small: Path) -> None:
    assert "heating_area (heating)" in check(small)
    assert "columns not given: vehicles" in check(small.parent / "county")
