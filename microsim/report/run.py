"""The results folder of a run: manifest, summary, tables and charts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.language import language
from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import refuse_foreign, write_results
from microsim.report.withheld import may_be_shown
from microsim.scenario.grammar import OUTPUTS
from microsim.studies.distribution.curves import lorenz_curves, recipients_by_age
from microsim.studies.sensitivity.study import Law, sensitivity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.report.withheld import Withheld
    from microsim.scenario import Scenario
    from microsim.studies.common.baseline import RunResult
    from microsim.studies.compare.study import Comparison


def run(
    scenario: str | os.PathLike[str] | Scenario,
    out: str | os.PathLike[str] | None = None,
    *,
    lang: str | None = None,
    allow_code: bool = False,
    xlsx: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> RunResult | Comparison:
    """What ``microsim run`` computes for a scenario (or the file of one), as an object.

    ``.table`` and ``.summary`` hold every figure, ``.result`` the households. For a scenario with a base it
    is a comparison: ``.base`` and ``.reform`` are the two runs, ``.gains`` who gains and who loses. With
    ``out``, the results folder ``out``/NAME is written too, its charts labelled in ``lang`` (default: the
    language in force, see ``microsim.language``), and with ``xlsx`` its tables as one workbook.
    ``allow_code``: whether the rules of a scenario file's ``law_package:`` may be run. ``progress`` is
    called with the name of each step. Raises ``MicrosimError`` where the scenario cannot be used or
    something else is in the way.
    """
    from microsim.scenario import Scenario, load_scenario
    from microsim.studies.compare.study import compare
    from microsim.studies.ensemble.study import run_over

    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, allow_code=allow_code)
    folder = None if out is None else Path(out) / loaded.name
    if folder is not None:
        refuse_foreign(folder)
    found = (
        run_over(loaded, progress) if loaded.base is None else compare(loaded.base, loaded, progress=progress)
    )
    if folder is not None:
        progress("drawing charts")
        write_run(folder, found, "microsim.run", lang or language(loaded.language), xlsx=xlsx)
    return found


def write_run(
    folder: Path,
    found: RunResult | Comparison,
    command: str,
    lang: str,
    withheld: Withheld | None = None,
    xlsx: bool = False,
) -> Path:
    """Write a run into ``folder`` as one whole; charts carry labels in ``lang``.

    The run of a scenario with a base is a comparison: what it changes is written as well. ``withheld`` says
    what was left out of ``run`` because too few persons are behind it. ``xlsx``: whether the tables are
    written as one workbook, too.
    """
    from microsim.report import comparison
    from microsim.studies.compare.study import Comparison

    run = found.reform if isinstance(found, Comparison) else found
    about = manifest(run, command)
    moved = sensitivity(_law(run), _law(found.base) if isinstance(found, Comparison) else None)
    moves = {} if moved is None else {"sensitivity": moved}
    if isinstance(found, Comparison):
        about["base"] = manifest(found.base, command)["scenario"]
        return write_results(
            folder,
            manifest=about,
            summary=found.summary,
            tables={**tables(run), **comparison.tables(found), **moves},
            figures=comparison.figures(found, lang),
            labels=labels_of(run.policy),
            book=comparison.book(found, lang) if xlsx else None,
        )
    tabled = tables(run)
    if withheld is not None:
        about["withheld"] = {"min_count": withheld.least, "figures": list(withheld.names)}
        tabled.pop("expenditure", None)  # its cells are those that are withheld
        if "recipients" in tabled and not may_be_shown(tabled["recipients"]["persons"], withheld):
            del tabled["recipients"]
        # What a line moves is what it pays: the order of the numbers remains.
        moves = {name: table.drop(columns="effect") for name, table in moves.items()}
    return write_results(
        folder,
        manifest=about,
        summary=run.summary,
        tables={**tabled, **moves},
        figures=figures(run, lang),
        labels=labels_of(run.policy),
        book=book_of({"": (run.policy, run.population, run.result.outputs)}, lang) if xlsx else None,
    )


def _law(run: RunResult) -> Law:
    return Law(run.policy, run.population, run.result.outputs)


def manifest(run: RunResult, command: str) -> dict[str, Any]:
    """Everything needed to make the run again, and to know whether two runs are the same."""
    scenario = run.scenario
    return manifest_of(
        scenario,
        run.policy,
        run.population,
        run.result.outputs,
        command,
        kernel=run.result.kernel,
        # A static run draws nothing. The draws of a population that is read were made when it was written.
        seed=_seed_of_synthesis() if scenario.is_profile else None,
        outputs=list(scenario.outputs),
        not_made_by_run={name: OUTPUTS[name] for name in scenario.outputs if OUTPUTS[name] != "run"},
        without_effect={one.name: one.text("en") for one in run.idle},
    )


def _seed_of_synthesis() -> int:
    from microsim.population.synthesis.sample import SEED

    return SEED


def tables(run: RunResult) -> dict[str, pd.DataFrame]:
    """``figures`` (every number, tidy), ``assumptions``, ``expenditure`` (every payment of the law),
    ``recipients`` of dibao by sex and age, ``lorenz`` curves, and the typical family's budget constraint.
    """
    import pandas as pd

    wanted = run.scenario.outputs
    out = {"figures": run.indicators.table(), "assumptions": run.assumptions}
    if "cost" in wanted:
        out["expenditure"] = run.expenditure
    by_age = recipients_by_age(run.result) if "caseload" in wanted else None
    if by_age is not None:
        out["recipients"] = by_age
    if "inequality" in wanted:
        out["lorenz"] = lorenz_curves(run.result)
    if run.family is not None:
        family = run.family
        out["budget_constraint"] = pd.DataFrame({**family.parts, "disposable_income": family.total})
        out["notches"] = pd.DataFrame(
            [(family.household_id, n.at, n.drop, "; ".join(n.lost)) for n in family.notches],
            columns=["household_id", "at", "drop", "lost"],
        )
    return out


def figures(run: RunResult, lang: str) -> dict[str, Callable[[], Figure]]:
    """A maker for each chart that the run has the numbers for."""
    out: dict[str, Callable[[], Figure]] = {}
    table = run.indicators.table()
    if run.indicators.value("cost.dibao") is not None:
        out["cost"] = lambda: _by_area("cost_by_area", run, table, "cost", lang)
        if run.indicators.value("revenue_share.dibao") is not None:
            out["revenue_share"] = lambda: _by_area("revenue_share", run, table, "revenue_share", lang)
    if run.indicators.value("caseload.dibao") is not None:
        out["caseload"] = lambda: _by_area("caseload_by_area", run, table, "caseload", lang)
    if run.indicators.value("poverty.headcount") is not None:
        out["poverty"] = lambda: _poverty(run, lang)
    if run.family is not None:
        out["budget_constraint"] = lambda: _budget(run, lang)
    return out


def _by_area(chart: str, run: RunResult, table: pd.DataFrame, measure: str, lang: str) -> Figure:
    from microsim import charts
    from microsim.report.texts.run_text import revenue_note
    from microsim.report.words import say

    rows = table[(table["measure"] == measure) & (table["subject"] == "dibao")]
    rows = rows.assign(area=rows["group"].replace("", "all"))[["area", "value", "paper"]]
    note = revenue_note(run.county, lang) if chart == "revenue_share" and run.county is not None else ""
    figure: Figure = getattr(charts, chart)(rows, lang, title=say(f"title_{measure}", lang), note=note)
    return figure


def _poverty(run: RunResult, lang: str) -> Figure:
    import pandas as pd

    from microsim import charts
    from microsim.report.text import number
    from microsim.report.words import say

    values = run.indicators.value
    groups = [group for group in run.lines["national"] if values(f"poverty.headcount.{group}") is not None]
    rows = [
        (group, values(f"poverty.headcount_before.{group}"), values(f"poverty.headcount.{group}"))
        for group in groups
    ]
    rows.append(("all", values("poverty.headcount_before"), values("poverty.headcount")))
    line = number(next(iter(run.lines["national"].values())))
    table = pd.DataFrame(rows, columns=["area", "before", "after"])
    return charts.poverty_before_after(table, lang, note=say("national", lang, line=line))


def _budget(run: RunResult, lang: str) -> Figure:
    from microsim import charts
    from microsim.report.text import number
    from microsim.report.texts.run_text import what_is_lost
    from microsim.report.words import say

    family = run.family
    assert family is not None
    labels = {name: run.policy.rules[name].label for name in family.parts if name in run.policy.rules}
    wage = number(family.wage)
    note = say("family", lang, id=family.household_id, size=family.size, wage=wage)
    law = say("law_of", lang, date=run.scenario.day)
    return charts.budget_constraint(
        family.earnings,
        family.parts,
        family.total,
        lang,
        notches=[(notch.at, notch.drop, what_is_lost(run, notch, lang)) for notch in family.notches],
        labels=labels,
        note=f"{note} {law}." if lang == "en" else f"{note}{law}。",
        present=family.wage,
        measure="disposable_income",
    )
