"""A scenario month by month, beside its base: the register over its years, and the value of a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from microsim.outcome import Outcome
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.within_year import Stretch, stretches_of
from microsim.studies.months.job import JobValue, refuse_job, value_of_job
from microsim.studies.months.situation import RESOURCES
from microsim.studies.months.study import TWELVE, Months, Period, follow_months
from microsim.studies.projection.study import households_over

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
WAGES = (6000.0, 12000.0, 24000.0)  # yuan a year
BASE, REFORM = "base", "reform"


@dataclass(frozen=True, eq=False, repr=False)
class Followed(Outcome):
    """A scenario month by month: its register, the value of a job in it, and the same of its base.

    ``policy`` and ``population`` are those of the first month.
    """

    scenario: Scenario
    register: Months
    job: JobValue
    policy: Policy
    population: Population
    base: Followed | None = None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The rules that the study asks of the law."""
        return (*account_of(self.policy).outputs, RESOURCES)

    @property
    def sides(self) -> dict[str, Followed]:
        """``base`` and ``reform``; a scenario without a base is its own."""
        return {BASE: self} if self.base is None else {BASE: self.base, REFORM: self}

    @property
    def table(self) -> pd.DataFrame:
        """As :class:`Months`, with the column ``scenario`` in front: ``base`` and ``reform``."""
        return self._both("register")

    @property
    def job_table(self) -> pd.DataFrame:
        """As :class:`JobValue`, with the column ``scenario`` in front."""
        return self._both("job")

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``months.2021.cost.dibao`` and ``job.24000.kept.months``; those of a base begin with ``base.``."""
        own = {f"months.{name}": said for name, said in self.register.summary.items()} | self.job.summary
        if self.base is None:
            return own
        return own | {f"base.{name}": said for name, said in self.base.summary.items()}

    @property
    def headline(self) -> str:
        """What the register and the job say."""
        return f"{self.register.headline}; {self.job.headline}"

    def _both(self, part: str) -> pd.DataFrame:
        import pandas as pd

        tables = []
        for name, side in self.sides.items():
            table = getattr(side, part).table.copy()
            table.insert(0, "scenario", name)
            tables.append(table)
        both: pd.DataFrame = pd.concat(tables, ignore_index=True)
        return both


def follow_scenario(
    scenario: Scenario,
    *,
    wages: Sequence[float] = WAGES,
    months: int = TWELVE * 2,
    seed: int = 1,
    progress: Progress = lambda text: None,
) -> Followed:
    """Follow a scenario month by month over its years (or that of its law), and its base if it has one.

    Every year has its law (a change in a month counts from the next one on, since dibao is paid by the month)
    and the households that ``microsim project`` has in it. ``wages``: those of the job, yuan a year, whose
    value is worked out over ``months`` under the law and with the incomes of the first month.

    Raises ``MicrosimError`` with every offence; ``budget:`` is refused.
    """
    scenario.refuse_budget("the study by month")
    refuse_job(wages, months)
    base = None
    if scenario.base is not None:  # one beside the other: what the base itself departs from is not shown
        below = replace(scenario.base, base=None)
        base = follow_scenario(below, wages=wages, months=months, seed=seed, progress=progress)
    given = scenario.population_as_given()
    periods = periods_of(scenario, given, seed)
    first = next(periods)
    progress(f"{scenario.name}: months")
    office = scenario.administration
    register = follow_months(chain([first], periods), administration=office, seed=seed)
    progress(f"{scenario.name}: a job")
    job = value_of_job(first.population, first.policy, wages, months=months, administration=office, seed=seed)
    return Followed(scenario, register, job, first.policy, first.population, base)


def periods_of(scenario: Scenario, given: Population, seed: int) -> Iterator[Period]:
    """The months of a scenario's years in stretches of one law, on its households as ``given``.

    Over years the households are those of ``microsim project``: incomes grow, change places and are struck as
    ``economy:`` says.
    """
    if scenario.years is None:
        yield from _year(scenario, scenario.year, scenario.carried(given), scenario.policy())
        return
    first, last = scenario.years
    policy = scenario.policy(first)
    households, _ = households_over(given, policy, scenario.economy, first, seed, scenario.profile)
    for year in range(first, last + 1):
        yield from _year(scenario, year, households.of(year)[0], scenario.policy(year))


def _year(scenario: Scenario, year: int, population: Population, here: Policy) -> Iterator[Period]:
    for months, policy in _months_of(stretches_of(scenario, here)):
        yield Period(year, population, policy, months)


def _months_of(stretches: Sequence[Stretch]) -> Iterator[tuple[range, Policy]]:
    """The months that begin in each stretch of a year."""
    starts = [1 if k == 0 else _first_month(one.since) for k, one in enumerate(stretches)]
    for start, end, one in zip(starts, [*starts[1:], TWELVE + 1], stretches, strict=True):
        if start < end:
            yield range(start, end), one.policy


def _first_month(day: dt.date) -> int:
    """The month that is the first to be paid under a law in force from ``day`` on."""
    return day.month + (day.day > 1)
