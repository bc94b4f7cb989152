"""Strict checks of a population: everything that is wrong is found, nothing is repaired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import did_you_mean
from microsim.population.core.columns import TABLES, Column, registry
from microsim.population.core.findings import Findings, where

Array = NDArray[Any]
_CHUNK = 1 << 20  # rows looked at together: temporary arrays stay small next to 30 million persons


def required_columns(table: str, names: Iterable[Any], required: Iterable[str], findings: Findings) -> bool:
    """Whether the required columns are there; says what is missing, and the nearest name that is."""
    names = [str(name) for name in names]
    missing = [column for column in required if column not in names]
    for column in missing:
        near = did_you_mean(column, names)
        findings.table(table, f"has no column {column}", near.replace("did you mean", "is it"), column=column)
    return not missing


def column_names(persons: Iterable[Any], households: Iterable[Any], findings: Findings) -> None:
    """Names are text and are in one of the two tables only."""
    tables = {"persons": list(persons), "households": list(households)}
    for table, names in tables.items():
        for name in names:
            if not isinstance(name, str):
                findings.table(table, f"column name {name!r} is not text", "rename it")
    both = [name for name in tables["persons"] if name in tables["households"] and name != "household_id"]
    for name in dict.fromkeys(both):
        findings.table("persons", "is in both tables", "keep it in one of them", column=str(name))


def in_range(name: str, array: Array, entity: str, findings: Findings) -> None:
    """Compare a registered column with its range (numbers only)."""
    column = registry().get(name)
    if column is None or column.type not in ("float", "int") or not len(array):
        return
    low, high = column.minimum, column.maximum
    # min() and max() need no temporary array; rows are looked for only where something is wrong.
    if (low is None or array.min() >= low) and (high is None or array.max() <= high):
        return
    outside = np.zeros(len(array), dtype=bool)
    if low is not None:
        outside |= array < low
    if high is not None:
        outside |= array > high
    findings.rows(TABLES[entity], name, _range_words(column), where(outside), array)


def weights(array: Array, findings: Findings) -> None:
    """Some weight must be left (what is wrong with single weights is found as in any column)."""
    if len(array) and array.min() >= 0 and array.max() == 0:
        findings.table("households", "all weights are 0", "give each household its weight", column="weight")


def unique_ids(table: str, name: str, ids: Array, findings: Findings) -> bool:
    """Whether no id appears twice."""
    if strictly_increasing(ids):
        return True
    order = np.argsort(ids, kind="stable")
    ranked = ids[order]
    repeated = np.sort(order[1:][ranked[1:] == ranked[:-1]])
    findings.rows(table, name, f"duplicate {name}", repeated, ids, "use each id once")
    return not len(repeated)


def offsets(array: Array, findings: Findings) -> bool:
    """Offsets are whole numbers that start at 0 and leave no household empty."""
    if array.ndim != 1 or array.dtype.kind not in "iu" or not len(array) or array[0] != 0:
        findings.table("households", "offsets must be whole numbers that start with 0", column="offsets")
        return False
    if len(array) == 1:
        findings.table("households", "has no rows")
        return False
    if strictly_increasing(array):
        return True
    steps = np.diff(array.astype(np.int64))
    findings.rows("households", "offsets", "offsets decrease", where(steps < 0))
    findings.rows("households", "offsets", "empty household (no persons)", where(steps == 0))
    return False


def first_of_each(ranked: Array) -> NDArray[np.bool_]:
    """In a sorted array, which values appear for the first time."""
    return np.concatenate(([True], ranked[1:] != ranked[:-1]))


def strictly_increasing(array: Array) -> bool:
    """Whether each value is larger than the one before (looked at in chunks)."""
    for start in range(0, len(array) - 1, _CHUNK):
        part = array[start : start + _CHUNK + 1]
        if not (part[1:] > part[:-1]).all():
            return False
    return True


def _range_words(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low == 0 and high is None:
        return f"negative {'amount' if column.is_money else column.name}"
    if high is None:
        return f"{column.name} below {low:g}"
    return f"{column.name} above {high:g}" if low is None else f"{column.name} outside {low:g} to {high:g}"
