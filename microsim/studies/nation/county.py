"""One county of the nation: made from the census, and every scenario, the curve of lines and cliffs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.policy.policy import Policy
from microsim.population.census.donor import read_archetypes
from microsim.population.census.profile import build_profile
from microsim.population.synthesis.sample import SynthesisReport, synthesize_sample
from microsim.scenario.economy import Economy
from microsim.scenario.province_file import province_named
from microsim.scenario.uprating import uprated, uprating
from microsim.simulation import totals_under
from microsim.studies.cliffs.search import cliffs
from microsim.studies.common.expenditure import Account, account_of
from microsim.studies.common.poverty import national_line
from microsim.studies.nation.county_table import CountyTable
from microsim.studies.nation.filling import AREAS, SOURCES, Filled, figures_given, fill, practices
from microsim.studies.nation.provinces import places, province_code
from microsim.studies.nation.reading import Case, Nation
from microsim.studies.unification.counted import (
    counted_below_urban,
    counted_poor,
    counted_urban_gap,
    with_counts,
)

if TYPE_CHECKING:
    from microsim.population import County, Population
    from microsim.population.census.tables import CensusTable

Floats = NDArray[np.float64]
Row = tuple[str, str, str, str, float, str]  # scenario, measure, subject, group, value, unit
REDRAWS, APART = 3, 1_000_003  # other seeds that are tried, and how far apart they are
MADE, CURVE, CLIFFS = "made", "curve", "cliffs"  # in place of a scenario: what is said of the county itself
POOR, GAP, BELOW = counted_poor.name, counted_urban_gap.name, counted_below_urban.name
PERSONS, YUAN, SHARE = "persons", "yuan/year", "1"
# Figures of the search for cliffs that are kept, of those in `studies/cliffs/indicators.py`.
KEPT = ("members_walked", "facing_notch_within_1000", "facing_notch", "mean_loss", "share_in_dead_zone")


@dataclass(frozen=True)
class Shared:
    """What all counties share: the file, the census, the table, the archetypes; laws made once by province.

    ``cliffs``: whether they are searched for; ``keep``: a folder in which each population is kept.
    """

    nation: Nation
    census: CensusTable = field(repr=False)
    table: CountyTable
    households: int
    seed: int
    cliffs: bool = True
    keep: str = ""
    _laws: dict[tuple[str, str], Policy] = field(default_factory=dict, repr=False)

    @cached_property
    def archetypes(self) -> Mapping[str, County]:
        return read_archetypes()

    @cached_property
    def _law(self) -> Policy:
        return with_counts(Policy.load(self.nation.day))

    @cached_property
    def account(self) -> Account:
        return account_of(self._law)

    def law(self, province: str, archetype: str = "") -> Policy:
        """The law of the day as an archetype's office practises it, with the values of the province."""
        key = (province, archetype)
        if key not in self._laws:
            law = self._law
            if archetype and practices()[archetype]:
                law = law.reform(practices()[archetype], allow_unusual=True)
            place = places().get(province)
            if place is not None and place.file:
                law = province_named(place.file).over(law)
            self._laws[key] = law
        return self._laws[key]


@dataclass(frozen=True)
class Made:
    """A county as it is in memory: its households in the money of the law, its own law, and what it rests on.

    ``miss``: the largest relative miss of a margin; ``redrawn``: how often it was drawn again.
    """

    population: Population = field(repr=False)
    present: Policy = field(repr=False)
    filled: Filled
    miss: float
    redrawn: int = 0


def county_rows(shared: Shared, code: str, threads: int | None = 1) -> list[Row]:
    """Every figure of the county with that code, made from the census and kept nowhere else.

    Raises ``MicrosimError`` where its row is damaged or no county can be made of it.
    """
    made = make(shared, code)
    rows = [*of_county(made), *of_laws(shared, made, threads)]
    return rows + of_cliffs(made, threads) if shared.cliffs else rows


