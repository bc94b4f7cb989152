"""Who pays, under many scenarios: lines of the ledger, out of the sums that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from microsim.errors import InputError, Offence
from microsim.studies.common.expenditure import YUAN, Account, ByArea
from microsim.studies.financing.reading import rules_of
from microsim.studies.financing.rules import COUNTY, LEVELS, Task, split
from microsim.studies.ledger.checking import PARTS, check_financing
from microsim.studies.ledger.margins import DIBAO, keys_of, others_of, tasks_of
from microsim.studies.ledger.ratios import Paid, ratios
from microsim.sweeps.figures.rows import Figure, Found

if TYPE_CHECKING:
    from microsim.sweeps.cells import Cell


def ledger_lines(cell: Cell, account: Account, totals: Mapping[str, ByArea]) -> Found:
    """``paid`` (yuan a year by payer) and ``ratio`` under each scenario, as :func:`microsim.ledger` has them.

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
    levels = {}
    for key in book.keys:
        if key.name in anchor:
            rule = key.on(day, zone)
            rules = {} if rule is None else rules_of(rule.levels, county, scenario.year)
            levels[key.name] = {level: one.settled(anchor[key.name]) for level, one in rules.items()}
    growth = scenario.economy.revenue(county, scenario.year) / county.revenue
    rural = [p.rule for p in account.payments if p.programme == DIBAO and p.counts]
    rows: list[dict[Figure, float]] = []
    for k, sums in enumerate(each):
        tasks = tasks_of(sums, account, keys)
        paid = {**dict.fromkeys(LEVELS, 0.0), **others_of(sums, account)}
        for name, task in tasks.items():
            for level, amount in split(levels.get(name, {}), task).items():
                paid[level] += amount.value
        of_dibao = float(sum(totals[rule].get("rural", np.zeros(count))[k] for rule in rural))
        residents = sums.get("household_size", np.nan)
        all_budgets = float(sum(Task(*task).cost for task in tasks.values()))
        said = Paid(all_budgets, paid[COUNTY], of_dibao or None, None, None, None, residents)
        lines = {Figure("paid", level, "", YUAN): value for level, value in paid.items() if value}
        lines |= {
            Figure("ratio", one.name, "", one.unit): one.value
            for one in ratios(said, county, growth)
            if one.value is not None
        }
        rows.append(lines)
    figures = dict.fromkeys(figure for row in rows for figure in row)
    return {figure: np.array([row.get(figure, np.nan) for row in rows]) for figure in figures}


def _anchor_of_base(cell: Cell) -> Mapping[str, Task]:
    """The tasks at which the base of the base scenario settles its grants; nothing where it has none."""
    from microsim.studies.ledger.study import ledger

    base = cell.scenario.base
    if base is None or base.county_path != cell.scenario.county_path:
        return {}
    if "ledger_anchor" not in cell.kept:
        cell.kept["ledger_anchor"] = ledger(base).anchor
    return cell.kept["ledger_anchor"]  # type: ignore[no-any-return]
