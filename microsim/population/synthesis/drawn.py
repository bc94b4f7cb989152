"""What was drawn of a county so far, for the columns that are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams
from microsim.population.profile.county import County
from microsim.population.synthesis.households import Roster
from microsim.population.synthesis.incomes import Incomes
from microsim.population.synthesis.traits import Traits

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]
# Relative chance of the poorest household where hardship goes with poverty; that of the richest is 1.
_POOREST = 4.0


@dataclass(frozen=True)
class Drawn:
    """People, traits and incomes of a county, and the random streams that the rest draws from."""

    county: County
    streams: Streams
    roster: Roster
    traits: Traits
    incomes: Incomes
    weights: Floats
    filed_poor: Flags  # per household

    def figure(self, name: str) -> Any:
        """A figure of the profile's section ``circumstances``, or ``None`` where the profile has none."""
        return self.county.get(f"circumstances.{name}")

    # --- one value per household

    def uniform(self, purpose: str) -> Floats:
        """A uniform number for each household."""
        return self.streams.uniform(purpose, self.roster.household_id)

    def normal(self, purpose: str) -> Floats:
        """A standard normal number for each household."""
        return self.streams.normal(purpose, self.roster.household_id)

    def by_area(self, figure: Any) -> Floats:
        """A figure by area, for each household."""
        return np.where(self.urban, float(figure["urban"]), float(figure["rural"]))

    @property
    def urban(self) -> Flags:
        """Whether each household is urban."""
        return np.asarray(self.roster.area == 1)

    @property
    def poorer(self) -> Floats:
        """Relative chance of each household where hardship goes with poverty, by its income rank."""
        return 1.0 + (_POOREST - 1.0) * (1.0 - self.incomes.rank)

    # --- one value per person

    def uniform_each(self, purpose: str) -> Floats:
        """A uniform number for each person."""
        roster = self.roster
        return self.streams.uniform(purpose, roster.household_id[roster.owner], roster.member)

    @property
    def person_weights(self) -> Floats:
        """The weight of each person's household."""
        weights: Floats = self.weights[self.roster.owner]
        return weights
