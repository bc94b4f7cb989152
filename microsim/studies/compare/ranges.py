"""How far a reform's effect moves over the sets of levers that fit a calibrated county equally well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from microsim.outcome import flat_name
from microsim.studies.common.benefits import cost_rules, recipient_rules

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.common.baseline import RunResult

# Figure -> the least and the greatest change, and its unit.
Ranges = Mapping[str, tuple[float, float, str]]


def effect_ranges(base: RunResult, reform: RunResult) -> Ranges:
    """The least and the greatest change of expenditure and caseload over the county's calibrations.

    Empty where the county is not calibrated, has one set only, or the two runs are of different counties.
    The sets fit equally well: the range is neither an error nor a bound.
    """
    calibration = base.scenario.calibration
    if calibration is None or not calibration.others or calibration != reform.scenario.calibration:
        return {}
    found = []
    for changes in (calibration.changes, *(way.changes for way in calibration.others)):
        own = replace(calibration, changes=changes, others=())
        before = _figures(base, base.scenario.calibrated_by(own))
        after = _figures(reform, reform.scenario.calibrated_by(own))
        found.append({name: after[name] - before[name] for name in before if name in after})
    units = {name: "persons" if name.startswith("caseload") else "yuan/year" for name in found[0]}
    return {
        name: (min(one[name] for one in found), max(one[name] for one in found), units[name])
        for name in found[0]
    }


def _figures(run: RunResult, scenario: Scenario) -> dict[str, float]:
    """Flat name -> yuan a year or persons, by area and in all."""
    from microsim.simulation import simulate

    policy = scenario.policy()
    result = simulate(run.population, policy, run.result.outputs, warn=False)
    known = set(run.result.outputs)
    sums = {("cost", subject): rules for subject, rules in cost_rules(policy).items()}
    sums |= {("caseload", subject): (rule,) for subject, rule in recipient_rules(policy).items()}
    out: dict[str, float] = {}
    for (measure, subject), rules in sums.items():
        if not known.issuperset(rules):
            continue
        by_area = sum(result.total(rule, by="area") for rule in rules)
        for area, value in by_area.items():
            out[flat_name(measure, subject, str(area))] = float(value)
        out[flat_name(measure, subject, "")] = float(np.sum(by_area))
    return out
