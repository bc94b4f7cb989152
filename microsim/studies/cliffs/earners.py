"""Whose income is varied: the highest earner, each earner in turn, or one marked member of each household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from microsim.errors import InputError, Offence, did_you_mean
from microsim.simulation.walks import earners, marked, rows_of

if TYPE_CHECKING:
    from microsim.engine.runtime.arrays import Data

WORKING_AGE = (16, 60)
Rows = NDArray[np.uint64]


def income_column(population: Data, vary: str) -> NDArray[np.float64]:
    """The varied column; raises where it is no amount of each person."""
    column = population.person_columns.get(vary)
    if column is None or column.dtype != np.float64:
        money = [n for n, c in population.person_columns.items() if c.dtype == np.float64]
        hint = did_you_mean(vary, money) or f"one of {', '.join(sorted(money))}"
        raise InputError(Offence(f"'{vary}' is not an amount of each person", "vary", hint))
    return column


def walked_members(
    population: Data, vary: str, member: str | ArrayLike | None, households: ArrayLike | None
) -> tuple[Rows, Rows]:
    """Rows of households and the person of each whose income is walked.

    ``member``: None for the person with the largest ``vary``, and where nobody has any, the first member of
    working age who can work, else the first; ``"each"`` for everybody who has some, in turn; otherwise a
    yes/no person column (name or array) that marks one member of each household.
    """
    column = income_column(population, vary)
    rows = rows_of(population, households)
    if isinstance(member, str) and member == "each":
        owner = np.repeat(np.arange(len(population.household_id)), np.diff(population.offsets))
        persons = np.flatnonzero((column > 0.0) & np.isin(owner, rows.astype(np.int64)))
        return owner[persons].astype(np.uint64), persons.astype(np.uint64)
    if member is not None:
        return rows, marked(population, member)[rows]
    best = earners(population, column)
    idle = column[best] <= 0.0
    able = np.append(np.flatnonzero(_can_work(population)), len(column))
    first = able[np.searchsorted(able, population.offsets[:-1])]
    has_one = first < population.offsets[1:]
    best = np.where(idle & has_one, first, best.astype(np.int64))
    return rows, best[rows].astype(np.uint64)


def _can_work(population: Data) -> NDArray[np.bool_]:
    """Persons of working age with any capacity to work who are not at school, as far as the columns say."""
    columns: Any = population.person_columns
    able = np.ones(len(population.person_id), dtype=bool)
    if "age" in columns:
        low, high = WORKING_AGE
        able &= (columns["age"] >= low) & (columns["age"] < high)
    for name in ("labour_capacity", "in_school"):
        names = population.categories.get(name, ())
        if name in columns and "none" in names:
            none = columns[name] == names.index("none")
            able &= ~none if name == "labour_capacity" else none
    return able
