"""One dibao line for town and country: what it costs as the rural line moves to the urban one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from microsim.errors import InputError, MicrosimError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.policy.policy import Policy
from microsim.renamed import renamed_arguments
from microsim.scenario.economy import Economy
from microsim.scenario.grammar import MONTHS, YEAR_END, WithinYear
from microsim.scenario.uprating import Uprating, uprated, uprating
from microsim.studies.common.expenditure import account_of
from microsim.studies.unification.year import LINE, RURAL, URBAN, Laws, Row, figures_of_year

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import County, Population
    from microsim.scenario import Scenario

Progress = Callable[[str], None]

AS_IS = "as_is"  # the path that everything is compared with: the ratio of the lines is held
UNIFY = "unify"  # the path of a scenario file
COLUMNS = ("path", "year", "measure", "subject", "group", "value", "unit")


@dataclass(frozen=True, eq=False, repr=False)
class Unification(Outcome):
    """Cost and caseload of each path in each year.

    ``table`` is tidy: path, year, measure, subject, group, value, unit. Measures: ``line`` (yuan/year per
    person, by area), ``line_ratio`` (rural over urban), ``cost`` (in cash and in kind, as in ``run``) and
    ``caseload`` (by programme and area; the empty group is the county; subject ``total`` is all benefits),
    ``resident_share``, ``revenue``, ``revenue_share`` (of general public budget revenue), and ``extra_cost``
    (over the path ``as_is``).
    """

    table: pd.DataFrame
    paths: tuple[str, ...]
    years: tuple[int, ...]
    law: dt.date
    policy: Policy
    population: Population
    county: County
    economy: Economy
    follow: bool
    uprating: Uprating
    outputs: tuple[str, ...]

    @cached_property
    def values(self) -> dict[tuple[str, int, str], float]:
        """(path, year, ``cost.dibao.rural``) -> value."""
        return {
            (path, year, flat_name(measure, subject, group)): value
            for path, year, measure, subject, group, value, _ in self.table.itertuples(index=False, name=None)
        }

    @property
    def headline(self) -> str:
        """What each path costs more than the ratio held, in the last year."""
        last = self.years[-1]
        extra = {path: self.values.get((path, last, "extra_cost.total")) for path in self.paths}
        said = [f"{path} {worded(cost, 'yuan/year')}" for path, cost in extra.items() if cost is not None]
        return f"{self.years[0]} to {last}; additional expenditure in {last}: {', '.join(said) or 'none'}"

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``unify.2027.cost.dibao.rural`` -> value and unit, as in ``summary.json``.

        ``money.2027.incomes.rural``: what incomes were multiplied by.
        """
        money = {
            name.replace("money.", f"money.{year}.", 1): said
            for year in self.years
            for name, said in self.uprating.money(year).summary.items()
        }
        return money | {
            f"{path}.{year}.{flat_name(measure, subject, group)}": {"value": value, "unit": unit}
            for path, year, measure, subject, group, value, unit in self.table.itertuples(
                index=False, name=None
            )
        }


@renamed_arguments(tell="progress")
def unify(
    population: Population,
    policy: Policy,
    county: County,
    paths: Mapping[str, Mapping[str, Any]],
    years: Sequence[int],
    *,
    economy: Mapping[str, float] | Literal["none"] | Economy | None = None,
    follow: bool = False,
    within_year: WithinYear = MONTHS,
    allow_unusual: bool = False,
    progress: Progress = lambda text: None,
) -> Unification:
    """Cost and caseload as the rural dibao line moves towards the urban one, beside the ratio held as it is.

    Parameters
    ----------
    policy : the law on a day. It is frozen: its rules and values hold in every year, except what its own
        changes date. With ``follow`` each year has its own law.
    paths : name -> changes (grammar of a scenario's ``changes``), usually ``{"dibao.line.rural": {"path":
        "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.62}, "to": {2027: 1.0}}}``. Until a path
        begins, the ratio is held. Unless it is given, the path ``as_is`` is added in front: the ratio from
        which the first path starts, for good; where no path is a ratio, that of the policy's own lines.
    years : first and last year (all years between them are taken), or more than two years one by one.
    economy : growth a year, as shares. ``income_growth``: incomes and financial assets, from the county's
        year on (or the one to which the population was carried already); left out, the national growth of
        incomes by area. ``price_growth``: medical, school, rent and such spending (left out: as incomes).
        ``revenue_growth``: general public budget revenue, from the county's year on, and
        ``urban_line_growth``: the urban line, from the policy's year on; they stay where they are not given.
        ``"none"``: all money stays. People, weights and other amounts of law stay in any case.
    within_year : ``"months"``: money counts every stretch of the year between dated changes with its months;
        ``"year_end"``: the law of 31 December counts for the whole year. Recipients are those of that day.
    allow_unusual : whether a path may lead outside the observed range, as for ``Policy.reform``.

    Raises ``MicrosimError`` with every offence in paths, years, economy and ``within_year``.
    """
    law, offences = policy.date, _policy_offences(policy)
    if within_year not in (MONTHS, YEAR_END):
        hint = f"'{MONTHS}' or '{YEAR_END}'"
        offences.append(Offence(f"'{within_year}' is no way to count a year", "within_year", hint))
    growth = Economy()
    try:
        growth = Economy.of(economy)
    except InputError as error:
        offences = [*error.offences, *offences]
    chosen = _years(years, offences)
    if not paths:
        offences.append(
            Offence("no path is given", "paths", "for example {'unify': {'dibao.line.rural': {...}}}")
        )
    if offences or law is None:
        raise InputError(offences, title="the unification study cannot be made")
    base = growth.urban_line_grown(policy, policy if follow else policy.frozen(), chosen)
    start = _start_ratio(base, _reforms(base, paths, allow_unusual))
    held = base.reform(_held(start, chosen[0]), allow_unusual=True)
    policies = {AS_IS: held, **_reforms(held, paths, allow_unusual=True)}
    rows: list[Row] = []
    since = population.income_year if population.carried_to is not None else county.year
    plan = replace(uprating(population, base, growth), since=since)
    for year in chosen:
        progress(f"{year}")
        end = Laws(1.0, held, policies).at(dt.date(year, 12, 31))
        held, policies = end.policy, dict(end.policies)
        laws = (end,) if within_year == YEAR_END else end.within(year)
        revenue = growth.revenue(county, year)
        rows += figures_of_year(uprated(population, plan, year), laws, year, revenue)
    import pandas as pd

    return Unification(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
        paths=tuple(policies),
        years=chosen,
        law=law,
        policy=held,
        population=population,
        county=county,
        economy=growth,
        follow=follow,
        uprating=plan,
        outputs=account_of(held).outputs,
    )


