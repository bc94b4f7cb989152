"""Charts: data in, a matplotlib ``Figure`` out, in English (``lang="en"``) or Chinese (``lang="zh"``).

Figures carry no global state: they can be made in threads, shown in a notebook, or written with :func:`save`.
"""

from microsim.charts.areas import caseload_by_area, cost_by_area, poverty_before_after, revenue_share
from microsim.charts.base import save
from microsim.charts.budget import budget_constraint
from microsim.charts.unify import unification

__all__ = [
    "budget_constraint",
    "caseload_by_area",
    "cost_by_area",
    "poverty_before_after",
    "revenue_share",
    "save",
    "unification",
]
