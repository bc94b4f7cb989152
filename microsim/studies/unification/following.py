"""Paths followed from year to year: conditions on the figures of the year before, and cliffs on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.studies.unification.rows import Row

if TYPE_CHECKING:
    from microsim.policy.paths.path import Path
    from microsim.policy.policy import Policy
    from microsim.population import Population

# Condition of a path -> the figure of the year before that is held against its limit.
MEASURES = {
    "county_extra": ("extra_paid_revenue_share", "county"),
    "county_cost": ("paid_revenue_share", "county"),
    "expenditure": ("revenue_share", "total"),
}


def decided(
    policies: Mapping[str, Policy], alone: Mapping[str, str], before: Sequence[Row], year: int
) -> dict[str, Policy]:
    """The policies with their conditional paths decided for ``year``, by the figures of the year ``before``.

    ``alone``: path -> name under which it is counted a second time, and which goes the same way. In the first
    year of a study nothing is known, and a path stays where it starts.
    """
    if not before:
        return dict(policies)
    known = {
        (path, measure, subject): value for path, _, measure, subject, group, value, _ in before if not group
    }
    of = {second: first for first, second in alone.items()}

    def next_of(name: str, path: Path) -> Path:
        if path.condition is None or year <= path.start[0]:
            return path
        what, limit = path.condition
        figure = known.get((of.get(name, name), *MEASURES[what]), 0.0)
        return path.decided(year, figure <= limit)

    return {
        name: replace(policy, paths=tuple(next_of(name, path) for path in policy.paths))
        for name, policy in policies.items()
    }


def cliffs_of(
    population: Population, policies: Mapping[str, Policy], year: int, own: Mapping[str, Population]
) -> list[Row]:
    """Figures of the cliffs of every path: measure ``cliffs``, subjects as in ``ms.cliffs``.

    ``own``: path -> its households, where they are not ``population``.
    """
    from microsim.studies.cliffs import cliffs

    return [
        (name, year, "cliffs", measure.removeprefix("cliffs."), group, float(value), unit)
        for name, policy in policies.items()
        for measure, _, group, value, unit in cliffs(own.get(name, population), policy).table.itertuples(
            index=False, name=None
        )
        if measure.startswith("cliffs.")
    ]
