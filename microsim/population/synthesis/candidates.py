"""Households chosen among many candidates, so that a sample is near its margins before it is weighted.

The generator draws families by habits (ages of couples, of those who live alone) that no table of a real
county gives; weights that put this right alone are uneven, and a sample with uneven weights is worth less
than its rows. So many candidates are drawn and weighted to the margins, and households are chosen in
proportion to those weights. What is left to the last weights is chance alone: their design effect is about
1 + controls / rows.

The choice is systematic (equal steps along the sum of weights, over candidates in the order of area,
generations, size, members aged 65 and over, and age): each kind of household gets its share to the nearest
whole one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microsim.errors import MicrosimError
from microsim.numerics.streams import Streams
from microsim.numerics.sums import total
from microsim.population.calibration.calibrate import CalibrationReport
from microsim.population.profile.county import County
from microsim.population.synthesis.households import Roster, draw_roster
from microsim.population.synthesis.margins import OLD, household_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PER_HOUSEHOLD, LEAST = 4, 20_000  # candidates: as many for each household, but at least so many altogether
# Where too many would be chosen twice, so many times as many are drawn, unless that is beyond the most.
_MORE, _MOST = 4, 320_000
_COPIES = 0.02  # share of a sample that may be copies of other households in it


def draw_households(county: County, streams: Streams, households: int, first: int = 1) -> Roster:
    """Households of the county, chosen among candidates where it has ``demography.elderly_households``.

    Profiles without that figure get what ``draw_roster`` draws. Raises ``MicrosimError`` where the
    candidates cannot meet the margins.
    """
    if county.get("demography.elderly_households") is None:
        return draw_roster(county, streams, households, first)
    candidates, weights, _ = weighted_candidates(county, streams, households, first)
    ids = np.arange(first, first + households, dtype=np.int64)
    return picked(candidates, choose(candidates, weights, households), ids)


def weighted_candidates(
    county: County, streams: Streams, households: int, first: int = 1, most: int = _MOST
) -> tuple[Roster, Floats, CalibrationReport]:
    """Candidates for so many households, and weights with which they meet the margins.

    Where weights are so uneven that more than 2 % of the households chosen would be copies of others, more
    candidates are drawn, up to ``most``. Samples with other ids (``first``) choose among other candidates.
    Raises ``MicrosimError`` where they cannot meet the margins.
    """
    number, found = max(PER_HOUSEHOLD * households, LEAST), None
    while True:
        candidates = draw_roster(county, streams, number, number // households * (first - 1) + 1)
        try:
            found = (candidates, *household_weights(county, candidates))
        except MicrosimError:
            if found is None:
                raise
            return found  # the candidates before, fewer and good enough
        weights = found[1]
        copies = total(np.maximum(weights * (households / total(weights)) - 1.0, 0.0)) / households
        if copies <= _COPIES or number * _MORE > most:
            return found
        number *= _MORE


def choose(candidates: Roster, weights: Floats, households: int) -> Ints:
    """Rows of the candidates chosen in proportion to their weights; a large weight may be chosen twice."""
    order = np.lexsort(
        (
            candidates.sums(candidates.age) / candidates.size,
            candidates.sums(candidates.age >= OLD),
            candidates.size,
            candidates.generations,
            candidates.area,
        )
    )
    until = np.cumsum(weights[order])
    steps = (np.arange(households) + 0.5) * (until[-1] / households)
    chosen: Ints = order[np.minimum(np.searchsorted(until, steps), len(order) - 1)]
    return chosen


def picked(candidates: Roster, rows: Ints, ids: Ints) -> Roster:
    """The households in those rows, under other ids."""
    size = candidates.size[rows]
    offsets = np.concatenate(([0], np.cumsum(size)))
    owner = np.repeat(np.arange(len(rows)), size)
    member = np.arange(offsets[-1]) - offsets[owner]
    persons = candidates.offsets[rows][owner] + member
    return Roster(
        household_id=ids,
        area=candidates.area[rows],
        size=size,
        generations=candidates.generations[rows],
        offsets=offsets,
        owner=owner,
        member=member,
        age=candidates.age[persons],
        female=candidates.female[persons],
        relation=candidates.relation[persons],
    )
