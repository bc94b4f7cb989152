"""The archetype county that supplies what the census lacks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, sqrt
from pathlib import Path

from microsim.errors import FileError, InputError, Offence, did_you_mean
from microsim.population.profile.county import County
from microsim.population.profile.figures import band
from microsim.population.synthesis.margins import OLD

# What counties are compared by, and its standard deviation over the 2,943 counties of the 2020 census.
SPREADS = {
    "urban among residents": 0.220,
    "persons per family household": 0.391,
    "one person among households": 0.057,
    "three and more generations among households": 0.067,
    "65 and over among residents": 0.042,
    "agriculture among the employed": 0.184,
    "households with a car": 0.120,
}
CENSUS_YEAR = 2020
_START = ("start", "data", "synthetic")  # where the wheel keeps the archetypes


def archetypes() -> dict[str, Path]:
    """The folders of the archetype counties, by name: ``h-county``, ``plateau-county`` and so on."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package.joinpath(*_START), package.parent / "data" / "synthetic"):
        found = {path.parent.name: path.parent for path in sorted(folder.glob("*/profile.yaml"))}
        if found:
            return found
    hint = "name a county's profile with --like"
    raise FileError(Offence("this installation does not include archetype counties", str(package), hint))


@dataclass(frozen=True)
class Donor:
    """The county that supplies figures; ``distance`` is how far it is where it was found as the nearest."""

    name: str
    county: County
    distance: float | None = None

    def __str__(self) -> str:
        if self.distance is None:
            return f"{self.name}, as asked for"
        return f"{self.name}, the nearest archetype ({self.distance:.2f} standard deviations away)"


def donor_named(name: str) -> Donor:
    """The county of that name among the archetypes, or of that profile (a file or its folder)."""
    if os.path.exists(name):
        return Donor(name, County.read(name))
    known = archetypes()
    if name not in known:
        hint = did_you_mean(name, known) or f"archetypes: {', '.join(known)}; or the path of a profile"
        raise InputError(Offence(f"no archetype and no profile '{name}'", hint=hint))
    return Donor(name, County.read(known[name]))


def nearest(features: Mapping[str, float | None], counties: Mapping[str, County]) -> Donor:
    """The nearest county: differences over ``SPREADS``, squared, added, rooted.

    A feature that is ``None`` is left out; of counties equally near, the first is taken.
    """
    far = distances(features, counties)
    best = min(far, key=lambda name: far[name])
    return Donor(best, counties[best], far[best])


def distances(features: Mapping[str, float | None], counties: Mapping[str, County]) -> dict[str, float]:
    """How far each county is, in standard deviations: what ``nearest`` compares."""
    found = {}
    for name, county in counties.items():
        own = features_of(county)
        steps = [
            (value - own[feature]) / spread
            for feature, spread in SPREADS.items()
            if (value := features[feature]) is not None
        ]
        found[name] = sqrt(fsum(step * step for step in steps))
    return found


def read_archetypes(year: int = CENSUS_YEAR) -> dict[str, County]:
    """The archetype counties of a year by name. Raises ``MicrosimError`` with all that is wrong with them."""
    read = {name: County.read(folder) for name, folder in archetypes().items()}
    return {name: county for name, county in read.items() if county.year == year}


def features_of(county: County) -> dict[str, float]:
    """What ``nearest`` compares, of a county that has a profile."""
    residents = county.residents
    ages = county["demography.age_by_sex"]
    old = fsum(
        persons
        for one in ages.values()
        for group, persons in one.items()
        if (band(group) or (0, 0))[0] >= OLD
    )
    sizes, spans = county["demography.household_sizes"], county["demography.generations"]
    return {
        "urban among residents": residents["urban"] / fsum(residents.values()),
        "persons per family household": county["demography.mean_household_size"],
        "one person among households": sizes["1"],
        "three and more generations among households": spans["three"] / fsum(spans.values()),
        "65 and over among residents": old / fsum(residents.values()),
        "agriculture among the employed": county["work.farm_share"],
        "households with a car": county["wealth.vehicle_share"],
    }
