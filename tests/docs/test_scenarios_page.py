"""docs/scenarios.md names every scenario that is shipped, and its table says what they give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import microsim as ms

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
# Those of other studies have pages of their own.
OTHERS = {"families", "sweep-line", "sweep-grid", "sweep-design", "sweep-counties"}
OTHERS |= {"gradual-exit-in-months", "wind-down", "unify-linear-2027", "shock"}
OTHERS |= {"unify-immediate", "unify-ratio-then-one", "unify-conditional", "unify-zones", "plan-fastest"}
OTHERS |= {"budget-cap", "posts-quota", "central-tilt", "province-pool", "nation"}
ROW = re.compile(r"^\| `(?P<name>[\w-]+)` \| (?P<recipients>[\d,]+) \|.* (?P<total>[\d.]+) \|$", re.MULTILINE)


def test_every_scenario_is_on_the_page() -> None:
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")} - OTHERS
    assert {match["name"] for match in ROW.finditer(PAGE)} == shipped
    for name in shipped:
        title = ms.load_scenario(ROOT / "scenarios" / f"{name}.yaml").title
        assert set(title) == {"en", "zh"}


@pytest.mark.long
@pytest.mark.parametrize("row", list(ROW.finditer(PAGE)), ids=lambda row: row["name"])
def test_the_table_says_what_they_give(row: re.Match[str]) -> None:
    scenario = ms.load_scenario(ROOT / "scenarios" / f"{row['name']}.yaml")
    result = ms.simulate(scenario.population(), scenario.policy(), ["dibao_recipients", "total_benefits"])
    recipients = float(row["recipients"].replace(",", ""))
    assert result.total("dibao_recipients") == pytest.approx(recipients, rel=0.01)
    in_kind = ms.simulate(scenario.population(), scenario.policy(), ["in_kind_benefits"])
    total = result.total("total_benefits") + in_kind.total("in_kind_benefits")
    assert total == pytest.approx(1e6 * float(row["total"]), rel=0.01)


def test_the_family_on_its_way_out_is_one() -> None:
    scenario = ms.load_scenario(ROOT / "scenarios" / "gradual-exit.yaml")
    (family,) = set(re.findall(r"gradual-exit.yaml --household (\d+)", PAGE))
    household = scenario.population().select([int(family)])
    leaving = ms.simulate(household, scenario.policy(), ["gradual_exit_household"])
    assert leaving.array("gradual_exit_household").all()
