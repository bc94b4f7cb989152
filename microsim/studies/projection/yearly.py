"""Year after year: each law on the households of the year, and what it leaves for the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.drivers import threads_in_use
from microsim.simulation import simulate
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.within_year import Stretch, parts_of
from microsim.studies.projection.asked import FLOWS, VULNERABLE
from microsim.studies.projection.figures import (
    Lines,
    areas_of,
    figures_of,
    lines_of,
    poor_persons,
    price_index,
)
from microsim.studies.projection.flows import POOR, Flows, Year
from microsim.studies.projection.households import LAST_YEAR, Households
from microsim.studies.projection.places import incomes_of, kinds_of
from microsim.studies.projection.vulnerability import vulnerable

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import County, Population

    LawOf = Callable[[int], tuple[Policy, Sequence[Stretch]]]

Flags = NDArray[np.bool_]
ON_DIBAO = "dibao_eligible"  # the household rule: the whole household is on dibao
Row = tuple[int, str, str, str, float, str]  # year, measure, subject, group, value, unit


@dataclass(frozen=True, eq=False)
class Statuses:
    """Who is what in a year, under one law.

    ``received``: programme -> flags of persons who receive it; ``on_dibao``: households on dibao as a whole;
    ``on_dibao_before``: what the law took for the households on it last year (None: the data's own column).
    """

    received: Mapping[str, Flags]
    on_dibao: Flags | None
    on_dibao_before: Flags | None


@dataclass(eq=False)
class Run:
    """One law over the years, and what it found so far."""

    law: LawOf
    rows: list[Row] = field(default_factory=list)
    policies: dict[int, Policy] = field(default_factory=dict)
    statuses: dict[int, Statuses] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    flows: Flows | None = None
    on_dibao: Flags | None = None
    reads: dict[object, bool] = field(default_factory=dict)  # set of rules -> whether last year matters

    def add(
        self,
        households: Households,
        population: Population,
        year: int,
        revenue: float | None,
        outputs: Collection[str],
        threads: int | None,
    ) -> Lines:
        """The figures of one more year. Returns its poverty lines."""
        policy, stretches = self.law(year)
        wanted = baseline_outputs(policy)
        self.asked = (*wanted, *(one for one in (ON_DIBAO,) if one in policy.rules and one not in wanted))
        if policy.book not in self.reads:
            self.reads[policy.book] = LAST_YEAR in policy.needs(self.asked).columns
        carried = households.economy.outlook.review and self.reads[policy.book]
        before = self.on_dibao if carried else None
        here = households.with_status(population, before, year)
        account = account_of(policy)
        paid = [p.rule for p in account.payments if policy.rules[p.rule].entity == "household"]
        result = simulate(here, policy, self.asked, totals=paid, warn=False, threads=threads)
        parts = parts_of(here, stretches, result, baseline_outputs)
        economy, first = households.economy, households.first
        lines = lines_of(result, economy, first, year)
        figures = figures_of(result, parts, outputs, revenue, lines, price_index(economy, first, year))
        self.rows += [(year, *row) for row in figures]
        received = {
            name: np.array(result.array(rule), dtype=bool) for name, rule in account.recipients.items()
        }
        if FLOWS in outputs:
            self.flows = self.flows or Flows.of(population)
            poor = poor_persons(result, lines)
            is_in = received if poor is None else {**received, POOR: poor}
            self.rows += [(year, *row) for row in self.flows.add(Year(is_in, np.asarray(here.weight)))]
        self.on_dibao = np.array(result.array(ON_DIBAO), dtype=bool) if ON_DIBAO in self.asked else None
        self.policies[year] = policy
        self.statuses[year] = Statuses(received, self.on_dibao, before)
        return lines


def run_years(
    households: Households,
    runs: Mapping[str, Run],
    years: Sequence[int],
    county: County | None,
    outputs: Collection[str],
    threads: int | None,
    progress: Callable[[str], None],
) -> pd.DataFrame:
    """Every law over the years. Returns how the margins of each year are met."""
    import pandas as pd

    fits = []
    for year in years:
        progress(f"{year}")
        population, report = households.of(year)
        if report is not None:
            fits.append(report.table.assign(year=year))
        revenue = None if county is None else households.economy.revenue(county, year)
        looked: dict[tuple[tuple[str, float], ...], list[Row]] = {}
        found = _added(list(runs.values()), households, population, year, revenue, outputs, threads)
        for run, lines in zip(runs.values(), found, strict=True):
            if VULNERABLE in outputs:
                line = tuple(lines.get("national", {}).items())
                if line not in looked:
                    looked[line] = vulnerable_persons(households, population, lines, year)
                run.rows += looked[line]
    columns = ["year", "control", "target", "before", "after", "miss"]
    return pd.concat(fits, ignore_index=True)[columns] if fits else pd.DataFrame(columns=columns)


def _added(
    runs: Sequence[Run],
    households: Households,
    population: Population,
    year: int,
    revenue: float | None,
    outputs: Collection[str],
    threads: int | None,
) -> list[Lines]:
    """One more year under each law; with several, each law in a thread of its own, with the same bits.

    The first law goes alone: what it compiles, the others use.
    """

    def add(run: Run, inside: int | None) -> Lines:
        return run.add(households, population, year, revenue, outputs, inside)

    first = add(runs[0], threads)
    count = threads_in_use(threads)
    if len(runs) == 1 or count == 1:
        return [first, *(add(run, threads) for run in runs[1:])]
    with ThreadPoolExecutor(count) as pool:
        return [first, *pool.map(lambda run: add(run, 1), runs[1:])]


def vulnerable_persons(households: Households, population: Population, lines: Lines, year: int) -> list[Row]:
    """Share of persons with more than the chance asked about of income below the line."""
    said = households.economy.outlook
    national = lines.get("national")
    if not national:
        return []
    incomes = incomes_of(population)
    codes, names = population.household_columns["area"], population.categories["area"]
    line = np.array([national[area] for area in names])[codes]
    kinds = kinds_of(population, incomes)
    found = vulnerable(incomes, kinds, line, households.places, said.within, said.chance)
    rows: list[Row] = []
    for group, mask in areas_of(population):
        whole = float(incomes.persons[mask].sum())
        if whole > 0.0:
            share = float(incomes.persons[mask & found].sum()) / whole
            rows.append((year, "vulnerable", "national", group, share, "1"))
    return rows
