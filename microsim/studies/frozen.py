"""The law of one day, held for ever."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from microsim.engine.policy import Policy


def frozen(policy: Policy) -> Policy:
    """The policy's law as if its day lasted for ever, with the policy's own changes laid over it.

    What those changes date (``on``, ``path``) still moves; the law does not. All years then share one set of
    compiled functions.
    """
    rules = [replace(rule, start=None, end=None) for rule in policy.rules.values()]
    values = {}
    for name, parameter in policy.parameters.items():
        value = parameter.at(policy.date)
        if value is not None:
            values[name] = parameter.with_values({dt.date.min: value})
    made = Policy.from_rules(rules, values, policy.date)
    for changes in policy.changes:
        made = made.reform(changes)
    return replace(made, programmes=policy.programmes)
