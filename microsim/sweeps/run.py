"""Running a sweep: its grid in batches, each batch in one pass over the households."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import InputError, Offence
from microsim.outcome import Outcome
from microsim.renamed import renamed_arguments
from microsim.simulation import ignored_columns
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.lacking import lacking_columns
from microsim.sweeps.grid import Grid, read_grid
from microsim.sweeps.parts import Damage
from microsim.sweeps.rows import SEED, rows_of, rules_of, summary_of
from microsim.sweeps.store import Store, read_sweep

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario.economy import Money

PART = 100  # scenarios in one part: one pass over the data, and the most that a stop can cost
# Of the folder and of what its figures mean: 2 since cost is in cash and in kind, 3 with checksums, 4 in the
# money of the scenario's year and with cash and kind apart.
FORMAT = 4


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Outcome):
    """A finished sweep: its folder, its grid, and how many of its parts an earlier, stopped run had made.

    ``damaged`` are parts of the earlier run that were missing or no longer held what it wrote, and were
    regenerated; ``set_aside`` is the folder to which an unfinished sweep was moved that this one does not
    continue. ``replaced``: when the finished sweep was made whose place this one took.
    """

    folder: Path
    grid: Grid
    money: Money
    parts: int
    kept: int
    damaged: tuple[Damage, ...] = ()
    set_aside: Path | None = None
    replaced: str | None = None

    @cached_property
    def idle_axes(self) -> list[str]:
        """Axes along which no figure moved: with all other axes as they are, every value gave the same."""
        return [name for name in self.grid.axes if not self._moves(name)]

    def _moves(self, axis: str) -> bool:
        others = [name for name in self.grid.axes if name != axis]
        keys = [*others, "measure", "subject", "group"]
        groups = self.table.groupby(keys, observed=True, dropna=False, sort=False)["value"]
        spread = groups.max() - groups.min()
        return bool((spread > 0).any()) or self.table[axis].nunique() < 2

    @property
    def headline(self) -> str:
        """How many scenarios, what varies in them, and where they are."""
        said = f"{len(self.grid.points):,} scenarios of {', '.join(self.grid.axes)}, {self.money.headline}"
        return f"{said}, in {shown(self.folder)}"

    @cached_property
    def table(self) -> pd.DataFrame:
        """All figures; see :func:`microsim.read_sweep`."""
        return read_sweep(self.folder)

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Size of the sweep, and the least and the greatest of each of the county's figures."""
        return {**self.money.summary, **summary_of(self.table)}


@renamed_arguments(tell="progress")
def sweep(
    file_or_dict: str | os.PathLike[str] | Mapping[str, Any] | Grid,
    out: str | os.PathLike[str],
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    *,
    restart: bool = False,
    allow_code: bool = False,
    allow_unusual: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Sweep:
    """Run a grid of scenarios and store every figure in the folder ``out``; ``read_sweep(out)`` reads it.

    ``file_or_dict``: a sweep file, its content, or the grid read from it. ``workers``: threads that share the
    households (default: one a processor); the figures have the same bits for any number. ``scheduler``: a
    sweep runs in one process, so anything but None is refused. ``resume``: go on with a sweep that was
    stopped, and leave one alone that is finished and unchanged; parts that are missing or damaged are
    regenerated. Without it a stopped sweep is moved aside, and a ``MicrosimWarning`` says where it is.
    ``restart``: take the place of the finished sweep of another file. An older sweep of the same file gives
    way when the new one is whole. ``allow_code``: whether the base scenario's own
    rules may be run; ``allow_unusual``: whether values outside the observed ranges are taken. ``progress`` is
    called with the name of each step.

    Raises ``MicrosimError`` with every offence of the sweep and its scenario, where ``out`` holds something
    else, where another sweep is being written there, and where the stopped sweep to be resumed was another.
    """
    _check(workers, scheduler, resume and restart)
    grid = (
        file_or_dict
        if isinstance(file_or_dict, Grid)
        else read_grid(file_or_dict, allow_code=allow_code, allow_unusual=allow_unusual)
    )
    progress("reading the county")
    population = grid.scenario.population()
    money = grid.scenario.money(population)
    parts = -(-len(grid.points) // PART)
    store = Store(out, _plan(grid, population, parts), grid.path.stem if grid.path else None)
    with store.locked():
        store.refuse_foreign(restart)
        if resume and store.is_whole():
            store.tidy()
            return Sweep(Path(out), grid, money, parts, parts)
        begun, replaced = store.begin(resume), store.replaced()
        for number in range(parts):
            if number not in begun.kept:
                first, last = number * PART, min((number + 1) * PART, len(grid.points))
                progress(f"scenarios {first + 1} to {last} of {len(grid.points)}")
                store.add(number, rows_of(grid, population, first, last, workers))
        progress("writing")
        store.finish(_manifest(grid, population), {**money.summary, **summary_of(store.table())})
    return Sweep(Path(out), grid, money, parts, len(begun.kept), begun.damaged, begun.set_aside, replaced)


def _check(workers: int | None, scheduler: str | None, both: bool) -> None:
    offences = []
    if both:
        offences.append(Offence("resume and restart exclude each other", "resume", "give one of them"))
    if scheduler is not None:
        message = f"a sweep runs in one process here and cannot use the scheduler '{scheduler}'"
        hint = "leave the scheduler out; workers sets the number of threads on this computer"
        offences.append(Offence(message, "scheduler", hint))
    if workers is not None and (type(workers) is not int or workers < 1):
        offences.append(Offence(f"workers is {workers!r}", "workers", "a whole number from 1"))
    if offences:
        raise InputError(offences)


def _plan(grid: Grid, population: Population, parts: int) -> dict[str, Any]:
    """What makes the sweep the one it is: a stopped one is resumed only where all of this is unchanged."""
    return {
        "format": FORMAT,
        "microsim": _version("microsim"),
        "scenario": grid.scenario.hash,
        **({"law_package": grid.scenario.own.hash} if grid.scenario.own is not None else {}),
        "law": grid.policy.hash,
        "population": population.hash,
        "money": grid.scenario.money(population).as_data(),
        "axes": list(grid.axes),
        "values": hashlib.sha256(json.dumps(grid.points).encode()).hexdigest(),
        "outputs": list(grid.outputs),
        "scenarios": len(grid.points),
        "parts": parts,
        "scenarios_a_part": PART,
    }


def _manifest(grid: Grid, population: Population) -> dict[str, Any]:
    packages = ("microsim", "numpy", "numba", "llvmlite", "pyarrow")
    rules = rules_of(account_of(grid.policy), grid.outputs)
    return {
        "title": dict(grid.title),
        "file": shown(grid.path) if grid.path else None,
        "scenario": {"name": grid.scenario.name, "file": shown(grid.scenario.path)},
        "law": str(grid.policy.date),
        "county": shown(grid.scenario.county_path),
        "seed": SEED,
        "units": {name: unit_of(grid.policy, name) for name in grid.axes},
        "population": {"households": population.n_households, "persons": population.n_persons},
        "money": grid.scenario.money(population).as_data(),
        "defaulted_columns": list(population.defaulted),
        "lacking_columns": dict(lacking_columns(grid.policy, population, rules)),
        "ignored_columns": {name: str(why) for name, why in ignored_columns(grid.policy, population).items()},
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in packages}},
        "time": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def unit_of(policy: Policy, name: str) -> str:
    """The unit in which a sweep gives a parameter's values: the parameter's own, such as ``yuan/month``."""
    from microsim.policy.reform import split_name

    found = split_name(policy.parameters, name)
    assert found is not None
    return found[0].unit


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
