"""The figures of one year of a unification study: lines, cost, caseload and burden of every path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from microsim.errors import DataError, Offence
from microsim.studies.common.expenditure import account_of, by_area_of, with_county

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

Row = tuple[str, int, str, str, str, float, str]  # path, year, measure, subject, group, value, unit

LINE, RURAL, URBAN = "dibao.line", "dibao.line.rural", "dibao.line.urban"
YUAN, PERSONS, SHARE = "yuan/year", "persons", "1"
SIZE = "household_size"


def figures_of_year(
    population: Population, held: Policy, policies: Mapping[str, Policy], year: int, revenue: float
) -> list[Row]:
    """All figures of one year; every path is added up in one pass over the households.

    ``policies``: path -> the law of that year on it, all of them reforms of ``held``.
    """
    from microsim.simulation import totals_under

    account = account_of(held)
    outputs = (*account.outputs, SIZE)
    sums, areas = totals_under(population, held, list(policies.values()), outputs)
    if not np.isfinite(sums).all():
        wrong = [outputs[i] for i in np.flatnonzero(~np.isfinite(sums).all(axis=(1, 2)))]
        raise DataError([Offence(f"the sum of '{name}' in {year} is not a number") for name in wrong])
    areas = by_area_of(population, areas)
    rows: list[Row] = []
    first: dict[str, dict[str, float]] = {}
    for s, (path, policy) in enumerate(policies.items()):
        rural, urban = policy.amount(RURAL), policy.amount(URBAN)
        totals = {
            rule: dict(zip(areas, map(float, sums[k, :, s]), strict=True)) for k, rule in enumerate(outputs)
        }

        def add(measure: str, subject: str, group: str, value: float, unit: str, path: str = path) -> None:
            rows.append((path, year, measure, subject, group, float(value), unit))

        add("line", "dibao", "rural", rural, YUAN)
        add("line", "dibao", "urban", urban, YUAN)
        add("line_ratio", "dibao", "", rural / urban, SHARE)
        residents = with_county(totals[SIZE])
        for name, recipients in account.caseload(totals).items():
            for group, persons in recipients.items():
                add("caseload", name, group, persons, PERSONS)
                if residents[group]:
                    add("resident_share", name, group, persons / residents[group], SHARE)
        cost = account.cost(totals)
        first = first or cost
        for name, by_group in cost.items():
            for group, amount in by_group.items():
                add("cost", name, group, amount, YUAN)
                add("revenue_share", name, group, amount / revenue, SHARE)
                if s:
                    add("extra_cost", name, group, amount - first[name][group], YUAN)
        add("revenue", "general_public_budget", "", revenue, YUAN)
    return rows
