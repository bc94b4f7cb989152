"""What the programmes of a policy pay: which rules are benefits, and what each benefit is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from microsim.policy.policy import Policy, RuleBook
    from microsim.policy.rules import Rule

CASH, IN_KIND = "cash_benefit", "in_kind_benefit"
# Assistance by its origin that is paid as wage or dividend: it is in market income and is added nowhere.
WITHIN_MARKET_INCOME = ("public_wage", "public_dividend")


def benefits(policy: Policy, roles: tuple[str, ...] = (CASH, IN_KIND)) -> dict[str, list[str]]:
    """Programme -> its household rules that pay, found by their role; programmes in alphabetical order."""
    found: dict[str, list[str]] = {}
    for name, rule in policy.rules.items():
        if rule.role in roles:
            found.setdefault(rule.programme or name, []).append(name)
    return dict(sorted(found.items()))


def recipient_rules(policy: Policy) -> dict[str, str]:
    """Programme that pays -> the person rule that says who receives it, where there is one."""
    found = {name: recipient_rule(policy, name) for name in benefits(policy)}
    return {name: rule for name, rule in found.items() if rule is not None}


def recipient_rule(policy: Policy, programme: str) -> str | None:
    """The person rule that says who receives a programme: ``<programme>_recipient`` or ``is_<programme>``."""
    for name in (f"{programme}_recipient", f"is_{programme}"):
        if name in policy.rules and policy.rules[name].entity == "person":
            return name
    return None


def parts(policy: Policy, roles: tuple[str, ...] = (CASH, IN_KIND)) -> dict[str, float]:
    """Household rules whose signed sum is all benefits: name -> 1, or -1 for what is taken off.

    A benefit that only adds and subtracts household amounts is given by these; any other as it is.
    """
    known = _PARTS.setdefault(policy.book, {})
    if roles not in known:
        out: dict[str, float] = {}
        for names in benefits(policy, roles).values():
            for name in names:
                out |= _inside(policy, policy.rules[name]) or {name: 1.0}
        known[roles] = out
    return dict(known[roles])


# Parts of benefits by role, for as long as there are the rules: values play no part.
_PARTS: WeakKeyDictionary[RuleBook, dict[tuple[str, ...], dict[str, float]]] = WeakKeyDictionary()


def _inside(policy: Policy, rule: Rule) -> dict[str, float]:
    """Signs of the rule's arguments, found by trying it; empty where it is not a plain sum of amounts."""
    if rule.function is None or not all(_is_money(policy, name) for name in rule.arguments):
        return {}
    count = len(rule.arguments)
    signs = [rule(*(float(i == k) for k in range(count))) for i in range(count)]
    # Numbers of different sizes: a smaller one that is capped or compared would not go unnoticed.
    for scale in (1.0, 1e5):
        tried = [scale * 3.0**k for k in range(count)]
        for values in (tried, tried[::-1]):
            if rule(*values) != sum(sign * value for sign, value in zip(signs, values, strict=True)):
                return {}
    return dict(zip(rule.arguments, signs, strict=True)) if set(signs) <= {1.0, -1.0} else {}


def _is_money(policy: Policy, name: str) -> bool:
    rule = policy.rules.get(name)
    return rule is not None and rule.unit == "yuan/year" and rule.entity == "household"
