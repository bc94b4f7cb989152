"""What a tenth less of an undocumented number does, against whole studies made again by another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import microsim as ms
from microsim.scenario import Scenario
from microsim.studies.sensitivity.study import sensitivity_table
from microsim.studies.solving.assumed import sensitivity_at
from microsim.studies.unification.assumed import extra_cost, sensitivity_of_last
from tests.scenario.small_county import SCENARIO, write

pytestmark = pytest.mark.compiled
NAMES = 3  # of the numbers that move the figure most
PATH = {
    "dibao.line.rural": {
        "path": "linear",
        "ratio_to": "dibao.line.urban",
        "from": {2021: 0.6},
        "to": {2022: 0.7},
    }
}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("twin")
    write(folder, SCENARIO, "base.yaml")
    return ms.load_scenario(folder / "base.yaml")


def tenth_lower(scenario: Scenario, name: str) -> dict[str, Any]:
    """The number as a change that somebody would write: by hand, category by category."""
    value = scenario.policy().value(name)
    if isinstance(value, (int, float)):
        return {name: 0.9 * value}
    if isinstance(value, list | tuple):
        return {name: [[x, 0.9 * y] for x, y in value]}
    assert isinstance(value, dict)
    return {f"{name}.{category}": 0.9 * number for category, number in value.items()}


def summary(folder: Path, scenario: Scenario, changes: dict[str, Any]) -> dict[str, float]:
    """The figures of a whole run of the scenario with changes."""
    import yaml

    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump({"base": str(scenario.path), "changes": changes}), encoding="utf-8")
    found = ms.run(ms.load_scenario(path, allow_unusual=True)).summary
    return {name: float(said["value"]) for name, said in found.items() if not isinstance(said["value"], str)}


def most(table: Any) -> dict[str, float]:
    return dict(zip(table["name"][:NAMES], table["effect"][:NAMES], strict=True))


def test_of_a_run(scenario: Scenario, tmp_path: Path) -> None:
    run = ms.run(scenario)
    found = most(sensitivity_table(run.policy, run.population, run.result.outputs)["sensitivity"])
    base = summary(tmp_path, scenario, {})["cost.total"]
    assert len(found) == NAMES
    for name, effect in found.items():
        again = summary(tmp_path, scenario, tenth_lower(scenario, name))["cost.total"]
        assert effect == pytest.approx(again - base, rel=1e-6, abs=0.01)
        assert abs(effect) > 1.0


def test_of_a_solved_target(scenario: Scenario, tmp_path: Path) -> None:
    solved = ms.solve(scenario, vary="dibao.line.rural", target="caseload.dibao", value=27000)
    table = sensitivity_at(solved)
    assert table is not None
    assert "dibao.line" not in set(table["name"])  # it is the answer
    at = {"dibao.line.rural": solved.value}
    base = summary(tmp_path, scenario, at)["caseload.dibao"]
    for name, effect in most(table).items():
        again = summary(tmp_path, scenario, at | tenth_lower(scenario, name))["caseload.dibao"]
        assert effect == pytest.approx(again - base, rel=1e-9, abs=1e-12)
    assert table["effect"].iloc[0]


def test_of_a_path_to_one_line(scenario: Scenario) -> None:
    def study(policy: Any) -> Any:
        assert scenario.profile is not None
        return ms.unify(
            scenario.population(), policy, scenario.profile, {"path": PATH}, (2021, 2022),
            economy="none", within_year="year_end", allow_unusual=True,
        )  # fmt: skip

    whole = study(scenario.policy())
    table = sensitivity_of_last(whole)
    assert table is not None
    figure = extra_cost(whole)
    assert figure == "path.2022.extra_cost.total"
    measured = {n: e for n, e in zip(table["name"], table["effect"], strict=True) if n != "dibao.line"}
    name, effect = next(iter(measured.items()))
    changed = scenario.policy().reform(tenth_lower(scenario, name), allow_unusual=True)
    again = study(changed).summary[figure]["value"] - whole.summary[figure]["value"]
    assert effect == pytest.approx(again, rel=1e-6, abs=0.01)
    assert effect
