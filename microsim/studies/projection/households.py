"""The households of each year of a projection: the same rows, with that year's incomes and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams
from microsim.scenario.economy import POSTS, WAGES, Economy
from microsim.scenario.uprating import Uprating, uprated
from microsim.studies.projection.margins import Margin, margins_of, reweighted
from microsim.studies.projection.places import MARKET, Places, incomes_of, kinds_of, on_wages
from microsim.studies.projection.rank_growth import factors_by_rank, relative_growth

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.population.calibration.calibrate import CalibrationReport

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LAST_YEAR, SINCE_RISE = "dibao_last_year", "months_since_income_rose"
_WITH_WAGES = ("workshop_wage",)  # parts of a moved column
# What goes with a place: how much of its income the office sees, which depends on the income.
_WITH_PLACE = ("income_visible_share",)
_OF_HOUSEHOLDS = ("collective_dividend_per_head",)


@dataclass(frozen=True, eq=False)
class Households:
    """The county's households in every year.

    ``given``: in the money of ``plan.since``; ``first``: the first year, whose households nothing but the
    growth of money has moved. A year's are made anew each time they are asked for, with the same bits.
    """

    given: Population
    plan: Uprating
    first: int
    places: Places

    @property
    def economy(self) -> Economy:
        return self.plan.economy

    @cached_property
    def margins(self) -> tuple[Margin, ...]:
        """What the weights are to add up to; none where the scenario names no population."""
        said = self.economy.outlook.margins
        return margins_of(self.at_first, said) if said is not None else ()

    @cached_property
    def at_first(self) -> Population:
        """The households of the first year."""
        return uprated(self.given, self.plan, self.first)

    def of(self, year: int) -> tuple[Population, CalibrationReport | None]:
        """The households of ``year``, and how its margins are met.

        In this order: growth of every column, the pay of posts, places in the income order, growth by rank,
        the shock of the year, weights.
        """
        if year == self.first:
            return self.at_first, None
        made = self._posts(uprated(self.given, self.plan, year), year)
        made = self._struck(self._ranked(self._moved(made, year), year), year)
        if not self.margins:
            return made, None
        weights, report = reweighted(self.at_first, self.margins, self.first, year)
        return made.with_columns(households={"weight": weights}), report

    def _posts(self, population: Population, year: int) -> Population:
        """The pay of public posts grows at its own rate where one is stated, in place of that of wages."""
        if not self.economy.states(POSTS):
            return population
        held = population.person_columns["public_post"] > 0
        own = self.economy.grown(POSTS, self.first, year)
        wages = self.economy.factors(WAGES, self.first, year, self.plan.areas)
        factor = np.where(held, own / _by_person(population, wages, self.plan.areas), 1.0)
        wage = population.person_columns["wage_income"] * factor
        return population.with_columns(persons={"wage_income": wage})

    def _moved(self, population: Population, year: int) -> Population:
        """Every household at its place of the year."""
        if self.places.still:
            return population
        incomes = incomes_of(population)
        kinds = kinds_of(population, incomes)
        taken = self.places.taken(population.household_id, incomes, kinds, year)
        stays = taken == np.arange(len(taken))
        market = np.maximum(incomes.per_head[taken] * incomes.size - incomes.fixed, 0.0)
        factor = np.where(stays, 1.0, market / np.where(stays, 1.0, incomes.market))
        seen = {
            name: population.household_columns[name][taken]
            for name in _WITH_PLACE
            if name not in population.defaulted
        }
        return times_market(population, factor).with_columns(households=seen)

    def _ranked(self, population: Population, year: int) -> Population:
        """Incomes of each quintile of an area grown by more or less than the default path."""
        areas = population.categories.get("area", ())
        growth = {
            areas.index(area): relative_growth(self.economy, differences, area, self.first, year)
            for area, differences in self.economy.outlook.by_rank.items()
            if area in areas
        }
        if not growth:
            return population
        codes = population.household_columns["area"].astype(np.int64)
        return times_market(population, factors_by_rank(incomes_of(population), codes, growth))

    def _struck(self, population: Population, year: int) -> Population:
        shock = self.economy.outlook.shocks.get(year)
        if shock is None:
            return population
        columns = population.person_columns
        return population.with_columns(
            persons={name: columns[name] * factor for name, factor in shock.factors.items()}
        )

    def with_status(self, population: Population, on_dibao: Flags | None, year: int) -> Population:
        """:func:`with_status` with the seed of the places; unchanged where ``on_dibao`` is None."""
        return population if on_dibao is None else with_status(population, on_dibao, year, self.places.seed)


def with_status(population: Population, on_dibao: Flags, year: int, seed: int = 1) -> Population:
    """The households with those on dibao last year as ``on_dibao`` says, bool[households].

    The months since their income rose are drawn from 0 to 11 for those of them who have wages.
    """
    columns: dict[str, Any] = {LAST_YEAR: on_dibao}
    if SINCE_RISE not in population.defaulted:
        earns = np.add.reduceat(population.person_columns["wage_income"] > 0.0, population.offsets[:-1]) > 0
        drawn = Streams(seed).uniform(f"months since income rose {year}", population.household_id)
        months = np.floor(12.0 * drawn)
        columns[SINCE_RISE] = np.where(on_dibao & earns, months, 0).astype(np.int64)
    return population.with_columns(households=columns)


def times_market(population: Population, factor: Floats) -> Population:
    """Market incomes of each household times its factor, and the contributions paid on wages."""
    if (factor == 1.0).all():
        return population
    persons, households = population.person_columns, population.household_columns
    each = np.repeat(factor, np.diff(population.offsets))
    moved = [*MARKET, *(name for name in _WITH_WAGES if name not in population.defaulted)]
    columns = {name: persons[name] * each for name in moved}
    paid = persons["social_contributions_paid"]
    columns["social_contributions_paid"] = np.where(on_wages(population), paid * each, paid)
    of_household = {
        name: households[name] * factor for name in _OF_HOUSEHOLDS if name not in population.defaulted
    }
    return population.with_columns(persons=columns, households=of_household)


def _by_person(population: Population, by_area: Mapping[str, float], areas: tuple[str, ...]) -> Floats:
    """The factor of each person's area."""
    if "" in by_area:
        return np.full(population.n_persons, by_area[""])
    codes = population.household_columns["area"]
    return np.repeat(np.array([by_area[area] for area in areas])[codes], np.diff(population.offsets))
