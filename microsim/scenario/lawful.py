"""What a scenario says about the law (programmes, regimes, changes), held against the policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.errors import InputError, Offence, did_you_mean
from microsim.scenario.categories import unknown_categories
from microsim.scenario.grammar import LAW_BEGINS, LAW_KNOWN_UNTIL
from microsim.scenario.guideline import lines_below_guideline
from microsim.scenario.model import LawDate
from microsim.scenario.possible import values_set_twice
from microsim.scenario.regimes import check_regimes

if TYPE_CHECKING:
    from microsim.policy.own_law import OwnLaw
    from microsim.policy.policy import Policy
    from microsim.scenario.provinces import Province

Add = Callable[[tuple[Step, ...], str, str], None]

# YAML 1.2 reads off, on, yes and no as text; an analyst means the switch.
SWITCH = {"off": False, "no": False, "false": False, "on": True, "yes": True, "true": True}


def law_on(date: str | None, own: OwnLaw | None = None) -> Policy:
    """The packaged law (with ``own`` beside it) on a day given as text; without one, on the last day it is
    known for.
    """
    from microsim.policy.policy import Policy

    policy = Policy.load(date or LAW_KNOWN_UNTIL, own=own)
    if not policy.values:
        raise InputError(Offence(f"no law is included for {date}", "", LAW_BEGINS))
    return policy


def check_against_law(
    add: Add,
    data: dict[str, Any],
    law: LawDate | None,
    own: OwnLaw | None = None,
    province: Province | None = None,
    *,
    allow_unusual: bool = False,
    invented: bool = False,
) -> dict[str, Any]:
    """All changes the file makes, the ``programmes`` part turned into parameters; offences go to ``add``.

    Values outside the observed range are offences, unless the file says that they are meant or
    ``allow_unusual`` says so of all. ``invented``: the numbers belong to no county, as those of a worked
    case; neither they nor a line below its guideline are refused. Without a usable day of law the present
    one is used, so that misspelt parameters are still reported at once.
    """
    from microsim.policy.policy import Policy

    policy = Policy.load(law.date if law else LAW_KNOWN_UNTIL, own=own, known=law.known if law else None)
    if province is not None:
        policy = province.over(policy, law.known if law else None)
    if law and not policy.values:
        add(("law",), f"no law is included for {law.date}", LAW_BEGINS)
        return {}
    programmes = sorted({rule.programme for rule in policy.rules.values() if rule.programme})
    check_regimes(add, data.get("regime"), policy, programmes)
    changes: dict[str, Any] = {}
    places: dict[str, tuple[Step, ...]] = {}
    _programmes(add, data.get("programmes"), policy, changes, places)
    _changes(add, data.get("changes"), changes, places)
    listed = data.get("unusual")
    meant = [str(name) for name in listed] if isinstance(listed, list) else []
    _check(add, policy, changes, places, None if allow_unusual or invented else meant, lawful=not invented)
    return changes


def _programmes(
    add: Add, value: Any, policy: Policy, changes: dict[str, Any], places: dict[str, tuple[Step, ...]]
) -> None:
    if value is None:
        return
    known = sorted({name.split(".")[0] for name in policy.parameters if "." in name})
    if not isinstance(value, dict):
        add(("programmes",), "'programmes' must be a mapping", "for example programmes: {dibao: off}")
        return
    for programme, form in value.items():
        steps: tuple[Step, ...] = ("programmes", programme)
        if programme not in known:
            add(steps, f"no such programme '{programme}'", _known(str(programme), known))
            continue
        switch = (
            form if isinstance(form, bool) else SWITCH.get(form.lower()) if isinstance(form, str) else None
        )
        if switch is not None:
            if f"{programme}.enabled" not in policy.parameters:
                add(steps, f"'{programme}' cannot be switched off: it only serves the other programmes", "")
                continue
            changes[f"{programme}.enabled"] = switch
            places[f"{programme}.enabled"] = steps
        elif isinstance(form, dict):
            for key, choice in form.items():
                changes[f"{programme}.{key}"] = choice
                places[f"{programme}.{key}"] = (*steps, key)
        else:
            add(
                steps,
                f"'{form}' is neither on, off nor a form of '{programme}'",
                f"for example programmes: {{{programme}: off}}",
            )


def _changes(add: Add, value: Any, changes: dict[str, Any], places: dict[str, tuple[Step, ...]]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        add(
            ("changes",),
            "'changes' must be a mapping of parameter to value",
            "for example dibao.line: {by: {rural: 4800}}",
        )
        return
    for name, change in value.items():
        if name in changes:
            hint = "set it in one place only"
            add(("changes", name), f"'{name}' is already set under programmes:", hint)
        else:
            changes[str(name)] = change
            places[str(name)] = ("changes", name)


def _check(
    add: Add,
    policy: Policy,
    changes: dict[str, Any],
    places: dict[str, tuple[Step, ...]],
    meant: Sequence[str] | None,
    lawful: bool,
) -> None:
    """``meant``: parameters whose unusual values are confirmed; None is all of them.

    ``lawful``: whether a line below its guideline is refused.
    """
    from microsim.policy.reform import apply_changes
    from microsim.policy.unusual import unusual_changes

    changed, wrong = apply_changes(policy.parameters, changes)
    problems = [
        *wrong,
        *(() if meant is None else unusual_changes(changed, policy.parameters, policy.date, meant)),
        *unknown_categories(policy, changes),
        *values_set_twice(policy, changes),
    ]
    if lawful and not problems:
        problems = list(lines_below_guideline(policy.reform(changes, allow_unusual=True), changes))
    for steps, message, hint in dict.fromkeys(problems):
        name, *rest = steps
        place = (*places.get(str(name), ("changes", name)), *rest)
        where = ".".join(str(step) for step in place)
        add(place, f"{where}: {message.removeprefix(f'{name}: ')}", hint)


def _known(name: str, known: list[str]) -> str:
    return did_you_mean(name, known) or f"known: {', '.join(known)}"
