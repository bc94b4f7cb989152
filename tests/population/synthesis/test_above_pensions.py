"""Old people who live on pensions do not all have one and the same income, where the profile asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from microsim import County, Population, synthesize
from microsim.population.census.profile import assumed
from microsim.population.profile.text import folded
from tests.population.census.census_table import H_COUNTY

_BEFORE = "  severe_illness_rate:\n"


@pytest.fixture(scope="module")
def lifted_and_moved() -> tuple[Population, Population]:
    plain = County.read(H_COUNTY)
    figure = assumed()["assumptions.order_above_pensions"]
    lines = ["  order_above_pensions:", "    value: 1", '    unit: "1"', "    source: assumption"]
    lines += folded("reference", figure.reference, 4)
    text = plain.text.replace(_BEFORE, "\n".join(lines) + "\n" + _BEFORE, 1)
    assert text != plain.text
    return synthesize(plain, seed=3, households=3_000), synthesize(
        County.parse(text), seed=3, households=3_000
    )


def _per_head(population: Population) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Income before assistance and pensions per head of each household, and its persons (weighted)."""
    persons = population.persons
    pensions = persons["pension_income"] + persons["basic_pension_income"]
    other = ["wage_income", "business_income", "property_income", "private_transfer_income"]
    income = pensions + persons[other].sum(axis=1) - persons["social_contributions_paid"]
    starts = population.offsets[:-1]
    size = np.diff(population.offsets)
    sums = [np.add.reduceat(values.to_numpy(), starts) / size for values in (income, pensions)]
    return sums[0], sums[1], population.weight * size


def test_hardly_any_household_has_exactly_its_pensions(
    lifted_and_moved: tuple[Population, Population],
) -> None:
    shares = []
    for population in lifted_and_moved:
        income, pensions, persons = _per_head(population)
        heaped = (pensions > 0) & (np.abs(income - pensions) < 2.0)
        shares.append(float(persons[heaped].sum() / persons.sum()))
        assert (income >= pensions - 1.0).all()
    assert shares[0] > 0.01
    assert shares[1] < 0.003


def test_the_distribution_keeps_its_mean(lifted_and_moved: tuple[Population, Population]) -> None:
    means = []
    for population in lifted_and_moved:
        income, _, persons = _per_head(population)
        means.append(float(income @ persons / persons.sum()))
    assert means[1] == pytest.approx(means[0], rel=0.02)
