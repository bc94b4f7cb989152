"""Every county of the work, in this process or in several, and what they add up to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.reading import read_results
from microsim.batch.run import Progress, check_options, run
from microsim.batch.store import Store
from microsim.batch.work import Done, Step
from microsim.documents import shown
from microsim.errors import DataError, InputError, MicrosimError, Offence
from microsim.studies.nation.results import Failed, NationResult, nation_result
from microsim.studies.nation.work import HOUSEHOLDS, KIND, SEED, NationWork, nation_work, opened

if TYPE_CHECKING:
    import pyarrow as pa


def run_nation(
    work: NationWork,
    rows: str | os.PathLike[str],
    *,
    workers: int | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress = lambda text: None,
) -> tuple[NationResult, Done]:
    """All counties of the work, whose rows are kept in the folder ``rows``, and what they add up to.

    Options as for ``batch.run``. Counties that cannot be made are named in the result, with the reason.
    Raises ``MicrosimError`` where not one could be made, and where the folder holds something else.
    """
    store = Store(rows, work, kind=KIND, name=Path(work.nation).stem)

    def describe(tables: Iterator[pa.Table]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        counted = sum(table.num_rows for table in tables)
        about = {"file": shown(Path(work.nation)), "census": Path(work.census).name}
        return about, {"rows": {"value": counted, "unit": "rows"}}

    done = run(
        work,
        store,
        describe=describe,
        workers=workers,
        processes=processes,
        scheduler=scheduler,
        resume=resume,
        progress=progress,
    )
    failed = [Failed(*work.counties[one.number], one.reason) for one in done.failed]
    return gathered(work, [read_results(rows, KIND)], failed), done


def nation(
    file: str | os.PathLike[str],
    census: str | os.PathLike[str],
    table: str | os.PathLike[str] | None = None,
    rows: str | os.PathLike[str] | None = None,
    *,
    only: Sequence[str] = (),
    households: int = HOUSEHOLDS,
    seed: int = SEED,
    cliffs: bool = True,
    keep: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress = lambda text: None,
    allow_unusual: bool = False,
) -> NationResult:
    """Make the counties of a census, run the scenarios of ``file`` on each, and add them up.

    ``census``: tables of the 2020 census (docs/census.md); ``table``: what is known of the counties
    themselves (docs/nation.md); ``only``: codes or names of some counties, instead of all. ``households`` and
    ``seed`` of each county; ``cliffs``: whether they are searched for; ``keep``: a folder that gets each
    population. ``rows``: the folder in which the rows of each county are kept, which ``resume`` goes on from;
    without it one county after the other is made in this process, and nothing is kept. Other options as for
    ``sweep``.

    Counties that cannot be made are in ``failed`` of the result, each with its reason. Raises
    ``MicrosimError`` with every offence of the files, and where not one county could be made.
    """
    work = nation_work(
        os.fspath(file),
        os.fspath(census),
        os.fspath(table or ""),
        only=only,
        households=households,
        seed=seed,
        cliffs=cliffs,
        keep=os.fspath(keep or ""),
        allow_unusual=allow_unusual,
    )
    if rows is None:
        needless = {"processes": processes, "scheduler": scheduler, "resume": resume or None}
        offences = [
            Offence(f"{name} needs a folder for the rows of counties", name, "give rows=")
            for name, value in needless.items()
            if value is not None
        ]
        if offences:
            raise InputError(offences)
        return in_turn(work, workers, progress)
    found, _ = run_nation(
        work,
        rows,
        workers=workers,
        processes=processes,
        scheduler=scheduler,
        resume=resume,
        progress=progress,
    )
    return found


def in_turn(
    work: NationWork, workers: int | None = None, progress: Progress = lambda text: None
) -> NationResult:
    """The same with nothing kept: one county after the other in this process."""
    check_options(workers, None, None, False)
    tables: list[pa.Table] = []
    failed: list[Failed] = []
    for number in range(work.count):
        progress(Step(work.name(number), number, work.count))
        try:
            tables.append(work.rows(number, workers))
        except MicrosimError as error:
            failed.append(Failed(*work.counties[number], str(error)))
    return gathered(work, tables, failed)


def gathered(work: NationWork, tables: list[pa.Table], failed: list[Failed]) -> NationResult:
    """The result of the rows of the counties that were made."""
    if not tables:
        reasons = [Offence(one.reason, f"county {one.code} {one.name}") for one in failed[:20]]
        raise DataError(reasons, title="not one county could be made")
    shared = opened(work)
    codes = [code for code, _ in work.counties]
    frame = shared.census.frame.set_index("code")
    names = frame.loc[codes, ["province", "city", "county"]]
    people, lost = frame["pop"].to_dict(), {one.code for one in failed}
    counted = {code: float(people[code].replace(",", "") or 0.0) for code in codes if code not in lost}
    return nation_result(
        shared.nation,
        tables,
        names,
        counted,
        shared.table,
        failed=failed,
        households=work.households,
        seed=work.seed,
    )
