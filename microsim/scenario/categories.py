"""Categories that a scenario's changes name: each must be one of the column (or rule) it is looked up by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.errors import did_you_mean

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule
    from microsim.population.core.columns import Column

Problem = tuple[tuple[Step, ...], str, str]  # steps into the changes, what is wrong, the suggestion


def unknown_categories(policy: Policy, changes: Mapping[str, Any]) -> Iterator[Problem]:
    """Every category in ``changes`` that no household or person can have."""
    for name, change in changes.items():
        levels = _levels(policy, name)
        yield from _wrong_cells(levels, (name,))
        if isinstance(change, Mapping) and "ratio_to" in change:
            yield from _wrong_cells(_levels(policy, str(change["ratio_to"])), (name, "ratio_to"))
        open_levels = [(column, allowed) for column, allowed, cell in levels if cell is None]
        for steps, values in _by_parts(change):
            yield from _wrong_keys(values, open_levels, (name, *steps))


def _levels(policy: Policy, name: str) -> list[tuple[str, tuple[str, ...], str | None]]:
    """For each level a parameter is looked up by: column, its categories, and the one ``name`` ends in."""
    from microsim.policy.reform import split_name

    found = split_name(policy.parameters, name)
    if found is None:
        return []
    parameter, cell = found
    cells = [*cell, *[None] * len(parameter.by)]
    return [
        (column, categories_of(policy, column), cells[level]) for level, column in enumerate(parameter.by)
    ]


def categories_of(policy: Policy, column: str) -> tuple[str, ...]:
    """Categories of a column, or of a rule of the policy; none where it has none."""
    from microsim.population.core.columns import registry

    known: Column | Rule | None = policy.rules.get(column) or registry().get(column)
    return known.categories if known else ()


def _wrong_cells(
    levels: Sequence[tuple[str, tuple[str, ...], str | None]], steps: tuple[Step, ...]
) -> Iterator[Problem]:
    for column, allowed, cell in levels:
        if cell is not None and allowed and cell not in allowed:
            yield steps, *not_a_category(cell, column, allowed)


def _by_parts(change: Any) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """The ``by`` mappings of one change, and the steps to them."""
    if not isinstance(change, Mapping):
        return
    if isinstance(change.get("by"), Mapping):
        yield ("by",), change["by"]
    if isinstance(change.get("on"), Mapping):
        for day, value in change["on"].items():
            for steps, values in _by_parts(value):
                yield ("on", str(day), *steps), values


def _wrong_keys(
    values: Any, levels: Sequence[tuple[str, tuple[str, ...]]], steps: tuple[Step, ...]
) -> Iterator[Problem]:
    if not isinstance(values, Mapping) or not levels or "value" in values:
        return
    column, allowed = levels[0]
    for key, value in values.items():
        if allowed and key != "default" and key not in allowed:
            yield (*steps, str(key)), *not_a_category(str(key), column, allowed)
        yield from _wrong_keys(value, levels[1:], (*steps, str(key)))


def not_a_category(name: str, column: str, allowed: Sequence[str]) -> tuple[str, str]:
    """What is wrong with a category that ``column`` has not, and a way to fix it."""
    return f"'{name}' is not a category of {column}", did_you_mean(
        name, allowed
    ) or f"one of {', '.join(allowed)}"
