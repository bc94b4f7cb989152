"""The tasks of a sweep: points of one variant in one county, as many as one pass takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import MicrosimError
from microsim.sweeps.cells import Cell, Cells
from microsim.sweeps.counties import stored_hash
from microsim.sweeps.figures.evaluated import cliffs_of, evaluated
from microsim.sweeps.figures.lines import poverty_at_lines
from microsim.sweeps.figures.outputs import CLIFFS, EVALUATED, LINES, SUMS, Asked
from microsim.sweeps.figures.rows import Found, table_of, type_of
from microsim.sweeps.figures.sums import LEDGER, sums_of
from microsim.sweeps.grid import Grid
from microsim.sweeps.source import County, Settings
from microsim.sweeps.unchanged import Hashes, behind, financing_files, refuse_changed

if TYPE_CHECKING:
    import pyarrow as pa

    from microsim.population import Population
    from microsim.scenario.economy import Money

PART = 100  # scenarios in one part: one pass over the data, and the most that a stop can cost
# Of the folder and of what its figures mean: 2 since cost is in cash and in kind, 3 with checksums, 4 in the
# money of the scenario's year and with cash and kind apart, 5 with a journal and counties.
FORMAT = 5
Block = tuple[int, Settings, tuple[int, ...]]  # base scenario, settings, points from 0


class SweepWork:
    """The points of a grid, ``PART`` a task at most, county after county and seed after seed.

    All points of a task are of one variant (base scenario and settings): they differ in parameters only, and
    share a kernel and a pass. Households and laws are made where the task is computed; those of the last few
    are kept, and tasks that follow one another share them.
    """

    def __init__(self, grid: Grid, part: int | None = None) -> None:
        self.grid = grid
        self.part = part or PART
        self.blocks = _blocks(grid, self.part)
        self._cells = Cells(grid.source, lambda scenario: refuse_changed(scenario, self.read))

    def __getstate__(self) -> dict[str, Any]:
        # Laws hold functions that a process does not take from another one: each loads the scenarios itself.
        return {
            "grid": replace(self.grid, scenarios=()),
            "part": self.part,
            "plan": dict(self.plan),
            "read": dict(self.read),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["grid"], state["part"])  # type: ignore[misc]
        self.__dict__ |= {name: state[name] for name in ("plan", "read")}

    @cached_property
    def read(self) -> Hashes:
        """What is read on the way, as it was when the sweep began: hashes by files and folders."""
        found = {path: content for one in self.grid.scenarios for path, content in behind(one).items()}
        return {**found, **{path: stored_hash(path) for path in self.grid.county_paths}}

    @property
    def count(self) -> int:
        """How many tasks there are."""
        return len(self.grid.counties) * len(self.grid.seeds) * len(self.blocks)

    @cached_property
    def first_cell(self) -> Cell:
        """Where the first task is computed, or in the first county in which it can be.

        Raises ``MicrosimError`` where it can be in none.
        """
        base, settings, _ = self.blocks[0]
        for county in self.grid.counties:
            try:
                return self._cells.of(base, settings, county, self.grid.seeds[0])
            except MicrosimError:
                if county is self.grid.counties[-1]:
                    raise
        raise AssertionError("a sweep has a county")

    @property
    def population(self) -> Population:
        """The households of the first task."""
        return self.first_cell.population

    @property
    def money(self) -> Money:
        """Of which year the amounts of the first task are."""
        return self.first_cell.scenario.money(self.population)

    def task(self, number: int) -> tuple[County, int, Block]:
        """County, seed and block of a task."""
        rest, block = divmod(number, len(self.blocks))
        county, seed = divmod(rest, len(self.grid.seeds))
        return self.grid.counties[county], self.grid.seeds[seed], self.blocks[block]

    def name(self, number: int) -> str:
        """Which scenarios a task computes, and where."""
        county, seed, (_, _, points) = self.task(number)
        count, first = len(self.grid.points), self.grid.first
        if points[-1] - points[0] == len(points) - 1:
            text = f"scenarios {first + points[0] + 1} to {first + points[-1] + 1} of {first + count}"
        else:
            text = f"scenarios {first + points[0] + 1} to {first + points[-1] + 1}, {len(points)} of them"
        if len(self.grid.counties) > 1:
            text = f"{text}, county {county.name}"
        return f"{text}, seed {seed}" if len(self.grid.seeds) > 1 else text

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """The figures of a task's scenarios."""
        county, seed, (base, settings, points) = self.task(number)
        grid, cell = self.grid, self._cells.of(base, settings, county, seed)
        found = self._found(cell, grid.changes(points), threads)
        values = np.array(list(found.values()), dtype=np.float64).reshape(len(found), len(points))
        numbers = [grid.first + point for point in points]
        here = tuple(grid.points[point] for point in points)
        return table_of(cell, grid.axes, self._types, numbers, here, list(found), values)

    def _found(self, cell: Cell, changes: list[dict[str, Any]], threads: int | None) -> Found:
        """All figures that are asked for, class by class."""
        asked = Asked(self.grid.outputs)
        found: Found = {}
        if asked.of_class(SUMS):
            found |= sums_of(cell, changes, asked.of_class(SUMS), threads)
        if asked.of_class(LINES):
            found |= poverty_at_lines(cell, changes, threads)
        if asked.of_class(EVALUATED):
            found |= evaluated(cell, changes, asked, threads)
        if asked.of_class(CLIFFS):
            found |= cliffs_of(cell, changes, threads)
        return {figure: values for figure, values in found.items() if asked.wants(figure)}

    @cached_property
    def _types(self) -> list[pa.DataType]:
        points = self.grid.points
        return [type_of(name, (point[k] for point in points)) for k, name in enumerate(self.grid.axes)]

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """What makes the sweep the one it is: a stopped one is resumed only where all this is unchanged."""
        grid = self.grid
        own = {s.own.hash for s in grid.scenarios if s.own is not None}
        several = len(grid.scenarios) > 1
        return {
            "format": FORMAT,
            "microsim": version_of("microsim"),
            "scenario": {name: s.hash for name, s in zip(grid.names, grid.scenarios, strict=True)}
            if several
            else grid.scenario.hash,
            **({"law_package": ", ".join(sorted(own))} if own else {}),
            "law": grid.policy.hash,
            "population": self._populations(),
            "money": self.money.as_data(),
            "axes": list(grid.axes),
            "values": hashlib.sha256(json.dumps(grid.points).encode()).hexdigest(),
            "outputs": list(grid.outputs),
            "scenarios": len(grid.points),
            "scenarios_a_part": self.part,
            **({"seeds": list(grid.seeds)} if grid.seeds != (0,) else {}),
            **({"first": grid.first} if grid.first else {}),
            **({"financing": rules} if (rules := self._financing()) else {}),
            **({"counties": self._own_values()} if any(one.changes for one in grid.counties) else {}),
        }

    def _populations(self) -> str | dict[str, str]:
        """What the households are, by county where there are several."""
        grid = self.grid
        if len(grid.counties) == 1 and len(grid.scenarios) == 1:
            return self.population.hash
        out = {}
        for county in grid.counties:
            for base, name in enumerate(grid.names):
                if county.path is None:
                    out[name] = self._cells.of(base, (), county, 0).population.hash
            if county.path is not None:
                out[county.name] = self.read[county.path]
        return out

    def _financing(self) -> list[str]:
        """Hashes of the files of rules of who pays, where they count."""
        if set(Asked(self.grid.outputs).measures).isdisjoint(LEDGER):
            return []
        files = {path for scenario in self.grid.scenarios for path in financing_files(scenario)}
        return sorted(content for path, content in self.read.items() if path in files)

    def _own_values(self) -> dict[str, Any]:
        return {one.name: dict(one.changes) for one in self.grid.counties}


def _blocks(grid: Grid, part: int) -> list[Block]:
    """The points by variant, in the order of the first of each, and each variant's in parts."""
    by_variant: dict[tuple[int, Settings], list[int]] = {}
    for number, point in enumerate(grid.points):
        by_variant.setdefault(grid.variant(point), []).append(number)
    return [
        (*variant, tuple(numbers[start : start + part]))
        for variant, numbers in by_variant.items()
        for start in range(0, len(numbers), part)
    ]


def version_of(package: str) -> str:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
