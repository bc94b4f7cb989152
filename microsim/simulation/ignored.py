"""Columns of a population that are not used under a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from microsim.engine.runtime.arrays import Data
from microsim.errors import MicrosimError, nearest, warn
from microsim.policy.policy import Policy
from microsim.population.core.columns import STRUCTURAL, registry

SURELY = 0.85  # how alike two names are where one is taken for a slip of the other


@dataclass(frozen=True)
class Ignored:
    """Why a column is not used: a ``rule`` or ``parameter`` of its name is used instead, or nothing reads it.

    ``near`` is the name of a column that is read and not given, where it is all but the same.
    """

    instead: str = ""  # "rule", "parameter"
    near: str = ""
    known: bool = True  # in the registry of columns: some other law may read it

    @property
    def is_slip(self) -> bool:
        """Whether its values are surely meant to count."""
        return bool(self.instead or self.near)

    def __str__(self) -> str:
        if self.instead:
            return f"the {self.instead} of that name is used instead"
        return f"no rule reads it; did you mean '{self.near}'?" if self.near else "no rule reads it"


def ignored_columns(policy: Policy, population: Data) -> Mapping[str, Ignored]:
    """Column -> why it is ignored, for every column that the population gives and the policy does not read.

    A rule in force (other than one that gives way to data) or a parameter goes before a column of its name.
    """
    persons, households = tuple(population.person_columns), tuple(population.household_columns)
    defaulted = getattr(population, "defaulted", ())
    # Of the rules and names alone: the same for every reform of values and every sample.
    key = ("ignored", persons, households, defaulted)
    if key not in policy.book.kernels:
        given = frozenset((*persons, *households)) - set(defaulted) - set(STRUCTURAL)
        policy.book.kernels[key] = _found(policy, given)
    return cast(Mapping[str, Ignored], policy.book.kernels[key])


def warn_of_ignored(policy: Policy, population: Data) -> None:
    """Warn of columns whose values are surely meant to count, and do not."""
    known = policy.book.prepared.setdefault(population, {})
    if "slips" not in known:
        found = ignored_columns(policy, population).items()
        known["slips"] = [f"{name} ({why})" for name, why in found if why.is_slip]
    if slips := known["slips"]:
        warn(f"columns that are not used: {'; '.join(slips)}")


def _found(policy: Policy, given: frozenset[str]) -> dict[str, Ignored]:
    try:
        read = set(policy.needs(policy.rules, given).columns)
    except MicrosimError:  # rules that need each other in a circle are reported where they are asked for
        read = set(given)
    for parameter in policy.parameters.values():
        read |= set(parameter.by)
    absent = (set(registry()) | read) - given - set(STRUCTURAL)
    found = {}
    for column in sorted(given):
        rule, known = policy.rules.get(column), column in registry()
        if rule is not None:
            if not rule.unless_given:
                found[column] = Ignored("rule", known=known)
        elif column in policy.book.dotted:
            found[column] = Ignored("parameter", known=known)
        elif column not in read:
            found[column] = Ignored("", "" if known else nearest(column, absent, SURELY), known)
    return found
