"""Every county of the work, one after the other or in processes, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from microsim.errors import DataError, MicrosimError, Offence
from microsim.studies.nation.results import Failed, NationResult, nation_result
from microsim.studies.nation.work import NationWork, opened

if TYPE_CHECKING:
    import pyarrow as pa


def run_nation(work: NationWork, progress: Callable[[str], None] = lambda text: None) -> NationResult:
    """The result of all counties of the work; those that cannot be made are named in it, with the reason.

    Raises ``DataError`` where not one could be made.
    """
    tables: list[pa.Table] = []
    failed: list[Failed] = []
    for number in range(work.count):
        progress(work.name(number))
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
