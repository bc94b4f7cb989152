"""Where the points of a sweep are computed: a base scenario under its settings in one county."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from microsim.studies.common.within_year import Stretch, stretches_of
from microsim.sweeps.counties import name_of
from microsim.sweeps.source import County, Settings, Source, households_of

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario

T = TypeVar("T")
KEPT = 2  # counties, and variants in them, that stay in memory: tasks that follow one another share them


@dataclass(frozen=True, eq=False)
class Cell:
    """A variant of a base scenario and its households; ``county`` is its name in the rows."""

    scenario: Scenario
    population: Population
    county: str
    seed: int
    kept: dict[str, Any] = field(default_factory=dict)  # what is worked out once for all tasks of the cell

    @cached_property
    def policy(self) -> Policy:
        """The law of the scenario's day."""
        return self.scenario.policy()

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Those of the year, over which money is counted."""
        return stretches_of(self.scenario, self.policy)

    def on(self, population: Population) -> Cell:
        """The same laws on other households."""
        other = replace(self, population=population, kept={})
        vars(other).update(policy=self.policy, stretches=self.stretches)  # made once
        return other

    @cached_property
    def day(self) -> Stretch:
        """The stretch with the law of the scenario's day."""
        return next(one for one in self.stretches if one.policy is self.policy)

    @cached_property
    def revenue(self) -> float | None:
        """The county's own revenue, yuan a year; None where it is not known."""
        profile = self.scenario.profile
        return None if profile is None else self.scenario.economy.revenue(profile, self.scenario.year)


class Cells:
    """Makes cells; those of the last few variants and the households of the last few counties are kept."""

    def __init__(self, source: Source, check: Callable[[Scenario], None]) -> None:
        """``check`` raises where what a scenario read is not what it was when the sweep began."""
        self._source = source
        self._check = check
        self._cells: OrderedDict[Hashable, Cell] = OrderedDict()
        self._given: OrderedDict[Hashable, Population] = OrderedDict()

    def of(self, base: int, settings: Settings, county: County, seed: int) -> Cell:
        """The cell of a base scenario under settings; raises ``MicrosimError`` where it cannot be made."""

        def made() -> Cell:
            scenario, member = self._source.scenario(base, settings, county)
            key = (scenario.county_path, scenario.calibration is not None)
            given = _kept(self._given, key, scenario.population_as_given)
            self._check(scenario)  # after reading: what is checked is what was read
            population = households_of(scenario, member, seed, given)
            return Cell(scenario, population, county.name or name_of(scenario.county_path), seed)

        return _kept(self._cells, (base, settings, county.path, seed), made)


def _kept(known: OrderedDict[Hashable, T], key: Hashable, make: Callable[[], T]) -> T:
    if key not in known:
        while len(known) >= KEPT:
            known.popitem(last=False)
        known[key] = make()
    known.move_to_end(key)
    return known[key]
