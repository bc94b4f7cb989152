"""Names that a generated module has of its own: a rule or column of such a name has another in the text."""

from __future__ import annotations

from types import ModuleType

from microsim.engine.support import comparisons, notch_walk, schedules


def names_of(module: ModuleType) -> frozenset[str]:
    """Names that a spliced module takes in the generated one."""
    return frozenset(name for name in vars(module) if not name.startswith("__"))


# fmt: off
_OWN = frozenset([
    "P", "V", "hh", "member", "first", "last", "first_hh", "last_hh", "block", "block_from", "block_to",
    "start", "offsets", "weight", "group", "sums", "grid", "point", "scenario", "scenarios", "walked",
    "walked_member", "rows", "row", "n_households", "most_members", "math", "njit", "KERNEL_OPTIONS",
    "OPTIONS", "CACHE", "evaluate", "totals", "walk", "w", "g", "int", "float", "bool", "min", "max", "abs",
    "round", "range", "len",
])
_OWN_OF_NOTCHES = frozenset([
    "notches", "near", "pace", "earned", "present", "low", "high", "smallest", "kinks", "levels", "flags",
    "owners", "places", "jumps", "cases", "values", "slopes", "base", "rates", "state", "known", "found",
    "opening",
])
# fmt: on

RESERVED = _OWN | names_of(schedules)
RESERVED_FOR_NOTCHES = RESERVED | _OWN_OF_NOTCHES | names_of(comparisons) | names_of(notch_walk)


def free_name(name: str, taken: set[str], reserved: frozenset[str] = RESERVED) -> str:
    """``name`` with as many underscores behind it as make it nobody's."""
    while name in taken or name in reserved:
        name += "_"
    return name
