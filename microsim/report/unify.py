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
from microsim.report.texts.unify_text import growth_note, law_note, path_name, title_of
from microsim.report.words import say
from microsim.scenario.grammar import HELD
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.unification.assumed import extra_cost, sensitivity_of_last

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

    moved, about = sensitivity_of_last(study), manifest(study, scenario, command)
    if moved is not None:
        about["sensitivity"] = {"figure": extra_cost(study), "unit": "yuan/year"}
    return write_results(
        folder,
        manifest=about,
        summary=study.summary,
        tables={
            "unification": study.table,
            "uprating": pd.concat([study.uprating.table(year) for year in study.years], ignore_index=True),
            "assumptions": assumptions(study),
            **({} if moved is None else {"sensitivity": moved}),
        },
        figures={
            **{f"unification_{path}": partial(chart, study, path, lang) for path in study.paths},
            **{f"payers_{path}": partial(payers_chart, study, path, lang) for path in study.paths},
            **({"paths": partial(paths_chart, study, lang)} if has_poverty(study) else {}),
        },
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
    """Numbers in use that no document supports, growth and the price parity among them."""
    import pandas as pd

    money = study.uprating.money(study.years[-1])
    found = assumptions_in_use(study.policy, study.population, study.outputs, study.county, money)
    if study.parity is None:
        return found
    note = "rural prices over urban ones, stated by the scenario"
    own = ("unification.price_parity", f"{study.parity:g}", "1", "", "assumption", "", note)
    return pd.concat([found, pd.DataFrame([own], columns=found.columns)], ignore_index=True)


def has_poverty(study: Unification) -> bool:
    """Whether poverty was counted: not where the law has no incomes after benefits."""
    return "poverty_urban_line" in set(study.table["measure"])


def figures_of_panels(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a study that ``charts.unification_paths`` draws, under its names of the measures."""
    import pandas as pd

    wanted = [
        ("line_ratio", "dibao", "", "line_ratio"),
        ("cost", "total", "", "cost"),
        ("poverty_urban_line", "headcount", "rural", "poverty"),
    ]
    return pd.concat(
        table[table[["measure", "subject", "group"]].eq(list(figure)).all(axis=1)].assign(measure=name)
        for *figure, name in wanted
    )


def paths_chart(study: Unification, lang: str) -> Figure:
    """Every path beside the ratio held: ratio, expenditure and rural poverty over the years."""
    from microsim import charts

    rows = figures_of_panels(study.table)
    named = rows.assign(path=[path_name(study, path, lang) for path in rows["path"]])
    end = "。" if lang == "zh" else ". "
    note = f"{law_note(study, lang)}{end}{growth_note(study.economy, lang)}"
    return charts.unification_paths(named, lang, note)


def payers_chart(study: Unification, path: str, lang: str) -> Figure:
    """What each level of budget pays under one path, year by year."""
    from microsim import charts

    rows = study.table[(study.table["path"] == path) & (study.table["measure"] == "paid")]
    end = "。" if lang == "zh" else ". "
    note = f"{title_of(study, path, lang)}{end}{say('settled', lang)}"
    return charts.payers_over_years(rows.rename(columns={"subject": "payer"}), lang, note)


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
