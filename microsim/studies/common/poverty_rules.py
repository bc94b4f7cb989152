"""Poverty at given lines as rules of households, so that its sums are taken with many scenarios in one pass.

Persons below a line, and their gaps as shares of it, by income per head before and after benefits. As in
:func:`microsim.studies.common.poverty.poverty_of` poor is strictly below, and an income below zero counts as
zero. Divided by residents they are the headcount and the gap of Foster, Greer and Thorbecke (1984).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.policy import household
from microsim.policy.policy import RuleBook
from microsim.studies.common.poverty import national_line

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule

NATIONAL, DIBAO = "national", "dibao_line"  # the lines
FLOOR, MERGER = "dibao.floor", "dibao.merger"


def poor(income: float, size: int, line: float) -> float:
    """Persons of a household with this income per head who are below the line."""
    return size if max(income, 0.0) < line else 0.0


def gap(income: float, size: int, line: float) -> float:
    """What their income lacks of the line, as a share of it, times the persons."""
    return size * max(line - max(income, 0.0), 0.0) / line


@household(unit="yuan/year")
def line_of_dibao(dibao_line: float) -> float:
    """The dibao line of the household's area."""
    return dibao_line


@household(unit="yuan/year")
def line_of_dibao_or_floor(dibao_line: float, dibao_floor: float, dibao_merger: bool) -> float:
    """The dibao line of the household's area; after a merger no less than the floor."""
    return max(dibao_line, dibao_floor) if dibao_merger else dibao_line


@household(unit="persons")
def poor_at_national_before(
    income_before_benefits_per_head: float, household_size: int, poverty_line_national: float
) -> float:
    """Persons below the national line before benefits."""
    return poor(income_before_benefits_per_head, household_size, poverty_line_national)


@household(unit="persons")
def poor_at_national(
    disposable_income_per_head: float, household_size: int, poverty_line_national: float
) -> float:
    """Persons below the national line."""
    return poor(disposable_income_per_head, household_size, poverty_line_national)


@household(unit="persons")
def gap_at_national_before(
    income_before_benefits_per_head: float, household_size: int, poverty_line_national: float
) -> float:
    """Their gap to the national line before benefits."""
    return gap(income_before_benefits_per_head, household_size, poverty_line_national)


@household(unit="persons")
def gap_at_national(
    disposable_income_per_head: float, household_size: int, poverty_line_national: float
) -> float:
    """Their gap to the national line."""
    return gap(disposable_income_per_head, household_size, poverty_line_national)


@household(unit="persons")
def poor_at_dibao_line_before(
    income_before_benefits_per_head: float, household_size: int, line_of_dibao: float
) -> float:
    """Persons below the dibao line before benefits."""
    return poor(income_before_benefits_per_head, household_size, line_of_dibao)


@household(unit="persons")
def poor_at_dibao_line(disposable_income_per_head: float, household_size: int, line_of_dibao: float) -> float:
    """Persons below the dibao line."""
    return poor(disposable_income_per_head, household_size, line_of_dibao)


@household(unit="persons")
def gap_at_dibao_line_before(
    income_before_benefits_per_head: float, household_size: int, line_of_dibao: float
) -> float:
    """Their gap to the dibao line before benefits."""
    return gap(income_before_benefits_per_head, household_size, line_of_dibao)


@household(unit="persons")
def gap_at_dibao_line(disposable_income_per_head: float, household_size: int, line_of_dibao: float) -> float:
    """Their gap to the dibao line."""
    return gap(disposable_income_per_head, household_size, line_of_dibao)


# Line -> subject of the figures -> the rule whose total over residents it is.
COUNTED: dict[str, dict[str, Rule]] = {
    NATIONAL: {
        "headcount_before": poor_at_national_before,
        "headcount": poor_at_national,
        "gap_before": gap_at_national_before,
        "gap": gap_at_national,
    },
    DIBAO: {
        "headcount_before": poor_at_dibao_line_before,
        "headcount": poor_at_dibao_line,
        "gap_before": gap_at_dibao_line_before,
        "gap": gap_at_dibao_line,
    },
}


def with_poverty(policy: Policy) -> tuple[Policy, dict[tuple[str, str], str]]:
    """The policy with rules that count the poor, and the rule of each (line, subject).

    Of the lines those that there are on the policy's date: the national one, and the dibao line.
    """
    national = national_line()
    lines = [NATIONAL] if national.at(policy.date) is not None else []
    extra: dict[str, Rule] = {}
    if "dibao.line" in policy.values:
        lines.append(DIBAO)
        whole = FLOOR in policy.values and MERGER in policy.values
        line = line_of_dibao_or_floor if whole else line_of_dibao
        extra["line_of_dibao"] = line.named("line_of_dibao")
    names = {}
    for name in lines:
        for subject, rule in COUNTED[name].items():
            names[name, subject] = rule.name
            extra[rule.name] = rule
    timelines, shapes = dict(policy.timelines), dict(policy.book.shapes)
    if NATIONAL in lines:
        timelines[national.name] = shapes[national.name] = national
    key = ("with_poverty", tuple(extra), extra.get("line_of_dibao") is not None and whole)
    book = policy.book.kernels.setdefault(key, RuleBook({**policy.rules, **extra}, shapes))
    return replace(policy, timelines=timelines, book=book), names
