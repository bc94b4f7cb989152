"""A county year by year under a law: cost, caseload, poverty, and who comes and goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.policy.policy import Policy
from microsim.scenario.economy import INCOMES, Economy, national_incomes
from microsim.scenario.grammar import MONTHS, YEAR_END, WithinYear
from microsim.scenario.outlook.outlook import early_shock
from microsim.scenario.uprating import Uprating, uprating
from microsim.studies.common.within_year import Stretch, sharing, stretches_of, stretches_over
from microsim.studies.projection.asked import (
    FLOWS,
    OUTPUTS,
    VULNERABLE,
    checked_years,
    refuse_lacking,
    settled_places,
)
from microsim.studies.projection.households import Households
from microsim.studies.projection.places import STILL
from microsim.studies.projection.yearly import Run, Statuses, run_years

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import County, Population
    from microsim.scenario import Scenario
    from microsim.studies.projection.asked import Mobility

Progress = Callable[[str], None]
LawOf = Callable[[int], tuple[Policy, Sequence[Stretch]]]
COLUMNS = ("year", "measure", "subject", "group", "value", "unit")


@dataclass(frozen=True, eq=False, repr=False)
class Projection(Outcome):
    """A county in each of some years.

    ``table`` is tidy: year, measure, subject, group, value, unit. Measures: those of a run (``cost``,
    ``caseload``, ``poverty`` and so on; in the first year a run's to the last digit); ``..._constant`` (the
    same money in yuan of the first year); ``mean`` (yuan/year per head: quintiles of income before
    assistance, registered poor, near-poor) and ``mean_gap``; for each programme and for ``poor``: ``stock``,
    ``entries``, ``exits``, ``reweighting`` (persons; stock = stock of the year before + entries - exits +
    reweighting), ``exit_rate``, ``relapse`` (of last year's leavers, who is back), ``spell`` (years in a row
    so far); ``vulnerable`` (share of persons). The empty group is the county.
    """

    table: pd.DataFrame
    years: tuple[int, ...]
    policies: Mapping[int, Policy]
    households: Households
    statuses: Mapping[int, Statuses]
    mobility: Mobility
    county: County | None
    fits: pd.DataFrame  # year, control, target, before, after, miss: how margins are met
    outputs: tuple[str, ...]
    seed: int
    law: dt.date | None  # the day of the law that holds in all years; None: each year has its own

    @property
    def economy(self) -> Economy:
        """What the years rest on."""
        return self.households.economy

    @property
    def uprating(self) -> Uprating:
        """Which columns grow, and how."""
        return self.households.plan

    def population(self, year: int) -> Population:
        """The households of ``year``, as its figures were computed from.

        Raises ``InputError`` for a year that was not projected.
        """
        if year not in self.statuses:
            known = f"{self.years[0]} to {self.years[-1]}"
            raise InputError(Offence(f"{year} was not projected", "year", f"the years are {known}"))
        return self.households.with_status(
            self.households.of(year)[0], self.statuses[year].on_dibao_before, year
        )

    @cached_property
    def values(self) -> dict[tuple[int, str], float]:
        """(year, ``cost.dibao.rural``) -> value."""
        return {
            (year, flat_name(measure, subject, group)): value
            for year, measure, subject, group, value, _ in self.table.itertuples(index=False, name=None)
        }

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``2025.cost.dibao.rural`` -> value and unit; ``persistence``; ``money.2025.incomes.rural``."""
        out: dict[str, dict[str, Any]] = {
            name.replace("money.", f"money.{year}.", 1): said
            for year in self.years
            for name, said in self.uprating.money(year).summary.items()
        }
        out["mobility.persistence"] = {"value": self.mobility.persistence, "unit": "1"}
        for year, measure, subject, group, value, unit in self.table.itertuples(index=False, name=None):
            out[f"{year}.{flat_name(measure, subject, group)}"] = {"value": value, "unit": unit}
        return out

    @property
    def laws(self) -> Mapping[int, dt.date]:
        """The day of the law of each year: the frozen one in all of them, or each year's own."""
        days = {year: self.law or policy.date for year, policy in self.policies.items()}
        return {year: day for year, day in days.items() if day is not None}

    @property
    def last_known_incomes(self) -> int | None:
        """The last year of known national incomes, where the years go beyond it and incomes follow them."""
        last = max(national_incomes())
        follows = not self.economy.held and not self.economy.states(INCOMES)
        return last if follows and self.years[-1] > last else None

    @property
    def headline(self) -> str:
        """Expenditure and recipients of the first and the last year."""
        first, last = self.years[0], self.years[-1]
        said = []
        for name, label, unit in (
            ("cost.total", "expenditure", "yuan/year"),
            ("caseload.dibao", "dibao recipients", "persons"),
        ):
            pair = [self.values.get((year, name)) for year in (first, last)]
            if pair[0] is not None and pair[1] is not None:
                said.append(f"{label} {worded(pair[0], unit)} to {worded(pair[1], unit)}")
        return f"{first} to {last}; {', '.join(said) or 'no figures'}"


