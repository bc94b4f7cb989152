"""The archetype counties' scenarios: lines as far apart as the source paper says, and people in dibao."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "counties"
# Urban line over rural line (source paper, first quarter of 2021).
RATIOS = {"plateau-county": 2.27, "central-county": 1.40, "pilot-county": 1.0, "coastal-county": 1.0}


@pytest.mark.parametrize("name", RATIOS)
def test_each_county_runs_with_its_lines(name: str) -> None:
    scenario = ms.load_scenario(SCENARIOS / f"{name}.yaml")
    line = scenario.policy().value("dibao.line")
    assert line["urban"] / line["rural"] == pytest.approx(RATIOS[name], abs=0.005)
    assert set(scenario.title) == {"en", "zh"}
    result = ms.simulate(scenario.population(), scenario.policy(), ["dibao_recipients", "dibao_benefit"])
    recipients, outlay = (result.total(rule, by="area") for rule in ("dibao_recipients", "dibao_benefit"))
    for area, residents in scenario.county.residents.items():
        assert 0.005 < recipients[area] / residents < 0.12
        assert outlay[area] / residents == pytest.approx(scenario.county["income.assistance"][area], rel=0.1)


def test_every_scenario_of_a_county_is_tested() -> None:
    assert {path.stem for path in SCENARIOS.glob("*.yaml")} == set(RATIOS)
