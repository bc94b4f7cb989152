"""Poverty and inequality of a run, before and after benefits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from microsim.engine.programmes import load_parameters
from microsim.measures import fgt, gini
from microsim.studies.figures import Figures

if TYPE_CHECKING:
    from microsim.engine.parameters import Parameter
    from microsim.engine.policy import Policy
    from microsim.population import Population
    from microsim.simulation import Result

BEFORE, AFTER = "income_before_benefits_per_head", "disposable_income_per_head"


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
            area: max(float(policy.value(f"{name}.{area}")) for name in ("dibao.line", floor) if name)
            for area in areas
        }
    return lines


def add_poverty(
    figures: Figures, population: Population, result: Result, lines: Mapping[str, Mapping[str, float]]
) -> None:
    """Headcount and gap of persons by income per head, after and before benefits.

    ``poverty.headcount.rural`` is after benefits and against the national line,
    ``poverty.headcount_before.rural`` before them; ``poverty_dibao_line....`` the same against the area's own
    dibao line. Poor is strictly below. An income below zero counts as zero in the gap.
    """
    weights = np.asarray(population.weight) * result.array("household_size")
    areas = population.categories["area"]
    codes = population.household_columns["area"]
    for name, by_area in lines.items():
        measure = "poverty" if name == "national" else f"poverty_{name}"
        line = np.array([by_area[area] for area in areas])[codes]
        for subject, income, alpha in (
            ("headcount_before", BEFORE, 0),
            ("headcount", AFTER, 0),
            ("gap_before", BEFORE, 1),
            ("gap", AFTER, 1),
        ):
            values = result.array(income)
            for group, mask in _groups(codes, areas):
                if weights[mask].sum() > 0:
                    index = fgt(values[mask], line[mask], alpha, weights[mask], negatives="floor")
                    figures.add(measure, subject, group, index, "1")


def add_inequality(figures: Figures, population: Population, result: Result) -> None:
    """Gini of income per head among persons, after and before benefits; incomes below zero count as zero."""
    weights = np.asarray(population.weight) * result.array("household_size")
    for subject, income in (("disposable_income", AFTER), ("income_before_benefits", BEFORE)):
        for group, mask in _groups(population.household_columns["area"], population.categories["area"]):
            if weights[mask].sum() > 0:
                value = gini(np.maximum(result.array(income)[mask], 0.0), weights[mask])
                figures.add("gini", subject, group, value, "1")


def _groups(codes: np.ndarray, areas: tuple[str, ...]) -> list[tuple[str, np.ndarray]]:
    """Areas, then everybody under the empty name."""
    return [*((area, codes == i) for i, area in enumerate(areas)), ("", np.ones(len(codes), dtype=bool))]
