"""The rules engine. Country-neutral: knows rules, parameters and households, and nothing of any one law."""

from microsim.engine.rules import (
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
    "any_member",
    "collect",
    "count",
    "every_member",
    "household",
    "largest",
    "person",
    "smallest",
    "total",
]
