"""microsim as one implementation among others: data in, three tasks, through the public names only.

``load`` takes the columns of :mod:`benchmarks.bench_population` (any other columns are left alone), ``t1``
evaluates every household once, ``t2`` adds up a hundred scenarios and ``t3`` walks a wage. The module can
be loaded by its path, so that a runner elsewhere can put it beside other implementations.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if str(root := Path(__file__).resolve().parent.parent) not in sys.path:
    sys.path.insert(0, str(root))

import microsim as ms
from benchmarks import bench_policy as bench
from benchmarks.bench_population import HOUSEHOLDS, PERSONS

VARIANTS: dict[str, dict[str, Any]] = {"microsim": {}, "microsim-1t": {"threads": 1}}


class Impl:
    """The three tasks on one population; arrays of earlier results are written again, as in a loop."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads
        self.policy = bench.policy()

    def load(self, columns: dict[str, NDArray[Any]]) -> None:
        self.population = ms.Population.from_arrays(
            columns["offsets"],
            persons={name: columns[name] for name in PERSONS},
            households={name: columns[name] for name in HOUSEHOLDS},
            categories=bench.CATEGORIES,
        )
        self.result: Any = None
        self.written_plainly: Any = None
        self.net: Any = None

    def t1(self) -> dict[str, NDArray[np.float64]]:
        """All six household outputs, and the cost by area."""
        self.result = ms.simulate(
            self.population,
            self.policy,
            outputs=bench.OUTPUTS,
            totals=["benefits"],
            by="area",
            reuse=self.result,
            threads=self.threads,
        )
        answer = {name: self.result.array(name) for name in bench.OUTPUTS}
        return {**answer, "cost": self.result.total("benefits", by="area").to_numpy()}

    def plain(self) -> dict[str, Any]:
        """What T1 answers, as a user writes it first: nothing is reused, DataFrame and totals come after."""
        self.written_plainly = ms.simulate(
            self.population, self.policy, outputs=[*bench.OUTPUTS, "benefits"], threads=self.threads
        )
        households = self.written_plainly.households
        return {"households": households, "cost": self.written_plainly.total("benefits", by="area")}

    def t2(self) -> NDArray[np.float64]:
        """Cost by area in each of a hundred scenarios: scenarios x areas."""
        table = ms.simulate_many(
            self.population,
            self.policy,
            changes=bench.SWEEP,
            outputs=["benefits"],
            by="area",
            threads=self.threads,
        )
        return table["value"].to_numpy().reshape(len(bench.SWEEP), 2)

    def t3(self) -> NDArray[np.float64]:
        """Net income of each household at each wage of its first adult: households x wages."""
        self.net = ms.walk(
            self.population,
            self.policy,
            vary="wage",
            grid=bench.GRID,
            outputs=["net"],
            member=self.first_adults(),
            reuse=self.net,
            threads=self.threads,
        )
        net: NDArray[np.float64] = self.net["net"]
        return net

    def first_adults(self) -> NDArray[np.bool_]:
        """Marks the first adult of each household, or its first person where there is none."""
        starts, ends = self.population.offsets[:-1], self.population.offsets[1:]
        child = self.population.person_columns["age"] < bench.ADULT_AGE
        first = starts.copy()
        left = np.flatnonzero(child[first])  # households whose first adult is still looked for
        while len(left):
            first[left] += 1
            left = left[first[left] < ends[left]]
            left = left[child[first[left]]]
        marks = np.zeros(len(child), dtype=bool)
        marks[np.where(first < ends, first, starts)] = True
        return marks
