"""The figures of one year of a projection: those of a run, in constant yuan too, and incomes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.measures.quantile_groups import quantile_groups
from microsim.scenario.economy import LIVING_COSTS, PRICES, Economy
from microsim.scenario.outlook.default_path import prices
from microsim.scenario.outlook.nodes import RANK_GROUPS
from microsim.studies.common.baseline import add_figures
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import TIER
from microsim.studies.common.poverty import (
    AFTER,
    BEFORE,
    add_poverty,
    line_of_each,
    national_line,
    poverty_lines,
)

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.simulation import Result
    from microsim.studies.common.within_year import Part

Floats = NDArray[np.float64]
Lines = Mapping[str, Mapping[str, float]]
Row = tuple[str, str, str, float, str]  # measure, subject, group, value, unit
YUAN, SHARE, PERSONS = "yuan/year", "1", "persons"
CONSTANT = ("cost", "revenue", "mean")  # measures that are given in constant yuan too
NEAR_POOR_TIER = "edge"


def price_index(economy: Economy, first: int, year: int) -> float:
    """Consumer prices of ``year`` over those of the first year: as stated, else the default path."""
    if economy.held:
        return 1.0
    return economy.grown(PRICES, first, year) if economy.states(PRICES) else prices(first, year)


def cost_of_living(economy: Economy, first: int, year: int) -> float:
    """What poverty lines are multiplied by: the cost of living as stated, else prices."""
    if economy.states(LIVING_COSTS):
        return economy.grown(LIVING_COSTS, first, year)
    return price_index(economy, first, year)


def lines_of(result: Result, economy: Economy, first: int, year: int) -> Lines:
    """The poverty lines of a year.

    The national one follows the cost of living from the first year, or from the last one for which a line is
    known; the dibao line is that in force.
    """
    lines = dict(poverty_lines(result.policy, result.population.categories.get("area", ())))
    known = max(day.year for day in national_line().values)
    since = max(first, known)
    if "national" in lines and year > since:
        factor = cost_of_living(economy, since, year)
        lines["national"] = {area: line * factor for area, line in lines["national"].items()}
    return lines


def figures_of(
    result: Result,
    parts: Sequence[Part],
    wanted: Collection[str],
    revenue: float | None,
    lines: Lines,
    index: float,
) -> list[Row]:
    """The figures of a year: of a run, the same money in yuan of the first year, quintiles, near-poor.

    ``index``: consumer prices over those of the first year.
    """
    found = Indicators({})
    add_figures(found, result, [one for one in wanted if one != "poverty"], revenue, parts)
    if "poverty" in wanted:
        add_poverty(found, result, lines)
    rows = [(f.measure, f.subject, f.group, f.value, f.unit) for f in found.rows]
    if "inequality" in wanted:
        rows += quintiles(result)
    rows += registered_and_near_poor(result)
    constant = [
        (f"{measure}_constant", subject, group, value / index, unit)
        for measure, subject, group, value, unit in rows
        if measure in CONSTANT and unit == YUAN
    ]
    rows.append(("price_index", "", "", index, SHARE))
    return [*rows, *constant]


def quintiles(result: Result) -> Iterator[Row]:
    """Mean income per head before assistance of each quintile of persons, by area."""
    values = np.asarray(result.array(BEFORE), dtype=np.float64)
    persons = np.asarray(result.population.weight) * result.array("household_size")
    for group, mask in areas_of(result.population):  # type: ignore[arg-type]
        of = quantile_groups(values[mask], persons[mask], RANK_GROUPS)
        for q in range(1, RANK_GROUPS + 1):
            mine = of == q
            if persons[mask][mine].sum() > 0.0:
                mean = float(np.average(values[mask][mine], weights=persons[mask][mine]))
                yield "mean", f"income_before_benefits_q{q}", group, mean, YUAN


def registered_and_near_poor(result: Result) -> Iterator[Row]:
    """Mean disposable income per head of registered poor persons and of the near-poor, and their gap.

    Near-poor: persons of households on the tier of low-income edge households that are not registered.
    """
    population: Population = result.population  # type: ignore[assignment]
    if TIER not in result.outputs or "filed_poor" in population.defaulted:
        return
    edge = result.array(TIER) == result.categories(TIER).index(NEAR_POOR_TIER)
    filed = np.asarray(population.household_columns["filed_poor"], dtype=bool)
    values = np.asarray(result.array(AFTER), dtype=np.float64)
    persons = np.asarray(population.weight) * result.array("household_size")
    for group, mask in areas_of(population):
        mine, near = persons * (mask & filed), persons * (mask & edge & ~filed)
        if mine.sum() > 0.0 and near.sum() > 0.0:
            means = [float(np.average(values, weights=who)) for who in (mine, near)]
            yield "mean", "filed_poor", group, means[0], YUAN
            yield "mean", "near_poor", group, means[1], YUAN
            yield "mean_gap", "filed_poor_near_poor", group, means[0] - means[1], YUAN


def poor_persons(result: Result, lines: Lines) -> NDArray[np.bool_] | None:
    """Persons whose income per head after assistance is below the national line; None without areas."""
    if not lines.get("national"):
        return None
    poor = np.maximum(result.array(AFTER), 0.0) < line_of_each(result, lines["national"])
    return np.repeat(poor, np.diff(result.population.offsets))


def areas_of(population: Population) -> list[tuple[str, NDArray[np.bool_]]]:
    """Masks of households of each area, and of all under the empty name."""
    out = []
    if "area" in population.household_columns:
        codes = population.household_columns["area"]
        out = [(name, np.asarray(codes == k)) for k, name in enumerate(population.categories["area"])]
    return [*out, ("", np.ones(population.n_households, dtype=bool))]
