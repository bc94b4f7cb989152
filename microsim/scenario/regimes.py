"""``regime: {medical_aid: linked}``: programmes held at the terms of a named regime, whatever the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.errors import did_you_mean
from microsim.law import REGIMES

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy

ALL = "all"
_EXAMPLE = "for example regime: {medical_aid: linked}"
# Aid to the registered poor falls year by year to the end of 2025; the tiers began before and left it so.
_FALLING = ("transition", "filed_poor")


def with_terms(policy: Policy, day: dt.date | None = None) -> list[str]:
    """Programmes that have terms of access (with ``day``: a value of them on it), in alphabetical order."""
    terms = [parameter for parameter in policy.parameters.values() if parameter.access]
    return sorted({term.programme for term in terms if day is None or term.at(day) is not None})


def check_regimes(
    add: Callable[[tuple[Step, ...], str, str], None], value: Any, policy: Policy, programmes: Iterable[str]
) -> None:
    """Offences of the ``regime`` part go to ``add``: each with the steps to its key."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        add(("regime",), "'regime' must be a mapping of programme to regime", _EXAMPLE)
        return
    able = with_terms(policy)
    for programme, regime in value.items():
        steps: tuple[Step, ...] = ("regime", programme)
        if programme != ALL and programme not in able:
            if programme in programmes:
                hint = f"programmes with terms of access: {', '.join(able)}"
                add(steps, f"programme '{programme}' has no terms of access, so no regime changes it", hint)
            else:
                names = [ALL, *able]
                hint = did_you_mean(str(programme), names) or f"known: {', '.join(names)}"
                add(steps, f"no such programme '{programme}'", hint)
        if not isinstance(regime, str) or regime not in REGIMES:
            who = "there is" if programme == ALL else f"programme '{programme}' has"
            known = ", ".join(f"{name} (from {since})" for name, since in REGIMES.items())
            hint = did_you_mean(str(regime), list(REGIMES)) or f"regimes: {known}"
            add(steps, f"{who} no regime named '{regime}'", hint)
        elif programme in able and programme not in with_terms(policy, REGIMES[regime]):
            hint = "choose a later regime, or leave it to its own date"
            add(steps, f"programme '{programme}' did not exist yet under '{regime}'", hint)


def held_day(regime: str, day: dt.date) -> dt.date:
    """The day whose terms a regime has on ``day``: that day while the regime lasted, else the nearest to it.

    So a regime held on a day of its own changes nothing, and one held past its end stays as it was at last.
    """
    since = REGIMES[regime]
    following = [begin for begin in REGIMES.values() if begin > since]
    last = min(following) - dt.timedelta(days=1) if following else dt.date.max
    return min(max(day, since), last)


def pinned(policy: Policy, regimes: Mapping[str, str]) -> Policy:
    """``policy`` with the terms that the regimes had; what is set for a programme itself takes precedence
    over ``all``.

    Who may enter and at which rates is held. Whether a programme exists (its ``enabled``) and every other
    value go on with the policy's date; so do, under ``all``, programmes that the regime did not know yet.
    Under ``transition`` aid to the registered poor goes on falling year by year.
    """
    known = with_terms(policy, REGIMES[regimes[ALL]]) if ALL in regimes else []
    everywhere = dict.fromkeys(known, regimes.get(ALL, ""))
    named = {name: regime for name, regime in regimes.items() if name != ALL}
    for programme, regime in {**everywhere, **named}.items():
        day = policy.date or REGIMES[regime]
        held = policy.pin(programme, held_day(regime, day))
        falling = _falling(policy, programme) if regime == _FALLING[0] and day >= REGIMES[regime] else {}
        policy = replace(held, timelines={**held.timelines, **falling})
    return policy


def _falling(policy: Policy, programme: str) -> dict[str, Parameter]:
    """Terms of access of a programme for the registered poor, with all their dated values."""
    return {
        name: parameter
        for name, parameter in policy.timelines.items()
        if parameter.programme == programme
        and parameter.access
        and name.removeprefix(f"{programme}.").startswith(_FALLING[1])
    }
