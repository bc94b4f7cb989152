"""What a sweep is asked for: parts of a run, measures, or single figures, and what each costs to compute.

Of three classes: sums over the households, and counts of the poor at given lines (both of many scenarios in
one pass), and what needs every household's outcome of every scenario (order statistics such as the Gini
coefficient, shares by household, cliffs).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microsim.documents.findings import Findings
from microsim.errors import did_you_mean
from microsim.outcome import flat_name
from microsim.scenario.grammar import GOVERNMENT, PAYERS
from microsim.studies.common.hardship import MANY, THRESHOLDS
from microsim.studies.financing.rules import LEVELS
from microsim.sweeps.figures.rows import Figure
from microsim.sweeps.grammar import OUTPUTS, PARTS

SUMS, LINES, EVALUATED, CLIFFS = "sums", "lines", "evaluated", "cliffs"
CLASSES = (SUMS, LINES, EVALUATED, CLIFFS)
# Measure -> its class, and for what is evaluated the part of a run that has it.
MEASURES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            *("cost", "caseload", "residents", "resident_share", "person_months", "cost_per_recipient"),
            *("revenue_share", "revenue", "within_market_income", "paid", "ratio", "marginal"),
        ),
        (SUMS, ""),
    ),
    "poverty": (LINES, "poverty"),
    "poverty_dibao_line": (LINES, "poverty"),
    "gini": (EVALUATED, "inequality"),
    "catastrophic_health": (EVALUATED, "hardship"),
    "expenditure_poverty": (EVALUATED, "hardship"),
    "programmes": (EVALUATED, "hardship"),
    "households": (EVALUATED, "caseload"),
    "cost_part": (EVALUATED, "cost"),
    "cliffs": (CLIFFS, ""),
}
# What a part is in a sweep; cost and caseload are one measure each.
OF_PARTS: Mapping[str, tuple[str, ...]] = {
    "cost": ("cost",),
    "caseload": ("caseload",),
    "poverty": ("poverty", "poverty_dibao_line"),
    "inequality": ("gini",),
    "hardship": ("catastrophic_health", "expenditure_poverty", "programmes"),
    "ledger": ("paid", "ratio"),
    "cliffs": ("cliffs",),
}
assert tuple(OF_PARTS) == PARTS
# A figure that is made of more than its own measure: the line has to be moved.
_NEEDS: Mapping[str, tuple[str, ...]] = {"ratio.county_line_1pct": ("ratio", "marginal")}
_BEFORE = ("", "_before")
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("poverty", "poverty_dibao_line"),
        tuple(f"{name}{when}" for name in ("headcount", "gap") for when in _BEFORE),
    ),
    "gini": ("disposable_income", "income_before_benefits"),
    "catastrophic_health": tuple(
        f"over_{100 * threshold:.0f}{when}" for threshold in THRESHOLDS for when in _BEFORE
    ),
    "expenditure_poverty": ("headcount",),
    "programmes": ("none", *map(str, range(1, MANY)), f"{MANY}_or_more"),
    "residents": ("",),
    "revenue": ("general_public_budget",),
}


@dataclass(frozen=True)
class Asked:
    """What is asked for: names of parts, of measures, or of figures as ``summary.json`` of a run has them."""

    names: tuple[str, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are needed."""
        found = [_NEEDS.get(name, OF_PARTS.get(name, (name.partition(".")[0],))) for name in self.names]
        return tuple(dict.fromkeys(measure for some in found for measure in some))

    def of_class(self, kind: str) -> tuple[str, ...]:
        """The measures of one class."""
        return tuple(one for one in self.measures if MEASURES[one][0] == kind)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a run that have what is evaluated."""
        return tuple(dict.fromkeys(MEASURES[one][1] for one in self.of_class(EVALUATED)))

    def wants(self, figure: Figure) -> bool:
        """Whether a figure is asked for."""
        flat = flat_name(figure.measure, figure.subject, figure.group)
        for name in self.names:
            if name in OF_PARTS:
                if figure.measure.partition(".")[0] in OF_PARTS[name]:
                    return True
            elif flat == name or flat.startswith(f"{name}."):
                return True
        return False


def read_outputs(found: Findings, given: Any, known: Mapping[str, Iterable[str]] | None = None) -> Asked:
    """The outputs of a sweep file; what is wrong is noted.

    ``known``: measure -> its subjects under the law at hand.
    """
    if given is None:
        return Asked(OUTPUTS)
    if not isinstance(given, list | tuple) or not given:
        found.add(("outputs",), "'outputs' must be a list", f"for example outputs: [{', '.join(OUTPUTS)}]")
        return Asked(OUTPUTS)
    names: list[str] = []
    for k, name in enumerate(given):
        steps = ("outputs", k)
        wrong = _wrong(name, {**_SUBJECTS, **(known or {})})
        if wrong is not None:
            found.add(steps, f"no such output '{name}'", wrong)
        elif name in names:
            found.add(steps, f"output '{name}' is given twice", "leave one of them out")
        else:
            names.append(name)
    return Asked(tuple(names) or OUTPUTS)


def _wrong(name: Any, subjects: Mapping[str, Iterable[str]]) -> str | None:
    """What to write in place of a name that is of no output, or None where it is of one."""
    everything = [*OF_PARTS, *(one for one in MEASURES if one not in OF_PARTS)]
    known = f"a sweep gives {', '.join(OF_PARTS)}, or figures of a run such as poverty.headcount.rural"
    if not isinstance(name, str):
        return known
    measure, _, rest = name.partition(".")
    if name in OF_PARTS or name in MEASURES:
        return None
    if measure not in MEASURES:
        return did_you_mean(name, everything) or known
    there = tuple(subjects.get(measure, ()))
    if not there or "" in there or any(rest == one or rest.startswith(f"{one}.") for one in there):
        return None
    near = did_you_mean(name, [flat_name(measure, one) for one in there])
    return near or f"{measure} has {', '.join(there)}"


def subjects_of(programmes: Sequence[str], recipients: Sequence[str], sums: Sequence[str]) -> dict[str, Any]:
    """Measure -> its subjects under a law with these programmes that pay, and these with recipients."""
    return {
        "cost": (*programmes, *sums),
        "revenue_share": (*programmes, "total"),
        "cost_per_recipient": tuple(one for one in programmes if one in recipients),
        **dict.fromkeys(("caseload", "person_months", "resident_share", "households"), tuple(recipients)),
        "paid": (*LEVELS, *(payer for payer in PAYERS if payer != GOVERNMENT)),
    }


# Of the figures by area and of all, what is more or less than three groups.
_GROUPS = {"paid": 1, "ratio": 1, "marginal": 1, "cost_part": 1, "revenue": 1, "cliffs": 25}
_COUNT = {"paid": 5, "ratio": 9, "marginal": 60, "cost_part": 60, "cliffs": 17}


def figures_of(asked: Asked, programmes: Sequence[str], recipients: Sequence[str]) -> int:
    """About how many figures a run has, for households of two areas."""
    subjects = {**_SUBJECTS, **subjects_of(programmes, recipients, ("total", "cash", "kind"))}
    out = 0
    for name in asked.names:
        for measure in OF_PARTS.get(name, (name.partition(".")[0],)):
            groups = _GROUPS.get(measure, 3)
            if name in OF_PARTS or name in MEASURES:
                out += groups * _COUNT.get(measure, len(tuple(subjects.get(measure, ("",)))))
            else:
                said = name.partition(".")[2]
                out += groups if said in subjects.get(measure, ()) or measure in _GROUPS else 1
    return out
