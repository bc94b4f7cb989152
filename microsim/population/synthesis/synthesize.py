"""A synthetic county out of its profile."""

from __future__ import annotations

from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.synthesis.sample import (
    HOUSEHOLDS,
    LARGEST_PIECE,
    SEED,
    SynthesisReport,
    synthesize_sample,
)
from microsim.population.synthesis.streaming import synthesize_joined


def synthesize(county: County, seed: int = SEED, households: int | None = None) -> Population:
    """Households and persons of a county, weighted to its margins; the same bytes for the same seed.

    ``households`` is the number of household rows (20,000 unless given); their weights add up to the county.
    ``streaming.synthesize_to`` makes the same on disk, for counties larger than memory.
    Raises ``MicrosimError`` where the margins cannot be met.
    """
    return synthesize_with_report(county, seed, households)[0]


def synthesize_with_report(
    county: County, seed: int = SEED, households: int | None = None
) -> tuple[Population, SynthesisReport]:
    """``synthesize``, and how well the margins are met."""
    count = HOUSEHOLDS if households is None else households
    if count <= LARGEST_PIECE:
        return synthesize_sample(county, seed, count)
    return synthesize_joined(county, seed, count)
