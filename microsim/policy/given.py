"""Rules given by hand to ``Policy.from_rules``: a mapping, a module or a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from microsim.errors import InputError, Offence, RuleError
from microsim.policy.programmes import rules_of
from microsim.policy.rules import Rule


def named_rules(rules: Mapping[str, Rule] | ModuleType | Sequence[Rule]) -> tuple[Rule, ...]:
    """Named rules with the person rules that their aggregates are made of."""
    named = _given(rules)
    have = {rule.name for rule in named}
    # A mapping may give a rule another name than its function's; aggregates of it must follow.
    renamed = {id(rule.function): rule.name for rule in named if rule.function is not None}
    out = []
    pending = list(named)
    while pending:
        rule = pending.pop(0)
        part = rule.of_rule
        if part is not None:
            known = renamed.get(id(part.function))
            if known is None and part.name not in have:
                have.add(part.name)
                renamed[id(part.function)] = part.name
                pending.append(part)
                known = part.name
            if known is not None and known != rule.of:
                rule = replace(rule, of=known, arguments=(known,))
        out.append(rule)
    return tuple(out)


def _given(rules: object) -> list[Rule]:
    if isinstance(rules, ModuleType):
        return list(rules_of(rules, ""))
    if isinstance(rules, Rule):
        rules = [rules]
    if isinstance(rules, Mapping):
        given: list[tuple[str, Any]] = [(str(name), rule) for name, rule in rules.items()]
    elif isinstance(rules, Sequence) and not isinstance(rules, str):
        given = [(str(getattr(r, "name", "") or getattr(r, "__name__", "")), r) for r in rules]
        if any(not name for name, rule in given if isinstance(rule, Rule)):
            raise RuleError(Offence("an aggregate in a list has no name", "", "give rules as {name: rule}"))
    else:
        message = f"rules are a mapping name -> rule, a module or a list, not {type(rules).__name__}"
        raise InputError(Offence(message, "", "write Policy.from_rules({'benefit': benefit})"))
    wrong = [name or repr(rule) for name, rule in given if not isinstance(rule, Rule)]
    if wrong:
        hint = "decorate the function with @person or @household"
        raise RuleError([Offence("is not a rule", name, hint) for name in wrong])
    return [rule.named(name) for name, rule in given]


def undated(rules: Sequence[Rule]) -> list[Offence]:
    """Rules with days of their own in a policy that has no day."""
    offences = []
    for rule in rules:
        days = " ".join(f"{word} {day}" for word, day in (("from", rule.start), ("until", rule.end)) if day)
        if days:
            hint = f"say the day: Policy.from_rules(..., date='{rule.start or rule.end}')"
            offences.append(Offence(f"is law {days}, but the policy has no date", rule.place, hint))
    return offences
