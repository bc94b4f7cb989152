"""The baseline study: a county under the law of a day: expenditure, recipients and remaining poverty."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from microsim.outcome import Outcome, Ranges, in_brackets, low_and_high, worded
from microsim.population.core.columns import RECORDED
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.common.benefits import parts as benefit_parts
from microsim.studies.common.effects import idle_changes
from microsim.studies.common.expenditure import (
    SUMS,
    TOTAL,
    Account,
    ByArea,
    account_of,
    by_area,
    reached_by_area,
    with_county,
)
from microsim.studies.common.hardship import add_hardship
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.lacking import lacking_columns
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.paper import paper_figures
from microsim.studies.common.poverty import add_inequality, add_poverty, poverty_lines
from microsim.studies.common.rationing.figures import cap_figures
from microsim.studies.common.rationing.study import Rationing, needed, ration
from microsim.studies.common.typical_family import NEEDED, TypicalFamily, typical_family
from microsim.studies.common.within_year import (
    MONTHS,
    Part,
    account_over,
    over_year,
    parts_of,
    stretches_of,
    whole,
)

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import County, Population
    from microsim.scenario import Scenario
    from microsim.scenario.economy import Money
    from microsim.scenario.idle import Idle
    from microsim.simulation import Result
    from microsim.simulation.ignored import Ignored

Progress = Callable[[str], None]
# What the headline says of the county, by name of the indicator.
_SAID = {
    "caseload.dibao": "dibao recipients",
    "cost.total": "expenditure of all programmes",
    "poverty.headcount_before": "poverty rate before assistance",
    "poverty.headcount": "poverty rate after",
}
YUAN, PERSONS, HOUSEHOLDS, SHARE = "yuan/year", "persons", "households", "1"
PERSON_MONTHS = "person-months"
BY_MONTHS = "a year counted by months (within_year: year_end counts one law)"  # has no caps


@dataclass(frozen=True, eq=False, repr=False)
class RunResult(Outcome):
    """A scenario's outcome: the figures, what they were computed from, and what they rest on.

    ``policy`` and ``population`` are the law and the households as the scenario gives them. ``result`` is
    what is paid: where a cap of the scenario binds, it is of a law with gates and of households of which some
    are split (``rationing``; None where the scenario has no caps).
    ``county`` is None for a population without a profile: then nothing is shown as a share of revenue.
    """

    scenario: Scenario
    county: County | None
    policy: Policy
    population: Population
    result: Result
    indicators: Indicators
    family: TypicalFamily | None
    lines: Mapping[str, Mapping[str, float]]
    parts: tuple[Part, ...]  # of the year, over which money is counted; one of them has ``result``
    rationing: Rationing | None = None
    ranges: Ranges = field(default_factory=dict)  # over the scenario's ensemble (``studies/ensemble``)

    @cached_property
    def money(self) -> Money:
        """In whose year's money the figures are."""
        return self.scenario.money(self.population)

    @cached_property
    def expenditure(self) -> pd.DataFrame:
        """Every payment of the law: programme, form (cash, kind, wage, dividend), rule, payer, timing, area,
        value, cash_paid, unit.
        """
        account = account_over(part.result.policy for part in self.parts)
        return account.table(over_year(self.parts, (p.rule for p in account.payments)), self.policy)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Numbers that no document supports, and the scenario's changes."""
        return assumptions_in_use(self.policy, self.population, self.result.outputs, self.county, self.money)

    @cached_property
    def lacking(self) -> Mapping[str, tuple[str, ...]]:
        """Columns that the county lacks, with the programmes affected."""
        return lacking_columns(self.policy, self.population, self.result.outputs)

    @cached_property
    def ignored(self) -> Mapping[str, Ignored]:
        """Columns of the county that are not used, each with the reason."""
        from microsim.simulation import ignored_columns

        return ignored_columns(self.policy, self.population)

    @cached_property
    def idle(self) -> list[Idle]:
        """Parts of the scenario that altered no figure, and why."""
        law = self.result if self.rationing is None else self.rationing.before
        return idle_changes(self.scenario, law, list(law.arrays))

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Flat name -> ``{"value", "unit"}``, as in ``summary.json``."""
        return {**self.money.summary, **self.indicators.summary(), **low_and_high(self.ranges)}

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: measure, subject, group, value, unit, paper, difference (as a share of the paper's)."""
        return self.indicators.table()

    @property
    def headline(self) -> str:
        """Recipients of dibao, expenditure of all programmes, and poverty, as far as they were asked for."""
        said = [
            f"{label} {worded(f.value, f.unit)}{in_brackets(self.ranges, f.name)}"
            for f in self.indicators.rows
            if (label := _SAID.get(f.name))
        ]
        if self.ranges:
            said.append(f"in brackets the range over {len(self.scenario.ensemble)} calibrations")
        return "; ".join([f"{self.scenario.name}, law of {self.scenario.day}", *said, self.money.headline])


