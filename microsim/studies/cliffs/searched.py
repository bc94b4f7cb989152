"""What a search for notches found, before anything is counted or weighted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.notches import Found
from microsim.renamed import renamed_attribute
from microsim.simulation import simulate

if TYPE_CHECKING:
    import pandas as pd

    from microsim.engine.runtime.arrays import Data
    from microsim.policy.policy import Policy
    from microsim.simulation import Result

TIER, INCOME = "household_tier", "income_before_benefits_per_head"


@dataclass(frozen=True, eq=False, repr=False)
class Searched:
    """Notches of a population, and what each household faces.

    Attributes:
        notches: one row a notch: ``household_id``, ``person_id``, ``at`` (income of the notch,
            yuan/year), ``drop`` and ``rise`` (yuan/year of resources; one of them is 0, both where parts
            cancel), ``programme`` (the one that changes most), ``rule`` and ``comparison`` (what flips),
            ``dead_zone`` (additional income until the household is as well off as just below; nan: not within
            the range), ``bracket`` (yuan; 0: the place is exact), ``before`` (resources just below),
            ``weight``.
        by_programme: one row a notch and programme: ``notch`` (row of ``notches``), ``household_id``,
            ``programme``, ``benefit`` (rule), ``change``. The changes of a notch add up to its rise or drop.
        households: one row a walked member: what it faces from its present position (columns in
        ``_households``). kinks: places where only the slope changes, where they were asked for:
        ``household_id``, ``at``,
            ``slope_before``, ``slope_after`` (additional resources per additional yuan), ``before``.
    """

    notches: pd.DataFrame
    by_programme: pd.DataFrame
    households: pd.DataFrame
    kinks: pd.DataFrame
    population: Data = field(repr=False)
    policy: Policy = field(repr=False)
    vary: str
    resources: str
    max_income: float
    found: Found = field(repr=False)
    rows: NDArray[np.uint64] = field(repr=False)
    walked: NDArray[np.uint64] = field(repr=False)

    upto = renamed_attribute("upto", "max_income")
    figures = renamed_attribute("figures", "indicators")

    @cached_property
    def as_they_stand(self) -> Result:
        """The households as they are: what groups are made by, as far as the policy knows it."""
        names = [name for name in (TIER, INCOME) if name in self.policy.rules]
        return simulate(self.population, self.policy, names or [self.resources])
