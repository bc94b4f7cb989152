"""The figures of one year of a unification study: lines, cost, caseload and burden of every path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.studies.common.expenditure import by_area_of, with_county
from microsim.studies.common.within_year import account_over, days_of_change, same_law, shares, totals_of_year

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

Row = tuple[str, int, str, str, str, float, str]  # path, year, measure, subject, group, value, unit

LINE, RURAL, URBAN = "dibao.line", "dibao.line.rural", "dibao.line.urban"
YUAN, PERSONS, SHARE = "yuan/year", "persons", "1"
SIZE = "household_size"


class Laws(NamedTuple):
    """The laws of a stretch of a year, and its share of the year.

    ``policies``: path -> the law on it, all of them reforms of ``policy``, under which the ratio is held.
    """

    share: float
    policy: Policy
    policies: Mapping[str, Policy]

    def at(self, day: dt.date, share: float = 1.0) -> Laws:
        """The same laws on another day."""
        return Laws(
            share, self.policy.at(day), {name: policy.at(day) for name, policy in self.policies.items()}
        )

    def within(self, year: int) -> tuple[Laws, ...]:
        """The stretches of ``year`` between dated changes; these laws, of its end, are the last of them."""
        days = days_of_change([self.policy, *self.policies.values()], year)
        found: list[Laws] = []
        for day, share in zip(days, shares(days), strict=True):
            one = self.at(day, share)
            if found and all(map(same_law, found[-1].policies.values(), one.policies.values())):
                one = one._replace(share=found.pop().share + share)
            found.append(one)
        return (*found[:-1], self._replace(share=found[-1].share))


def figures_of_year(population: Population, laws: Sequence[Laws], year: int, revenue: float) -> list[Row]:
    """All figures of one year; every path is added up in one pass over the households for each stretch.

    Money counts each stretch with its share of the year; lines and recipients are those of the last.
    """
    from microsim.simulation import totals_under

    account = account_over([laws[-1].policy, *(one.policy for one in laws)])
    outputs = (*account.outputs, SIZE)
    policies, paying = laws[-1].policies, {p.rule for p in account.payments}

    def totals_there(one: Laws, asked: list[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        return totals_under(population, one.policy, list(one.policies.values()), asked)

    sums, areas = totals_of_year(laws, outputs, totals_there, day=laws[-1], paid=paying)
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
