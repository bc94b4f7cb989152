"""Sums over whatever rules play a part: ``collect("cash_benefit")`` adds up each benefit so called.

So that adding a programme touches its own two files only, the rules that add programmes up do not name them.
"""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from microsim.errors import Offence, RuleError
from microsim.policy.rules import Rule


def expand_collected(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules in force with each ``collect(...)`` as a plain sum of those that have the role."""
    out = dict(rules)
    for name, rule in rules.items():
        if rule.kind != "collected":
            continue
        parts = [r for r in rules.values() if r.role == rule.of]
        wrong = [r for r in parts if r.entity != "household"]
        if wrong:
            raise RuleError(
                [
                    Offence(
                        f"has the role '{rule.of}', but is a person rule",
                        r.place,
                        f"give the role to total({r.name})",
                    )
                    for r in wrong
                ]
            )
        out[name] = _sum(rule, tuple(sorted(r.name for r in parts)))
    return out


@lru_cache(maxsize=256)
def _sum(rule: Rule, names: tuple[str, ...]) -> Rule:
    """A formula rule that adds up ``names``; its text is kept where tracebacks and compiler look for it."""
    total = " + ".join(names) or "0.0"
    text = f"def {rule.name}({', '.join(names)}):\n    return {total}\n"
    file = f"<collected {rule.name}: {', '.join(names)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope: dict[str, object] = {}
    exec(compile(text, file, "exec"), scope)
    function = scope[rule.name]
    assert callable(function)
    return replace(rule, kind="formula", function=function, of=None, arguments=names)
