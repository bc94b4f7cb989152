"""Other draws for a population: in the areas that are named, and nothing else."""

from __future__ import annotations

import numpy as np

from microsim.population import Population
from microsim.population.draws import DRAWS, redrawn, with_draws
from tests.scenario.small_county import frames


def test_other_draws_are_only_in_the_areas_named_and_the_same_each_time() -> None:
    population = with_draws(Population.from_frames(*frames()))
    rural = population.household_columns["area"] == population.categories["area"].index("rural")
    other = redrawn(population, {"rural": 7})
    for name in DRAWS:
        before, after = population.household_columns[name], other.household_columns[name]
        assert (before[~rural] == after[~rural]).all()
        assert (before[rural] != after[rural]).mean() > 0.99
        assert np.array_equal(after, redrawn(population, {"rural": 7}).household_columns[name])
    assert other.hash != population.hash
    assert redrawn(population, {}) is population
