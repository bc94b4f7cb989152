"""How much of each household's income the office sees, and a county made again under another such share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.functions import normal_quantile, normal_share
from microsim.numerics.streams import Streams
from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.synthesis.candidates import draw_households
from microsim.population.synthesis.circumstances import last_year
from microsim.population.synthesis.drawn import Drawn
from microsim.population.synthesis.households import Roster
from microsim.population.synthesis.incomes import Incomes, draw_incomes
from microsim.population.synthesis.margins import household_weights
from microsim.population.synthesis.shares import beta_quantile
from microsim.population.synthesis.traits import draw_traits

Floats = NDArray[np.float64]
FIGURE = "assumptions.income_visible_share"
PARTS = ("mean", "spread", "tilt")  # of the figure, by area


def correlated(
    streams: Streams, roster: Roster, incomes: Incomes, purpose: str, correlation: float | Floats
) -> Floats:
    """A uniform number for each household that goes with its place in the order of incomes."""
    standing = normal_quantile(incomes.rank)
    own = streams.normal(purpose, roster.household_id)
    return normal_share(correlation * standing + np.sqrt(1.0 - np.square(correlation)) * own)


def income_seen(
    visible: Mapping[str, Mapping[str, float]], streams: Streams, roster: Roster, incomes: Incomes
) -> Floats:
    """The share of each household's income that the office sees, in steps of 0.0001.

    ``visible``: area -> ``mean``, ``spread`` and ``tilt`` (its correlation with the order of incomes).
    """
    urban = roster.area == 1
    tilt = np.where(urban, visible["urban"]["tilt"], visible["rural"]["tilt"])
    seen = correlated(streams, roster, incomes, "income seen", tilt)
    for area, inside in (("rural", ~urban), ("urban", urban)):
        seen[inside] = beta_quantile(seen[inside], visible[area]["mean"], visible[area]["spread"])
    return np.round(seen, 4)


@dataclass(frozen=True, eq=False)
class SeenAnew:
    """A synthetic county whose office can be given another view of incomes, at little cost.

    Neither people nor weights hang on the share of income seen: ``population`` keeps them, and only the
    columns that hang on it are made anew, with the bits that ``synthesize`` gives.
    """

    population: Population
    drawn: Drawn

    @classmethod
    def of(cls, population: Population, county: County, seed: int = 1) -> SeenAnew:
        """For a population that ``synthesize(county, seed)`` made in one sample."""
        streams = Streams(seed)
        roster = draw_households(county, streams, population.n_households, 1)
        weights, _ = household_weights(county, roster)
        traits = draw_traits(county, streams, roster, weights)
        incomes = draw_incomes(county, streams, roster, traits, weights)
        poor = np.asarray(population.household_columns["filed_poor"])
        return cls(population, Drawn(county, streams, roster, traits, incomes, weights, poor))

    def under(self, county: County) -> Population:
        """The population under the share of income seen of ``county``, whose other figures are its own."""
        drawn = self.drawn
        seen = income_seen(county[FIGURE], drawn.streams, drawn.roster, drawn.incomes)
        columns = {"income_visible_share": seen, **last_year(drawn, seen)}
        return replace(self.population.with_columns(households=columns), given_county=county)
