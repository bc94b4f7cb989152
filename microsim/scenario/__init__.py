"""Scenario files: one short YAML file says which county, which law, and what to change."""

from microsim.scenario.model import LawDate, Scenario
from microsim.scenario.reading import load_scenario

__all__ = ["LawDate", "Scenario", "load_scenario"]
