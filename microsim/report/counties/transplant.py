"""The results folder of transplants: manifest, summary, table, and the matrices."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.studies.transplant.study import Transplant

STUDY = "transplant"


def write_transplant(folder: Path, study: Transplant, command: str, lang: str, xlsx: bool = False) -> Path:
    """Write transplants into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too, with the parameters of every policy.
    """
    import pandas as pd

    own = {one.name: study.runs[one.name, one.name] for one in study.scenarios}
    first = own[study.scenarios[0].name]
    assumed = [run.assumptions.assign(county=name) for name, run in own.items()]
    sides = {name: (run.policy, run.population, run.result.outputs) for name, run in own.items()}
    return write_results(
        folder,
        manifest=manifest_of(
            study.scenarios[0],
            first.policy,
            first.population,
            first.result.outputs,
            command,
            study=STUDY,
            scenarios=[{"name": one.name, "hash": one.hash} for one in study.scenarios],
            of_the_place=list(study.of_the_place),
        ),
        summary=study.summary,
        tables={"transplant": study.table, "assumptions": pd.concat(assumed, ignore_index=True)},
        figures={"transplant": partial(chart, study, lang)},
        labels=labels_of(first.policy),
        book=book_of(sides, lang) if xlsx else None,
    )


def chart(study: Transplant, lang: str) -> Figure:
    """Four figures of every pair."""
    from microsim import charts

    titles = {one.name: one.title_in(lang) for one in study.scenarios}
    return charts.transplants(study.table, lang, names=titles)
