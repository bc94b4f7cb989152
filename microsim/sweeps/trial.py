"""How long scenarios take on this computer, tried on some of the households, class by class of figures.

A scenario takes some time by itself (laws are reformed, tables made) and some for each household: two samples
of different size separate them. What is counted is processor time, which other programs do not lengthen.
Nothing is compiled for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from microsim.engine.runtime.cache import NotCompiledError, nothing_compiled
from microsim.errors import MicrosimError
from microsim.sweeps.counties import households_in
from microsim.sweeps.figures.evaluated import cliffs_of, evaluated
from microsim.sweeps.figures.lines import poverty_at_lines
from microsim.sweeps.figures.outputs import CLIFFS, EVALUATED, LINES, SUMS, Asked
from microsim.sweeps.figures.sums import sums_of

if TYPE_CHECKING:
    from microsim.sweeps.cells import Cell
    from microsim.sweeps.work import SweepWork

# Class -> scenarios, and households of the larger sample; the smaller one has a quarter of them.
SIZES = {SUMS: (20, 4000), LINES: (20, 4000), EVALUATED: (4, 4000), CLIFFS: (2, 4000)}
PATIENCE = 2.0  # seconds of a processor after which no other class is begun
LARGEST = 200_000  # households of a county that is read for this


class Rate(NamedTuple):
    """Seconds of one processor: of a scenario by itself, and of a household under it."""

    scenario: float
    household: float

    def of(self, households: int) -> float:
        """Of one scenario in a county."""
        return self.scenario + self.household * households


def tried(work: SweepWork) -> dict[str, Rate]:
    """The rates of the classes that could be tried: none where the law is not compiled yet, the county is
    large, or it cannot be read (which is said when its task comes).
    """
    grid = work.grid
    counted = households_in(grid.county_paths[0])
    own = grid.scenario.own
    if counted is None or counted > LARGEST or (own is not None and not own.run):
        return {}
    asked, out = Asked(grid.outputs), {}
    changes = grid.changes(work.blocks[0][2])
    try:
        with nothing_compiled():
            cell, begun = work.first_cell, time.process_time()
            for kind, compute in _COMPUTE.items():
                if asked.of_class(kind) and time.process_time() - begun < PATIENCE:
                    out[kind] = _rate(kind, compute, cell, changes, asked)
    except (NotCompiledError, MicrosimError):
        return out
    return out


def _rate(kind: str, compute: Callable[..., Any], cell: Cell, changes: Sequence[Any], asked: Asked) -> Rate:
    most, households = SIZES[kind]
    some = list(changes[:most])
    large = _sample(cell, min(households, cell.population.n_households))
    small = _sample(cell, max(1, large.population.n_households // 4))
    compute(large, some[:1], asked)  # by itself: functions are loaded
    times = {id(one): min(_seconds(compute, one, some, asked) for _ in range(2)) for one in (small, large)}
    more = large.population.n_households - small.population.n_households
    each = max(0.0, times[id(large)] - times[id(small)]) / max(1, more)
    alone = max(0.0, times[id(small)] - each * small.population.n_households)
    return Rate(alone / len(some), each / len(some))


def _seconds(compute: Callable[..., Any], cell: Cell, changes: Sequence[Any], asked: Asked) -> float:
    begun = time.process_time()
    compute(cell, changes, asked)
    return time.process_time() - begun


def _sample(cell: Cell, count: int) -> Cell:
    """The cell with ``count`` of its households, at equal distances."""
    households = cell.population.n_households
    chosen = np.zeros(households, dtype=bool)
    chosen[np.arange(count) * households // count] = True
    return cell.on(cell.population.select(chosen))


_COMPUTE: dict[str, Callable[..., Any]] = {
    SUMS: lambda cell, changes, asked: sums_of(cell, changes, asked.of_class(SUMS), 1),
    LINES: lambda cell, changes, asked: poverty_at_lines(cell, changes, 1),
    EVALUATED: lambda cell, changes, asked: evaluated(cell, changes, asked, 1),
    CLIFFS: lambda cell, changes, asked: cliffs_of(cell, changes, 1),
}
