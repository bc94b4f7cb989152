"""The law as it was known on a day: what had been adopted or published by then, and nothing later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from microsim.policy.parameters import Parameter
from microsim.policy.rules import Rule


def rules_known(versions: tuple[Rule, ...], day: dt.date) -> tuple[Rule, ...]:
    """Rules that had begun by ``day``; one that ends on it or later goes on, since its end was not known."""
    begun = (rule for rule in versions if rule.start is None or rule.start <= day)
    return tuple(replace(rule, end=None) if rule.end and rule.end >= day else rule for rule in begun)


def values_known(timelines: Mapping[str, Parameter], day: dt.date) -> dict[str, Parameter]:
    """Parameters with the values known on ``day``; those known of none are left out.

    A value is known from its ``known`` date, without one from the day on which it begins to hold.
    """
    found = {}
    for name, parameter in timelines.items():
        values = {since: dated for since, dated in parameter.values.items() if (dated.known or since) <= day}
        if values:
            found[name] = parameter.with_values(values)
    return found
