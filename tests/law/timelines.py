"""Tables of what a parameter was and became, checked against the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

import pytest

from microsim.policy.policy import Policy

# The value before, under an empty name, then {day: value from that day on}.
Timeline = Mapping[str, Any]
DAY = dt.timedelta(days=1)
FIRST = dt.date(2012, 12, 12)  # values of this day are those before every change
LAW = Policy.load("2020-12-31")


def same(found: Any, expected: Any) -> bool:
    """Equal; amounts up to rounding."""
    return bool(found == (expected if isinstance(expected, list) else pytest.approx(expected)))


def check_days(name: str, timeline: Timeline) -> None:
    """Each value stands from its day on, and the one before until the day before."""
    for (_, before), (day, value) in pairwise(timeline.items()):
        since = dt.date.fromisoformat(day)
        assert same(LAW.at(since - DAY).value(name), before)
        assert same(LAW.at(since).value(name), value)


def check_completeness(programmes: Collection[str], timelines: Mapping[str, Timeline]) -> None:
    """Every change of a parameter of these programmes is in the tables."""
    for parameter in LAW.parameters.values():
        days = {since.isoformat() for since in parameter.values if since > FIRST}
        if parameter.programme not in programmes or not days:
            continue
        told = [table for name, table in timelines.items() if f"{name}.".startswith(f"{parameter.name}.")]
        assert told, parameter.name
        assert all(set(table) - {""} == days for table in told), parameter.name
