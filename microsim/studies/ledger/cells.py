"""Every payment of a run by area and tier of the household, and who receives the programme there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.studies.common.expenditure import COUNTY, Account
from microsim.studies.common.outputs import TIER
from microsim.studies.common.within_year import MONTHS, Part

if TYPE_CHECKING:
    from microsim.simulation import Result

Group = tuple[str, str]  # area, tier


class Cell(NamedTuple):
    """What one payer class pays of a programme to the households of an area and tier, yuan a year.

    ``cost`` is in ``cost.total`` of a run; ``within`` are wages and dividends, which market income holds
    already. ``caseload`` counts the programme's recipients there on the scenario's day, ``person_months`` the
    months for which persons received it in the year; NaN where the law does not say who is one.
    """

    programme: str
    area: str
    tier: str
    payer: str
    cost: float
    within: float
    caseload: float
    person_months: float


def cells(parts: Sequence[Part], here: Result, account: Account) -> Iterator[Cell]:
    """The cells of a year in which anything is paid or received, by programme, area, tier and payer.

    ``here``: the result of the scenario's day, one of those of the ``parts``.
    """
    sides = [_Side(part.result, part.share) for part in parts]
    today = _Side(here, 1.0)
    groups = dict.fromkeys(group for side in sides for group in side.groups)
    for programme in dict.fromkeys(p.programme for p in account.payments):
        of = [p for p in account.payments if p.programme == programme]
        caseload = months = dict.fromkeys(groups, np.nan)
        if programme in account.recipients:
            received = account.recipients[programme]
            caseload = _over(groups, [today], [received])
            months = _over(groups, sides, [received])
        for payer in dict.fromkeys(p.source.payer for p in of):
            mine = [p for p in of if p.source.payer == payer]
            cost = _over(groups, sides, [p.rule for p in mine if p.counts])
            within = _over(groups, sides, [p.rule for p in mine if not p.counts])
            for group in groups:
                if cost[group] or within[group] or months[group] > 0:
                    amounts = cost[group], within[group], caseload[group], MONTHS * months[group]
                    yield Cell(programme, *group, payer, *amounts)


class _Side:
    """Weighted totals of a result by area and tier, times its share of the year."""

    def __init__(self, result: Result, share: float) -> None:
        self.result, self.share = result, share
        self.groups, self.codes = groups_of(result)

    def total(self, rule: str) -> dict[Group, float]:
        """Group -> total of a rule; empty where this law has no such rule."""
        result = self.result
        if rule not in result.outputs:
            return {}
        weights = np.asarray(result.population.weight, dtype=float) * result.of_households(rule)
        sums = np.bincount(self.codes, weights=weights, minlength=len(self.groups))
        return {group: self.share * float(value) for group, value in zip(self.groups, sums, strict=True)}


def _over(groups: Iterable[Group], sides: Sequence[_Side], rules: Sequence[str]) -> dict[Group, float]:
    out = dict.fromkeys(groups, 0.0)
    for rule in rules:
        for side in sides:
            for group, value in side.total(rule).items():
                out[group] += value
    return out


def groups_of(result: Result) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Names of the groups (area, tier), and the group of each household."""
    population = result.population
    areas: tuple[str, ...] = (COUNTY,)
    codes = np.zeros(len(population.weight), dtype=np.int64)
    if "area" in population.household_columns:
        areas, codes = (
            population.categories["area"],
            np.asarray(population.household_columns["area"], dtype=np.int64),
        )
    tiers: tuple[str, ...] = ("",)
    if TIER in result.outputs:
        tiers = result.categories(TIER)
        codes = codes * len(tiers) + np.asarray(result.array(TIER), dtype=np.int64)
    return [(area, tier) for area in areas for tier in tiers], codes
