"""Every county of the work, in this process or in several, and what they add up to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.reading import read_results
from microsim.batch.run import Progress, run
from microsim.batch.store import Store
from microsim.batch.work import Done
from microsim.documents import shown
from microsim.errors import DataError, MicrosimError, Offence
from microsim.studies.nation.results import Failed, NationResult, nation_result
from microsim.studies.nation.work import KIND, NationWork, opened

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


def in_turn(work: NationWork) -> NationResult:
    """The same with nothing kept: one county after the other in this process."""
    tables: list[pa.Table] = []
    failed: list[Failed] = []
    for number in range(work.count):
        try:
            tables.append(work.rows(number, None))
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
