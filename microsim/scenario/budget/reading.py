"""From ``budget:`` of a scenario file to caps: what its keys say together, held against the law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from microsim.errors import did_you_mean
from microsim.scenario.budget.caps import (
    COUNTY,
    FIRST_COME,
    LINE,
    LOWER_LINE,
    QUOTAS,
    REFUSING,
    YUAN,
    Cap,
)
from microsim.scenario.budget.nodes import paying_programmes

if TYPE_CHECKING:
    from microsim.documents.findings import Findings
    from microsim.policy.policy import Policy


def caps_of(found: Findings, said: Mapping[str, Any] | None, policy: Policy) -> tuple[Cap, ...]:
    """The caps of a section as its description took it, held against the law; offences go to ``found``.

    Where the description refused a part of a cap, what its parts say together is not looked at.
    """
    paying = paying_programmes(policy)
    caps = [_cap(found, name, cap, policy, paying) for name, cap in (said or {}).items()]
    return tuple(cap for cap in caps if cap is not None)


def _cap(
    found: Findings, name: str, said: Mapping[str, Any], policy: Policy, paying: list[str]
) -> Cap | None:
    at, add = ("budget", name), found.add
    if not found.clean(*at):
        return None
    rule, quota, programmes = said["rule"], said.get("quota", {}), said.get("programmes", ())
    if ("cap" in said) == bool(quota):
        hint = "give one of them: cap: 200e6, or quota: {persons: 5000}"
        add(
            at, f"{name} gives both a cap and a quota" if quota else f"{name} gives no cap and no quota", hint
        )
        return None
    if len(quota) > 1:
        add((*at, "quota"), f"{name} counts {' and '.join(quota)} in one quota", "give each a cap of its own")
        return None
    unit, most = next(iter(quota.items())) if quota else (YUAN, said["cap"])
    own = QUOTAS.get(unit, "")
    if quota and rule not in REFUSING:
        hint = "take poorest_first or first_come: a place is given whole or not at all"
        add((*at, "rule"), f"a quota of {unit} cannot be shared out {rule}", hint)
    if quota and "upper_levels" in said:
        hint = "raise the quota instead"
        add((*at, "upper_levels"), f"upper_levels covers money, and {name} is a quota", hint)
    if rule == LOWER_LINE and policy.parameters[LINE].name not in policy.values:
        add((*at, "rule"), f"there is no {LINE} on {policy.date} to lower", "take rule: poorest_first")
    if "seed" in said and rule != FIRST_COME:
        add((*at, "seed"), f"seed has no effect under {rule}", f"leave it out, or take rule: {FIRST_COME}")
    if own and (programmes or "payer" in said):
        key = "programmes" if programmes else "payer"
        add((*at, key), f"{unit} are those of {own} and of no other", f"leave {key}: out")
    elif not own and not programmes and "payer" not in said:
        add(
            at,
            f"{name} says neither of which programmes nor of which payer",
            "name them: programmes: [dibao]",
        )
    for k, programme in enumerate(programmes):
        if programme not in paying:
            hint = did_you_mean(programme, paying) or f"known: {', '.join(paying)}"
            message = f"{programme} pays nothing under the law of {policy.date}"
            add((*at, "programmes", k), message, hint)
        elif unit == "persons" and not _has_recipients(policy, programme):
            hint = "take quota: {cases: ...}, which counts households"
            add((*at, "programmes", k), f"the law does not say who the recipients of {programme} are", hint)
    if own and own not in paying:
        add(
            (*at, "quota"),
            f"{own} pays nothing under the law of {policy.date}",
            f"known: {', '.join(paying)}",
        )
    if unit == "persons" and not programmes and "payer" in said:
        add(at, "a quota of persons is one of programmes", "name them: programmes: [dibao]")
    amounts = most["by"] if isinstance(most, Mapping) else {COUNTY: most}
    return Cap(
        name=name,
        rule=rule,
        most={area: float(amount) for area, amount in amounts.items()},
        unit=unit,
        programmes=(own,) if own else tuple(programmes),
        payer=said.get("payer", ""),
        seed=said.get("seed", 1),
        upper_levels=float(said.get("upper_levels", 0.0)),
    )


def _has_recipients(policy: Policy, programme: str) -> bool:
    return any(f"{start}{programme}{end}" in policy.rules for start, end in (("is_", ""), ("", "_recipient")))
