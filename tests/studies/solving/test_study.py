"""Which value of a parameter meets a target: the figures of a run, on the small county in plain Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import microsim as ms
from microsim.report.solve import write_solution
from microsim.report.text import display_width
from microsim.report.texts.solve_text import solve_text
from microsim.scenario import Scenario
from microsim.studies.common.baseline import run_scenario
from microsim.studies.solving.study import Solution, solve
from tests.scenario.small_county import SCENARIO, write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

RURAL = "dibao.line.rural"
OUTPUTS = "outputs: [cost, caseload, poverty]\n"  # nobody's earnings are varied: that takes long here


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of 25 households."""
    where = tmp_path_factory.mktemp("solve")
    write_county(where / "county", last=25)
    (where / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return ms.load_scenario(folder / "small.yaml")


@pytest.fixture(scope="module")
def solved(scenario: Scenario) -> Solution:
    return solve(scenario, vary=RURAL, target="cost.dibao.rural", value=6_000_000.0, between=(3600, 9000))


def run_at(folder: Path, line: float, name: str) -> float:
    """The figure of a run of the scenario with the line written into its file."""
    text = SCENARIO.replace("rural: 4600", f"rural: {line!r}") + OUTPUTS
    (folder / "solved.yaml").write_text(text, encoding="utf-8")
    run = run_scenario(ms.load_scenario(folder / "solved.yaml"))
    return float(run.summary[name]["value"])


def test_a_run_of_the_solved_scenario_gives_the_target(folder: Path, solved: Solution) -> None:
    assert solved.met
    assert solved.reached == pytest.approx(6_000_000.0, rel=1e-9)
    assert run_at(folder, solved.value, "cost.dibao.rural") == pytest.approx(solved.reached, rel=1e-12)


@pytest.mark.parametrize("name", ["resident_share.dibao.rural", "cost_per_recipient.dibao"])
def test_figures_are_those_of_a_run(folder: Path, scenario: Scenario, name: str) -> None:
    goal = run_at(folder, 6000.0, name)
    found = solve(scenario, vary=RURAL, target=name, value=goal, between=(5000, 7000))
    assert found.met
    assert any(one.bracket[0] <= 6000.0 <= one.bracket[1] + 1e-6 for one in found.crossings)
    assert run_at(folder, found.value, name) == pytest.approx(found.reached, rel=1e-12)


def test_poverty_is_evaluated_law_by_law(folder: Path, scenario: Scenario) -> None:
    name = "poverty_dibao_line.gap.rural"
    ends = (4600.0, 9000.0)
    near = solve(scenario, vary=RURAL, target=name, value=1.0, between=ends)
    assert not near.met
    assert run_at(folder, near.value, name) == pytest.approx(near.reached, rel=1e-12)
    assert near.unit == "1"


def test_what_cannot_be_solved_is_said_at_once(scenario: Scenario) -> None:
    with pytest.raises(ms.InputError) as wrong:
        solve(scenario, vary="dibao.lne.rural", target="cost.dibo.rural", value=float("nan"))
    assert [one.place for one in wrong.value.offences] == ["vary", "value", "target"]
    assert "did you mean 'dibao.line'?" in str(wrong.value)
    assert "did you mean 'cost.dibao.rural'?" in str(wrong.value)


@pytest.mark.parametrize(
    ("vary", "target", "between", "said"),
    [
        ("medical_aid.cap", "cost.dibao", (1e4, 5e4), "cost.dibao does not depend on medical_aid.cap"),
        ("dibao.payment", "cost.dibao", None, "is no number (choice)"),
        (RURAL, "cost.dibao", (5000, 4000), "the lower end, 5000, is not below the upper one, 4000"),
        (RURAL, "cost.dibao", (-5, 4000), "-5 is negative"),
        (RURAL, "cost.dibao", (4000, 400000), "outside the observed range"),
    ],
)
def test_refused(
    scenario: Scenario, vary: str, target: str, between: tuple[float, float] | None, said: str
) -> None:
    with pytest.raises(ms.InputError) as wrong:
        solve(scenario, vary=vary, target=target, value=1e6, between=between)
    assert said in str(wrong.value)
    assert all(one.hint for one in wrong.value.offences)


def test_households_and_policy_may_be_given(scenario: Scenario, solved: Solution) -> None:
    population, policy = scenario.population(), scenario.policy()
    found = ms.solve(population, policy, RURAL, "cost.dibao.rural", 6_000_000.0, (3600, 9000))
    assert (found.value, found.reached, found.bracket) == (solved.value, solved.reached, solved.bracket)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_answer_fits_a_terminal(scenario: Scenario, solved: Solution, lang: str) -> None:
    text = solve_text(solved, scenario, lang)
    assert max(map(display_width, text.splitlines())) <= 80
    assert "6,000,000.00" in text


def test_the_folder_holds_summary_and_table(tmp_path: Path, scenario: Scenario, solved: Solution) -> None:
    folder = write_solution(tmp_path / "small-solve", solved, scenario, "microsim solve", "en")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["solve.value"] == {"value": solved.value, "unit": "yuan/year"}
    assert len(solved.table) == len(solved.scan) + 1
