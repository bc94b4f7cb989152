"""Cliffs: where earning more leaves a household with less, by how much, and by which rule."""

from microsim.studies.cliffs.causes import Causes, causes
from microsim.studies.cliffs.families import FamilyLines, family_lines
from microsim.studies.cliffs.indicators import spread
from microsim.studies.cliffs.life import days_of_minimum_wage, months_of_support
from microsim.studies.cliffs.lines import BudgetLines, budget_lines
from microsim.studies.cliffs.search import Cliffs, cliffs
from microsim.studies.cliffs.tables import household_types, ladder, losses

__all__ = [
    "BudgetLines",
    "Causes",
    "Cliffs",
    "FamilyLines",
    "budget_lines",
    "causes",
    "cliffs",
    "days_of_minimum_wage",
    "family_lines",
    "household_types",
    "ladder",
    "losses",
    "months_of_support",
    "spread",
]