def make(shared: Shared, code: str) -> Made:
    """The county with that code: its profile, its households, and the law as it is applied there."""
    census, row = shared.census.find(code), shared.table.of(code)
    province = province_code(code, census.province)
    filled = fill(census, row, shared.archetypes, shared.law(province))
    profile = build_profile(census, filled.donor, given=figures_given(filled, row)).county
    population, report, redrawn = _drawn(profile, shared)
    if shared.keep:
        population.write(f"{shared.keep}/{code}")
    present = _present(shared.law(province, filled.donor.name), shared.nation, filled, profile)
    population = _carried(population, present, shared.nation.day.year)
    return Made(population, present, filled, float(np.abs(report.margins.misses).max()), redrawn)


def _drawn(profile: County, shared: Shared) -> tuple[Population, SynthesisReport, int]:
    """The county's households. In few samples a rare kind of person lacks, and no weights meet all margins:
    then another one is drawn.
    """
    for again in range(REDRAWS):
        with suppress(DataError):
            return (*synthesize_sample(profile, shared.seed + again * APART, shared.households), again)
    return (*synthesize_sample(profile, shared.seed + REDRAWS * APART, shared.households), REDRAWS)


def of_cliffs(made: Made, threads: int | None = 1) -> list[Row]:
    """What households face along a member's wage under the present law, by area and of the county."""
    found = cliffs(made.population, made.present, threads=threads).indicators.rows
    wanted = {f"cliffs.{name}" for name in KEPT}
    return [
        (CLIFFS, one.measure.removeprefix("cliffs."), "", one.group, one.value, one.unit)
        for one in found
        if one.measure in wanted and one.group in ("", *AREAS)
    ]


def _present(law: Policy, nation: Nation, filled: Filled, profile: County) -> Policy:
    """The county's own law: practice, province, its lines, and its incomes where the law refers to them."""
    lines, incomes, residents = filled.lines, filled.incomes, profile.residents
    mean = sum(incomes[area] * residents[area] for area in AREAS) / sum(residents.values())
    changes: dict[str, Any] = {
        "dibao.line": {"by": lines},
        "low_income.local_income": {"by": incomes},
        "medical_insurance.pool_income": round(mean),
        "counted.urban_line": lines["urban"],
    }
    national = national_line().at(nation.day)
    if national is not None:
        changes["counted.national_line"] = float(national.value)
    return law.reform(changes, allow_unusual=True)


def _carried(population: Population, policy: Policy, year: int) -> Population:
    """Households in the money of the law's year, by the national growth of incomes."""
    if population.income_year in (None, year):
        return population
    return uprated(population, uprating(population, policy, Economy()), year)


def of_county(made: Made) -> list[Row]:
    """Residents, what the county was made with, and where each figure is from (its place in ``SOURCES``)."""
    population, filled, miss = made.population, made.filled, made.miss
    persons = np.asarray(population.weight) * np.diff(population.offsets)
    codes = np.asarray(population.household_columns["area"])
    by_area = np.bincount(codes, persons, len(AREAS))
    names = population.categories["area"]
    rows: list[Row] = [
        (MADE, "residents", "", area, float(by_area[k]), PERSONS) for k, area in enumerate(names)
    ]
    rows += [
        (MADE, "residents", "", "", float(by_area.sum()), PERSONS),
        (MADE, "households", "", "", float(np.asarray(population.weight).sum()), "households"),
        (MADE, "largest_miss", "", "", miss, SHARE),
        (MADE, "donor", filled.donor.name, "", float(filled.donor.distance or 0.0), "standard deviations"),
    ]
    if made.redrawn:
        rows.append((MADE, "redrawn", "", "", float(made.redrawn), ""))
    for name, value in filled.figures.items():
        rows.append((MADE, name, "", "", value, YUAN))
        rows.append((MADE, "source", name, "", float(SOURCES.index(filled.sources[name])), ""))
    return rows


