"""The population of a later year by reweighting: what it is to add up to, and the weights that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, MicrosimError, Offence
from microsim.numerics.sums import product
from microsim.population import calibrate
from microsim.scenario.outlook.default_path import default_path
from microsim.scenario.outlook.outlook import Margins, Total, band_of

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.population.calibration.calibrate import CalibrationReport

Floats = NDArray[np.float64]


class Margin(NamedTuple):
    """One control: its name, what each household adds to it, and its total of the first year."""

    name: str
    column: Floats
    said: Total
    first: float

    def target(self, since: int, year: int) -> float:
        """The total of ``year``: grown a year, or on the line between the totals given (then flat)."""
        if not isinstance(self.said, Mapping):
            return float(self.first * (1.0 + self.said) ** (year - since))
        known = {since: self.first, **{int(at): float(value) for at, value in self.said.items()}}
        years = sorted(known)
        before = max(at for at in years if at <= year)
        after = min((at for at in years if at >= year), default=before)
        if after == before:
            return known[before]
        return known[before] + (known[after] - known[before]) * (year - before) / (after - before)


def margins_of(population: Population, said: Margins) -> tuple[Margin, ...]:
    """Every control of a scenario, with its total in the first year."""
    weights = np.asarray(population.weight)
    return tuple(
        Margin(name, column, total, product(weights, column))
        for name, column, total in _controls(population, said)
    )


def _controls(population: Population, said: Margins) -> Iterator[tuple[str, Floats, Total]]:
    households, persons = population.household_columns, population.person_columns
    size = np.diff(population.offsets).astype(np.float64)
    if said.area:
        codes, names = households["area"], population.categories["area"]
        for area, total in said.area.items():
            yield f"area.{area}", np.where(codes == names.index(area), size, 0.0), total
    age = said.age
    if said.ageing:
        age = {band: float(one["value"]) for band, one in default_path()["ageing"].items()}
    for band, total in age.items():
        yield f"age.{band}", _count(population, _aged(persons["age"], band)), total
    for sex, bands in said.age_by_sex.items():
        mine = persons["sex"] == population.categories["sex"].index(sex)
        for band, total in bands.items():
            yield f"age_by_sex.{sex}.{band}", _count(population, mine & _aged(persons["age"], band)), total
    for people, total in said.household_size.items():
        fits = size >= people if people == _LAST_SIZE else size == people
        yield f"household_size.{people}", fits.astype(np.float64), total
    for register, total in said.registers.items():
        yield register, np.asarray(households[register], dtype=np.float64), total


_LAST_SIZE = 8


def _aged(ages: NDArray[np.int64], band: str) -> NDArray[np.bool_]:
    low, high = band_of(band)
    return np.asarray((ages >= low) & (ages <= high))


def _count(population: Population, flags: NDArray[np.bool_]) -> Floats:
    """Members of each household with a flag."""
    return np.add.reduceat(flags.astype(np.float64), population.offsets[:-1])


def targets_of(margins: tuple[Margin, ...], size: Floats, since: int, year: int) -> dict[str, float]:
    """The total of each margin in ``year``.

    Where residents by area and ages (or sexes and ages) each cover everybody, and ages are given by growth
    alone, the area's totals count: ages are multiplied so that they add up to them.
    """
    out = {margin.name: margin.target(since, year) for margin in margins}
    areas = _covering("area", margins, size)
    for group in ("age", "age_by_sex"):
        ages = _covering(group, margins, size)
        if areas and ages and not any(isinstance(one.said, Mapping) for one in ages):
            factor = sum(out[one.name] for one in areas) / sum(out[one.name] for one in ages)
            out |= {one.name: factor * out[one.name] for one in ages}
    return out


def _covering(group: str, margins: tuple[Margin, ...], size: Floats) -> list[Margin]:
    """The margins of a group where each person counts in exactly one of them; else none."""
    found = [one for one in margins if one.name.split(".")[0] == group]
    return found if found and np.array_equal(sum(one.column for one in found), size) else []


def reweighted(
    population: Population, margins: tuple[Margin, ...], since: int, year: int
) -> tuple[Floats, CalibrationReport]:
    """Weights of ``year``, the nearest to the population's own under which every margin is met.

    Raises ``InputError`` naming the margins that cannot be met.
    """
    try:
        return calibrate(
            {margin.name: margin.column for margin in margins},
            targets_of(margins, np.diff(population.offsets).astype(np.float64), since, year),
            np.asarray(population.weight),
        )
    except MicrosimError as error:
        offences = [
            Offence(one.message, f"economy.population {one.place}".strip(), one.hint)
            for one in error.offences
        ]
        raise InputError(offences, f"the population of {year} cannot be met") from None
