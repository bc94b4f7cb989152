"""One member's income over a grid, everything else as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import Data
from microsim.engine.runtime.kernels import Kernel
from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import Outcome
from microsim.policy.policy import Policy
from microsim.simulation.asked import names_of, refuse_swapped

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Walk(Outcome):
    """Household outputs along one member's varied income: ``walk[output]`` is an array households x grid."""

    grid: NDArray[np.float64]
    population: Data = field(repr=False)
    rows: NDArray[np.uint64] = field(repr=False)
    walked: NDArray[np.uint64] = field(repr=False)
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    kernel: Kernel = field(repr=False)

    @cached_property
    def household_id(self) -> NDArray[Any]:
        """Ids of the households, in the order of the arrays' rows."""
        return self.population.household_id[self.rows]

    @cached_property
    def person_id(self) -> NDArray[Any]:
        """The member of each whose income was varied."""
        return self.population.person_id[self.walked]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a household, point and output: household_id, person_id, at (yuan/year), output, value."""
        import pandas as pd

        points = len(self.grid)
        ids = {"household_id": self.household_id, "person_id": self.person_id}
        along = {name: np.repeat(values, points) for name, values in ids.items()}
        at = np.tile(self.grid, len(self.rows))
        frames = [
            pd.DataFrame({**along, "at": at, "output": name, "value": values.ravel()})
            for name, values in self.arrays.items()
        ]
        return pd.concat(frames, ignore_index=True)

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """Size of the walk: households, and points of the grid with its ends."""
        return {
            "households": {"value": len(self.rows), "unit": "households"},
            "points": {"value": len(self.grid), "unit": "points"},
            "from": {"value": float(self.grid[0]), "unit": "yuan/year"},
            "to": {"value": float(self.grid[-1]), "unit": "yuan/year"},
        }

    @property
    def headline(self) -> str:
        """Who is walked, and how far."""
        ends = f"from {self.grid[0]:,.0f} to {self.grid[-1]:,.0f} yuan/year"
        of = ", ".join(self.arrays)
        return f"{len(self.rows):,} households at {len(self.grid):,} incomes {ends}; {of}"

    def __getitem__(self, output: str) -> NDArray[Any]:
        return self.arrays[output]


def walk(
    population: Data,
    policy: Policy,
    vary: str = "wage_income",
    grid: ArrayLike | None = None,
    outputs: Sequence[str] = ("disposable_income",),
    *,
    households: ArrayLike | None = None,
    member: str | ArrayLike | None = None,
    reuse: Walk | None = None,
    threads: int | None = None,
) -> Walk:
    """Household ``outputs`` with one member's ``vary`` set to each value of ``grid`` (yuan/year).

    ``households``: ids to walk (default: all). ``member``: a boolean person column (name or array) that marks
    one member of each household; by default the member with the largest value of ``vary``, the first of
    equals. Members past the grid stay what they are: only the marked one is varied.
    """
    refuse_swapped(population, policy, "walk")
    points = _numbers(np.linspace(0.0, 60_000.0, 101) if grid is None else grid)
    if points.ndim != 1 or not len(points) or not np.isfinite(points).all():
        raise InputError(
            Offence(
                "the grid must be a list of finite amounts", "grid", "for example np.linspace(0, 60000, 101)"
            )
        )
    column = population.person_columns.get(vary)
    if column is None or column.dtype != np.float64:
        money = [n for n, c in population.person_columns.items() if c.dtype == np.float64]
        hint = did_you_mean(vary, money) or f"one of {', '.join(sorted(money))}"
        raise InputError(Offence(f"'{vary}' is not an amount of each person", "vary", hint))
    rows = rows_of(population, households)
    walked = earners(population, column) if member is None else marked(population, member)
    if households is not None:
        walked = walked[rows]
    outputs = names_of(outputs)
    arrays, kernel = drivers.walk(
        policy,
        population,
        vary,
        points,
        outputs,
        rows,
        walked,
        reuse=reuse.arrays if reuse else None,
        threads=threads,
    )
    return Walk(points, population, rows, walked, arrays, kernel)


def _numbers(grid: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.ascontiguousarray(grid, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([np.nan])


def rows_of(population: Data, households: ArrayLike | None) -> NDArray[np.uint64]:
    """Rows of households by their ids; all where none are named."""
    if households is None:
        return np.arange(len(population.weight), dtype=np.uint64)
    wanted = np.atleast_1d(np.asarray(households))
    order = np.argsort(population.household_id, kind="stable")
    place = np.searchsorted(population.household_id, wanted, sorter=order)
    place = order[np.minimum(place, len(order) - 1)]
    missing = wanted[population.household_id[place] != wanted]
    if len(missing):
        shown = ", ".join(map(str, missing[:5]))
        raise InputError(Offence(f"{len(missing)} unknown household ids ({shown})", "households"))
    return place.astype(np.uint64)


def marked(population: Data, member: str | ArrayLike) -> NDArray[np.uint64]:
    """The marked person of each household; every household must have exactly one."""
    marks = population.person_columns.get(member) if isinstance(member, str) else np.asarray(member)
    if marks is None or marks.shape != (population.offsets[-1],) or marks.dtype != np.bool_:
        raise InputError(Offence(f"member {member!r} is not a yes/no person column", "member"))
    marked = np.flatnonzero(marks)
    first, end = population.offsets[:-1], population.offsets[1:]
    if len(marked) == len(first) and (first <= marked).all() and (marked < end).all():
        return marked.view(np.uint64)
    low = np.searchsorted(marked, population.offsets)
    counts = np.diff(low)
    if not (counts == 1).all():
        wrong = population.household_id[counts != 1]
        shown = ", ".join(map(str, wrong[:5]))
        raise InputError(
            Offence(
                f"{len(wrong)} households without exactly one marked member (households {shown})", "member"
            )
        )
    return marked.astype(np.uint64)


def earners(population: Data, column: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Of each household the member with the largest value, the first of equals."""
    best = np.maximum.reduceat(column, population.offsets[:-1])
    sizes = np.diff(population.offsets)
    at_best = np.flatnonzero(column == np.repeat(best, sizes))
    return at_best[np.searchsorted(at_best, population.offsets[:-1])].astype(np.uint64)
