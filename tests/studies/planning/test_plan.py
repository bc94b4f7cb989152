"""Plans of a small county: the answer keeps to its rules and runs, or says what is not possible."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.population import County, Population
from microsim.studies.planning.scenario_file import answers, plan_scenario
from microsim.studies.planning.split_study import BudgetSplit
from microsim.studies.planning.study import Plan
from microsim.studies.unification.scenario_file import unify_scenario
from tests.bad_files import FOLDER
from tests.scenario.small_county import PROFILE, SCENARIO, write
from tests.studies.unification.one_line import SCENARIO as ONE_LINE

RATIOS = 9
PLANNED = ONE_LINE.replace("years: [2021, 2025]", "years: [2021, 2026]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("plans")
    write(found, PLANNED, "one-line.yaml")
    return found


def planned(folder: Path, said: str, name: str = "plan.yaml") -> Any:
    path = folder / name
    path.write_text(f"{PLANNED}plan: {said}\n", encoding="utf-8")
    return plan_scenario(ms.load_scenario(path))


@pytest.fixture(scope="module")
def fastest(folder: Path) -> Plan:
    found = planned(
        folder,
        f"{{goal: fastest, ratios: {RATIOS}, cap: {{of: increment, share: 0.002}}, largest_step: 0.1}}",
    )
    assert isinstance(found, Plan)
    return found


def paths_of(found: Plan) -> list[tuple[int, ...]]:
    """Every path on the grid that never falls and keeps to the largest step."""
    count, years = len(found.grid.ratios), len(found.grid.years)
    most = count if found.largest_step is None else int(found.largest_step / (0.38 / 8) + 1e-9)
    rises = itertools.product(range(min(most, count - 1) + 1), repeat=years - 1)
    sums = ((0, *itertools.accumulate(one)) for one in rises)
    return [path for path in sums if path[-1] < count]


def test_the_fastest_path_is_that_of_trying_every_path(fastest: Plan) -> None:
    grid, years = fastest.grid, range(6)
    assert grid.ratios == pytest.approx(np.linspace(0.62, 1.0, RATIOS))
    burden = grid.increment / grid.revenue[:, None]
    feasible = [p for p in paths_of(fastest) if all(burden[y, p[y]] <= 0.002 + 1e-9 for y in years)]
    last = RATIOS - 1
    wanted = min((sum(k < last for k in p), -sum(p)) for p in feasible)
    assert fastest.chosen in feasible
    assert (sum(k < last for k in fastest.chosen or ()), -sum(fastest.chosen or ())) == wanted


def test_the_grid_is_the_study_of_unification(fastest: Plan, folder: Path) -> None:
    study = unify_scenario(ms.load_scenario(folder / "one-line.yaml"))
    held = [study.values["as_is", year, "cost.total"] for year in fastest.grid.years]
    np.testing.assert_allclose(fastest.grid.held_cost, held, rtol=1e-12)
    np.testing.assert_allclose(
        fastest.grid.cost[-1, -1], study.values["unify", 2026, "cost.total"], rtol=1e-12
    )
    paid = study.values["unify", 2026, "paid.county"]
    np.testing.assert_allclose(fastest.grid.county[-1, -1], paid, rtol=1e-12)
    gap = study.values["unify", 2026, "poverty_gap.urban_line.rural"]
    np.testing.assert_allclose(fastest.grid.gap[-1, -1], gap, rtol=1e-12)


def test_the_answer_is_a_scenario_that_runs(fastest: Plan, folder: Path) -> None:
    ((name, text),) = answers(fastest, ms.load_scenario(folder / "plan.yaml"), folder).items()
    assert name == "plan-planned.yaml"
    (folder / name).write_text(text, encoding="utf-8")
    again = ms.load_scenario(folder / name)
    assert again.plan == {}
    study = unify_scenario(again)
    for year, ratio in fastest.ratios.items():
        assert study.values["unify", year, "line_ratio.dibao"] == pytest.approx(ratio, rel=1e-12)
        more = float(fastest.summary[f"plan.increment.{year}"]["value"])
        assert study.values["unify", year, "extra_paid.county"] == pytest.approx(more, abs=0.01)


def test_a_cap_that_the_present_breaks_is_said_with_the_nearest_one(folder: Path) -> None:
    none = planned(folder, f"{{goal: fastest, ratios: {RATIOS}, cap: {{of: level, share: 0.0001}}}}")
    assert not none.feasible
    assert none.changes == {}
    assert none.caps["present"] > 0.0001
    assert none.caps["present"] >= none.caps["least"]
    share = none.caps["arrival"]
    reached = planned(folder, f"{{goal: fastest, ratios: {RATIOS}, cap: {{of: level, share: {share!r}}}}}")
    assert reached.arrival is not None
    below = planned(
        folder, f"{{goal: fastest, ratios: {RATIOS}, cap: {{of: level, share: {share * 0.999!r}}}}}"
    )
    assert below.arrival is None


def test_the_cheapest_path_is_that_of_trying_every_path(folder: Path) -> None:
    said = "by: 2025, largest_step: 0.1, discount: 0.03, poverty_weight: 2"
    found = planned(folder, f"{{goal: cheapest, ratios: {RATIOS}, {said}}}")
    total = found.grid.county + 2 * found.grid.gap
    weight = 1.03 ** -np.arange(6)
    feasible = [path for path in paths_of(found) if path[4] == path[5] == RATIOS - 1]
    least = min(float(np.sum(total[np.arange(6), list(p)] * weight)) for p in feasible)
    assert found.chosen in feasible
    assert found.value == pytest.approx(least, rel=1e-12)


def test_a_budget_over_two_counties(folder: Path) -> None:
    other = folder / "second"
    other.mkdir(exist_ok=True)
    write(other, SCENARIO, "other.yaml")
    said = "{goal: split, ratios: 4, budget: 2.0e6, counties: [own, second/other.yaml]}"
    found = planned(folder, said, "split.yaml")
    assert isinstance(found, BudgetSplit)
    costs = [curve.grid.cost[0] - curve.grid.held_cost[0] for curve in found.curves]
    gaps = [curve.grid.gap[0] for curve in found.curves]
    tried = [
        float(gaps[0][i] + gaps[1][j])
        for i, j in itertools.product(range(len(costs[0])), range(len(costs[1])))
        if costs[0][i] + costs[1][j] <= 2.0e6
    ]
    assert found.split.gap == pytest.approx(min(tried), rel=1e-12)
    assert found.split.bound <= found.split.gap * (1 + 1e-9)
    made = answers(found, ms.load_scenario(folder / "split.yaml"), folder)
    assert len(made) == 2
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
        assert ms.load_scenario(folder / name).changes["dibao.line.rural"] > 0


def test_everything_wrong_with_a_plan_is_said_at_once() -> None:
    people, county = Population.read(FOLDER.parents[1] / "data/synthetic/h-county"), County.read(PROFILE)
    policy = ms.Policy.load("2020-12-31")
    how: dict[str, Any] = {"goal": "fast", "cost": "central", "largest_step": 5, "ratios": 1}
    with pytest.raises(MicrosimError) as caught:
        ms.plan(people, policy, county, (2025, 2021), cap={"of": "levl", "share": 50}, **how)
    told = str(caught.value)
    for words in (
        "'fast' is not known here; did you mean 'fastest'?",
        "'central' is not known here; one of county, total",
        "'levl' is not known here; did you mean 'level'?",
        "the share of the cap is 50; 5 % of own revenue is 0.05",
        "largest_step is 5, not a number from 0 to 1; five percentage points a year are 0.05",
        "years are [2025, 2021]",
        "ratios are 1; a number from 2 on",
    ):
        assert words in told


def test_a_file_without_a_plan_says_how_to_write_one(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["plan", str(folder / "one-line.yaml"), "--out", str(folder / "nothing")])
    assert done.exit_code == 2
    assert "'plan' is missing; plan: {goal: fastest" in done.stderr
    assert not (folder / "nothing").exists()


def test_money_shared_or_added_is_refused_at_every_place(folder: Path) -> None:
    pool = "{key: hardship, total: 1.0e6, counties: [{scenario: one-line.yaml}]}"
    increase = "{key: hardship, total: 1.0e9, others: 1.0e6, additionality: 0.7}"
    said = "{goal: fastest, ratios: 3, cap: {share: 0.1}}\nfinancing:"
    with pytest.raises(MicrosimError) as caught:
        planned(folder, f"{said} {{pool: {pool}, increase: {increase}}}", "shared.yaml")
    for part in ("pool", "increase"):
        words = f"the planning of paths takes no account of financing: {part}; take {part}: out"
        assert words in str(caught.value)


def test_counties_with_one_file_name_are_refused(folder: Path) -> None:
    """Their answers would overwrite each other: each is written under the name of its scenario."""
    for name in ("east", "west"):
        (folder / name).mkdir(exist_ok=True)
        write(folder / name, SCENARIO, "same.yaml")
    said = "{goal: split, ratios: 4, budget: 2.0e6, counties: [east/same.yaml, west/same.yaml]}"
    with pytest.raises(
        MicrosimError, match=r"split.yaml:\d+:\d+: the results would call two counties 'same'"
    ):
        planned(folder, said, "split.yaml")
