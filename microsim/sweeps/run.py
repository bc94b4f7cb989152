"""Running a sweep: the tasks of its grid, and what is said of the finished folder."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.parts import Damage
from microsim.batch.reading import each_part
from microsim.batch.run import check_options, run
from microsim.batch.store import SUMMARY, Store, read_json
from microsim.batch.work import Failure
from microsim.documents import shown
from microsim.outcome import Outcome
from microsim.renamed import renamed_arguments
from microsim.simulation import ignored_columns
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.lacking import lacking_columns
from microsim.sweeps.figures.outputs import Asked
from microsim.sweeps.figures.rows import Figure, summary_of
from microsim.sweeps.figures.sums import rules_of
from microsim.sweeps.grid import Grid
from microsim.sweeps.overview import Overview, overview_of, values_of
from microsim.sweeps.reading import KIND, read_sweep
from microsim.sweeps.settings import parameter_of, setting_unit
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork, version_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from microsim.policy.policy import Policy
    from microsim.scenario.economy import Money


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Outcome):
    """A finished sweep: its folder, its grid, and how many of its parts an earlier, stopped run had made.

    ``damaged`` are parts of the earlier run that were missing or no longer held what it wrote, and were
    regenerated; ``failed`` are those that could not be computed, with the reason; ``set_aside`` is the folder
    to which an unfinished sweep was moved that this one does not continue. ``replaced``: when the finished
    sweep was made whose place this one took. ``seconds``: how long the computing took.
    """

    folder: Path
    grid: Grid
    money: Money
    parts: int
    kept: int
    damaged: tuple[Damage, ...] = ()
    failed: tuple[Failure, ...] = ()
    set_aside: Path | None = None
    replaced: str | None = None
    seconds: float = 0.0

    @cached_property
    def overview(self) -> Overview:
        """Rows, figures and idle axes, out of one part after another."""
        return overview_of(each_part(self.folder, KIND), self.grid)

    @property
    def idle_axes(self) -> list[str]:
        """Axes along which no figure moved: with all other axes as they are, every value gave the same."""
        return list(self.overview.idle_axes)

    def values_of(self, wanted: Collection[Figure]) -> pd.DataFrame:
        """The rows of some figures alone: scenario, county, seed, measure, subject, group, value."""
        return values_of(each_part(self.folder, KIND), wanted)

    @property
    def headline(self) -> str:
        """How many scenarios, what varies in them, and where they are."""
        grid = self.grid
        said = f"{len(grid.points):,} scenarios of {', '.join(grid.axes) or grid.scenario.name}"
        if len(grid.counties) > 1:
            said = f"{said} in {len(grid.counties):,} counties"
        return "; ".join([said, self.money.headline, f"kept in {shown(self.folder)}"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """All figures; see :func:`microsim.read_sweep`."""
        return read_sweep(self.folder)

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Size of the sweep, and the least and the greatest of each of the county's figures."""
        return read_json(self.folder / SUMMARY)


