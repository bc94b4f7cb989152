"""Whole weights, and one row for each household of the county: for models that follow single households.

Systematic sampling: households are in an order, their weights are laid end to end, and each whole number
(shifted by one random offset) that falls on a household is a copy of it. A household of weight 2.3 gets two
copies or three, three with probability 0.3: every weighted sum is kept in expectation, and the number of
households of any group that is together in the order is kept within one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence, did_you_mean
from microsim.numerics.streams import Streams
from microsim.population.core.findings import Findings
from microsim.population.population import Population

Ints = NDArray[np.int64]
_DIGITS = 9  # of a cumulated weight: sums that should be whole are


def integer_weights(weights: Any, seed: int, order: Any = None) -> Ints:
    """Whole weights, each the given one rounded down or up, with the given one as its expectation.

    ``order``: positions of all households; groups that are together in it keep their weight within one.
    Without it, the order of ``weights``. The same seed gives the same weights. Raises
    ``MicrosimError`` where a weight is negative or not finite.
    """
    given = np.asarray(weights, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(given) & (given >= 0)))
    if len(wrong):
        raise DataError(
            [
                Offence(f"weight {float(given[row])!r} in row {row}", "", "weights are 0 or more")
                for row in wrong[:10]
            ],
            title=f"{len(wrong)} weights cannot be made integer",
        )
    positions = np.arange(len(given)) if order is None else np.asarray(order)
    offset = Streams(seed).uniform("whole weights", np.zeros(1, dtype=np.int64))[0]
    ends = np.round(np.cumsum(given[positions]), _DIGITS)
    marks = np.floor(ends + offset).astype(np.int64)
    out = np.empty(len(given), dtype=np.int64)
    out[positions] = np.diff(marks, prepend=np.int64(0))
    return out


def whole_households(population: Population, seed: int, by: Sequence[str] = ("area",)) -> Population:
    """One row of weight 1 for each household that the weights represent.

    The number of households in each cell of the columns ``by`` and household size is kept within one, every
    weighted sum in expectation. New households are numbered 1, 2, ...; the column ``copied_from`` holds the
    id of the household each was copied from. Copies are alike in everything, random draws included.
    """
    missing = [name for name in by if name not in population.household_columns]
    if missing:
        columns = population.household_columns
        raise DataError(
            [
                Offence(f"households have no column {name}", "", did_you_mean(name, columns))
                for name in missing
            ]
        )
    sizes = np.diff(population.offsets)
    # Chance decides who is beside whom within a cell, not the order of a file.
    chance = Streams(seed).uniform("order of households", population.household_id)
    keys = [chance, sizes, *(population.household_columns[name] for name in reversed(by))]
    copies = integer_weights(population.weight, seed, np.lexsort(keys))
    if not copies.any():
        raise DataError(
            Offence(f"the weights add up to {population.weight.sum():g} households: none would remain", "")
        )
    rows = np.repeat(np.arange(population.n_households), copies)
    counts = sizes[rows]
    offsets = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    members = np.repeat(population.offsets[:-1][rows] - offsets[:-1], counts) + np.arange(int(offsets[-1]))
    origin = population.household_id[rows]
    findings = Findings()
    table = population.household_table.take(rows).with_columns({"copied_from": origin}, findings)
    findings.refuse("the households cannot be copied")
    return Population(
        offsets,
        population.person_table.take(members),
        table,
        np.ones(len(rows)),
        profile_path=population.profile_path,
        given_county=population.given_county,
    )
