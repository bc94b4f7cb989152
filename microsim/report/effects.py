"""The results folder of a study of policy effects: tables of the parts, and their chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import Book, book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.effects_text import figure_rows, say
from microsim.studies.common.outputs import baseline_outputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.studies.effects.study import PolicyEffects

STUDY = "policy-effects"


def write_effects(folder: Path, found: PolicyEffects, command: str, lang: str, xlsx: bool = False) -> Path:
    """Write a study into ``folder`` as one whole; the chart carries labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    tables = {"effects": found.table}
    if found.factors:
        tables |= {"alternatives": found.alternatives, "orders": found.orders}
    figures: dict[str, Callable[[], Figure]] = {}
    if found.factors and {"cost", "caseload"} <= set(found.mixtures.wanted):
        figures["policy_effects"] = lambda: _chart(found, lang)
    return write_results(
        folder,
        manifest=manifest(found, command),
        summary=found.summary,
        tables=tables,
        figures=figures,
        labels=labels_of(found.mixtures.policies[1]),
        book=_book(found, lang) if xlsx else None,
    )


def manifest(found: PolicyEffects, command: str) -> dict[str, Any]:
    """Both sides, so that the study can be made again."""
    sides = {}
    for name, other in (("base", False), ("other", True)):
        policy = found.mixtures.policies[other]
        sides[name] = manifest_of(
            found.mixtures.side(other),
            policy,
            found.mixtures.people[other],
            baseline_outputs(policy),
            command,
        )
    shared = {key: value for key, value in sides["other"].items() if key in ("versions", "command", "time")}
    own = {name: {k: v for k, v in side.items() if k not in shared} for name, side in sides.items()}
    study = {"study": STUDY, "index": str(found.index), "factors": list(found.factors)}
    return {**study, "practice": list(found.mixtures.habits), **own, **shared}


def _book(found: PolicyEffects, lang: str) -> Book:
    sides = zip(("base", "reform"), found.mixtures.policies, found.mixtures.people, strict=True)
    return book_of({name: (policy, people, baseline_outputs(policy)) for name, policy, people in sides}, lang)


def _chart(found: PolicyEffects, lang: str) -> Figure:
    import pandas as pd

    from microsim import charts

    table = pd.DataFrame(figure_rows(found), columns=["factor", "cost", "caseload"])
    titles = [found.mixtures.side(other).title_in(lang) for other in (False, True)]
    return charts.policy_effects(table, lang, note=" → ".join(titles) + say("chart_note", lang))
