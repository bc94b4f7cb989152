"""Households of which a part is served and a part is not: one row for each part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from microsim.engine.runtime.arrays import Data
    from microsim.population import Population
    from microsim.simulation import Result

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


def with_split_rows(population: Population, rows: Ints, shares: Floats) -> Population:
    """The population with each household of ``rows`` parted: ``shares`` of its weight stay, the rest is a new
    row behind all others, with ids of its own.
    """
    weight = np.concatenate([population.weight, population.weight[rows]])
    own = population.weight[rows]
    weight[rows] = own * shares
    weight[len(population.weight) :] = own - weight[rows]
    return parted(population, np.concatenate([np.arange(population.n_households), rows]), weight)


def parted(population: Population, rows: Ints, weight: Floats) -> Population:
    """Households ``rows``: all of them in their order, then those that occur again, which get new ids."""
    ids, people = population.household_id, population.person_id
    split = population.select(ids[rows])
    new_ids, new_people = np.array(split.household_id), np.array(split.person_id)
    new_ids[len(ids) :] = ids.max() + 1 + np.arange(len(rows) - len(ids))
    new_people[len(people) :] = people.max() + 1 + np.arange(len(new_people) - len(people))
    return replace(split, weight=weight, given_household_id=new_ids, given_person_id=new_people)


def matched(one: tuple[Ints, Floats], other: tuple[Ints, Floats]) -> tuple[Ints, Ints, Ints, Floats]:
    """Households that two runs have parted differently, in parts that are whole in both.

    Of each run the household of each row, and its weight. What is served first of a household in one run is
    set against what is served first of it in the other. Returns of each part the household, the row in the
    one and in the other run, and its weight.
    """
    households = int(one[0].max()) + 1
    again = np.union1d(one[0][households:], other[0][households:])
    whole = np.arange(households)
    origin, rows, others, weight = (list(a) for a in (whole, whole, whole, one[1][:households]))
    for household in again:
        mine, its = (np.flatnonzero(side[0] == household) for side in (one, other))
        ends = [np.cumsum(side[1][r]) for side, r in ((one, mine), (other, its))]
        cuts = np.unique(np.concatenate([e[:-1] for e in ends]))
        cuts = np.append(cuts, max(ends[0][-1], ends[1][-1]))
        pieces = [
            (household, mine[min(np.searchsorted(ends[0], c), len(mine) - 1)],
             its[min(np.searchsorted(ends[1], c), len(its) - 1)], w)
            for c, w in zip(cuts, np.diff(cuts, prepend=0.0), strict=True)
        ]  # fmt: skip
        origin[household], rows[household], others[household], weight[household] = pieces[0]
        for column, values in zip(
            (origin, rows, others, weight), zip(*pieces[1:], strict=True), strict=False
        ):
            column.extend(values)
    return np.array(origin), np.array(rows), np.array(others), np.array(weight)


def taken(values: NDArray[Any], rows: Ints, offsets: NDArray[np.int64] | None = None) -> NDArray[Any]:
    """The values of households ``rows``, or with ``offsets`` those of their members."""
    if offsets is None:
        return values[rows]
    sizes = np.diff(offsets)[rows]
    ends = np.cumsum(sizes)
    members: NDArray[Any] = values[
        np.repeat(offsets[:-1][rows] - (ends - sizes), sizes) + np.arange(ends[-1])
    ]
    return members


def result_for(result: Result, rows: Ints, population: Data) -> Result:
    """A result with the rows of ``population``, each the outcome of the household ``rows`` says."""
    offsets = result.population.offsets
    arrays = {
        name: taken(values, rows, offsets if result.is_person(name) else None)
        for name, values in result.arrays.items()
    }
    return replace(result, population=population, arrays=arrays, by=None, _ready={}, _bare=set(), _framed={})
