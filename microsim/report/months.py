"""The results folder of a study by month: the register, the value of a job, and their charts."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.months_text import job_note, moves, name_of
from microsim.studies.common.assumptions import assumptions_in_use

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.studies.months.follow import Followed

STUDY = "months"


def write_months(folder: Path, study: Followed, command: str, lang: str, xlsx: bool = False) -> Path:
    """Write a study into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    sides = study.sides
    figures = {}
    if any(side.job.past_line for side in sides.values()):
        figures["job"] = partial(job, study, lang)
    if any(moves(side) for side in sides.values()):
        figures["caseload"] = partial(caseload, study, lang)
    laws = {
        name if study.base else "": (side.policy, side.population, side.outputs)
        for name, side in sides.items()
    }
    return write_results(
        folder,
        manifest=manifest(study, command),
        summary=study.summary,
        tables={"months": study.table, "job": study.job_table, "assumptions": assumptions(study)},
        figures=figures,
        labels=labels_of(study.policy),
        book=book_of(laws, lang) if xlsx else None,
    )


def manifest(study: Followed, command: str) -> dict[str, Any]:
    """Everything needed to make the study again, and to know whether two studies are the same."""
    register = study.register
    return manifest_of(
        study.scenario,
        study.policy,
        study.population,
        study.outputs,
        command,
        study=STUDY,
        years=list(register.years),
        random_seed=register.seed,
        administration=asdict(register.administration),
        job={"wages": sorted(set(study.job.table["wage"])), "months": study.job.months},
        money=study.scenario.money(study.population).as_data(),
    )


def assumptions(study: Followed) -> pd.DataFrame:
    """Numbers in use that no document supports, those of the office among them."""
    import pandas as pd

    money = study.scenario.money(study.population)
    found = assumptions_in_use(study.policy, study.population, study.outputs, study.scenario.profile, money)
    office = pd.DataFrame(study.register.administration.assumptions(), columns=found.columns)
    return pd.concat([found, office], ignore_index=True)


def job(study: Followed, lang: str) -> Figure:
    """What a job changes month by month for those whom it takes past the line, at each wage."""
    import pandas as pd

    from microsim import charts
    from microsim.studies.months.job import PAST

    tables = []
    for name, side in study.sides.items():
        path = side.job.path
        tables.append(path[path["group"] == PAST].assign(series=name if study.base else "all"))
    return charts.job_by_month(pd.concat(tables), lang, job_note(study, lang))


def caseload(study: Followed, lang: str) -> Figure:
    """Recipients by month."""
    import pandas as pd

    from microsim import charts

    tables = []
    for name, side in study.sides.items():
        rows = side.register.table
        chosen = rows[(rows["measure"] == "caseload") & (rows["group"] == "") & (rows["month"] > 0)]
        tables.append(chosen.assign(series=name if study.base else "all"))
    return charts.caseload_by_month(pd.concat(tables), lang, name_of(study, lang))
