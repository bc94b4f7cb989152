"""Margins of a profile out of a county's census tables, where they contradict one another reconciled.

The rules are in ``docs/census.md``. Residents by area and by sex and age are kept as they are counted;
tables of households give way to them, and every change is kept as a ``Conflict``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, MicrosimError, Offence
from microsim.population.calibration.calibrate import calibrate
from microsim.population.census.tables import (
    AGE_GROUPS,
    AGES,
    ELDERLY,
    GENERATIONS,
    SEXES,
    CensusCounty,
    age_column,
)
from microsim.population.synthesis.margins import OLD

Floats = NDArray[np.float64]
# Shares of family households of 2 to 8 and more persons in the country in 2020, as remembered; they lend the
# county its shape where the census has the number of persons alone.
NATIONAL_SIZES = {1: 0.2539, 2: 0.2968, 3: 0.2099, 4: 0.1317, 5: 0.0617, 6: 0.0306, 7: 0.01, 8: 0.005}
# Of households of each size, those of one, two and three generations in an ordinary county: an assumption, of
# which only the proportions between sizes last (the census counts the generations).
USUAL_GENERATIONS = {
    1: (1.0, 0.0, 0.0),
    2: (0.72, 0.28, 0.0),
    3: (0.04, 0.88, 0.08),
    4: (0.01, 0.72, 0.27),
    5: (0.005, 0.395, 0.6),
    6: (0.005, 0.295, 0.7),
    7: (0.005, 0.245, 0.75),
    8: (0.005, 0.195, 0.8),
}
SPANS = ("one", "two", "three")  # generations, and elderly members; three means three and more
_ELDERLY_GROUPS = AGE_GROUPS[AGE_GROUPS.index(f"{OLD}-{OLD + 4}") :]
_ROUNDED = 0.005 + 1e-9  # half the last digit of a published mean size


# Rules of conflicts, by which their kinds are distinguished.
COLLECTIVE = "others live in collective households; family households represent them, all at one rate"

ELDERLY_SCALED = "households by number of elderly members are scaled"


@dataclass(frozen=True)
class Conflict:
    """A figure of the census that is inconsistent with others, its new value, and the rule applied."""

    figure: str  # of the profile
    what: str
    census: float
    kept: float
    rule: str

    @property
    def size(self) -> float:
        """Relative change of the census figure (its absolute change where the census has 0)."""
        return (self.kept - self.census) / (self.census or 1.0)

    def __str__(self) -> str:
        return self.said()

    def said(self, word: Callable[[str], str] = str) -> str:
        """The conflict in a line, its texts by way of ``word``."""
        size = f" ({self.size:+.2%})" if self.census else ""
        return f"{self.figure}: {word(self.what)} {self._change}{size}; {word(self.rule)}"

    @property
    def note(self) -> str:
        """The conflict as a note on the figure."""
        change = self._change + (f", {self.size:+.2%}" if self.census else "")
        return f"Reconciled with other tables: {self.what} ({change}): {self.rule}"

    @property
    def _change(self) -> str:
        return f"{self.census:,.6g} -> {self.kept:,.6g}"


@dataclass(frozen=True)
class Margins:
    """What the profile says of who lives in the county; households are family households of the census."""

    residents: Mapping[str, float]
    ages: Mapping[str, Mapping[str, float]]
    households: float
    persons: float  # in family households
    mean_size: float
    one_person: float
    sizes: Mapping[int, float]  # shares
    generations: Mapping[str, float]
    generations_by_size: Mapping[int, Mapping[str, float]]  # shares of each size from 2 on
    elderly: Mapping[str, float]
    conflicts: tuple[Conflict, ...]

    @property
    def per_household(self) -> float:
        """How many households of all residents one family household of the census represents."""
        return sum(self.residents.values()) / self.persons


def margins_of(county: CensusCounty) -> Margins:
    """The county's margins, reconciled as far as its tables alone allow.

    ``census_families.py`` goes on where no families have them. Raises ``MicrosimError`` with every sum that
    should hold within the census and does not: a damaged table is not reconciled.
    """
    numbers, filled = _without_blanks(county)
    offences = list(_broken_sums(county, numbers))
    if offences:
        raise DataError(offences, title=f"{county.place}: these numbers cannot all be from the census")
    conflicts = filled
    residents = _by_area(numbers, conflicts)
    ages = {sex: {group: numbers[age_column(sex, group)] for group in AGE_GROUPS} for sex in SEXES}
    households, persons, alone = numbers["hh"], numbers["hh_pop"], numbers["hh_1person"]
    if persons < numbers["pop"]:
        conflicts.append(
            Conflict(
                "demography.family_persons", "residents represented", persons, numbers["pop"], COLLECTIVE
            )
        )
    mean_size = numbers["hh_size"]
    if abs(persons / households - mean_size) > _ROUNDED:
        rule = "family persons over family households"
        conflicts.append(
            Conflict("demography.mean_household_size", "mean size", mean_size, persons / households, rule)
        )
        mean_size = round(persons / households, 2)
    spans = dict(zip(SPANS, (numbers["hh_gen1"], numbers["hh_gen2"], _three(numbers)), strict=True))
    sizes, by_size = _sizes_and_generations(county, households, persons, alone, spans)
    found = Margins(
        residents, ages, households, persons, mean_size, alone, sizes, spans, by_size, {}, tuple(conflicts)
    )
    return _with_elderly(found, numbers)


def _by_area(numbers: Mapping[str, float], conflicts: list[Conflict]) -> dict[str, float]:
    """Residents by area; a profile has someone in each, since means and shares are given by area."""
    residents = {"rural": numbers["rural"], "urban": numbers["urban"]}
    for area, other in (("rural", "urban"), ("urban", "rural")):
        if residents[area] < 1:
            residents = {area: 1.0, other: residents[other] - 1.0}
            rule = f"a profile has residents in both areas; one {other} resident is counted here"
            conflicts.append(
                Conflict("demography.residents", f"{area} residents", 0.0, residents[area], rule)
            )
    return {"rural": residents["rural"], "urban": residents["urban"]}


def _three(numbers: Mapping[str, float]) -> float:
    return numbers["hh_gen3"] + numbers["hh_gen4p"]


def _without_blanks(county: CensusCounty) -> tuple[dict[str, float], list[Conflict]]:
    """Blank addends become what the total leaves; where several are blank they stay 0."""
    numbers, found = dict(county.numbers), []
    for total, parts in _SUMS:
        blank = [part for part in parts if part in county.blank]
        left = numbers[total] - sum(numbers[part] for part in parts)
        if len(blank) == 1 and left > 0:
            numbers[blank[0]] = left
            rule = f"blank in the census; the remainder of its total '{total}' leaves"
            found.append(Conflict(_figure(blank[0]), f"column {blank[0]}", 0.0, left, rule))
    return numbers, found


def _figure(column: str) -> str:
    if column in AGES:
        return "demography.age_by_sex"
    if column in ELDERLY:
        return "demography.elderly_households"
    return "demography.generations" if column in GENERATIONS else "demography.residents"


_SUMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pop", ("urban", "rural")),
    ("pop", ("pop_m", "pop_f")),
    ("pop_m", tuple(age_column("male", group) for group in AGE_GROUPS)),
    ("pop_f", tuple(age_column("female", group) for group in AGE_GROUPS)),
    ("hh", GENERATIONS),
    ("hh_65p", ELDERLY),
)
_NOT_MORE = (
    ("hh_pop", "pop"),
    ("hh_1person", "hh_gen1"),
    ("hh_65p", "hh"),
    ("emp_long", "pop15p_long"),
    ("emp_agri_long", "emp_long"),
    ("hh_car_long", "hh_long"),
    ("hh_rent_long", "hh_long"),
)


def _broken_sums(county: CensusCounty, numbers: Mapping[str, float]) -> Iterator[Offence]:
    """What holds in the census of every county, so that a file where it does not is damaged."""
    for column in ("pop", "pop_m", "pop_f", "hh", "hh_pop", "hh_size"):
        if numbers[column] <= 0:
            found = "blank" if column in county.blank else "0"
            yield Offence(f"{column} is {found}, which is not a number of persons")
    for total, parts in _SUMS:
        added = sum(numbers[part] for part in parts)
        if abs(added - numbers[total]) > 0.5:
            terms = " + ".join(parts) if len(parts) < 5 else f"{parts[0]} to {parts[-1]}"
            yield Offence(f"{terms} add up to {added:,.0f}, {total} is {numbers[total]:,.0f}")
    for part, whole in _NOT_MORE:
        if numbers[part] > numbers[whole]:
            yield Offence(f"{part} ({numbers[part]:,.0f}) is more than {whole} ({numbers[whole]:,.0f})")
    if sum(numbers[column] for column in ELDERLY) == 0 and _old(numbers) > 0:
        yield Offence(f"hh_65p is 0, and {_old(numbers):,.0f} residents are {OLD} and over")
    alone = numbers["hh_1person"]
    least = alone + 2 * (numbers["hh_gen1"] - alone) + 2 * numbers["hh_gen2"] + 3 * _three(numbers)
    most = alone + max(NATIONAL_SIZES) * (numbers["hh"] - alone)
    if not least <= numbers["hh_pop"] <= most:
        yield Offence(
            f"households of these generations hold {least:,.0f} to {most:,.0f} persons, hh_pop is "
            f"{numbers['hh_pop']:,.0f}"
        )


def _sizes_and_generations(
    county: CensusCounty, households: float, persons: float, alone: float, spans: Mapping[str, float]
) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
    """Households by size and generations nearest to the country's that have the county's margins.

    Nearest by the distance of raking: the table is the national one times a factor for each margin (persons
    alone, generations, and for the number of persons a factor to the power of the size).
    """
    cells = [(size, k) for size, shares in USUAL_GENERATIONS.items() for k in range(3) if shares[k] > 0]
    size, span = np.array(cells).T
    usual = np.array([NATIONAL_SIZES[s] * USUAL_GENERATIONS[s][k] for s, k in cells])
    columns = {"one person": (size == 1).astype(float), "persons": size.astype(float)}
    totals = {"one person": alone / households, "persons": persons / households}
    for k, name in enumerate(SPANS):
        columns[f"{name} generations"] = (span == k).astype(float)
        totals[f"{name} generations"] = spans[name] / households
    try:
        table, _ = calibrate(columns, totals, usual / fsum(usual))
    except MicrosimError as error:
        title = f"{county.place}: no households of 1 to 8 persons have these generations and persons"
        raise DataError(error.offences, title=title) from None
    sizes = {s: fsum(table[size == s]) for s in NATIONAL_SIZES}
    by_size = {
        s: {name: fsum(table[(size == s) & (span == k)]) / sizes[s] for k, name in enumerate(SPANS)}
        for s in NATIONAL_SIZES
        if s > 1
    }
    return sizes, by_size


def _old(numbers: Mapping[str, float]) -> float:
    return sum(numbers[age_column(sex, group)] for sex in SEXES for group in _ELDERLY_GROUPS)


def _with_elderly(margins: Margins, numbers: Mapping[str, float]) -> Margins:
    """Households with elderly members, scaled so that they hold the elderly of the table of ages."""
    counted = dict(zip(SPANS, (numbers[column] for column in ELDERLY), strict=True))
    held = sum(k * count for k, count in enumerate(counted.values(), start=1))
    old = _old(numbers)
    aimed = old / margins.per_household
    factor = aimed / held if held else 0.0
    conflicts = margins.conflicts
    if abs(aimed - held) >= 0.5:
        rule = (
            f"the table of ages is kept: {old:,.0f} residents of {OLD} and over, {aimed:,.0f} at the rate of "
            f"family persons; {ELDERLY_SCALED}, times {factor:.4f}"
        )
        what = f"persons of {OLD} and over in family households"
        conflicts = (*conflicts, Conflict("demography.elderly_households", what, held, aimed, rule))
    elderly = {name: count * factor for name, count in counted.items()}
    return replace(margins, elderly=elderly, conflicts=conflicts)
