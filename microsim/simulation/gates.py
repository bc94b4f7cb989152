"""Yes/no rules whose answer can be held, and amounts that can be paid in part, household by household and
person by person.

Under a policy with gates every yes/no rule that is a gate asks for two more columns: whether its answer is
held here, and at what; every amount asks one, the share of it that is paid. Everything behind them follows by
the rules: who is kept out of a programme may fall into another.
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
    """A policy with gates; ``columns``: those of each gate and amount -> ``person`` or ``household``."""

    policy: Policy
    columns: dict[str, str]


def is_held(gate: str) -> str:
    """The column that says whether a gate's answer is held."""
    return f"{gate}_is_held"


def held_at(gate: str) -> str:
    """The column that says at which answer it is held."""
    return f"{gate}_held_at"


def paid_share(amount: str) -> str:
    """The column that says which share of an amount is paid, from 0 to 1."""
    return f"{amount}_paid_share"


def with_gates(policy: Policy, names: Sequence[str], amounts: Sequence[str] = ()) -> Gates:
    """The policy with each of these yes/no rules as a gate, and each of these ``amounts`` paid in part.

    A population then needs both columns of every gate, yes or no, and the column of every amount, of persons
    where the rule is one of persons. Where nothing is held and all shares are 1, every outcome has the bits
    that it has under ``policy``.
    """
    new: list[Rule] = []
    columns: dict[str, str] = {}
    for name in names:
        asked = (is_held(name), held_at(name))
        new += _asking(policy.rules[name], asked, "{1} if {0} else {computed}")
        columns |= dict.fromkeys(asked, policy.rules[name].entity)
    for name in amounts:
        new += _asking(policy.rules[name], (paid_share(name),), "{computed} * {0}")
        columns[paid_share(name)] = policy.rules[name].entity
    if not new:
        return Gates(policy, columns)
    made = policy.with_rules(new)
    # One book for all policies of the same rules: what is planned and compiled for one serves the next.
    book = policy.book.kernels.setdefault(("gates", tuple(names), tuple(amounts)), made.book)
    return Gates(replace(made, book=book), columns)


def _asking(rule: Rule, columns: Sequence[str], answer: str) -> list[Rule]:
    """The rule under another name, and one of its own name that makes its ``answer`` of that and columns."""
    # Without its ``of_rule``: an aggregate goes on adding up the rule of that name, gate or not.
    computed = replace(rule, name=f"{rule.name}_as_computed", role="", of_rule=None)
    arguments = (computed.name, *columns)
    text = f"def {rule.name}({', '.join(arguments)}):\n"
    text += f"    return {answer.format(*columns, computed=computed.name)}\n"
    file = f"<{rule.name} that can be held>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {}
    exec(compile(text, file, "exec"), space)
    asking = replace(
        rule, kind="formula", of=None, of_rule=None, function=space[rule.name], arguments=arguments,
        start=None, end=None,
    )  # fmt: skip
    return [computed, asking]
