"""What a county has: the figures of the user's table, and of province and archetype what the table lacks.

Every figure says where it is from: ``table`` (given by the user), ``province`` (a value in the province's
file, or remembered of it), ``archetype`` (that of the nearest archetype county, with the ratio of the lines
of the county's province).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from microsim.documents.supplied import supplied
from microsim.population.census.donor import nearest
from microsim.population.census.profile import features
from microsim.population.profile.figures import SourcedValue, schema
from microsim.scenario.province_file import province_named
from microsim.studies.financing.reading import packaged
from microsim.studies.mosaic.drawing import read_mosaic
from microsim.studies.nation.county_table import CountyRow
from microsim.studies.nation.provinces import places, province_code

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County
    from microsim.population.census.donor import Donor
    from microsim.population.census.tables import CensusCounty

TABLE, PROVINCE, ARCHETYPE = "table", "province", "archetype"
SOURCES = (TABLE, PROVINCE, ARCHETYPE)
AREAS = ("rural", "urban")
LINES = ("rural_line", "urban_line")
# Column of the table -> the figure of a profile that it replaces, and the area.
OF_PROFILE = {
    "rural_income": ("income.mean_disposable", "rural"),
    "urban_income": ("income.mean_disposable", "urban"),
    "revenue": ("public_finance.general_public_budget_revenue", ""),
    "expenditure": ("public_finance.general_public_budget_expenditure", ""),
}
FILLED = (*LINES, *OF_PROFILE)
_LOCAL = ("dibao.line", "low_income.local_income", "medical_insurance.pool_income")
_STEP = 12.0  # lines are whole yuan a month


@dataclass(frozen=True)
class Filled:
    """Figures of a county (yuan; ``FILLED``), where each is from, and who lent the others.

    ``practice``: how the archetype's office pays, as changes of the law.
    """

    figures: Mapping[str, float]
    sources: Mapping[str, str]
    donor: Donor
    practice: Mapping[str, Any]

    @property
    def lines(self) -> dict[str, float]:
        """Dibao line by area, yuan a year."""
        return {area: self.figures[f"{area}_line"] for area in AREAS}

    @property
    def incomes(self) -> dict[str, float]:
        """Mean disposable income by area, yuan a year."""
        return {area: self.figures[f"{area}_income"] for area in AREAS}

    @property
    def given(self) -> bool:
        """Whether both lines and both incomes are the user's."""
        asked = (*LINES, "rural_income", "urban_income")
        return all(self.sources[name] == TABLE for name in asked)


@cache
def practices() -> Mapping[str, Mapping[str, Any]]:
    """Archetype -> what its scenario changes of the law besides what is the county's own (lines, incomes)."""
    return {
        name: {key: change for key, change in changes.items() if key not in _LOCAL}
        for name, changes in _archetype_changes().items()
    }


@cache
def _archetype_changes() -> Mapping[str, Mapping[str, Any]]:
    root = supplied(["scenarios", "data/synthetic"])
    mosaic = read_mosaic(root / "data" / "synthetic" / "national-mosaic" / "mosaic.yaml")
    return {name: scenario.changes for name, scenario in mosaic.scenarios.items()}


def fill(census: CensusCounty, row: CountyRow, archetypes: Mapping[str, County], law: Policy) -> Filled:
    """The county's figures; ``law``: the policy of its province, on the day, without the county's changes."""
    donor = nearest(features(census), archetypes)
    given = row.numbers
    figures, sources = dict[str, float](), dict[str, str]()

    def add(name: str, value: float, source: str) -> None:
        figures[name], sources[name] = (given[name], TABLE) if name in given else (value, source)

    province = province_code(census.code, census.province)
    lines, source = _lines(province, donor.name, given, law)
    for area in AREAS:
        add(f"{area}_line", lines[area], source)
    residents = census["pop"] / sum(donor.county.residents.values())
    for name, (figure, area) in OF_PROFILE.items():
        value = donor.county[figure]
        per_resident = float(round(value * residents, -4)) if not area else 0.0
        add(name, float(value[area]) if area else per_resident, ARCHETYPE)
    return Filled(figures, sources, donor, practices()[donor.name])


def _lines(
    province: str, donor: str, given: Mapping[str, float], law: Policy
) -> tuple[dict[str, float], str]:
    """Lines of a county that gives none or one of them, and what they are made from."""
    place = places().get(province)
    own = province_lines(place.file if place else "", law)
    ratio = place.ratio if place else 1.0
    if own is not None:
        urban, ratio, source = own["urban"], own["urban"] / own["rural"], PROVINCE
    elif place is not None and place.urban_line is not None:
        urban, source = place.urban_line, PROVINCE
    else:
        urban, source = float(_archetype_changes()[donor]["dibao.line"]["by"]["urban"]), ARCHETYPE
    if "urban_line" in given:
        urban = given["urban_line"]
    elif "rural_line" in given:
        urban = round(given["rural_line"] * ratio / _STEP) * _STEP
    if own is not None and not set(LINES) & set(given):
        return own, source
    rural = urban if ratio == 1.0 else round(urban / ratio / _STEP) * _STEP
    return {"rural": rural, "urban": urban}, source


_province = cache(province_named)  # a packaged file, read for each of its counties


def province_lines(file: str, law: Policy) -> dict[str, float] | None:
    """The lines in a province's file where they hold on the day of ``law``."""
    if not file:
        return None
    if "dibao.line" not in _province(file).in_force(law):
        return None
    return {area: float(law.amount(f"dibao.line.{area}")) for area in AREAS}


def figures_given(filled: Filled, row: CountyRow) -> dict[str, SourcedValue]:
    """The figures of the table as those of a profile, cited; of a pair the one that lacks is the donor's."""
    out: dict[str, SourcedValue] = {}
    for figure in dict.fromkeys(name for name, _ in OF_PROFILE.values()):
        columns = [column for column, (name, _) in OF_PROFILE.items() if name == figure]
        if not any(column in row.numbers for column in columns):
            continue
        areas = {OF_PROFILE[column][1]: filled.figures[column] for column in columns}
        value: Any = areas.get("", areas)
        spec = schema()[figure]
        missing = [column for column in columns if column not in row.numbers]
        note = f"{missing[0]} is that of {filled.donor.name}" if missing else ""
        out[figure] = SourcedValue(figure, value, spec.unit, "cited", row.source, note, spec.meaning)
    return out


def zone_of(code: str, province: str, row: CountyRow) -> str:
    """The county's zone: that of the table, else the band of its province in the division of expenditure.

    ``province``: the first two digits of the province's code, which may not be those of ``code``.
    """
    return row.zone or packaged().zone(code) or packaged().zone(province)
