"""Which parameters can take one value after another: single values, and none that a path overrules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from microsim.policy.parameters import SCHEDULES
from microsim.policy.reform import apply_changes, split_name
from microsim.scenario.categories import unknown_categories

if TYPE_CHECKING:
    from microsim.policy.policy import Policy


def why_not_varied(policy: Policy, name: str) -> Iterator[tuple[str, str]]:
    """What keeps ``name`` (``dibao.line.rural``) from varying under ``policy``, each with a way out."""
    found = split_name(policy.parameters, name)
    if found is None:
        _, problems = apply_changes(policy.parameters, {name: 0})
        yield from ((f"{name}: {message}", hint) for _, message, hint in problems)
        return
    parameter, cell = found
    yield from ((f"{name}: {message}", hint) for _, message, hint in unknown_categories(policy, {name: 0}))
    if parameter.kind in SCHEDULES:
        hint = "give each form a scenario file of its own"
        yield f"{name} is a schedule ({parameter.kind}) and has no single values", hint
        return
    date = policy.date
    for path in policy.paths:
        on_it = path.target == parameter.name and within(path.categories, cell)
        if on_it and date is not None and path.begun(date.year):
            message = f"{name} follows a path in the base scenario: a value given here would have no effect"
            yield message, "take the path out of the scenario"


def within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one cell lies in the other, or they are the same."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
