"""The ledger of a county: who pays each yuan of assistance, and what one more yuan costs whom."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import Outcome, Ranges, flat_name, in_brackets, low_and_high, worded
from microsim.studies.common.baseline import Compared, RunResult, run_scenario
from microsim.studies.common.expenditure import Account, by_area
from microsim.studies.common.paper import paper_figures
from microsim.studies.common.payers import GOVERNMENT, sources
from microsim.studies.common.within_year import Stretch, account_over, over_year
from microsim.studies.ensemble.study import figures_under, ranges_of
from microsim.studies.financing.reading import Dated, Financing, rules_of
from microsim.studies.financing.rules import CENTRE, COUNTY, LEVELS, Amount, Rule, Task, added_by, split
from microsim.studies.ledger.cells import cells
from microsim.studies.ledger.central import Tilted, tilted
from microsim.studies.ledger.checking import check_financing
from microsim.studies.ledger.margins import (
    DIBAO,
    Moved,
    keys_of,
    moved,
    moved_within,
    recipient_cost,
    tasks_of,
)
from microsim.studies.ledger.pooling import Member, Pooled, present_total
from microsim.studies.ledger.ratios import MEANINGS, Paid, Ratio, ratios
from microsim.studies.ledger.source import runs_of, scenario_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import County, Population
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
CENTRAL_INCREASE = "central_increase"  # what new central money adds to expenditure, as a programme
YUAN, PERSONS, SHARE = "yuan/year", "persons", "1"
COLUMNS = (
    "year", "programme", "area", "tier", "payer", "cost", "within_market_income", "caseload", "person_months",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Ledger(Outcome):
    """Who pays for a run.

    ``levels``: financing key -> level -> rule, with sums that hang on a base settled at that base, whose
    tasks are ``anchor``. ``rules``: financing key -> the dated rule in force, or None where there is none.
    ``keys``: programme -> financing key; ``tasks``: financing key -> what budgets pay of it, and its
    recipients (their mean over the year).
    """

    run: RunResult
    county: County
    financing: Financing
    rules: Mapping[str, Dated | None]
    levels: Mapping[str, Mapping[str, Rule]]
    account: Account
    keys: Mapping[str, str]
    tasks: Mapping[str, Task]
    anchor: Mapping[str, Task]
    increases: Mapping[str, Tilted] = field(default_factory=dict)
    pool: Pooled | None = None
    ranges: Ranges = field(default_factory=dict)  # over the scenario's ensemble (``studies/ensemble``)

    @cached_property
    def shares(self) -> Mapping[str, Mapping[str, Amount]]:
        """Financing key -> level -> what it pays, and of one more yuan or recipient.

        New central money is in it as far as it replaces the county's own.
        """
        return {key: self.split(key, task) for key, task in self.tasks.items()}

    def split(self, key: str, task: Task) -> Mapping[str, Amount]:
        """Level -> what it would pay of another task, under this ledger's rules and new central money."""
        tilted = self.increases.get(key)
        return split(self.levels[key], task, None if tilted is None else tilted.increase)

    @cached_property
    def added(self) -> Mapping[str, Amount]:
        """Financing key -> new central money that is spent on top of present expenditure."""
        return {key: self.added_by(key, self.tasks[key]) for key in self.increases}

    def added_by(self, key: str, task: Task) -> Amount:
        """What new central money adds to another task."""
        return added_by(self.levels[key], task, self.increases[key].increase)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: year, programme, area, tier, payer, cost, within_market_income, caseload, person_months.

        ``cost`` (yuan a year) adds up to ``cost.total`` of the run, and to what new central money adds, which
        is the programme ``central_increase``; ``within_market_income`` are wages of
        posts and dividends, which are in no cost. ``payer`` is a level of budget, or whoever else pays.
        ``tier`` is the household's. ``caseload`` (persons on the scenario's day) and ``person_months`` (of
        the year) are those of programme, area and tier: the same on the row of each of its payers, and empty
        where the law does not say who the recipients are.
        """
        import pandas as pd

        year, rows = self.run.scenario.year, []
        for cell in cells(self.run.parts, self.run.result, self.account):
            for payer, share in self._payers(cell.programme, cell.payer):
                said = (year, cell.programme, cell.area, cell.tier, payer)
                people = cell.caseload, cell.person_months
                rows.append((*said, cell.cost * share, cell.within * share, *people))
        for key, added in self.added.items():
            for group, share in self.increases[key].groups.items():
                if added.value * share:
                    said = (year, CENTRAL_INCREASE, *group, CENTRE)
                    rows.append((*said, added.value * share, 0.0, float("nan"), float("nan")))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _payers(self, programme: str, payer: str) -> list[tuple[str, float]]:
        if payer != GOVERNMENT:
            return [(payer, 1.0)]
        key = self.keys[programme]
        cost, paid = self.tasks[key].cost, self.shares[key]
        if not cost:
            return [(COUNTY, 1.0)]
        return [(level, paid[level].value / cost) for level in LEVELS if level in paid and paid[level].value]

    @cached_property
    def payers(self) -> Mapping[str, float]:
        """Payer -> yuan a year, wages of posts and dividends included; budgets first, in their order."""
        sums = self.table.groupby("payer")[["cost", "within_market_income"]].sum().sum(axis=1)
        order = [level for level in LEVELS if level in sums] + [p for p in sums.index if p not in LEVELS]
        return {payer: float(sums[payer]) for payer in order}

    @cached_property
    def moved(self) -> Moved | None:
        """The dibao line moved a little; None where the law has none by area."""
        run = self.run
        if run.rationing is not None:
            caps, outputs = run.scenario.budget, run.result.outputs
            return moved_within(run.population, run.policy, caps, outputs, self.account, self.keys)
        stretches = [Stretch(part.since, part.share, part.result.policy) for part in run.parts]
        return moved(run.population, stretches, self.account, self.keys)

    @cached_property
    def marginal(self) -> pd.DataFrame:
        """Tidy: change, key, payer, value, unit.

        ``average_share``, ``yuan`` (of one more yuan for the same recipients), ``recipient`` (yuan a year for
        one more recipient at the same expenditure; the county's is what that leaves it, below 0), and
        ``line``: yuan a year for a dibao line one yuan a year higher in every area.
        """
        import pandas as pd

        rows: list[tuple[str, str, str, float, str]] = []
        for key, paid in self.shares.items():
            cost = self.tasks[key].cost
            for level in (one for one in LEVELS if one in paid):
                amount = paid[level]
                if cost:
                    rows.append(("average_share", key, level, amount.value / cost, SHARE))
                rows.append(("yuan", key, level, amount.per_yuan, SHARE))
                rows.append(("recipient", key, level, amount.per_recipient, YUAN))
        if self.moved is not None:
            for (key, payer), value in self.moved.yuan(self).items():
                rows.append(("line", key, payer, value, YUAN))
        return pd.DataFrame(rows, columns=["change", "key", "payer", "value", "unit"])

    @cached_property
    def figures(self) -> tuple[Ratio, ...]:
        """The ratios of the county, in their order."""
        growth = self.run.scenario.economy.revenue(self.county, self.run.scenario.year) / self.county.revenue
        return tuple(ratios(self._paid(), self.county, growth))

    def _paid(self) -> Paid:
        budgets = sum(task.cost for task in self.tasks.values()) + sum(
            one.value for one in self.added.values()
        )
        county = sum(paid[COUNTY].value for paid in self.shares.values())
        table = self.table
        rural = table[(table["programme"] == DIBAO) & (table["area"] == "rural")]["cost"]
        line = recipient = None
        key = self.keys.get(DIBAO)
        if self.moved is not None:
            more = [self.split(name, task)[COUNTY].value for name, task in self.moved.percent.items()]
            line = sum(more) - county
        if key is not None and DIBAO in self.account.recipients:
            alone = _tasks(self.run, self.account, {DIBAO: key})[key]
            recipient = recipient_cost(alone, self.shares[key][COUNTY])
        residents = sum(by_area(self.run.result, "household_size").values())
        modelled = float(rural.sum()) if len(rural) else None
        return Paid(budgets, county, modelled, self._published(), line, recipient, residents)

    def _published(self) -> float | None:
        """Rural dibao of the scenario's year as the source paper prints it, for the county it describes."""
        if self.run.scenario.base is not None:
            return None
        return paper_figures(self.county, self.run.scenario.year).get("cost.dibao.rural")

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """name, value, unit, at_least, meaning, meaning_zh; an empty value: not known for this county.

        ``at_least``: revenue is known only to be below a bound, so that the ratio is above ``value``.
        """
        import pandas as pd

        rows = [(*one, MEANINGS[one.name]["en"], MEANINGS[one.name]["zh"]) for one in self.figures]
        table = pd.DataFrame(rows, columns=["name", "value", "unit", "at_least", "meaning", "meaning_zh"])
        return table.astype({"value": float})

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``cost.total``, ``paid.centre``, ``ratio.expenditure_to_revenue`` (``at_least`` beside a bound)."""
        out: dict[str, dict[str, Any]] = dict(self.run.money.summary)
        added = self.table["programme"] == CENTRAL_INCREASE
        out["cost.total"] = {"value": float(self.table["cost"][~added].sum()), "unit": YUAN}
        for key, increase in self.increases.items():
            for name, amount in (
                ("grant", increase.increase.grant(self.tasks[key])),
                ("grant_untilted", increase.untilted.grant(self.tasks[key])),
                ("grant_added", self.added[key]),
            ):
                out[flat_name(name, key)] = {"value": amount.value, "unit": YUAN}
        for county, grant in (self.pool.grants if self.pool is not None else {}).items():
            out[flat_name("pool", county)] = {"value": grant, "unit": YUAN}
        for payer, value in self.payers.items():
            out[flat_name("paid", payer)] = {"value": value, "unit": YUAN}
        for one in self.figures:
            if one.value is not None:
                bound = {"at_least": True} if one.at_least else {}
                out[flat_name("ratio", one.name)] = {"value": one.value, "unit": one.unit, **bound}
        for change, key, payer, value, unit in self.marginal.itertuples(index=False, name=None):
            out[flat_name("marginal", change, key, payer)] = {"value": value, "unit": unit}
        return out | low_and_high(self.ranges)

    @property
    def headline(self) -> str:
        """Expenditure, and what the county itself pays of it."""
        cost = float(self.table["cost"].sum())
        own = worded(self.payers.get(COUNTY, 0.0), YUAN)
        said = f"expenditure {worded(cost, YUAN)}{in_brackets(self.ranges, 'cost.total')}"
        paid = f"paid by the county {own}{in_brackets(self.ranges, 'paid.county')}"
        law = f"{self.run.scenario.name}, law of {self.run.scenario.day}"
        return f"{law}; {said}; {paid}; {self.run.money.headline}"

    @property
    def capped(self) -> bool:
        """Whether a cap of the scenario's ``budget:`` binds."""
        rationing = self.run.rationing
        return rationing is not None and any(met.binds for met in rationing.caps)

    @cached_property
    def unlisted(self) -> tuple[str, ...]:
        """Rules of an own law that pay: taken to be the government's."""
        return tuple(p.rule for p in self.account.payments if p.rule not in sources())


def ledger(
    source: Any,
    county: County | None = None,
    *,
    financing: str | os.PathLike[str] | Financing | None = None,
    reference: Ledger | None = None,
    allow_code: bool = False,
    progress: Progress = lambda text: None,
) -> Ledger:
    """Who pays for a scenario: each yuan by payer, and what a change costs whom at the margin.

    ``source``: the path of a scenario file, a :class:`microsim.Scenario`, or a result of
    :func:`microsim.run` or :func:`microsim.compare`. ``county``: its profile, where the scenario's population
    has none. ``financing``: a file of financing rules in place of the packaged ones. ``reference``: the
    ledger at which grants that are a share of the base's expenditure are settled; left out, it is that of the
    scenario's ``base``, or the ledger itself: a central pool does not grow because a county raises its line.

    A scenario that names an ensemble has ``ranges``: the least and the greatest of each figure over its sets.
    They are not made for a run or comparison, or beside another ``reference``.

    Raises ``MicrosimError`` as loading and running the scenario does, and where there is no profile.
    """
    scenario = scenario_of(source, allow_code)
    over_sets = bool(scenario.ensemble) and reference is None and not isinstance(source, RunResult | Compared)
    book = check_financing(scenario, financing)
    run, base = runs_of(source, scenario, reference is None, progress)
    county = county if county is not None else run.county
    if county is None:
        message = f"'{run.scenario.name}' has a population without a county profile, so who pays is not known"
        raise InputError(Offence(message, "", "put profile.yaml beside it, or give county=County.read(...)"))
    said = scenario.financing
    if reference is None and base is not None and base.scenario.county_path == run.scenario.county_path:
        reference = ledger(base, county, financing=financing)
    account = account_over(part.result.policy for part in run.parts)
    keys = keys_of(account, book)
    day, zone = run.scenario.day, book.zone(county.code)
    dated = {key.name: key.on(day, zone) for key in book.keys if key.name in keys.values()}
    tasks = _tasks(run, account, keys)
    anchor = tasks if reference is None else {**tasks, **reference.anchor}
    levels = {}
    for key in tasks:
        rule = dated.get(key)
        rules = {} if rule is None else rules_of(rule.levels, county, run.scenario.year)
        levels[key] = {level: one.settled(anchor[key]) for level, one in rules.items()}
    increases, pool = {}, None
    if "increase" in said:
        key = _key(run.scenario, "increase", tasks)
        increases[key] = tilted(said["increase"], run.parts, account, keys, tasks[key])
    if "pool" in said:
        key = _key(run.scenario, "pool", tasks)
        index = said["pool"].get("index", 1.0)
        own = Member(run.scenario.name, county.name, tasks[key], levels[key], index)
        pool = _pool(run.scenario, own, anchor[key], book, progress)
        levels[key] = pool.levels_of(own)
    ranges: Ranges = {}
    if over_sets:
        there = partial(_under, county=county, financing=book)
        ranges = ranges_of(figures_under(scenario, there, progress))
    return Ledger(run, county, book, dated, levels, account, keys, tasks, anchor, increases, pool, ranges)


def _key(scenario: Scenario, part: str, tasks: Mapping[str, Task]) -> str:
    """The financing key that a part of ``financing:`` is about, one under which the law pays something."""
    key = str(scenario.financing[part]["key"])
    if key not in tasks:
        hint = did_you_mean(key, tasks) or f"one of {', '.join(tasks)}"
        message = f"nothing is paid from a financing key '{key}'"
        raise InputError(Offence(message, scenario.place("financing", part, "key"), hint))
    return key


def _pool(scenario: Scenario, own: Member, anchor: Task, book: Financing, progress: Progress) -> Pooled:
    """The pool that a scenario names, each other county under its own scenario's law."""
    from microsim.scenario import load_scenario

    said = scenario.financing["pool"]
    key, level, members = said["key"], said.get("level", "province"), [own]
    seen = {scenario.county_path.resolve()}
    for k, one in enumerate(said["counties"]):
        there = load_scenario(one["scenario"])
        place = scenario.place("financing", "pool", "counties", k, "scenario")
        if there.county_path.resolve() in seen:
            message = f"{there.name} is of a county that is in the pool already"
            raise InputError(Offence(message, place, "name each county once, and not the scenario's own"))
        seen.add(there.county_path.resolve())
        progress(f"reading {there.name}")
        plain = replace(there, financing={}, base=None, outputs=("cost", "caseload"))
        study = ledger(plain, financing=book)
        if key not in study.tasks:
            hint = "leave it out, or name a law that pays something"
            raise InputError(Offence(f"{there.name} pays nothing from '{key}'", place, hint))
        index = one.get("index", 1.0)
        members.append(Member(there.name, study.county.name, study.tasks[key], study.levels[key], index))
    total = said.get("total")
    if total is None:  # what is there already: it does not grow because a county raises its line
        total = present_total([replace(own, task=anchor), *members[1:]], level)
    return Pooled(key, level, float(total), tuple(members))


def _under(
    scenario: Scenario, given: Population, county: County, financing: Financing
) -> dict[str, tuple[float, str]]:
    """The figures of the ledger of a scenario and its base on households in the county's own money."""
    asked = ("cost", "caseload")
    base = None if scenario.base is None else replace(scenario.base, outputs=asked)
    own = replace(scenario, base=base, outputs=asked)
    found = ledger(run_scenario(own, population=own.carried(given)), county, financing=financing)
    return {
        name: (float(figure["value"]), figure["unit"])
        for name, figure in found.summary.items()
        if not name.startswith("money.")
    }


def _tasks(run: RunResult, account: Account, keys: Mapping[str, str]) -> dict[str, Task]:
    rules = [*(p.rule for p in account.payments), *account.recipients.values()]
    totals = {rule: sum(by.values()) for rule, by in over_year(run.parts, rules).items()}
    return tasks_of(totals, account, keys)
