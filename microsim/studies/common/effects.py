"""Which changes of a scenario altered a figure: each is left out once, and the law applied again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.scenario.idle import Idle, begins, idle_parts, moves

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.simulation import Result


def idle_changes(scenario: Scenario, result: Result, outputs: Sequence[str]) -> list[Idle]:
    """Parts of the scenario that altered none of ``outputs`` for any household, and why.

    What the law does not show (``scenario.idle``) is tried: the policy without the change gives every
    household and person the same bits. Never recompiles a kernel.
    """
    from microsim.simulation import simulate

    found = idle_parts(scenario, outputs)
    reported = {one.name for one in found}
    for name in map(str, scenario.changes):
        if name in reported:
            continue
        policy = scenario.policy(without=name)
        until = policy.date and scenario.counted_until(policy.date)
        if until is not None and begins(scenario.changes[name]) > until:
            found.append(Idle(name, "later", str(until)))
            continue
        if moves(scenario, name):
            continue  # what it does to the rest of the year, one day does not show
        other = simulate(result.population, policy, outputs=outputs, warn=False)
        if all(np.array_equal(other.arrays[o], result.arrays[o], equal_nan=True) for o in outputs):
            found.append(Idle(name, "nobody"))
    order = [*map(str, scenario.changes)]
    return sorted(found, key=lambda one: order.index(one.name) if one.name in order else -1)
