"""The results folder of a comparison: figures of both runs, winners and losers, charts on one axis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.report.books.book import Book, book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.words import say
from microsim.studies.sensitivity.study import Law, sensitivity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.studies.compare.study import Comparison

STUDY = "compare"
CHARTS = (  # name of the chart, measure of the table, its subject, unit, measure on the axis
    ("cost", "cost", "total", "yuan/year", "cost"),
    ("caseload", "caseload", "dibao", "persons", "recipients"),
    ("poverty", "poverty", "headcount", "1", "poverty_rate"),
)


def write_comparison(folder: Path, compared: Comparison, command: str, lang: str, xlsx: bool = False) -> Path:
    """Write a comparison into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    laws = (Law(run.policy, run.population, run.result.outputs) for run in (compared.reform, compared.base))
    moved = sensitivity(*laws)
    return write_results(
        folder,
        manifest=manifest(compared, command),
        summary=compared.summary,
        tables={**tables(compared), **({} if moved is None else {"sensitivity": moved})},
        figures=figures(compared, lang),
        labels=labels_of(compared.reform.policy),
        book=book(compared, lang) if xlsx else None,
    )


def manifest(compared: Comparison, command: str) -> dict[str, Any]:
    """Both scenarios, laws and populations, so that the comparison can be made again."""
    sides = {
        name: manifest_of(
            run.scenario, run.policy, run.population, run.result.outputs, command, kernel=run.result.kernel
        )
        for name, run in (("base", compared.base), ("reform", compared.reform))
    }
    shared = {key: value for key, value in sides["reform"].items() if key in ("versions", "command", "time")}
    own = {
        name: {key: value for key, value in side.items() if key not in shared} for name, side in sides.items()
    }
    return {"study": STUDY, **own, **shared}


def book(compared: Comparison, lang: str) -> Book:
    """The workbook of a comparison, with the parameters of both laws."""
    runs = {"base": compared.base, "reform": compared.reform}
    return book_of({k: (run.policy, run.population, run.result.outputs) for k, run in runs.items()}, lang)


def tables(compared: Comparison) -> dict[str, pd.DataFrame]:
    """``comparison`` (every figure of both), ``gains``, and the assumptions of both."""
    import pandas as pd

    runs = {"base": compared.base, "reform": compared.reform}
    assumed = [run.assumptions.assign(side=name) for name, run in runs.items()]
    out = {"comparison": compared.table, "assumptions": pd.concat(assumed, ignore_index=True)}
    if compared.ledgers is not None:
        out["payers"] = compared.payers
    if compared.gains is not None:
        out["gains"] = compared.gains.table
    return out


def figures(compared: Comparison, lang: str) -> dict[str, Callable[[], Figure]]:
    """A maker for each chart that both runs have the numbers for."""
    out: dict[str, Callable[[], Figure]] = {}
    for name, measure, subject, unit, axis in CHARTS:
        rows = _by_area(compared, measure, subject)
        if len(rows):
            out[name] = _area_chart(compared, rows, axis, unit, lang)
    paid = compared.payers[(compared.payers["programme"] == "") & compared.payers[["a", "b"]].any(axis=1)]
    if len(paid):
        paid = paid.rename(columns={"payer": "area"})
        out["payers"] = _area_chart(compared, paid, "cost", "yuan/year", lang, "title_compared_payers")
    if compared.gains is not None:
        out["winners_and_losers"] = lambda: _winners(compared, lang)
    if compared.base.family is not None and compared.reform.family is not None:
        out["budget_constraint"] = lambda: _budgets(compared, lang)
    return out


def _by_area(compared: Comparison, measure: str, subject: str) -> pd.DataFrame:
    table = compared.table
    rows = table[(table["measure"] == measure) & (table["subject"] == subject)].dropna(subset=["a", "b"])
    return rows.assign(area=rows["group"].replace("", "all"))[["area", "a", "b"]]


def _area_chart(
    compared: Comparison, rows: pd.DataFrame, axis: str, unit: str, lang: str, title: str = ""
) -> Callable[[], Figure]:
    from microsim import charts

    return lambda: charts.compared_by_area(rows, axis, unit, lang, title, note=_note(compared, lang))


def _note(compared: Comparison, lang: str) -> str:
    separator, colon = ("；", "：") if lang == "zh" else ("; ", ": ")
    return separator.join(
        f"{say(key, lang)}{colon}{run.scenario.title_in(lang)}"
        for key, run in (("base", compared.base), ("reform", compared.reform))
    )


def _winners(compared: Comparison, lang: str) -> Figure:
    import pandas as pd

    from microsim import charts

    assert compared.gains is not None
    found = compared.gains.summary
    rows = []
    for k in range(1, 11):
        names = [
            f"{measure}.disposable_income.decile_{k}"
            for measure in ("gaining_share", "losing_share", "mean_change")
        ]
        if all(name in found for name in names):
            rows.append((f"decile_{k}", *(float(found[name]["value"]) for name in names)))
    table = pd.DataFrame(rows, columns=["group", "gaining", "losing", "mean_change"])
    return charts.winners_and_losers(table, lang, note=_note(compared, lang))


def _budgets(compared: Comparison, lang: str) -> Figure:
    from microsim import charts
    from microsim.charts.comparison import BudgetLine
    from microsim.report.text import number

    base, reform = compared.base.family, compared.reform.family
    assert base is not None
    assert reform is not None
    # One axis for both: neither line may end before the other.
    end = min(float(base.earnings[-1]), float(reform.earnings[-1]))
    lines = []
    for run, family in ((compared.base, base), (compared.reform, reform)):
        inside = np.asarray(family.earnings) <= end
        falls = [(notch.at, notch.drop) for notch in family.notches if notch.at <= end]
        lines.append(
            BudgetLine(run.scenario.title_in(lang), family.earnings[inside], family.total[inside], falls)
        )
    note = say("family", lang, id=base.household_id, size=base.size, wage=number(base.wage))
    return charts.budgets_compared(lines, lang, note=note, present=base.wage)
