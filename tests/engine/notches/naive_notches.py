"""Jumps along one member's income found the slow way: the interpreter, evaluated again and again.

Nothing is shared with the search that walks from flip to flip. An interval is halved until the outputs lie
on a straight line over it, or until it is so narrow that what is left is a jump.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from microsim.engine.reference.interpreter import Interpreter, household_from
from microsim.policy.policy import Policy

NARROW = 2e-5  # yuan: an interval that is not halved further
STRAIGHT = 1e-6  # yuan: how far outputs may lie off the line between an interval's ends


def along(
    policy: Policy, data: Any, index: int, member: int, vary: str, outputs: Sequence[str]
) -> Callable[[float], np.ndarray]:
    """Outputs of household ``index`` as a function of ``vary`` of its ``member`` (counted from 0 in it)."""
    household, persons = household_from(data, index)
    known: dict[float, np.ndarray] = {}

    def values(amount: float) -> np.ndarray:
        if amount not in known:
            others = [{**p, vary: amount} if k == member else p for k, p in enumerate(persons)]
            alone = Interpreter(policy, household, others)
            known[amount] = np.array([float(alone.household_value(name)) for name in outputs])
        return known[amount]

    return values


def jumps(
    values: Callable[[float], np.ndarray], low: float, high: float, step: float, least: float
) -> Iterator[tuple[float, np.ndarray]]:
    """Places between ``low`` and ``high`` where an output jumps by ``least`` or more, and all its jumps.

    Begins with intervals of ``step``; within the last width places are not told apart.
    """
    edges = np.arange(low, high + step / 2, step)
    for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield from _between(values, a, b, least)


def _between(
    values: Callable[[float], np.ndarray], a: float, b: float, least: float
) -> Iterator[tuple[float, np.ndarray]]:
    first, last = values(a), values(b)
    if b - a <= NARROW:
        # From just outside: what holds at one point only, which may be one of the ends, is no jump.
        # Below an income of 0 nobody is walked.
        jump = values(b + NARROW / 7) - values(a - NARROW / 7 if a else a)
        if (np.abs(jump) >= least).any():
            yield 0.5 * (a + b), jump
        return
    parts = (0.2113, 0.5, 0.7887)
    between = np.array([values(a + part * (b - a)) for part in parts])
    everywhere = np.vstack([first, between, last])
    if np.ptp(everywhere, axis=0).max() < least / 3:
        return  # curved at most
    line = np.array([first + part * (last - first) for part in parts])
    if np.abs(between - line).max() <= STRAIGHT + 1e-12 * np.abs(everywhere).max():
        return
    middle = a + 0.5 * (b - a)
    yield from _between(values, a, middle, least)
    yield from _between(values, middle, b, least)