def of_laws(shared: Shared, made: Made, threads: int | None = 1) -> list[Row]:
    """The scenarios, and the curve of lines from the present ratio to one: one pass over the households."""
    present, lines = made.present, made.filled.lines
    ratio = min(lines["rural"] / lines["urban"], 1.0)
    ratios = np.linspace(ratio, 1.0, shared.nation.unify.ratios)
    policies = [_under(present, case) for case in shared.nation.cases]
    policies += [_with_line(present, max(float(r) * lines["urban"], lines["rural"])) for r in ratios]
    account = shared.account
    outputs = [*account.outputs, POOR, BELOW, GAP]
    sums, areas = totals_under(made.population, present, policies, outputs, threads=threads)
    if not np.isfinite(sums).all():
        raise DataError([Offence(f"a sum of '{outputs[k]}' is not a number") for k in _wrong(sums)])
    totals = {rule: dict(zip(areas, sums[k], strict=True)) for k, rule in enumerate(outputs)}
    rows = _of_cases(shared.nation.cases, policies, account, totals)
    return rows + list(_of_curve(ratios, len(shared.nation.cases), account, totals))


def _wrong(sums: Floats) -> list[int]:
    return [int(k) for k in np.flatnonzero(~np.isfinite(sums).all(axis=(1, 2)))]


def _under(present: Policy, case: Case) -> Policy:
    """The county's law under a scenario. (Each changes the line, so that all counties share a kernel.)"""
    policy = present.reform(case.changes, allow_unusual=True) if case.changes else present
    rural, urban = (float(policy.amount(f"dibao.line.{area}")) for area in AREAS)
    return _with_line(policy, max(rural, (case.least_ratio or 0.0) * urban))


def _with_line(policy: Policy, rural: float) -> Policy:
    return policy.reform({"dibao.line": {"by": {"rural": rural}}}, allow_unusual=True)


def _of_cases(
    cases: Sequence[Case], policies: Sequence[Policy], account: Account, totals: Mapping[str, Any]
) -> list[Row]:
    """Lines, cost, recipients and the poor of each scenario by area and of the county."""
    cost, caseload = account.cost(totals), account.caseload(totals)
    counted = {"poor": (totals[POOR], PERSONS), "gap": (totals[GAP], YUAN), "below": (totals[BELOW], PERSONS)}
    rows: list[Row] = []
    for s, case in enumerate(cases):
        for area in AREAS:
            value = float(policies[s].amount(f"dibao.line.{area}"))
            rows.append((case.name, "line", "dibao", area, value, YUAN))
        for subject in ("dibao", "total"):
            by = cost.get(subject, {})
            rows += [(case.name, "cost", subject, area, float(v[s]), YUAN) for area, v in by.items()]
        by = caseload.get("dibao", {})
        rows += [(case.name, "caseload", "dibao", area, float(v[s]), PERSONS) for area, v in by.items()]
        for name, (by_area, unit) in counted.items():
            values = {area: float(v[s]) for area, v in by_area.items()}
            rows += [(case.name, "counted", name, area, v, unit) for area, v in values.items()]
            rows.append((case.name, "counted", name, "", sum(values.values()), unit))
    return rows


def _of_curve(ratios: Floats, first: int, account: Account, totals: Mapping[str, Any]) -> list[Row]:
    """Additional expenditure over the present line, and what rural persons lack to the urban line."""
    cost, gap = account.cost(totals)["total"][""], totals[GAP]["rural"]
    rows: list[Row] = []
    for k, ratio in enumerate(ratios):
        at = first + k
        rows += [
            (CURVE, "ratio", str(k), "", float(ratio), SHARE),
            (CURVE, "extra", str(k), "", float(cost[at] - cost[first]), YUAN),
            (CURVE, "gap", str(k), "", float(gap[at]), YUAN),
        ]
    return rows
