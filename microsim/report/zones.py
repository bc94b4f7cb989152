"""The results folder of a study of zones: manifest, summary, tables and charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.zones_text import money_note
from microsim.report.unify import STUDY, assumptions
from microsim.studies.unification.scenario_file import UNIFY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.scenario import Scenario
    from microsim.studies.unification.zones import Zones


def write_zones(folder: Path, study: Zones, scenario: Scenario, command: str, lang: str) -> Path:
    """Write a study of zones into ``folder`` as one whole; charts carry labels in ``lang``."""
    import pandas as pd

    first = study.members[0].study
    assumed = [assumptions(one.study).assign(county=one.name) for one in study.members]
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
    )


def chart(study: Zones, lang: str) -> Figure:
    """Every county's ratio, expenditure and rural poverty over the years."""
    import pandas as pd

    from microsim import charts

    table = study.table[(study.table["path"] == UNIFY) & (study.table["county"] != "")]
    wanted = [
        ("line_ratio", "dibao", "", "line_ratio"),
        ("cost", "total", "", "cost"),
        ("poverty_urban_line", "headcount", "rural", "poverty"),
    ]
    rows = pd.concat(
        table[table[["measure", "subject", "group"]].eq(list(figure)).all(axis=1)].assign(measure=name)
        for *figure, name in wanted
    )
    names = {one.name: one.study.county.name.get(lang, one.name) for one in study.members}
    return charts.unification_paths(
        rows.assign(path=[names[one] for one in rows["county"]]), lang, money_note(study, lang)
    )
