"""Charts: data in, a matplotlib ``Figure`` out, in English (``lang="en"``) or Chinese (``lang="zh"``).

Figures carry no global state: they can be made in threads, shown in a notebook, or written with :func:`save`.
"""

from microsim.charts.areas import caseload_by_area, cost_by_area, poverty_before_after, revenue_share
from microsim.charts.base import save
from microsim.charts.briefs.finding import finding
from microsim.charts.briefs.sheet import Marks
from microsim.charts.budget import budget_constraint
from microsim.charts.cliffs import cliff_ladder, loss_map, reform_cliffs
from microsim.charts.comparison import (
    budgets_compared,
    compared_by_area,
    policy_effects,
    winners_and_losers,
)
from microsim.charts.counties.matrix import transplants
from microsim.charts.counties.nation import province_curves, ranked_provinces, tile_map
from microsim.charts.county import age_pyramid, correlation_map, household_sizes, income_fit
from microsim.charts.families import family_lines
from microsim.charts.ledger import county_shares, who_pays
from microsim.charts.months import caseload_by_month, job_by_month
from microsim.charts.notch_labels import notch_labels
from microsim.charts.paths import payers_over_years, planned_path, unification_paths
from microsim.charts.projection import flows, projection
from microsim.charts.rates import marginal_rates
from microsim.charts.unify import unification

__all__ = [
    "Marks",
    "age_pyramid",
    "budget_constraint",
    "budgets_compared",
    "caseload_by_area",
    "caseload_by_month",
    "cliff_ladder",
    "compared_by_area",
    "correlation_map",
    "cost_by_area",
    "county_shares",
    "family_lines",
    "finding",
    "flows",
    "household_sizes",
    "income_fit",
    "job_by_month",
    "loss_map",
    "marginal_rates",
    "notch_labels",
    "payers_over_years",
    "planned_path",
    "policy_effects",
    "poverty_before_after",
    "projection",
    "province_curves",
    "ranked_provinces",
    "reform_cliffs",
    "revenue_share",
    "save",
    "tile_map",
    "transplants",
    "unification",
    "unification_paths",
    "who_pays",
    "winners_and_losers",
]
