"""Changes as a whole: one value set twice, and what is said to be meant though unusual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from microsim.documents import Step

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

Problem = tuple[tuple[Step, ...], str, str]  # steps into the changes, what is wrong, the suggestion


def values_set_twice(policy: Policy, changes: Mapping[str, Any]) -> Iterator[Problem]:
    """Changes that set one value twice (``dibao.line``, ``dibao.line.rural``): their order would decide."""
    from microsim.policy.reform import given_cells, split_name

    earlier: list[tuple[str, str, list[tuple[str, ...]]]] = []
    for name, change in changes.items():
        found = split_name(policy.parameters, str(name))
        if found is None:
            continue
        cells = given_cells(found[1], change)
        for other, parameter, others in earlier:
            if parameter == found[0].name and any(_same(a, b) for a in cells for b in others):
                message = f"'{other}' and '{name}' set the same value"
                yield (str(name),), message, "use one of them only"
        earlier.append((str(name), found[0].name, cells))


def marked(changes: Mapping[str, Any]) -> Iterator[str]:
    """Parameters some part of which is said to be meant, ``dibao.line`` for ``dibao.line.rural`` too."""
    from microsim.policy.change_units import meant_parts

    for name, change in changes.items():
        if next(meant_parts(change, ()), None) is not None:
            steps = str(name).split(".")
            yield from (".".join(steps[:end]) for end in range(2, len(steps) + 1))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one cell lies in the other; ``default`` represents what is not named, so it is a cell apart."""
    return all(mine == its for mine, its in zip(one, other, strict=False))
