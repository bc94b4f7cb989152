"""A county profile out of the census tables, and out of an archetype what the census lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Template

from microsim.population.census.donor import Donor, nearest
from microsim.population.census.families import families_for
from microsim.population.census.margins import SPANS, Conflict, Margins, margins_of
from microsim.population.census.tables import CensusCounty
from microsim.population.profile.county import County
from microsim.population.profile.figures import SourcedValue, schema
from microsim.population.profile.text import folded, profile_text
from microsim.population.synthesis.margins import OLD

# Of the archetype alone: the figures of the source paper, a bound that is known for H county, and what its
# own dibao adds to its incomes.
NOT_TAKEN_OVER = ("paper.", "public_finance.general_public_budget_revenue_bound", "income.assistance")
# Dibao per resident, yuan a year: what a donor's caseload makes of it says nothing of another county.
NATIONAL_ASSISTANCE = {"rural": 265.8, "urban": 54.8}
_NATIONAL_REFERENCE = (
    "the national average: 134.90 and 48.41 billion yuan for rural and urban dibao in 2021 (Ministry of "
    "Civil Affairs, statistical bulletin 2021) over 507.4 and 882.8 million residents (2020 census, county "
    "tables). "
    "Replace it by the county's own dibao expenditure over its residents"
)
_ABOVE_PENSIONS = (
    "the generator's choice: in ageing counties, many old people who live alone would otherwise have exactly "
    "their pensions (docs/census.md)"
)
# Source of a figure of the donor -> what is said of it here.
_TAKEN_OVER = {
    "cited": "Taken over from $donor. There, cited: $reference",
    "inferred": "Taken over from $donor. There, inferred: $reference",
    "recalled": "Taken over from $donor. There, recalled: $reference",
    "assumption": "Taken over from $donor. There, assumption: $reference",
}
_PER_RESIDENT = ("general_public_budget_revenue", "general_public_budget_expenditure")
# Provinces whose homes are heated in winter by rule (the plateau among them), as remembered.
_WINTER = ("11", "12", "13", "14", "15", "21", "22", "23", "37", "41", "54", "61", "62", "63", "64", "65")
PROVINCES = {
    "11": "Beijing",
    "12": "Tianjin",
    "13": "Hebei",
    "14": "Shanxi",
    "15": "Inner Mongolia",
    "21": "Liaoning",
    "22": "Jilin",
    "23": "Heilongjiang",
    "31": "Shanghai",
    "32": "Jiangsu",
    "33": "Zhejiang",
    "34": "Anhui",
    "35": "Fujian",
    "36": "Jiangxi",
    "37": "Shandong",
    "41": "Henan",
    "42": "Hubei",
    "43": "Hunan",
    "44": "Guangdong",
    "45": "Guangxi",
    "46": "Hainan",
    "50": "Chongqing",
    "51": "Sichuan",
    "52": "Guizhou",
    "53": "Yunnan",
    "54": "Tibet",
    "61": "Shaanxi",
    "62": "Gansu",
    "63": "Qinghai",
    "64": "Ningxia",
    "65": "Xinjiang",
}


@dataclass(frozen=True)
class CensusProfile:
    """A profile built from the census: the county, who lent it figures, and what was reconciled."""

    county: County
    donor: Donor
    conflicts: tuple[Conflict, ...]


def build_profile(
    census: CensusCounty,
    donor: Donor | Mapping[str, County],
    english: str = "",
    given: Mapping[str, SourcedValue] | None = None,
) -> CensusProfile:
    """A profile of the county in the census row.

    ``donor`` gives what the census lacks: one county, or several of which the nearest is taken.
    ``english`` is the county's English name; unless given, it is made of province and code. ``given`` are
    figures that the county's offices know: they go before those of the census and of the donor. Raises
    ``MicrosimError`` where the row is damaged, no families can be made of it, or figures contradict one
    another.
    """
    one = donor if isinstance(donor, Donor) else nearest(features(census), donor)
    name = english or f"{PROVINCES.get(census.code[:2], census.province)} county {census.code}"

    def make(margins: Margins) -> County:
        own = census_figures(census, margins)
        all_figures = {**taken_over(census, one), **assumed(), **own, **(given or {})}
        figures = [all_figures[known] for known in schema() if known in all_figures]
        return County.parse(profile_text(_head(census, name), figures))

    margins, county = families_for(margins_of(census), make)
    return CensusProfile(county, one, margins.conflicts)


def features(census: CensusCounty) -> dict[str, float | None]:
    """What ``nearest`` compares, of a row of the census; ``None`` for what is blank there."""
    old = sum(
        persons
        for sex in ("male", "female")
        for group, persons in census.ages(sex).items()
        if int(group.split("-")[0].rstrip("+")) >= OLD
    )
    farming, cars = _share(census, "emp_agri_long", "emp_long"), _share(census, "hh_car_long", "hh_long")
    return {
        "urban among residents": census["urban"] / max(census["pop"], 1),
        "persons per family household": census["hh_size"],
        "one person among households": census["hh_1person"] / max(census["hh"], 1),
        "three and more generations among households": (census["hh_gen3"] + census["hh_gen4p"])
        / max(census["hh"], 1),
        "65 and over among residents": old / max(census["pop"], 1),
        "agriculture among the employed": farming,
        "households with a car": cars,
    }


def _share(census: CensusCounty, part: str, whole: str) -> float | None:
    """A share of the long form; ``None`` where it is blank."""
    if part in census.blank or not census[whole]:
        return None
    return round(census[part] / census[whole], 4)


def _head(census: CensusCounty, name: str) -> list[str]:
    zh = census.county
    place = f"{census.province}, {census.city}"
    return [
        f"# {zh} ({place}), code {census.code}, in 2020: built from the census by `microsim profile`.",
        "# Each figure: value, unit, source (cited | inferred | recalled | assumption), reference, note.",
        "# Figures that the census lacks are assumptions, taken from another county.",
        f"name: {{en: {_quoted(name)}, zh: {_quoted(zh)}}}",
        f'code: "{census.code}"',
        "year: 2020",
        "identification:",
        "  source: cited",
        *folded("reference", f"{_reference(census)}: {zh}, {census.city}, {census.province}", 2),
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _reference(census: CensusCounty) -> str:
    return f"2020 population census, tabulation by county, code {census.code}"


def census_figures(census: CensusCounty, margins: Margins) -> dict[str, SourcedValue]:
    """The figures that the census gives, cited or inferred, with what was reconciled in their notes."""
    where, found = _reference(census), {}
    notes: dict[str, list[str]] = {}
    for conflict in margins.conflicts:
        notes.setdefault(conflict.figure, []).append(conflict.note)
    moved = {
        conflict.figure for conflict in margins.conflicts if conflict.figure != "demography.family_persons"
    }

    def add(name: str, value: object, reference: str, source: str = "cited", note: str = "") -> None:
        full = f"demography.{name}" if "." not in name else name
        remarks = "; ".join([*([note] if note else []), *notes.get(full, [])])
        settled = "inferred" if full in moved else source
        spec = schema()[full]
        found[full] = SourcedValue(full, value, spec.unit, settled, reference, remarks, spec.meaning)

    add("residents", margins.residents, where)
    add("age_by_sex", margins.ages, where)
    add("family_households", margins.households, where)
    add("family_persons", margins.persons, where)
    add("mean_household_size", margins.mean_size, where)
    add("one_person_households", round(margins.one_person), where)
    add(
        "household_sizes",
        {size: round(share, 6) for size, share in margins.sizes.items()},
        f"{where} - one person {census['hh_1person']:,.0f} of {census['hh']:,.0f}. Others: the national "
        "shares of 2020 as remembered (29.68, 20.99, 13.17, 6.17, 3.06, and 1.0 and 0.5 for 7 and 8 and "
        f"more), raked so that {census['hh_pop']:,.0f} persons and the county's generations come out "
        "(docs/census.md)",
        "inferred",
    )
    three = f"three {census['hh_gen3']:,.0f}, four and more {census['hh_gen4p']:,.0f}"
    add(
        "generations",
        {name: round(count) for name, count in margins.generations.items()},
        f"{where} ({three})",
    )
    counted = [census[column] for column in ("hh_65p_one", "hh_65p_two", "hh_65p_three")]
    add(
        "elderly_households",
        {name: round(count, 1) for name, count in margins.elderly.items()},
        f"{where} - households with one, two, three and more persons of {OLD} and over: "
        f"{', '.join(f'{count:,.0f}' for count in counted)}",
    )
    add(
        "structure.generations_by_size",
        {
            size: {span: round(shares[span], 4) for span in SPANS}
            for size, shares in margins.generations_by_size.items()
        },
        f"{where} - a table of typical families, raked to the county's sizes and generations "
        f"(docs/census.md)",
        "inferred",
    )
    for name, part, whole, words in (
        ("work.employed_share", "emp_long", "pop15p_long", "employed of {} aged 15 and over"),
        ("work.farm_share", "emp_agri_long", "emp_long", "of {} employed in agriculture"),
        ("wealth.vehicle_share", "hh_car_long", "hh_long", "of {} households own a car"),
        ("wealth.no_home_share", "hh_rent_long", "hh_long", "of {} households rent"),
    ):
        share = _share(census, part, whole)
        if share is not None:
            counts = f"{census[part]:,.0f} {words.format(f'{census[whole]:,.0f}')}"
            add(name, share, f"2020 population census, long form, code {census.code} - {counts}")
    return found


def assumed() -> dict[str, SourcedValue]:
    """What neither the census nor a donor gives: assumptions for any county."""
    values = {
        "income.assistance": (NATIONAL_ASSISTANCE, _NATIONAL_REFERENCE),
        "assumptions.order_above_pensions": (1.0, _ABOVE_PENSIONS),
    }
    return {
        name: SourcedValue(
            name, value, schema()[name].unit, "assumption", reference, "", schema()[name].meaning
        )
        for name, (value, reference) in values.items()
    }


def taken_over(census: CensusCounty, donor: Donor) -> dict[str, SourcedValue]:
    """The donor's figures, as assumptions; sums of money of the whole county at its rate a resident."""
    ratio = census["pop"] / sum(donor.county.residents.values())
    out = {}
    for name, figure in donor.county.figures.items():
        if name.startswith(NOT_TAKEN_OVER):
            continue
        reference = Template(_TAKEN_OVER[figure.source]).substitute(donor=donor, reference=figure.reference)
        value, note = figure.value, ""
        if name.split(".")[1] in _PER_RESIDENT:
            value = float(round(figure.value * ratio, -4))
            note = (
                f"{figure.value:,.0f} yuan there, times {census['pop']:,.0f} residents over "
                f"{sum(donor.county.residents.values()):,.0f}"
            )
        out[name] = replace(figure, value=value, source="assumption", reference=reference, note=note)
    heating = out.get("circumstances.heating_area")
    if heating is not None:
        cold = float(census.code[:2] in _WINTER)
        north = "the province lies north of the heating line or on the plateau"
        reference = north if cold else "the province lies south of the heating line"
        value = {"rural": cold, "urban": cold}
        out["circumstances.heating_area"] = replace(heating, value=value, reference=reference)
    return out