@runtime_checkable
class Compared(Protocol):
    """Two runs side by side, as comparisons are."""

    base: RunResult
    reform: RunResult


def run_scenario(
    scenario: Scenario,
    progress: Progress = lambda text: None,
    beside: RunResult | None = None,
    population: Population | None = None,
) -> RunResult:
    """Apply a scenario's law to its county, or to a ``population`` in its place, in the scenario's money.

    ``progress`` is called with the name of each of the four steps as it begins. ``beside`` is the run that
    this one is compared with: where both are of one county its households are read once, and the same family
    is followed. The source paper's figures are shown for what it describes, and so not for a scenario with a
    base. Raises ``MicrosimError`` as loading the county and simulating do.
    """
    from microsim.simulation import simulate

    progress("reading the county")
    same = beside is not None and beside.scenario.county_path == scenario.county_path
    county = beside.county if beside is not None and same else scenario.profile
    if population is None:
        shared = beside is not None and same and scenario.money(beside.population).same_as(beside.money)
        population = beside.population if beside is not None and shared else scenario.population()
    policy = scenario.policy()
    stretches = stretches_of(scenario, policy)
    if len(stretches) > 1:
        scenario.refuse_budget(BY_MONTHS)
    outputs = tuple(dict.fromkeys([*baseline_outputs(policy), *needed(scenario.budget)]))
    progress("applying the law")
    law = simulate(population, policy, outputs=outputs, warn=False)
    rationing = ration(law, scenario.budget, outputs) if scenario.budget else None
    result = law if rationing is None else rationing.result
    progress("measuring")
    described = county is not None and scenario.base is None
    indicators = Indicators(paper_figures(county, scenario.year) if county is not None and described else {})
    revenue = None if county is None else scenario.economy.revenue(county, scenario.year)
    if rationing is None:
        parts = parts_of(population, stretches, result, baseline_outputs)
    else:
        parts = (Part(stretches[0].since, 1.0, result),)
    add_figures(indicators, result, scenario.outputs, revenue, parts)
    lines = poverty_lines(policy, population.categories.get("area", ()))
    for figure in cap_figures(rationing, lines) if rationing is not None else ():
        indicators.add(*figure)
    progress("varying a family's earnings")
    family = None
    if "budget" in scenario.outputs and set(NEEDED) <= set(policy.rules):
        followed = beside.family.household_id if beside is not None and same and beside.family else None
        family = typical_family(population, policy, law, followed)
    return RunResult(
        scenario, county, policy, population, result, indicators, family, lines, parts, rationing
    )


def add_figures(
    indicators: Indicators,
    result: Result,
    wanted: Collection[str],
    revenue: float | None,
    parts: Sequence[Part] = (),
) -> None:
    """The figures of the parts ``wanted`` (keys of a scenario's ``outputs:``) of a law on its households.

    ``revenue`` of the county is in yuan/year; without it nothing is shown as a share of it. Money is counted
    over the ``parts`` of the year (left out: the law holds all year), all else under the law of ``result``.
    """
    policy = result.policy
    population: Population = result.population  # type: ignore[assignment]
    parts = parts or parts_of(population, (whole(policy),), result, baseline_outputs)
    areas, account = population.categories.get("area", ()), account_of(policy)
    if not {"caseload", "cost"}.isdisjoint(wanted):
        of_year = account_over(part.result.policy for part in parts)
        totals = over_year(parts, (*(p.rule for p in of_year.payments), *of_year.recipients.values()))
        if "caseload" in wanted:
            _add_caseload(indicators, account, result)
            _add_months(indicators, of_year.caseload(totals))
        if "cost" in wanted:
            _add_cost(indicators, of_year, totals, parts, revenue)
        _add_recorded(indicators, population, _households_by(population, areas))
    if "poverty" in wanted:
        add_poverty(indicators, result, poverty_lines(policy, areas))
    if "inequality" in wanted:
        add_inequality(indicators, result)
    if "hardship" in wanted:
        add_hardship(indicators, result, poverty_lines(policy, areas))


