"""Registration whatever the income: as many are registered, and their incomes are farther apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from microsim import County, Population, measures, synthesize
from tests.population.census.census_table import H_COUNTY

TARGETING, BY_CHANCE = "assumptions.filed_poor_targeting", "assumptions.filed_poor_by_chance"
COUNT = 3_000


@pytest.fixture(scope="module")
def county() -> County:
    return County.read(H_COUNTY)


def made(county: County, targeting: float, by_chance: float | None) -> Population:
    figure = county.figures[TARGETING]
    figures = {**county.figures, TARGETING: replace(figure, value=targeting)}
    if by_chance is not None:
        figures[BY_CHANCE] = replace(figure, value=by_chance)
    return synthesize(replace(county, figures=figures), seed=3, households=COUNT)


def rural(population: Population) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of rural households: registered or not, market income and pensions per head, weight."""
    persons = population.persons
    names = ["wage_income", "business_income", "property_income", "private_transfer_income", "pension_income"]
    income = np.add.reduceat(persons[names].sum(axis=1).to_numpy(), population.offsets[:-1])
    income = income / np.diff(population.offsets)
    inside = np.asarray(population.household_columns["area"]) == 0
    filed = np.asarray(population.household_columns["filed_poor"], dtype=bool)
    return filed[inside], income[inside], np.asarray(population.weight)[inside]


def test_no_household_by_chance_is_the_county_without_the_figure(county: County) -> None:
    plain, none = made(county, 0.5, None), made(county, 0.5, 0.0)
    assert plain.hash == synthesize(county, seed=3, households=COUNT).hash
    assert np.array_equal(plain.household_columns["filed_poor"], none.household_columns["filed_poor"])
    assert np.array_equal(plain.weight, none.weight)


def test_as_many_are_registered_and_their_incomes_are_farther_apart(county: County) -> None:
    variation, richest, shares = [], [], []
    for targeting, by_chance in ((0.5, None), (0.9, 0.7)):
        filed, income, weight = rural(made(county, targeting, by_chance))
        shares.append(float(weight[filed].sum() / weight.sum()))
        mean = np.average(income[filed], weights=weight[filed])
        away = np.average((income[filed] - mean) ** 2, weights=weight[filed])
        variation.append(float(np.sqrt(away) / mean))
        (below,) = measures.lorenz(income[filed], weight[filed], [0.75])
        richest.append(float((1.0 - below) / 0.25 * mean))
    assert shares == pytest.approx([0.38, 0.38], abs=1e-6)  # a margin of the weights
    assert variation[1] > 1.2 * variation[0]
    assert richest[1] > 1.35 * richest[0]


def test_where_all_go_by_chance_the_registered_are_as_rich_as_others(county: County) -> None:
    filed, income, weight = rural(made(county, 0.9, 1.0))
    means = [float(np.average(income[who], weights=weight[who])) for who in (filed, ~filed)]
    assert means[0] == pytest.approx(means[1], rel=0.08)
