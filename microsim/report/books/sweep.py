"""The workbook of a sweep: its figures, the least and greatest of each, and the base's parameters."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.batch.store import MANIFEST
from microsim.report.books.book import book_of, sheets_of
from microsim.staging import becoming
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.common.expenditure import account_of
from microsim.sweeps.figures.outputs import Asked
from microsim.sweeps.figures.sums import rules_of
from microsim.workbook import ROWS, write_workbook

if TYPE_CHECKING:
    from microsim.sweeps.run import Sweep


def write_sweep_book(done: Sweep, lang: str) -> Path:
    """Write a finished sweep into its folder as one workbook, called as the folder is.

    A sweep of more figures than a sheet has rows has the least and the greatest of each figure only; all of
    them are in its Parquet files.
    """
    import pandas as pd

    grid, population = done.grid, done.grid.scenario.population()
    outputs = rules_of(account_of(grid.policy), Asked(grid.outputs).measures)
    tables = {
        "summary": pd.DataFrame([{"name": name, **said} for name, said in done.summary.items()]),
        "assumptions": assumptions_in_use(
            grid.policy, population, outputs, grid.scenario.profile, done.money
        ),
    }
    if len(done.table) < ROWS:
        one = [key for key, some in (("county", grid.counties), ("seed", grid.seeds)) if len(some) == 1]
        tables["figures"] = done.table.drop(columns=one)
    about = json.loads((done.folder / MANIFEST).read_text(encoding="utf-8"))
    kept = ("scenario", "law_package", "population")
    hashes = {
        name: value if isinstance(value, str) else "; ".join(f"{key}: {one}" for key, one in value.items())
        for name, value in about["plan"].items()
        if name in kept
    }
    about |= {"study": "sweep", "hashes": {**hashes, "policy": about["plan"]["law"]}}
    sheets = sheets_of(book_of({"": (grid.policy, population, outputs)}, lang), about, tables)
    path = done.folder / f"{done.folder.name}.xlsx"
    with becoming(path, lambda new, target: os.replace(new / target.name, target)) as new:
        write_workbook(new / path.name, sheets)
    return path
