"""Paths over a grid of years and ratios by dynamic programming: the fastest under a cap, and the cheapest.

A path is one ratio a year that never falls. What it costs in a year hangs on the ratio of that year alone, so
that the best way on from a ratio is the same however it was reached, and going backwards over the years finds
the best of all paths on the grid exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ROUNDING = 1e-12  # of a ratio: steps of a grid are no more exact


@dataclass(frozen=True)
class Chosen:
    """A path: index of the ratio in each year, and the sum of what was to be least (None: no such path)."""

    steps: tuple[int, ...] | None
    value: tuple[float, ...] = ()


def reachable(ratios: Sequence[float], largest_step: float | None) -> Bools:
    """[from, to]: whether a ratio may follow another: not below it, and not by more than the largest step."""
    r = np.asarray(ratios)
    rise = r[None, :] - r[:, None]
    most = np.inf if largest_step is None else largest_step + ROUNDING
    return np.asarray((rise >= 0.0) & (rise <= most))


def best(costs: Sequence[Floats], allowed: Bools, onward: Bools, start: int, end: int | None) -> Chosen:
    """The path with the least sum of costs; of those with the same, the least of the second cost, and so on.

    ``costs``: float64[years, ratios] each, in order of rank. ``allowed``: bool[years, ratios]. ``onward``:
    :func:`reachable`. ``start``: the ratio of the first year; ``end``: that of the last one, None for any.
    """
    years, count = allowed.shape
    rank = len(costs)
    after = [[(0.0,) * rank if end is None or k == end else None for k in range(count)]]
    choice: list[list[int]] = []
    for year in range(years - 1, -1, -1):
        own: list[tuple[float, ...] | None] = []
        picked: list[int] = []
        for k in range(count):
            options = [j for j in range(count) if year == years - 1 or onward[k, j]]
            if year == years - 1:
                options = [k]
            known = [(value, j) for j in options if (value := after[-1][j]) is not None]
            if not allowed[year, k] or not known:
                own.append(None)
                picked.append(-1)
                continue
            least, way = min(known, key=lambda pair: pair[0])
            own.append(tuple(float(cost[year, k]) + rest for cost, rest in zip(costs, least, strict=True)))
            picked.append(way)
        after.append(own)
        choice.append(picked)
    value = after[-1][start]
    if value is None:
        return Chosen(None)
    steps = [start]
    for picked in reversed(choice[1:]):
        steps.append(picked[steps[-1]])
    return Chosen(tuple(steps), value)


def fastest(burden: Floats, share: float, onward: Bools, start: int) -> Chosen:
    """The path that is at the last ratio soonest while its burden stays within ``share`` in every year.

    Of several, the one with the highest ratios (by their places on the grid, added up). ``burden``: share of
    own revenue, float64[years, ratios]. Where no path gets to the end, it is the one that gets highest.
    """
    years, count = burden.shape
    within = burden <= share + ROUNDING
    not_there = np.broadcast_to((np.arange(count) < count - 1).astype(float), (years, count))
    height = np.broadcast_to(-np.arange(count, dtype=float), (years, count))
    return best([np.asarray(not_there), np.asarray(height)], within, onward, start, None)


def least_cap(burden: Floats, onward: Bools, start: int, end: int | None) -> float:
    """The smallest share of revenue under which there is a path at all (to ``end``, where it is given).

    The smallest largest burden of all paths. Infinite where no path gets there under any cap.
    """
    years, count = burden.shape
    after = np.where((np.arange(count) == end) | (end is None), 0.0, np.inf)
    for year in range(years - 1, -1, -1):
        if year < years - 1:
            after = np.array([np.min(after[onward[k]], initial=np.inf) for k in range(count)])
        after = np.maximum(after, burden[year])
    return float(after[start])


def cheapest(
    cost: Floats,
    gap: Floats,
    discount: float,
    weight: float,
    within: Bools,
    onward: Bools,
    start: int,
    by: int,
) -> Chosen:
    """The path at the last ratio from year number ``by`` on with the least discounted cost and weighted gap.

    sum over years t of (cost + weight x gap) / (1 + discount)^t; ``within``: what a cap allows.
    """
    years, count = cost.shape
    factor = (1.0 + discount) ** -np.arange(years, dtype=float)
    target = (cost + weight * gap) * factor[:, None]
    there = np.arange(count) == count - 1
    allowed = within & (there[None, :] | (np.arange(years) < by)[:, None])
    return best([np.asarray(target)], np.asarray(allowed), onward, start, None)
