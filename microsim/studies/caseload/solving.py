"""The smallest moves of the levers that meet the targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microsim.studies.caseload.levers import Lever

Floats = NDArray[np.float64]
Values = Mapping[str, float]
# Relative misses of the targets (a row of 4) for each of several sets of lever values.
Misses = Callable[[Sequence[Values]], Floats]

_PROBE = 0.02  # of a range, for slopes
_STRIDE = 0.3  # of a range, the longest step at once
_WORTH = 1000.0  # weight of a target's relative miss against a move over a whole range
_MET, _SETTLED = 5e-4, 2e-3  # largest miss, and largest change of a move, at which the search ends
_ROUNDS, _PROBED, _PATIENCE = 12, 3, 3
_FINE, _NEAR = 1e-4, (1, 2, 4, 8, 16)  # levers written this finely are tried these many steps away at the end
_NEARLY = 1e-2  # with larger misses every lever is needed
_GOOD = 2e-3  # a miss that needs no such trial
_DEARER = 1.5  # levers go back to their start while the sum of squared moves grows no further than this


@dataclass(frozen=True)
class Found:
    """Where the search ended."""

    values: dict[str, float]
    misses: Floats  # relative, one a target
    slopes: (
        Floats  # of relative misses by moves over a whole range: targets x levers, at the end of the search
    )
    rounds: int


def solve_levers(
    levers: tuple[Lever, ...], misses: Misses, areas: Sequence[str], free: Sequence[str]
) -> Found:
    """Bounded moves with the smallest sum of squares (in shares of each range) that meet the targets.

    Gauss-Newton: at each round the targets are taken as linear in the moves, and the smallest moves that meet
    them are found exactly within the bounds. Levers that are hardly needed then go back to their start one by
    one, and the rest is written down in steps, coarsest first, the finest with a look at their neighbours.
    ``areas`` names the area of each target.
    Deterministic; where the bounds keep the targets out of reach the nearest point is returned.
    """
    names = list(free)
    found = _search(levers, misses, areas, names, {lever.name: lever.start for lever in levers})
    if np.abs(found.misses).max() <= _NEARLY:
        names = _needed(levers, found, names)
        found = _search(levers, misses, areas, names, found.values | _starts(levers, names), found.slopes)
    return _written(levers, misses, areas, names, found)


def met_from(
    levers: tuple[Lever, ...], misses: Misses, areas: Sequence[str], free: Sequence[str], tolerance: float
) -> Found:
    """The values nearest to the levers' starts that meet the targets, with no lever sent back to its start.

    As :func:`solve_levers`, but every free lever stays where the search puts it. A search that misses a
    target by more than three times the ``tolerance`` is returned as it is, not written down in steps.
    """
    found = _search(levers, misses, areas, free, {lever.name: lever.start for lever in levers})
    if np.abs(found.misses).max() > 3.0 * tolerance:
        return found
    return _written(levers, misses, areas, free, found)


def _written(
    levers: tuple[Lever, ...], misses: Misses, areas: Sequence[str], free: Sequence[str], found: Found
) -> Found:
    """The values in the steps in which they are written down: coarsest first, the finer making up for it."""
    names = list(free)
    finest = [name for name in names if name in {lever.name for lever in levers if lever.step <= _FINE}]
    for size in sorted({lever.step for lever in levers}, reverse=True):
        here = {lever.name: lever for lever in levers if lever.name in names and lever.step >= size}
        fixed = {name: lever.rounded(found.values[name]) for name, lever in here.items()}
        names = [name for name in names if name not in fixed]
        if fixed:
            found = _search(levers, misses, areas, names, found.values | fixed, found.slopes)
    return _polished(levers, misses, areas, finest, found)


def _starts(levers: Sequence[Lever], but: Sequence[str]) -> dict[str, float]:
    return {lever.name: lever.start for lever in levers if lever.name not in but}


def _search(
    levers: tuple[Lever, ...],
    misses: Misses,
    areas: Sequence[str],
    names: Sequence[str],
    values: Values,
    slopes: Floats | None = None,
) -> Found:
    """Gauss-Newton over the levers in ``names``; the others stay where ``values`` has them.

    Slopes are taken again in the first rounds only (never where they are given): they cost far more than
    misses.
    """
    by_name = {lever.name: k for k, lever in enumerate(levers)}
    columns = [by_name[name] for name in names]
    chosen = [levers[k] for k in columns]
    here = dict(values)
    best: Found | None = None
    probing = slopes is None
    for rounds in range(_ROUNDS):
        if slopes is None or (probing and rounds < _PROBED):
            miss, slopes = _slopes(levers, misses, areas, names, here)
        else:
            miss = misses([here])[0]
        found = Found(dict(here), miss, slopes, rounds)
        if best is None or np.abs(miss).max() < np.abs(best.misses).max():
            best = found
        elif rounds > best.rounds + _PATIENCE:
            return best
        moves = np.array([lever.moved(here[lever.name]) for lever in chosen])
        part = slopes[:, columns]
        step = _smallest(part, part @ moves - miss, *_bounds(chosen)) - moves if chosen else moves
        longest = np.abs(step).max(initial=0.0)
        if not chosen or (np.abs(miss).max() < _MET and longest < _SETTLED):
            return found
        moves = moves + step * min(1.0, _STRIDE / max(longest, 1e-12))
        for lever, move in zip(chosen, moves, strict=True):
            here[lever.name] = lever.start + float(move) * lever.width
    assert best is not None
    return best


def _polished(
    levers: tuple[Lever, ...], misses: Misses, areas: Sequence[str], names: Sequence[str], found: Found
) -> Found:
    """A few steps of the finest levers, each alone, where the last households at the line still show.

    The figures of a sample jump as single households cross the line, which slopes do not know.
    """
    chosen = [lever for lever in levers if lever.name in names]
    values, miss = dict(found.values), found.misses
    own = {area: np.array([one == area for one in areas]) for area in dict.fromkeys(areas)}
    for parameter in dict.fromkeys(lever.parameter for lever in chosen):
        rough = [area for area in own if np.abs(miss[own[area]]).max() > _GOOD]
        here = [lever for lever in chosen if lever.parameter == parameter and lever.area in rough]
        if not here:
            continue
        tried = [
            values
            | {lever.name: lever.rounded(values[lever.name] + sign * away * lever.step) for lever in here}
            for away in _NEAR
            for sign in (-1, 1)
        ]
        rows = misses(tried)
        for lever in here:
            worst = np.abs(rows[:, own[lever.area]]).max(axis=1)
            best = int(np.argmin(worst))
            if worst[best] < np.abs(miss[own[lever.area]]).max():
                values[lever.name] = tried[best][lever.name]
                miss = np.where(own[lever.area], rows[best], miss)
    return Found(values, miss, found.slopes, found.rounds)


def _bounds(chosen: Sequence[Lever]) -> tuple[Floats, Floats]:
    """Lowest and highest moves."""
    low = np.array([lever.moved(lever.low) for lever in chosen])
    high = np.array([lever.moved(lever.high) for lever in chosen])
    return low, high


def _smallest(slopes: Floats, wanted: Floats, low: Floats, high: Floats) -> Floats:
    """Smallest moves with ``slopes @ moves = wanted`` within bounds; nearest where there are none."""
    from scipy.optimize import lsq_linear

    rows = np.vstack([_WORTH * slopes, np.eye(slopes.shape[1])])
    aim = np.concatenate([_WORTH * wanted, np.zeros(slopes.shape[1])])
    moves: Floats = lsq_linear(rows, aim, bounds=(low, high), method="bvls", tol=1e-12).x
    return moves


def _slopes(
    levers: tuple[Lever, ...], misses: Misses, areas: Sequence[str], names: Sequence[str], here: Values
) -> tuple[Floats, Floats]:
    """Misses here, and their slopes by one-sided differences.

    Levers of one kind in different areas are probed at once: no figure of one area depends on the other's.
    """
    kinds = list(dict.fromkeys(lever.parameter for lever in levers if lever.name in names))
    probes, signs = [here], {}
    for kind in kinds:
        probe = dict(here)
        for lever in levers:
            if lever.parameter == kind:
                inside = here[lever.name] + _PROBE * lever.width <= lever.high
                signs[lever.name] = _PROBE if inside else -_PROBE
                probe[lever.name] += signs[lever.name] * lever.width
        probes.append(probe)
    rows = misses(probes)
    slopes = np.zeros((rows.shape[1], len(levers)))
    for k, lever in enumerate(levers):
        if lever.name in names:
            change = (rows[1 + kinds.index(lever.parameter)] - rows[0]) / signs[lever.name]
            own = [not lever.area or area == lever.area for area in areas]
            slopes[:, k] = np.where(own, change, 0.0)
    return rows[0], slopes


def _needed(levers: tuple[Lever, ...], found: Found, names: Sequence[str]) -> list[str]:
    """The levers that stay free: the one that the rest replaces most cheaply goes first."""
    moves = np.array([lever.moved(found.values[lever.name]) for lever in levers])
    wanted = found.slopes @ moves - found.misses

    def solved(kept: Sequence[int]) -> float:
        slopes = found.slopes[:, kept]
        new = _smallest(slopes, wanted, *_bounds([levers[k] for k in kept]))
        missed = slopes @ new - wanted
        return float(new @ new + _WORTH**2 * (missed @ missed))

    kept = [k for k, lever in enumerate(levers) if lever.name in names]
    limit = _DEARER * solved(kept)
    while len(kept) > found.misses.size:
        fewer = [kept[:k] + kept[k + 1 :] for k in range(len(kept))]
        costs = [solved(rest) for rest in fewer]
        if min(costs) > limit:
            break
        kept = fewer[int(np.argmin(costs))]
    return [levers[k].name for k in kept]
