"""Figures of a profile that cannot be true together, or that no county can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from microsim.documents import Document
from microsim.errors import Offence
from microsim.population.profile.account import unbalanced
from microsim.population.profile.figures import SourcedValue, band

_AGE_SLACK = 0.005  # residents by area and by age may come from tables that round
_SLACK = 0.02  # means and counts of households likewise
_WORKS_FROM, _LEADS_FROM = 15, 16  # the census counts workers, and the generator makes heads, from here on
# Shares of one whole, of which the rest is something else: together they cannot be more than all.
_PARTS_OF_A_WHOLE = {
    "schooling.enrolment": ("senior", "vocational"),  # both are attended at 15 to 17
    "circumstances.shock_rates": ("illness", "accident", "disaster", "job_loss", "education", "other"),
    "circumstances.house_damage": ("collapsed", "damaged"),
    "circumstances.dwelling_grades": ("B", "C", "D"),
}


def contradictions(document: Document, figures: Mapping[str, SourcedValue]) -> Iterator[Offence]:
    """Every contradiction between readable figures; those with offences of their own are left out."""
    for needed, check in _CHECKS:
        if all(name in figures for name in needed):
            yield from check(document, {name: figures[name].value for name in needed})
    for name in ("assumptions.income_visible_share", "assumptions.assets_visible_share"):
        if name in figures:
            yield from _impossible_spreads(document, name, figures[name].value, ())
    for name, parts in _PARTS_OF_A_WHOLE.items():
        if name in figures:
            total = sum(figures[name].value[part] for part in parts)
            if total > 1 + 1e-9:
                message = (
                    f"{name}: {' and '.join(parts)} are shares of the same total and add up to {total:.4g}, "
                    f"above 1"
                )
                yield Offence(message, document.place(*name.split("."), "value"))
    yield from unbalanced(document, figures)
    for name, first in (
        ("structure.age_living_alone", _LEADS_FROM),
        ("structure.age_of_couple", _LEADS_FROM),
        ("work.rates", _WORKS_FROM),
    ):
        if name in figures:
            yield from _too_young(document, name, figures[name].value, first)


def _residents(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    residents = sum(value["demography.residents"].values())
    ages = sum(sum(one_sex.values()) for one_sex in value["demography.age_by_sex"].values())
    if abs(ages - residents) > _AGE_SLACK * residents:
        yield Offence(
            f"demography.age_by_sex adds up to {ages:,.0f}, demography.residents to {residents:,.0f}",
            document.place("demography", "age_by_sex"),
        )


def _family_persons(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    if value["demography.family_persons"] > sum(value["demography.residents"].values()):
        place = document.place("demography", "family_persons")
        yield Offence("demography.family_persons are more than all residents", place)


def _mean_size(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    sizes, published = value["demography.household_sizes"], value["demography.mean_household_size"]
    total = sum(sizes.values())
    mean = sum(int(size) * share for size, share in sizes.items()) / total if total else 0.0
    if abs(mean - published) > _SLACK * published:
        yield Offence(
            f"demography.household_sizes have a mean of {mean:.3f}, mean_household_size is {published:g}",
            document.place("demography", "household_sizes"),
        )


def _generations(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    counted, households = sum(value["demography.generations"].values()), value["demography.family_households"]
    if abs(counted - households) > _SLACK * households:
        yield Offence(
            f"demography.generations add up to {counted:,.0f}, family_households are {households:,.0f}",
            document.place("demography", "generations"),
        )


def _alone(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    alone, households = value["demography.one_person_households"], value["demography.family_households"]
    share = value["demography.household_sizes"]["1"]
    if abs(alone - share * households) > _SLACK * households:
        yield Offence(
            f"demography.household_sizes give {share * households:,.0f} households of one person, "
            f"one_person_households are {alone:,.0f}",
            document.place("demography", "one_person_households"),
        )


def _assistance(document: Document, value: Mapping[str, Any]) -> Iterator[Offence]:
    for area, mean in value["income.mean_disposable"].items():
        if value["income.assistance"][area] >= mean:
            place = document.place("income", "assistance", "value", area)
            yield Offence(f"income.assistance.{area} leaves no income before assistance", place)


_Check = Callable[[Document, Mapping[str, Any]], Iterator[Offence]]
_CHECKS: tuple[tuple[tuple[str, ...], _Check], ...] = (
    (("demography.residents", "demography.age_by_sex"), _residents),
    (("demography.residents", "demography.family_persons"), _family_persons),
    (("demography.household_sizes", "demography.mean_household_size"), _mean_size),
    (("demography.generations", "demography.family_households"), _generations),
    (
        ("demography.one_person_households", "demography.family_households", "demography.household_sizes"),
        _alone,
    ),
    (("income.mean_disposable", "income.assistance"), _assistance),
)


def _too_young(document: Document, name: str, value: Mapping[str, Any], first: int) -> Iterator[Offence]:
    """People of an age band that starts too early, with a share above 0."""
    what = "works" if name == "work.rates" else "leads a household"
    tables = value.items() if name == "work.rates" else [("", value)]
    for key, table in tables:
        for group, share in table.items():
            start = (band(group) or (first, first))[0]
            if start < first and share > 0:
                inside = (key, group) if key else (group,)
                where = ".".join((name, *inside))
                place = document.place(*name.split("."), "value", *inside)
                yield Offence(f"{where}: nobody under {first} {what}, but the band starts at {start}", place)


def _impossible_spreads(
    document: Document, name: str, value: Mapping[str, Any], inside: tuple[str, ...]
) -> Iterator[Offence]:
    """Shares between 0 and 1 spread at most sqrt(mean (1 - mean)) about their mean."""
    if "mean" not in value:
        for key, part in value.items():
            yield from _impossible_spreads(document, name, part, (*inside, key))
        return
    mean, spread = value["mean"], value["spread"]
    place = document.place(*name.split("."), "value", *inside, "spread")
    where = ".".join((name, *inside))
    if not 0 <= mean <= 1:
        yield Offence(f"{where}: the mean of a share is from 0 to 1, not {mean:g}", place)
    elif spread < 0 or (spread > 0 and spread**2 >= mean * (1 - mean)):
        limit = (mean * (1 - mean)) ** 0.5
        yield Offence(f"{where}: a mean of {mean:g} allows a spread below {limit:.2g}, not {spread:g}", place)
