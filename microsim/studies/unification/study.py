"""One dibao line for town and country: what it costs as the rural line moves to the urban one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.engine.policy.policy import Policy
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.outcome import Outcome, flat_name, worded
from microsim.renamed import renamed_arguments
from microsim.scenario.grammar import ECONOMY, GROWTH_RANGE
from microsim.studies.common.uprating import Uprating, uprated, uprating
from microsim.studies.unification.year import LINE, RURAL, URBAN, Row, figures_of_year, outputs_of

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
    economy: Mapping[str, float]
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
        """``unify.2027.cost.dibao.rural`` -> value and unit, as in ``summary.json``."""
        return {
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
    economy: Mapping[str, float] | None = None,
    follow: bool = False,
    allow_unusual: bool = False,
    progress: Progress = lambda text: None,
) -> Unification:
    """Cost and caseload as the rural dibao line moves towards the urban one, beside the ratio held as it is.

    Parameters
    ----------
    policy : the law on a day. It is frozen: its rules and values hold in every year, except what its own
        changes date. With ``follow`` each year has the law of its own 31 December.
    paths : name -> changes (grammar of a scenario's ``changes``), usually ``{"dibao.line.rural": {"path":
        "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.62}, "to": {2027: 1.0}}}``. Until a path
        begins, the ratio is held. Unless it is given, the path ``as_is`` is added in front: the ratio from
        which the first path starts, for good; where no path is a ratio, that of the policy's own lines.
    years : first and last year (all years between them are taken), or more than two years one by one.
    economy : growth a year, as shares; what is not given does not grow. ``income_growth``: incomes and
        financial assets, from the county's year on. ``price_growth``: medical, school, rent and such spending
        (income growth where it is not given). ``revenue_growth``: general public budget revenue, from the
        county's year on. ``urban_line_growth``: the urban line, from the policy's year on (where it is not
        given, the line is that of the law). All else stays as it is: people, weights, other amounts of law.
    allow_unusual : whether a path may lead outside the observed range, as for ``Policy.reform``.

    Raises ``MicrosimError`` with every offence in paths, years and economy.
    """
    rates, law = dict(economy or {}), policy.date
    offences = [*_economy_offences(rates), *_policy_offences(policy)]
    chosen = _years(years, offences)
    if not paths:
        offences.append(
            Offence("no path is given", "paths", "for example {'unify': {'dibao.line.rural': {...}}}")
        )
    if offences or law is None:
        raise InputError(offences, title="the unification study cannot be made")
    base = _with_urban_growth(
        policy if follow else policy.frozen(), rates.get("urban_line_growth"), chosen, policy
    )
    start = _start_ratio(base, _reforms(base, paths, allow_unusual))
    held = base.reform(_held(start, chosen[0]), allow_unusual=True)
    policies = {AS_IS: held, **_reforms(held, paths, allow_unusual=True)}
    rows: list[Row] = []
    plan = uprating(population, base, rates, county.year)
    for year in chosen:
        progress(f"{year}")
        day = dt.date(year, 12, 31)
        held, policies = held.at(day), {name: policy.at(day) for name, policy in policies.items()}
        revenue = county.revenue * (1.0 + rates.get("revenue_growth", 0.0)) ** (year - county.year)
        rows += figures_of_year(uprated(population, plan, year), held, policies, year, revenue)
    import pandas as pd

    costs, recipients = outputs_of(held)
    return Unification(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
        paths=tuple(policies),
        years=chosen,
        law=law,
        policy=held,
        population=population,
        county=county,
        economy=rates,
        follow=follow,
        uprating=plan,
        outputs=(*costs["total"], *recipients.values()),
    )


def unify_scenario(scenario: Scenario, progress: Progress = lambda text: None) -> Unification:
    """The unification study of a scenario file: the path of its rural line against the ratio held.

    Raises ``MicrosimError`` with every offence, at its place in the file.
    """
    from microsim.documents import read_document

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
    county, population = scenario.county, scenario.population()
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
        allow_unusual=True,  # the file was checked when it was read
        progress=progress,
    )


def _economy_offences(rates: Mapping[str, Any]) -> list[Offence]:
    low, high = GROWTH_RANGE
    offences = []
    for name, rate in rates.items():
        if name not in ECONOMY:
            hint = did_you_mean(name, ECONOMY) or f"known: {', '.join(ECONOMY)}"
            offences.append(Offence(f"no such growth rate '{name}'", "economy", hint))
        elif isinstance(rate, bool) or not isinstance(rate, int | float) or not low <= rate <= high:
            offences.append(
                Offence(
                    f"{name} is {rate!r}, not a number from {low} to {high}", "economy", "6 % a year is 0.06"
                )
            )
    return offences


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


def _with_urban_growth(base: Policy, rate: float | None, years: Sequence[int], policy: Policy) -> Policy:
    """The urban line of the policy's day, grown into each year; untouched where no growth is given."""
    if rate is None:
        return base
    assert policy.date is not None
    start, since = float(policy.value(URBAN)), policy.date.year
    grown = {dt.date(year, 1, 1): start * (1.0 + rate) ** (year - since) for year in years}
    return base.reform({URBAN: {"on": grown}}, allow_unusual=True)


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
