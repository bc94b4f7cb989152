"""``province: beijing``: what a province sets, laid over the national law and under a scenario's changes.

A province is a file in ``scenarios/provinces/`` with ``changes:`` as in a scenario. Each change says from
which day it holds (``on:``) and, under ``sources:``, in which document it was read. What no file says is as
in the national law; so is a value after its day under ``until:``, such as a line of a past year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents.supplied import supplied
from microsim.policy.paths.path import SCENARIO
from microsim.policy.plain import as_date

if TYPE_CHECKING:
    from microsim.policy.parameters import DatedValue, Parameter
    from microsim.policy.policy import Policy

_FOLDER = "scenarios/provinces"


def province_files() -> dict[str, Path]:
    """The provinces that there are, by the name that ``province:`` takes."""
    folder = supplied([_FOLDER]) / _FOLDER
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


@dataclass(frozen=True)
class Province:
    """A province's values, each dated, the document of each, and the last day of those that have ended.

    ``sources`` and ``until`` are by parameter.
    """

    path: Path
    title: Mapping[str, str]
    changes: Mapping[str, Any] = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    until: Mapping[str, dt.date] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.path.stem

    def over(self, law: Policy, known: dt.date | None = None) -> Policy:
        """``law`` with the province's values, each with its document.

        ``known``: only those in force by this day. (When a value was published is not in the files; none is
        taken to be known before its day.)
        """
        changes = {name: change for name in self.changes if (change := self._by(name, known)) is not None}
        if not changes:
            return law
        made = law.reform(changes, allow_unusual=True)
        cited = {name: self._ended(law, self._cited(made, name)) for name in changes}
        # They are law and not changes of a scenario, which results would count.
        return replace(law, timelines={**made.timelines, **cited})

    def in_force(self, policy: Policy) -> list[str]:
        """The parameters whose value in ``policy`` is the province's, no scenario having changed it."""
        found = policy.values
        return [
            name for name, text in self.sources.items() if name in found and found[name].reference == text
        ]

    def _by(self, name: str, known: dt.date | None) -> Any:
        change = self.changes[name]
        if known is None:
            return change
        days = {day: value for day, value in change["on"].items() if (as_date(day) or dt.date.max) <= known}
        return {**change, "on": days} if days else None

    def _ended(self, law: Policy, parameter: Parameter) -> Parameter:
        """National again from the day after the last on which the province's values hold."""
        last = self.until.get(parameter.name)
        if last is None:
            return parameter
        nation, after = law.timelines[parameter.name], last + dt.timedelta(days=1)
        kept = {since: dated for since, dated in parameter.values.items() if since <= last}
        later = {since: dated for since, dated in nation.values.items() if since > after}
        now = nation.at(after)
        return parameter.with_values({**kept, **({} if now is None else {after: now}), **later})

    def _cited(self, law: Policy, name: str) -> Parameter:
        """The province's values with their document; one that only goes on is not said to start afresh."""
        parameter = law.timelines[name]
        values: dict[dt.date, DatedValue] = {}
        last: DatedValue | None = None
        for since, dated in sorted(parameter.values.items()):
            ours = dated.source == SCENARIO
            if ours and last is not None and last.value == dated.value:
                continue
            last = replace(dated, source="cited", reference=self.sources[name], note="") if ours else None
            values[since] = last or dated
        return parameter.with_values(values)
