"""What every generated module may hold besides the rules: names of its own, and functions for schedules."""

from __future__ import annotations

# Names the generated function uses for itself; a rule or column of the same name gets a trailing underscore.
RESERVED = frozenset(
    [
        "P",
        "V",
        "hh",
        "member",
        "first",
        "last",
        "first_hh",
        "last_hh",
        "block",
        "block_from",
        "block_to",
        "start",
        "offsets",
        "weight",
        "group",
        "sums",
        "grid",
        "point",
        "scenario",
        "scenarios",
        "walked",
        "walked_member",
        "rows",
        "row",
        "n_households",
        "most_members",
        "np",
        "math",
        "njit",
        "KernelPipeline",
        "OPTIONS",
        "CACHE",
        "evaluate",
        "totals",
        "walk",
        "w",
        "g",
        "int",
        "float",
        "bool",
        "min",
        "max",
        "abs",
        "round",
        "range",
        "len",
        "schedule_step",
        "schedule_linear",
        "schedule_brackets",
    ]
)

# Further names of the function that looks for notches.
RESERVED_FOR_NOTCHES = RESERVED | frozenset(
    [
        "notches",
        "near",
        "pace",
        "earned",
        "present",
        "low",
        "high",
        "smallest",
        "kinks",
        "levels",
        "flags",
        "owners",
        "places",
        "jumps",
        "cases",
        "values",
        "slopes",
        "base",
        "rates",
        "state",
        "known",
        "found",
        "opening",
        "NOTHING",
        "ahead",
        "below",
        "at_most",
        "level",
        "lower",
        "curved",
        "whole",
        "step_ahead",
        "linear_ahead",
        "brackets_ahead",
        "advance",
    ]
)

SCHEDULES_TEXT = '''
@njit(**OPTIONS)
def schedule_step(P, at, x):
    """Value of the last threshold that x has reached (below the first one: the first value)."""
    n = int(P[at])
    value = P[at + 1 + n]
    for k in range(1, n):
        if x >= P[at + 1 + k]:
            value = P[at + 1 + n + k]
    return value


@njit(**OPTIONS)
def schedule_linear(P, at, x):
    """Straight lines between the points, flat outside them."""
    n = int(P[at])
    if x <= P[at + 1]:
        return P[at + 1 + n]
    for k in range(1, n):
        if x <= P[at + 1 + k]:
            low, high = P[at + k], P[at + 1 + k]
            return P[at + n + k] + (P[at + 1 + n + k] - P[at + n + k]) * ((x - low) / (high - low))
    return P[at + 2 * n]


@njit(**OPTIONS)
def schedule_brackets(P, at, x):
    """Sum of each bracket's rate times the part of x inside it; the last bracket is open."""
    n = int(P[at])
    amount = 0.0 if x == x else x
    for k in range(n):
        low = P[at + 1 + k]
        if x > low:
            high = x if k == n - 1 else min(x, P[at + 2 + k])
            amount += P[at + 1 + n + k] * (high - low)
    return amount
'''


def free_name(name: str, taken: set[str], reserved: frozenset[str] = RESERVED) -> str:
    """``name`` with as many underscores behind it as make it nobody's."""
    while name in taken or name in reserved:
        name += "_"
    return name
