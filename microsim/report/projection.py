"""The results folder of a projection: manifest, summary, tables and charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.project_text import law_note, mobility_note
from microsim.report.texts.unify_text import growth_note
from microsim.scenario.grammar import HELD
from microsim.scenario.outlook.default_path import default_path
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.projection.asked import LEAVE_POVERTY
from microsim.studies.projection.flows import POOR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.scenario import Scenario
    from microsim.studies.projection.study import Projection

STUDY = "projection"


def write_projection(
    folder: Path, study: Projection, scenario: Scenario, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write a study into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    import pandas as pd

    policy = study.policies[study.years[0]]
    figures = {"projection": partial(paths_chart, study, lang)}
    figures |= {
        f"flows_{subject}": partial(flows_chart, study, subject, lang)
        for subject in ("dibao", POOR)
        if (study.years[-1], f"entries.{subject}") in study.values
    }
    population = study.households.at_first
    return write_results(
        folder,
        manifest=manifest(study, scenario, command),
        summary=study.summary,
        tables={
            "projection": study.table,
            "margins": study.fits,
            "uprating": pd.concat([study.uprating.table(year) for year in study.years], ignore_index=True),
            "assumptions": assumptions(study),
        },
        figures=figures,
        labels=labels_of(policy),
        book=book_of({"": (policy, population, study.outputs)}, lang) if xlsx else None,
    )


def manifest(study: Projection, scenario: Scenario, command: str) -> dict[str, Any]:
    """Everything needed to make the study again, and to know whether two studies are the same."""
    first = study.years[0]
    return manifest_of(
        scenario,
        study.policies[first],
        study.households.at_first,
        study.outputs,
        command,
        study=STUDY,
        years=list(study.years),
        seed=study.seed,
        economy=HELD if study.economy.held else study.economy.said,
        mobility={"persistence": study.mobility.persistence, "source": study.mobility.source},
        money={str(year): study.uprating.money(year).as_data() for year in study.years},
    )


def assumptions(study: Projection) -> pd.DataFrame:
    """Numbers in use that no document supports: of law and county, growth, mobility, ageing."""
    import pandas as pd

    first, last = study.years[0], study.years[-1]
    rows = assumptions_in_use(
        study.policies[first],
        study.households.at_first,
        study.outputs,
        study.county,
        study.uprating.money(last),
    )
    known, more = default_path(), []
    if study.mobility.source == "assumption":
        one = known["mobility"]["poorest"]
        name = f"county.{LEAVE_POVERTY}.poorest"
        more.append((name, str(one["value"]), "1", "", one["source"], one["reference"], ""))
    margins = study.economy.outlook.margins
    if margins is not None and margins.ageing:
        more += [
            (
                f"economy.population.age.{band}",
                str(one["value"]),
                "1",
                "",
                one["source"],
                one["reference"],
                "",
            )
            for band, one in known["ageing"].items()
        ]
    if not study.economy.held and not study.economy.states("price_growth"):
        one = known["after"]["prices"]
        more.append(("economy.price_growth", str(one["value"]), "1", "", one["source"], one["reference"], ""))
    if not more:
        return rows
    return pd.concat(
        [rows, pd.DataFrame(more, columns=list(rows.columns)[: len(more[0])])], ignore_index=True
    )


def paths_chart(study: Projection, lang: str) -> Figure:
    """Expenditure, recipients and poverty over the years."""
    from microsim import charts

    return charts.projection(study.table, lang, note=_note(study, lang))


def flows_chart(study: Projection, subject: str, lang: str) -> Figure:
    """Who comes and who leaves, year by year."""
    from microsim import charts

    return charts.flows(study.table, subject, lang, note=_note(study, lang))


def _note(study: Projection, lang: str) -> str:
    end = "。" if lang == "zh" else "."
    parts = [f"{law_note(study, lang)}{end}", growth_note(study.economy, lang), mobility_note(study, lang)]
    return ("" if lang == "zh" else " ").join(parts)
