"""Many sets of lever values that meet the same targets, spread over what the targets leave open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from microsim.numerics.streams import Streams
from microsim.studies.caseload.levers import Lever
from microsim.studies.caseload.solving import Found, Misses, met_from

# How much of the way from the first set to the point drawn is gone, the next where the targets are missed.
_REACHES = (1.0, 0.6, 0.35, 0.2)


def spread_sets(
    levers: tuple[Lever, ...],
    misses: Misses,
    areas: Sequence[str],
    free: Sequence[str],
    first: Found,
    count: int,
    *,
    seed: int = 1,
    tolerance: float,
    progress: Callable[[str], None] = lambda text: None,
) -> list[Found]:
    """``count`` sets of values, ``first`` among them in front, that each meet every target.

    For each additional set a point is drawn uniformly from the ranges of the ``free`` levers, and the values
    nearest to it that meet the targets are found (:func:`met_from`): with fewer targets than levers these
    differ as the points do. Where the ranges keep them out of reach, the point is pulled towards the first
    set and tried again. Deterministic for a ``seed``. Points that lead nowhere are left out and others drawn,
    up to three for each set asked for, so that the list can be shorter than ``count``.
    """
    sets, tried = [first], 0
    while len(sets) < count and tried < 3 * count:
        tried += 1
        draws = Streams(seed).uniform("sets of levers", np.arange(len(levers)) + 1000 * tried)
        for reach in _REACHES:
            moved = tuple(
                replace(lever, start=_between(lever, first.values[lever.name], float(draw), reach))
                if lever.name in free
                else replace(lever, start=first.values[lever.name])
                for lever, draw in zip(levers, draws, strict=True)
            )
            found = met_from(moved, misses, areas, free, tolerance)
            worst = float(np.abs(found.misses).max())
            progress(f"set {len(sets) + 1}, point {tried} at {reach:g}: largest miss {100 * worst:.2f} %")
            if worst <= tolerance:
                sets.append(found)
                break
    return sets


def _between(lever: Lever, first: float, draw: float, reach: float) -> float:
    return first + reach * (lever.low + draw * lever.width - first)
