"""The results folder of a unification study: manifest, summary, tables and chart."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.run_text import revenue_note
from microsim.report.texts.unify_text import growth_note, law_note, title_of
from microsim.report.words import say
from microsim.scenario.grammar import HELD
from microsim.studies.common.assumptions import assumptions_in_use

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.scenario import Scenario
    from microsim.studies.unification.study import Unification

STUDY = "unification"


def write_unification(
    folder: Path, study: Unification, scenario: Scenario, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write a study into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    import pandas as pd

    return write_results(
        folder,
        manifest=manifest(study, scenario, command),
        summary=study.summary,
        tables={
            "unification": study.table,
            "uprating": pd.concat([study.uprating.table(year) for year in study.years], ignore_index=True),
            "assumptions": assumptions(study),
        },
        figures={f"unification_{path}": partial(chart, study, path, lang) for path in study.paths},
        labels=labels_of(study.policy),
        book=book_of({"": (study.policy, study.population, study.outputs)}, lang) if xlsx else None,
    )


def manifest(study: Unification, scenario: Scenario, command: str) -> dict[str, Any]:
    """Everything needed to make the study again, and to know whether two studies are the same."""
    return manifest_of(
        scenario,
        study.policy,
        study.population,
        study.outputs,
        command,
        study=STUDY,
        follow=study.follow,
        years=list(study.years),
        paths=list(study.paths),
        economy=HELD if study.economy.held else study.economy.said,
        money={str(year): study.uprating.money(year).as_data() for year in study.years},
    )


def assumptions(study: Unification) -> pd.DataFrame:
    """Numbers in use that no document supports, growth among them."""
    money = study.uprating.money(study.years[-1])
    return assumptions_in_use(study.policy, study.population, study.outputs, study.county, money)


def chart(study: Unification, path: str, lang: str) -> Figure:
    """Expenditure by area and the two ratios over the years of one path."""
    from microsim import charts

    rows = study.table[(study.table["path"] == path) & study.table["subject"].isin(["total", "dibao"])]
    rows = rows[(rows["subject"] == "total") | (rows["measure"] == "line_ratio")]
    end = "。" if lang == "zh" else ". "
    note = end.join([title_of(study, path, lang), law_note(study, lang), ""])
    note += (
        growth_note(study.economy, lang) + ("" if lang == "zh" else " ") + revenue_note(study.county, lang)
    )
    return charts.unification(rows, lang, say("title_unification", lang), note)
