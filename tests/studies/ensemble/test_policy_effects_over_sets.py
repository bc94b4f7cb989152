"""Policy effects over the ensembles of two counties: the ends of what each pair of sets gives by itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import microsim as ms
from microsim.population import County, synthesize
from microsim.report.text import display_width
from microsim.report.texts.effects_text import effects_text
from microsim.scenario import Scenario
from microsim.scenario.model import Member
from microsim.studies.effects.study import PolicyEffects

ROOT = Path(__file__).resolve().parents[3]
NAMES = {"2016": "h-county-2016", "2020": "h-county"}
pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Scenario]:
    """H county of 400 households in both years, with three and two sets of assumptions."""
    out = tmp_path_factory.mktemp("sets")
    for year, sets in (("2016", 3), ("2020", 2)):
        made = ROOT / "data" / "synthetic" / NAMES[year]
        synthesize(County.read(made / "profile.yaml"), households=400).write(out / f"county-{year}")
        shutil.copy(made / "ensemble.yaml", out / f"county-{year}")
        text = (ROOT / "scenarios" / f"h-county-{year}.yaml").read_text("utf-8")
        text = text.replace(f"../data/synthetic/{NAMES[year]}", f"county-{year}")
        (out / f"{year}.yaml").write_text(text + f"ensemble: {sets}\n", "utf-8")
    return ms.load_scenario(out / "2016.yaml"), ms.load_scenario(out / "2020.yaml")


@pytest.fixture(scope="module")
def found(sides: tuple[Scenario, Scenario]) -> PolicyEffects:
    return ms.policy_effects(*sides)


def made_under(scenario: Scenario, member: Member, folder: Path) -> Scenario:
    """The scenario on a county that is made from the set's own profile, as any other county."""
    county = County.read(scenario.county_path / "profile.yaml").with_values(member.county)
    synthesize(county, households=400).write(folder)
    return replace(scenario.under(member), county_path=folder)


def test_each_pair_of_sets_is_a_study_of_its_own(
    sides: tuple[Scenario, Scenario], found: PolicyEffects, tmp_path: Path
) -> None:
    base, other = sides
    alone = []
    for k, (one, two) in enumerate(zip(base.ensemble, [*other.ensemble, other.ensemble[0]], strict=True)):
        pair = made_under(base, one, tmp_path / f"{k}a"), made_under(other, two, tmp_path / f"{k}b")
        alone.append(ms.policy_effects(*pair).summary)
    assert found.sets == 3
    assert found.factors == ("law", "practice", "incomes", "population")
    assert found.ranges["change.cost.total"][0] < found.ranges["change.cost.total"][1]
    for figure in ("cost.total", "caseload.dibao", "caseload.dibao.rural"):
        for name in (f"change.{figure}", *(f"effect.{factor}.{figure}" for factor in found.factors)):
            values = [one[name]["value"] for one in alone]
            assert found.ranges[name][:2] == pytest.approx((min(values), max(values)), rel=1e-9), name
            assert found.summary[f"low.{name}"]["value"] == found.ranges[name][0]


def test_the_first_sets_are_the_study_itself(sides: tuple[Scenario, Scenario], found: PolicyEffects) -> None:
    first = ms.policy_effects(*(replace(one, ensemble=one.ensemble[:1]) for one in sides))
    assert (found.table == first.table).all(axis=None)
    for name, (low, high, _) in first.ranges.items():
        assert low == high == pytest.approx(first.summary[name]["value"], rel=1e-9, abs=1e-6), name
    without = ms.policy_effects(*(replace(one, ensemble=()) for one in sides))
    assert without.ranges == {}
    assert "low.change.cost.total" not in without.summary


def test_one_county_in_two_years_is_taken_under_one_set(sides: tuple[Scenario, Scenario]) -> None:
    base = sides[1]
    other = replace(base, changes={**base.changes, "take_up.dibao": 0.8})
    found = ms.policy_effects(base, other)
    assert found.sets == 2
    low, high, unit = found.ranges["effect.practice.caseload.dibao"]
    assert low < high < 0.0
    assert unit == "persons"
    assert found.ranges["change.caseload.dibao"] == (low, high, unit)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_ranges_are_printed(found: PolicyEffects, lang: str) -> None:
    text = effects_text(found, lang)
    assert {"en": "over 3 calibrations", "zh": "在3组同样符合目标"}[lang] in text.replace("\n", "")
    assert max(display_width(line) for line in text.splitlines()) <= 80
