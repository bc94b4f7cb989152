"""Populations put one after the other into one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microsim.population.core.tables import Table
from microsim.population.population import Population


def join(populations: Sequence[Population]) -> Population:
    """All households of pieces that have the same columns and categories, in the order given.

    Households keep their ids; persons are numbered again from 1.
    """
    first = populations[0]
    steps = [np.zeros(1, dtype=np.int64)]
    for population in populations:
        steps.append(population.offsets[1:] + steps[-1][-1])
    return Population(
        np.concatenate(steps),
        _joined([population.person_table for population in populations]),
        _joined([population.household_table for population in populations]),
        np.concatenate([population.weight for population in populations]),
        np.concatenate([population.household_id for population in populations]),
        profile_path=first.profile_path,
        given_county=first.given_county,
    )


def _joined(tables: Sequence[Table]) -> Table:
    first = tables[0]
    arrays = {name: np.concatenate([table.arrays[name] for table in tables]) for name in first.arrays}
    length = sum(table.length for table in tables)
    return Table(first.entity, length, arrays, first.categories, first.defaults)
