"""Cells too small to publish: left out of tables, charts and summary, with what would give them away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from microsim.errors import InputError
from microsim.studies.common.indicators import Indicator

if TYPE_CHECKING:
    from microsim.studies.common.baseline import RunResult

Cell = tuple[str, str]  # programme or poverty line, area ("" for the county)
_COUNTS = ("caseload", "caseload_recorded", "households", "left_out", "left_out_households")
_OF_A_PROGRAMME = (
    *_COUNTS,
    "person_months",
    "resident_share",
    "cost",
    "cost_recorded",
    "cost_per_recipient",
    "revenue_share",
    "within_market_income",
)
_OF_A_CAP = ("budget_", "left_out_")  # of a cap of the scenario, by its name
_POOR = ("headcount_before", "headcount")
_OF_POVERTY = (*_POOR, "gap_before", "gap")
_ALL, _FORMS = "total", ("cash", "kind")


@dataclass(frozen=True)
class Withheld:
    """What was left out of a run, and because of which count."""

    least: int
    names: tuple[str, ...]


def withhold_small(run: RunResult, least: int) -> tuple[RunResult, Withheld]:
    """A run without its cells of fewer than ``least`` persons or households; its single family goes too."""
    kept = keep_large(run.indicators.rows, least)
    names = tuple(figure.name for figure in run.indicators.rows if figure not in kept)
    # The budget constraint follows one household: nothing is more personal.
    scenario = replace(run.scenario, outputs=tuple(name for name in run.scenario.outputs if name != "budget"))
    ranges = {name: found for name, found in run.ranges.items() if name not in names}
    kept_run = replace(
        run, scenario=scenario, indicators=run.indicators.having(kept), family=None, ranges=ranges
    )
    return kept_run, Withheld(least, names)


def keep_large(figures: Iterable[Indicator], least: int) -> list[Indicator]:
    """The figures that may be published.

    A cell (a programme, or a cap of the scenario, in an area) is withheld with all its figures if it is based
    on 1 to ``least - 1`` persons or households (a published 0 reveals nobody). If a single cell is missing
    from a published sum, over areas or over programmes, the smallest of the others is withheld as well, and
    so is expenditure in cash and in kind apart wherever a programme's is. Poverty by a line in an
    area is withheld if it is based on fewer than ``least`` poor. Counts are weighted: for a survey, an
    adequate count is ``least`` times the mean weight.
    """
    if least < 2:
        raise InputError(f"the smallest count to publish is 2 or more, not {least}")
    rows = list(figures)
    gone = _cells_gone([row for row in rows if row.subject not in _FORMS], least)
    paying = {row.subject for row in rows if row.measure == "cost"}
    if any(name in paying for name, _ in gone):
        # Cash and kind apart are sums over the same cells: beside the total they would give one away.
        gone |= {(form, row.group) for form in _FORMS for row in rows}
    whole = {name for name, group in gone if not group}
    kept = []
    for figure in rows:
        of_a_cell = figure.measure in _OF_A_PROGRAMME or figure.measure.startswith(_OF_A_CAP)
        if of_a_cell and (figure.subject, figure.group) in gone:
            continue
        if figure.measure == "cost_part" and any(figure.subject.startswith(f"{name}_") for name in whole):
            continue
        if figure.subject in _OF_POVERTY and (figure.measure, figure.group) in gone:
            continue
        kept.append(figure)
    return kept


def may_be_shown(recipients: Iterable[float], withheld: Withheld) -> bool:
    """Whether dibao recipients by sex and age may be shown: all groups, or none where one is too small.

    Counts are persons. Where those of the county are withheld, their parts are as well.
    """
    return "caseload.dibao" not in withheld.names and not any(0 < n < withheld.least for n in recipients)


def _cells_gone(rows: list[Indicator], least: int) -> set[Cell]:
    residents = {figure.group: figure.value for figure in rows if figure.measure == "residents"}
    counts: dict[Cell, float] = {}
    costs: dict[Cell, float] = {}
    for figure in rows:
        cell, count = (figure.subject, figure.group), 0.0
        if figure.measure in _COUNTS:
            count = figure.value
        elif figure.subject in _POOR:
            cell, count = (figure.measure, figure.group), figure.value * residents.get(figure.group, 0.0)
        elif figure.measure == "cost":
            costs[cell] = figure.value
        if count > 0:
            counts[cell] = min(count, counts.get(cell, count))
    gone = {cell for cell, count in counts.items() if count < least}
    size = costs | counts
    subjects = sorted({name for name, _ in size} - {_ALL})
    paying = [name for name in subjects if any(name == subject for subject, _ in costs)]
    groups = sorted({group for _, group in size} - {""})
    # Sums that are published, and what they are made of.
    sums = [((name, ""), [(name, group) for group in groups]) for name in subjects]
    sums += [((_ALL, group), [(name, group) for name in paying]) for group in ["", *groups]]
    sums.append(((_ALL, ""), [(_ALL, group) for group in groups]))
    before = -1
    while before != len(gone):
        before = len(gone)
        for whole, parts in sums:
            missing = [cell for cell in (whole, *parts) if cell in gone]
            if len(missing) != 1 or whole not in size:
                continue
            others = [cell for cell in parts if cell not in gone and size.get(cell, 0.0) > 0]
            # Where nothing else is left to hide behind, the sum is the cell.
            gone.add(min(others, key=lambda cell: (size[cell], cell)) if others else whole)
    return gone


def withheld_note(withheld: Withheld, lang: str) -> str:
    """One sentence for the reader."""
    from microsim.report.words import say

    return say("withheld", lang, n=len(withheld.names), least=withheld.least)
