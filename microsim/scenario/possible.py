"""Changes that pass one by one and mean nothing: numbers no law can have, and one value set twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.errors import brief

if TYPE_CHECKING:
    from microsim.engine.policy import Policy

Problem = tuple[tuple[Step, ...], str, str]  # steps into the changes, what is wrong, the way out

# Poverty and eligibility are measured as shares of these.
_MEASURES = {"dibao.line": "to do without dibao, write programmes: {dibao: off}"}


def impossible_values(policy: Policy, changes: Mapping[str, Any]) -> Iterator[Problem]:
    """Every number in ``changes`` below zero, or zero where it must be more, or on a path and not finite.

    No amount, share, age or count of the law is ever negative.
    """
    from microsim.engine.parameters import is_number
    from microsim.engine.reform import split_name

    for name, change in changes.items():
        found = split_name(policy.parameters, str(name))
        if found is None or found[0].kind != "number":
            continue
        on_a_path = isinstance(change, Mapping) and "path" in change
        positive = not on_a_path and found[0].name in _MEASURES
        for steps, number in _numbers(change, (str(name),)):
            if not is_number(number):
                if on_a_path:  # elsewhere the parameter itself says so
                    yield steps, f"expected a number, found {brief(number)}", ""
            elif number < 0:
                yield steps, f"{number:g} is negative, and no number of the law is", ""
            elif positive and number == 0:
                yield steps, f"{found[0].name} must be more than 0", _MEASURES[found[0].name]


def _numbers(change: Any, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], float]]:
    """The numbers of one change, and the steps to each."""
    if isinstance(change, Mapping):
        for key, value in change.items():
            step = key if isinstance(key, int) else str(key)
            yield from _numbers(value, (*steps, step))
    elif isinstance(change, int | float) and not isinstance(change, bool):
        yield steps, change


def values_set_twice(policy: Policy, changes: Mapping[str, Any]) -> Iterator[Problem]:
    """Changes that set one value twice (``dibao.line``, ``dibao.line.rural``): their order would decide."""
    from microsim.engine.reform import given_cells, split_name

    earlier: list[tuple[str, str, list[tuple[str, ...]]]] = []
    for name, change in changes.items():
        found = split_name(policy.parameters, str(name))
        if found is None:
            continue
        cells = given_cells(found[1], change)
        for other, parameter, others in earlier:
            if parameter == found[0].name and any(_same(a, b) for a in cells for b in others):
                message = f"'{other}' and '{name}' set the same value"
                yield (str(name),), message, "say it in one of them only"
        earlier.append((str(name), found[0].name, cells))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one cell lies in the other; ``default`` stands for what is not named, so it is a cell apart."""
    return all(mine == its for mine, its in zip(one, other, strict=False))
