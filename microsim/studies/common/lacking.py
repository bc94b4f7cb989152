"""Columns that a county lacks: programmes are computed without them, or cannot be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population


def lacking_columns(
    policy: Policy, population: Population, outputs: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Column -> programmes whose rules read it, for every column that carries its documented default.

    Columns are in the order of the registry; programmes that are switched off, and columns that no rule
    behind ``outputs`` reads, are left out.
    """
    readers = policy.needs(outputs, given_columns(population)).columns
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


def missing_columns(
    policy: Policy, given: Iterable[str], outputs: Iterable[str] | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Column -> programmes whose rules read it, for every column without a default that is not ``given``.

    The outputs (left out: those of a run) cannot be computed without these.
    """
    from microsim.population import registry
    from microsim.studies.common.outputs import baseline_outputs

    known, given = registry(), set(given)
    readers = policy.needs(baseline_outputs(policy) if outputs is None else outputs, given).columns
    absent = {column: who for column, who in readers.items() if column not in given}
    return {
        column: who for column, who in absent.items() if column not in known or known[column].default is None
    }


def given_columns(population: Population) -> set[str]:
    """Columns that the population has of its own."""
    return {*population.person_columns, *population.household_columns} - set(population.defaulted)


def with_programmes(columns: Mapping[str, tuple[str, ...]]) -> str:
    """``relation (means_test), area (dibao, heating)``."""
    return ", ".join(f"{column} ({', '.join(who)})" for column, who in columns.items())
