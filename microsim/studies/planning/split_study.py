"""A budget on top of present expenditure, split over counties by what it closes of rural poverty gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.outcome import Outcome, flat_name, worded
from microsim.studies.planning.grid import Grid
from microsim.studies.planning.splitting import Split, split_budget

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

YUAN, SHARE = "yuan/year", "1"


@dataclass(frozen=True)
class Curve:
    """A county's grid of one year: cost and gap by ratio of its lines; ``urban_line`` in yuan/year."""

    name: str
    scenario: Scenario = field(repr=False)
    grid: Grid
    urban_line: float


@dataclass(frozen=True, eq=False, repr=False)
class BudgetSplit(Outcome):
    """Which line each county gets, and what is left of the gap."""

    curves: tuple[Curve, ...]
    budget: float
    poverty_line: str
    split: Split

    @cached_property
    def table(self) -> pd.DataFrame:
        """county, year, ratio, line, extra_cost, gap, chosen: every point of each curve, yuan/year."""
        import pandas as pd

        rows = []
        for curve, point in zip(self.curves, self.split.points, strict=True):
            grid = curve.grid
            for k, ratio in enumerate(grid.ratios):
                extra = float(grid.cost[0, k] - grid.held_cost[0])
                said = (curve.name, grid.years[0], ratio, ratio * curve.urban_line, extra)
                rows.append((*said, float(grid.gap[0, k]), k == point))
        columns = ["county", "year", "ratio", "line", "extra_cost", "gap", "chosen"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``plan.split.h-county.extra_cost``, ``plan.shadow_price`` and the like, with units."""
        out: dict[str, dict[str, Any]] = {}
        for row in self.table[self.table["chosen"]].itertuples(index=False):
            for name, unit in (("ratio", SHARE), ("line", YUAN), ("extra_cost", YUAN), ("gap", YUAN)):
                value = float(getattr(row, name))
                out[flat_name("plan", "split", str(row.county), name)] = {"value": value, "unit": unit}
        for name, value, unit in (
            ("budget", self.budget, YUAN),
            ("spent", self.split.spent, YUAN),
            ("gap", self.split.gap, YUAN),
            ("bound", self.split.bound, YUAN),
            ("slack", self.split.slack, SHARE),
            ("shadow_price", self.split.shadow_price, SHARE),
        ):
            out[flat_name("plan", name)] = {"value": value, "unit": unit}
        return out

    @property
    def headline(self) -> str:
        """What is spent of the budget, and the gap that is left."""
        spent, left = worded(self.split.spent, YUAN), worded(self.split.gap, YUAN)
        return f"{len(self.curves)} counties; {spent} spent of {worded(self.budget, YUAN)}; gap left {left}"


def budget_split(curves: Sequence[Curve], budget: float, poverty_line: str = "urban") -> BudgetSplit:
    """The points with the smallest gap left whose additional expenditure adds up to at most ``budget``."""
    costs = [curve.grid.cost[0] - curve.grid.held_cost[0] for curve in curves]
    found = split_budget(costs, [curve.grid.gap[0] for curve in curves], budget)
    return BudgetSplit(tuple(curves), budget, poverty_line, found)
