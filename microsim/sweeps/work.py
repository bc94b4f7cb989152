"""The tasks of a sweep: a batch of scenarios each, in one pass over the households."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from microsim.errors import FileError, Offence
from microsim.sweeps.grid import Grid, read_grid
from microsim.sweeps.rows import rows_of

if TYPE_CHECKING:
    import pyarrow as pa

    from microsim.population import Population
    from microsim.scenario.economy import Money

PART = 100  # scenarios in one part: one pass over the data, and the most that a stop can cost
# Of the folder and of what its figures mean: 2 since cost is in cash and in kind, 3 with checksums, 4 in the
# money of the scenario's year and with cash and kind apart, 5 with a journal.
FORMAT = 5


class SweepWork:
    """The scenarios of a grid, ``PART`` a task; the county is read where they are computed."""

    def __init__(self, grid: Grid, part: int | None = None) -> None:
        self.grid = grid
        self.part = part or PART
        self.count = -(-len(grid.points) // self.part)

    def __reduce__(self) -> tuple[Any, ...]:
        # Laws hold functions that a process does not take from another one: each reads the files itself.
        return _reopened, (self.grid.source, dict(self.grid.loading), self.part, dict(self.plan))

    @cached_property
    def population(self) -> Population:
        """The households of the base scenario."""
        return self.grid.scenario.population()

    @cached_property
    def money(self) -> Money:
        """Of which year the amounts are."""
        return self.grid.scenario.money(self.population)

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """What makes the sweep the one it is: a stopped one is resumed only where all this is unchanged."""
        grid = self.grid
        return {
            "format": FORMAT,
            "microsim": version_of("microsim"),
            "scenario": grid.scenario.hash,
            **({"law_package": grid.scenario.own.hash} if grid.scenario.own is not None else {}),
            "law": grid.policy.hash,
            "population": self.population.hash,
            "money": self.money.as_data(),
            "axes": list(grid.axes),
            "values": hashlib.sha256(json.dumps(grid.points).encode()).hexdigest(),
            "outputs": list(grid.outputs),
            "scenarios": len(grid.points),
            "scenarios_a_part": self.part,
        }

    def _ends(self, number: int) -> tuple[int, int]:
        return number * self.part, min((number + 1) * self.part, len(self.grid.points))

    def name(self, number: int) -> str:
        """Which scenarios a task computes."""
        first, last = self._ends(number)
        return f"scenarios {first + 1} to {last} of {len(self.grid.points)}"

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """The figures of a task's scenarios."""
        return rows_of(self.grid, self.population, *self._ends(number), threads)


def _reopened(source: Any, loading: Mapping[str, Any], part: int, plan: Mapping[str, Any]) -> SweepWork:
    """The same work in another process."""
    work = SweepWork(read_grid(source, **loading), part)
    changed = [key for key in plan if work.plan.get(key) != plan[key]]
    if changed:
        message = f"{', '.join(changed)} changed while the sweep was running"
        raise FileError(Offence(message, hint="undo the changes, and continue with --resume"))
    return work


def version_of(package: str) -> str:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
