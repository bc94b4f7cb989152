"""A budget split over counties: each county one point of its own curve, by a multiple-choice knapsack.

A county's curve of cost and poverty gap over lines need not be convex (under banded payments it is not): the
choice is by whole points, solved as a mixed-integer programme with HiGHS, beside the bound of its linear
relaxation, in which points may be mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InternalError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
CENT = 0.01  # yuan


@dataclass(frozen=True)
class Split:
    """The point of each county; yuan a year.

    ``gap``: the poverty gap that is left; ``bound``: what it is at least, by the linear relaxation;
    ``spent``; ``shadow_price``: yuan of gap that one more yuan of the budget closes in the relaxation.
    """

    points: tuple[int, ...]
    gap: float
    bound: float
    spent: float
    shadow_price: float

    @property
    def slack(self) -> float:
        """How far the gap may be from the best possible, as a share of it: (gap - bound) / gap."""
        return (self.gap - self.bound) / self.gap if self.gap > 0.0 else 0.0


def split_budget(
    costs: Sequence[Floats], gaps: Sequence[Floats], budget: float, *, near: float = 0.0
) -> Split:
    """The points with the least sum of gaps whose costs add up to at most ``budget`` (to the cent).

    ``costs``: of each county, float64[points], above present expenditure and with a point that costs nothing;
    ``gaps``: float64[points] likewise. ``near``: by which share of it the sum may miss the least one, where
    there are too many counties for the very least to be found soon.
    """
    sizes = [len(one) for one in costs]
    cost, gap = np.concatenate(costs), np.concatenate(gaps)
    tight = budget
    for _ in range(5):
        chosen = _whole(cost, gap, sizes, tight, near)
        spent = float(cost[chosen].sum())
        if spent <= budget + CENT:
            break
        tight -= spent - budget  # the solver takes a millionth over a limit for none
    else:
        raise InternalError("HiGHS spends more than the budget")
    bound, price = _mixed(cost, gap, sizes, budget)
    starts = np.cumsum([0, *sizes[:-1]])
    points = tuple(int(at - start) for at, start in zip(chosen, starts, strict=True))
    return Split(points, float(gap[chosen].sum()), bound, spent, price)


def _limits(
    cost: Floats, gap: Floats, sizes: Sequence[int], budget: float
) -> tuple[Floats, csr_array, Floats, float]:
    """The programme in numbers near 1: aim, one point of each county, costs, and their limit."""
    from scipy.sparse import csr_array

    points = np.arange(len(cost))
    one_each = csr_array((np.ones(len(cost)), (np.repeat(np.arange(len(sizes)), sizes), points)))
    return gap / _scale(gap), one_each, cost[None, :] / _scale(cost), budget / _scale(cost)


def _scale(amounts: Floats) -> float:
    return max(float(np.max(np.abs(amounts))), 1.0)


def _whole(cost: Floats, gap: Floats, sizes: Sequence[int], budget: float, near: float) -> NDArray[np.int64]:
    """The points chosen, one of each county, as places in ``cost``."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    aim, one_each, share, limit = _limits(cost, gap, sizes, budget)
    found = milp(
        aim,
        integrality=1,
        bounds=Bounds(0.0, 1.0),
        constraints=[LinearConstraint(one_each, 1.0, 1.0), LinearConstraint(share, -np.inf, limit)],
        options={"mip_rel_gap": near},
    )
    if found.x is None:
        raise InternalError(f"HiGHS found no split: {found.message}")
    return np.flatnonzero(found.x > 0.5)


def _mixed(cost: Floats, gap: Floats, sizes: Sequence[int], budget: float) -> tuple[float, float]:
    """The least gap where points may be mixed, and the yuan of gap that one more yuan closes there."""
    from scipy.optimize import linprog

    aim, one_each, share, limit = _limits(cost, gap, sizes, budget)
    ones = np.ones(len(sizes))
    found = linprog(aim, share, [limit], one_each, ones, bounds=(0.0, 1.0), method="highs")
    if found.x is None:
        raise InternalError(f"HiGHS found no bound: {found.message}")
    price = -float(found.ineqlin.marginals[0]) * _scale(gap) / _scale(cost)
    return float(found.fun) * _scale(gap), price + 0.0
