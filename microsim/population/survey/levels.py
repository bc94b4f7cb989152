"""Values on their way between persons and households: the first of each household, shares of an amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.population.survey.mapping import ColumnRule
from microsim.population.survey.values import Values

Array = NDArray[Any]
Ints = NDArray[np.int64]
_ADULT = 16  # years: an amount given to adults goes to members of this age and over


def shares(give: str, owner: Ints, others: Mapping[str, Values]) -> NDArray[np.float64]:
    """Each person's share of an amount of the household."""
    count = int(owner.max()) + 1
    first = np.concatenate(([True], owner[1:] != owner[:-1]))
    takes = np.ones(len(owner), dtype=bool)
    if give == "head" and "relation" in others:
        takes = others["relation"].values == "head"
    elif give == "head":
        takes = first
    elif give == "adults" and "age" in others:
        age = others["age"]
        takes = ~age.missing & (np.where(age.missing, 0.0, age.values).astype(np.float64) >= _ADULT)
    # Where nobody qualifies, the first person of the household does.
    takes = takes | (first & (np.bincount(owner, takes, count) == 0)[owner])
    if give == "head":  # several heads: the first of them
        rank = np.cumsum(takes) - np.concatenate(([0], np.cumsum(takes)))[np.flatnonzero(first)][owner]
        takes = takes & (rank == 1)
    share: NDArray[np.float64] = takes / np.bincount(owner, takes, count)[owner]
    return share


def constant(rule: ColumnRule, length: int) -> Values:
    """The value that the mapping itself gives, for every row."""
    values = np.full(length, rule.value, dtype=object if isinstance(rule.value, str) else None)
    return Values(values, np.zeros(length, dtype=bool))


def first_of_each(position: Array, values: Array, missing: NDArray[np.bool_], count: int) -> Values:
    """The first value present in each household."""
    out = np.zeros(count, dtype=values.dtype)
    gaps = np.ones(count, dtype=bool)
    present = np.flatnonzero(~missing)[::-1]
    out[position[present]] = values[present]
    gaps[position[present]] = False
    return Values(out, gaps)


def typed(rule: ColumnRule, values: Array) -> Any:
    """The values as the column's type has them."""
    import pandas as pd

    column = rule.column
    if column is not None and column.type == "category":
        return pd.Categorical(values, categories=list(column.categories))
    if column is not None and column.type == "bool":
        return values.astype(bool)
    if column is not None and column.type == "int":
        return values.astype(np.float64).astype(np.int64)
    if rule.name == "weight" or (column is not None and column.type == "float"):
        return values.astype(np.float64)
    return values
