"""The results folder of a study of zones: manifest, summary, tables and charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.zones_text import county_name, money_note
from microsim.report.unify import STUDY, assumptions, figures_of_panels
from microsim.studies.unification.scenario_file import UNIFY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.scenario import Scenario
    from microsim.studies.unification.zones import Zones


def write_zones(
    folder: Path, study: Zones, scenario: Scenario, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write a study of zones into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too, with the parameters of every county.
    """
    import pandas as pd

    first = study.members[0].study
    assumed = [assumptions(one.study).assign(county=one.name) for one in study.members]
    sides = {one.name: (one.study.policy, one.study.population, one.study.outputs) for one in study.members}
    return write_results(
        folder,
        manifest=manifest_of(
            scenario,
            first.policy,
            first.population,
            first.outputs,
            command,
            study=STUDY,
            years=list(study.years),
            zones={one.name: one.zone for one in study.members},
        ),
        summary=study.summary,
        tables={"unification": study.table, "assumptions": pd.concat(assumed, ignore_index=True)},
        figures={"zones": partial(chart, study, lang)},
        labels=labels_of(first.policy),
        book=book_of(sides, lang) if xlsx else None,
    )


def chart(study: Zones, lang: str) -> Figure:
    """Every county's ratio, expenditure and rural poverty over the years."""
    from microsim import charts

    rows = figures_of_panels(study.table[(study.table["path"] == UNIFY) & (study.table["county"] != "")])
    names = {one.name: county_name(study, one, lang) for one in study.members}
    return charts.unification_paths(
        rows.assign(path=[names[one] for one in rows["county"]]), lang, money_note(study, lang)
    )