@renamed_arguments(tell="progress")
def sweep(
    file_or_dict: str | os.PathLike[str] | Mapping[str, Any] | Grid,
    out: str | os.PathLike[str],
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    *,
    processes: int | None = None,
    restart: bool = False,
    allow_code: bool = False,
    allow_unusual: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Sweep:
    """Run a grid of scenarios and store every figure in the folder ``out``; ``read_sweep(out)`` reads it.

    ``file_or_dict``: a sweep file, its content, or the grid read from it. ``workers``: threads that share the
    households (default: one a processor); the figures have the same bits for any number. ``processes``: so
    many processes of this computer with one thread each; ``scheduler``: the processes of the Dask cluster at
    this address. Both need the extra ``microsim[dask]`` and give the same rows, bit for bit. ``resume``: go
    on with a sweep that was
    stopped, and leave one alone that is finished and unchanged; parts that are missing or damaged are
    regenerated. Without it a stopped sweep is moved aside, and a ``MicrosimWarning`` says where it is.
    ``restart``: take the place of the finished sweep of another file. An older sweep of the same file gives
    way when the new one is whole. ``allow_code``: whether the base scenario's own
    rules may be run; ``allow_unusual``: whether values outside the observed ranges are taken. ``progress`` is
    called with the name of each step.

    Raises ``MicrosimError`` with every offence of the sweep and its scenario, where ``out`` holds something
    else, where another sweep is being written there, and where the stopped sweep to be resumed was another.
    """
    check_options(workers, processes, scheduler, resume and restart)
    grid = (
        file_or_dict
        if isinstance(file_or_dict, Grid)
        else read_grid(file_or_dict, allow_code=allow_code, allow_unusual=allow_unusual)
    )
    progress("reading the county")
    work = SweepWork(grid)
    store = Store(out, work, kind=KIND, name=grid.path.stem if grid.path else None)

    def describe(tables: Iterator[pa.Table]) -> tuple[dict[str, Any], dict[str, Any]]:
        return _manifest(grid, work), {**work.money.summary, **summary_of(tables)}

    done = run(
        work,
        store,
        describe=describe,
        workers=workers,
        processes=processes,
        scheduler=scheduler,
        resume=resume,
        restart=restart,
        progress=progress,
    )
    return Sweep(
        Path(out),
        grid,
        work.money,
        done.count,
        done.kept,
        done.damaged,
        done.failed,
        done.set_aside,
        done.replaced,
        done.seconds,
    )


def _manifest(grid: Grid, work: SweepWork) -> dict[str, Any]:
    """What the folder says of the sweep; of columns and households, what is so in the first county."""
    packages = ("microsim", "numpy", "numba", "llvmlite", "pyarrow", "scipy")
    population = work.population
    rules = rules_of(account_of(grid.policy), Asked(grid.outputs).measures)
    several = len(grid.scenarios) > 1
    profile = work.first_cell.scenario.profile
    return {
        "title": dict(grid.title),
        "file": shown(grid.path) if grid.path else None,
        "scenario": {"name": grid.scenario.name, "file": shown(grid.scenario.path)},
        **({"scenarios": [shown(one.path) for one in grid.scenarios]} if several else {}),
        "law": str(grid.policy.date),
        "county": shown(work.first_cell.scenario.county_path),
        **({"county_name": dict(profile.name)} if profile is not None else {}),
        **({"counties": [one.name for one in grid.counties]} if len(grid.counties) > 1 else {}),
        "seeds": list(grid.seeds),
        "design": asdict(grid.design),
        "units": {name: unit_of(grid.policy, name) for name in grid.axes},
        "labels": {
            "programmes": {one.name: dict(one.label) for one in grid.policy.programmes},
            "parameters": _labels(grid),
        },
        "population": {"households": population.n_households, "persons": population.n_persons},
        "money": work.money.as_data(),
        "defaulted_columns": list(population.defaulted),
        "lacking_columns": dict(lacking_columns(grid.policy, population, rules)),
        "ignored_columns": {name: str(why) for name, why in ignored_columns(grid.policy, population).items()},
        "versions": {"python": platform.python_version(), **{name: version_of(name) for name in packages}},
        "time": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def _labels(grid: Grid) -> dict[str, dict[str, str]]:
    """What the parameters of the axes are called."""
    from microsim.policy.reform import split_name

    found = (split_name(grid.policy.parameters, parameter_of(name)) for name in grid.axes)
    return {one[0].name: dict(one[0].label) for one in found if one is not None}


def unit_of(policy: Policy, name: str) -> str:
    """The unit in which a sweep gives a parameter's values: the parameter's own, such as ``yuan/month``.

    Of a setting what its values are: ``date``, ``choice``, a share (``1``).
    """
    from microsim.policy.reform import split_name

    found = split_name(policy.parameters, parameter_of(name))
    return setting_unit(name) if found is None else found[0].unit
