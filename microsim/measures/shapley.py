"""Shapley values: what each of a few players adds, averaged over all orders in which they can come."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence

Worth = TypeVar("Worth", float, NDArray[np.float64])
_MOST = 16  # 65,536 coalitions


def shapley(players: Iterable[str], value: Callable[[frozenset[str]], Worth]) -> dict[str, Worth]:
    """Exact Shapley value of each player: its mean marginal addition over all orders of the players.

    phi_i = sum over coalitions S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)). The values add up
    to v(all) - v(nobody) exactly, up to rounding. Source: Shapley (1953); Shorrocks (2013) for its use in
    decompositions.

    ``value`` is asked once for each of the 2^n coalitions and answers in the unit of the result, with a
    number or with an array of one shape, of which each element is decomposed by itself.
    Raises ``MicrosimError`` for a player named twice and for more than 16 players.

    >>> shapley("ab", lambda team: 10.0 if len(team) == 2 else 4.0 * ("a" in team))
    {'a': 7.0, 'b': 3.0}
    """
    names = tuple(players)
    found = []
    if len(set(names)) < len(names):
        found.append(Offence(f"names a player twice: {', '.join(map(str, names))}", "players"))
    if len(names) > _MOST:
        found.append(
            Offence(f"{len(names)} players have 2^{len(names)} coalitions", "players", f"at most {_MOST}")
        )
    if found:
        raise DataError(found, title="shapley cannot be computed")
    count = len(names)
    coalitions = range(1 << count)
    worth = [value(frozenset(name for k, name in enumerate(names) if team >> k & 1)) for team in coalitions]
    whole = math.factorial(count)
    often = [
        math.factorial(size) * math.factorial(count - size - 1) / whole for size in range(count)
    ]  # share of the orders in which exactly these come before
    return {
        name: functools.reduce(
            operator.add,
            (
                often[team.bit_count()] * (worth[team | 1 << k] - worth[team])
                for team in coalitions
                if not team >> k & 1
            ),
        )
        for k, name in enumerate(names)
    }
