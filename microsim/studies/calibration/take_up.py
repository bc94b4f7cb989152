"""Rates of take-up that meet a number, found from the households' draws without another simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microsim.law.take_up import BANDS
from microsim.studies.calibration.targets import AREAS

Floats = NDArray[np.float64]
_NEAR = 12  # households by which the claimants of an age band may differ from those of the common rate
_CELLS = 3  # age bands (of areas) that are moved so


@dataclass(frozen=True)
class Rates:
    """``cells``: (area, age band) -> rate; ``miss``: relative; ``claims``: which households do."""

    cells: Mapping[tuple[str, str], float]
    miss: float
    claims: NDArray[np.bool_]


def meet(
    amounts: Floats, target: float, inside: NDArray[np.bool_], area: NDArray[np.int64],
    band: NDArray[np.int64], draw: Floats, tilt: Mapping[str, float],
) -> Rates | None:  # fmt: skip
    """Rates at which the ``amounts`` of those who claim add up to ``target``; ``None`` if all are too few.

    All households of the group have one rate, times the ``tilt`` of their age band and at most 1; the last
    households are chosen among the age bands, whose rates then differ by a few of their households. All
    arrays: float64 or int64 [households].
    """
    amounts = np.where(inside, amounts, 0.0)
    weight = np.array([tilt.get(name, 1.0) for name in BANDS])[band]
    if amounts.sum() < target:
        # Those who would make it up exactly may be missed by less than one household.
        return _all(amounts, target, inside, area, band) if _close(amounts, target) else None
    asked = amounts > 0.0
    place = np.where(draw < 1.0, draw, np.nextafter(1.0, 0.0)) / weight
    order = np.flatnonzero(asked)[np.argsort(place[asked], kind="stable")]
    summed = np.cumsum(amounts[order])
    many = int(np.argmin(np.abs(np.concatenate([[0.0], summed]) - target)))
    claims = np.zeros(amounts.size, dtype=bool)
    claims[order[:many]] = True
    cells = _cells(inside, area, band)
    lists = {
        cell: (rows := np.flatnonzero(asked & (area == cell[0]) & (band == cell[1])))[
            np.argsort(draw[rows], kind="stable")
        ]
        for cell in cells
    }
    counts = {cell: int(claims[rows].sum()) for cell, rows in lists.items()}
    counts = _nearer(amounts, target, lists, counts)
    rates, claims = {}, np.zeros(amounts.size, dtype=bool)
    common = float(place[order[many - 1]]) if many else 0.0
    for cell, rows in lists.items():
        count = counts[cell]
        claims[rows[:count]] = True
        name = (AREAS[cell[0]], BANDS[cell[1]])
        if not rows.size:
            rates[name] = float(min(1.0, np.round(common * tilt.get(name[1], 1.0), 6)))
        else:
            rates[name] = 1.0 if count == rows.size else float(draw[rows[count]])
    return Rates(rates, float(amounts[claims].sum() / target - 1.0), claims)


def _close(amounts: Floats, target: float) -> bool:
    return bool(target - amounts.sum() <= 0.0005 * target)


def _all(
    amounts: Floats, target: float, inside: NDArray[np.bool_], area: NDArray[np.int64],
    band: NDArray[np.int64],
) -> Rates:  # fmt: skip
    rates = {(AREAS[a], BANDS[b]): 1.0 for a, b in _cells(inside, area, band)}
    return Rates(rates, float(amounts.sum() / target - 1.0), inside.copy())


def _cells(
    inside: NDArray[np.bool_], area: NDArray[np.int64], band: NDArray[np.int64]
) -> list[tuple[int, int]]:
    areas = sorted(set(area[inside].tolist()))
    return [(a, b) for a in areas for b in range(len(BANDS))]


def _nearer(
    amounts: Floats,
    target: float,
    lists: Mapping[tuple[int, int], NDArray[np.int64]],
    counts: Mapping[tuple[int, int], int],
) -> dict[tuple[int, int], int]:
    """The counts of claimants by cell with a few more or less in the fullest cells, nearest to the target."""
    chosen = sorted(lists, key=lambda cell: -counts[cell])[:_CELLS]
    base = sum(amounts[lists[cell][: counts[cell]]].sum() for cell in lists)
    moves, effects = [], []
    for cell in chosen:
        low, high = max(-_NEAR, -counts[cell]), min(_NEAR, lists[cell].size - counts[cell])
        steps = np.arange(low, high + 1)
        summed = np.concatenate([[0.0], np.cumsum(amounts[lists[cell]])])
        moves.append(steps)
        effects.append(summed[counts[cell] + steps] - summed[counts[cell]])
    grids = np.meshgrid(*effects, indexing="ij")
    far = sum(np.abs(grid) for grid in np.meshgrid(*moves, indexing="ij"))
    # A household further away must be worth a hundred-thousandth of the target.
    missed = np.abs(base + sum(grids) - target) / target + 1e-5 * far
    best = np.unravel_index(int(np.argmin(missed)), missed.shape)
    moved = {cell: counts[cell] + int(moves[k][best[k]]) for k, cell in enumerate(chosen)}
    return {**counts, **moved}
