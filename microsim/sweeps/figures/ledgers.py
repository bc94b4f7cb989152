"""Who pays, under many scenarios: lines of the ledger, out of the sums that they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import InputError, Offence
from microsim.studies.common.expenditure import YUAN, Account, ByArea
from microsim.studies.financing.reading import rules_of
from microsim.studies.financing.rules import COUNTY, LEVELS, Amount, Rule, Task, split
from microsim.studies.ledger.checking import PARTS, check_financing
from microsim.studies.ledger.margins import (
    DIBAO,
    Moved,
    keys_of,
    moved_under,
    others_of,
    recipient_cost,
    tasks_of,
)
from microsim.studies.ledger.ratios import SHARE, Paid, ratios
from microsim.sweeps.figures.rows import Figure, Found

if TYPE_CHECKING:
    from microsim.sweeps.cells import Cell


@dataclass(frozen=True)
class _Levels:
    """How each financing key is paid: financing key -> level -> its rule."""

    levels: Mapping[str, Mapping[str, Rule]]
    increases: Mapping[str, object] = field(default_factory=dict)  # a sweep has no new central money

    def split(self, key: str, task: Task) -> dict[str, Amount]:
        """Level -> what it pays."""
        return split(self.levels.get(key, {}), task)

    def added_by(self, key: str, task: Task) -> Amount:
        """Nothing, as there is no new central money."""
        return Amount(0.0)


def ledger_lines(
    cell: Cell,
    account: Account,
    totals: Mapping[str, ByArea],
    moves: Sequence[Mapping[str, Any]] | None = None,
    threads: int | None = None,
) -> Found:
    """``paid`` (yuan a year by payer), ``ratio`` and ``marginal`` under each scenario, as those of
    :func:`microsim.ledger`.

    ``moves``: the changes of the scenarios, where ``marginal`` is asked for: the dibao line is then moved
    under each of them, in passes of their own.
    ``totals``: rule -> area -> totals of the year, one a scenario; the last is the base scenario, at which
    sums that hang on expenditure are settled, so that no grant grows because a county raises its line.
    Raises ``InputError`` for a county without a profile, and where ``financing:`` has more than rules.
    """
    scenario, county = cell.scenario, cell.scenario.profile
    book = check_financing(scenario)
    if county is None:
        message = f"'{scenario.name}' has a population without a county profile, so who pays is not known"
        raise InputError(Offence(message, scenario.place("county"), "put profile.yaml beside it"))
    more = [part for part in PARTS if part in scenario.financing]
    if more:
        message = f"a sweep takes no account of financing: {', '.join(more)}"
        place = scenario.place("financing", more[0])
        raise InputError(Offence(message, place, "microsim ledger does; leave paid and ratio out here"))
    keys = keys_of(account, book)
    county_totals = {rule: np.sum(list(by.values()), axis=0) for rule, by in totals.items()}
    count = len(next(iter(county_totals.values())))
    each = [{rule: float(sums[k]) for rule, sums in county_totals.items()} for k in range(count)]
    anchor = {**tasks_of(each[-1], account, keys), **_anchor_of_base(cell)}
    zone, day = book.zone(county.code), scenario.day
    levels: dict[str, Mapping[str, Rule]] = {}
    for key in book.keys:
        if key.name in anchor:
            rule = key.on(day, zone)
            rules = {} if rule is None else rules_of(rule.levels, county, scenario.year)
            levels[key.name] = {level: one.settled(anchor[key.name]) for level, one in rules.items()}
    growth = scenario.economy.revenue(county, scenario.year) / county.revenue
    rural = [p.rule for p in account.payments if p.programme == DIBAO and p.counts]
    how = _Levels(levels)
    moved = None
    if moves is not None:
        moved = moved_under(cell.population, cell.stretches, moves, account, keys, threads)
    rows: list[dict[Figure, float]] = []
    for k, sums in enumerate(each):
        tasks = tasks_of(sums, account, keys)
        paid = {**dict.fromkeys(LEVELS, 0.0), **others_of(sums, account)}
        shares = {name: how.split(name, task) for name, task in tasks.items()}
        for amounts in shares.values():
            for level, amount in amounts.items():
                paid[level] += amount.value
        own = sum(amounts[COUNTY].value for amounts in shares.values())
        here = moved[k] if moved is not None and k < len(moved) else None
        line = recipient = None
        if here is not None:
            line = sum(how.split(name, task)[COUNTY].value for name, task in here.percent.items()) - own
        if DIBAO in keys and DIBAO in account.recipients:
            dibao = keys[DIBAO]
            alone = tasks_of(sums, account, {DIBAO: dibao})[dibao]
            recipient = recipient_cost(alone, shares[dibao][COUNTY])
        of_dibao = float(sum(totals[rule].get("rural", np.zeros(count))[k] for rule in rural))
        residents = sums.get("household_size", np.nan)
        all_budgets = float(sum(Task(*task).cost for task in tasks.values()))
        said = Paid(all_budgets, paid[COUNTY], of_dibao or None, None, line, recipient, residents)
        lines = {Figure("paid", level, "", YUAN): value for level, value in paid.items() if value}
        lines |= {
            Figure("ratio", one.name, "", one.unit): one.value
            for one in ratios(said, county, growth)
            if one.value is not None
        }
        if moves is not None:
            lines |= _marginal(how, tasks, shares, here)
        rows.append(lines)
    figures = dict.fromkeys(figure for row in rows for figure in row)
    return {figure: np.array([row.get(figure, np.nan) for row in rows]) for figure in figures}


def _marginal(
    how: _Levels,
    tasks: Mapping[str, Task],
    shares: Mapping[str, Mapping[str, Amount]],
    moved: Moved | None,
) -> dict[Figure, float]:
    """What one more yuan, one more recipient and a higher line cost whom, by financing key and payer."""
    out: dict[Figure, float] = {}

    def add(change: str, key: str, payer: str, value: float, unit: str) -> None:
        out[Figure("marginal", ".".join(part for part in (change, key, payer) if part), "", unit)] = value

    for key, paid in shares.items():
        for level in (one for one in LEVELS if one in paid):
            amount = paid[level]
            if tasks[key].cost:
                add("average_share", key, level, amount.value / tasks[key].cost, SHARE)
            add("yuan", key, level, amount.per_yuan, SHARE)
            add("recipient", key, level, amount.per_recipient, YUAN)
    for (key, payer), value in (moved.yuan(how) if moved is not None else {}).items():
        add("line", key, payer, value, YUAN)
    return out


def _anchor_of_base(cell: Cell) -> Mapping[str, Task]:
    """The tasks at which the base of the base scenario settles its grants; nothing where it has none."""
    from microsim.studies.ledger.study import ledger

    base = cell.scenario.base
    if base is None or base.county_path != cell.scenario.county_path:
        return {}
    if "ledger_anchor" not in cell.kept:
        cell.kept["ledger_anchor"] = ledger(base).anchor
    return cell.kept["ledger_anchor"]  # type: ignore[no-any-return]
