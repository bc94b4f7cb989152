"""How far a reform's effect moves over the sets of levers that fit a calibrated county equally well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.outcome import Ranges, flat_name
from microsim.studies.common.expenditure import account_of, by_area
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.within_year import account_over, over_year, parts_of, stretches_of
from microsim.studies.ensemble.study import ranges_of

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.common.baseline import RunResult


def effect_ranges(base: RunResult, reform: RunResult) -> Ranges:
    """The least and the greatest change of expenditure and caseload over the county's calibrations.

    Empty where the county is not calibrated, has one set only, or the two runs are of different counties.
    The sets fit equally well: the range is neither an error nor a bound.
    """
    calibration = base.scenario.calibration
    if calibration is None or not calibration.others or calibration != reform.scenario.calibration:
        return {}
    found = []
    sets = [(calibration.changes, {}), *((way.changes, way.draws) for way in calibration.others)]
    for changes, draws in sets:
        own = replace(calibration, changes=changes, others=())
        before = _figures(base, base.scenario.calibrated_by(own), draws)
        after = _figures(reform, reform.scenario.calibrated_by(own), draws)
        found.append({name: (after[name] - before[name], _unit(name)) for name in before if name in after})
    return ranges_of(found)


def _unit(name: str) -> str:
    return "persons" if name.startswith("caseload") else "yuan/year"


def _figures(run: RunResult, scenario: Scenario, draws: Mapping[str, int]) -> dict[str, float]:
    """Flat name -> yuan a year or persons, by area and in all."""
    from microsim.population.draws import redrawn
    from microsim.simulation import simulate

    policy, population = scenario.policy(), redrawn(run.population, draws)
    result = simulate(population, policy, run.result.outputs, warn=False)
    parts = parts_of(population, stretches_of(scenario, policy), result, baseline_outputs)
    account = account_over(part.result.policy for part in parts)
    cost = account.cost(over_year(parts, account.outputs))
    now = account_of(policy)
    caseload = now.caseload({rule: by_area(result, rule) for rule in now.recipients.values()})
    figures = (("cost", cost), ("caseload", caseload))
    return {
        flat_name(measure, subject, group): float(value)
        for measure, of_subjects in figures
        for subject, of_groups in of_subjects.items()
        for group, value in of_groups.items()
    }
