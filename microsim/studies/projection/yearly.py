"""Year after year: each law on the households of the year, and what it leaves for the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.drivers import threads_in_use
from microsim.simulation import Result, simulate
from microsim.studies.common.benefits import parts
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
T = TypeVar("T")
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
        spare: list[Result],
        threads: int | None,
    ) -> Lines:
        """The figures of one more year. Returns its poverty lines.

        ``spare``: results that are no longer needed, whose memory is written again; this year's is put there.
        """
        policy, stretches = self.law(year)
        wanted = baseline_outputs(policy)
        self.asked = (*wanted, *(one for one in (ON_DIBAO,) if one in policy.rules and one not in wanted))
        if policy.book not in self.reads:
            self.reads[policy.book] = LAST_YEAR in policy.needs(self.asked).columns
        carried = households.economy.outlook.review and self.reads[policy.book]
        before = self.on_dibao if carried else None
        here = households.with_status(population, before, year)
        account = account_of(policy)
        summed = [*(p.rule for p in account.payments), *parts(policy)]
        totals = [
            "household_size",
            *(one for one in dict.fromkeys(summed) if policy.rules[one].entity == "household"),
        ]
        old = spare.pop() if spare else None
        result = simulate(here, policy, self.asked, totals=totals, reuse=old, warn=False, threads=threads)
        of_year = parts_of(here, stretches, result, baseline_outputs)
        economy, first = households.economy, households.first
        lines = lines_of(result, economy, first, year)
        figures = figures_of(result, of_year, outputs, revenue, lines, price_index(economy, first, year))
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
        spare.append(result)
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

    count = threads_in_use(threads)
    pool = ThreadPoolExecutor(count) if count > 1 else None
    fits, spare = [], list[Result]()

    def add(run: Run, year: int, population: Population, inside: int) -> Lines:
        return run.add(households, population, year, revenue_of(year), outputs, spare, inside)

    def revenue_of(year: int) -> float | None:
        return None if county is None else households.economy.revenue(county, year)

    try:
        coming = _later(pool, partial(households.of, years[0]))
        for k, year in enumerate(years):
            progress(f"{year}")
            population, report = coming()
            if report is not None:
                fits.append(report.table.assign(year=year))
            if k + 1 < len(years):
                coming = _later(pool, partial(households.of, years[k + 1]))
            each = list(runs.values())
            _one_year(each, households, population, year, outputs, add, pool, count, alone=k == 0)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    columns = ["year", "control", "target", "before", "after", "miss"]
    return pd.concat(fits, ignore_index=True)[columns] if fits else pd.DataFrame(columns=columns)


def _one_year(
    runs: Sequence[Run],
    households: Households,
    population: Population,
    year: int,
    outputs: Collection[str],
    add: Callable[[Run, int, Population, int], Lines],
    pool: ThreadPoolExecutor | None,
    threads: int,
    alone: bool,
) -> None:
    """One more year under each law; in threads, each law has its own, with the same bits.

    ``alone``: the first law goes before the others, which use what it compiles.
    """
    inside = threads if len(runs) == 1 else 1
    found: list[Callable[[], Lines]] = []
    if alone:
        lines = add(runs[0], year, population, threads)
        found.append(lambda: lines)
    found += [_later(pool, partial(add, run, year, population, inside)) for run in runs[len(found) :]]
    looked: dict[tuple[tuple[str, float], ...], Callable[[], list[Row]]] = {}
    of_each = []
    for one in found if VULNERABLE in outputs else ():
        lines = one()
        line = tuple(lines.get("national", {}).items())
        if line not in looked:
            looked[line] = _later(pool, partial(vulnerable_persons, households, population, lines, year))
        of_each.append(line)
    for k, (run, one) in enumerate(zip(runs, found, strict=True)):
        one()
        run.rows += looked[of_each[k]]() if of_each else []


def _later(pool: ThreadPoolExecutor | None, work: Callable[[], T]) -> Callable[[], T]:
    """What gives the outcome of ``work``: begun in a thread, or, without threads, when it is asked for."""
    return cache(work) if pool is None else pool.submit(work).result


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