def project(
    population: Population,
    policy: Policy,
    economy: Mapping[str, Any] | Literal["none"] | Economy | None,
    years: Sequence[int],
    seed: int = 1,
    *,
    county: County | None = None,
    follow: bool = False,
    within_year: WithinYear = MONTHS,
    outputs: Collection[str] = OUTPUTS,
    threads: int | None = None,
    progress: Progress = lambda text: None,
) -> Projection:
    """A county in each of some years: the same households, with each year's incomes, places and weights.

    Args:
        policy: the law on a day. It is frozen: its rules and values hold in every year, except what its own
            changes date. With ``follow`` each year has its own law.
        economy: as ``economy:`` of a scenario (``docs/projection.md``): growth by source and by rank, shocks,
            mobility, population.
        years: first and last year; the last is at most ten years after the first.
        seed: of the chances that change places.
        county: the profile (left out: the population's own); without one nothing is a share of revenue.
        within_year: as for ``unify``.
        outputs: parts of the figures: caseload, cost, poverty, inequality, hardship, flows, vulnerability.

    In the first year every figure and every household is that of ``simulate``, in bits. Households are never
    born and never end: the population changes by weights alone, and only where ``economy`` says so. Raises
    ``MicrosimError`` with every offence in years, economy and outputs, for columns that are needed, for
    margins that no weights meet and a persistence that cannot be reached.
    """
    paths = {"": policy}
    return project_many(
        population, paths, economy, years, seed, county=county, follow=follow, within_year=within_year,
        outputs=outputs, threads=threads, progress=progress,
    )[""]  # fmt: skip


def project_many(
    population: Population,
    policies: Mapping[str, Policy],
    economy: Mapping[str, Any] | Literal["none"] | Economy | None,
    years: Sequence[int],
    seed: int = 1,
    *,
    county: County | None = None,
    follow: bool = False,
    within_year: WithinYear = MONTHS,
    outputs: Collection[str] = OUTPUTS,
    threads: int | None = None,
    progress: Progress = lambda text: None,
) -> dict[str, Projection]:
    """:func:`project` under several laws, on households that are made once for each year."""
    offences = [
        Offence("the policy has no date", f"policy {name}".strip(), "take one with Policy.load(date)")
        for name, policy in policies.items()
        if policy.date is None
    ]
    if within_year not in (MONTHS, YEAR_END):
        hint = f"'{MONTHS}' or '{YEAR_END}'"
        offences.append(Offence(f"'{within_year}' is no way to count a year", "within_year", hint))
    growth = Economy()
    try:
        growth = Economy.of(economy)
    except InputError as error:
        offences += error.offences
    chosen, wanted = checked_years(years, offences), tuple(outputs)
    for year in sorted(growth.outlook.shocks):
        if chosen and year <= chosen[0]:
            message, hint = early_shock(year, chosen[0])
            offences.append(Offence(message, f"economy.shock.{year}", hint))
    offences += [
        Offence(f"no such output '{one}'", "outputs", f"known: {', '.join(OUTPUTS)}")
        for one in wanted
        if one not in OUTPUTS
    ]
    if offences:
        raise InputError(offences, title="the projection cannot be made")
    bases = {
        name: growth.lines_grown(policy, policy if follow else policy.frozen(), chosen)
        for name, policy in policies.items()
    }
    first = next(iter(policies.values()))
    laws = {name: _law_of(sharing(base, first), first, within_year) for name, base in bases.items()}
    days = {name: None if follow else policy.date for name, policy in policies.items()}
    return projected(
        population, laws, growth, chosen, seed, county or population.county, wanted, days, threads, progress
    )


