"""A policy on a population, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import Data
from microsim.policy.policy import Policy
from microsim.simulation.asked import InPieces, grouping, in_pieces, names_of, refuse_swapped
from microsim.simulation.ignored import warn_of_ignored
from microsim.simulation.result import Result


def simulate(
    population: Data,
    policy: Policy,
    outputs: Sequence[str],
    *,
    totals: Sequence[str] = (),
    by: str | None = "area",
    reuse: Result | None = None,
    threads: int | None = None,
    warn: bool = True,
) -> Result:
    """Evaluate ``outputs`` for every household (and person) of a population.

    ``totals``: household outputs whose weighted totals ``by`` a categorical household column are taken in the
    same pass (others are added up when asked for). ``reuse``: a result that is no longer needed, whose arrays
    are written again (except those that its DataFrames show). A population from ``Population.open`` is read
    piece by piece, and of it only the columns that the outputs need. Warns of columns that a rule or
    parameter of the same name takes the place of, and of those that look misspelt (``warn=False``: for
    callers who report them). Raises ``MicrosimError`` with every name that neither policy nor population
    knows.
    """
    refuse_swapped(population, policy, "simulate")
    if warn:
        warn_of_ignored(policy, population)
    outputs, totals = names_of(outputs), names_of(totals)
    by = grouping(population, by) if totals else None
    kept = reuse.reusable() if reuse else None
    if in_pieces(population):
        done = _piece_by_piece(population, policy, outputs, totals, by, kept, threads)
    else:
        done = drivers.evaluate(
            policy, population, outputs, totals=totals, by=by, reuse=kept, threads=threads
        )
    ready = {name: (done.groups, done.totals[:, k]) for k, name in enumerate(done.total_names)}
    return Result(population, policy, outputs, done.arrays, done.kernel, by, ready)


def _piece_by_piece(
    population: InPieces,
    policy: Policy,
    outputs: tuple[str, ...],
    totals: tuple[str, ...],
    by: str | None,
    reuse: Mapping[str, NDArray[Any]] | None,
    threads: int | None,
) -> drivers.Evaluated:
    """``drivers.evaluate`` with one piece in memory at a time: the same bits as all at once."""
    carry = drivers.Carry()
    arrays: dict[str, NDArray[Any]] = {}
    households = persons = 0
    done: drivers.Evaluated | None = None
    for piece in population.pieces():
        rows = {"household": slice(households, households + piece.n_households)}
        rows["person"] = slice(persons, persons + piece.n_persons)
        own = {name: array[rows[_level(done, name)]] for name, array in arrays.items()} if done else None
        done = drivers.evaluate(
            policy, piece, outputs, totals=totals, by=by, reuse=own, carry=carry, threads=threads
        )
        for name, array in done.arrays.items():
            level = _level(done, name)
            size = population.n_persons if level == "person" else population.n_households
            if name not in arrays:
                old = reuse.get(name) if reuse else None
                fits = old is not None and old.shape == (size,) and old.dtype == array.dtype
                arrays[name] = old if old is not None and fits else np.empty(size, array.dtype)
                arrays[name][rows[level]] = array
        households, persons = rows["household"].stop, rows["person"].stop
    assert done is not None, "a population has at least one piece"
    return replace(done, arrays=arrays)


def _level(done: drivers.Evaluated, name: str) -> str:
    return done.kernel.plan.nodes[name].level
