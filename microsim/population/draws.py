"""The uniform draws of a household that rates of practice are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams

if TYPE_CHECKING:
    from microsim.population.population import Population

# Column -> what the stream of its numbers is called.
DRAWS = {"admission_draw": "admission", "take_up_draw": "take-up"}


def household_draws(
    streams: Streams, household_id: NDArray[np.int64], names: tuple[str, ...] = tuple(DRAWS)
) -> Mapping[str, NDArray[np.float64]]:
    """Draws by column, one a household, from 0 to 1 in steps of a millionth."""
    return {name: np.round(streams.uniform(DRAWS[name], household_id), 6) for name in names}


def redrawn(population: Population, seeds: Mapping[str, int]) -> Population:
    """The population with other draws in some areas: ``seeds`` is area -> the seed of its households'."""
    if not seeds:
        return population
    names, codes = population.categories["area"], population.household_columns["area"]
    columns = {name: np.array(population.household_columns[name]) for name in DRAWS}
    for area, seed in seeds.items():
        inside = codes == names.index(area)
        for name, draws in household_draws(Streams(seed), population.household_id[inside]).items():
            columns[name][inside] = draws
    return population.with_columns(households=columns)


def with_draws(population: Population, seed: int = 1) -> Population:
    """The population with the draws that it lacks; each household's are its own, whatever the order."""
    missing = tuple(name for name in DRAWS if name in population.defaulted)
    if not missing:
        return population
    return population.with_columns(
        households=household_draws(Streams(seed), population.household_id, missing)
    )
