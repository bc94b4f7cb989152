"""Dibao month by month: who is paid, what it costs, who enters and leaves, and how long they wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.scenario.administration.figures import Administration
from microsim.studies.common.within_year import same_law
from microsim.studies.months.register import Register
from microsim.studies.months.situation import Situation, situation_of
from microsim.studies.months.tally import YEAR, Row, Tally, areas_of, figures_of_year

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

COLUMNS = ("year", "month", "measure", "subject", "group", "value", "unit")
TWELVE = 12


@dataclass(frozen=True)
class Period:
    """Months of a year (all of them, or some in a row) under one law and in one set of circumstances."""

    year: int
    population: Population
    policy: Policy
    months: Sequence[int] = range(1, TWELVE + 1)


@dataclass(frozen=True, eq=False, repr=False)
class Months(Outcome):
    """Dibao month by month.

    ``table`` is tidy: year, month (0: the whole year), measure, subject, group, value, unit. By month:
    ``cost`` of dibao (yuan/month), ``caseload`` (recipients), ``unpaid_need`` (members of households that are
    due and not paid), ``paid_above_line`` (recipients whose households are not due any more), ``households``
    by status at its beginning, and ``flow`` (households that were admitted, refused, reviewed out, put in
    gradual exit, ... in it). By year: ``cost`` by programme in cash and in kind, ``person_months``,
    ``flow``, ``months_to_first_payment``, ``ended_spell`` (months, of spells that began during the study) and
    ``relapse`` (share of entries within twelve months of an exit). ``register`` is that after the last month.
    """

    table: pd.DataFrame
    administration: Administration
    seed: int
    register: Register
    tallies: tuple[Tally, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that were followed."""
        return tuple(dict.fromkeys(tally.year for tally in self.tallies))

    @cached_property
    def values(self) -> dict[tuple[int, int, str], float]:
        """(year, month, ``caseload.dibao.rural``) -> value; month 0 is the year."""
        columns = self.table[["year", "month", "measure", "subject", "group", "value"]]
        return {
            (year, month, flat_name(measure, subject, group)): value
            for year, month, measure, subject, group, value in columns.itertuples(index=False, name=None)
        }

    def last_month(self, year: int) -> int:
        """The last month of a year that was followed."""
        return max(tally.months[-1] for tally in self.tallies if tally.year == year)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``2021.cost.dibao.rural`` -> value and unit, of years; ``2021.12.caseload.dibao`` of their ends."""
        ends = {(year, self.last_month(year)) for year in self.years} | {(year, YEAR) for year in self.years}
        return {
            flat_name(str(year), str(month) if month else "", measure, subject, group): {
                "value": value,
                "unit": unit,
            }
            for year, month, measure, subject, group, value, unit in self.table.itertuples(
                index=False, name=None
            )
            if (year, month) in ends
        }

    @property
    def headline(self) -> str:
        """Recipients in the first and the last month, and what the last year costs."""
        first, last = self.years[0], self.years[-1]
        begin = self.values[first, self.tallies[0].months[0], "caseload.dibao"]
        end = self.values[last, self.last_month(last), "caseload.dibao"]
        cost = worded(self.values[last, YEAR, "cost.dibao"], "yuan")
        return (
            f"{begin:,.0f} recipients of dibao in the first month, {end:,.0f} in the last; "
            f"dibao in {last}: {cost}"
        )


def follow_months(
    periods: Iterable[Period],
    *,
    administration: Mapping[str, Any] | Administration | None = None,
    seed: int = 1,
) -> Months:
    """Follow a county's dibao register through ``periods``, month by month.

    The rules say what a household gets in dibao, outside of it and in gradual exit; the register says in
    which month it is where. Households are the same rows in every period. At the start those that are due are
    in, each at a random month between two reviews. Between reviews a household is paid what was last worked
    out for it; a new law works out all anew, and reviews nobody. What is paid in a month is a twelfth of the
    yearly amount. Draws depend on ``seed``, household and month alone.

    Raises ``InputError`` with every offence in ``administration``, where there is no period, and where the
    households of two periods are not the same.
    """
    office = Administration.of(administration)
    register: Register | None = None
    situation: Situation | None = None
    before: Period | None = None
    tallies: list[Tally] = []
    for period in periods:
        if situation is None or before is None or register is None:
            situation = situation_of(period.population, period.policy)
            register = Register.begin(np.asarray(period.population.household_id), situation, office, seed)
        else:
            _refuse_others(before, period)
            new_law = not same_law(period.policy, before.policy)
            if new_law or period.population is not before.population:
                situation = situation_of(period.population, period.policy, register.work)
                register.meet(situation)
            if new_law:
                register.regrant(situation)
        tally = _tally(period, situation)
        if before is not None:
            tally.reweight(period.months[0], register, np.asarray(before.population.weight))
        for month in period.months:
            tally.pay(month, register)
            tally.move(month, register.turn(situation), register)
        tallies.append(tally)
        before = period
    if register is None:
        raise InputError(Offence("no period is given", "periods", "[Period(2021, population, policy)]"))
    rows: list[Row] = []
    for year, of_year in groupby(tallies, key=lambda tally: tally.year):
        these = list(of_year)
        rows += [row for tally in these for row in tally.rows]
        rows += figures_of_year(year, these)
    import pandas as pd

    return Months(pd.DataFrame(rows, columns=list(COLUMNS)), office, seed, register, tuple(tallies))


def _tally(period: Period, situation: Situation) -> Tally:
    population = period.population
    has = "area" in population.household_columns
    names = population.categories.get("area", ()) if has else ()
    codes = np.asarray(population.household_columns["area"]).astype(np.intp) if names else None
    areas = areas_of(situation, tuple(names), codes)
    return Tally(period.year, tuple(period.months), situation, areas)


def _refuse_others(before: Period, period: Period) -> None:
    if not np.array_equal(before.population.household_id, period.population.household_id):
        message = f"the households of {period.year} are not those of {before.year}"
        raise InputError(Offence(message, "periods", "take the same rows, reweighted or with other incomes"))
