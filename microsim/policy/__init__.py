"""Rules, parameters and the policy that they are on one date. Knows no country and no law."""

from microsim.policy.money import above, at_least, at_most, below, share_reached
from microsim.policy.rules import (
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
