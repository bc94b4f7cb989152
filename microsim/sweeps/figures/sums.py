"""Figures that are sums over the households: many scenarios in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.studies.common.baseline import PERSON_MONTHS, SHARE
from microsim.studies.common.expenditure import (
    COUNTY,
    PERSONS,
    SUMS,
    TOTAL,
    YUAN,
    Account,
    ByArea,
    by_area_of,
    with_county,
)
from microsim.studies.common.within_year import MONTHS, account_over, changed_totals
from microsim.sweeps.figures.ledgers import ledger_lines
from microsim.sweeps.figures.rows import Figure, Found

if TYPE_CHECKING:
    from microsim.sweeps.cells import Cell

SIZE = "household_size"
LEDGER = ("paid", "ratio", "marginal")
# Which rules' totals a measure is made of.
_PAID = ("cost", "revenue_share", "cost_per_recipient")
_RECEIVED = ("caseload", "resident_share", "person_months", "cost_per_recipient")
_RESIDENTS = ("residents", "resident_share", "ratio")
_OVER_YEAR = ("person_months", "cost_per_recipient", *LEDGER)  # whose recipients are those of the whole year


def rules_of(account: Account, measures: Collection[str]) -> list[str]:
    """The rules whose totals the measures are made of, each once."""

    def any_of(names: Sequence[str]) -> bool:
        return not set(names).isdisjoint(measures)

    every = any_of(LEDGER) or "within_market_income" in measures
    paying = [p.rule for p in account.payments if every or (p.counts and any_of(_PAID))]
    received = account.recipients.values() if any_of((*_RECEIVED, *LEDGER)) else ()
    return list(dict.fromkeys([*paying, *received, *((SIZE,) if any_of(_RESIDENTS) else ())]))


def sums_of(
    cell: Cell, changes: Sequence[Mapping[str, Any]], measures: Collection[str], threads: int | None
) -> Found:
    """The measures under each of the changes, by area and for the county.

    They are added up in one pass over the households for each stretch of the year; recipients are those of
    the scenario's day, or for what is counted in months those of the year. Raises ``MicrosimError`` where a
    sum is not a number.
    """
    account = account_over(one.policy for one in cell.stretches)
    rules = rules_of(account, measures)
    paid = {payment.rule for payment in account.payments}
    ledger = not set(LEDGER).isdisjoint(measures)
    # Grants are settled at the base scenario, which goes through the same pass.
    wanted = [*changes, {}] if ledger else list(changes)

    def totals(counted: set[str]) -> dict[str, dict[str, NDArray[np.float64]]]:
        sums, areas = changed_totals(
            cell.population, cell.stretches, wanted, rules, threads, day=cell.day, paid=counted
        )
        refuse_infinite(sums, rules, wanted)
        named = by_area_of(cell.population, areas)
        return {rule: dict(zip(named, sums[k], strict=True)) for k, rule in enumerate(rules)}

    of_day = totals(paid)
    of_year = of_day
    if len(cell.stretches) > 1 and not set(_OVER_YEAR).isdisjoint(measures):
        of_year = totals({*paid, *account.recipients.values()})
    out: Found = {}
    for measure in measures:
        if measure not in LEDGER:
            out |= _measured(cell, account, measure, of_day, of_year)
    if ledger:
        moves = changes if "marginal" in measures else None
        lines = ledger_lines(cell, account, of_year, moves, threads)
        out |= {figure: values for figure, values in lines.items() if figure.measure in measures}
    return {figure: values[: len(changes)] for figure, values in out.items()}


def _measured(
    cell: Cell, account: Account, measure: str, of_day: Mapping[str, ByArea], of_year: Mapping[str, ByArea]
) -> Found:
    """One measure; a share or mean over nobody is NaN, which is no figure."""
    out: Found = {}

    def add(subject: str, by_group: Mapping[str, Any], unit: str) -> None:
        for group, values in by_group.items():
            out[Figure(measure, subject, group, unit)] = values

    match measure:
        case "residents":
            add("", with_county(of_day[SIZE]), PERSONS)
        case "caseload":
            for name, persons in account.caseload(of_day).items():
                add(name, persons, PERSONS)
        case "person_months":
            for name, persons in account.caseload(of_year).items():
                add(name, {group: MONTHS * values for group, values in persons.items()}, PERSON_MONTHS)
        case "resident_share":
            residents = with_county(of_day[SIZE])
            for name, persons in account.caseload(of_day).items():
                add(name, _over(persons, residents), SHARE)
        case "cost":
            for name, amounts in account.cost(of_day).items():
                add(name, amounts, YUAN)
        case "cost_per_recipient":
            recipients = account.caseload(of_year)
            for name, amounts in account.cost(of_year).items():
                if name in recipients:
                    add(name, _over(amounts, recipients[name]), YUAN)
        case "revenue_share" if cell.revenue is not None:
            for name, amounts in account.cost(of_day).items():
                if name == TOTAL or name not in SUMS:
                    add(name, {group: values / cell.revenue for group, values in amounts.items()}, SHARE)
        case "revenue" if cell.revenue is not None:
            count = len(next(iter(next(iter(of_day.values())).values()))) if of_day else 1
            add("general_public_budget", {COUNTY: np.full(count, cell.revenue)}, YUAN)
        case "within_market_income":
            for name, amounts in account.within_market_income(of_day).items():
                add(name, amounts, YUAN)
    return out


def _over(amounts: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            group: np.where(whole[group] == 0.0, np.nan, amounts[group] / whole[group]) for group in amounts
        }


def refuse_infinite(
    sums: NDArray[np.float64], rules: Sequence[str], changes: Sequence[Mapping[str, Any]]
) -> None:
    """Raise ``DataError`` where a sum [rule, area, scenario] is not a number."""
    if not np.isfinite(sums).all():
        rule, _, scenario = (int(i) for i in np.argwhere(~np.isfinite(sums))[0])
        message = f"the sum of '{rules[rule]}' is not a number under {dict(changes[scenario])}"
        raise DataError(Offence(message))
