"""What a notebook shows of a policy: what was changed in it, else what it is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from microsim.policy.programmes import Programme
from microsim.policy.rules import Rule

Row = dict[str, object]


def headline_shown(date: dt.date | None, rules: int, values: int, changes: int) -> str:
    """Its day, how much there is of it, and how many changes were made."""
    day = [f"the law in force on {date}"] if date else []
    more = [f"changes made: {changes}"] if changes else []
    return "; ".join([*day, f"{rules} rules and {values} parameters", *more])


def rows_shown(
    changes: Sequence[Mapping[str, Any]], programmes: Sequence[Programme], rules: Mapping[str, Rule]
) -> list[Row]:
    """Rows of a small table: the changes; without any the programmes; without those the rules."""
    if changes:
        return [
            {"parameter": name, "changed to": str(value)} for one in changes for name, value in one.items()
        ]
    if programmes:
        return [
            {
                "programme": one.name,
                "label": " ".join(one.label.values()),
                "rules": len(one.rules),
                "parameters": len(one.parameters),
            }
            for one in programmes
        ]
    return [
        {"rule": rule.name, "of": rule.entity, "unit": rule.unit, "label": " ".join(rule.label.values())}
        for rule in rules.values()
    ]
