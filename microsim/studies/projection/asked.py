"""What a projection is asked for, checked: years, columns, and how far households change places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from microsim.errors import InputError, Offence
from microsim.numerics.copula import correlation_of_leaving, rank_correlation
from microsim.scenario.outlook.default_path import default_path
from microsim.scenario.outlook.outlook import Leaving
from microsim.studies.projection.places import MARKET, Places, places

if TYPE_CHECKING:
    from microsim.population import County, Population
    from microsim.scenario.economy import Economy

HORIZON = 10
FLOWS, VULNERABLE = "flows", "vulnerability"
OUTPUTS = ("caseload", "cost", "poverty", "inequality", "hardship", FLOWS, VULNERABLE)
LEAVE_POVERTY = "income.leave_poverty"  # of a county's profile


def checked_years(years: Sequence[int], offences: list[Offence]) -> tuple[int, ...]:
    """All years from the first to the last. What is wrong is added to ``offences``."""
    given: list[object] = list(years)
    whole = [year for year in given if isinstance(year, int) and not isinstance(year, bool)]
    if len(given) != 2 or len(whole) != 2:
        offences.append(Offence("years must be two whole numbers", "years", "first and last: (2021, 2030)"))
        return ()
    first, last = whole
    if first > last:
        message = f"years are out of order: {first} comes after {last}"
        offences.append(Offence(message, "years", f"write years: [{last}, {first}]"))
        return ()
    if last - first > HORIZON:
        message = f"{first} to {last} is more than {HORIZON} years ahead"
        hint = (
            f"households stay as they are, nobody is born, ages, marries or dies: take years up to "
            f"{first + HORIZON}"
        )
        offences.append(Offence(message, "years", hint))
        return ()
    return tuple(range(first, last + 1))


@dataclass(frozen=True)
class Mobility:
    """The rank correlation of income per head between neighbouring years, and where it is from.

    ``leaving``: the share who leave the poorest that it follows from, where it was given so.
    ``within_kinds``: the correlation of the normal scores among households of one kind that gives it.
    """

    persistence: float
    source: Literal["scenario", "profile", "assumption"]
    leaving: Leaving | None
    within_kinds: float = 1.0


def settled_places(
    population: Population, economy: Economy, county: County | None, seed: int, first: int
) -> tuple[Mobility, Places]:
    """How far households change places: as the scenario says, else the county's profile, else as assumed.

    Raises ``InputError`` where the persistence cannot be reached.
    """
    source: Literal["scenario", "profile", "assumption"] = "scenario"
    said = economy.outlook.mobility
    if said is None:
        of_county = county.get(LEAVE_POVERTY) if county is not None else None
        source = "profile" if of_county is not None else "assumption"
        shipped = {key: one["value"] for key, one in default_path()["mobility"].items()}
        given = of_county if of_county is not None else shipped
        said = Leaving(float(given["share"]), float(given["poorest"]))
    if isinstance(said, Leaving):
        persistence = rank_correlation(correlation_of_leaving(said.share, said.poorest))
    else:
        persistence = said
    found = places(population, seed, persistence, first + 1)
    leaving = said if isinstance(said, Leaving) else None
    return Mobility(persistence, source, leaving, found.correlation), found


def refuse_lacking(population: Population, economy: Economy) -> None:
    """Raise ``InputError`` naming every column that the economy needs and the households lack."""
    offences = []
    for column, entity, key in _needed(economy):
        table = population.person_columns if entity == "person" else population.household_columns
        if column not in table:
            message = f"the households have no column '{column}', which {key} needs"
            offences.append(Offence(message, key, "add the column, or leave the key out"))
    if offences:
        raise InputError(offences, title="the projection cannot be made")


def _needed(economy: Economy) -> Iterator[tuple[str, str, str]]:
    said = economy.outlook
    if said.mobility != 1.0:
        for name in MARKET:
            yield name, "person", "economy.mobility"
    if said.by_rank:
        yield "area", "household", "economy.by_rank"
    for shock in said.shocks.values():
        for name in shock.changes:
            yield name, "person", "economy.shock"
    margins = said.margins
    if margins is None:
        return
    if margins.area:
        yield "area", "household", "economy.population.area"
    if margins.age or margins.ageing or margins.age_by_sex:
        yield "age", "person", "economy.population.age"
    if margins.age_by_sex:
        yield "sex", "person", "economy.population.age_by_sex"
    for name in margins.registers:
        yield name, "household", f"economy.population.{name}"
