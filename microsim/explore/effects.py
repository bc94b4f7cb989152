"""Which knobs do nothing: by the text of the law, by another knob, or because no household is affected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microsim.errors import MicrosimError
from microsim.explore.knobs import CAP, CAP_RULE, Knob, Value
from microsim.scenario.live import live_parameters
from microsim.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario
    from microsim.simulation import Result


@dataclass(frozen=True)
class Idle:
    """Why a knob does nothing: ``reason`` (a key of ``words.IDLE``), and what fills it.

    ``why``: for ``needs`` the other knob; for ``switched`` parameters of the law. ``error``: what was said
    where the knob is ``refused``.
    """

    reason: str
    why: tuple[str, ...] = ()
    error: MicrosimError | None = None


def idle_under(
    policy: Policy, outputs: Sequence[str], knobs: Sequence[Knob], settings: Mapping[str, Value]
) -> dict[str, Idle]:
    """The knobs that do nothing under a setting, as far as the law and the other knobs show."""
    live = live_parameters(policy, outputs)
    now = {knob.name: settings.get(knob.name, knob.value) for knob in knobs}
    out = {}
    for knob in knobs:
        if knob.needs and not now.get(knob.needs, True):
            out[knob.name] = Idle("needs", (knob.needs,))
        elif knob.name == CAP_RULE and now.get(CAP) is None:
            out[knob.name] = Idle("no_cap")
        elif knob.parameters and knob.name != "exit_months":  # which has its switch in itself
            missing = [name for name in knob.parameters if name not in live.read]
            if missing:
                keepers = sorted(set().union(*(live.kept_by.get(name, set()) for name in missing)))
                out[knob.name] = Idle("switched", tuple(keepers)) if keepers else Idle("unread")
    return out


def tried(
    knobs: Sequence[Knob],
    result: Result,
    made: Callable[[Mapping[str, Value]], Scenario],
) -> dict[str, Idle]:
    """The knobs that alter nothing for any household at any of their probes, and those that are refused.

    ``result`` is the law as it is; ``made`` gives the scenario of a setting. Never compiles a kernel: all
    probes have the outputs of ``result``.
    """
    out = {}
    now = {knob.name: knob.value for knob in knobs}
    for knob in knobs:
        with_it = {n: v for n, v in knob.tried_with.items() if n in now and now[n] != v}
        try:
            before = _arrays(made(with_it), result) if with_it else result
        except MicrosimError as error:
            out[knob.name] = Idle("refused", error=error)
            continue
        moved, refused = False, None
        for value in knob.probes:
            try:
                moved = moved or _differ(before, _arrays(made({**with_it, knob.name: value}), result))
            except MicrosimError as error:
                refused = error
        if not moved:
            out[knob.name] = Idle("nobody") if refused is None else Idle("refused", error=refused)
    return out


def _arrays(scenario: Scenario, like: Result) -> Result:
    return simulate(like.population, scenario.policy(), outputs=like.outputs, warn=False)


def _differ(one: Result, other: Result) -> bool:
    return any(
        not np.array_equal(one.arrays[name], other.arrays[name], equal_nan=True) for name in one.outputs
    )
