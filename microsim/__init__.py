"""Microsimulation of Chinese social assistance: rules of law in, cost, cliffs and unification out."""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # as in typing, whose import takes longer than all the rest here

__version__ = "0.1.0"

# Public name -> module that holds it. Loaded on first use, so that `import microsim` and `microsim --help`
# stay cheap.
_WHERE = {
    "person": "policy.rules",
    "household": "policy.rules",
    "total": "policy.rules",
    "count": "policy.rules",
    "any_member": "policy.rules",
    "every_member": "policy.rules",
    "largest": "policy.rules",
    "smallest": "policy.rules",
    "above": "policy.money",
    "at_least": "policy.money",
    "at_most": "policy.money",
    "below": "policy.money",
    "share_reached": "policy.money",
    "Parameter": "policy.parameters",
    "Policy": "policy.policy",
    "Population": "population",
    "County": "population",
    "load_families": "population",
    "import_survey": "population.survey.importing",
    "synthesize": "population",
    "synthesize_to": "population",
    "calibrate": "population",
    "Scenario": "scenario",
    "load_scenario": "scenario",
    "simulate": "simulation",
    "simulate_many": "simulation",
    "walk": "simulation",
    "explain": "simulation",
    "run": "report.run",
    "brief": "report.brief.writing",
    "brief_charts": "report.brief.charts",
    "cliffs": "studies.cliffs",
    "causes": "studies.cliffs",
    "family_lines": "studies.cliffs",
    "days_of_minimum_wage": "studies.cliffs",
    "distribution": "studies.distribution.study",
    "gains": "studies.distribution.gains",
    "compare": "studies.compare.study",
    "policy_effects": "studies.effects.study",
    "ledger": "studies.ledger.study",
    "calibrate_county": "studies.calibration.study",
    "Sampling": "studies.common.estimates",
    "neighbours": "studies.neighbours.study",
    "read_ensemble": "scenario.practice.ensemble",
    "replicate": "studies.ensemble.replication",
    "unify": "studies.unification.study",
    "follow_months": "studies.months.study",
    "Period": "studies.months.study",
    "value_of_job": "studies.months.job",
    "project": "studies.projection.study",
    "plan": "studies.planning.study",
    "solve": "studies.solving.study",
    "transplant": "studies.transplant.study",
    "nation": "studies.nation.run",
    "sweep": "sweeps.run",
    "sweep_page": "report.page.writing",
    "read_sweep": "sweeps.reading",
    "scan_sweep": "sweeps.reading",
    "MicrosimError": "errors",
    "InputError": "errors",
    "RuleError": "errors",
    "DataError": "errors",
    "FileError": "errors",
    "InternalError": "errors",
    "MicrosimWarning": "errors",
    "define_currency": "units",
}
_MODULES = ("measures", "charts")

if TYPE_CHECKING:
    from typing import Any

    from microsim import charts, measures
    from microsim.errors import (
        DataError,
        FileError,
        InputError,
        InternalError,
        MicrosimError,
        MicrosimWarning,
        RuleError,
    )
    from microsim.policy.money import above, at_least, at_most, below, share_reached
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy
    from microsim.policy.rules import (
        any_member,
        count,
        every_member,
        household,
        largest,
        person,
        smallest,
        total,
    )
    from microsim.population import (
        County,
        Population,
        calibrate,
        load_families,
        synthesize,
        synthesize_to,
    )
    from microsim.population.survey.importing import import_survey
    from microsim.report.brief.charts import brief_charts
    from microsim.report.brief.writing import brief
    from microsim.report.page.writing import sweep_page
    from microsim.report.run import run
    from microsim.scenario import Scenario, load_scenario
    from microsim.scenario.practice.ensemble import read_ensemble
    from microsim.simulation import explain, simulate, simulate_many, walk
    from microsim.studies.calibration.study import calibrate_county
    from microsim.studies.cliffs import causes, cliffs, days_of_minimum_wage, family_lines
    from microsim.studies.common.estimates import Sampling
    from microsim.studies.compare.study import compare
    from microsim.studies.distribution.gains import gains
    from microsim.studies.distribution.study import distribution
    from microsim.studies.effects.study import policy_effects
    from microsim.studies.ensemble.replication import replicate
    from microsim.studies.ledger.study import ledger
    from microsim.studies.months.job import value_of_job
    from microsim.studies.months.study import Period, follow_months
    from microsim.studies.nation.run import nation
    from microsim.studies.neighbours.study import neighbours
    from microsim.studies.planning.study import plan
    from microsim.studies.projection.study import project
    from microsim.studies.solving.study import solve
    from microsim.studies.transplant.study import transplant
    from microsim.studies.unification.study import unify
    from microsim.sweeps.reading import read_sweep, scan_sweep
    from microsim.sweeps.run import sweep
    from microsim.units import define_currency

__all__ = [
    "County",
    "DataError",
    "FileError",
    "InputError",
    "InternalError",
    "MicrosimError",
    "MicrosimWarning",
    "Parameter",
    "Period",
    "Policy",
    "Population",
    "RuleError",
    "Sampling",
    "Scenario",
    "above",
    "any_member",
    "at_least",
    "at_most",
    "below",
    "brief",
    "brief_charts",
    "calibrate",
    "calibrate_county",
    "causes",
    "charts",
    "cliffs",
    "compare",
    "count",
    "days_of_minimum_wage",
    "define_currency",
    "distribution",
    "every_member",
    "explain",
    "family_lines",
    "follow_months",
    "gains",
    "household",
    "import_survey",
    "largest",
    "ledger",
    "load_families",
    "load_scenario",
    "measures",
    "nation",
    "neighbours",
    "person",
    "plan",
    "policy_effects",
    "project",
    "read_ensemble",
    "read_sweep",
    "replicate",
    "run",
    "scan_sweep",
    "share_reached",
    "simulate",
    "simulate_many",
    "smallest",
    "solve",
    "sweep",
    "sweep_page",
    "synthesize",
    "synthesize_to",
    "total",
    "transplant",
    "unify",
    "value_of_job",
    "walk",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"microsim.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module 'microsim' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"microsim.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
