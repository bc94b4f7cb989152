"""Yes/no rules whose answer can be held, household by household and person by person.

Under a policy with gates every yes/no rule that is a gate asks two further columns: whether its answer is
held here, and at what. Everything behind it follows by the rules: who is kept out of a programme may fall
into another.
"""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule


@dataclass(frozen=True)
class Gates:
    """A policy with gates; ``columns``: the two columns of each gate -> ``person`` or ``household``."""

    policy: Policy
    columns: dict[str, str]


def is_held(gate: str) -> str:
    """The column that says whether a gate's answer is held."""
    return f"{gate}_is_held"


def held_at(gate: str) -> str:
    """The column that says at which answer it is held."""
    return f"{gate}_held_at"


def with_gates(policy: Policy, names: Sequence[str]) -> Gates:
    """The policy with each of these yes/no rules as a gate.

    A population then needs both columns of every gate, yes or no, of persons where the rule is one of
    persons. Where nothing is held, every outcome has the bits that it has under ``policy``.
    """
    new: list[Rule] = []
    columns: dict[str, str] = {}
    for name in names:
        rule = policy.rules[name]
        arguments = (f"{name}_as_computed", is_held(name), held_at(name))
        new.append(replace(rule, name=arguments[0], role=""))
        text = f"def {name}({', '.join(arguments)}):\n"
        text += f"    return {arguments[2]} if {arguments[1]} else {arguments[0]}\n"
        file = f"<{name} that can be held>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        space: dict[str, Any] = {}
        exec(compile(text, file, "exec"), space)
        new.append(replace(rule, function=space[name], arguments=arguments, start=None, end=None))
        columns |= dict.fromkeys(arguments[1:], rule.entity)
    return Gates(policy.with_rules(new) if new else policy, columns)
