"""What rationing did in figures: money, who is left out, how poor they are, and the cliff that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.measures import quantile
from microsim.scenario.budget.caps import LINE, LOWER_LINE, SHARING, YUAN, Cap
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.poverty import AFTER, BEFORE, line_of_each
from microsim.studies.common.rationing.lines import lines_of
from microsim.studies.common.rationing.order import ASSESSED
from microsim.studies.common.rationing.serving import (
    EVERYTHING,
    areas_of,
    counted,
    programmes_of,
    served,
)
from microsim.studies.common.rationing.study import Met, Rationing

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.simulation import Result

Floats = NDArray[np.float64]
MONEY, PERSONS, HOUSEHOLDS, SHARE = "yuan/year", "persons", "households", "1"
UNITS = {YUAN: MONEY, "persons": PERSONS, "cases": HOUSEHOLDS, "posts": "posts", "care_hours": "hours/year"}
DISPOSABLE, PAY = "disposable_income", "public_post_pay"


class CapFigure(NamedTuple):
    """A figure of a cap in an area (empty: the county)."""

    measure: str
    cap: str
    area: str
    value: float
    unit: str


def cap_figures(rationing: Rationing, lines: Mapping[str, Mapping[str, float]]) -> Iterator[CapFigure]:
    """The figures of every cap, area by area; ``lines``: poverty lines by name and area.

    ``budget_need``, ``budget_cap``, ``budget_spent`` in what the cap counts; ``budget_saved``: by how much
    this cap lowers the expenditure of all programmes, since who is refused one may receive another. Of a cap
    that refuses: who is left out (recipients, or members where the law does not say who receives),
    households, their mean income per head as assessed and in truth (before assistance), the shares of them
    who are below the dibao line in truth, poor after assistance, and in truth poorer than half of those
    served; ``budget_cut``: the assessed income per head of the last who is served; ``budget_cliff``: what the
    household right behind the cut has less than before, in income and in kind. Of posts: the pay saved. Of a
    lower line: the line. Where upper levels cover a share of what is missing: ``budget_upper``, and what they
    add for one more recipient with the mean amount due (``budget_grant_per_recipient``).
    """
    now = rationing.result
    before = rationing.before_as_now() if now is not rationing.before else now
    lost = _means(before) - _means(now)
    for met in rationing.caps:
        of = (met.cap.name, met.area)
        unit = UNITS[met.cap.unit]
        yield CapFigure("budget_need", *of, met.need, unit)
        yield CapFigure("budget_cap", *of, met.most, unit)
        yield CapFigure("budget_spent", *of, met.spent, unit)
        if not met.binds:
            continue
        if met.cost_before:
            yield CapFigure("budget_saved", met.cap.name, "", met.cost_before - met.cost_after, MONEY)
        if met.cap.unit == "posts":
            yield CapFigure("budget_pay_saved", *of, rationing.before.total(PAY) - now.total(PAY), MONEY)
        if met.cap.upper_levels:
            yield from _soft(rationing, met, of)
        if met.cap.rule == LOWER_LINE:
            for area in (met.area,) if met.area else lines_of(before.policy):
                line = before.policy.amount(f"{LINE}.{area}") * met.share
                yield CapFigure("budget_line", met.cap.name, area, line, MONEY)
        if met.cap.rule not in SHARING:
            for measure, value, kind in _left_out(rationing, met, before, lost, lines):
                yield CapFigure(measure, *of, value, kind)
        else:
            yield CapFigure("budget_share", *of, met.share, SHARE)


def _soft(rationing: Rationing, met: Met, of: tuple[str, str]) -> Iterator[CapFigure]:
    share = met.cap.upper_levels
    yield CapFigure("budget_upper", *of, share * (met.need - met.cap.most[met.area]), MONEY)
    before = rationing.before
    population: Population = before.population  # type: ignore[assignment]
    inside = areas_of(met.cap, population)[met.area]
    size = np.diff(population.offsets).astype(np.float64)
    recipients = float(np.sum((population.weight * _recipients(met.cap, before, size))[inside]))
    if recipients:
        yield CapFigure("budget_grant_per_recipient", *of, share * met.need / recipients, MONEY)


def _left_out(
    rationing: Rationing, met: Met, before: Result, lost: Floats, lines: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[str, float, str]]:
    population = rationing.result.population
    weight, size = np.asarray(population.weight), np.diff(population.offsets).astype(np.float64)
    inside = areas_of(met.cap, population)[met.area]  # type: ignore[arg-type]
    out = rationing.refused[met.cap.name] & inside & served(met.cap, before)
    people = weight * size
    yield "left_out", float(np.sum((weight * _recipients(met.cap, before, size))[out])), PERSONS
    yield "left_out_households", float(np.sum(weight[out])), HOUSEHOLDS
    if not np.sum(people[out]):
        return
    truly, assessed = before.array(BEFORE), before.array(ASSESSED)

    def mean(values: NDArray[np.float64 | np.bool_]) -> float:
        return float(np.sum((people * values)[out]) / np.sum(people[out]))

    yield "left_out_assessed_income", mean(assessed), MONEY
    yield "left_out_income", mean(truly), MONEY
    if "dibao_line" in lines and "area" in population.household_columns:
        yield "left_out_below_line", mean(truly < line_of_each(before, lines["dibao_line"])), SHARE
    if "national" in lines and "area" in population.household_columns:
        poor = rationing.result.array(AFTER) < line_of_each(before, lines["national"])
        yield "left_out_poor", mean(poor), SHARE
    kept = ~rationing.refused[met.cap.name] & inside & served(met.cap, before) & (weight > 0.0)
    if kept.any():
        yield "left_out_poorer", mean(truly < quantile(truly[kept], 0.5, people[kept])), SHARE
    order = rationing.order[met.cap.name]
    first = order[out[order]][0]
    served_before = order[kept[order]]
    if len(served_before) and met.cap.rule == "poorest_first":
        yield "budget_cut", float(assessed[served_before[-1]]), MONEY
    yield "budget_cliff", float(lost[first]), MONEY


def _means(result: Result) -> Floats:
    """What each household has, yuan a year: disposable income and benefits in kind, or benefits alone."""
    benefits = counted(EVERYTHING, result)
    if DISPOSABLE not in result.outputs:
        return benefits
    cash = [p.rule for p in account_of(result.policy).payments if p.form == "cash"]
    means: Floats = result.array(DISPOSABLE) + benefits - sum(result.array(rule) for rule in cash)
    return means


def _recipients(cap: Cap, before: Result, size: Floats) -> Floats:
    """Those who receive the programmes of a cap, household by household; all members where it is not said."""
    if cap.unit == "posts":
        return counted(cap, before)
    account = account_of(before.policy)
    rules = [account.recipients[name] for name in programmes_of(cap, account) if name in account.recipients]
    if not rules:
        return size
    most: Floats = np.maximum.reduce([before.of_households(rule) for rule in rules])
    return most
