"""How an office admits, reviews and ends dibao: the figures that decide in which month something happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from microsim.errors import InputError, Offence, did_you_mean

NEVER = "never"  # of reviews
CHANCES = ("apply", "stays", "audits")
REVIEWS = ("review_stable", "review_unstable")
MOST_MONTHS = 120


@cache
def usual() -> Mapping[str, Mapping[str, Any]]:
    """Name -> value, unit, source, reference and labels of what holds where a scenario says nothing."""
    from microsim.documents import read_document

    said: Mapping[str, Mapping[str, Any]] = read_document(Path(__file__).with_name("figures.yaml")).data
    return said


@dataclass(frozen=True)
class Administration:
    """What an office does, and how soon. Months are whole; chances are shares from 0 to 1.

    ``apply``: chance in a month that a household that is due and claims applies. ``decision``: months from
    application to decision; payment begins in the month after it. ``review_stable`` and ``review_unstable``:
    months between reviews of households without and with a member able to work (None: never).
    ``notice``: months that are paid after the decision to end dibao. ``stays``: chance that a review leaves
    a household in that is above the line. ``audits``: chance in a month of a check between reviews.
    ``grandfathered``: months from the start in which reviews change nothing for those in at the start.
    """

    apply: float
    decision: int
    review_stable: int | None
    review_unstable: int | None
    notice: int
    stays: float
    audits: float
    grandfathered: int

    @classmethod
    def of(cls, said: Mapping[str, Any] | Administration | None = None) -> Administration:
        """From a mapping of some of its figures; the others are those of ``figures.yaml``.

        Raises ``InputError`` with every offence.
        """
        if isinstance(said, Administration):
            return said
        said = said or {}
        offences = []
        for name, value in said.items():
            if name not in usual():
                hint = did_you_mean(name, usual()) or f"known: {', '.join(usual())}"
                offences.append(Offence(f"no such figure '{name}'", "administration", hint))
            elif fault := _fault(name, value):
                offences.append(Offence(f"{name} is {value!r}", f"administration.{name}", fault))
        if offences:
            raise InputError(offences, title="the office cannot work like this")
        values: dict[str, Any] = {name: one["value"] for name, one in usual().items()} | dict(said)
        for name in REVIEWS:
            values[name] = None if values[name] == NEVER else values[name]
        return cls(**values)

    def assumptions(self) -> list[tuple[str, str, str, str, str, str, str]]:
        """Rows for a table of assumptions: name, value, unit, since, source, reference, note."""
        rows = []
        for one in fields(self):
            value, known = getattr(self, one.name), usual()[one.name]
            source, reference = known["source"], known["reference"]
            if value != known["value"]:
                source, reference = "scenario", "given by the scenario"
            if source != "cited":
                shown = NEVER if value is None else f"{value:g}"
                rows.append((f"administration.{one.name}", shown, known["unit"], "", source, reference, ""))
        return rows


def _fault(name: str, value: Any) -> str:
    """What a value must be, where it is not that."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in CHANCES:
        return "" if number and 0.0 <= value <= 1.0 else "a share from 0 to 1: 0.2 is 20 %"
    if name in REVIEWS and value == NEVER:
        return ""
    least = 1 if name in REVIEWS else 0
    if isinstance(value, int) and number and least <= value <= MOST_MONTHS:
        return ""
    return f"whole months from {least} to {MOST_MONTHS}" + (f", or {NEVER}" if name in REVIEWS else "")
