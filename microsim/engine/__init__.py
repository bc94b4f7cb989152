"""The rules engine. Country-neutral: knows rules, parameters and households, and nothing of any one law."""

from microsim.engine.policy.money import above, at_least, at_most, below, share_reached
from microsim.engine.policy.rules import (
    Rule,
    any_member,
    collect,
    count,
    every_member,
    household,
    largest,
    person,
    smallest,
    total,
)

__all__ = [
    "Rule",
    "above",
    "any_member",
    "at_least",
    "at_most",
    "below",
    "collect",
    "count",
    "every_member",
    "household",
    "largest",
    "person",
    "share_reached",
    "smallest",
    "total",
]
