"""The results folder of a cliff study: manifest, summary, tables and charts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.cliffs_charts import cliff_charts, family_charts, reform_charts
from microsim.report.manifest import manifest_of
from microsim.report.results import now, versions, write_results
from microsim.studies.cliffs.life import days_of_minimum_wage, months_of_support
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.common.outputs import baseline_outputs

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario
    from microsim.studies.cliffs.families import FamilyLines
    from microsim.studies.cliffs.study import CliffStudy

STUDY, FAMILIES = "cliffs", "families"
MOST_NAMED = 5  # households in the name of a folder


def folder_name(
    scenario: str, vary: str = "wage_income", member: str | None = None, households: Sequence[int] = ()
) -> str:
    """The results folder of a study: one for each question, so that none takes the place of another.

    >>> folder_name("linked-2014"), folder_name("linked-2014", households=[17])
    ('linked-2014-cliffs', 'linked-2014-cliffs-household-17')
    """
    parts = ["cliffs", *([vary] if vary != "wage_income" else []), *([member] if member else [])]
    if households:
        numbers = [str(number) for number in sorted(set(households))]
        if len(numbers) > MOST_NAMED:
            digest = hashlib.sha256(" ".join(numbers).encode()).hexdigest()[:8]
            numbers = [f"{len(numbers)}-of-{digest}"]
        parts += ["household", *numbers]
    return f"{scenario}-" + re.sub(r"[^\w-]", "_", "-".join(parts))


def write_cliffs(
    folder: Path,
    study: CliffStudy,
    command: str,
    lang: str,
    against: CliffStudy | None = None,
    xlsx: bool = False,
) -> Path:
    """Write a study into ``folder`` as one whole; charts carry labels in ``lang``.

    ``against``: the study of another scenario, beside which this one's figures are drawn as well. ``xlsx``:
    whether the tables are written as one workbook, too.
    """
    beside = reform_charts([against, study], lang) if against is not None else {}
    law = (study.cliffs.policy, study.population, study.cliffs.found.kernel.outputs)
    return write_results(
        folder,
        manifest=manifest(study, command),
        summary=study.summary,
        tables=tables(study),
        figures={**cliff_charts(study, lang), **beside},
        labels=labels_of(study.cliffs.policy),
        book=book_of({"": law}, lang) if xlsx else None,
    )


def write_families(
    folder: Path,
    lines: FamilyLines,
    scenarios: Sequence[Scenario],
    command: str,
    lang: str,
    xlsx: bool = False,
) -> Path:
    """Write the budget lines of described families under some scenarios into ``folder`` as one whole.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    laws = {s.name: s.policy() for s in scenarios}
    families = lines.families.population
    sides = {name: (law, families, baseline_outputs(law)) for name, law in laws.items()}
    return write_results(
        folder,
        manifest={
            "study": FAMILIES,
            "families": {"file": shown(lines.families.path), "names": list(lines.families.names)},
            "scenarios": [{"name": s.name, "file": shown(s.path), "hash": s.hash} for s in scenarios],
            "to": lines.max_income,
            "unit": "yuan/year",
            "versions": versions(),
            "command": command,
            "time": now(),
        },
        summary=lines.summary,
        tables={
            "lines": lines.lines,
            "notches": lines.notches,
            "causes": lines.causes,
            "households": lines.households,
        },
        figures=family_charts(lines, {s.name: s.title for s in scenarios}, lang),
        labels={name: said for law in laws.values() for name, said in labels_of(law).items()},
        book=book_of(sides, lang) if xlsx else None,
    )


def manifest(study: CliffStudy, command: str) -> dict[str, Any]:
    """Everything needed to make the study again, and to know whether two studies are the same."""
    found = study.cliffs
    return manifest_of(
        study.scenario,
        found.policy,
        study.population,
        found.found.kernel.outputs,
        command,
        study=STUDY,
        kernel=found.found.kernel,
        walked={
            "income": found.vary,
            "members": len(found.households),
            "from": 0.0,
            "to": found.max_income,
            "resources": found.resources,
            "unit": "yuan/year",
        },
    )


def tables(study: CliffStudy) -> dict[str, pd.DataFrame]:
    """Every table of the study, tidy; ``notch`` counts the rows of ``notches`` from 0."""
    found = study.cliffs
    out = {
        "figures": found.table,
        "notches": _in_lifes_terms(study),
        "by_programme": found.by_programme,
        "households": found.households,
        "causes": study.causes.table,
        "causes_shares": study.causes.shares(),
        "assumptions": assumptions_in_use(
            found.policy,
            study.population,
            found.found.kernel.outputs,
            study.scenario.profile,
            study.money,
        ),
    }
    if study.neighbours is not None:
        out["neighbours"] = study.neighbours.table
    if study.spread is not None:
        out["spread_over_seeds"] = study.spread
    return out


def _in_lifes_terms(study: CliffStudy) -> pd.DataFrame:
    """The notches with months of support and days of minimum-wage work that each drop is worth."""
    notches, benefits = study.cliffs.notches, study.causes.benefits_before
    return notches.assign(
        benefits_before=benefits,
        months_of_support=months_of_support(notches["drop"], benefits),
        days_of_minimum_wage=days_of_minimum_wage(notches["drop"], study.cliffs.policy),
    )
