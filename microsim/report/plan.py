"""The results folder of a plan: manifest, summary, table, chart, and the answer as scenario files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.plan_text import method_note
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.common.expenditure import account_of
from microsim.studies.planning.scenario_file import answers
from microsim.studies.planning.study import Plan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.scenario import Scenario
    from microsim.studies.planning.split_study import BudgetSplit

STUDY = "plan"


def write_plan(
    folder: Path, found: Plan | BudgetSplit, scenario: Scenario, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write a plan into ``folder`` as one whole; ``xlsx``: its tables as one workbook, too."""
    policy, population = scenario.policy(), scenario.population_as_given()
    outputs, money = account_of(policy).outputs, scenario.money(population)
    figures = {"plan": partial(chart, found, lang)} if isinstance(found, Plan) and found.feasible else {}
    return write_results(
        folder,
        manifest=manifest_of(
            scenario, policy, population, outputs, command, study=STUDY, goal=scenario.plan["goal"]
        ),
        summary=found.summary,
        tables={
            "plan": found.table,
            "assumptions": assumptions_in_use(policy, population, outputs, scenario.profile, money),
        },
        figures=figures,
        texts=answers(found, scenario, folder),
        labels=labels_of(policy),
        book=book_of({"": (policy, population, outputs)}, lang) if xlsx else None,
    )


def chart(found: Plan, lang: str) -> Figure:
    """The ratio of the lines and the county's burden over the years of the path."""
    from microsim import charts

    rows = found.table[found.table["chosen"]]
    if found.cap is not None and found.cap[0] == "level":
        revenue = dict(zip(found.grid.years, found.grid.revenue, strict=True))
        rows = rows.assign(burden=[c / revenue[y] for c, y in zip(rows["county"], rows["year"], strict=True)])
    cap = found.cap[1] if found.cap is not None else None
    return charts.planned_path(rows, cap, lang, method_note(found, lang))
