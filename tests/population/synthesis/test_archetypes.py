"""The archetype counties: what their files say, met by their weights and made again byte for byte."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pytest

from microsim.population import County, Population, SynthesisReport, synthesize_with_report

SYNTHETIC = Path(__file__).parents[3] / "data" / "synthetic"
ARCHETYPES = ["central-county", "coastal-county", "pilot-county", "plateau-county"]
FILES = ["persons.parquet", "households.parquet", "profile.yaml"]
MADE: dict[str, tuple[Population, SynthesisReport]] = {}


def made(name: str) -> tuple[Population, SynthesisReport]:
    if name not in MADE:
        households = Population.read(SYNTHETIC / name).n_households
        MADE[name] = synthesize_with_report(County.read(SYNTHETIC / name), households=households)
    return MADE[name]


@pytest.mark.parametrize("name", ARCHETYPES)
def test_each_is_its_profile_byte_for_byte(name: str, tmp_path: Path) -> None:
    made(name)[0].write(tmp_path)
    assert filecmp.cmpfiles(SYNTHETIC / name, tmp_path, FILES, shallow=False) == (FILES, [], [])
    assert sum((SYNTHETIC / name / file).stat().st_size for file in FILES) < 1_500_000


@pytest.mark.parametrize("name", ARCHETYPES)
def test_each_meets_its_published_figures(name: str) -> None:
    population, report = made(name)
    county = County.read(SYNTHETIC / name)
    assert np.abs(report.margins.misses).max() < 1e-9
    assert report.margins.design_effect < 2
    assert all(not county["assumptions.filed_poor_share"][left.split()[-1]] for left in report.left_out)
    # The same once more from the committed columns, by hand.
    persons = population.persons.merge(population.households[["household_id", "weight"]], on="household_id")
    residents = sum(county.residents.values())
    shares = {
        "health.disability_rate": persons["disability_grade"] != "none",
        "assumptions.severe_illness_rate": persons["severe_illness"],
    }
    for figure, who in shares.items():
        found = persons.loc[who, "weight"].sum() / residents
        assert found == pytest.approx(county[figure], rel=1e-6), figure
    grown = persons[persons["age"] >= 15]
    employed = grown.loc[grown["works"], "weight"].sum() / grown["weight"].sum()
    assert employed == pytest.approx(county["work.employed_share"], rel=1e-6)
    pupils = persons[persons["age"].between(12, 14)]
    junior = pupils.loc[pupils["in_school"] == "junior", "weight"].sum() / pupils["weight"].sum()
    assert junior == pytest.approx(county["schooling.enrolment.junior"], rel=1e-6)


@pytest.mark.parametrize("name", ARCHETYPES)
def test_each_figure_has_its_source(name: str) -> None:
    county = County.read(SYNTHETIC / name)
    assert set(county.name) == {"en", "zh"}
    assert {figure.source for figure in county.figures.values()} >= {"cited", "assumption"}
    assert all(len(figure.reference) > 10 for figure in county.figures.values())
