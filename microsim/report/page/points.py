"""The runs of a sweep as the page has them: what is chosen among, the figures, and the base scenarios'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import MicrosimError
from microsim.outcome import flat_name
from microsim.policy.reform import split_name
from microsim.sweeps.design import GRID, Design
from microsim.sweeps.figures.rows import Figure
from microsim.sweeps.settings import BASE, ENSEMBLE, LAW, SEED, is_setting, parameter_of
from microsim.sweeps.work import SweepWork

if TYPE_CHECKING:
    import pandas as pd

    from microsim.batch.work import Failure
    from microsim.sweeps.grid import Grid
    from microsim.sweeps.run import Sweep
    from microsim.sweeps.source import County
    from microsim.sweeps.spread import Value

COUNTY = "county"
_LISTED = (BASE, ENSEMBLE, SEED, COUNTY)  # numbers of these are names
Floats = NDArray[np.float64]
Columns = dict[Figure, Floats]


@dataclass(frozen=True)
class Dimension:
    """What is chosen by one control: names that move together, their values, and which value each run has."""

    names: tuple[str, ...]
    values: tuple[tuple[Value | None, ...], ...]
    codes: NDArray[np.int64]  # of each run, counted in ``values``

    @property
    def positions(self) -> list[float] | None:
        """Where the values are on a line, by the first name; None where they are no numbers."""
        first = [value[0] for value in self.values]
        if self.names[0] in _LISTED or not all(type(one) in (int, float) for one in first):
            return None
        return [float(one) for one in first]  # type: ignore[arg-type]


class Points:
    """The runs of a finished sweep: one for each point, seed and county, points moving fastest."""

    def __init__(self, done: Sweep) -> None:
        self.done = done
        self.grid: Grid = done.grid
        self._shape = (len(self.grid.counties), len(self.grid.seeds), len(self.grid.points))

    @property
    def count(self) -> int:
        """How many runs there are."""
        return self.grid.runs

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What varies: base scenarios, axes, counties, seeds; what has one value only is left out."""
        grid, (counties, seeds, points) = self.grid, self._shape
        found = []
        start = 0
        for names in grid.groups:
            stop = start + len(names)
            found.append(_dimension(names, [point[start:stop] for point in grid.points], counties * seeds))
            start = stop
        runs = np.arange(self.count)
        names_of = tuple((county.name,) for county in grid.counties)
        found.append(Dimension((COUNTY,), names_of, runs // (seeds * points)))
        found.append(Dimension((SEED,), tuple((seed,) for seed in grid.seeds), runs // points % seeds))
        return tuple(one for one in found if len(one.values) > 1)

    @cached_property
    def crossed(self) -> bool:
        """Whether each value of each dimension goes with each of all others; drawn points never do."""
        count = np.prod([len(one.values) for one in self.dimensions], dtype=float)
        return self.grid.design.kind == GRID and bool(count == self.count)

    def base_value(self, name: str) -> Value | None:
        """What the base scenario has of an axis; None where there are several, or no single value."""
        grid = self.grid
        if len(grid.scenarios) > 1 or any(county.path or county.changes for county in grid.counties):
            return None
        if name == LAW:
            return grid.scenario.day.isoformat()
        found = split_name(grid.policy.parameters, parameter_of(name))
        if found is None:
            return None
        parameter, cell = found
        dated = grid.policy.values.get(parameter.name)
        value = None if dated is None else parameter.cell(dated.value, cell)
        return value if isinstance(value, bool | str | float) else None

    def columns(self, withheld: frozenset[str]) -> Columns:
        """Each figure of every run (float64[run]), NaN where a run has none; without those ``withheld``."""
        table, grid = self.done.table, self.grid
        places = {county.name: k for k, county in enumerate(grid.counties)}
        one_county = len(places) == 1
        county = 0 if one_county else table[COUNTY].astype(str).map(places).to_numpy(dtype=np.int64)
        seeds = {seed: k for k, seed in enumerate(grid.seeds)}
        seed = table[SEED].map(seeds).to_numpy(dtype=np.int64)
        point = table["scenario"].to_numpy(dtype=np.int64) - grid.first
        run = (county * self._shape[1] + seed) * self._shape[2] + point
        return _columns(table, run, self.count, withheld)

    def failed(self) -> Iterator[tuple[Failure, NDArray[np.int64]]]:
        """Each task that failed, and the runs that have no figures for it."""
        work = SweepWork(self.grid)
        for failure in self.done.failed:
            county, seed, (_, _, points) = work.task(failure.number)
            yield failure, self._first(county, seed) + np.array(points, dtype=np.int64)

    def _first(self, county: County, seed: int) -> int:
        """The run of a county's and seed's first point."""
        _, seeds, points = self._shape
        return (self.grid.counties.index(county) * seeds + self.grid.seeds.index(seed)) * points

    @cached_property
    def base_of(self) -> NDArray[np.int64]:
        """Which row of the base scenarios' figures each run is compared with."""
        grid, (counties, seeds, points) = self.grid, self._shape
        bases = np.array([grid.variant(point)[0] for point in grid.points], dtype=np.int64)
        rows = np.arange(counties * seeds, dtype=np.int64) * len(grid.scenarios)
        return (rows[:, None] + bases[None, :]).reshape(counties * seeds * points)

    def bases(
        self, withheld: frozenset[str], progress: Callable[[str], None]
    ) -> tuple[Columns, tuple[MicrosimError, ...]]:
        """The figures of each base scenario in each county, under the outputs of the sweep, and what failed.

        Rows as :attr:`base_of` counts them. They are computed as the points are, in the same pass as the
        first of them, so that no other function need be compiled; where points failed, by themselves.
        """
        import pandas as pd

        grid = self.grid
        count = self._shape[0] * self._shape[1] * len(grid.scenarios)
        work = SweepWork(self._neutral())
        tables, rows, errors = [], [], []
        for number in range(work.count):
            progress("computing the base scenario")
            county, seed, (base, _, _) = work.task(number)
            try:
                table = work.rows(number, None).to_pandas()
            except MicrosimError as error:
                errors.append(error)
                continue
            own = table["scenario"] < len(grid.scenarios)
            tables.append(table[own])
            place = self._first(county, seed) // self._shape[2] * len(grid.scenarios) + base
            rows.append(np.full(int(own.sum()), place))
        if not tables:
            return {}, tuple(errors)
        together = pd.concat(tables, ignore_index=True)
        return _columns(together, np.concatenate(rows), count, withheld), tuple(errors)

    def _neutral(self) -> Grid:
        """The same sweep with points that change nothing: one for each base scenario, and perhaps others."""
        grid = self.grid
        points: list[tuple[Value | None, ...]] = [
            tuple(name if axis == BASE else None for axis in grid.axes) for name in grid.names
        ]
        if grid.parameters and not self.done.failed:
            for k in range(len(grid.scenarios)):
                first = next(point for point in grid.points if grid.variant(point)[0] == k)
                held = zip(grid.axes, first, strict=True)
                points.append(tuple(None if is_setting(name) else value for name, value in held))
        return replace(grid, points=tuple(points), design=Design())


def _dimension(names: tuple[str, ...], given: list[tuple[Value | None, ...]], times: int) -> Dimension:
    values = list(dict.fromkeys(given))
    found = Dimension(names, tuple(values), np.empty(0, dtype=np.int64))
    if found.positions is not None:
        values.sort()
    places = {value: k for k, value in enumerate(values)}
    codes = np.tile(np.array([places[value] for value in given], dtype=np.int64), times)
    return Dimension(names, tuple(values), codes)


def _columns(table: pd.DataFrame, run: NDArray[np.int64], count: int, withheld: frozenset[str]) -> Columns:
    keys = ["measure", "subject", "group", "unit"]
    out: Columns = {}
    for key, places in table.groupby(keys, observed=True, sort=False).indices.items():
        figure = Figure(*(str(part) for part in key))  # type: ignore[attr-defined]
        if flat_name(figure.measure, figure.subject, figure.group) in withheld:
            continue
        column = np.full(count, np.nan)
        column[run[places]] = table["value"].to_numpy()[places]
        out[figure] = column
    return out
