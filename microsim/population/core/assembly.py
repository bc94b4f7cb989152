"""Putting a population together from columns: convert, check, link persons to households, or refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from microsim.population.core import checks
from microsim.population.core.data import PopulationData
from microsim.population.core.findings import Findings, where
from microsim.population.core.intake import take
from microsim.population.core.tables import settle, settle_ids, settle_weight

Ints = NDArray[np.int64]
P = TypeVar("P", bound=PopulationData)
REFUSED = "the population cannot be used"


def from_columns(
    kind: type[P],
    persons: Mapping[str, Any],
    households: Mapping[str, Any],
    n_persons: int,
    n_households: int,
    findings: Findings,
    **extra: Any,
) -> P:
    """A population of that kind out of the columns of two tables, linked by ``household_id``.

    Persons come in any order. Raises ``MicrosimError`` with all that is found.
    """
    checks.column_names(persons, households, findings)
    checks.required_columns("persons", persons, ["household_id"], findings)
    checks.required_columns("households", households, ["household_id", "weight"], findings)
    for table, length in (("persons", n_persons), ("households", n_households)):
        if length == 0:
            findings.table(table, "has no rows")
    household_table = settle(
        "household", _without(households, "household_id", "weight"), n_households, {}, findings
    )
    person_table = settle("person", _without(persons, "household_id", "person_id"), n_persons, {}, findings)
    weight = np.zeros(0)
    if "weight" in households:
        weight = settle_weight(households["weight"], n_households, findings)
    person_id = settle_ids("person", persons.get("person_id"), n_persons, findings)
    household_id = settle_ids("household", households.get("household_id"), n_households, findings)
    offsets, order = np.zeros(1, dtype=np.int64), None
    if household_id is not None and "household_id" in persons:
        offsets, order = link(persons["household_id"], n_persons, household_id, findings)
    elif "household_id" in persons:
        take("household_id", persons["household_id"], "person", n_persons, findings)  # its own offences
    findings.refuse(REFUSED)
    if order is not None:
        person_table = person_table.take(order)
        person_id = np.arange(1, n_persons + 1)[order] if person_id is None else person_id[order]
    return kind(offsets, person_table, household_table, weight, household_id, person_id, **extra)


def from_sorted_arrays(
    kind: type[P],
    offsets: Any,
    persons: Mapping[str, Any],
    households: Mapping[str, Any],
    categories: Mapping[str, tuple[str, ...]],
    findings: Findings,
    **extra: Any,
) -> P:
    """Arrays that are in household order already; see ``Population.from_arrays``."""
    offsets = np.asarray(offsets)
    checks.column_names(persons, households, findings)
    checks.required_columns("households", households, ["weight"], findings)
    if not checks.offsets(offsets, findings):
        findings.refuse(REFUSED)
    n_households, n_persons = len(offsets) - 1, int(offsets[-1])
    household_table = settle(
        "household", _without(households, "household_id", "weight"), n_households, categories, findings
    )
    person_table = settle(
        "person", _without(persons, "household_id", "person_id"), n_persons, categories, findings
    )
    weight = np.zeros(0)
    if "weight" in households:
        weight = settle_weight(households["weight"], n_households, findings)
    household_id = settle_ids("household", households.get("household_id"), n_households, findings)
    person_id = settle_ids("person", persons.get("person_id"), n_persons, findings)
    findings.refuse(REFUSED)
    offsets = offsets.astype(np.int64, copy=False)
    return kind(offsets, person_table, household_table, weight, household_id, person_id, **extra)


def _without(columns: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values for name, values in columns.items() if name not in names and isinstance(name, str)}


def link(named: Any, n_persons: int, ids: Ints, findings: Findings) -> tuple[Ints, NDArray[np.intp] | None]:
    """Offsets, and the order that puts persons into household order (``None``: they are in it already)."""
    nothing = np.zeros(1, dtype=np.int64)
    link = take("household_id", named, "person", n_persons, findings)
    if link is None or not len(ids):
        return nothing, None
    owner = link.array.astype(np.int64, copy=False)
    if (runs := _offsets_of_runs(owner, ids)) is not None:
        return runs, None
    by_id = np.argsort(ids, kind="stable")
    rank = np.minimum(np.searchsorted(ids, owner, sorter=by_id), len(ids) - 1)
    position = by_id[rank]
    belongs = ids[position] == owner
    findings.rows(
        "persons",
        "household_id",
        "unknown household_id",
        where(~belongs),
        owner,
        "add the household to the household table, or drop the person",
    )
    sizes = np.bincount(position[belongs], minlength=len(ids))
    # A repeated id is an offence of its own; its second row would only look empty.
    empty = where((sizes == 0) & np.isin(np.arange(len(ids)), by_id[checks.first_of_each(ids[by_id])]))
    findings.rows(
        "households",
        "household_id",
        "empty household (no person belongs to it)",
        empty,
        ids,
        "drop it, or add its persons",
    )
    offsets = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    return offsets, np.argsort(position, kind="stable")


def _offsets_of_runs(owner: Ints, ids: Ints) -> Ints | None:
    """Offsets where persons are already in the order of the household table."""
    if not len(owner):
        return None
    starts = np.concatenate(([0], np.flatnonzero(owner[1:] != owner[:-1]) + 1))
    if len(starts) != len(ids) or not np.array_equal(owner[starts], ids):
        return None
    return np.append(starts, len(owner)).astype(np.int64)
