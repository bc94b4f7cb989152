"""Households whose relations cannot be right: no head, several heads, several spouses.

They are reported and not refused: a register may be so, and the law counts on. But they are what identifiers
that ran together look like, so that nobody should meet them unprepared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import warn
from microsim.population.core.findings import SHOWN_ROWS

if TYPE_CHECKING:
    from microsim.population.core.data import PopulationData

Positions = NDArray[np.intp]


def odd_households(population: PopulationData) -> dict[str, Positions]:
    """What is odd -> positions of the households that it is true of; empty without a column ``relation``."""
    return odd_relations(population.offsets, *_relation(population))


def odd_relations(
    offsets: NDArray[np.int64], relation: NDArray[Any] | None, categories: tuple[str, ...]
) -> dict[str, Positions]:
    """The same of ``relation`` as codes into ``categories``, persons in household order."""
    if relation is None or not len(relation):
        return {}

    def count(category: str) -> NDArray[np.int64]:
        if category not in categories:
            return np.zeros(len(offsets) - 1, dtype=np.int64)
        there = relation == categories.index(category)
        return np.add.reduceat(there.astype(np.int64), offsets[:-1])

    heads = count("head")
    found = {
        "no head": np.flatnonzero(heads == 0),
        "several heads": np.flatnonzero(heads > 1),
        "several spouses": np.flatnonzero(count("spouse") > 1),
    }
    return {what: where for what, where in found.items() if len(where)}


def described(what: str, named: list[str], count: int, kind: str = "household_id") -> str:
    """``2 households have several heads: household_id 7, 9``; the first few are named."""
    more = f" and {count - len(named)} more" if count > len(named) else ""
    have = "1 household has" if count == 1 else f"{count:,} households have"
    return f"{have} {what}: {kind} {', '.join(named)}{more}"


def relation_notes(population: PopulationData) -> list[str]:
    """One line for each thing that is odd, with the first household ids."""
    return [
        described(
            what, [str(one) for one in population.household_id[where[:SHOWN_ROWS]].tolist()], len(where)
        )
        for what, where in odd_households(population).items()
    ]


def warn_of_relations(population: PopulationData) -> None:
    """Warn once of all that is odd."""
    notes = relation_notes(population)
    if notes:
        warn(
            f"{'; '.join(notes)}; were ids of different households rounded to the same number, or is "
            f"relation wrong?"
        )


def _relation(population: PopulationData) -> tuple[NDArray[Any] | None, tuple[str, ...]]:
    table = population.person_table
    if "relation" not in table.arrays or "relation" in table.defaults:
        return None, ()
    return table["relation"], table.categories["relation"]
