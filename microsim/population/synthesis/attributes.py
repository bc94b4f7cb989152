"""Published marginals of what people are and have, as controls of the household weights.

``margins.py`` holds the demography; these come after synthesis, when health, schooling, work, incomes and
registers are drawn. Shares become numbers: of persons, of households, or of those of an age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.sums import product, total
from microsim.population.profile.county import County
from microsim.population.synthesis.households import Roster, code
from microsim.population.synthesis.incomes import AREAS, Incomes
from microsim.population.synthesis.traits import SCHOOL_AGES, Traits

Floats = NDArray[np.float64]
_WORKING_AGE = 15  # the census counts the employed from here on
_QUINTILES = 5


@dataclass
class _Gathering:
    """Controls so far; those that too few rows could carry are named instead."""

    least: int
    columns: dict[str, Floats] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, column: NDArray[Any], target: float) -> None:
        """A control, unless fewer than ``least`` households have any of it."""
        values = np.asarray(column, dtype=np.float64)
        if np.count_nonzero(values) < self.least or target <= 0:
            self.left_out.append(name)
            return
        self.columns[name], self.targets[name] = values, target


def attribute_controls(
    county: County,
    roster: Roster,
    traits: Traits,
    incomes: Incomes,
    of_households: Mapping[str, NDArray[Any]],
    weights: Floats,
    least: int,
) -> tuple[dict[str, Floats], dict[str, float], tuple[str, ...]]:
    """Controls (one value per household), their totals by name, and the names left out for lack of rows.

    ``weights`` meet the demography: they settle how many persons there are of a school age and how many
    households in each area, where no table does; both become controls, so that shares of them stay shares.
    """
    found = _Gathering(least)
    residents = fsum(county.residents.values())
    _health(found, county, roster, traits, residents)
    _schooling(found, county, roster, traits, weights)
    _work(found, county, roster, traits, incomes, weights)
    _households(found, county, roster, of_households, weights)
    _incomes(found, county, roster, incomes, weights)
    return found.columns, found.targets, tuple(found.left_out)


def _health(found: _Gathering, county: County, roster: Roster, traits: Traits, residents: float) -> None:
    disabled = county["health.disability_rate"] * residents
    severe = disabled * county["health.disability_severe_share"]
    found.add("disabled grades 1-2", roster.sums(traits.severely_disabled), severe)
    others = traits.disabled & ~traits.severely_disabled
    found.add("disabled grades 3-4", roster.sums(others), disabled - severe)
    of_types = {
        name: traits.disability_type == code("disability_type", name)
        for name in county["health.disability_types"]
    }
    # A type that nobody has by chance: the others are all of the disabled, and their totals must say so.
    types = {name: county["health.disability_types"][name] for name, some in of_types.items() if some.any()}
    for name, of_type in of_types.items():
        share = types.get(name, 0.0) / (fsum(types.values()) or 1.0)
        found.add(f"disabled {name}", roster.sums(of_type), disabled * share)
    ill = county["assumptions.severe_illness_rate"] * residents
    found.add("severely ill", roster.sums(traits.severe_illness), ill)
    found.add(
        "admitted to hospital", roster.sums(traits.admitted), county["health.admission_rate"] * residents
    )


def _schooling(found: _Gathering, county: County, roster: Roster, traits: Traits, weights: Floats) -> None:
    rates = county["schooling.enrolment"]
    for stages, (first, last) in SCHOOL_AGES.items():
        of_age = roster.sums((roster.age >= first) & (roster.age <= last))
        number = product(weights, of_age)
        found.add(f"aged {first}-{last}", of_age, number)
        at_school = {stage: roster.sums(traits.in_school == code("in_school", stage)) for stage in stages}
        # Where by chance nobody is out of school, the last stage follows from the others and the age.
        all_in = np.array_equal(np.sum(list(at_school.values()), axis=0), of_age)
        for stage, column in at_school.items():
            if all_in and stage == stages[-1]:
                found.left_out.append(f"at school {stage}")
                continue
            found.add(f"at school {stage}", column, rates[stage] * number)


def _work(
    found: _Gathering, county: County, roster: Roster, traits: Traits, incomes: Incomes, weights: Floats
) -> None:
    grown = product(weights, roster.sums(roster.age >= _WORKING_AGE))
    employed = county["work.employed_share"] * grown
    found.add("employed", roster.sums(traits.works), employed)
    found.add("employed in agriculture", roster.sums(incomes.farms), county["work.farm_share"] * employed)


def _households(
    found: _Gathering,
    county: County,
    roster: Roster,
    of_households: Mapping[str, NDArray[Any]],
    weights: Floats,
) -> None:
    number = total(weights)
    homes = of_households["homes"]
    found.add("with a car", of_households["vehicles"] > 0, county["wealth.vehicle_share"] * number)
    found.add("without a home", homes == 0, county["wealth.no_home_share"] * number)
    for position, area in enumerate(AREAS):
        here = roster.area == position
        there = product(weights, here)
        if position == 0:  # the rest of the households are those of the other area
            found.add(f"households {area}", here, there)
        second = county["wealth.second_home_share"][area]
        found.add(f"with a second home {area}", here & (homes > 1), second * there)
        registered = county["assumptions.filed_poor_share"][area]
        found.add(f"registered poor {area}", here & of_households["filed_poor"], registered * there)


def _incomes(found: _Gathering, county: County, roster: Roster, incomes: Incomes, weights: Floats) -> None:
    """Income before assistance by area: in each quintile a fifth of the persons, and their income.

    The last quintile follows from the others.
    """
    disposable = roster.sums(incomes.disposable)
    for position, area in enumerate(AREAS):
        here = roster.area == position
        quintile = _quintiles(disposable / roster.size, np.where(here, weights * roster.size, 0.0))
        persons = product(weights, here * roster.size)
        income = persons * (county["income.mean_disposable"][area] - county["income.assistance"][area])
        found.add(f"income {area}", np.where(here, disposable, 0.0), income)
        means = county["income.quintile_means"][area]
        for k in range(_QUINTILES - 1):
            inside = here & (quintile == k)
            found.add(f"quintile {k + 1} {area}", np.where(inside, roster.size, 0), persons / _QUINTILES)
            own = income * means[k] / fsum(means)
            found.add(f"income of quintile {k + 1} {area}", np.where(inside, disposable, 0.0), own)


def _quintiles(income: Floats, persons: Floats) -> NDArray[np.int64]:
    """The income quintile of the persons to which each household belongs: not quite that of the rank it drew.

    Pensions lift some households above the income of their rank.
    """
    order = np.argsort(income, kind="stable")
    below = np.empty(len(income))
    below[order] = np.cumsum(persons[order]) - 0.5 * persons[order]
    share = below / max(total(persons), 1.0)
    quintiles: NDArray[np.int64] = np.minimum((share * _QUINTILES).astype(np.int64), _QUINTILES - 1)
    return quintiles
