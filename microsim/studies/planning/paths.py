"""Paths over a grid of years and ratios by dynamic programming: the fastest under a cap, and the cheapest.

A path is one ratio a year that never falls. What a year costs depends on the ratio of that year, and where
status is carried on the ratio of the year before; nothing else of the path matters. The best way on from a
ratio is therefore the same however it was reached, and going backwards over the years finds the best of all
paths on the grid exactly.

Tables are [years, ratios], or [years, ratio of the year before, ratio]; in the first year, the path starts as
if it had been at its first ratio before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


def by_pair(table: NDArray[Any]) -> NDArray[Any]:
    """[years, ratio of the year before, ratio] of a table of either kind."""
    if table.ndim == 3:
        return table
    years, count = table.shape
    return np.broadcast_to(table[:, None, :], (years, count, count))


def best(costs: Sequence[Floats], allowed: Bools, onward: Bools, start: int) -> Chosen:
    """The path with the least sum of costs; of those with the same, the least of the second cost, and so on.

    ``costs``: tables in order of rank. ``allowed``: a table of what may be chosen. ``onward``:
    :func:`reachable`. ``start``: the ratio of the first year.
    """
    tables, allowed = [by_pair(cost) for cost in costs], by_pair(allowed)
    years, count = allowed.shape[:2]
    after: list[tuple[float, ...] | None] = [(0.0,) * len(tables)] * count
    choice: list[list[int]] = []

    def with_rest(year: int, before: int, now: int, rest: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(float(one[year, before, now]) + more for one, more in zip(tables, rest, strict=True))

    for year in range(years - 1, 0, -1):
        found: list[tuple[tuple[float, ...] | None, int]] = []
        for k in range(count):
            known = [
                (with_rest(year, k, int(j), rest), int(j))
                for j in np.flatnonzero(onward[k] & allowed[year, k])
                if (rest := after[j]) is not None
            ]
            found.append(min(known, default=(None, -1)))
        after = [value for value, _ in found]
        choice.append([way for _, way in found])
    rest = after[start]
    if rest is None or not allowed[0, start, start]:
        return Chosen(None)
    steps = [start]
    for picked in reversed(choice):
        steps.append(picked[steps[-1]])
    return Chosen(tuple(steps), with_rest(0, start, start, rest))


def fastest(burden: Floats, share: float, onward: Bools, start: int) -> Chosen:
    """The path that is at the last ratio soonest while its burden stays within ``share`` in every year.

    Of several, the one with the highest ratios (by their places on the grid, added up). ``burden``: share of
    own revenue. Where no path gets to the end, it is the one that gets highest.
    """
    years, count = burden.shape[0], burden.shape[-1]
    within = burden <= share + ROUNDING
    not_there = np.broadcast_to((np.arange(count) < count - 1).astype(float), (years, count))
    height = np.broadcast_to(-np.arange(count, dtype=float), (years, count))
    return best([np.asarray(not_there), np.asarray(height)], within, onward, start)


def least_cap(burden: Floats, onward: Bools, start: int, end: int | None) -> float:
    """The smallest share of revenue under which there is a path at all (to ``end``, where it is given).

    The smallest largest burden of all paths. Infinite where no path gets there under any cap.
    """
    pairs = by_pair(burden)
    count = pairs.shape[-1]
    after = np.where((np.arange(count) == end) | (end is None), 0.0, np.inf)
    for year in range(len(pairs) - 1, 0, -1):
        after = np.min(np.where(onward, np.maximum(pairs[year], after), np.inf), axis=1)
    return float(max(pairs[0, start, start], after[start]))


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
    target = by_pair(np.asarray(cost + weight * gap))
    years, count = target.shape[:2]
    factor = (1.0 + discount) ** -np.arange(years, dtype=float)
    there = np.arange(count) == count - 1
    in_time = there[None, :] | (np.arange(years) < by)[:, None]
    allowed = by_pair(within) & in_time[:, None, :]
    return best([target * factor[:, None, None]], allowed, onward, start)
