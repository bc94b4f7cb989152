"""The figures of one year of a unification study: lines, cost, caseload and burden of every path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from microsim.errors import DataError, Offence
from microsim.studies.common.benefits import cost_rules, recipient_rules

if TYPE_CHECKING:
    from microsim.engine.policy.policy import Policy
    from microsim.population import Population

Row = tuple[str, int, str, str, str, float, str]  # path, year, measure, subject, group, value, unit

LINE, RURAL, URBAN = "dibao.line", "dibao.line.rural", "dibao.line.urban"
YUAN, PERSONS, SHARE = "yuan/year", "persons", "1"
SIZE = "household_size"


def outputs_of(policy: Policy) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Subject -> the rules of its cost (in cash and in kind); programme -> the rule of who receives it."""
    return cost_rules(policy), recipient_rules(policy)


def figures_of_year(
    population: Population, held: Policy, policies: Mapping[str, Policy], year: int, revenue: float
) -> list[Row]:
    """All figures of one year; every path is added up in one pass over the households.

    ``policies``: path -> the law of that year on it, all of them reforms of ``held``.
    """
    from microsim.simulation import totals_under

    costs, recipients = outputs_of(held)
    outputs = (*costs["total"], *recipients.values(), SIZE)
    sums, areas = totals_under(population, held, list(policies.values()), outputs)
    if not np.isfinite(sums).all():
        wrong = [outputs[i] for i in np.flatnonzero(~np.isfinite(sums).all(axis=(1, 2)))]
        raise DataError([Offence(f"the sum of '{name}' in {year} is not a number") for name in wrong])
    rows: list[Row] = []
    for s, (path, policy) in enumerate(policies.items()):
        rural, urban = policy.amount(RURAL), policy.amount(URBAN)

        def add(measure: str, subject: str, group: str, value: float, unit: str, path: str = path) -> None:
            rows.append((path, year, measure, subject, group, float(value), unit))

        def by_area(*rules: str, scenario: int = s) -> dict[str, float]:
            values = np.sum([sums[outputs.index(rule), :, scenario] for rule in rules], axis=0)
            return {**dict(zip(areas, values, strict=True)), "": values.sum()}

        add("line", "dibao", "rural", rural, YUAN)
        add("line", "dibao", "urban", urban, YUAN)
        add("line_ratio", "dibao", "", rural / urban, SHARE)
        residents = by_area(SIZE)
        for name, output in recipients.items():
            for group, persons in by_area(output).items():
                add("caseload", name, group, persons, PERSONS)
                if residents[group]:
                    add("resident_share", name, group, persons / residents[group], SHARE)
        for name, rules in costs.items():
            first = by_area(*rules, scenario=0)
            for group, cost in by_area(*rules).items():
                add("cost", name, group, cost, YUAN)
                add("revenue_share", name, group, cost / revenue, SHARE)
                if s:
                    add("extra_cost", name, group, cost - first[group], YUAN)
        add("revenue", "general_public_budget", "", revenue, YUAN)
    return rows
