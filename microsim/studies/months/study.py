"""Dibao month by month: who is paid, what it costs, who enters and leaves, and how long they wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.studies.common.within_year import same_law
from microsim.studies.months.administration import Administration
from microsim.studies.months.register import Register
from microsim.studies.months.situation import Situation, situation_of
from microsim.studies.months.tally import YEAR, Row, Tally, areas_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

COLUMNS = ("year", "month", "measure", "subject", "group", "value", "unit")
TWELVE = 12


@dataclass(frozen=True)
class Period:
    """A stretch of months under one law and in one set of circumstances; ``year`` names it."""

    year: int
    population: Population
    policy: Policy
    months: int = TWELVE


@dataclass(frozen=True, eq=False, repr=False)
class Months(Outcome):
    """Dibao month by month.

    ``table`` is tidy: year, month (0: the whole year), measure, subject, group, value, unit. By month:
    ``cost`` of dibao (yuan/month), ``caseload`` (recipients), ``unpaid_need`` (members of households that are
    due and not paid), ``paid_above_line`` (recipients whose households are not due any more), ``households``
    by status, and ``flow`` (households that were admitted, refused, reviewed out, put on their way out ...).
    By year: ``cost`` by programme in cash and in kind, ``person_months``, ``months_to_first_payment``,
    ``ended_spell`` (months, of spells that began during the study) and ``relapse`` (share of entries within
    twelve months of an exit). ``registers`` is the register after the last month.
    """

    table: pd.DataFrame
    administration: Administration
    seed: int
    register: Register
    tallies: tuple[Tally, ...]

    @cached_property
    def values(self) -> dict[tuple[int, int, str], float]:
        """(year, month, ``caseload.dibao.rural``) -> value; month 0 is the year."""
        return {
            (year, month, flat_name(measure, subject, group)): value
            for year, month, measure, subject, group, value, _ in self.table.itertuples(index=False, name=None)
        }

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``2021.cost.dibao.rural`` -> value and unit, of years; ``2021.12.caseload.dibao`` of their ends."""
        last = self.table.groupby("year")["month"].transform("max")
        chosen = self.table[(self.table["month"] == YEAR) | (self.table["month"] == last)]
        return {
            f"{year}.{f'{month}.' if month else ''}{flat_name(measure, subject, group)}": {"value": value, "unit": unit}
            for year, month, measure, subject, group, value, unit in chosen.itertuples(index=False, name=None)
        }

    @property
    def headline(self) -> str:
        """Recipients in the first and the last month, and what the last year costs."""
        first, last = self.tallies[0], self.tallies[-1]
        end = max(month for year, month, _ in self.values if year == last.year)
        begin, final = (
            self.values[year, month, "caseload.dibao"] for year, month in ((first.year, 1), (last.year, end))
        )
        cost = worded(self.values[last.year, YEAR, "cost.dibao"], "yuan")
        return f"{begin:,.0f} recipients of dibao in the first month, {final:,.0f} in the last; dibao in {last.year}: {cost}"


def months(
    periods: Iterable[Period],
    *,
    administration: Mapping[str, Any] | Administration | None = None,
    seed: int = 1,
) -> Months:
    """Follow a county's dibao register through ``periods``, month by month.

    The kernel says what a household gets in dibao, outside of it and on its way out; the register says in
    which month it is where. Households are the same rows in every period. At the start those that are due are
    in, each at a random month between two reviews. Between reviews a household is paid what was last worked
    out for it; a new law works out all anew, and reviews nobody. What is paid in a month is a twelfth of the
    yearly amount. Draws depend on ``seed``, household and month alone.

    Raises ``InputError`` with every offence in ``administration``, and where the households of two periods
    are not the same.
    """
    office = Administration.of(administration)
    register: Register | None = None
    tallies, rows = [], list[Row]()
    before: Period | None = None
    situation: Situation | None = None
    for period in periods:
        if situation is None or before is None or register is None:
            situation = situation_of(period.population, period.policy)
            register = Register.begin(np.asarray(period.population.household_id), situation, office, seed)
        elif period.population is not before.population or not same_law(period.policy, before.policy):
            _refuse_others(before, period)
            situation = situation_of(period.population, period.policy, register.work)
            register.meet(situation)
            if not same_law(period.policy, before.policy):
                register.regrant(situation)
        tally = _tally(period, situation)
        for month in range(1, period.months + 1):
            tally.pay(month, register)
            tally.move(month, register.turn(situation), register)
        tallies.append(tally)
        rows += [*tally.rows, *tally.figures()]
        before = period
    if register is None:
        raise InputError(Offence("no period is given", "periods", "[Period(2021, population, policy)]"))
    import pandas as pd

    return Months(pd.DataFrame(rows, columns=list(COLUMNS)), office, seed, register, tuple(tallies))


def _tally(period: Period, situation: Situation) -> Tally:
    population = period.population
    has = "area" in population.household_columns
    names = population.categories.get("area", ()) if has else ()
    codes = np.asarray(population.household_columns["area"]).astype(np.intp) if names else None
    return Tally(period.year, situation, areas_of(situation, tuple(names), codes))


def _refuse_others(before: Period, period: Period) -> None:
    if not np.array_equal(before.population.household_id, period.population.household_id):
        message = f"the households of {period.year} are not those of {before.year}"
        raise InputError(Offence(message, "periods", "take the same rows, reweighted or with other incomes"))


def yearly(years: Iterable[int], population: Population, policy: Policy) -> Iterator[Period]:
    """The same households under the same law, year after year."""
    for year in years:
        yield Period(year, population, policy)
