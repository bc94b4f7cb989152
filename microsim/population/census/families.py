"""Margins that families can have: the last step of reconciling a county's census tables.

Tables may agree with one another and still leave no families, or only strange ones: where most residents are
men in camps of workers, the table of households has more couples than there are women. Whether the generator
finds families is tried; where it does not, the tables of households move as little as will do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, MicrosimError
from microsim.numerics.streams import Streams
from microsim.numerics.sums import total
from microsim.population.calibration.calibrate import CalibrationReport, calibrate
from microsim.population.census.margins import SPANS, Conflict, Margins
from microsim.population.profile.county import County
from microsim.population.synthesis.candidates import LEAST, weighted_candidates
from microsim.population.synthesis.households import Roster, draw_roster
from microsim.population.synthesis.margins import OLD, controls

Floats = NDArray[np.float64]
SAMPLE = 2_000  # households that shall be found
_SEEDS = (1, 2)  # a county of one seed alone would not do
_IMPORTANCES = (1e3, 1e2, 1e1, 1.0, 1e-1, 1e-2, 1e-3)  # of the tables of households, tried in turn
_STRICT, _NEAR = 1e6, 1e-4  # importance at which tables must be met, but for so small a relative miss
_ROWS = 10  # candidates that a control needs
_CHANGED = 5e-4  # relative: less is rounding
NO_FAMILIES = (
    "no set of families meets all margins; the households are changed as little as possible, residents and "
    "ages are kept"
)


def families_for(margins: Margins, make: Callable[[Margins], County]) -> tuple[Margins, County]:
    """Margins that families can have, and the county that ``make`` makes of them.

    Raises ``MicrosimError`` where no tables of households have families of these residents.
    """
    county = make(margins)
    found: list[tuple[float, Margins, County]] = []
    with suppress(MicrosimError):
        found.append((_crowding_of(county, _SEEDS[0]), margins, county))
        if found[0][0] <= 1:
            return margins, county
    candidates, columns, targets = _candidates(county, _SEEDS[0])
    for importance in _IMPORTANCES:
        try:
            weights, _ = _nearly(county, candidates, columns, targets, importance)
        except MicrosimError:
            continue
        moved = _moved(margins, candidates, weights)
        other = make(moved)
        crowding = _crowding(other, _SEEDS)
        if np.isfinite(crowding):
            found.append((crowding, moved, other))
        if crowding <= 1:
            break
    if not found:
        raise DataError("no families can be formed from these residents, whatever the households")
    # Where all are crowded, there are few kinds of families: a sample holds some of them several times.
    return min(found, key=lambda one: one[0])[1:]


def _crowding(county: County, seeds: tuple[int, ...]) -> float:
    """Households to be chosen for each candidate that their weights are worth: the most of these seeds.

    Infinite where candidates cannot meet them. (They are first required to meet them nearly, which shows at
    once that they cannot: ``calibrate`` would search for the reason, which takes seconds.)
    """
    worst = 0.0
    for seed in seeds:
        try:
            report = _nearly(county, *_candidates(county, seed), _STRICT)[1]
            if np.abs(report.misses).max() > _NEAR:
                return float("inf")
            worst = max(worst, _crowding_of(county, seed))
        except MicrosimError:
            return float("inf")
        if worst > 1:
            break
    return worst


def _crowding_of(county: County, seed: int) -> float:
    """The same of one seed; raises ``MicrosimError`` where candidates cannot meet the margins."""
    _, _, report = weighted_candidates(county, Streams(seed), SAMPLE, most=LEAST)
    return SAMPLE * report.design_effect / LEAST


def _candidates(county: County, seed: int) -> tuple[Roster, dict[str, Floats], dict[str, float]]:
    """Candidates with their controls and totals."""
    candidates = draw_roster(county, Streams(seed), LEAST)
    return candidates, *controls(county, candidates, _ROWS)


def _nearly(
    county: County,
    candidates: Roster,
    columns: dict[str, Floats],
    targets: dict[str, float],
    importance: float,
) -> tuple[Floats, CalibrationReport]:
    """Weights that meet residents and ages, and tables of households as nearly as their importance says."""
    kept = ("residents", "male", "female")
    trust = {name: np.inf if name.split()[0] in kept else importance for name in columns}
    start = np.full(LEAST, fsum(county.residents.values()) / len(candidates.owner))
    return calibrate(columns, targets, start, importance=trust)


def _moved(margins: Margins, candidates: Roster, weights: Floats) -> Margins:
    """The margins that weighted candidates have, in family households of the census."""
    per_weight = margins.households / total(weights)
    size, span = candidates.size, candidates.generations
    old = np.minimum(candidates.sums(candidates.age >= OLD), len(SPANS))

    def count(inside: NDArray[np.bool_]) -> float:
        return total(weights[inside]) * per_weight

    sizes = {s: count(size == s) / margins.households for s in margins.sizes}
    moved = replace(
        margins,
        sizes=sizes,
        mean_size=round(sum(s * share for s, share in sizes.items()), 3),
        one_person=sizes[1] * margins.households,
        generations={name: count(span == k) for k, name in enumerate(SPANS, start=1)},
        elderly={name: count(old == k) for k, name in enumerate(SPANS, start=1)},
        generations_by_size={
            s: {
                name: count((size == s) & (span == k)) / (sizes[s] * margins.households)
                for k, name in enumerate(SPANS, start=1)
            }
            for s in margins.generations_by_size
        },
    )
    return replace(moved, conflicts=(*margins.conflicts, *_changes(margins, moved)))


def _changes(before: Margins, after: Margins) -> list[Conflict]:
    pairs = [
        ("demography.mean_household_size", "mean size", before.mean_size, after.mean_size),
        ("demography.one_person_households", "households of one person", before.one_person, after.one_person),
    ]
    for name in SPANS:
        count = (before.generations[name], after.generations[name])
        meaning = f"households of {name} generation{'' if name == 'one' else 's'}"
        pairs.append(("demography.generations", meaning, *count))
    pairs.append(
        (
            "demography.elderly_households",
            f"households with persons of {OLD} and over",
            sum(before.elderly.values()),
            sum(after.elderly.values()),
        )
    )
    found = [Conflict(figure, what, old, new, NO_FAMILIES) for figure, what, old, new in pairs]
    return [conflict for conflict in found if abs(conflict.size) > _CHANGED]