def unify_scenario(scenario: Scenario, progress: Progress = lambda text: None) -> Unification:
    """The unification study of a scenario file: the path of its rural line against the ratio held.

    Raises ``MicrosimError`` with every offence, at its place in the file.
    """
    from microsim.documents import read_document

    scenario.refuse_budget("the study of unification")
    path = scenario.changes.get(RURAL)
    offences = []
    document = read_document(scenario.path)
    if scenario.years is None:
        offences.append(
            Offence(
                "'years' is missing", document.place(), "add the first and last year: years: [2021, 2027]"
            )
        )
    if not isinstance(path, Mapping) or "path" not in path:
        example = f"{RURAL}: {{path: linear, ratio_to: {URBAN}, from: {{2021: 0.62}}, to: {{2027: 1.0}}}}"
        offences.append(
            Offence(f"no path for {RURAL}", document.place("changes"), f"add to changes: {example}")
        )
    if offences or scenario.years is None or path is None:
        raise InputError(offences, title=f"{scenario.path.name} has no unification to study")
    progress("reading the county")
    county, population = scenario.county, scenario.population_as_given()
    scenario.money(population, scenario.years[-1])  # growth that is not known is refused at its line
    others = {name: change for name, change in scenario.changes.items() if name != RURAL}
    policy = scenario.law_of(scenario.law.date).reform(others, allow_unusual=True)
    return unify(
        population,
        policy,
        county,
        {UNIFY: {RURAL: path}},
        scenario.years,
        economy=scenario.economy,
        follow=scenario.law.follow,
        within_year=scenario.within_year,
        allow_unusual=True,  # the file was checked when it was read
        progress=progress,
    )


def _policy_offences(policy: Policy) -> list[Offence]:
    if policy.date is None:
        return [Offence("the policy has no date", "policy", "take one with Policy.load(date) or .at(date)")]
    line = policy.parameters.get(LINE)
    if line is None or LINE not in policy.values or line.by != ("area",):
        return [Offence(f"the policy has no parameter {LINE} by area on {policy.date}", "policy")]
    return []


def _years(years: Sequence[int], offences: list[Offence]) -> tuple[int, ...]:
    given = list(years)
    if not given or any(isinstance(year, bool) or not isinstance(year, int) for year in given):
        offences.append(Offence("years must be whole numbers", "years", "first and last: (2021, 2027)"))
        return ()
    if given != sorted(set(given)) and not (len(given) == 2 and given[0] == given[1]):
        offences.append(Offence(f"years are out of order: {given}", "years", "write them in ascending order"))
        return ()
    return tuple(range(given[0], given[-1] + 1)) if len(given) == 2 else tuple(given)


def _reforms(base: Policy, paths: Mapping[str, Mapping[str, Any]], allow_unusual: bool) -> dict[str, Policy]:
    """Path -> ``base`` with its changes. Raises with every offence of every path."""
    made: dict[str, Policy] = {}
    offences: list[Offence] = []
    for name, changes in paths.items():
        try:
            made[name] = base.reform(changes, allow_unusual=allow_unusual)
        except MicrosimError as error:
            offences += [Offence(o.message, f"path {name}: {o.place}", o.hint) for o in error.offences]
    if offences:
        raise InputError(offences, title="the paths cannot be followed")
    return made


def _start_ratio(base: Policy, reforms: Mapping[str, Policy]) -> float:
    """The ratio that the first path starts from, else the ratio of the policy's own lines."""
    for policy in reforms.values():
        for path in policy.paths[len(base.paths) :]:
            if (path.target, path.categories) == (LINE, ("rural",)) and path.ratio_to == (LINE, ("urban",)):
                return path.start[1]
    return float(base.value(RURAL)) / float(base.value(URBAN))


def _held(ratio: float, first: int) -> dict[str, Any]:
    """Changes that hold the ratio from the first year on."""
    return {RURAL: {"path": "linear", "ratio_to": URBAN, "from": {first - 1: ratio}, "to": {first: ratio}}}