def _households_by(population: Population, areas: tuple[str, ...]) -> dict[str, NDArray[np.bool_]]:
    """Masks of households: each area, and all of them under the empty name."""
    codes = population.household_columns["area"] if areas else None
    masks = {area: codes == i for i, area in enumerate(areas)} if codes is not None else {}
    return {**masks, "": np.ones(population.n_households, dtype=bool)}


def _add_caseload(indicators: Indicators, account: Account, result: Result) -> None:
    """Recipients, households with a recipient, and recipients as a share of residents."""
    residents = with_county(by_area(result, "household_size"))
    for group, persons in residents.items():
        indicators.add("residents", "", group, persons, PERSONS)
    caseload = account.caseload({rule: by_area(result, rule) for rule in account.recipients.values()})
    for name, recipients in caseload.items():
        for group, persons in recipients.items():
            indicators.add("caseload", name, group, persons, PERSONS)
        for group, reached in with_county(reached_by_area(result, account.recipients[name])).items():
            indicators.add("households", name, group, reached, HOUSEHOLDS)
        for group, persons in recipients.items():
            if residents[group]:
                indicators.add("resident_share", name, group, persons / residents[group], SHARE)


def _add_months(indicators: Indicators, caseload: Mapping[str, Mapping[str, float]]) -> None:
    """The months of the year for which persons received each programme: 12 for a recipient of all year."""
    for name, recipients in caseload.items():
        for group, persons in recipients.items():
            indicators.add("person_months", name, group, MONTHS * persons, PERSON_MONTHS)


def _add_recorded(
    indicators: Indicators, population: Population, households: Mapping[str, NDArray[np.bool_]]
) -> None:
    """Dibao that the data say was received, beside the computed one; nothing where they do not say.

    It is in no income of the law, and stays in the money of the data.
    """
    if RECORDED in population.defaulted:
        return
    received = np.asarray(population.household_columns[RECORDED])
    weights = np.asarray(population.weight)
    sizes = np.diff(population.offsets)
    for group, mask in households.items():
        persons = float(np.sum((weights * sizes)[mask & (received > 0)]))
        indicators.add("caseload_recorded", "dibao", group, persons, PERSONS)
        indicators.add("cost_recorded", "dibao", group, float(np.sum((weights * received)[mask])), YUAN)


def _add_cost(
    indicators: Indicators,
    account: Account,
    totals: Mapping[str, ByArea],
    parts: Sequence[Part],
    revenue: float | None,
) -> None:
    """Expenditure of the year by programme, area and part, per recipient (their mean over the year), in cash
    and kind, and, where it is known, as a share of revenue.
    """
    cost, recipients = account.cost(totals), account.caseload(totals)
    for name, costs in cost.items():
        if name in SUMS:
            continue
        for group, amount in costs.items():
            indicators.add("cost", name, group, amount, YUAN)
        for group, persons in recipients.get(name, {}).items():
            if persons:
                indicators.add("cost_per_recipient", name, group, costs[group] / persons, YUAN)
        if revenue is not None:
            for group, amount in costs.items():
                indicators.add("revenue_share", name, group, amount / revenue, SHARE)
    for name, within in account.within_market_income(totals).items():
        for group, amount in within.items():
            indicators.add("within_market_income", name, group, amount, YUAN)
    for part, amount in _signed_parts(parts).items():
        indicators.add("cost_part", part, "", amount, YUAN)
    for name in SUMS:
        for group, amount in cost[name].items():
            indicators.add("cost", name, group, amount, YUAN)
            if name == TOTAL and revenue is not None:
                indicators.add("revenue_share", name, group, amount / revenue, SHARE)
    if revenue is not None:
        indicators.add("revenue", "general_public_budget", "", revenue, YUAN)


def _signed_parts(parts: Sequence[Part]) -> dict[str, float]:
    """What benefits are made of -> its total of the year."""
    out: dict[str, float] = {}
    for one in parts:
        for name, sign in benefit_parts(one.result.policy).items():
            total = sum(by_area(one.result, name).values())
            out[name] = out.get(name, 0.0) + one.share * sign * total
    return out
