"""One dibao line for town and country: what it costs as the rural line moves to the urban one."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from microsim.errors import InputError, MicrosimError, Offence
from microsim.outcome import Outcome, Ranges, flat_name, in_brackets, low_and_high, worded
from microsim.policy.paths.path import HELD_FROM_THE_START, Path
from microsim.policy.policy import Policy
from microsim.renamed import renamed_arguments
from microsim.scenario.economy import Economy
from microsim.scenario.grammar import MONTHS, YEAR_END, WithinYear
from microsim.scenario.practice.jump import LawJump
from microsim.scenario.uprating import Uprating, uprated, uprating
from microsim.studies.common.expenditure import account_of
from microsim.studies.financing.reading import Financing, book_of
from microsim.studies.projection.households import with_status
from microsim.studies.unification.carried import Flags, admitted, carrying_offences
from microsim.studies.unification.counted import with_counts
from microsim.studies.unification.following import cliffs_of, decided
from microsim.studies.unification.rows import Row
from microsim.studies.unification.year import LINE, RURAL, URBAN, Laws, Setting, figures_of_year

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import County, Population

Progress = Callable[[str], None]

CENT = 0.01  # yuan; sums of so many amounts are no more exact
AS_IS = "as_is"  # the path that everything is compared with: the ratio of the lines is held
COLUMNS = ("path", "year", "measure", "subject", "group", "value", "unit")


@dataclass(frozen=True, eq=False, repr=False)
class Unification(Outcome):
    """Cost and caseload of each path in each year.

    ``table`` is tidy: path, year, measure, subject, group, value, unit. Measures: ``line`` (yuan/year per
    person, by area), ``line_ratio`` (rural over urban), ``cost`` (in cash and in kind, as in ``run``) and
    ``caseload`` (by programme and area; the empty group is the county; subject ``total`` is all benefits),
    ``resident_share``, ``revenue``, ``revenue_share`` (of general public budget revenue), and ``extra_cost``
    (over the path ``as_is``). Others, each explained in docs/unification.md: ``automatic_cost``,
    ``paid``, ``extra_paid``, ``paid_revenue_share``, ``extra_paid_revenue_share``, ``county_share`` (average
    and marginal), ``county_cost_per_recipient``, ``line_gap``, ``benefit``, ``benefit_ratio``, ``poverty``
    and ``poverty_urban_line`` (shares of persons), ``poverty_gap`` (yuan/year), ``overtaking``; with a price
    parity the same ``_real``; ``standard`` and ``standard_ratio`` of other standards on a path; ``cliffs``.
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
    parity: float | None = None  # rural prices over urban ones
    carry_status: bool = False  # whether who was on dibao last year follows each path
    moved: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)  # of each path, as it was followed
    jump: LawJump | None = None  # what a law later than the county's figures changes before the first year
    last: Mapping[str, Policy] = field(default_factory=dict)  # path -> its law at the end of the last year
    ranges: Ranges = field(default_factory=dict)  # of figures of the summary, over the scenario's ensemble

    @cached_property
    def values(self) -> dict[tuple[str, int, str], float]:
        """(path, year, ``cost.dibao.rural``) -> value."""
        return {
            (path, year, flat_name(measure, subject, group)): value
            for path, year, measure, subject, group, value, _ in self.table.itertuples(index=False, name=None)
        }

    @property
    def exceptions(self) -> tuple[tuple[str, str, int, float], ...]:
        """Where the higher of two paths costs less: (higher, lower, year, yuan a year that it costs less).

        Of two paths whose rural line is at or above the other's in every year. Single-person admission makes
        such years: with a higher line a whole household qualifies, and its member no longer in its own right.
        """
        found = []
        for high, low in itertools.permutations(self.paths, 2):
            lines = [[self.values[p, year, "line.dibao.rural"] for year in self.years] for p in (high, low)]
            if all(a >= b for a, b in zip(*lines, strict=True)) and lines[0] != lines[1]:
                for year in self.years:
                    a, b = (self.values[p, year, "cost.total"] for p in (high, low))
                    if a < b - CENT:
                        found.append((high, low, year, b - a))
        return tuple(found)

    @property
    def headline(self) -> str:
        """What each path costs more than the ratio held, in the last year."""
        last = self.years[-1]
        extra = {path: self.values.get((path, last, "extra_cost.total")) for path in self.paths}
        said = [
            f"{path} {worded(cost, 'yuan/year')}{in_brackets(self.ranges, f'{path}.{last}.extra_cost.total')}"
            for path, cost in extra.items()
            if cost is not None
        ]
        return f"{self.years[0]} to {last}; additional expenditure in {last}: {', '.join(said) or 'none'}"

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``unify.2027.cost.dibao.rural`` -> value and unit, as in ``summary.json``.

        ``money.2027.incomes.rural``: what incomes were multiplied by; ``jump.*``: those of :class:`LawJump`;
        ``low.*`` and ``high.*``: the ends of ``ranges``.
        """
        before = {} if self.jump is None else self.jump.summary
        money = {
            name.replace("money.", f"money.{year}.", 1): said
            for year in self.years
            for name, said in self.uprating.money(year).summary.items()
        }
        figures = {
            f"{path}.{year}.{flat_name(measure, subject, group)}": {"value": value, "unit": unit}
            for path, year, measure, subject, group, value, unit in self.table.itertuples(
                index=False, name=None
            )
        }
        return before | money | figures | low_and_high(self.ranges)


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
    financing: str | os.PathLike[str] | Financing | None = None,
    price_parity: float | None = None,
    cliffs: bool = False,
    carry_status: bool = False,
    progress: Progress = lambda text: None,
) -> Unification:
    """Cost and caseload as the rural dibao line moves towards the urban one, beside the ratio held as it is.

    Args:
        policy: the law on a day. It is frozen: its rules and values hold in every year, except what its own
            changes date. With ``follow`` each year has its own law.
        paths: name -> changes (grammar of a scenario's ``changes``), usually ``{"dibao.line.rural": {"path":
            "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.62}, "to": {2027: 1.0}}}``. Until a
            path begins, the ratio is held. Unless it is given, the path ``as_is`` is added in front: the
            ratio from which the first path starts, for good; where no path is a ratio, that of the policy's
            own lines.
        years: first and last year (all years between them are taken), or more than two years one by one.
        economy: growth a year, as shares. ``income_growth``: incomes and financial assets, from the county's
            year on (or the one to which the population was carried already); left out, the national growth of
            incomes by area. ``price_growth``: medical, school, rent and such spending (left out: as incomes).
            ``revenue_growth``: general public budget revenue, from the county's year on, and
            ``urban_line_growth``: the urban line, from the policy's year on; they stay where they are not
            given. ``"none"``: all money stays. People, weights and other amounts of law stay in any case.
        within_year: ``"months"``: money counts every stretch of the year between dated changes with its
            months; ``"year_end"``: the law of 31 December counts for the whole year. Recipients are those of
            that day.
        allow_unusual: whether a path may lead outside the observed range, as for ``Policy.reform``.
        financing: a file of financing rules in place of the packaged ones, as for ``ms.ledger``. Grants that
            are a share of expenditure are those of the held ratio: they do not grow because a county raises
            its line.
        price_parity: rural prices over urban ones (0.85: a basket is 15 % cheaper in the country), for the
            figures in real support. Left out, there are none.
        cliffs: whether the notches of each path are searched for in the first and the last year, too.
        carry_status: whether households admitted to dibao in a year on a path (under its law of 31 December)
            are those on dibao last year in the next one: gradual exit and employment aid after dibao are open
            to them. Otherwise, and in the first year, the column ``dibao_last_year`` of the data holds.

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
    if price_parity is not None and not 0.0 < price_parity <= 3.0:
        hint = "0.85: what costs 100 yuan in town costs 85 in the country"
        offences.append(Offence(f"a price parity of {price_parity!r} is not usable", "price_parity", hint))
    book = book_of(financing)
    if carry_status:
        offences += carrying_offences(policy)
        if chosen and list(chosen) != list(range(chosen[0], chosen[-1] + 1)):
            hint = f"give the first and the last year: ({chosen[0]}, {chosen[-1]})"
            offences.append(
                Offence("status is carried from year to year, and years are left out", "years", hint)
            )
    if offences or law is None:
        raise InputError(offences, title="the unification study cannot be made")
    base = growth.urban_line_grown(policy, policy if follow else policy.frozen(), chosen)
    reforms = _reforms(base, paths, allow_unusual)
    _refuse_gaps(reforms, base, chosen)
    changes = _held(base, reforms, chosen[0])
    plain = base.reform(changes, allow_unusual=True)
    held = with_counts(base).reform(changes, allow_unusual=True)
    policies = {AS_IS: held, **_reforms(held, paths, allow_unusual=True)}
    standards = _standards(held, policies)
    alone = _with_line_alone(held, policies)
    setting = Setting(
        county, book, price_parity, standards, {path: name for path, (name, _) in alone.items()}
    )
    policies |= dict(alone.values())
    rows: list[Row] = []
    since = population.income_year if population.carried_to is not None else county.year
    plan = replace(uprating(population, base, growth), since=since)
    before: Sequence[Row] = ()
    on_dibao: Mapping[str, Flags] = {}
    for year in chosen:
        progress(f"{year}")
        policies = decided(policies, setting.alone or {}, before, year)
        end = Laws(1.0, held, policies).at(dt.date(year, 12, 31))
        held, policies = end.policy, dict(end.policies)
        laws = (end,) if within_year == YEAR_END else end.within(year)
        there, revenue = uprated(population, plan, year), growth.revenue(county, year)
        own = {name: with_status(there, flags, year) for name, flags in on_dibao.items()}
        before = figures_of_year(there, laws, year, revenue, setting, own)
        rows += before
        if carry_status:
            on_dibao = {name: admitted(there, one) for name, one in policies.items()}
        if cliffs and year in (chosen[0], chosen[-1]):
            rows += cliffs_of(there, {name: policies[name] for name in (AS_IS, *paths)}, year, own)
    import pandas as pd

    return Unification(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
        paths=(AS_IS, *(name for name in paths if name != AS_IS)),
        years=chosen,
        law=law,
        policy=plain.at(dt.date(chosen[-1], 12, 31)),
        population=population,
        county=county,
        economy=growth,
        follow=follow,
        uprating=plan,
        outputs=account_of(plain.at(dt.date(chosen[-1], 12, 31))).outputs,
        parity=price_parity,
        carry_status=carry_status,
        last={name: policies[name] for name in (AS_IS, *paths)},
        moved={name: policies[name].paths[len(held.paths) :] for name in paths},
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


def _held(base: Policy, reforms: Mapping[str, Policy], first: int) -> dict[str, Any]:
    """Changes that hold every ratio that a path moves, the dibao lines' in any case, from the first year on.

    The ratio is the one that the first path of it sets out from; else that of the policy's own values.
    """
    own = float(base.value(RURAL)) / float(base.value(URBAN))
    ratios: dict[str, tuple[str, float]] = {RURAL: (URBAN, own)}
    seen: set[str] = set()
    for policy in reforms.values():
        for path in policy.paths[len(base.paths) :]:
            if path.ratio_to is None or path.ratio_to[0] != path.target or path.name in seen:
                continue
            if path.shape not in HELD_FROM_THE_START:
                ratios[path.name] = (_other(path), path.start[1])
                seen.add(path.name)
            elif path.name not in ratios and path.target in base.values:
                there = float(base.value(_other(path)))
                ratios[path.name] = (_other(path), float(base.value(path.name)) / there if there else 0.0)
    return {
        name: {"path": "linear", "ratio_to": other, "from": {first - 1: ratio}, "to": {first: ratio}}
        for name, (other, ratio) in ratios.items()
    }


def _other(path: Path) -> str:
    """Dotted name of what a path is a ratio to."""
    assert path.ratio_to is not None
    return ".".join((path.ratio_to[0], *path.ratio_to[1]))


def _standards(base: Policy, policies: Mapping[str, Policy]) -> tuple[str, ...]:
    """Cells beside the dibao line that are by area and on a path, in the order of the paths."""
    paths = [path for policy in policies.values() for path in policy.paths[len(base.paths) :]]
    return tuple(
        dict.fromkeys(
            path.name
            for path in paths
            if path.target != LINE and base.parameters[path.target].by == ("area",) and path.categories
        )
    )


def _with_line_alone(held: Policy, policies: Mapping[str, Policy]) -> dict[str, tuple[str, Policy]]:
    """Path -> a name of its own, and its policy with the dibao line alone moved, where it moves more."""
    out = {}
    for name, policy in policies.items():
        own = policy.paths[len(held.paths) :]
        if name != AS_IS and (any(path.target != LINE for path in own) or policy.timelines != held.timelines):
            line = tuple(path for path in own if path.target == LINE)
            made = replace(held, paths=(*held.paths, *line))
            if LINE in policy.timelines and policy.timelines[LINE] is not held.timelines[LINE]:
                made = replace(made, timelines={**held.timelines, LINE: policy.timelines[LINE]})
            out[name] = (f"{name} (line alone)", made)
    return out


def _refuse_gaps(reforms: Mapping[str, Policy], base: Policy, years: Sequence[int]) -> None:
    """A conditional path looks at the year before: the years must follow one another."""
    if list(years) == list(range(years[0], years[-1] + 1)):
        return
    wrong = [
        Offence(
            "a conditional path looks at the year before, and years are left out",
            f"path {name}: {path.name}",
            f"give the first and the last year: ({years[0]}, {years[-1]})",
        )
        for name, policy in reforms.items()
        for path in policy.paths[len(base.paths) :]
        if path.condition is not None
    ]
    if wrong:
        raise InputError(wrong, title="the paths cannot be followed")
