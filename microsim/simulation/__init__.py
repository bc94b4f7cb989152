"""Running a policy on a population: once, for many scenarios, along a wage; and explaining the result."""

from microsim.simulation.explaining import explain
from microsim.simulation.ignored import ignored_columns
from microsim.simulation.many import many_totals, simulate_many, totals_under
from microsim.simulation.once import simulate
from microsim.simulation.result import Result
from microsim.simulation.walks import Walk, walk

__all__ = [
    "Result",
    "Walk",
    "explain",
    "ignored_columns",
    "many_totals",
    "simulate",
    "simulate_many",
    "totals_under",
    "walk",
]
