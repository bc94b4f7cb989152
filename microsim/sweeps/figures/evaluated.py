"""Figures that need every household's outcome of every scenario: one evaluation each, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.drivers import threads_in_use
from microsim.simulation import simulate
from microsim.studies.common.baseline import add_figures
from microsim.studies.common.estimates import by_area, everybody, persons, with_people
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import INCOMES, baseline_outputs
from microsim.studies.common.poverty import BEFORE, inequality_of
from microsim.studies.common.within_year import parts_of
from microsim.sweeps.figures.outputs import Asked
from microsim.sweeps.figures.rows import Figure, Found

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.sweeps.cells import Cell

Change = Mapping[str, Any]
INEQUALITY = ("inequality",)


def evaluated(cell: Cell, changes: Sequence[Change], asked: Asked, threads: int | None) -> Found:
    """The figures of the parts of a run that are asked for, under each of the changes.

    As many changes at a time as there are ``threads``, each on one: what is sorted and counted outside the
    kernel then has them all, too.
    """
    parts = asked.parts
    if parts == INEQUALITY:
        return _each(_Inequality(cell), changes, threads_in_use(threads))

    def outputs(policy: Policy) -> list[str]:
        return baseline_outputs(policy)

    def of(change: Change) -> dict[Figure, float]:
        policy = cell.policy.reform(change, allow_unusual=True)
        result = simulate(cell.population, policy, outputs(policy), threads=1, warn=False)
        found = Indicators({})
        stretches = [
            replace(one, policy=policy if one is cell.day else one.policy.reform(change, allow_unusual=True))
            for one in (cell.stretches if "cost" in parts or "caseload" in parts else ())
        ]
        over = parts_of(cell.population, stretches, result, outputs) if stretches else ()
        add_figures(found, result, parts, cell.revenue, over)
        rows = (Figure(one.measure, one.subject, one.group, one.unit) for one in found.rows)
        return dict(zip(rows, (one.value for one in found.rows), strict=True))

    return _each(of, changes, threads_in_use(threads))


class _Inequality:
    """Gini coefficients alone, which need incomes alone; those before benefits once where they stay."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.before: tuple[NDArray[Any], dict[Figure, float]] | None = None

    def __call__(self, change: Change) -> dict[Figure, float]:
        policy = self.cell.policy.reform(change, allow_unusual=True)
        result = simulate(self.cell.population, policy, INCOMES, threads=1, warn=False)
        weights, groups = persons(result), [*by_area(result), everybody(result)]
        known = self.before
        same = known is not None and np.array_equal(known[0], result.array(BEFORE))
        out = {
            Figure(one.measure, one.subject, one.group[0], one.unit): one.value(weights)
            for one in with_people(inequality_of(result, groups), weights)
            if not (same and one.subject == "income_before_benefits")
        }
        if known is None:
            own = {figure: value for figure, value in out.items() if "before" in figure.subject}
            self.before = result.array(BEFORE), own
        return {**out, **known[1]} if same and known is not None else out


def cliffs_of(cell: Cell, changes: Sequence[Change], threads: int | None) -> Found:
    """The figures of a search for cliffs under each of the changes."""
    from microsim.studies.cliffs.search import cliffs

    def of(change: Change) -> dict[Figure, float]:
        policy = cell.policy.reform(change, allow_unusual=True)
        rows = cliffs(cell.population, policy, threads=threads).indicators.rows
        return {Figure(one.measure, one.subject, one.group, one.unit): one.value for one in rows}

    return _each(of, changes, 1)


def _each(of: Callable[[Change], dict[Figure, float]], changes: Sequence[Change], threads: int) -> Found:
    """Figures under each of the changes; NaN where one has none."""
    rows = [of(changes[0])]  # by itself: it makes the kernel that the others use
    if threads > 1 and len(changes) > 2:
        with ThreadPoolExecutor(threads, thread_name_prefix="microsim-sweep") as pool:
            rows += pool.map(of, changes[1:])
    else:
        rows += map(of, changes[1:])
    figures = dict.fromkeys(figure for row in rows for figure in row)
    return {figure: np.array([row.get(figure, np.nan) for row in rows]) for figure in figures}
