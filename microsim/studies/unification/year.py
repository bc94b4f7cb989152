"""The figures of one year of a unification study: lines, cost, payers, caseload and burden of every path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.studies.common.expenditure import by_area_of
from microsim.studies.common.poverty import national_line
from microsim.studies.common.within_year import account_over, days_of_change, same_law, shares, totals_of_year
from microsim.studies.financing.reading import Financing
from microsim.studies.unification.counted import INCOMES, RULES, YARDSTICKS, counts
from microsim.studies.unification.paying import Payers
from microsim.studies.unification.rows import Figures, Held, Row

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County, Population

LINE, RURAL, URBAN = "dibao.line", "dibao.line.rural", "dibao.line.urban"
SIZE = "household_size"
RECIPIENTS = "dibao_recipients"


@dataclass(frozen=True)
class Setting:
    """What holds in every year and for every path.

    ``parity``: rural prices over urban ones, where it is stated. ``standards``: cells beside the dibao line
    that a path moves (``tekun.living_multiple.rural``). ``alone``: path -> name under which the same path
    with the dibao line alone is counted, where it moves other standards, too.
    """

    county: County
    book: Financing
    parity: float | None = None
    standards: tuple[str, ...] = ()
    alone: Mapping[str, str] | None = None


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

    def measured_by(self, yardsticks: Mapping[str, float]) -> Laws:
        """The same laws with the yardsticks of what is counted."""

        given = {id(policy): policy for policy in (self.policy, *self.policies.values())}
        under = {key: policy.reform(yardsticks, allow_unusual=True) for key, policy in given.items()}
        return self._replace(
            policy=under[id(self.policy)],
            policies={name: under[id(policy)] for name, policy in self.policies.items()},
        )


def figures_of_year(
    population: Population,
    laws: Sequence[Laws],
    year: int,
    revenue: float,
    setting: Setting,
    own: Mapping[str, Population] | None = None,
) -> list[Row]:
    """All figures of one year; every path is added up in one pass over the households for each stretch.

    Money counts each stretch with its share of the year; lines and recipients are those of the last. ``own``:
    path -> its households, where they are not ``population``: the same ones in statuses of the path. Each of
    these takes a pass of its own.
    """
    own = own or {}
    end = laws[-1]
    account = account_over([end.policy, *(one.policy for one in laws)])
    counting = counts(end.policy)
    if counting:
        first = next(iter(end.policies))
        yardsticks = _yardsticks(own.get(first, population), end, setting)
        laws = [one.measured_by(yardsticks) for one in laws]
        end = laws[-1]
    paid = tuple(dict.fromkeys([*account.outputs, *(p.rule for p in account.payments)]))
    outputs = (*paid, SIZE, *(RULES if counting else ()))
    passes: dict[int, tuple[Population, list[str]]] = {}
    for path in end.policies:
        people = own.get(path, population)
        passes.setdefault(id(people), (people, []))[1].append(path)
    sums, areas = _totals(list(passes.values()), laws, outputs, {p.rule for p in account.payments})
    if not np.isfinite(sums).all():
        wrong = [outputs[i] for i in np.flatnonzero(~np.isfinite(sums).all(axis=(1, 2)))]
        raise DataError([Offence(f"the sum of '{name}' in {year} is not a number") for name in wrong])
    areas = by_area_of(population, areas)
    totals = {
        path: {
            rule: dict(zip(areas, map(float, sums[k, :, s]), strict=True)) for k, rule in enumerate(outputs)
        }
        for s, path in enumerate(end.policies)
    }
    first = next(iter(totals))
    held = {rule: sum(by.values()) for rule, by in totals[first].items()}
    payers = Payers.of(account, setting.book, setting.county, year, held)
    base = Held.of(account, totals[first], payers)
    alone = setting.alone or {}
    hidden = set(alone.values())
    national = national_line().at(end.policy.date) if counting else None
    figures = Figures(year, revenue, account, payers, base, setting.parity, counting, national is not None)
    rows: list[Row] = []
    for path, policy in end.policies.items():
        if path not in hidden:
            there = None if path == first else totals[alone.get(path, path)]
            rows += figures.rows(path, policy, totals[path], there, setting.standards)
    return rows


def _totals(
    passes: Sequence[tuple[Population, Sequence[str]]],
    laws: Sequence[Laws],
    outputs: Sequence[str],
    paying: set[str],
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """[output, area, path], and the areas; ``passes``: households, and the paths that are counted on them."""
    from microsim.simulation import totals_under

    def totals_there(one: Laws, asked: list[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        places = {path: k for k, path in enumerate(one.policies)}
        out, areas = np.zeros(0), tuple[str, ...]()
        for population, paths in passes:
            policies = [one.policies[path] for path in paths]
            sums, areas = totals_under(population, one.policy, policies, asked)
            out = out if out.size else np.zeros((*sums.shape[:2], len(places)))
            out[:, :, [places[path] for path in paths]] = sums
        return out, areas

    return totals_of_year(laws, outputs, totals_there, day=laws[-1], paid=paying)


def _yardsticks(population: Population, laws: Laws, setting: Setting) -> dict[str, float]:
    """What the year is measured by: lines, and means of urban recipients where the ratio is held."""
    from microsim.simulation import totals_under

    held = next(iter(laws.policies.values()))
    line = national_line().at(laws.policy.date)
    outputs = [*INCOMES, RECIPIENTS]
    sums, areas = totals_under(population, held, [held], outputs)
    means = [float("inf")] * 2  # nobody overtakes where there are no urban recipients
    if "urban" in areas:
        before, after, recipients = map(float, sums[:, areas.index("urban"), 0])
        if recipients > 0.0:
            means = [before / recipients, after / recipients]
    values = (
        1.0 if line is None else float(line.value),
        held.amount(URBAN),
        *means,
        means[1] * (setting.parity or 1.0),
    )
    finite = [min(value, 1e12) for value in values]
    return dict(zip(YARDSTICKS, finite, strict=True))
