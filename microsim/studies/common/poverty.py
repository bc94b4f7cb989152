"""Poverty and inequality of a run, before and after benefits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.measures import fgt, gini, influence
from microsim.measures.arrays import rows
from microsim.measures.lines import not_positive
from microsim.measures.poverty import fgt_of_rows
from microsim.policy.programmes import load_parameters
from microsim.studies.common.estimates import (
    Floats,
    Group,
    Influence,
    Of,
    Statistic,
    by_area,
    everybody,
    persons,
    with_people,
)
from microsim.studies.common.indicators import Indicators

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy
    from microsim.simulation import Result

BEFORE, AFTER = "income_before_benefits_per_head", "disposable_income_per_head"
_INCOMES = {"_before": BEFORE, "": AFTER}  # ending of a figure -> the income it is of
_SUBJECTS = ("headcount", "gap", "squared_gap")


@cache
def national_line() -> Parameter:
    """The national poverty line over time, from ``poverty_line.yaml``."""
    _, parameters = load_parameters(Path(__file__).with_name("poverty_line.yaml"))
    return parameters[0]


def poverty_lines(policy: Policy, areas: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Lines in yuan/year per head by area: ``national``, and ``dibao_line`` as it is in force."""
    lines: dict[str, dict[str, float]] = {}
    national = national_line().at(policy.date)
    if national is not None:
        lines["national"] = dict.fromkeys(areas, float(national.value))
    if "dibao.line" in policy.values:
        floor = "dibao.floor" if policy.values.get("dibao.merger") and policy.value("dibao.merger") else ""
        lines["dibao_line"] = {
            area: max(policy.amount(f"{name}.{area}") for name in ("dibao.line", floor) if name)
            for area in areas
        }
    return lines


def line_of_each(result: Result, by_area: Mapping[str, float]) -> Floats:
    """The line of each household's area, float64[households]."""
    areas = result.population.categories["area"]
    codes = result.population.household_columns["area"]
    return np.asarray(np.array([by_area[area] for area in areas])[codes])


def poverty_of(
    result: Result, lines: Mapping[str, Mapping[str, float]], groups: Sequence[Group], deepest: int = 1
) -> Iterator[Statistic]:
    """Headcount and gap of persons by income per head, after and before benefits; the squared gap with 2.

    ``poverty.headcount.rural`` is after benefits and against the national line,
    ``poverty.headcount_before.rural`` before them; ``poverty_dibao_line....`` the same against the area's own
    dibao line. Poor is strictly below. An income below zero counts as zero in the gap.
    """
    for name, by_area_lines in lines.items():
        line = line_of_each(result, by_area_lines)
        for alpha, subject in enumerate(_SUBJECTS[: deepest + 1]):
            for suffix, income in _INCOMES.items():
                values = np.maximum(result.array(income), 0.0)
                for group in groups:
                    yield Statistic(_measure(name), subject + suffix, group, "1", *_fgt(values, line, alpha))


def _measure(name: str) -> str:
    return "poverty" if name == "national" else f"poverty_{name}"


def inequality_of(result: Result, groups: Sequence[Group]) -> Iterator[Statistic]:
    """Gini of income per head among persons, after and before benefits; incomes below zero count as zero."""
    for subject, income in (("disposable_income", AFTER), ("income_before_benefits", BEFORE)):
        values = np.maximum(result.array(income), 0.0)
        of_values = _gini(values)  # of all groups, which share one sorting
        for group in groups:
            yield Statistic("gini", subject, group, "1", *of_values)


def add_poverty(indicators: Indicators, result: Result, lines: Mapping[str, Mapping[str, float]]) -> None:
    """The figures of :func:`poverty_of` for each area and all, in its order and with its bits.

    The columns are looked through once, and the households of a group are picked once for all its figures.
    """
    weights = persons(result)
    groups = [group for group in (*by_area(result), everybody(result)) if np.any(weights[group[1]] > 0.0)]
    if not groups or not lines:
        return
    of_each: dict[str, Any] = {
        name: line_of_each(result, by_area_lines) for name, by_area_lines in lines.items()
    }
    incomes = {suffix: np.maximum(result.array(income), 0.0) for suffix, income in _INCOMES.items()}
    offences = [offence for line in of_each.values() for offence in not_positive(line)]
    columns: dict[str, Any] = {_INCOMES[suffix]: x for suffix, x in incomes.items()}
    rows("poverty", weights, offences, **columns, **of_each)
    found: dict[tuple[str, str, str], list[float]] = {}
    for group, mask in groups:
        mine = np.flatnonzero(mask & (weights > 0.0))
        own = weights[mine]
        for suffix, x in incomes.items():
            values = x[mine]
            for name, line in of_each.items():
                found[name, suffix, group] = fgt_of_rows(values, line[mine], own, range(len(_SUBJECTS) - 1))
    for name in lines:
        for alpha, subject in enumerate(_SUBJECTS[:-1]):
            for suffix in incomes:
                for group, _ in groups:
                    value = found[name, suffix, group][alpha]
                    indicators.add(_measure(name), subject + suffix, group, value, "1")


def add_inequality(indicators: Indicators, result: Result) -> None:
    """The figures of :func:`inequality_of` for each area and all."""
    add_statistics(indicators, result, inequality_of(result, [*by_area(result), everybody(result)]))


def add_statistics(indicators: Indicators, result: Result, statistics: Iterator[Statistic]) -> None:
    """Note what statistics of persons say of a result that is no sample."""
    weights = persons(result)
    for one in with_people(statistics, weights):
        indicators.add(one.measure, one.subject, one.group[0], one.value(weights), one.unit)


def _fgt(x: Floats, line: Floats, alpha: int) -> tuple[Of, Influence]:
    return lambda w: fgt(x, line, alpha, w), lambda w: influence.fgt(x, line, alpha, w)


def _gini(x: Floats) -> tuple[Of, Influence]:
    order = cache(lambda: np.argsort(x, kind="stable"))  # once for all groups
    return lambda w: gini(x, w, order=order()), lambda w: influence.gini(x, w)
