"""What a law later than the county's figures changes at once, before anything else has happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.outcome import flat_name
from microsim.policy.reform import as_change, split_name
from microsim.scenario.practice.anchor import recipients

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.scenario.model import Scenario

SUBJECT = "caseload.dibao"


@dataclass(frozen=True)
class LawJump:
    """Dibao recipients by area under the law of the county's year and the scenario's, all else equal.

    Both are on the county's households in their own money, with every value that the scenario sets.
    """

    since: dt.date
    law: dt.date
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def change(self) -> float:
        """By how many recipients the law alone changes the caseload."""
        return sum(self.after.values()) - sum(self.before.values())

    @property
    def share(self) -> float:
        """The change as a share of the recipients before; not a number where there were none."""
        before = sum(self.before.values())
        return self.change / before if before else float("nan")

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``jump.before``, ``jump.after`` and ``jump.change`` of ``caseload.dibao``, by area and in all.

        ``jump.change_share``: of all, as a share of those before (left out where there were none).
        """
        out: dict[str, dict[str, Any]] = {}
        for area in (*self.before, ""):
            before, after = (of[area] if area else sum(of.values()) for of in (self.before, self.after))
            for side, persons in (("before", before), ("after", after), ("change", after - before)):
                out[flat_name("jump", side, SUBJECT, area)] = {"value": persons, "unit": "persons"}
        if self.share == self.share:
            out[flat_name("jump", "change_share", SUBJECT)] = {"value": self.share, "unit": "1"}
        return out


def law_jump(scenario: Scenario, people: Population | None = None) -> LawJump | None:
    """The jump at the beginning of a scenario; None where its law is no later than the county's year.

    ``people``: the county's households in their own money, where they have been read already.
    """
    county = scenario.profile
    if county is None:
        return None
    since, day = dt.date(county.year, 12, 31), scenario.day
    if day <= since:
        return None
    after = scenario.policy()
    old = scenario.law_of(since)
    # Paths and dated changes count with what they have come to under the scenario.
    set_here = (split_name(after.parameters, name) for name in scenario.changes)
    same = {
        parameter.name: as_change(after.values[parameter.name].value)
        for parameter, _ in filter(None, set_here)
        if parameter.name in old.values and parameter.name in after.values
    }
    before = old.reform(same, allow_unusual=True)
    people = scenario.population_as_given() if people is None else people
    return LawJump(since, day, recipients(people, before), recipients(people, after))
