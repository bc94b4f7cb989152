"""What poverty by income leaves out: spending on illness, and how many programmes meet in one household."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.studies.common.benefits import benefits
from microsim.studies.common.estimates import Floats, Group, Statistic, by_area, everybody, ratio_of
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.poverty import AFTER, BEFORE, add_statistics, line_of_each

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.simulation import Result

RESOURCES = "resources_per_head"
ILLNESS, LEFT, BORNE = "illness_expenses", "medical_burden_before_aid", "medical_burden"
HARDSHIP = (RESOURCES, ILLNESS, LEFT, BORNE)  # rules that the figures need, beside those of incomes
# Shares of income above which spending on health is called catastrophic: SDG indicator 3.8.2.
THRESHOLDS = (0.10, 0.25)
MANY = 4  # this many programmes and more are one group
PAID = 0.005  # yuan a year: half a fen


def hardship_of(
    result: Result, lines: Mapping[str, Mapping[str, float]], groups: Sequence[Group]
) -> Iterator[Statistic]:
    """Shares of persons, by the household they live in.

    ``catastrophic_health.over_10`` (``over_25``): spending on illness and rehabilitation that medical aid
    leaves is more than 10 % (25 %) of disposable income; with ``_before``, the spending before aid over the
    income before benefits. Income of zero or less counts as zero: any spending is then above it.

    ``expenditure_poverty.headcount``: disposable income per head is at the dibao line or above, and resources
    per head (with benefits in kind, less rigid expenses) are below it.

    ``programmes.none`` to ``programmes.4_or_more``: how many programmes pay the household something, in cash
    or in kind.

    Nothing of what a policy has no rules for.
    """
    everyone = np.ones(len(result.population.household_id))

    def share(measure: str, subject: str, who: Floats) -> Iterator[Statistic]:
        for group in groups:
            yield Statistic(measure, subject, group, "1", *ratio_of(who, everyone))

    if {ILLNESS, LEFT, BORNE} <= set(result.arrays):
        size = np.diff(result.population.offsets)
        before = np.asarray(result.array(ILLNESS), dtype=np.float64)
        after = before - (result.array(LEFT) - result.array(BORNE))
        for threshold in THRESHOLDS:
            for suffix, spent, income in (("_before", before, BEFORE), ("", after, AFTER)):
                limit = threshold * np.maximum(result.array(income), 0.0) * size
                subject = f"over_{100 * threshold:.0f}{suffix}"
                yield from share("catastrophic_health", subject, (spent > limit + PAID).astype(float))
    if RESOURCES in result.arrays and "dibao_line" in lines:
        line = line_of_each(result, lines["dibao_line"])
        poor = (result.array(AFTER) >= line) & (result.array(RESOURCES) < line)
        yield from share("expenditure_poverty", "headcount", poor.astype(float))
    count = programmes_received(result)
    for n in range(MANY + 1):
        subject = "none" if n == 0 else str(n) if n < MANY else f"{MANY}_or_more"
        yield from share("programmes", subject, (count == n if n < MANY else count >= n).astype(float))


def programmes_received(result: Result) -> Floats:
    """How many programmes pay each household more than half a fen a year: float64[households]."""
    count = np.zeros(len(result.population.household_id))
    for rules in benefits(result.policy).values():
        paid = sum(result.array(rule) for rule in rules if rule in result.arrays)
        count += np.asarray(paid) > PAID
    return count


def add_hardship(indicators: Indicators, result: Result, lines: Mapping[str, Mapping[str, float]]) -> None:
    """The figures of :func:`hardship_of` for each area and all."""
    groups = [*by_area(result), everybody(result)]
    add_statistics(indicators, result, hardship_of(result, lines, groups))


def hardship_rules(policy: Policy) -> list[str]:
    """The rules that the figures need beside incomes, as far as a policy has them."""
    paid = [rule for rules in benefits(policy).values() for rule in rules]
    return [name for name in (*HARDSHIP, *paid) if name in policy.rules]
