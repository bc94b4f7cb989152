"""The cliff study of a scenario: the search, its causes, and on request the spread over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome
from microsim.studies.cliffs.causes import Causes, causes
from microsim.studies.cliffs.indicators import spread
from microsim.studies.cliffs.search import Cliffs, cliffs
from microsim.studies.neighbours.study import Neighbours, neighbours

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import Population
    from microsim.scenario import Scenario
    from microsim.scenario.economy import Money

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class CliffStudy(Outcome):
    """A scenario's cliffs: along own income with their causes, and across neighbours.

    ``member`` says whose income was walked, as it was asked for. ``spread`` over seeds is None unless asked
    for, ``neighbours`` where only some households are looked at.
    """

    scenario: Scenario
    population: Population
    member: str | None
    cliffs: Cliffs
    causes: Causes
    neighbours: Neighbours | None
    spread: pd.DataFrame | None

    @cached_property
    def money(self) -> Money:
        """In whose year's money the incomes are."""
        return self.scenario.money(self.population)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The figures of ``cliffs``, then those of ``neighbours``: measure, subject, group, value, unit."""
        import pandas as pd

        if self.neighbours is None:
            return self.cliffs.table
        beside = self.neighbours.table.drop(columns="standard_error")
        beside = beside.assign(measure="cliffs.neighbours." + beside["measure"])
        return pd.concat([self.cliffs.table, beside], ignore_index=True)

    @property
    def headline(self) -> str:
        """That of the search."""
        return f"{self.scenario.name}; {self.cliffs.headline}; {self.money.headline}"

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """Flat name -> value and unit."""
        beside = self.neighbours.summary if self.neighbours is not None else {}
        return {**self.money.summary, **self.cliffs.summary, **beside}


def cliff_study(
    scenario: Scenario,
    *,
    vary: str = "wage_income",
    member: str | None = None,
    max_income: float | None = None,
    households: Sequence[int] | None = None,
    seeds: int = 0,
    progress: Progress = lambda text: None,
) -> CliffStudy:
    """Search a scenario's county for notches and say what they go through.

    Arguments as for :func:`~microsim.studies.cliffs.search.cliffs`; ``seeds``: how many more populations
    of the county's profile are made, to show what the generator's chance alone changes. Raises
    ``MicrosimError`` where the county has no profile to make them from, and as the search does.
    """
    scenario.refuse_budget("the search for cliffs")
    progress("reading the county")
    population, policy = scenario.population(), scenario.policy()
    if seeds == 1 or seeds < 0:
        raise InputError(Offence(f"{seeds} seeds do not give a spread", "seeds", "ask for 2 or more"))
    options: dict[str, Any] = {"vary": vary, "member": member, "max_income": max_income}
    progress("searching for notches")
    found = cliffs(population, policy, households=households, **options)
    progress("finding their causes")
    why = causes(found)
    beside = None
    if households is None:
        progress("comparing neighbours")
        beside = neighbours(population, policy)
    spread_of = None
    if seeds:
        from microsim.population import synthesize

        def make(seed: int) -> Cliffs:
            progress(f"another population, seed {seed}")
            rows = population.n_households
            made = scenario.carried(synthesize(scenario.county, households=rows, seed=seed))
            return cliffs(made, policy, **options)

        spread_of = spread(make, range(1, seeds + 1))
    return CliffStudy(scenario, population, member, found, why, beside, spread_of)
