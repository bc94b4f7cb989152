"""Who pays for a path in one year: the ledger's rules, settled where the ratio of the lines is held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from microsim.studies.common.expenditure import Account
from microsim.studies.common.payers import GOVERNMENT
from microsim.studies.financing.reading import Financing, rules_of
from microsim.studies.financing.rules import COUNTY, LEVELS, Amount, Rule, Task, split
from microsim.studies.ledger.margins import DIBAO, keys_of, recipient_cost, tasks_of

if TYPE_CHECKING:
    from microsim.population import County

Totals = Mapping[str, float]  # rule -> weighted total of the county


@dataclass(frozen=True)
class Payers:
    """The rules of one year; a grant that is a share of expenditure is one of that at the held ratio."""

    account: Account
    keys: Mapping[str, str]
    levels: Mapping[str, Mapping[str, Rule]]

    @classmethod
    def of(cls, account: Account, book: Financing, county: County, year: int, held: Totals) -> Payers:
        """The rules in force at the end of ``year``; ``held``: totals where the ratio is held."""
        keys = keys_of(account, book)
        day, zone = dt.date(year, 12, 31), book.zone(county.code)
        dated = {key.name: key.on(day, zone) for key in book.keys}
        levels = {}
        for key, task in tasks_of(held, account, keys).items():
            rule = dated.get(key)
            rules = {} if rule is None else rules_of(rule.levels, county, year)
            levels[key] = {level: one.settled(task) for level, one in rules.items()}
        return cls(account, keys, levels)

    def paid(self, totals: Totals) -> Paid:
        """Who pays what under the totals of a path."""
        tasks = tasks_of(totals, self.account, self.keys)
        split_up = {key: split(self.levels[key], task) for key, task in tasks.items()}
        others: dict[str, float] = {}
        for p in self.account.payments:
            if p.source.payer != GOVERNMENT:
                others[p.source.payer] = others.get(p.source.payer, 0.0) + totals[p.rule]
        dibao = self.keys.get(DIBAO)
        alone = tasks_of(totals, self.account, {DIBAO: dibao})[dibao] if dibao is not None else None
        return Paid(tasks, split_up, others, dibao, alone)


@dataclass(frozen=True)
class Paid:
    """What each pays; ``dibao``: the financing key of dibao, ``alone``: what is to be financed of it."""

    tasks: Mapping[str, Task]
    split: Mapping[str, Mapping[str, Amount]]
    others: Mapping[str, float]
    dibao: str | None
    alone: Task | None

    @cached_property
    def payers(self) -> dict[str, float]:
        """Payer -> yuan a year, levels of budget first and in their order."""
        sums: dict[str, float] = {}
        for paid in self.split.values():
            for level, amount in paid.items():
                sums[level] = sums.get(level, 0.0) + amount.value
        return {level: sums[level] for level in LEVELS if level in sums} | dict(self.others)

    @property
    def county(self) -> float:
        """What the county itself pays, yuan a year."""
        return self.payers.get(COUNTY, 0.0)

    @property
    def average(self) -> float:
        """The county's share of what budgets pay."""
        budgets = sum(task.cost for task in self.tasks.values())
        return self.county / budgets if budgets else 0.0

    @property
    def marginal(self) -> tuple[float, float] | None:
        """What the county pays of one more yuan of dibao, and for one more recipient of mean payment."""
        if self.dibao is None or self.alone is None:
            return None
        county = self.split[self.dibao][COUNTY]
        return county.per_yuan, recipient_cost(self.alone, county)
