"""The plan of a scenario file (``plan:``), and its answer as an ordinary scenario file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import read_document
from microsim.errors import InputError, Offence
from microsim.scenario.base import scenario_text
from microsim.scenario.unification.nodes import OWN
from microsim.studies.financing.reading import book_of
from microsim.studies.planning.grid import grid_of, ratios_between
from microsim.studies.planning.split_study import BudgetSplit, Curve, budget_split
from microsim.studies.planning.study import Plan, plan
from microsim.studies.unification.scenario_file import (
    CARRY,
    carries_status,
    financing_offences,
    law_and_ratio,
)
from microsim.studies.unification.year import RURAL

if TYPE_CHECKING:
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
RATIOS = 11  # of a plan that says none
WHAT = "the planning of paths"


def plan_scenario(scenario: Scenario, progress: Progress = lambda text: None) -> Plan | BudgetSplit:
    """What a scenario's ``plan:`` looks for. Raises ``MicrosimError`` with every offence, at its place."""
    said = scenario.plan
    if not said:
        place = read_document(scenario.path).place()
        hint = "plan: {goal: fastest, cap: {of: increment, share: 0.05}}"
        raise InputError(Offence("'plan' is missing", place, hint), title=f"{scenario.path.name} has no plan")
    scenario.refuse_budget(WHAT)
    offences, carries = financing_offences(scenario, WHAT), carries_status(scenario)
    if said["goal"] == "split" and carries:
        message = "a split is of one year, into which no status is carried"
        offences.append(Offence(message, scenario.place("unification", CARRY), f"leave {CARRY} out"))
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} cannot be planned")
    if said["goal"] == "split":
        return _split(scenario, progress)
    policy, present = law_and_ratio(scenario)
    years = scenario.years
    assert years is not None, "a plan over years was read with them"
    progress("reading the county")
    population = scenario.population_as_given()
    scenario.money(population, years[-1])
    asked = {key: value for key, value in said.items() if key not in ("goal", "counties", "budget")}
    return plan(
        population,
        policy,
        scenario.county,
        years,
        goal=said["goal"],
        present=present,
        economy=scenario.economy,
        follow=scenario.law.follow,
        carry_status=carries,
        financing=scenario.financing.get("rules"),
        progress=progress,
        **asked,
    )


def _split(scenario: Scenario, progress: Progress) -> BudgetSplit:
    """Each county's curve in the year of its own scenario, and the budget over them."""
    from microsim.scenario import load_scenario

    said, curves = scenario.plan, list[Curve]()
    counties = [scenario if one == OWN else load_scenario(one) for one in said["counties"]]
    _refuse_twice(scenario, counties)
    for there in counties:
        there.refuse_budget(WHAT)
        progress(there.name)
        policy, present = law_and_ratio(there)
        year = there.year
        grid = grid_of(
            there.population_as_given(),
            policy,
            there.county,
            ratios_between(present, said.get("ratios", RATIOS)),
            (year,),
            present=present,
            book=book_of(scenario.financing.get("rules")),
            economy=there.economy,
            follow=there.law.follow,
            line=said.get("poverty_line", "urban"),
        )
        urban = float(policy.at(f"{year}-12-31").amount("dibao.line.urban"))
        curves.append(Curve(there.name, there, grid, urban))
    return budget_split(curves, float(said["budget"]), said.get("poverty_line", "urban"))


def _refuse_twice(scenario: Scenario, counties: Sequence[Scenario]) -> None:
    """Raise ``InputError`` where several scenarios of a split are of the same county."""
    folders = [there.county_path.resolve() for there in counties]
    offences = [
        Offence(
            f"{there.name} is of a county that is in the list already",
            scenario.place("plan", "counties", k),
            "name each county once",
        )
        for k, there in enumerate(counties)
        if folders[k] in folders[:k]
    ]
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} cannot be planned")


def answers(found: Plan | BudgetSplit, scenario: Scenario, folder: Path) -> dict[str, str]:
    """File -> text of the scenarios that do what was found; nothing where no path was.

    Each names the scenario that it departs from, relative to ``folder``, in which it will be.
    """
    if isinstance(found, Plan):
        if not found.changes:
            return {}
        title = {"en": f"{found.goal} path, as planned", "zh": "规划路径"}
        return {
            f"{scenario.name}-planned.yaml": scenario_text(
                scenario.path, folder, title, {"changes": found.changes}
            )
        }
    out = {}
    for curve, point in zip(found.curves, found.split.points, strict=True):
        line = curve.grid.ratios[point] * curve.urban_line
        title = {
            "en": f"{curve.name}: line by the split of a budget",
            "zh": f"{curve.name}：资金分配后的标准",
        }
        changes = {RURAL: round(line, 6)}
        out[f"{curve.name}-planned.yaml"] = scenario_text(
            curve.scenario.path, folder, title, {"changes": changes}
        )
    return out
