"""Schedules as plain Python: what a parameter that depends on an amount is to an interpreted rule."""

from __future__ import annotations

import math
from collections.abc import Sequence


class Schedule:
    """A list of (threshold, value) points that a rule calls with an amount."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self.points = tuple((float(x), float(y)) for x, y in points)

    def __repr__(self) -> str:
        return f"{type(self).__name__.lower()} {list(self.points)}"


class Step(Schedule):
    """The value of the last threshold at or below the amount; where there is none, the first value."""

    def __call__(self, amount: float) -> float:
        reached = [value for threshold, value in self.points if threshold <= amount]
        return reached[-1] if reached else self.points[0][1]


class Linear(Schedule):
    """Straight lines from point to point; flat before the first and after the last."""

    def __call__(self, amount: float) -> float:
        if math.isnan(amount):
            return math.nan
        (first, value), *_ = self.points
        if amount <= first:
            return value
        for (x0, y0), (x1, y1) in zip(self.points, self.points[1:], strict=False):
            if amount <= x1:
                return y0 + (y1 - y0) * ((amount - x0) / (x1 - x0))
        return self.points[-1][1]


class Brackets(Schedule):
    """Marginal rates: each part of the amount times the rate of the bracket it falls in; nothing below the
    first."""

    def __call__(self, amount: float) -> float:
        ends = [x for x, _ in self.points[1:]] + [math.inf]
        return sum(
            (
                rate * max(min(amount, end) - start, 0.0)
                for (start, rate), end in zip(self.points, ends, strict=True)
            ),
            0.0,
        )


SCHEDULES: dict[str, type[Step] | type[Linear] | type[Brackets]] = {
    "step": Step,
    "linear": Linear,
    "brackets": Brackets,
}
