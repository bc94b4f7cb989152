"""A county under trial values of the levers: what each household would receive if it claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.studies.calibration.targets import ALL, AREAS, EXPENDITURE, RECIPIENTS

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

Floats = NDArray[np.float64]
Changes = Mapping[str, Any]
# Programme -> what makes up its recipients and its expenditure; rules of persons are added up by household.
RECIPIENTS_OF = {
    "dibao": "dibao_recipients",
    "tekun": "tekun_persons",
    "living_subsidy": "disability_living_subsidy",
    "nursing_subsidy": "disability_nursing_subsidy",
}
PAID_BY = {
    "dibao": ("dibao_benefit",),
    "tekun": ("tekun_benefit", "tekun_in_kind"),
    "living_subsidy": ("disability_living_subsidy",),
    "nursing_subsidy": ("disability_nursing_subsidy",),
}
OUTPUTS = tuple(dict.fromkeys([*RECIPIENTS_OF.values(), *(r for rules in PAID_BY.values() for r in rules)]))


@dataclass(frozen=True, eq=False)
class Bench:
    """The households of a county, and a law with the scenario's changes and without a calibration."""

    population: Population
    policy: Policy

    def amounts(self, changes: Changes) -> dict[tuple[str, str], Floats]:
        """(programme, kind) -> weighted persons, or yuan a year, of each household."""
        from microsim.simulation import simulate

        policy = self.policy.reform(changes, allow_unusual=True) if changes else self.policy
        result = simulate(self.population, policy, OUTPUTS, warn=False)
        found: dict[tuple[str, str], Floats] = {}
        for programme, rule in RECIPIENTS_OF.items():
            persons = result.array(rule)
            counted = self._by_household(persons > 0.0) if result.is_person(rule) else persons
            found[programme, RECIPIENTS] = counted * self.population.weight
            paid = [result.array(name) for name in PAID_BY[programme]]
            whole = [self._by_household(a) if a.size == self.population.n_persons else a for a in paid]
            found[programme, EXPENDITURE] = np.sum(whole, axis=0) * self.population.weight
        return found

    def _by_household(self, of_persons: NDArray[Any]) -> Floats:
        sums: Floats = np.add.reduceat(of_persons.astype(np.float64), self.population.offsets[:-1])
        return sums

    def redrawn(self, seeds: Mapping[str, int]) -> Bench:
        """The same households, of which others claim and others are admitted (area -> seed)."""
        from microsim.population.draws import redrawn

        return Bench(redrawn(self.population, seeds), self.policy) if seeds else self

    def inside(self, group: str) -> NDArray[np.bool_]:
        """Which households belong to a group."""
        if group == ALL:
            return np.ones(self.population.n_households, dtype=bool)
        return np.asarray(self.area == AREAS.index(group))

    @cached_property
    def area(self) -> NDArray[np.int64]:
        """The place of each household's area in ``AREAS``."""
        names = self.population.categories["area"]
        places = np.array([AREAS.index(name) for name in names])
        found: NDArray[np.int64] = places[np.asarray(self.population.household_columns["area"])]
        return found

    @cached_property
    def draw(self) -> Floats:
        """The take-up draw of each household."""
        return np.asarray(self.population.household_columns["take_up_draw"], dtype=np.float64)

    @cached_property
    def band(self) -> NDArray[np.int64]:
        """The place of each household's age band in ``BANDS``, as the rules of take-up have it."""
        from microsim.simulation import simulate

        bands = simulate(self.population, self.policy, ("age_band",), warn=False).array("age_band")
        return np.asarray(bands, dtype=np.int64)
