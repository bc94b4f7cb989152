"""Microsimulation of Chinese social assistance: rules of law in, cost, cliffs and unification out."""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # as in typing, whose import takes longer than all the rest here

__version__ = "0.1.0"

# Public name -> module that holds it. Loaded on first use, so that `import microsim` and `microsim --help`
# stay cheap.
_WHERE = {
    "person": "engine.rules",
    "household": "engine.rules",
    "total": "engine.rules",
    "count": "engine.rules",
    "any_member": "engine.rules",
    "every_member": "engine.rules",
    "largest": "engine.rules",
    "smallest": "engine.rules",
    "above": "engine.money",
    "at_least": "engine.money",
    "at_most": "engine.money",
    "below": "engine.money",
    "share_reached": "engine.money",
    "Parameter": "engine.parameters",
    "Policy": "engine.policy",
    "Population": "population",
    "County": "population",
    "synthesize": "population",
    "Scenario": "scenario",
    "load_scenario": "scenario",
    "simulate": "simulation",
    "simulate_many": "simulation",
    "walk": "simulation",
    "explain": "simulation",
    "cliffs": "studies.cliffs",
    "distribution": "studies.distribution",
    "gains": "studies.gains",
    "neighbours": "studies.neighbours",
    "unify": "studies.unification",
    "sweep": "sweeps.run",
    "read_sweep": "sweeps.store",
    "MicrosimError": "errors",
    "MicrosimWarning": "errors",
    "define_currency": "units",
}
_MODULES = ("measures", "charts")

if TYPE_CHECKING:
    from typing import Any

    from microsim import charts, measures
    from microsim.engine.money import above, at_least, at_most, below, share_reached
    from microsim.engine.parameters import Parameter
    from microsim.engine.policy import Policy
    from microsim.engine.rules import (
        any_member,
        count,
        every_member,
        household,
        largest,
        person,
        smallest,
        total,
    )
    from microsim.errors import MicrosimError, MicrosimWarning
    from microsim.population import County, Population, synthesize
    from microsim.scenario import Scenario, load_scenario
    from microsim.simulation import explain, simulate, simulate_many, walk
    from microsim.studies.cliffs import cliffs
    from microsim.studies.distribution import distribution
    from microsim.studies.gains import gains
    from microsim.studies.neighbours import neighbours
    from microsim.studies.unification import unify
    from microsim.sweeps.run import sweep
    from microsim.sweeps.store import read_sweep
    from microsim.units import define_currency

__all__ = [
    "County",
    "MicrosimError",
    "MicrosimWarning",
    "Parameter",
    "Policy",
    "Population",
    "Scenario",
    "above",
    "any_member",
    "at_least",
    "at_most",
    "below",
    "charts",
    "cliffs",
    "count",
    "define_currency",
    "distribution",
    "every_member",
    "explain",
    "gains",
    "household",
    "largest",
    "load_scenario",
    "measures",
    "neighbours",
    "person",
    "read_sweep",
    "share_reached",
    "simulate",
    "simulate_many",
    "smallest",
    "sweep",
    "synthesize",
    "total",
    "unify",
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