def _law_of(base: Policy, model: Policy, within_year: WithinYear) -> LawOf:
    """The law of each year; with the compiled functions of ``model`` where the rules are the same."""

    def law(year: int) -> tuple[Policy, Sequence[Stretch]]:
        here = sharing(base.at(dt.date(year, 12, 31)), model)
        return here, stretches_over(base, here, within_year)

    return law


def projected(
    population: Population,
    laws: Mapping[str, LawOf],
    economy: Economy,
    years: tuple[int, ...],
    seed: int,
    county: County | None,
    outputs: tuple[str, ...],
    days: Mapping[str, dt.date | None],
    threads: int | None = None,
    progress: Progress = lambda text: None,
) -> dict[str, Projection]:
    """Every law over the years, on one set of households; arguments are checked already.

    ``days``: the day of each law that holds in all years, or None.
    """
    import pandas as pd

    policy = next(iter(laws.values()))(years[0])[0]
    households, mobility = households_over(population, policy, economy, years[0], seed, county)
    runs = {name: Run(law) for name, law in laws.items()}
    fits = run_years(households, runs, years, county, outputs, threads, progress)
    return {
        name: Projection(
            table=pd.DataFrame(run.rows, columns=list(COLUMNS)),
            years=years,
            policies=run.policies,
            households=households,
            statuses=run.statuses,
            mobility=mobility,
            county=county,
            fits=fits,
            outputs=run.asked,
            seed=seed,
            law=days[name],
        )
        for name, run in runs.items()
    }


def households_over(
    population: Population, policy: Policy, economy: Economy, first: int, seed: int, county: County | None
) -> tuple[Households, Mobility]:
    """The households of every year from ``first`` on, and how far they change places.

    ``policy`` says which columns are money. Raises ``InputError`` for columns that the economy needs and a
    persistence that cannot be reached.
    """
    from microsim.population.population import OpenedPopulation

    if isinstance(population, OpenedPopulation):
        population = population.read_all()
    growth = replace(economy, beyond=True)
    plan = uprating(population, policy, growth)
    plan = plan if plan.since is not None else replace(plan, since=first)
    refuse_lacking(population, growth)
    households = Households(population, plan, first, STILL)
    mobility, places = settled_places(households.at_first, growth, county, seed, first)
    return replace(households, places=places), mobility


def project_scenario(scenario: Scenario, progress: Progress = lambda text: None, seed: int = 1) -> Projection:
    """The projection of a scenario file over its ``years:``.

    Raises ``InputError`` with every offence, at its place in the file.
    """
    scenario.refuse_budget("the projection")
    if scenario.years is None:
        hint = "add the first and last year: years: [2021, 2030]"
        raise InputError(
            Offence("'years' is missing", scenario.place("county"), hint),
            title=f"{scenario.path.name} has no years to project",
        )
    offences: list[Offence] = []
    years = checked_years(scenario.years, offences)
    if offences:
        placed = [Offence(one.message, scenario.place("years"), one.hint) for one in offences]
        raise InputError(placed, title=f"{scenario.path.name} cannot be projected")
    progress("reading the county")

    def law(year: int) -> tuple[Policy, Sequence[Stretch]]:
        here = scenario.policy(year)
        return here, stretches_of(scenario, here)

    outputs = (*(one for one in scenario.outputs if one in OUTPUTS), FLOWS, VULNERABLE)
    population = scenario.population_as_given()
    day = {"": None if scenario.law.follow else scenario.law.date}
    try:
        return projected(
            population, {"": law}, scenario.economy, years, seed, scenario.profile, outputs, day,
            progress=progress,
        )[""]  # fmt: skip
    except InputError as error:
        raise _placed(scenario, error) from None


def _placed(scenario: Scenario, error: InputError) -> InputError:
    """Offences of ``economy.mobility`` and the like at their lines in the file."""
    found = []
    for one in error.offences:
        key, _, rest = one.place.partition(" ")
        place = scenario.place(*key.split(".")) if key.startswith("economy") else one.place
        found.append(Offence(f"{rest}: {one.message}" if rest else one.message, place, one.hint))
    return InputError(found, error.title)
