"""What a law later than the county's figures changes at once, before anything else has happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.scenario.practice.anchor import recipients

if TYPE_CHECKING:
    from microsim.scenario.model import Scenario


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
        """The change as a share of the recipients before."""
        return self.change / sum(self.before.values())


def law_jump(scenario: Scenario) -> LawJump | None:
    """The jump at the beginning of a scenario; None where its law is no later than the county's year."""
    county = scenario.profile
    if county is None:
        return None
    since, day = dt.date(county.year, 12, 31), scenario.day
    if day <= since:
        return None
    after = scenario.policy()
    old = scenario.law_of(since)
    # Paths and dated changes count with what they have come to under the scenario.
    names = {name.removesuffix(".rural").removesuffix(".urban") for name in scenario.changes}
    same = {
        name: _change(after.values[name].value)
        for name in names
        if name in old.values and name in after.values
    }
    before = old.reform(same, allow_unusual=True)
    people = scenario.population_as_given()
    return LawJump(since, day, recipients(people, before), recipients(people, after))


def _change(value: Any) -> Any:
    return {"by": value} if isinstance(value, Mapping) else value
