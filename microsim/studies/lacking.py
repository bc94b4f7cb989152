"""Columns that a county does not give, and the programmes that go without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microsim.engine.policy import Policy
    from microsim.population import Population


def lacking_columns(
    policy: Policy, population: Population, outputs: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Column -> programmes whose rules read it, for every column that carries its documented default.

    Columns stand in the order of the registry; programmes that are switched off, and columns that no rule
    behind ``outputs`` reads, are left out.
    """
    given = {*population.person_columns, *population.household_columns} - set(population.defaulted)
    readers = policy.needs(outputs, given).columns
    off = {
        name.removesuffix(".enabled")
        for name, dated in policy.values.items()
        if name.endswith(".enabled") and dated.value is False
    }
    # A value of law that is looked up by a column reads it, too.
    of_parameter = {parameter.argument: parameter.programme for parameter in policy.parameters.values()}
    found = {
        column: tuple(dict.fromkeys(of_parameter.get(who, who) for who in readers[column]))
        for column in population.defaulted
        if column in readers
    }
    found = {column: tuple(name for name in who if name not in off) for column, who in found.items()}
    return {column: who for column, who in found.items() if who}
