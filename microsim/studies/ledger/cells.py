"""Every payment of a run by area and tier of the household, and who receives the programme there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.studies.common.expenditure import COUNTY, Account
from microsim.studies.common.outputs import TIER

if TYPE_CHECKING:
    from microsim.simulation import Result

Floats = NDArray[np.float64]


class Cell(NamedTuple):
    """What one payer class pays of a programme to the households of an area and tier, yuan a year.

    ``cost`` is in ``cost.total`` of a run; ``within`` are wages and dividends, which market income holds
    already. ``caseload`` counts the programme's recipients there; NaN where the law does not say who is one.
    """

    programme: str
    area: str
    tier: str
    payer: str
    cost: float
    within: float
    caseload: float


def cells(result: Result, account: Account) -> Iterator[Cell]:
    """The cells of a run in which anything is paid or received, by programme, area, tier and payer."""
    groups, codes = _groups(result)
    weight = np.asarray(result.population.weight, dtype=float)

    def added(values: NDArray[Any]) -> Floats:
        sums: Floats = np.bincount(codes, weights=weight * values, minlength=len(groups)).astype(np.float64)
        return sums

    for programme in dict.fromkeys(p.programme for p in account.payments):
        of = [p for p in account.payments if p.programme == programme]
        caseload = np.full(len(groups), np.nan)
        if programme in account.recipients:
            received = result.array(account.recipients[programme]).astype(np.float64)
            caseload = added(np.add.reduceat(received, result.population.offsets[:-1]))
        for payer in dict.fromkeys(p.source.payer for p in of):
            sums = [np.zeros(len(groups)), np.zeros(len(groups))]
            for payment in of:
                if payment.source.payer == payer:
                    sums[not payment.counts] += added(result.array(payment.rule))
            for k, (area, tier) in enumerate(groups):
                if sums[0][k] or sums[1][k] or caseload[k] > 0:
                    yield Cell(
                        programme, area, tier, payer, float(sums[0][k]), float(sums[1][k]), float(caseload[k])
                    )


def _groups(result: Result) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
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
