"""A county in a mixture of two years: the law of one, the practice, incomes and people of either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.policy.reform import as_change
from microsim.population.synthesis.seen import FIGURE as SEEN
from microsim.scenario.economy import EVERYWHERE, Economy
from microsim.scenario.economy import INCOMES as INCOME_GROWTH
from microsim.studies.common.baseline import add_figures
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.poverty import add_poverty, poverty_lines
from microsim.studies.common.remade import not_made_anew, seen_anew, under, with_figures
from microsim.studies.common.within_year import Stretch, parts_of, stretches_of
from microsim.studies.effects.prices import INCOMES, NOMINAL, Index, in_money
from microsim.studies.effects.shares import Corner

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County, Population, SeenAnew
    from microsim.scenario import Scenario
    from microsim.scenario.model import Member
    from microsim.simulation import Result

LAW, PRACTICE, MONEY, PEOPLE = "law", "practice", "incomes", "population"
FACTORS = (LAW, PRACTICE, MONEY, PEOPLE)  # in the order in which they are shown
# What offices do without a document that says so; amounts that are set (lines, top-ups, bands) are law.
HABITS = (
    "take_up",
    "means_test.income_seen",
    "dibao.discretion_share",
    "dibao.discretion_multiple",
    "dibao.individual_entry_share",
)
FIGURES = ("caseload", "cost", "inequality")

Side = bool  # whether a part is that of the other year


@dataclass(frozen=True, eq=False)
class Mixtures:
    """Two scenarios whose parts can be exchanged.

    ``growth`` carries incomes between their years where they are of different counties; ``habits`` names the
    parameters of practice, or beginnings of their names; ``wanted`` the figures, as in ``outputs:``.
    ``assumed`` replaces figures of either county's profile, by dotted name (:meth:`under`).
    """

    base: Scenario
    other: Scenario
    growth: Economy
    habits: tuple[str, ...]
    wanted: tuple[str, ...]
    assumed: tuple[Mapping[str, float], Mapping[str, float]] = ({}, {})

    def under(self, base: Member | None, other: Member | None) -> Mixtures:
        """The mixtures under a set of each county's ensemble, or of that of one of them.

        Raises ``MicrosimError`` where a county with a set cannot be made anew.
        """
        members = (base, other)
        sides = [
            self.side(k) if one is None else self.side(k).under(one)
            for k, one in zip((False, True), members, strict=True)
        ]
        for k, one in zip((False, True), members, strict=True):
            if one is not None and self._remade[k] is None:
                raise not_made_anew(self.side(k))
        assumed: list[Mapping[str, float]] = [{} if one is None else one.county for one in members]
        found = replace(self, base=sides[0], other=sides[1], assumed=(assumed[0], assumed[1]))
        found.__dict__["_remade"] = self._remade
        return found

    def profile(self, other: Side) -> County | None:
        """The profile of one of the two counties, with what is assumed of it."""
        county, figures = self.side(other).profile, self.assumed[other]
        return with_figures(county, figures) if county is not None and figures else county

    @property
    def same_county(self) -> bool:
        """Whether both are of one county: then its households are the same, in the money of two years."""
        return self.base.county_path == self.other.county_path

    def side(self, other: Side) -> Scenario:
        """One of the two scenarios."""
        return self.other if other else self.base

    @cached_property
    def policies(self) -> tuple[Policy, Policy]:
        """The law of both on their days."""
        return self.base.policy(), self.other.policy()

    @cached_property
    def stretches(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
        """The laws of both years."""
        return (
            stretches_of(self.base, self.policies[0]),
            stretches_of(self.other, self.policies[1]),
        )

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """The factors in which the two differ."""
        differ = {
            LAW: not self._same_law,
            PRACTICE: bool(self._habits_that_differ) or self.practice_in_data,
            MONEY: set(self.income_factors.values()) != {1.0},
            PEOPLE: not self.same_county,
        }
        return tuple(name for name in FACTORS if differ[name])

    @cached_property
    def income_factors(self) -> Mapping[str, float]:
        """What incomes of the base are multiplied by to be in the money of the other, by area."""
        if self.same_county:
            before, after = (self.side(k).money(self.people[k]) for k in (False, True))
            grown = before.areas or (EVERYWHERE,)
            return {area: after.factor(area) / before.factor(area) for area in grown}
        areas = self._areas
        found = self.growth.factors(INCOME_GROWTH, *self._years, areas)
        return {area: found.get(area, found.get(EVERYWHERE, 1.0)) for area in areas or (EVERYWHERE,)}

    @cached_property
    def practice_in_data(self) -> bool:
        """Whether the counties' data differ in how much income the office sees, and can be made anew so."""
        return self._sees_differently and None not in (*self._seen, *self._remade)

    @cached_property
    def inseparable(self) -> bool:
        """Whether practice that is in the data of either county had to stay with its people."""
        return self._sees_differently and not self.practice_in_data

    @cached_property
    def _seen(self) -> tuple[Any, Any]:
        """How much income the office sees in both counties, as far as their profiles say."""
        profiles = (self.profile(False), self.profile(True))
        one, two = (None if county is None else county.get(SEEN) for county in profiles)
        return one, two

    @property
    def _sees_differently(self) -> bool:
        return not self.same_county and self._seen[0] != self._seen[1]

    def law_index(self, index: Index) -> Mapping[str, float]:
        """What amounts of the base's law are multiplied by to be in the other's money, by area and ``""``."""
        areas = [area for area in self.income_factors if area != EVERYWHERE]
        if index.name == NOMINAL:
            return dict.fromkeys([EVERYWHERE, *areas], 1.0)
        if index.name != INCOMES:
            first, second = self._money_years
            return dict.fromkeys([EVERYWHERE, *areas], (1.0 + index.rate) ** (second - first))
        grown = set(self.income_factors.values())
        if len(grown) == 1:
            return dict.fromkeys([EVERYWHERE, *areas], grown.pop())
        people = self.people[False]
        sizes = np.diff(people.offsets) * np.asarray(people.weight)
        codes = people.household_columns["area"]
        persons = [float(sizes[codes == people.categories["area"].index(area)].sum()) for area in areas]
        shares = [n * self.income_factors[area] for n, area in zip(persons, areas, strict=True)]
        return {EVERYWHERE: sum(shares) / sum(persons), **{a: self.income_factors[a] for a in areas}}

    def figures(self, corner: Corner, index: Index) -> Indicators:
        """The figures of a mixture; ``corner`` names the factors that are those of the other year."""
        from microsim.simulation import simulate

        law, practice, money, people = (name in corner for name in FACTORS)
        population = self._population(people, money, practice)
        own = self.policies[law]
        laws = [(one, self._law(one.policy, law, practice, money, index)) for one in self.stretches[law]]
        here = next(policy for one, policy in laws if one.policy is own)
        result = simulate(population, here, baseline_outputs(here), warn=False)
        stretches = [Stretch(one.since, one.share, policy) for one, policy in laws]
        parts = parts_of(population, stretches, result, baseline_outputs)
        found = Indicators({})
        wanted = [name for name in self.wanted if name in FIGURES]
        add_figures(found, result, wanted, None, parts)
        if "poverty" in self.wanted:
            add_poverty(found, result, self._lines(money, result))
        return found

    def _lines(self, money: Side, result: Result) -> dict[str, dict[str, float]]:
        """Poverty lines belong to the money they are in: the base's for incomes of the base."""
        population: Population = result.population  # type: ignore[assignment]
        return poverty_lines(self.policies[money], population.categories.get("area", ()))

    def _law(self, policy: Policy, law: Side, practice: Side, money: Side, index: Index) -> Policy:
        """A law in the money and under the practice of either year; as it is where both are its own."""
        if law != money:
            factors = self.law_index(index)
            policy = in_money(policy, factors if money else {area: 1.0 / f for area, f in factors.items()})
        if law != practice:
            theirs = self.policies[practice]
            changes = {
                name: as_change(theirs.values[name].value)
                for name in self._habits_that_differ
                if name in policy.values
            }
            policy = policy.reform(changes, allow_unusual=True) if changes else policy
        return policy

    @cached_property
    def _habits_that_differ(self) -> tuple[str, ...]:
        one, two = self.policies
        return tuple(
            name
            for name in one.values
            if name in two.values and self.is_habit(name) and one.values[name].value != two.values[name].value
        )

    def is_habit(self, name: str) -> bool:
        """Whether a parameter belongs to practice."""
        return any(begins(name, habit) for habit in self.habits)

    @cached_property
    def _same_law(self) -> bool:
        one, two = self.policies

        def content(policy: Policy) -> Any:
            rules = {name: (rule.function, rule.kind, rule.of) for name, rule in policy.rules.items()}
            return rules, {n: v.value for n, v in policy.values.items() if not self.is_habit(n)}

        whole = all(len(stretches) == 1 for stretches in self.stretches)
        return whole and content(one) == content(two)

    @property
    def _years(self) -> tuple[int, int]:
        return self.base.year, self.other.year

    @cached_property
    def _money_years(self) -> tuple[int, int]:
        """Whose year's money base and other are in."""
        found = [self.side(k).money(self.people[k]).of for k in (False, True)]
        return tuple(year if year is not None else own for year, own in zip(found, self._years, strict=True))  # type: ignore[return-value]

    @property
    def _areas(self) -> tuple[str, ...]:
        people = self.people[False]
        return people.categories.get("area", ()) if "area" in people.household_columns else ()

    @cached_property
    def people(self) -> tuple[Population, Population]:
        """The households of both, each in its own money."""
        if self.same_county:
            given = self._given(False)
            return self.base.carried(given), self.other.carried(given)
        return self.base.carried(self._given(False)), self.other.carried(self._given(True))

    def _given(self, other: Side) -> Population:
        """A county's households in its own money."""
        own, anew = self.side(other), self._remade[other] if self.assumed[other] else None
        county = self.profile(other)
        return own.population_as_given() if anew is None or county is None else under(own, anew, county)

    @cached_property
    def _made(self) -> dict[tuple[Side, Side, Side], Population]:
        return {}

    def _population(self, people: Side, money: Side, practice: Side) -> Population:
        """The households of either county, in the money and under the practice of either year."""
        if self.same_county:
            return self.people[money]
        if people == money and (people == practice or not self.practice_in_data):
            return self.people[people]
        key = (people, money, practice)
        if key not in self._made:
            own = self.people[people]
            if people != practice and self.practice_in_data:
                own = self._under_practice(people, practice)
            self._made[key] = own if people == money else self._in_money(own, people)
        return self._made[key]

    def _in_money(self, own: Population, people: Side) -> Population:
        """Households of one county in the money of the other."""
        from microsim.scenario.uprating import uprated, uprating

        first, second = self._money_years
        since, year = (second, first) if people else (first, second)
        plan = uprating(own, self.policies[people], self.growth)
        return uprated(own, replace(plan, since=since), year)

    def _under_practice(self, people: Side, practice: Side) -> Population:
        """A synthetic county with as much income seen as in the other, in its own money."""
        anew, theirs = self._remade[people], self.profile(practice)
        assert anew is not None, "practice is in data that can be made anew"
        assert theirs is not None, "practice is in data of counties with profiles"
        own = self.side(people)
        return own.carried(under(own, anew, theirs))

    @cached_property
    def _remade(self) -> tuple[SeenAnew | None, SeenAnew | None]:
        """How both counties are made, where that is known."""
        return seen_anew(self.base), seen_anew(self.other)


def begins(name: str, habit: str) -> bool:
    """Whether a parameter's dotted name is ``habit`` or begins with it."""
    return f"{name}.".startswith(f"{habit}.")
